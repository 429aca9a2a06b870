//! Portale Ente Simulato: the citizen portal of the ente.
//!
//! A client of the payment core through API Pagamento, of WISP through the browser, and a consumer
//! of the events that tell how payments end. It owns the citizens' sessions and nothing else.

pub mod app;
mod attese;
mod consumer;
pub mod core;
pub mod db;
mod freno;
mod pages;
mod posta;
mod ricerca;
mod schema;
mod sessione;

use std::sync::Arc;
use std::time::Duration;

use actix_web::web::Data;
use chrono::TimeDelta;
use platform::service::Worked;
use platform::{Boot, Running, Service};
use tenant::Tenant;
use web::{Catalog, NavItem, Shell, SiteKind};

use crate::app::App;
use crate::attese::Attese;
use crate::consumer::PortaleConsumer;
use crate::core::Core;
use crate::db::Db;

/// Name of the service: its schema on PostgreSQL, its queue, its source in events.
pub const NAME: &str = "portale-ente";

static CATALOG: Catalog = Catalog::new(
    include_str!("../i18n/it.ftl"),
    include_str!("../i18n/en.ftl"),
);

const NAV: &[NavItem] = &[
    NavItem::link("paga-un-avviso", "/"),
    NavItem::link("miei-pagamenti", "/pagamenti"),
    NavItem::link("posta", "/posta"),
];

/// Sessions that never went beyond the data of the pendenza are kept for a day.
const VITA_APERTA: TimeDelta = TimeDelta::hours(24);

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
    let name = tenant
        .portale
        .as_ref()
        .map_or("Portale Ente Simulato", |p| p.titolo.as_str());
    let shell = Shell::new(SiteKind::Portale, name, &CATALOG, secret.as_bytes())
        .nav(NAV)
        .console(&peers.console.public)
        .posts_to(&peers.wisp.public)
        .posts_to(&peers.psp.public)
        .public_url(&peers.portale.public);
    let app = App {
        db: Db(service.store.clone()),
        clock: service.clock.clone(),
        core: Core::new(&peers.core.internal, &tenant)?,
        tenant: Arc::new(tenant),
        peers,
        attese: Attese::default(),
        freno: Arc::default(),
        demo: settings.tenant.is_none(),
    };
    service.consume(Arc::new(PortaleConsumer(app.clone())));
    timers(&mut service, &app);
    let (shell, app) = (Data::new(shell), Data::new(app));
    service.serve("Portale Ente Simulato", move |config| {
        config.map(|c| {
            c.app_data(app.clone())
                .service(::web::site(&shell, pages::routes))
        });
    })
}

fn timers(service: &mut Service, app: &App) {
    let waiting = app.clone();
    service.every("attese", attese::SGUARDO, move || {
        let app = waiting.clone();
        async move { app.attese.look(&app.db).await }
    });
    let old = app.clone();
    service.every("pulizia", Duration::from_secs(600), move || {
        let app = old.clone();
        async move {
            let before = (app.clock.now() - VITA_APERTA).naive_utc();
            app.db.purge(before).await?;
            Ok(Worked::Nothing)
        }
    });
    // Streams last minutes: without this a stopping service would wait for each of them.
    let (stop, hub) = (service.stop.clone(), app.attese.hub.clone());
    service.spawn("attese-stop", async move {
        stop.cancelled().await;
        hub.close();
        Ok(())
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
