//! GovPay Loader: takes a tracciato in, validates it, loads it, gives back the elaborato.
//!
//! It owns the files and their rows; the pendenze are the core's, given to it through API Pendenze
//! as the software of a body would. The rules of the rows are in `domain::tracciato`.

mod anagrafica;
mod anteprima;
mod api;
mod app;
mod backoffice;
mod blocco;
mod carica;
mod core;
mod csv;
pub mod db;
mod json;
mod lavori;
mod lettura;
mod mappe;
pub mod misura;
mod novita;
mod operatore;
mod pages;
mod righe;
mod scarica;
mod scelte;
mod schema;
mod tracciato;

use std::sync::Arc;
use std::time::Duration;

use actix_web::web::Data;
use platform::{Boot, Running, Service};
use tenant::Tenant;
use web::{Catalog, NavItem, Shell, SiteKind};

use crate::app::App;
use crate::core::Core;
use crate::csv::Limiti;
use crate::db::Db;
use crate::novita::Novita;
use crate::operatore::Operatori;

/// Name of the service: its schema on PostgreSQL, its queue, its source in events.
pub const NAME: &str = "loader";

pub(crate) static CATALOG: Catalog = Catalog::new(
    include_str!("../i18n/it.ftl"),
    include_str!("../i18n/en.ftl"),
);

const NAV: &[NavItem] = &[
    NavItem::link("cruscotto", "/"),
    NavItem::group(
        "operazioni",
        &[
            NavItem::link("tracciati", "/tracciati"),
            NavItem::link("formati", "/mappe"),
        ],
    ),
];

/// Starts the service.
pub async fn start(boot: Boot) -> anyhow::Result<Running> {
    let (settings, peers) = (boot.settings.clone(), boot.peers.clone());
    let tenant = Tenant::load(settings.tenant.as_deref())?;
    let mut service = Service::open(NAME, boot, db::migrations).await?;
    let secret = match &settings.secret_key {
        Some(secret) => secret.clone(),
        None => {
            let candidate = web::session::random_id();
            service.store.secret("pagine", candidate).await?
        }
    };
    let shell = Shell::new(
        SiteKind::Loader,
        "GovPay Loader",
        &CATALOG,
        secret.as_bytes(),
    )
    .nav(NAV)
    .console(&peers.console.public)
    .public_url(&peers.loader.public);
    let app = App {
        db: Db(service.store.clone()),
        clock: service.clock.clone(),
        operatori: Arc::new(Operatori::new(&tenant, &settings)),
        core: Core::new(&peers.core.internal, &tenant)?,
        tenant: Arc::new(tenant),
        hub: web::sse::Hub::new(),
        throttle: Arc::default(),
        stop: service.stop.clone(),
        worker: uuid::Uuid::now_v7().to_string(),
        timer: settings.timer,
        orari: Arc::default(),
        limiti: Limiti {
            bytes: settings.max_upload_mib.saturating_mul(1024 * 1024),
            righe: settings.max_upload_rows,
        },
        console_url: peers.console.public.clone(),
        demo: settings.tenant.is_none(),
    };
    timers(&mut service, &app);
    let (shell, app) = (Data::new(shell), Data::new(app));
    service.serve("GovPay Loader", move |config| {
        let app = app.clone();
        config
            .map(|c| c.app_data(app).app_data(api::query_config()))
            .configure(api::routes)
            .map(|c| c.configure(backoffice::routes))
            .map(|c| c.service(::web::site(&shell, pages::routes)));
    })
}

fn timers(service: &mut Service, app: &App) {
    let a = app.clone();
    service.every("validazione", app.timer, move || {
        let app = a.clone();
        async move { lavori::validazione::step(&app).await }
    });
    let a = app.clone();
    service.every("caricamento", app.timer, move || {
        let app = a.clone();
        async move { lavori::caricamento::step(&app).await }
    });
    let novita = Arc::new(Novita::new(app));
    service.every("novita", novita::SGUARDO, move || {
        let novita = Arc::clone(&novita);
        async move { novita.look().await }
    });
    let a = app.clone();
    service.every("pulizia", Duration::from_secs(600), move || {
        let app = a.clone();
        async move { lavori::pulizia(&app).await }
    });
    // Streams last minutes: without this a stopping service would wait for each of them.
    let (stop, hub) = (service.stop.clone(), app.hub.clone());
    service.spawn("novita-stop", async move {
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
