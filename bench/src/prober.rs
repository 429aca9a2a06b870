//! What a portal feels while a tracciato is loaded: single readings at a fixed rate, whatever the
//! answers take (open loop). A reading's time counts from when it was due, not from when it was sent.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use serde::Deserialize;
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior};

/// The gestionale of the demo tenant, which owns the pendenze.
const GESTIONALE: (&str, &str) = ("gestionale", "Gestionale-Password1");
const API: &str = "/govpay/backend/api/pendenze/rs/basic/v2/pendenze";
/// Readings per second.
pub const RATE: u64 = 100;
const TIMEOUT: Duration = Duration::from_secs(30);

/// A pendenza to read.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Target {
    #[serde(rename = "idA2A")]
    pub id_a2a: String,
    pub id_pendenza: String,
    pub id_dominio: String,
    pub numero_avviso: String,
}

/// The times of the readings, in milliseconds, and how many failed.
#[derive(Clone, Debug, Default)]
pub struct Readings {
    pub millis: Vec<f64>,
    pub failed: u64,
}

pub struct Prober {
    http: reqwest::Client,
    /// By avviso and by id in turn.
    urls: Arc<Vec<String>>,
}

impl Prober {
    pub fn new(core_url: &str, targets: &[Target]) -> anyhow::Result<Self> {
        ensure!(!targets.is_empty(), "there is no pendenza to read");
        let urls = targets.iter().flat_map(|t| {
            [
                format!(
                    "{core_url}{API}/byAvviso/{}/{}",
                    t.id_dominio, t.numero_avviso
                ),
                format!("{core_url}{API}/{}/{}", t.id_a2a, t.id_pendenza),
            ]
        });
        Ok(Self {
            http: platform::http::client(TIMEOUT)?,
            urls: Arc::new(urls.collect()),
        })
    }

    /// Reads for this long.
    pub async fn run_for(&self, time: Duration) -> anyhow::Result<Readings> {
        self.run(tokio::time::sleep(time)).await
    }

    /// Reads while `work` goes on; what came of both.
    pub async fn run_during<T>(
        &self,
        work: impl Future<Output = anyhow::Result<T>>,
    ) -> anyhow::Result<(T, Readings)> {
        let (over, is_over) = oneshot::channel::<()>();
        let work = async move {
            let done = work.await;
            // The readings have ended before: then their error is the one to show.
            let _ = over.send(());
            done
        };
        let readings = self.run(async {
            // Also over when the work is dropped.
            let _ = is_over.await;
        });
        let (done, readings) = tokio::join!(work, readings);
        Ok((done?, readings?))
    }

    async fn run(&self, until: impl Future<Output = ()>) -> anyhow::Result<Readings> {
        let mut ticks = tokio::time::interval(Duration::from_millis(1000 / RATE));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
        let mut under_way = JoinSet::new();
        let mut readings = Readings::default();
        let mut urls = self.urls.iter().cycle();
        tokio::pin!(until);
        loop {
            tokio::select! {
                () = &mut until => break,
                due = ticks.tick() => {
                    let url = urls.next().context("there is no pendenza to read")?.clone();
                    under_way.spawn(read(self.http.clone(), url, due));
                }
                Some(read) = under_way.join_next() => readings.add(read?),
            }
        }
        while let Some(read) = under_way.join_next().await {
            readings.add(read?);
        }
        Ok(readings)
    }
}

impl Readings {
    fn add(&mut self, read: Option<f64>) {
        match read {
            Some(millis) => self.millis.push(millis),
            None => self.failed += 1,
        }
    }
}

/// Milliseconds since `due`; `None` when the answer is not the pendenza.
async fn read(http: reqwest::Client, url: String, due: Instant) -> Option<f64> {
    let request = http.get(url).basic_auth(GESTIONALE.0, Some(GESTIONALE.1));
    let answer = request.send().await.ok()?.error_for_status().ok()?;
    answer.bytes().await.ok()?;
    Some(due.elapsed().as_secs_f64() * 1000.0)
}
