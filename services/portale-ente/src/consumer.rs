//! What the portal hears from the bus: states of payments and receipts.

use async_trait::async_trait;
use domain::Envelope;
use platform::{ConsumeError, Consumer};

use crate::app::App;

pub struct PortaleConsumer(pub App);

#[async_trait]
impl Consumer for PortaleConsumer {
    /// Applies the event to the sessions in one transaction, then wakes whoever waits for them.
    async fn consume(&self, envelope: Envelope) -> Result<(), ConsumeError> {
        let app = &self.0;
        let changed = app
            .db
            .applica_evento(envelope, app.pagamenti_url(), app.clock.now())
            .await?;
        for id in changed {
            if let Some(sessione) = app.db.find(id).await? {
                app.wake(&sessione);
            }
        }
        Ok(())
    }
}
