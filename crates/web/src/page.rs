//! [`Page`]: everything that a template asks of the shell, and the components it may call.
//!
//! Templates have a field `page: Page` and write `{{ page.euro(row.importo) }}`,
//! `{{ page.badge(row.stato) }}`, `{{ page.t("chiave") }}`. Text is escaped by askama; components
//! return markup of their own.

use std::fmt::Display;
use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};

use crate::badge::{self, Stato};
use crate::error::PageError;
use crate::form::Form;
use crate::format::{self, Amount, Day, Moment};
use crate::html::{Html, IntoHtml, escape};
use crate::i18n::{Arg, Lang};
use crate::session::Session;
use crate::site::Shell;
use crate::timeline::{Timeline, TimelineItem};

mod parts;
pub use parts::{Choice, ErrorSummary, Field, Footer, Header, Select};

/// The steps of the two ways to pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Journey {
    /// From the body's portal: Avviso, Scelta PSP, Conferma, Pagamento, Esito.
    Ente,
    /// At the PSP: Avviso, Pagamento, Esito.
    Psp,
}

impl Journey {
    fn steps(self) -> &'static [&'static str] {
        match self {
            Self::Ente => &[
                "passo-avviso",
                "passo-scelta",
                "passo-conferma",
                "passo-pagamento",
                "passo-esito",
            ],
            Self::Psp => &["passo-avviso", "passo-pagamento", "passo-esito"],
        }
    }
}

/// What the test bar at the bottom tells of the object on the page. No personal data.
#[derive(Clone, Debug, Default)]
pub struct TestBar {
    pub iuv: Option<String>,
    pub ccp: Option<String>,
    pub last_event: Option<String>,
    /// A command line that repeats the call behind this page.
    pub curl: Option<String>,
}

/// One page being made. An extractor: `async fn home(mut page: Page) -> PageResult`.
#[derive(Clone)]
pub struct Page {
    /// Title of the page, without the site's name. The template's `h1` says the same.
    pub title: String,
    /// Whether the page shows a form with errors: the title then begins with "Errore:".
    pub invalid: bool,
    pub bar: TestBar,
    session: Session,
    shell: Data<Shell>,
    path: String,
    crumbs: Vec<(String, String)>,
    journey: Option<(Journey, usize)>,
}

impl FromRequest for Page {
    type Error = PageError;
    type Future = Ready<Result<Self, PageError>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let session = Session::from_request(req, payload).into_inner();
        let shell = req.app_data::<Data<Shell>>().cloned();
        ready(session.and_then(|session| {
            let shell = shell.ok_or_else(|| {
                PageError::internal(anyhow::anyhow!("web::Data<Shell> is not in the app's data"))
            })?;
            Ok(Self::new(session, shell, req.path()))
        }))
    }
}

/// Making a page: called by handlers.
impl Page {
    pub(crate) fn new(session: Session, shell: Data<Shell>, path: &str) -> Self {
        Self {
            title: String::new(),
            invalid: false,
            bar: TestBar::default(),
            session,
            shell,
            path: path.to_owned(),
            crumbs: Vec::new(),
            journey: None,
        }
    }

    /// Sets the title from a key of the catalog.
    pub fn titled(mut self, key: &str) -> Self {
        self.title = self.t(key);
        self
    }

    /// Adds a step of the path between Home and this page. `href` empty: a section without a page.
    pub fn crumb(mut self, label: impl Into<String>, href: impl Into<String>) -> Self {
        self.crumbs.push((label.into(), href.into()));
        self
    }

    /// Shows the steps of the payment; `step` counts from 1.
    pub fn at_step(mut self, journey: Journey, step: usize) -> Self {
        self.journey = Some((journey, step));
        self
    }

    /// Fills the test bar.
    pub fn about(mut self, bar: TestBar) -> Self {
        self.bar = bar;
        self
    }

    pub fn session(&self) -> &Session {
        &self.session
    }

    pub fn shell(&self) -> &Shell {
        &self.shell
    }

    pub fn lang(&self) -> Lang {
        self.session.lang()
    }

    /// Path of the request, without the query.
    pub fn path(&self) -> &str {
        &self.path
    }
}

/// Texts: called by templates and handlers.
impl Page {
    /// The text of a key in the reader's language.
    pub fn t(&self, key: &str) -> String {
        self.shell.catalog.text(self.lang(), key, &[])
    }

    /// A text with one place to fill: `page.t1("righe-caricate", "n", 12)`.
    pub fn t1(&self, key: &str, name: &str, value: impl Arg) -> String {
        self.shell.catalog.text(self.lang(), key, &[(name, &value)])
    }

    /// A text with two places to fill.
    pub fn t2(&self, key: &str, a: &str, a_value: impl Arg, b: &str, b_value: impl Arg) -> String {
        self.shell
            .catalog
            .text(self.lang(), key, &[(a, &a_value), (b, &b_value)])
    }

    /// A text with any number of places to fill, for handlers.
    pub fn text(&self, key: &str, args: &[(&str, &dyn Arg)]) -> String {
        self.shell.catalog.text(self.lang(), key, args)
    }

    /// The title as the browser shows it.
    pub fn document_title(&self) -> String {
        let prefix = if self.invalid {
            self.t("titolo-errore")
        } else {
            String::new()
        };
        let space = if prefix.is_empty() { "" } else { " " };
        format!("{prefix}{space}{} — {}", self.title, self.shell.name)
    }
}

/// Values and components: called by templates.
impl Page {
    /// `1.234,56 €`.
    pub fn euro(&self, importo: impl Amount) -> String {
        format::euro(importo)
    }

    /// `118.400`.
    pub fn intero(&self, n: impl Display) -> String {
        format::intero(n)
    }

    /// `05/08/2026`.
    pub fn data(&self, day: impl Day) -> Html {
        format::data(day)
    }

    /// `05/08/2026 12:20`.
    pub fn data_ora(&self, at: impl Moment) -> Html {
        format::data_ora(at)
    }

    /// `05/08/2026 12:20:07`.
    pub fn data_ora_secondi(&self, at: impl Moment) -> Html {
        format::data_ora_secondi(at)
    }

    /// An identifier in the fixed-width font that can break on a narrow page.
    pub fn digits(&self, value: impl Display) -> Html {
        format::digits(value)
    }

    /// The same, with a button that copies it (shown by the script).
    pub fn copyable(&self, value: impl Display) -> Html {
        let value = value.to_string();
        Html(format!(
            "<span class=\"font-monospace\">{}</span>{}",
            format::broken(&value),
            self.copy_button(&value)
        ))
    }

    fn copy_button(&self, value: &str) -> String {
        format!(
            "<button type=\"button\" class=\"copia\" hidden data-copia=\"{}\" data-copiato=\"{}\">\
             {}<span class=\"visually-hidden\">{} {}</span></button>",
            escape(value),
            escape(&self.t("copiato")),
            self.icon("it-copy"),
            escape(&self.t("copia")),
            escape(value)
        )
    }

    /// The badge of a state of the domain.
    pub fn badge(&self, stato: impl Stato) -> Html {
        let badge = stato.badge();
        let moving = if badge.moving { " in-moto" } else { "" };
        Html(format!(
            "<span class=\"badge {}{moving}\">{}</span>",
            badge.class,
            badge.label(self.lang())
        ))
    }

    /// The badge of a state known by name only; see [`badge::by_name`].
    pub fn badge_named(&self, object: &str, stato: impl Display) -> Html {
        let stato = stato.to_string();
        match badge::by_name(object, &stato) {
            Some(badge) => self.badge(badge),
            None => Html(format!(
                "<span class=\"badge bg-secondary\">{}</span>",
                escape(&stato)
            )),
        }
    }

    /// An icon of the sprite (`it-check`), hidden from assistive technology: the text beside it says
    /// the same.
    pub fn icon(&self, name: &str) -> Html {
        self.icon_class(name, "")
    }

    /// An icon with more classes: `page.icon_class("it-check", "icon-success")`.
    pub fn icon_class(&self, name: &str, class: &str) -> Html {
        Html(format!(
            "<svg class=\"icon {}\" aria-hidden=\"true\" focusable=\"false\">\
             <use href=\"{}#{}\"></use></svg>",
            escape(class),
            crate::assets::url("sprites.svg"),
            escape(name)
        ))
    }

    /// Address of a file of `crates/web/assets`.
    pub fn asset(&self, name: &str) -> String {
        crate::assets::url(name)
    }

    /// A pair of a definition list (inside `<dl class="row dati">`). The value is text or a component.
    pub fn dato(&self, label: impl Display, value: impl IntoHtml) -> Html {
        Html(format!(
            "<dt class=\"col-sm-5\">{}</dt><dd class=\"col-sm-7\">{}</dd>",
            escape(&label.to_string()),
            value.to_html()
        ))
    }

    /// The hidden field that every `<form method="post">` of ours carries.
    pub fn csrf(&self) -> Html {
        Html(format!(
            "<input type=\"hidden\" name=\"csrf\" value=\"{}\">",
            self.csrf_token()
        ))
    }

    pub fn csrf_token(&self) -> String {
        self.session.csrf_token(&self.shell)
    }

    /// A link that looks like a button.
    pub fn button(&self, label: impl Display, href: impl Display) -> Html {
        button_link(&label.to_string(), &href.to_string())
    }

    /// Previous and next page of a list, as addresses; `None` at the ends.
    pub fn pager(&self, previous: &Option<String>, next: &Option<String>) -> Html {
        if previous.is_none() && next.is_none() {
            return Html(String::new());
        }
        let item = |href: &Option<String>, key: &str, rel: &str| match href {
            None => String::new(),
            Some(href) => format!(
                "<li class=\"page-item\"><a class=\"page-link\" rel=\"{rel}\" href=\"{}\">{}</a></li>",
                escape(href),
                escape(&self.t(key))
            ),
        };
        Html(format!(
            "<nav class=\"pagination-wrapper\" aria-label=\"{}\"><ul class=\"pagination\">{}{}</ul></nav>",
            escape(&self.t("paginazione")),
            item(previous, "pagina-precedente", "prev"),
            item(next, "pagina-successiva", "next")
        ))
    }

    /// The steps of a story.
    pub fn timeline<'a>(&'a self, items: &'a [TimelineItem]) -> Timeline<'a> {
        Timeline { page: self, items }
    }

    /// A message box: `kind` is `success`, `info`, `warning` or `danger`.
    pub fn alert(&self, kind: &str, text: impl IntoHtml) -> Html {
        let (icon, word) = match kind {
            "success" => ("it-check-circle", "avviso-riuscito"),
            "warning" => ("it-warning-circle", "avviso-attenzione"),
            "danger" => ("it-error", "avviso-errore"),
            _ => ("it-info-circle", "avviso-informazione"),
        };
        let role = if kind == "danger" { "alert" } else { "status" };
        Html(format!(
            "<div class=\"alert alert-{}\" role=\"{role}\">{}<span class=\"visually-hidden\">{}</span>\
             <div>{}</div></div>",
            escape(kind),
            self.icon(icon),
            escape(&self.t(word)),
            text.to_html()
        ))
    }

    /// A text field; go on with [`Field::email`], [`Field::help`], …
    pub fn field<'a>(&'a self, form: &'a Form, name: &'a str, label: impl Display) -> Field<'a> {
        Field::new(self, form, name, label.to_string())
    }

    /// A choice of one among `options` (value, label) as a drop-down list.
    pub fn select<'a>(
        &'a self,
        form: &'a Form,
        name: &'a str,
        label: impl Display,
        options: &'a [(String, String)],
    ) -> Select<'a> {
        Select::new(form, name, label.to_string(), options)
    }

    /// One radio button with a line of explanation; put several in a `<fieldset>` with a `<legend>`.
    pub fn radio<'a>(
        &'a self,
        form: &'a Form,
        name: &'a str,
        value: &'a str,
        label: impl Display,
        help: impl Display,
    ) -> Choice<'a> {
        Choice::new(
            "radio",
            form,
            (name, value),
            label.to_string(),
            help.to_string(),
        )
    }

    /// One check box; it is on when the form's value of `name` is `value`.
    pub fn checkbox<'a>(
        &'a self,
        form: &'a Form,
        name: &'a str,
        value: &'a str,
        label: impl Display,
        help: impl Display,
    ) -> Choice<'a> {
        Choice::new(
            "checkbox",
            form,
            (name, value),
            label.to_string(),
            help.to_string(),
        )
    }

    /// The list of what is wrong in a form, with links to the fields. Nothing when nothing is.
    pub fn error_summary<'a>(&'a self, form: &'a Form) -> ErrorSummary<'a> {
        ErrorSummary { page: self, form }
    }
}

pub(crate) fn button_link(label: &str, href: &str) -> Html {
    Html(format!(
        "<a class=\"btn btn-primary\" href=\"{}\">{}</a>",
        escape(href),
        escape(label)
    ))
}
