//! PSP Simulato e Nodo: the PSP and the Node of payments, as they behave towards an ente.

pub mod db;

use platform::{Boot, Running, Service};

/// Name of the service: its schema on PostgreSQL, its queue, its source in events.
pub const NAME: &str = "psp-sim";

/// Starts the service.
pub async fn start(boot: Boot) -> anyhow::Result<Running> {
    let service = Service::open(NAME, boot, db::migrations).await?;
    service.serve("PSP Simulato e Nodo", |_config| {})
}
