//! One tracciato through the Loader's API, timed from its first byte to the elaborato.

use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use chrono::{DateTime, Utc};
use futures_util::StreamExt as _;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio_util::io::ReaderStream;

use crate::file::Tracciato;
use crate::prober::Target;

/// The administrator of the demo tenant.
const OPERATOR: (&str, &str) = ("gpadmin", "Gpadmin-Password1");
/// No single answer takes longer than this.
const TIMEOUT: Duration = Duration::from_secs(3600);
/// Pieces of the file on their way.
const PIECE: usize = 256 * 1024;

/// How long one tracciato took, in seconds. The phases of validation and loading come from the
/// tracciato's own times, and contain the waits for the timers.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    /// From the first byte of the upload to the first byte of the elaborato.
    pub total: f64,
    /// Until the answer 202.
    pub upload: f64,
    pub validation: f64,
    pub loading: f64,
    /// From the request of the elaborato to its last byte; only its first byte is in the total.
    pub download: f64,
    /// Mean time of one question for the state.
    pub poll: f64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct View {
    id: i64,
    stato: String,
    righe_caricate: u64,
    motivo: Option<String>,
    nota: Option<String>,
    caricato_il: DateTime<Utc>,
    validato_il: Option<DateTime<Utc>>,
    concluso_il: Option<DateTime<Utc>>,
}

/// The Loader's API as a program of an office uses it.
pub struct Loader {
    http: reqwest::Client,
    base: String,
    every: Duration,
}

impl Loader {
    /// `every`: the pause between two questions for the state.
    pub fn new(loader_url: &str, every: Duration) -> anyhow::Result<Self> {
        Ok(Self {
            http: platform::http::client(TIMEOUT)?,
            base: format!("{loader_url}/api/v1/tracciati"),
            every,
        })
    }

    /// Loads the file and reads its elaborato. An error when not every row is loaded.
    pub async fn load(&self, file: &Tracciato) -> anyhow::Result<(i64, Timing)> {
        let body = tokio::fs::File::open(&file.path).await?;
        let body = reqwest::Body::wrap_stream(ReaderStream::with_capacity(body, PIECE));
        let request = self.http.post(&self.base).query(&[("nome", "bench.csv")]);
        let request = request.header("content-type", "text/csv").body(body);
        let begun = Instant::now();
        let taken: View = self.json(request).await?;
        let upload = begun.elapsed().as_secs_f64();

        let (polled, mut polls) = (Instant::now(), 0_u32);
        let url = format!("{}/{}", self.base, taken.id);
        let mut waited = Duration::ZERO;
        let done = loop {
            let view: View = self.json(self.http.get(&url)).await?;
            polls += 1;
            if self.is_done(&view).await? {
                break view;
            }
            tokio::time::sleep(self.every).await;
            waited += self.every;
        };
        let polling = polled.elapsed().saturating_sub(waited);
        ensure!(
            done.righe_caricate == file.rows,
            "{} rows loaded of {}",
            done.righe_caricate,
            file.rows
        );
        let (first, download) = self.elaborato(&url, file.rows).await?;
        let validated = done.validato_il.context("no validatoIl")?;
        let concluded = done.concluso_il.context("no conclusoIl")?;
        let seconds = |from: DateTime<Utc>, to: DateTime<Utc>| {
            (to - from).to_std().unwrap_or_default().as_secs_f64()
        };
        let timing = Timing {
            total: first.duration_since(begun).as_secs_f64(),
            upload,
            validation: seconds(done.caricato_il, validated),
            loading: seconds(validated, concluded),
            download,
            poll: polling.as_secs_f64() / f64::from(polls),
        };
        Ok((taken.id, timing))
    }

    /// Up to a thousand pendenze of a tracciato.
    pub async fn targets(&self, id: i64) -> anyhow::Result<Vec<Target>> {
        let url = format!("{}/{id}/righe?limite=1000", self.base);
        self.json(self.http.get(&url)).await
    }

    /// Whether every row is loaded; an error when this will never be.
    async fn is_done(&self, view: &View) -> anyhow::Result<bool> {
        match view.stato.as_str() {
            "CARICAMENTO_OK" => Ok(true),
            "NUOVO" | "IN_VALIDAZIONE" | "VALIDAZIONE_OK" | "IN_CARICAMENTO" => Ok(false),
            stato => {
                let url = format!("{}/{}/segnalazioni?limite=3", self.base, view.id);
                let faults: serde_json::Value = self.json(self.http.get(url)).await?;
                bail!(
                    "the tracciato ended as {stato}: {}{}; {faults}",
                    view.motivo.as_deref().unwrap_or("no motivo"),
                    view.nota.as_deref().unwrap_or_default()
                )
            }
        }
    }

    /// When the first byte of the elaborato came, and the seconds to its last. It has one line for
    /// the header and one per row.
    async fn elaborato(&self, url: &str, rows: u64) -> anyhow::Result<(Instant, f64)> {
        let asked = Instant::now();
        let request = self.http.get(format!("{url}/elaborato"));
        let request = request.basic_auth(OPERATOR.0, Some(OPERATOR.1));
        let answer = request.send().await?.error_for_status()?;
        let mut pieces = answer.bytes_stream();
        let (mut first, mut lines) = (None, 0_u64);
        while let Some(piece) = pieces.next().await {
            let piece = piece.context("the elaborato broke off")?;
            first.get_or_insert_with(Instant::now);
            lines += piece.iter().filter(|b| **b == b'\n').count() as u64;
        }
        ensure!(
            lines == rows + 1,
            "the elaborato of {rows} rows has {lines} lines"
        );
        let first = first.context("the elaborato is empty")?;
        Ok((first, asked.elapsed().as_secs_f64()))
    }

    async fn json<T: DeserializeOwned>(
        &self,
        request: reqwest::RequestBuilder,
    ) -> anyhow::Result<T> {
        let request = request.basic_auth(OPERATOR.0, Some(OPERATOR.1));
        let answer = request.send().await.context("the loader does not answer")?;
        let (status, url) = (answer.status(), answer.url().clone());
        let body = answer.bytes().await?;
        ensure!(
            status.is_success(),
            "{url}: {status} {}",
            String::from_utf8_lossy(&body)
        );
        serde_json::from_slice(&body).with_context(|| url.to_string())
    }
}
