//! WISP Simulato: the chooser of payment method and PSP.
//!
//! A body's portal sends the citizen here with the form of WISP 1.3, before the RPT exists; the
//! citizen chooses; the browser goes back with two keys; the body asks the Node for the choice, and
//! the Node asks us. It owns the choices and nothing else.

pub mod api;
mod catalogo;
pub mod db;
mod pages;
mod richiesta;
mod schema;
mod sessione;

use std::sync::Arc;

use actix_web::web::Data;
use platform::{Boot, Clock, Peers, Running, Service};
use tenant::Tenant;
use web::{Catalog, Shell, SiteKind};

use crate::db::Db;

/// Name of the service: its schema on PostgreSQL, its queue, its source in events.
pub const NAME: &str = "wisp";

static CATALOG: Catalog = Catalog::new(
    include_str!("../i18n/it.ftl"),
    include_str!("../i18n/en.ftl"),
);

/// What the handlers share.
#[derive(Clone)]
pub struct App {
    pub db: Db,
    pub clock: Clock,
    pub tenant: Arc<Tenant>,
    pub peers: Peers,
}

/// Starts the service.
pub async fn start(boot: Boot) -> anyhow::Result<Running> {
    let (settings, peers) = (boot.settings.clone(), boot.peers.clone());
    let tenant = Tenant::load(settings.tenant.as_deref())?;
    let service = Service::open(NAME, boot, db::migrations).await?;
    let secret = match settings.secret_key {
        Some(secret) => secret,
        None => {
            service
                .store
                .secret("pagine", web::session::random_id())
                .await?
        }
    };
    let shell = Shell::new(SiteKind::Wisp, "WISP Simulato", &CATALOG, secret.as_bytes())
        .console(&peers.console.public)
        .public_url(&peers.wisp.public);
    let app = App {
        db: Db(service.store.clone()),
        clock: service.clock.clone(),
        tenant: Arc::new(tenant),
        peers,
    };
    let (shell, app) = (Data::new(shell), Data::new(app));
    service.serve("WISP Simulato", move |config| {
        config.app_data(app.clone()).service(api::get_scelta);
        config.map(|c| c.service(::web::site(&shell, pages::routes)));
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_templates_are_whole() {
        web::testing::check_catalog(&CATALOG);
        web::testing::check_texts(env!("CARGO_MANIFEST_DIR"), &CATALOG);
        web::testing::check_templates(env!("CARGO_MANIFEST_DIR"));
    }
}
