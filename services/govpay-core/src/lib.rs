//! GovPay Core: the payment core of the ente: anagrafica, pendenze, avvisi, pagamenti, RPT and RT.

pub mod db;
mod documento_rpt;
mod giornale;
mod invio;
mod nodo;
mod pagamenti;
mod posizione;
mod ricevuta;
mod schema;
mod soap;
mod tentativo;
mod timers;

use std::time::Duration;

use actix_web::web;
use platform::{Boot, Running, Service};

use invio::Pagamenti;

/// Name of the service: its schema on PostgreSQL, its queue, its source in events.
pub const NAME: &str = "govpay-core";

/// Starts the service.
pub async fn start(boot: Boot) -> anyhow::Result<Running> {
    let peers = boot.peers.clone();
    let period = Duration::from_secs(boot.settings.timer_secs);
    let mut service = Service::open(NAME, boot, db::migrations).await?;
    let db = db::Db(service.store.clone());
    let pagamenti = Pagamenti::new(db, service.clock.clone(), &peers)?;
    timers::start(&mut service, &pagamenti, period);
    let pagamenti = web::Data::new(pagamenti);
    service.serve("GovPay Core", move |config| {
        config.map(|config| {
            config
                .app_data(pagamenti.clone())
                .configure(soap::routes)
                .configure(pagamenti::ritorno::routes)
        });
    })
}
