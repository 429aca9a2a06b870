//! Requests: many at a time for a rate, one at a time for a latency.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::ensure;
use reqwest::RequestBuilder;
use tokio::task::JoinSet;

/// Answers per second of `connections` callers, each of which asks again as soon as it is answered.
/// `request` makes the n-th request; an answer that is not a success ends the measure.
pub async fn rate<F>(connections: usize, time: Duration, request: F) -> anyhow::Result<f64>
where
    F: Fn(u64) -> RequestBuilder + Send + Sync + 'static,
{
    let (request, next) = (Arc::new(request), Arc::new(AtomicU64::new(0)));
    let over = Arc::new(AtomicBool::new(false));
    let mut callers = JoinSet::new();
    let begun = Instant::now();
    for _ in 0..connections {
        let (request, next, over) = (Arc::clone(&request), Arc::clone(&next), Arc::clone(&over));
        callers.spawn(async move {
            let mut answered = 0_u64;
            while !over.load(Ordering::Relaxed) {
                send(request(next.fetch_add(1, Ordering::Relaxed))).await?;
                answered += 1;
            }
            anyhow::Ok(answered)
        });
    }
    tokio::time::sleep(time).await;
    over.store(true, Ordering::Relaxed);
    let mut answered = 0;
    while let Some(caller) = callers.join_next().await {
        answered += caller??;
    }
    Ok(answered as f64 / begun.elapsed().as_secs_f64())
}

/// Milliseconds until the last byte of the answer.
pub async fn latency(request: RequestBuilder) -> anyhow::Result<f64> {
    let begun = Instant::now();
    send(request).await?;
    Ok(begun.elapsed().as_secs_f64() * 1000.0)
}

async fn send(request: RequestBuilder) -> anyhow::Result<()> {
    let answer = request.send().await?;
    let (status, url) = (answer.status(), answer.url().clone());
    let body = answer.bytes().await?;
    ensure!(
        status.is_success(),
        "{url}: {status} {}",
        String::from_utf8_lossy(&body)
    );
    Ok(())
}
