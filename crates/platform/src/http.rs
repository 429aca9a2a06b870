//! Calls to other systems: one client with timeouts, and the trace context on the way out.

use std::time::Duration;

use crate::telemetry;

/// Longest answer that we read from another system, unless the caller says otherwise.
pub const MAX_BODY_BYTES: usize = 8 * 1024 * 1024;

/// A client that waits at most 5 s to connect and `timeout` for the whole answer, and never
/// follows redirects: in this field a redirect is an answer.
pub fn client(timeout: Duration) -> anyhow::Result<reqwest::Client> {
    client_connecting(Duration::from_secs(5), timeout)
}

/// The same with its own wait to connect.
pub fn client_connecting(connect: Duration, timeout: Duration) -> anyhow::Result<reqwest::Client> {
    Ok(reqwest::Client::builder()
        .connect_timeout(connect)
        .timeout(timeout)
        .pool_max_idle_per_host(32)
        .redirect(reqwest::redirect::Policy::none())
        .user_agent(concat!("govpay-lab/", env!("CARGO_PKG_VERSION")))
        .build()?)
}

/// Adds the `traceparent` of the current span.
pub fn traced(request: reqwest::RequestBuilder) -> reqwest::RequestBuilder {
    match telemetry::current_traceparent() {
        Some(traceparent) => request.header("traceparent", traceparent),
        None => request,
    }
}

/// Reads an answer of at most `limit` bytes.
pub async fn read_limited(
    mut response: reqwest::Response,
    limit: usize,
) -> Result<Vec<u8>, ReadError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > limit {
            return Err(ReadError::TooLarge(limit));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error("la risposta supera {0} byte")]
    TooLarge(usize),
    #[error("risposta interrotta")]
    Transport(#[from] reqwest::Error),
}
