//! GovPay Console: the monitoring console.
//!
//! It owns nothing: a projection of the events that it can make again from the core, and the details,
//! asked from the core (API Backoffice) when a page shows them.

mod accesso;
mod api;
pub mod app;
mod consumer;
pub mod db;
pub mod filtri;
mod letture;
mod pages;
mod ricostruzione;
mod salute;
mod schema;
mod storia;
pub mod visti;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use actix_web::web::Data;
use platform::clock::real_now;
use platform::service::Worked;
use platform::{Boot, Running, Service, Store};
use tenant::Tenant;
use utoipa_actix_web::service_config::ServiceConfig;
use web::{Catalog, NavItem, Shell, SiteKind};

use crate::app::App;
use crate::consumer::ConsoleConsumer;
use crate::db::Db;
use crate::salute::Salute;

/// Name of the service: its schema on PostgreSQL, its queue, its source in events.
pub const NAME: &str = "console";

static CATALOG: Catalog = Catalog::new(
    include_str!("../i18n/it.ftl"),
    include_str!("../i18n/en.ftl"),
);

const NAV: &[NavItem] = &[
    NavItem::link("cruscotto", "/"),
    NavItem::link("pagamenti", "/pagamenti"),
    NavItem::link("pendenze", "/pendenze"),
    NavItem::link("tracciati", "/tracciati"),
    NavItem::link("code-morte", "/code"),
    NavItem::link("strumenti", "/strumenti"),
];

/// Starts the service.
pub async fn start(boot: Boot) -> anyhow::Result<Running> {
    let (settings, peers) = (boot.settings.clone(), boot.peers.clone());
    let tenant = Tenant::load(settings.tenant.as_deref())?;
    let mut service = Service::open(NAME, boot, db::migrations).await?;
    let secret = match &settings.secret_key {
        Some(secret) => secret.clone(),
        None => {
            service
                .store
                .secret("pagine", web::session::random_id())
                .await?
        }
    };
    let shell = Shell::new(
        SiteKind::Console,
        "GovPay Console",
        &CATALOG,
        secret.as_bytes(),
    )
    .nav(NAV)
    .public_url(&peers.console.public);
    let operatori = app::operatori(&tenant, &settings);
    if operatori.is_empty() {
        tracing::error!(
            "nessuno può entrare nella console: servono gli operatori nel tenant, oppure \
             GOVPAY_ADMIN_USER e GOVPAY_ADMIN_PASSWORD"
        );
    }
    let db = Db(service.store.clone());
    let riempita = !db.proiezione_vuota().await?;
    let app = App {
        core: app::core_client(&peers.core.internal, &operatori)?,
        salute: Salute::new(&peers)?,
        db,
        clock: service.clock.clone(),
        tenant: Arc::new(tenant),
        peers,
        hub: web::sse::Hub::new(),
        throttle: Arc::default(),
        operatori: Arc::new(operatori),
        demo: settings.tenant.is_none(),
        riempita: Arc::new(riempita.into()),
    };
    service.consume(Arc::new(ConsoleConsumer(app.clone())));
    timers(&mut service, &app);
    let (shell, app) = (Data::new(shell), Data::new(app));
    service.serve("GovPay Console", move |config: &mut ServiceConfig<'_>| {
        let (shell, app) = (shell.clone(), app.clone());
        config.map(|c| c.app_data(app));
        config.service(api::rebuild);
        config.map(|c| c.service(::web::site(&shell, pages::routes)));
    })
}

/// Events of other replicas that wake pages at one look; a page that is woken reads everything anew.
const NOVITA: i64 = 500;

fn timers(service: &mut Service, app: &App) {
    let asked = app.clone();
    service.every("salute", salute::OGNI, move || {
        let app = asked.clone();
        async move {
            if app.salute.look().await {
                app.wake(None, None);
            }
            Ok(Worked::Nothing)
        }
    });
    let empty = app.clone();
    service.every("riempimento", ricostruzione::OGNI, move || {
        let app = empty.clone();
        async move { ricostruzione::riempi(&app).await }
    });
    let old = app.clone();
    service.every("pulizia", Duration::from_secs(600), move || {
        let app = old.clone();
        async move {
            app.db.purge_accessi(real_now() - accesso::DURATA).await?;
            Ok(Worked::Nothing)
        }
    });
    if matches!(service.store, Store::Pg(_)) {
        other_replicas(service, app);
    }
    // Streams last minutes: without this a stopping service would wait for each of them.
    let (stop, hub) = (service.stop.clone(), app.hub.clone());
    service.spawn("flussi-stop", async move {
        stop.cancelled().await;
        hub.close();
        Ok(())
    });
}

/// Replicas share the queue: what another one heard is seen in the store.
fn other_replicas(service: &mut Service, app: &App) {
    let (app, seen) = (app.clone(), Arc::new(AtomicI64::new(i64::MAX)));
    service.every("novità", Duration::from_secs(1), move || {
        let (app, seen) = (app.clone(), Arc::clone(&seen));
        async move {
            let last = app.db.ultimo_evento().await?;
            let before = seen.swap(last, Ordering::Relaxed);
            if before < last && app.hub.listeners() > 0 {
                for evento in app.db.eventi_dopo(before, NOVITA).await? {
                    let pendenza = evento.id_a2a.as_deref().zip(evento.id_pendenza.as_deref());
                    app.wake(evento.id_dominio.as_deref(), pendenza);
                }
            }
            Ok(Worked::Nothing)
        }
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
