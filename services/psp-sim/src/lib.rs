//! PSP Simulato e Nodo: the PSP and the Node of payments, as they behave towards an ente.
//!
//! The Node accepts RPTs (`nodo`), asks the stations of the enti (`ente`) and delivers receipts
//! (`consegna`). The PSP is its pages (`pages`). What an outcome means is decided in
//! `decisione`; the registry of bodies and PSPs is the tenant file (`registro`).

mod app;
mod attivazione;
mod consegna;
mod controlli;
mod db;
mod decisione;
mod documenti;
mod ente;
mod fault;
mod nodo;
mod pages;
mod registro;
mod scelte;
mod schema;
mod sessione;

use std::time::Duration;

use actix_web::web::Data;
use platform::{Boot, Running, Service};
use tenant::Tenant;
use web::{Catalog, NavItem, Shell, SiteKind};

use crate::app::App;
use crate::consegna::Postino;
use crate::db::Db;
use crate::ente::Ente;
use crate::registro::Registro;
use crate::scelte::Scelte;

/// Name of the service: its schema on PostgreSQL, its queue, its source in events.
pub const NAME: &str = "psp-sim";

/// How often the timers look. A receipt that is due now leaves within this time.
const SGUARDO: Duration = Duration::from_millis(200);

static CATALOG: Catalog = Catalog::new(
    include_str!("../i18n/it.ftl"),
    include_str!("../i18n/en.ftl"),
);

const NAV: &[NavItem] = &[
    NavItem::link("paga-un-avviso", "/"),
    NavItem::link("sessioni", "/sessioni"),
];

/// Starts the service.
pub async fn start(boot: Boot) -> anyhow::Result<Running> {
    let (settings, peers) = (boot.settings.clone(), boot.peers.clone());
    let tenant = Tenant::load(settings.tenant.as_deref())?;
    let mut service = Service::open(NAME, boot, db::migrations).await?;
    let secret = match settings.secret_key {
        Some(secret) => secret,
        None => {
            service
                .store
                .secret("pagine", web::session::random_id())
                .await?
        }
    };
    let shell = Shell::new(SiteKind::Psp, "PSP Simulato", &CATALOG, secret.as_bytes())
        .nav(NAV)
        .console(&peers.console.public)
        .public_url(&peers.psp.public);
    let app = App {
        db: Db(service.store.clone()),
        clock: service.clock.clone(),
        ente: Ente::new()?,
        scelte: Scelte::new(peers.wisp.internal.clone())?,
        registro: Registro::new(tenant, peers.clone()),
        peers,
    };
    timers(&mut service, &app);
    let (shell, app) = (Data::new(shell), Data::new(app));
    service.serve("PSP Simulato e Nodo", move |config| {
        config.map(|c| {
            c.app_data(app.clone())
                .configure(nodo::routes)
                .service(::web::site(&shell, pages::routes))
        });
    })
}

fn timers(service: &mut Service, app: &App) {
    let postino = Postino::new(app.clone());
    service.every("ricevute", SGUARDO, move || {
        let postino = postino.clone();
        async move { postino.giro().await }
    });
    let app = app.clone();
    service.every("scadenze", SGUARDO, move || {
        let app = app.clone();
        async move { consegna::scadenze(&app).await }
    });
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
