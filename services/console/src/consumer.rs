//! What the console hears from the bus: everything.

use async_trait::async_trait;
use domain::{Envelope, Event};
use platform::{ConsumeError, Consumer};

use crate::app::{App, pendenza_topic};

pub struct ConsoleConsumer(pub App);

#[async_trait]
impl Consumer for ConsoleConsumer {
    /// Applies the event to the projection in one transaction, then wakes the open pages.
    async fn consume(&self, envelope: Envelope) -> Result<(), ConsumeError> {
        let app = &self.0;
        let event = envelope.event.clone();
        if app.db.applica_evento(envelope, app.clock.now()).await? {
            let (id_dominio, pendenza) = about(&event);
            app.wake(id_dominio, pendenza);
            if let Event::PendenzeCaricate {
                id_a2a, pendenze, ..
            } = &event
            {
                for pendenza in pendenze {
                    let topic = pendenza_topic(id_a2a, &pendenza.id_pendenza);
                    app.hub.publish(&topic, web::sse::Event::stato(""));
                }
            }
        }
        Ok(())
    }
}

/// The body and the pendenza (idA2A, idPendenza) that an event is about.
fn about(event: &Event) -> (Option<&str>, Option<(&str, &str)>) {
    match event {
        Event::PendenzaStato {
            id_a2a,
            id_pendenza,
            id_dominio,
            ..
        }
        | Event::PagamentoStato {
            id_a2a,
            id_pendenza,
            id_dominio,
            ..
        }
        | Event::RtAcquisita {
            id_a2a,
            id_pendenza,
            id_dominio,
            ..
        } => (Some(id_dominio.as_str()), Some((id_a2a, id_pendenza))),
        // Of each of its pendenze the consumer tells.
        Event::PendenzeCaricate { id_dominio, .. } => (Some(id_dominio.as_str()), None),
        Event::TracciatoStato { .. } | Event::OrologioSpostato { .. } => (None, None),
    }
}
