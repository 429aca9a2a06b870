//! WISP Simulato: the chooser of payment method and PSP.

pub mod db;

use platform::{Boot, Running, Service};

/// Name of the service: its schema on PostgreSQL, its queue, its source in events.
pub const NAME: &str = "wisp";

/// Starts the service.
pub async fn start(boot: Boot) -> anyhow::Result<Running> {
    let service = Service::open(NAME, boot, db::migrations).await?;
    service.serve("WISP Simulato", |_config| {})
}
