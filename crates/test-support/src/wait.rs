//! Waiting for a condition, never for a time.

use std::future::Future;
use std::time::{Duration, Instant};

/// How long a condition may take before the test fails. Generous: a machine that runs the whole
/// suite on two cores is slow, and a condition that holds earlier ends the wait.
pub const LIMIT: Duration = Duration::from_secs(60);

/// Asks `probe` until it gives a value; panics with `what` and the last refusal after [`LIMIT`].
pub async fn wait_until<T, F, W>(what: &str, mut probe: F) -> T
where
    F: FnMut() -> W,
    W: Future<Output = Result<T, String>>,
{
    let begun = Instant::now();
    loop {
        match probe().await {
            Ok(value) => return value,
            Err(last) if begun.elapsed() > LIMIT => {
                panic!(
                    "after {} s still not: {what}; last seen: {last}",
                    LIMIT.as_secs()
                )
            }
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}
