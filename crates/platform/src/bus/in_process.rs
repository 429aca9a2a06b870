//! Delivery inside one process: the relay of the sender calls the consumers of the receivers.

use std::sync::{Arc, RwLock};

use domain::Envelope;

use super::{Subscriber, topology};

/// The services of this process.
#[derive(Default)]
pub struct Hub {
    subscribers: RwLock<Vec<Arc<Subscriber>>>,
}

impl Hub {
    pub(crate) fn subscribe(&self, subscriber: Arc<Subscriber>) {
        self.subscribers
            .write()
            .unwrap_or_else(|e| e.into_inner())
            .push(subscriber);
    }

    /// Hands the event to each service that is subscribed to its key. When one of them cannot take
    /// it now the whole event is an error and comes again; for the others that is a duplicate.
    pub(crate) async fn publish(&self, envelope: &Envelope) -> anyhow::Result<()> {
        let key = envelope.event.key();
        let subscribers: Vec<Arc<Subscriber>> = {
            let all = self.subscribers.read().unwrap_or_else(|e| e.into_inner());
            all.iter()
                .filter(|s| topology::keys_of(s.service).contains(&key))
                .cloned()
                .collect()
        };
        let mut failure = None;
        for subscriber in subscribers {
            if let Err(error) = subscriber.deliver(envelope.clone()).await {
                tracing::warn!(
                    service = subscriber.service,
                    key,
                    error = format!("{error:#}"),
                    "event not taken, will come again"
                );
                failure = Some(error);
            }
        }
        failure.map_or(Ok(()), Err)
    }
}
