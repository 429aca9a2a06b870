//! Client of the API Ente: the software of the bodies, asked and told. One call, with its times, its
//! authentication and its line in the giornale, is here; what is asked is in `verifica`, what is told
//! in `spedizione`.
//!
//! The software of a body may be slow or down for days. Nothing waits for it but its own pendenze:
//! calls to one applicazione have their own places and their own times, no thread is held and no
//! transaction is open meanwhile.

pub mod connettore;
mod corpo;
mod credenziali;
mod giudizio;
mod spedizione;
mod verifica;

pub use giudizio::RifiutoEnte;
pub use verifica::{Mancata, Verificata};

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::TimeDelta;
use govpay_api::Fault;
use govpay_api::ente::ID_EVENTO;
use platform::{Clock, http};
use reqwest::Method;
use tokio::sync::{Notify, Semaphore};

use crate::giornale::{Giornale, Scambio};
use crate::nodo::Oggetto;
use connettore::Connettore;
use credenziali::Gettoni;

/// Verifiche of one applicazione under way at once; more wait for their turn within their time.
const VERIFICHE_INSIEME: usize = 16;

/// Statuses of the 4xx that say "later".
pub const LATER: [u16; 2] = [408, 429];

/// Why a call did not bring what was asked for. The texts are for people, and hold nothing of what a
/// server wrote that is not the contract's.
#[derive(Clone, Debug, thiserror::Error)]
pub enum EnteError {
    #[error("il connettore dell'applicazione non si può usare: {0}")]
    Configurazione(String),
    #[error("l'applicazione non è raggiungibile: {0}")]
    Irraggiungibile(String),
    #[error("l'applicazione non ha risposto entro {} ms", .0.as_millis())]
    Tardi(Duration),
    /// `dopo`: what it asked to wait.
    #[error("l'applicazione ha risposto {testo}")]
    Stato {
        status: u16,
        testo: String,
        dopo: Option<TimeDelta>,
    },
    #[error("{0}")]
    Illeggibile(String),
}

/// The calls to the software of the bodies. Cheap to clone.
#[derive(Clone)]
pub struct Ente(Arc<Interno>);

struct Interno {
    giornale: Giornale,
    clock: Clock,
    /// By the wait to connect, which belongs to the client and not to the call.
    clients: Mutex<HashMap<Duration, reqwest::Client>>,
    gettoni: Gettoni,
    /// Places for the verifiche of each applicazione.
    posti: Mutex<HashMap<String, Arc<Semaphore>>>,
    sveglia: Notify,
}

/// What is asked or told.
struct Chiamata<'a> {
    /// The operation, as the contract names it.
    tipo: &'static str,
    metodo: Method,
    /// Of the path, under the address of the connector.
    segmenti: &'a [&'a str],
    query: Vec<(&'static str, String)>,
    corpo: Option<String>,
    id_evento: Option<&'a str>,
    oggetto: Oggetto,
    id_a2a: &'a str,
    id_pendenza: Option<&'a str>,
    timeout: Duration,
}

impl Ente {
    pub fn new(giornale: Giornale, clock: Clock) -> Self {
        Self(Arc::new(Interno {
            giornale,
            clock,
            clients: Mutex::default(),
            gettoni: Gettoni::default(),
            posti: Mutex::default(),
            sveglia: Notify::new(),
        }))
    }

    /// Something may have been written to be told: it leaves now and not at the next look.
    pub fn sveglia(&self) {
        self.0.sveglia.notify_one();
    }

    /// Returns when [`Ente::sveglia`] was called.
    async fn svegliata(&self) {
        self.0.sveglia.notified().await;
    }

    fn client(&self, connect: Duration) -> Result<reqwest::Client, EnteError> {
        let mut clients = self.0.clients.lock().map_err(configurazione)?;
        if let Some(client) = clients.get(&connect) {
            return Ok(client.clone());
        }
        // The time of the answer is that of each call.
        let client = http::client_connecting(connect, Duration::from_secs(120));
        let client = client.map_err(configurazione)?;
        clients.insert(connect, client.clone());
        Ok(client)
    }

    fn posti(&self, id_a2a: &str) -> Result<Arc<Semaphore>, EnteError> {
        let mut posti = self.0.posti.lock().map_err(configurazione)?;
        let nuovi = || Arc::new(Semaphore::new(VERIFICHE_INSIEME));
        Ok(Arc::clone(
            posti.entry(id_a2a.to_owned()).or_insert_with(nuovi),
        ))
    }

    /// One exchange, written in the giornale. `leggi` takes the body of an answer of success.
    async fn chiama<T>(
        &self,
        connettore: &Connettore,
        chiamata: Chiamata<'_>,
        leggi: impl FnOnce(&[u8]) -> Result<T, EnteError>,
    ) -> Result<T, EnteError> {
        let interno = &*self.0;
        let mut scambio = interno.giornale.begin("API_ENTE", "CLIENT", chiamata.tipo);
        let evento = &mut scambio.evento;
        evento.id_dominio = chiamata.oggetto.id_dominio.clone();
        evento.iuv = chiamata.oggetto.iuv.clone();
        evento.ccp = chiamata.oggetto.ccp.clone();
        evento.id_pagamento = chiamata.oggetto.id_pagamento.clone();
        evento.id_a2a = Some(chiamata.id_a2a.to_owned());
        evento.id_pendenza = chiamata.id_pendenza.map(str::to_owned);
        let limit = connettore.connessione() + chiamata.timeout;
        let exchange = self.scambia(connettore, &chiamata, &mut scambio);
        let answer = match tokio::time::timeout(limit, exchange).await {
            Ok(answer) => answer.and_then(|body| leggi(&body)),
            Err(_) => Err(EnteError::Tardi(limit)),
        };
        match &answer {
            Ok(_) => {}
            Err(EnteError::Stato { status, testo, .. }) if (400..500).contains(status) => {
                scambio.ko(status.to_string(), testo);
                if chiamata.id_evento.is_some() && !LATER.contains(status) {
                    scambio.evento.severita = 4; // nobody insists: a person has to look at it
                }
            }
            Err(EnteError::Stato { status, testo, .. }) => scambio.fail(status.to_string(), testo),
            Err(error) => scambio.fail("EC", error.to_string()),
        }
        interno.giornale.end(scambio).await;
        answer
    }

    async fn scambia(
        &self,
        connettore: &Connettore,
        chiamata: &Chiamata<'_>,
        scambio: &mut Scambio,
    ) -> Result<Vec<u8>, EnteError> {
        let url = connettore.indirizzo(chiamata.segmenti, &chiamata.query)?;
        let body = chiamata.corpo.as_deref().unwrap_or_default();
        let shown = connettore::senza_credenziali(&url);
        let now = self.0.clock.now();
        scambio.richiesta(chiamata.metodo.as_str(), &shown, body, now);
        let client = self.client(connettore.connessione())?;
        for again in [false, true] {
            let mut request = client
                .request(chiamata.metodo.clone(), url.clone())
                .header("accept", "application/json");
            if let Some(body) = &chiamata.corpo {
                request = request
                    .header("content-type", "application/json")
                    .body(body.clone());
            }
            if let Some(id) = chiamata.id_evento {
                request = request.header(ID_EVENTO, id);
            }
            let request = self.con_credenziali(&client, connettore, request, again);
            let request = http::traced(request.await?);
            let response = request.send().await.map_err(irraggiungibile)?;
            // A token may be revoked before its time: another one is asked for, once.
            if response.status() == 401 && !again && connettore.ha_gettone() {
                continue;
            }
            return self.risposta(response, scambio).await;
        }
        Err(EnteError::Illeggibile("nessuna risposta".to_owned()))
    }

    async fn risposta(
        &self,
        response: reqwest::Response,
        scambio: &mut Scambio,
    ) -> Result<Vec<u8>, EnteError> {
        let status = response.status().as_u16();
        let dopo = response
            .headers()
            .get("retry-after")
            .and_then(|value| value.to_str().ok()?.trim().parse().ok())
            .and_then(TimeDelta::try_seconds);
        let body = http::read_limited(response, http::MAX_BODY_BYTES)
            .await
            .map_err(|error| EnteError::Illeggibile(error.to_string()))?;
        let now = self.0.clock.now();
        scambio.risposta(status, &String::from_utf8_lossy(&body), now);
        if (200..300).contains(&status) {
            return Ok(body);
        }
        Err(EnteError::Stato {
            status,
            testo: parole(status, &body),
            dopo,
        })
    }
}

/// What an answer that is no success says, when it says it in the words of the contract: never a page.
fn parole(status: u16, body: &[u8]) -> String {
    match serde_json::from_slice::<Fault>(body) {
        Ok(fault) => {
            let dettaglio = fault.dettaglio.map(|text| format!(": {text}"));
            let dettaglio = dettaglio.unwrap_or_default();
            format!(
                "HTTP {status} ({} {}{dettaglio})",
                fault.codice, fault.descrizione
            )
        }
        Err(_) => format!("HTTP {status}"),
    }
}

/// Without the URL, which reqwest puts in its messages: the giornale has it.
fn irraggiungibile(error: reqwest::Error) -> EnteError {
    if error.is_connect() {
        return EnteError::Irraggiungibile("connessione rifiutata o indirizzo errato".to_owned());
    }
    let text = format!("comunicazione interrotta ({})", error.without_url());
    EnteError::Irraggiungibile(text)
}

fn configurazione(error: impl std::fmt::Display) -> EnteError {
    EnteError::Configurazione(error.to_string())
}
