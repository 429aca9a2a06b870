//! GovPay Loader: the bulk loader: takes a tracciato, validates it, loads it, gives back the elaborato.

mod csv;
pub mod db;
mod schema;
mod tracciato;

use platform::{Boot, Running, Service};

/// Name of the service: its schema on PostgreSQL, its queue, its source in events.
pub const NAME: &str = "loader";

/// Starts the service.
pub async fn start(boot: Boot) -> anyhow::Result<Running> {
    let service = Service::open(NAME, boot, db::migrations).await?;
    service.serve("GovPay Loader", |_config| {})
}
