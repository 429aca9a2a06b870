//! GovPay Console: the monitoring console: a projection of events, and the details asked from the core.

pub mod db;

use platform::{Boot, Running, Service};

/// Name of the service: its schema on PostgreSQL, its queue, its source in events.
pub const NAME: &str = "console";

/// Starts the service.
pub async fn start(boot: Boot) -> anyhow::Result<Running> {
    let service = Service::open(NAME, boot, db::migrations).await?;
    service.serve("GovPay Console", |_config| {})
}
