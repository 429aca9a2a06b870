//! GovPay Core: the payment core of the ente: anagrafica, pendenze, avvisi, pagamenti, RPT and RT.

pub mod db;
mod documento_rpt;
mod giornale;
mod invio;
mod nodo;
mod posizione;
mod ricevuta;
mod schema;
mod soap;
mod tentativo;

use platform::{Boot, Running, Service};

/// Name of the service: its schema on PostgreSQL, its queue, its source in events.
pub const NAME: &str = "govpay-core";

/// Starts the service.
pub async fn start(boot: Boot) -> anyhow::Result<Running> {
    let service = Service::open(NAME, boot, db::migrations).await?;
    service.serve("GovPay Core", |_config| {})
}
