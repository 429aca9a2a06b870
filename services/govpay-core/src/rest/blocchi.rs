//! Blocks of operations on pendenze: our own endpoint, for bulk loading.

use std::sync::Arc;
use std::time::Duration;

use actix_web::{HttpResponse, post, web};
use futures_util::StreamExt as _;
use govpay_api::NuovaPendenza;
use govpay_api::blocco::{self, EsitiBlocco, EsitoOperazione, OPERAZIONI_MAX};
use platform::{AppError, AppResult, Problem};
use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::runtime::Runtime;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinHandle;

use super::auth::Applicazione;
use super::risposta::{Guasto, fault};
use super::{App, convalida};
use crate::blocco::{Annullamento, Blocco, Operazione};
use crate::pagamenti::Errore;
use crate::pendenza::{Ordine, OrigineOrdine};
use crate::verifica;

/// Bytes of a block at most.
const BYTES_MAX: usize = 8 * 1024 * 1024;
/// Blocks at work at the same time: the others of the core's requests go on beside them.
const AL_LAVORO: usize = 2;
/// Blocks that may wait for their turn.
const IN_ATTESA: usize = 16;
/// How long a block may take to arrive: while it does, it holds a place.
const ARRIVO: Duration = Duration::from_secs(30);

/// The turns of the blocks, and the threads where they are worked on. Clones are the same.
#[derive(Clone)]
pub struct Turni {
    ammessi: Arc<Semaphore>,
    al_lavoro: Arc<Semaphore>,
    officina: Arc<Officina>,
}

/// Threads for the blocks alone. Allocators keep what a thread has used for that thread: a block that
/// went to whichever thread of the service is free would leave its megabytes in all of them.
struct Officina(Option<Runtime>);

impl Drop for Officina {
    fn drop(&mut self) {
        // It may be dropped on a thread that must not wait; nothing is at work when the service ends.
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

impl Turni {
    pub fn new() -> anyhow::Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .max_blocking_threads(AL_LAVORO)
            .thread_name("blocchi")
            .enable_time()
            .build()?;
        Ok(Self {
            ammessi: Arc::new(Semaphore::new(AL_LAVORO + IN_ATTESA)),
            al_lavoro: Arc::new(Semaphore::new(AL_LAVORO)),
            officina: Arc::new(Officina(Some(runtime))),
        })
    }

    /// Goes on to its end, whether or not somebody waits for it.
    fn lavora<F>(&self, lavoro: F) -> AppResult<JoinHandle<F::Output>>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        let runtime = self.officina.0.as_ref();
        let runtime = runtime.ok_or_else(|| interno(anyhow::anyhow!("the service has ended")))?;
        Ok(runtime.spawn(lavoro))
    }

    /// A place for a block, before it is read; held until its work is done.
    fn ammetti(&self) -> AppResult<OwnedSemaphorePermit> {
        let posto = Arc::clone(&self.ammessi).try_acquire_owned();
        posto.map_err(|_| AppError::Unavailable {
            code: "TROPPI_BLOCCHI",
            detail: format!("Ci sono già {IN_ATTESA} blocchi in attesa: riprova tra poco."),
        })
    }
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
pub struct ProvaQuery {
    /// Only tell what would be refused; nothing is written.
    #[serde(default)]
    prova: bool,
}

/// Does up to 1000 operations on pendenze of the caller's own idA2A, in one transaction: creations or
/// updates (as `PUT /pendenze/…`) and annulments. Refused operations leave the others. The same block
/// again changes nothing. One outcome per operation, in their order.
#[utoipa::path(
    tag = "pendenze in blocco",
    params(ProvaQuery),
    request_body = blocco::Blocco,
    responses(
        (status = 200, body = EsitiBlocco),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Il blocco non si legge, o supera un limite", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Troppi blocchi in attesa", body = Problem, content_type = "application/problem+json"),
    ),
)]
#[post("/api/v1/pendenze/blocchi")]
pub async fn post_blocco(
    app: web::Data<App>,
    caller: Result<Applicazione, Guasto>,
    query: Result<web::Query<ProvaQuery>, actix_web::Error>,
    payload: web::Payload,
) -> AppResult<HttpResponse> {
    let caller = caller.and_then(|caller| Ok(caller.may_pendenze()?));
    let caller = caller.map_err(problema)?;
    let query = query.map_err(|error| {
        let detail = format!("prova: deve essere true o false ({error}).");
        AppError::invalid("PARAMETRO_NON_VALIDO", detail)
    })?;
    let posto = app.blocchi.ammetti()?;
    let body = tokio::time::timeout(ARRIVO, leggi(payload)).await;
    let body = body.map_err(|_| {
        let detail = format!("Il blocco non è arrivato in {} secondi.", ARRIVO.as_secs());
        AppError::invalid("BLOCCO_INTERROTTO", detail)
    })??;
    let lavoro = esegui(app.get_ref().clone(), caller, body, query.prova, posto);
    // In a task of its own: a caller that goes away leaves the work going, and it holds its turn.
    let esiti = app.blocchi.lavora(lavoro)?.await.map_err(interno)??;
    Ok(HttpResponse::Ok().json(esiti))
}

/// Why the caller is sent away, as our own APIs say it.
fn problema(guasto: Guasto) -> AppError {
    match guasto.0 {
        Errore::Rifiuto {
            status: 401,
            dettaglio,
            ..
        } => AppError::unauthorized(format!("{dettaglio}: serve un'applicazione (HTTP basic).")),
        Errore::Rifiuto { dettaglio, .. } => AppError::Forbidden {
            code: "NON_AUTORIZZATO",
            detail: dettaglio,
        },
        Errore::Store(error) => error.into(),
    }
}

async fn esegui(
    app: App,
    caller: Applicazione,
    body: Vec<u8>,
    prova: bool,
    _posto: OwnedSemaphorePermit,
) -> AppResult<EsitiBlocco> {
    let turno = Arc::clone(&app.blocchi.al_lavoro).acquire_owned().await;
    let _turno = turno.map_err(interno)?;
    let now = app.pagamenti.now();
    let blocco = tokio::task::spawn_blocking(move || componi(&caller, &body, now)).await;
    let blocco = blocco.map_err(interno)??;
    let esiti = app.pagamenti.db.esegui_blocco(blocco, prova).await?;
    let esiti = esiti.into_iter().map(EsitoOperazione::from).collect();
    Ok(EsitiBlocco { esiti })
}

fn interno(error: impl Into<anyhow::Error>) -> AppError {
    AppError::Internal(error.into())
}

async fn leggi(mut payload: web::Payload) -> AppResult<Vec<u8>> {
    let mut body = vec![];
    while let Some(bytes) = payload.next().await {
        let bytes = bytes.map_err(|error| {
            let detail = format!("Il blocco non è arrivato per intero: {error}.");
            AppError::invalid("BLOCCO_INTERROTTO", detail)
        })?;
        if body.len() + bytes.len() > BYTES_MAX {
            let detail = "Il blocco supera 8 MiB: dividilo.";
            return Err(AppError::invalid("BLOCCO_TROPPO_GRANDE", detail));
        }
        body.extend_from_slice(&bytes);
    }
    Ok(body)
}

/// Each operation is read by itself: a wrong one does not spoil the others.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Grezzo<'a> {
    #[serde(borrow)]
    operazioni: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
enum Letta<'a> {
    Inserimento(Box<Inserimento>),
    #[serde(borrow)]
    Annullamento(blocco::Annullamento<'a>),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Inserimento {
    id_pendenza: String,
    pendenza: NuovaPendenza,
}

fn componi(
    caller: &Applicazione,
    body: &[u8],
    now: chrono::DateTime<chrono::Utc>,
) -> AppResult<Blocco> {
    let grezzo: Grezzo<'_> = serde_json::from_slice(body).map_err(|error| {
        let detail = format!("Il blocco non si legge: {error}.");
        AppError::invalid("BLOCCO_ILLEGGIBILE", detail)
    })?;
    let quante = grezzo.operazioni.len();
    if !(1..=OPERAZIONI_MAX).contains(&quante) {
        let detail = format!("Il blocco ha {quante} operazioni: da 1 a {OPERAZIONI_MAX}.");
        return Err(AppError::invalid("OPERAZIONI_FUORI_LIMITE", detail));
    }
    let id_a2a = caller.0.id_a2a.clone();
    let codifica = caller
        .codifica()
        .map_err(|errore| problema(Guasto(errore)))?;
    let operazione = |raw: &RawValue| match leggi_una(caller, raw) {
        Ok(Letta::Inserimento(inserimento)) => Operazione::Ordine(Box::new(Ordine {
            id_a2a: id_a2a.clone(),
            codifica: codifica.clone(),
            id_pendenza: inserimento.id_pendenza,
            corpo: inserimento.pendenza,
            origine: OrigineOrdine::Dovuto,
            now,
        })),
        Ok(Letta::Annullamento(annullamento)) => Operazione::Annullamento(Annullamento {
            id_pendenza: annullamento.id_pendenza.into_owned(),
            id_dominio: annullamento.id_dominio,
            motivo: annullamento.motivo.map(std::borrow::Cow::into_owned),
        }),
        Err(errore) => Operazione::Rifiutata(fault(&errore)),
    };
    Ok(Blocco {
        operazioni: grezzo.operazioni.into_iter().map(operazione).collect(),
        visibili: caller.visibili(),
        id_a2a,
        now,
    })
}

/// The operation, if it is right as it is written and for a body that the caller works for.
fn leggi_una<'a>(caller: &Applicazione, raw: &'a RawValue) -> Result<Letta<'a>, Errore> {
    let letta: Letta<'a> = serde_json::from_str(raw.get())
        .map_err(|error| Errore::richiesta(format!("l'operazione non si legge: {error}")))?;
    let id = match &letta {
        Letta::Inserimento(inserimento) => inserimento.id_pendenza.as_str(),
        Letta::Annullamento(annullamento) => annullamento.id_pendenza.as_ref(),
    };
    convalida::identificativo("idPendenza", id, false)?;
    if let Letta::Inserimento(inserimento) = &letta {
        convalida::pendenza(&inserimento.pendenza)?;
        caller.sees(inserimento.pendenza.id_dominio.as_str())?;
        caller.usa_tipo(verifica::tipo_di(&inserimento.pendenza))?;
    }
    Ok(letta)
}
