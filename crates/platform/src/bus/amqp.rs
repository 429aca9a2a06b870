//! Delivery through RabbitMQ: a topic exchange, one quorum queue per service, dead letters.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use domain::Envelope;
use futures_util::StreamExt as _;
use lapin::options::{
    BasicAckOptions, BasicConsumeOptions, BasicNackOptions, BasicPublishOptions, BasicQosOptions,
    ConfirmSelectOptions, ExchangeDeclareOptions, QueueBindOptions, QueueDeclareOptions,
};
use lapin::types::{AMQPValue, FieldTable};
use lapin::{BasicProperties, Channel, Connection, ConnectionProperties, ExchangeKind};
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

use super::{Subscriber, topology};

/// A confirm that does not come within this time counts as a failure.
const CONFIRM_TIMEOUT: Duration = Duration::from_secs(5);
/// Events on their way to a consumer at once; it takes them one by one.
const PREFETCH: u16 = 20;

/// RabbitMQ as this process uses it: one connection for publishing, one for consuming.
pub struct Amqp {
    uri: String,
    namespace: String,
    publisher: Mutex<Option<(Connection, Channel)>>,
    up: AtomicBool,
}

impl Amqp {
    pub(super) fn new(uri: String, namespace: String) -> Self {
        Self {
            uri,
            namespace,
            publisher: Mutex::default(),
            up: AtomicBool::new(false),
        }
    }

    pub(super) fn is_up(&self) -> bool {
        self.up.load(Ordering::Relaxed)
    }

    /// A fresh connection and channel with the whole topology declared.
    async fn open(&self) -> anyhow::Result<(Connection, Channel)> {
        let connect = Connection::connect(&self.uri, ConnectionProperties::default());
        let connection = tokio::time::timeout(Duration::from_secs(10), connect)
            .await
            .context("il broker non risponde")?
            .context("il broker non è raggiungibile")?;
        let channel = connection.create_channel().await?;
        self.declare(&channel).await?;
        Ok((connection, channel))
    }

    async fn declare(&self, channel: &Channel) -> anyhow::Result<()> {
        let durable = ExchangeDeclareOptions {
            durable: true,
            ..Default::default()
        };
        let exchange = topology::exchange(&self.namespace);
        let dead = topology::dead_exchange(&self.namespace);
        let none = FieldTable::default;
        channel
            .exchange_declare(
                exchange.as_str().into(),
                ExchangeKind::Topic,
                durable,
                none(),
            )
            .await?;
        channel
            .exchange_declare(dead.as_str().into(), ExchangeKind::Fanout, durable, none())
            .await?;

        let queue_options = QueueDeclareOptions {
            durable: true,
            ..Default::default()
        };
        let dead_queue = topology::dead_queue(&self.namespace);
        channel
            .queue_declare(dead_queue.as_str().into(), queue_options, quorum(&[]))
            .await?;
        channel
            .queue_bind(
                dead_queue.as_str().into(),
                dead.as_str().into(),
                "".into(),
                QueueBindOptions::default(),
                none(),
            )
            .await?;

        for (service, keys) in topology::SUBSCRIPTIONS {
            let queue = topology::queue(&self.namespace, service);
            let arguments = quorum(&[
                (
                    "x-delivery-limit",
                    AMQPValue::LongLongInt(topology::DELIVERY_LIMIT),
                ),
                (
                    "x-dead-letter-exchange",
                    AMQPValue::LongString(dead.as_str().into()),
                ),
                (
                    "x-max-length",
                    AMQPValue::LongLongInt(topology::MAX_QUEUE_LENGTH),
                ),
            ]);
            channel
                .queue_declare(queue.as_str().into(), queue_options, arguments)
                .await?;
            for key in keys {
                channel
                    .queue_bind(
                        queue.as_str().into(),
                        exchange.as_str().into(),
                        (*key).into(),
                        QueueBindOptions::default(),
                        none(),
                    )
                    .await?;
            }
        }
        Ok(())
    }

    /// Publishes a batch and waits for all confirms together. The result of each event is at its
    /// place; when the connection is gone, all of them fail.
    pub(super) async fn publish(&self, batch: &[(Envelope, String)]) -> Vec<anyhow::Result<()>> {
        let mut publisher = self.publisher.lock().await;
        let result = self.publish_on(&mut publisher, batch).await;
        match result {
            Ok(results) => results,
            Err(error) => {
                *publisher = None;
                self.up.store(false, Ordering::Relaxed);
                let text = format!("{error:#}");
                batch
                    .iter()
                    .map(|_| Err(anyhow::anyhow!("{text}")))
                    .collect()
            }
        }
    }

    async fn publish_on(
        &self,
        publisher: &mut Option<(Connection, Channel)>,
        batch: &[(Envelope, String)],
    ) -> anyhow::Result<Vec<anyhow::Result<()>>> {
        let usable = publisher
            .as_ref()
            .is_some_and(|(c, ch)| c.status().connected() && ch.status().connected());
        if !usable {
            let (connection, channel) = self.open().await?;
            channel
                .confirm_select(ConfirmSelectOptions::default())
                .await?;
            *publisher = Some((connection, channel));
        }
        let (_, channel) = publisher.as_ref().context("nessun canale")?;
        let exchange = topology::exchange(&self.namespace);
        let mut confirms = Vec::with_capacity(batch.len());
        for (envelope, payload) in batch {
            confirms.push(
                channel
                    .basic_publish(
                        exchange.as_str().into(),
                        envelope.event.key().into(),
                        BasicPublishOptions::default(),
                        payload.as_bytes(),
                        properties(envelope),
                    )
                    .await?,
            );
        }
        let mut results = Vec::with_capacity(confirms.len());
        for confirm in confirms {
            let confirmation = tokio::time::timeout(CONFIRM_TIMEOUT, confirm)
                .await
                .context("il broker non ha confermato in tempo")??;
            results.push(if confirmation.is_ack() {
                Ok(())
            } else {
                Err(anyhow::anyhow!("il broker ha rifiutato l'evento"))
            });
        }
        self.up.store(true, Ordering::Relaxed);
        Ok(results)
    }

    /// Consumes the queue of the service until `stop`; reopens whatever breaks.
    pub(crate) async fn consume(&self, subscriber: Arc<Subscriber>, stop: CancellationToken) {
        let mut wait = Duration::from_millis(200);
        loop {
            let outcome = tokio::select! {
                () = stop.cancelled() => return,
                outcome = self.consume_until_broken(&subscriber, &mut wait) => outcome,
            };
            self.up.store(false, Ordering::Relaxed);
            if let Err(error) = outcome {
                tracing::warn!(
                    service = subscriber.service,
                    error = format!("{error:#}"),
                    "bus lost, reconnecting"
                );
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(wait) => {}
            }
            wait = (wait * 2).min(Duration::from_secs(5));
        }
    }

    async fn consume_until_broken(
        &self,
        subscriber: &Subscriber,
        wait: &mut Duration,
    ) -> anyhow::Result<()> {
        let (_connection, channel) = self.open().await?;
        channel
            .basic_qos(PREFETCH, BasicQosOptions::default())
            .await?;
        let queue = topology::queue(&self.namespace, subscriber.service);
        let mut deliveries = channel
            .basic_consume(
                queue.as_str().into(),
                subscriber.service.into(),
                BasicConsumeOptions::default(),
                FieldTable::default(),
            )
            .await?;
        self.up.store(true, Ordering::Relaxed);
        *wait = Duration::from_millis(200);
        while let Some(delivery) = deliveries.next().await {
            let delivery = delivery?;
            let envelope: Envelope = match serde_json::from_slice(&delivery.data) {
                Ok(envelope) => envelope,
                Err(error) => {
                    // Nobody of ours wrote it: to the dead letters, where it can be looked at.
                    tracing::error!(%error, "unreadable message set aside");
                    let requeue = BasicNackOptions {
                        requeue: false,
                        ..Default::default()
                    };
                    delivery.nack(requeue).await?;
                    continue;
                }
            };
            match subscriber.deliver(envelope).await {
                Ok(()) => {
                    delivery.ack(BasicAckOptions::default()).await?;
                }
                Err(error) => {
                    tracing::warn!(
                        service = subscriber.service,
                        error = format!("{error:#}"),
                        "event not taken, will come again"
                    );
                    // Redelivery is immediate: without this pause a database that is down would
                    // use up the delivery limit in an instant.
                    tokio::time::sleep(Duration::from_secs(1)).await;
                    let requeue = BasicNackOptions {
                        requeue: true,
                        ..Default::default()
                    };
                    delivery.nack(requeue).await?;
                }
            }
        }
        ensure!(channel.status().connected(), "canale chiuso");
        Ok(())
    }
}

fn quorum(more: &[(&str, AMQPValue)]) -> FieldTable {
    let mut arguments = FieldTable::default();
    arguments.insert(
        "x-queue-type".into(),
        AMQPValue::LongString("quorum".into()),
    );
    for (name, value) in more {
        arguments.insert((*name).into(), value.clone());
    }
    arguments
}

fn properties(envelope: &Envelope) -> BasicProperties {
    let mut headers = FieldTable::default();
    if let Some(traceparent) = &envelope.traceparent {
        headers.insert(
            "traceparent".into(),
            AMQPValue::LongString(traceparent.as_str().into()),
        );
    }
    BasicProperties::default()
        .with_delivery_mode(2)
        .with_content_type("application/json".into())
        .with_message_id(envelope.id.to_string().into())
        .with_headers(headers)
}
