//! The crate as a service sees it: a site with its own templates, through HTTP.

#![expect(clippy::unwrap_used, reason = "a test that meets a surprise stops")]

mod sito;

use ::web::SiteKind;
use actix_web::cookie::Cookie;
use actix_web::http::StatusCode;
use actix_web::http::header::{ACCEPT, CACHE_CONTROL, ETAG, HeaderMap, IF_NONE_MATCH, LOCATION};
use actix_web::middleware::Compress;
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use actix_web::{App, web as aw};

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    cookies: Vec<Cookie<'static>>,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    fn cookie(&self, name: &str) -> Option<&Cookie<'static>> {
        self.cookies.iter().find(|cookie| cookie.name() == name)
    }
}

/// All that a site knows of a browser is in the cookies, so each request may have its own app.
async fn send(kind: SiteKind, req: TestRequest) -> Answer {
    let app = App::new()
        .wrap(Compress::default())
        .app_data(aw::Data::new(::web::sse::Hub::new()))
        .service(::web::site(&aw::Data::new(sito::shell(kind)), sito::routes));
    let app = init_service(app).await;
    let res = call_service(&app, req.to_request()).await;
    let cookies = res.response().cookies().map(Cookie::into_owned).collect();
    let (status, headers) = (res.status(), res.headers().clone());
    let body = String::from_utf8_lossy(&read_body(res).await).into_owned();
    Answer {
        status,
        headers,
        cookies,
        body,
    }
}

fn get(uri: &str) -> TestRequest {
    TestRequest::get()
        .uri(uri)
        .insert_header((ACCEPT, "text/html"))
}

/// The session cookie and the token of a freshly opened form.
async fn open_form() -> (Cookie<'static>, String) {
    let page = send(SiteKind::Psp, get("/modulo")).await;
    let token = page.body.split("name=\"csrf\" value=\"").nth(1).unwrap();
    let token = token.split('"').next().unwrap().to_owned();
    (page.cookie("govpay_psp_sessione").unwrap().clone(), token)
}

fn post(avviso: &str, token: &str) -> TestRequest {
    TestRequest::post()
        .uri("/modulo")
        .insert_header((ACCEPT, "text/html"))
        .set_form([("csrf", token), ("avviso", avviso)])
}

#[actix_web::test]
async fn a_page_of_another_folder_gets_the_shell_with_its_values_escaped() {
    let page = send(SiteKind::Psp, get("/modulo")).await;
    assert_eq!(page.status, StatusCode::OK);
    for expected in [
        "<html lang=\"it\">",
        "<title>Simula il pagamento — PSP Simulato</title>",
        "class=\"sito sito-psp\"",
        "href=\"#contenuto\">Vai al contenuto principale",
        "Ambiente di simulazione",
        "Nessun &#60;b&#62;addebito&#60;/b&#62; reale",
        "1.234,56\u{a0}€",
        "3010<wbr>0000<wbr>0000<wbr>0042<wbr>85",
        "<span class=\"badge bg-primary in-moto\">In caricamento</span>",
        "<time datetime=\"2026-08-05\">05/08/2026</time>",
        "<li class=\"active\" aria-current=\"step\">Pagamento",
        "value=\"ESEGUITO\" checked",
        "<option value=\"conto\" selected>",
        "http://127.0.0.1:8085/cerca?q=01000000000004285",
    ] {
        assert!(
            page.body.contains(expected),
            "{expected} is not in\n{}",
            page.body
        );
    }
    assert_eq!(page.body.matches("<h1").count(), 1);
    assert_eq!(page.header("cache-control"), "no-store");
}

#[actix_web::test]
async fn every_answer_carries_the_security_headers() {
    for uri in ["/modulo", "/non-esiste", "/rotto", "/api/v1/conflitto"] {
        let answer = send(SiteKind::Portale, get(uri)).await;
        let csp = answer.header("content-security-policy");
        assert!(csp.contains("default-src 'none'"), "{uri}: {csp}");
        assert!(
            csp.contains("form-action 'self' http://127.0.0.1:8083;"),
            "{uri}: {csp}"
        );
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{uri}");
    }
}

#[actix_web::test]
async fn no_page_has_inline_script_or_style() {
    for uri in ["/modulo", "/tracciati", "/non-esiste"] {
        let body = send(SiteKind::Loader, get(uri)).await.body;
        assert!(
            !body.contains(" style=") && !body.contains("<style"),
            "{uri}"
        );
        assert_eq!(body.matches("<script").count(), 1, "{uri}");
    }
}

#[actix_web::test]
async fn english_is_a_choice_that_is_remembered() {
    let page = send(SiteKind::Psp, get("/modulo?lang=en")).await;
    assert!(page.body.contains("<html lang=\"en\">") && page.body.contains("Notice number"));
    let lang = page.cookie("lang").unwrap().clone();
    let page = send(SiteKind::Psp, get("/modulo").cookie(lang)).await;
    assert!(page.body.contains("Simulate the payment"));
    let page = send(
        SiteKind::Psp,
        get("/modulo").insert_header(("accept-language", "en")),
    )
    .await;
    assert!(
        page.body.contains("Simula il pagamento"),
        "Italian is the default"
    );
}

#[actix_web::test]
async fn a_form_with_an_error_keeps_what_was_typed_and_says_what_is_wrong() {
    let (session, token) = open_form().await;
    let page = send(SiteKind::Psp, post("30100 <17", &token).cookie(session)).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    for expected in [
        "<title>Errore: Simula il pagamento",
        "C&#39;è un errore nel modulo",
        "<a href=\"#avviso\">Inserisci 18 cifre: ne hai scritte 7.</a>",
        "value=\"30100 &#60;17\"",
        "aria-invalid=\"true\" aria-describedby=\"avviso-aiuto avviso-errore\"",
    ] {
        let body = page.body.replace("&#x27;", "&#39;");
        assert!(body.contains(expected), "{expected} is not in\n{body}");
    }
}

#[actix_web::test]
async fn a_form_without_the_token_of_its_session_changes_nothing() {
    let (session, token) = open_form().await;
    let avviso = "301000000000004285";
    for (what, req) in [
        ("no token", post(avviso, "").cookie(session.clone())),
        ("no session", post(avviso, &token)),
        (
            "another session",
            post(avviso, &token).cookie(Cookie::new("govpay_psp_sessione", "b".repeat(64))),
        ),
        (
            "another site",
            post(avviso, &token)
                .cookie(session.clone())
                .insert_header(("sec-fetch-site", "same-site")),
        ),
    ] {
        let answer = send(SiteKind::Psp, req).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{what}");
        assert!(answer.body.contains("Il modulo è scaduto"), "{what}");
    }
    let good = post(avviso, &token)
        .cookie(session)
        .insert_header(("sec-fetch-site", "same-origin"));
    assert_eq!(
        send(SiteKind::Psp, good).await.status,
        StatusCode::SEE_OTHER
    );
}

#[actix_web::test]
async fn the_message_after_a_form_is_shown_once() {
    let (session, token) = open_form().await;
    let answer = send(
        SiteKind::Psp,
        post("301000000000004285", &token).cookie(session),
    )
    .await;
    assert_eq!(answer.headers.get(LOCATION).unwrap(), "/tracciati");
    let message = answer.cookie("govpay_psp_avviso").unwrap().clone();
    let page = send(SiteKind::Psp, get("/tracciati").cookie(message)).await;
    assert!(
        page.body.contains("Hai caricato multe.csv."),
        "{}",
        page.body
    );
    assert!(
        page.cookie("govpay_psp_avviso")
            .unwrap()
            .max_age()
            .unwrap()
            .is_zero()
    );
}

#[actix_web::test]
async fn errors_are_pages_with_words_and_one_next_action() {
    for (uri, status, title) in [
        (
            "/non-esiste",
            StatusCode::NOT_FOUND,
            "Questa pagina non esiste",
        ),
        (
            "/rotto",
            StatusCode::INTERNAL_SERVER_ERROR,
            "Qualcosa non ha funzionato",
        ),
        (
            "/tracciati/abc",
            StatusCode::NOT_FOUND,
            "Questa pagina non esiste",
        ),
    ] {
        let page = send(SiteKind::Psp, get(uri)).await;
        assert_eq!(page.status, status, "{uri}");
        assert!(
            page.body.contains(&format!("<h1>{title}</h1>")),
            "{uri}: {}",
            page.body
        );
        assert!(page.body.contains("Torna alla pagina iniziale"), "{uri}");
        assert!(!page.body.contains("the reason is for the log"), "{uri}");
    }
}

#[actix_web::test]
async fn programs_get_their_own_errors_and_never_a_page() {
    let api = send(SiteKind::Psp, get("/api/v1/conflitto")).await;
    assert_eq!(
        (api.status, api.body.as_str()),
        (StatusCode::CONFLICT, "{}")
    );
    let api = send(SiteKind::Psp, TestRequest::get().uri("/non-esiste")).await;
    assert_eq!(api.status, StatusCode::NOT_FOUND);
    assert_eq!(api.header("content-type"), "application/problem+json");
    assert!(api.cookies.is_empty());
}

#[actix_web::test]
async fn assets_are_cached_for_ever_and_known_by_their_sum() {
    let uri = ::web::assets::url("govpay.css");
    let css = send(SiteKind::Psp, TestRequest::get().uri(&uri)).await;
    assert_eq!(
        css.headers.get(CACHE_CONTROL).unwrap(),
        "public, max-age=31536000, immutable"
    );
    assert!(css.body.contains(".sito-psp") && css.cookies.is_empty());
    let etag = css.headers.get(ETAG).unwrap().clone();
    let again = TestRequest::get()
        .uri(&uri)
        .insert_header((IF_NONE_MATCH, etag));
    assert_eq!(
        send(SiteKind::Psp, again).await.status,
        StatusCode::NOT_MODIFIED
    );
    let old = send(
        SiteKind::Psp,
        TestRequest::get().uri("/assets/000000000000/govpay.css"),
    )
    .await;
    assert_eq!(old.headers.get(CACHE_CONTROL).unwrap(), "no-cache");
    let outside = send(
        SiteKind::Psp,
        TestRequest::get().uri("/assets/x/../../Cargo.toml"),
    )
    .await;
    assert_eq!(outside.status, StatusCode::NOT_FOUND);
    let zipped = TestRequest::get()
        .uri(&uri)
        .insert_header(("accept-encoding", "gzip"));
    assert_eq!(
        send(SiteKind::Psp, zipped).await.header("content-encoding"),
        "gzip"
    );
}

#[actix_web::test]
async fn events_are_not_held_back_by_caches_or_compression() {
    let req = TestRequest::get()
        .uri("/eventi-finiti")
        .insert_header(("accept-encoding", "gzip"));
    let stream = send(SiteKind::Psp, req).await;
    assert_eq!(stream.header("content-type"), "text/event-stream");
    assert_eq!(stream.header("cache-control"), "no-store");
    assert_eq!(stream.header("x-accel-buffering"), "no");
    assert_ne!(stream.header("content-encoding"), "gzip");
    assert!(
        stream.body.starts_with("retry: 3000\n\n"),
        "{}",
        stream.body
    );
}

#[actix_web::test]
async fn the_menu_says_where_one_is_and_who() {
    let page = send(SiteKind::Loader, get("/tracciati")).await;
    assert!(
        page.body
            .contains("<a href=\"/tracciati\" aria-current=\"page\">Tracciati</a>")
    );
    assert!(page.body.contains("Laura Bianchi") && page.body.contains("action=\"/esci\""));
    let page = send(SiteKind::Wisp, get("/modulo")).await;
    assert!(!page.body.contains("class=\"menu\"") && !page.body.contains("action=\"/esci\""));
}

#[actix_web::test]
async fn the_addresses_that_the_platform_adds_later_are_left_to_it() {
    let app = App::new()
        .service(::web::site(
            &aw::Data::new(sito::shell(SiteKind::Psp)),
            sito::routes,
        ))
        .route("/docs/{_:.*}", aw::get().to(|| async { "docs" }))
        .route("/openapi.json", aw::get().to(|| async { "openapi" }));
    let app = init_service(app).await;
    for (uri, expected) in [("/docs/", "docs"), ("/openapi.json", "openapi")] {
        let res = call_service(&app, get(uri).to_request()).await;
        assert_eq!(read_body(res).await, expected);
    }
    let res = call_service(&app, get("/documenti").to_request()).await;
    assert_eq!(res.status(), StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn the_links_at_the_bottom_lead_somewhere_in_both_languages() {
    for (uri, it, en) in [
        (
            "/accessibilita",
            "WCAG 2.2 a livello AA",
            "WCAG 2.2 at level AA",
        ),
        ("/privacy", "nessun pagamento è reale", "no payment is real"),
        ("/stato", "Versione", "Version"),
    ] {
        for (query, text) in [("?a=1", it), ("?a=1&lang=en", en)] {
            let page = send(SiteKind::Wisp, get(&format!("{uri}{query}"))).await;
            assert_eq!(page.status, StatusCode::OK, "{uri}");
            assert!(page.body.contains(text), "{uri}: {}", page.body);
            let body = page.body.replace("&#38;", "&");
            assert!(body.contains("href=\"?a=1&lang=en\""), "{body}");
        }
    }
}

#[test]
fn the_texts_and_templates_of_the_site_are_whole() {
    ::web::testing::check_catalog(&sito::CATALOG);
    let dir = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it");
    ::web::testing::check_templates(dir);
    ::web::testing::check_texts(dir, &sito::CATALOG);
}

/// The trimmed style sheet and the sprite serve all sites: look at every template there is.
#[test]
fn every_template_of_the_workspace_finds_its_classes_and_icons() {
    let services = concat!(env!("CARGO_MANIFEST_DIR"), "/../../services");
    for service in std::fs::read_dir(services).unwrap() {
        let dir = service.unwrap().path();
        let has_templates = std::fs::read_dir(dir.join("templates"))
            .is_ok_and(|mut entries| entries.next().is_some());
        if has_templates {
            ::web::testing::check_templates(dir.to_str().unwrap());
        }
    }
}
