//! [`Page`]: everything that a template asks of the shell, and the components it may call.
//!
//! Templates have a field `page: Page` and write `{{ page.euro(row.importo) }}`,
//! `{{ page.badge(row.stato) }}`, `{{ page.t("chiave") }}`. Text is escaped by askama; components
//! return markup of their own.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};

use crate::error::PageError;
use crate::html::{Html, escape};
use crate::i18n::{Arg, Lang};
use crate::session::Session;
use crate::site::Shell;

mod components;
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
    query: String,
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
            Ok(Self::new(session, shell, req))
        }))
    }
}

/// Making a page: called by handlers.
impl Page {
    pub(crate) fn new(session: Session, shell: Data<Shell>, req: &HttpRequest) -> Self {
        Self {
            title: String::new(),
            invalid: false,
            bar: TestBar::default(),
            session,
            shell,
            path: req.path().to_owned(),
            query: req.query_string().to_owned(),
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

pub(crate) fn button_link(label: &str, href: &str) -> Html {
    Html(format!(
        "<a class=\"btn btn-primary\" href=\"{}\">{}</a>",
        escape(href),
        escape(label)
    ))
}
