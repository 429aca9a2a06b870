//! Events between services: outbox → relay → transport → inbox.
//!
//! Two transports: in the process when one program hosts all services, RabbitMQ otherwise. Either
//! way an event arrives at least once, and the inbox makes it count once.

mod amqp;
mod in_process;
pub(crate) mod relay;
pub mod topology;

use std::sync::Arc;

use async_trait::async_trait;
use domain::{Envelope, Event};

pub use amqp::Amqp;
pub use in_process::Hub;

use crate::Clock;
use crate::store::{DeadLetterRow, Store, StoreError};

/// What a service does with the events it is subscribed to (see [`topology`]).
#[async_trait]
pub trait Consumer: Send + Sync {
    /// Applies the event, in one transaction that begins with `ext::inbox::first_time`. It may be
    /// called again with the same event.
    async fn consume(&self, envelope: Envelope) -> Result<(), ConsumeError>;
}

/// There are two kinds of failure only.
#[derive(Debug, thiserror::Error)]
pub enum ConsumeError {
    /// Something is down: the event comes again.
    #[error("da riprovare: {0:#}")]
    Retry(anyhow::Error),
    /// The event can never be applied: it is set aside with this reason.
    #[error("non applicabile: {0}")]
    Reject(String),
}

impl From<StoreError> for ConsumeError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Corrupt(reason) => Self::Reject(reason),
            other => Self::Retry(other.into()),
        }
    }
}

/// How events leave a service and reach the others.
#[derive(Clone)]
pub enum Bus {
    InProcess(Arc<Hub>),
    Amqp(Arc<Amqp>),
}

impl Bus {
    pub fn in_process() -> Self {
        Self::InProcess(Arc::default())
    }

    /// RabbitMQ at `uri`. `namespace` begins the names of exchange and queues (`govpay`), so that
    /// several worlds can share a broker.
    pub fn amqp(uri: String, namespace: String) -> Self {
        Self::Amqp(Arc::new(Amqp::new(uri, namespace)))
    }

    /// Whether the transport can carry events now.
    pub fn is_up(&self) -> bool {
        match self {
            Self::InProcess(_) => true,
            Self::Amqp(amqp) => amqp.is_up(),
        }
    }
}

/// A service as the bus sees it.
pub(crate) struct Subscriber {
    pub service: &'static str,
    pub store: Store,
    pub clock: Clock,
    pub consumer: Arc<dyn Consumer>,
}

impl Subscriber {
    /// Hands one event to the service. An error means: try again later.
    pub async fn deliver(&self, envelope: Envelope) -> Result<(), anyhow::Error> {
        use tracing::Instrument as _;
        let span = tracing::info_span!(
            "process event",
            service = self.service,
            key = envelope.event.key(),
            event.id = %envelope.id
        );
        crate::telemetry::set_parent(&span, envelope.traceparent.as_deref());
        self.apply(envelope).instrument(span).await
    }

    async fn apply(&self, envelope: Envelope) -> Result<(), anyhow::Error> {
        // The clock is the platform's own business: every service follows it.
        if let Event::OrologioSpostato { offset_secs } = envelope.event {
            self.store.raise_clock(offset_secs).await?;
            self.clock.raise_offset(offset_secs);
            return Ok(());
        }
        let id = envelope.id;
        match self.consumer.consume(envelope.clone()).await {
            Ok(()) => Ok(()),
            Err(ConsumeError::Retry(error)) => Err(error),
            Err(ConsumeError::Reject(reason)) => {
                tracing::error!(event.id = %id, reason, "event set aside");
                let envelope = serde_json::to_string(&envelope)?;
                self.store
                    .dead_letter(DeadLetterRow {
                        event_id: id.to_string(),
                        envelope,
                        reason,
                        dead_at: self.clock.now().naive_utc(),
                    })
                    .await?;
                Ok(())
            }
        }
    }
}
