//! The larger components: header, footer and form fields, each with its template in
//! `templates/web/`.

use askama::Template;
use askama::filters::HtmlSafe;

use super::Page;
use crate::form::Form;
use crate::html::{Html, IntoHtml as _, escape};
use crate::session::FlashKind;
use crate::site::NavItem;

/// From the skip link to the menu.
#[derive(Template)]
#[template(path = "web/header.html")]
pub struct Header<'a> {
    page: &'a Page,
}

/// The links at the bottom and the test bar.
#[derive(Template)]
#[template(path = "web/footer.html")]
pub struct Footer<'a> {
    page: &'a Page,
    trace_id: Option<String>,
}

/// A text-like input with label, help and error.
#[derive(Template)]
#[template(path = "web/field.html")]
pub struct Field<'a> {
    name: &'a str,
    label: String,
    value: &'a str,
    error: Option<&'a str>,
    error_word: String,
    help: Option<String>,
    kind: &'static str,
    required: bool,
    autocomplete: &'static str,
    numeric: bool,
    maxlength: Option<u32>,
    accept: Option<&'static str>,
    rows: Option<u32>,
}

/// A drop-down list.
#[derive(Template)]
#[template(path = "web/select.html")]
pub struct Select<'a> {
    name: &'a str,
    label: String,
    value: &'a str,
    error: Option<&'a str>,
    options: &'a [(String, String)],
}

/// A radio button or a check box.
#[derive(Template)]
#[template(path = "web/choice.html")]
pub struct Choice<'a> {
    kind: &'static str,
    name: &'a str,
    value: &'a str,
    label: String,
    help: String,
    checked: bool,
}

/// What is wrong in a form; takes the focus.
#[derive(Template)]
#[template(path = "web/error_summary.html")]
pub struct ErrorSummary<'a> {
    pub(super) page: &'a Page,
    pub(super) form: &'a Form,
}

impl HtmlSafe for Header<'_> {}
impl HtmlSafe for Footer<'_> {}
impl HtmlSafe for Field<'_> {}
impl HtmlSafe for Select<'_> {}
impl HtmlSafe for Choice<'_> {}
impl HtmlSafe for ErrorSummary<'_> {}

impl<'a> Field<'a> {
    pub(super) fn new(page: &Page, form: &'a Form, name: &'a str, label: String) -> Self {
        Self {
            name,
            label,
            value: form.value(name),
            error: form.error_of(name),
            error_word: page.t("titolo-errore"),
            help: None,
            kind: "text",
            required: false,
            autocomplete: "off",
            numeric: false,
            maxlength: None,
            accept: None,
            rows: None,
        }
    }

    pub fn help(mut self, text: impl std::fmt::Display) -> Self {
        self.help = Some(text.to_string());
        self
    }

    /// Marked with an asterisk and for assistive technology. The check, and the words when it is
    /// missing, are the server's: the browser's own would be in the browser's language.
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    pub fn email(mut self) -> Self {
        (self.kind, self.autocomplete) = ("email", "email");
        self
    }

    pub fn password(mut self) -> Self {
        (self.kind, self.autocomplete, self.value) = ("password", "current-password", "");
        self
    }

    /// Digits: the numeric keyboard on phones, the fixed-width font.
    pub fn numeric(mut self) -> Self {
        self.numeric = true;
        self
    }

    pub fn date(mut self) -> Self {
        self.kind = "date";
        self
    }

    /// A file; `accept` as in HTML (`.csv,text/csv`). Needs `enctype="multipart/form-data"`.
    pub fn file(mut self, accept: &'static str) -> Self {
        (self.kind, self.accept) = ("file", Some(accept));
        self
    }

    /// Several lines of text.
    pub fn rows(mut self, rows: u32) -> Self {
        self.rows = Some(rows);
        self
    }

    /// Token of the HTML list of autofill purposes (`username`).
    pub fn autocomplete(mut self, token: &'static str) -> Self {
        self.autocomplete = token;
        self
    }

    pub fn maxlength(mut self, chars: u32) -> Self {
        self.maxlength = Some(chars);
        self
    }

    fn described_by(&self) -> String {
        let mut ids = Vec::new();
        if self.help.is_some() {
            ids.push(format!("{}-aiuto", self.name));
        }
        if self.error.is_some() {
            ids.push(format!("{}-errore", self.name));
        }
        ids.join(" ")
    }
}

impl<'a> Select<'a> {
    pub(super) fn new(
        form: &'a Form,
        name: &'a str,
        label: String,
        options: &'a [(String, String)],
    ) -> Self {
        Self {
            name,
            label,
            value: form.value(name),
            error: form.error_of(name),
            options,
        }
    }

    fn is_chosen(&self, value: &str) -> bool {
        self.value == value
    }
}

impl<'a> Choice<'a> {
    pub(super) fn new(
        kind: &'static str,
        form: &Form,
        (name, value): (&'a str, &'a str),
        label: String,
        help: String,
    ) -> Self {
        Self {
            kind,
            name,
            value,
            label,
            help,
            checked: form.value(name) == value,
        }
    }
}

/// Parts of the shell: called by `shell.html`.
impl Page {
    pub fn header(&self) -> Header<'_> {
        Header { page: self }
    }

    pub fn footer(&self) -> Footer<'_> {
        Footer {
            page: self,
            trace_id: platform::telemetry::current_trace_id(),
        }
    }

    /// The message left by the previous request, once.
    pub fn flash(&self) -> Html {
        let Some(flash) = self.session.take_flash() else {
            return Html(String::new());
        };
        let kind = match flash.kind {
            FlashKind::Success => "success",
            FlashKind::Info => "info",
            FlashKind::Warning => "warning",
            FlashKind::Danger => "danger",
        };
        self.alert(kind, flash.text)
    }

    /// Home / section / this page; nothing on the home page.
    pub fn breadcrumb(&self) -> Html {
        if self.path == "/" {
            return Html(String::new());
        }
        let item = |label: &str, href: &str| {
            let label = escape(label);
            let label = match href {
                "" => label,
                href => format!("<a href=\"{}\">{label}</a>", escape(href)),
            };
            format!(
                "<li class=\"breadcrumb-item\">{label}\
                 <span class=\"separator\" aria-hidden=\"true\">/</span></li>"
            )
        };
        let mut items = item(&self.t("home"), "/");
        for (label, href) in &self.crumbs {
            items.push_str(&item(label, href));
        }
        Html(format!(
            "<nav class=\"breadcrumb-container\" aria-label=\"{}\"><ol class=\"breadcrumb\">{items}\
             <li class=\"breadcrumb-item active\" aria-current=\"page\">{}</li></ol></nav>",
            escape(&self.t("percorso")),
            escape(&self.title)
        ))
    }

    /// The steps of the payment, if this page is one.
    pub fn stepper(&self) -> Html {
        let Some((journey, current)) = self.journey else {
            return Html(String::new());
        };
        let steps = journey.steps();
        let mut items = String::new();
        for (i, key) in steps.iter().enumerate() {
            let label = escape(&self.t(key));
            items.push_str(&match i + 1 {
                n if n < current => format!(
                    "<li class=\"confirmed\">{label} {}<span class=\"visually-hidden\">{}</span></li>",
                    self.icon_class("it-check", "steppers-success"),
                    escape(&self.t("passo-fatto"))
                ),
                n if n == current => format!(
                    "<li class=\"active\" aria-current=\"step\">{label} \
                     <span class=\"visually-hidden\">{}</span></li>",
                    escape(&self.t("passo-attivo"))
                ),
                _ => format!("<li>{label}</li>"),
            });
        }
        Html(format!(
            "<div class=\"steppers\"><div class=\"steppers-header\"><ul>{items}</ul>\
             <span class=\"steppers-index\" aria-hidden=\"true\">{current}/{}</span></div></div>",
            steps.len()
        ))
    }

    /// This page in another language, with the same query.
    fn lang_href(&self, lang: &str) -> String {
        let kept = self
            .query
            .split('&')
            .filter(|p| !p.is_empty() && !p.starts_with("lang="));
        let mut href = String::from("?");
        for pair in kept {
            href.push_str(pair);
            href.push('&');
        }
        href + "lang=" + lang
    }

    fn tagline(&self) -> Html {
        match &self.shell.tagline {
            Some(tagline) => tagline.to_html(),
            None => self.t("sito-descrizione").to_html(),
        }
    }

    fn nav(&self) -> &'static [NavItem] {
        self.shell.nav
    }

    /// Where "Apri in console" leads: the search for what the page is about, else the trace.
    fn console_link(&self, trace_id: Option<&String>) -> Option<String> {
        let console = self.shell.console_url.as_ref()?;
        let key = self
            .bar
            .iuv
            .as_ref()
            .or(self.bar.ccp.as_ref())
            .or(trace_id)?;
        Some(format!("{console}/cerca?q={key}"))
    }
}
