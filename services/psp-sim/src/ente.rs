//! The Node as a client of the ente: SOAP calls to a station, with the documented waits.

use std::time::Duration;

use pagopa::ppt::IntestazionePpt;
use pagopa::xml::Message;
use pagopa::{Envelope, FaultNodo, Request, XmlError, soap};
use platform::http::{self, ReadError};

use crate::fault::{Fault, ppt};

/// Verify, activation and getPayment: 7 s; delivery of a receipt: 15 s (SANP 3, response times).
const ATTESA: Duration = Duration::from_secs(7);
const ATTESA_RT: Duration = Duration::from_secs(15);
/// Longest answer that is read from a station.
const MAX_RISPOSTA: usize = 1024 * 1024;

/// paaVerificaRPT, paaAttivaRPT and paForNode.
pub const CCP_SERVICE: &str = "PagamentiTelematiciCCPservice";
/// paaInviaRT.
pub const RT_SERVICE: &str = "PagamentiTelematiciRTservice";

#[derive(Clone)]
pub struct Ente {
    breve: reqwest::Client,
    lunga: reqwest::Client,
}

/// Why a station did not answer the question.
#[derive(Debug, thiserror::Error)]
pub enum ChiamataError {
    #[error("la stazione non è raggiungibile: {0}")]
    Irraggiungibile(String),
    #[error("la stazione non ha risposto in tempo")]
    Timeout,
    #[error("la stazione ha risposto con stato HTTP {0}")]
    Http(u16),
    #[error("la risposta della stazione non si legge: {0}")]
    Risposta(String),
    /// Our own message breaks a rule of its schema.
    #[error("la richiesta non si può scrivere: {0}")]
    Richiesta(#[from] XmlError),
}

impl ChiamataError {
    /// The fault with which the Node tells the PSP.
    pub fn fault(&self) -> Fault {
        let code = match self {
            Self::Irraggiungibile(_) => FaultNodo::StazioneIntPaIrraggiungibile,
            Self::Timeout => FaultNodo::StazioneIntPaTimeout,
            Self::Http(_) => FaultNodo::StazioneIntPaServizioNonattivo,
            Self::Risposta(_) => FaultNodo::StazioneIntPaErroreResponse,
            Self::Richiesta(_) => FaultNodo::SystemError,
        };
        ppt(code, self.to_string())
    }
}

impl Ente {
    pub fn new() -> anyhow::Result<Self> {
        Ok(Self {
            breve: http::client(ATTESA)?,
            lunga: http::client(ATTESA_RT)?,
        })
    }

    /// A question of the modello unico.
    pub async fn chiedi<R: Request>(
        &self,
        url: &str,
        request: &R,
    ) -> Result<R::Response, ChiamataError> {
        let body = soap::build(request)?;
        post::<R>(&self.breve, url, body).await
    }

    /// A question with the header of the old primitives.
    pub async fn chiedi_ppt<R: Request>(
        &self,
        url: &str,
        intestazione: &IntestazionePpt,
        request: &R,
    ) -> Result<R::Response, ChiamataError> {
        let body = soap::build_with_header(intestazione, request)?;
        post::<R>(&self.breve, url, body).await
    }

    /// Delivers an envelope that was made before: every attempt sends the same bytes.
    pub async fn consegna<R: Request>(
        &self,
        url: &str,
        body: String,
    ) -> Result<R::Response, ChiamataError> {
        post::<R>(&self.lunga, url, body).await
    }
}

async fn post<R: Request>(
    client: &reqwest::Client,
    url: &str,
    body: String,
) -> Result<R::Response, ChiamataError> {
    let request = client
        .post(url)
        .header("content-type", soap::CONTENT_TYPE)
        .header("soapaction", format!("\"{}\"", R::OPERATION))
        .body(body);
    let answer = http::traced(request).send().await.map_err(transport)?;
    let status = answer.status();
    let charset = answer
        .headers()
        .get("content-type")
        .and_then(|value| value.to_str().ok())
        .and_then(soap::charset)
        .map(str::to_owned);
    let bytes = http::read_limited(answer, MAX_RISPOSTA)
        .await
        .map_err(|error| match error {
            ReadError::Transport(error) => transport(error),
            too_large => ChiamataError::Risposta(too_large.to_string()),
        })?;
    if !status.is_success() {
        return Err(ChiamataError::Http(status.as_u16()));
    }
    read::<R::Response>(&bytes, charset.as_deref())
}

fn read<M: Message>(bytes: &[u8], charset: Option<&str>) -> Result<M, ChiamataError> {
    let unreadable = |error: XmlError| ChiamataError::Risposta(error.to_string());
    let envelope = Envelope::parse(bytes, charset).map_err(unreadable)?;
    if let Some(fault) = envelope.fault() {
        return Err(ChiamataError::Risposta(format!(
            "SOAP fault: {}",
            fault.string
        )));
    }
    envelope.body().map_err(unreadable)
}

fn transport(error: reqwest::Error) -> ChiamataError {
    if error.is_timeout() && !error.is_connect() {
        return ChiamataError::Timeout;
    }
    // The chain says "connection refused"; the address is in the registry.
    let error = error.without_url();
    ChiamataError::Irraggiungibile(format!("{:#}", anyhow::Error::from(error)))
}
