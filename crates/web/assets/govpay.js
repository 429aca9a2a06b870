// The one script of the sites. Every page works without it; it adds: news as they come (SSE),
// copy buttons, dialogs, upload progress, forms that send themselves, one send per click.
(() => {
  "use strict";
  const doc = document;

  // --- Pages that change by themselves: <div id="x" data-sse="/…/eventi">…</div>.
  // On "stato" the page is asked for again and the element with the same id takes its new content;
  // on "fine" with a location the browser goes there.
  const streams = new Map();

  async function refresh(el) {
    const answer = await fetch(el.dataset.ssePagina || location.href, { headers: { Accept: "text/html" } });
    if (answer.redirected && new URL(answer.url).pathname !== location.pathname) {
      location.assign(answer.url);
      return;
    }
    if (!answer.ok) throw new Error(String(answer.status));
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(el.id);
    if (!fresh) { location.reload(); return; }
    const focused = el.contains(doc.activeElement) ? doc.activeElement.id : "";
    if (el.innerHTML !== fresh.innerHTML) el.replaceChildren(...fresh.childNodes);
    if (!fresh.dataset.sse) { close(el); delete el.dataset.sse; }
    if (focused) doc.getElementById(focused)?.focus();
    show(el);
  }

  function listen(el) {
    if (streams.has(el) || doc.hidden) return;
    const state = { source: null, timer: 0, failures: 0, busy: false, again: false };
    streams.set(el, state);
    const update = async () => {
      if (state.busy) { state.again = true; return; }
      state.busy = true;
      try { await refresh(el); state.failures = 0; } catch { /* the next event or poll tries again */ }
      setTimeout(() => {
        state.busy = false;
        if (state.again) { state.again = false; update(); }
      }, 700);
    };
    const poll = (step) => {
      const seconds = [2, 4, 8, 15][Math.min(step, 3)] * (0.8 + Math.random() * 0.4);
      state.timer = setTimeout(async () => { await update(); if (streams.get(el) === state) poll(step + 1); }, seconds * 1000);
    };
    const open = () => {
      const source = state.source = new EventSource(el.dataset.sse);
      source.addEventListener("open", () => { state.failures = 0; });
      source.addEventListener("stato", update);
      source.addEventListener("fine", (event) => {
        source.close();
        let to = "";
        try { to = JSON.parse(event.data).location || ""; } catch { /* no address: come back later */ }
        const away = to.startsWith("/") && !to.startsWith("//") && to !== location.pathname + location.search;
        if (away) location.assign(to);
        else state.timer = setTimeout(open, 3000);
      });
      source.addEventListener("error", () => {
        if (++state.failures >= 2) { source.close(); poll(0); }
        else if (source.readyState === EventSource.CLOSED) state.timer = setTimeout(open, 3000);
      });
    };
    open();
  }

  function close(el) {
    const state = streams.get(el);
    if (!state) return;
    state.source?.close();
    clearTimeout(state.timer);
    streams.delete(el);
  }

  doc.addEventListener("visibilitychange", () => {
    if (doc.hidden) [...streams.keys()].forEach(close);
    else doc.querySelectorAll("[data-sse]").forEach((el) => { refresh(el).catch(() => {}); listen(el); });
  });
  addEventListener("pagehide", () => [...streams.keys()].forEach(close));

  // --- Clicks: copy, open and close dialogs.
  doc.addEventListener("click", async (event) => {
    const copy = event.target.closest("[data-copia]");
    if (copy) {
      const text = copy.querySelector(".visually-hidden");
      const before = text?.textContent;
      try { await navigator.clipboard.writeText(copy.dataset.copia); } catch { return; }
      announce(copy.dataset.copiato || "");
      if (text) { text.textContent = copy.dataset.copiato; setTimeout(() => { text.textContent = before; }, 2000); }
      return;
    }
    const opener = event.target.closest("[data-dialog]");
    const dialog = opener && doc.getElementById(opener.dataset.dialog);
    if (dialog?.showModal) { event.preventDefault(); dialog.showModal(); return; }
    const closer = event.target.closest("[data-chiudi]");
    if (closer) { event.preventDefault(); closer.closest("dialog")?.close(); }
    doc.querySelectorAll("details.menu-gruppo[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });
  doc.addEventListener("keydown", (event) => {
    if (event.key === "Escape") doc.querySelectorAll("details.menu-gruppo[open]").forEach((menu) => { menu.open = false; menu.querySelector("summary").focus(); });
    if (event.key === "/" && !/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) {
      const search = doc.querySelector("[data-cerca]");
      if (search) { event.preventDefault(); search.focus(); }
    }
  });

  // --- Forms. A second click while the first send is under way does nothing; coming back with the
  // browser's button frees the form.
  doc.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method === "dialog" || form.method === "get") return;
    if (form.dataset.inviato) { event.preventDefault(); return; }
    form.dataset.inviato = "1";
    if (form.matches("[data-upload]")) { event.preventDefault(); upload(form, event.submitter); }
  });
  addEventListener("pageshow", () => doc.querySelectorAll("form[data-inviato]").forEach((form) => { delete form.dataset.inviato; }));

  // <form data-upload> with, inside, <progress hidden> and <p role="status" data-avanzamento>.
  function upload(form, submitter) {
    const bar = form.querySelector("progress");
    const status = form.querySelector("[data-avanzamento]");
    const data = new FormData(form);
    if (submitter?.name) data.append(submitter.name, submitter.value);
    const request = new XMLHttpRequest();
    const start = performance.now();
    let told = -1;
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable || !bar) return;
      bar.hidden = false; bar.max = event.total; bar.value = event.loaded;
      const quarter = Math.floor((event.loaded / event.total) * 4);
      if (status && quarter > told) {
        told = quarter;
        const mb = (n) => (n / 1e6).toLocaleString(doc.documentElement.lang, { maximumFractionDigits: 1 });
        const left = Math.ceil(((performance.now() - start) / 1000) * (event.total / Math.max(event.loaded, 1) - 1));
        status.textContent = `${mb(event.loaded)} / ${mb(event.total)} MB` + (quarter < 4 ? ` · ${left} s` : "");
      }
    });
    request.addEventListener("load", () => swap(request));
    request.addEventListener("error", () => { delete form.dataset.inviato; form.submit(); });
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "text/html");
    request.send(data);
  }

  // Shows the page that an upload ended on, as the browser would have.
  function swap(request) {
    const fresh = new DOMParser().parseFromString(request.responseText, "text/html");
    if (!fresh.querySelector("main")) { location.assign(request.responseURL); return; }
    [...streams.keys()].forEach(close);
    doc.title = fresh.title;
    doc.body.replaceWith(fresh.body);
    if (request.status < 400) history.pushState(null, "", request.responseURL);
    scrollTo(0, 0);
    show(doc);
    (doc.querySelector("[autofocus]") || doc.querySelector("main"))?.focus();
  }
  addEventListener("popstate", () => location.reload());

  // --- For those who do not see the change.
  function announce(text) {
    let box = doc.getElementById("annunci");
    if (!box) {
      box = doc.createElement("div");
      box.id = "annunci"; box.className = "visually-hidden"; box.setAttribute("role", "status");
      doc.body.append(box);
    }
    box.textContent = text;
  }

  function show(root) {
    if (navigator.clipboard) root.querySelectorAll(".copia[hidden]").forEach((button) => { button.hidden = false; });
    root.querySelectorAll("[data-solo-script]").forEach((el) => { el.hidden = false; });
    (root === doc ? doc : root.parentNode || doc).querySelectorAll("[data-sse]").forEach(listen);
  }

  show(doc);
  doc.querySelector(".riepilogo-errori")?.focus();
  // Hand-over pages: a form of one button that sends itself, unless one came back to it.
  const arrival = performance.getEntriesByType("navigation")[0]?.type;
  if (arrival !== "back_forward") doc.querySelector("form[data-autosubmit]")?.requestSubmit();
})();
