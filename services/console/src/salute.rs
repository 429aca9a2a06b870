//! Whether the six services answer, asked now and then so that no page waits for the answer.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use platform::{Peer, Peers};
use serde::Deserialize;

/// Between two looks.
pub const OGNI: Duration = Duration::from_secs(5);
const TIMEOUT: Duration = Duration::from_millis(2500);

/// One service as it was at the last look.
#[derive(Clone, Debug)]
pub struct Servizio {
    pub nome: &'static str,
    /// Public address.
    pub url: String,
    /// `None` before the first look.
    pub pronto: Option<bool>,
    pub versione: Option<String>,
    /// What does not work.
    pub dettaglio: Option<String>,
}

/// Clones are the same.
#[derive(Clone)]
pub struct Salute {
    http: reqwest::Client,
    servizi: Arc<Mutex<Vec<Servizio>>>,
    internal: Arc<Vec<String>>,
}

/// What is read of `/readyz`.
#[derive(Deserialize)]
struct Health {
    version: Option<String>,
    #[serde(default)]
    checks: Vec<Check>,
}

#[derive(Deserialize)]
struct Check {
    name: String,
    up: bool,
    detail: Option<String>,
}

impl Salute {
    pub fn new(peers: &Peers) -> anyhow::Result<Self> {
        let all: [(&'static str, &Peer); 6] = [
            ("govpay-core", &peers.core),
            ("loader", &peers.loader),
            ("portale-ente", &peers.portale),
            ("wisp", &peers.wisp),
            ("psp-sim", &peers.psp),
            ("console", &peers.console),
        ];
        let servizi = all.map(|(nome, peer)| Servizio {
            nome,
            url: peer.public.clone(),
            pronto: None,
            versione: None,
            dettaglio: None,
        });
        Ok(Self {
            http: platform::http::client(TIMEOUT)?,
            servizi: Arc::new(Mutex::new(servizi.to_vec())),
            internal: Arc::new(all.map(|(_, peer)| peer.internal.clone()).to_vec()),
        })
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Servizio>> {
        self.servizi.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn servizi(&self) -> Vec<Servizio> {
        self.lock().clone()
    }

    /// Asks all of them at once. Says whether something changed.
    pub async fn look(&self) -> bool {
        let answers = self.internal.iter().map(|base| self.ask(base));
        let answers = futures_util::future::join_all(answers).await;
        let mut changed = false;
        for (servizio, (pronto, versione, dettaglio)) in self.lock().iter_mut().zip(answers) {
            changed |= servizio.pronto != Some(pronto);
            servizio.pronto = Some(pronto);
            servizio.versione = versione;
            servizio.dettaglio = dettaglio;
        }
        changed
    }

    async fn ask(&self, base: &str) -> (bool, Option<String>, Option<String>) {
        let response = match self.http.get(format!("{base}/readyz")).send().await {
            Ok(response) => response,
            Err(error) => return (false, None, Some(error.without_url().to_string())),
        };
        let status = response.status();
        let health: Option<Health> = response.json().await.ok();
        let failing = health.as_ref().and_then(|health| {
            let check = health.checks.iter().find(|check| !check.up)?;
            Some(format!(
                "{}: {}",
                check.name,
                check.detail.as_deref().unwrap_or("—")
            ))
        });
        let dettaglio = (!status.is_success()).then(|| failing.unwrap_or(status.to_string()));
        (
            status.is_success(),
            health.and_then(|h| h.version),
            dettaglio,
        )
    }
}
