//! Takes events from the outbox of a service and hands them to the transport.

use std::time::Duration;

use chrono::TimeDelta;
use domain::Envelope;
use tokio_util::sync::CancellationToken;

use super::Bus;
use crate::clock::real_now;
use crate::store::{OutboxRow, Store};

const BATCH: i64 = 200;
/// A relay that dies leaves its rows to the others after this time.
const LEASE: TimeDelta = TimeDelta::seconds(30);
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Relays until `stop`. Errors are logged and tried again: an event stays in the outbox until the
/// transport has taken it.
pub async fn run(store: Store, bus: Bus, stop: CancellationToken) {
    loop {
        let pause = match relay_batch(&store, &bus).await {
            Ok(0) => LOOK_EVERY,
            Ok(_) => Duration::ZERO,
            Err(error) => {
                tracing::warn!(error = format!("{error:#}"), "relay: outbox not reachable");
                Duration::from_secs(1)
            }
        };
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// Publishes one batch; says how many events it took from the outbox.
pub async fn relay_batch(store: &Store, bus: &Bus) -> anyhow::Result<usize> {
    let rows = store.outbox_claim(BATCH, real_now(), LEASE).await?;
    if rows.is_empty() {
        return Ok(0);
    }
    let batch: Vec<(Envelope, String)> = rows
        .iter()
        .map(|row| Ok((serde_json::from_str(&row.payload)?, row.payload.clone())))
        .collect::<Result<_, serde_json::Error>>()?;
    let results = match bus {
        Bus::Amqp(amqp) => amqp.publish(&batch).await,
        Bus::InProcess(hub) => {
            let mut results = Vec::with_capacity(batch.len());
            for (envelope, _) in &batch {
                results.push(hub.publish(envelope).await);
            }
            results
        }
    };
    settle(store, &rows, &results).await?;
    Ok(rows.len())
}

async fn settle(
    store: &Store,
    rows: &[OutboxRow],
    results: &[anyhow::Result<()>],
) -> anyhow::Result<()> {
    let with = |wanted: bool| -> Vec<i64> {
        rows.iter()
            .zip(results)
            .filter(|(_, r)| r.is_ok() == wanted)
            .map(|(row, _)| row.id)
            .collect()
    };
    let (published, failed) = (with(true), with(false));
    if !published.is_empty() {
        store.outbox_mark_published(published, real_now()).await?;
    }
    if let Some(Err(error)) = results.iter().find(|r| r.is_err()) {
        let attempts = rows
            .iter()
            .map(|row| row.attempts)
            .max()
            .unwrap_or(0)
            .clamp(0, 6);
        let pause = TimeDelta::milliseconds(100 << attempts);
        tracing::warn!(
            events = failed.len(),
            error = format!("{error:#}"),
            "events not published, will try again"
        );
        store.outbox_release(failed, real_now() + pause).await?;
    }
    Ok(())
}
