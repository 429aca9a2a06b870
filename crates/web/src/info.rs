//! The three pages behind the links at the bottom of every site: accessibility, privacy, status.
//! A service that has its own registers them first.

use actix_web::web::{self, Data, ServiceConfig};
use askama::Template;
use platform::service::ServiceState;

use crate::badge::{self, Badge};
use crate::error::PageResult;
use crate::html::render;
use crate::page::Page;

pub(crate) fn configure(config: &mut ServiceConfig) {
    config
        .route("/accessibilita", web::get().to(accessibilita))
        .route("/privacy", web::get().to(privacy))
        .route("/stato", web::get().to(stato));
}

#[derive(Template)]
#[template(path = "web/info.html")]
struct InfoPage {
    page: Page,
    /// Keys of the paragraphs.
    paragraphs: &'static [&'static str],
}

async fn accessibilita(page: Page) -> PageResult {
    let page = page.titled("dichiarazione-accessibilita");
    let paragraphs = &[
        "accessibilita-stato",
        "accessibilita-ente",
        "accessibilita-segnala",
    ];
    render(&InfoPage { page, paragraphs })
}

async fn privacy(page: Page) -> PageResult {
    let page = page.titled("informativa-privacy");
    let paragraphs = &["privacy-dati-di-prova", "privacy-cookie", "privacy-ente"];
    render(&InfoPage { page, paragraphs })
}

#[derive(Template)]
#[template(path = "web/stato.html")]
struct StatoPage {
    page: Page,
    version: &'static str,
    /// Whether the store and the bus answer; `None` when the service does not say.
    checks: Option<(bool, bool)>,
}

impl StatoPage {
    fn answer(&self, up: &bool) -> Badge {
        if *up { badge::UP } else { badge::DOWN }
    }
}

async fn stato(page: Page, state: Option<Data<ServiceState>>) -> PageResult {
    let checks = match state {
        None => None,
        Some(state) => {
            let store = state.store.ping().await;
            if let Err(error) = &store {
                tracing::warn!(error = format!("{error:#}"), "the store does not answer");
            }
            Some((store.is_ok(), state.bus.is_up()))
        }
    };
    let page = page.titled("stato-servizi");
    render(&StatoPage {
        page,
        version: env!("CARGO_PKG_VERSION"),
        checks,
    })
}
