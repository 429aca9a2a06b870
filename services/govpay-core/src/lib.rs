//! GovPay Core: the payment core of the ente: anagrafica, pendenze, avvisi, pagamenti, RPT and RT.

mod anagrafica;
mod archivio;
mod blocco;
pub mod db;
mod documento_rpt;
mod elenco;
mod ente;
mod giornale;
mod invio;
mod nodo;
mod notifica;
mod numerazione;
mod pagamenti;
mod pendenza;
mod posizione;
mod rest;
mod ricevuta;
mod riscossione;
mod schema;
mod soap;
mod tentativo;
mod timers;
mod verifica;

use actix_web::web;
use platform::{Boot, Running, Service};
use tenant::Tenant;

use invio::Pagamenti;

/// Name of the service: its schema on PostgreSQL, its queue, its source in events.
pub const NAME: &str = "govpay-core";

/// Starts the service.
pub async fn start(boot: Boot) -> anyhow::Result<Running> {
    let (peers, settings) = (boot.peers.clone(), boot.settings.clone());
    let tenant = Tenant::load(settings.tenant.as_deref())?;
    let period = boot.settings.timer;
    let mut service = Service::open(NAME, boot, db::migrations).await?;
    let db = db::Db(service.store.clone());
    anagrafica::semina(&db, &tenant, &settings).await?;
    let pagamenti = Pagamenti::new(db, service.clock.clone(), &peers)?;
    timers::start(&mut service, &pagamenti, period);
    let rest = web::Data::new(rest::App {
        pagamenti: pagamenti.clone(),
        verified: Default::default(),
        accesso: rest::Accesso::new(&settings, &peers),
        blocchi: rest::Turni::new()?,
    });
    let pagamenti = web::Data::new(pagamenti);
    let inoltro = web::Data::new(rest::Inoltro::new(&peers)?);
    service.serve("GovPay Core", move |config| {
        config.app_data(rest.clone()).configure(rest::documented);
        config.map(|config| {
            config
                .app_data(pagamenti.clone())
                .app_data(inoltro.clone())
                .configure(rest::routes)
                .configure(soap::routes)
                .configure(pagamenti::ritorno::routes)
        });
    })
}
