//! Answers with GovPay's error body, bodies read strictly, pages of lists.

use std::future::{Ready, ready};
use std::ops::Deref;

use actix_web::dev::Payload;
use actix_web::http::{StatusCode, header};
use actix_web::{FromRequest, HttpRequest, HttpResponse, ResponseError, web};
use futures_util::StreamExt as _;
use futures_util::future::LocalBoxFuture;
use govpay_api::{Categoria, Fault, Lista};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::pagamenti::Errore;
use crate::tentativo::Pagina;

pub type Risposta = Result<HttpResponse, Guasto>;

/// An error on its way to a client of the contract.
#[derive(Debug)]
pub struct Guasto(pub Errore);

impl<E: Into<Errore>> From<E> for Guasto {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl std::fmt::Display for Guasto {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.0 {
            Errore::Rifiuto {
                codice,
                descrizione,
                ..
            } => write!(f, "{codice} {descrizione}"),
            Errore::Store(error) => error.fmt(f),
        }
    }
}

impl ResponseError for Guasto {
    fn status_code(&self) -> StatusCode {
        match &self.0 {
            Errore::Rifiuto { status, .. } => {
                StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
            }
            Errore::Store(error) if error.is_unavailable() => StatusCode::SERVICE_UNAVAILABLE,
            Errore::Store(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        if self.status_code() == StatusCode::UNAUTHORIZED {
            response.insert_header(("www-authenticate", "Basic realm=\"GovPay\""));
        }
        if let Errore::Rifiuto {
            attesa: Some(seconds),
            ..
        } = &self.0
        {
            response.insert_header((header::RETRY_AFTER, *seconds));
        }
        response.json(fault(&self.0))
    }
}

/// What a client of the contract is told of an error; what broke in the store is for the log alone.
pub fn fault(errore: &Errore) -> Fault {
    match errore {
        Errore::Rifiuto {
            categoria,
            codice,
            descrizione,
            dettaglio,
            ..
        } => Fault {
            categoria: *categoria,
            codice: codice.clone(),
            descrizione: descrizione.clone(),
            dettaglio: Some(dettaglio.clone()).filter(|text| !text.is_empty()),
        },
        Errore::Store(error) => {
            tracing::error!(error = format!("{error:#}"), "request not served");
            Fault {
                categoria: Categoria::Interno,
                codice: "500000".to_owned(),
                descrizione: "Errore interno".to_owned(),
                dettaglio: Some("L'operazione non è riuscita; riprova più tardi.".to_owned()),
            }
        }
    }
}

pub fn non_autenticato() -> Errore {
    let text = "credenziali mancanti o errate";
    Errore::new(
        401,
        Categoria::Autorizzazione,
        "401000",
        "Richiesta non autenticata",
        text,
    )
}

pub fn non_autorizzato(dettaglio: impl Into<String>) -> Errore {
    Errore::new(
        403,
        Categoria::Autorizzazione,
        "403000",
        "Richiesta non autorizzata",
        dettaglio,
    )
}

/// Too many tries; another one after so many seconds.
pub fn troppe(attesa: u64) -> Errore {
    let mut errore = Errore::new(
        429,
        Categoria::Richiesta,
        "429000",
        "Troppe richieste",
        format!("troppi tentativi a vuoto: riprova tra {attesa} secondi"),
    );
    if let Errore::Rifiuto { attesa: wait, .. } = &mut errore {
        *wait = Some(attesa);
    }
    errore
}

/// An address that is none of ours.
pub fn nessuna(req: &HttpRequest) -> Errore {
    let text = format!("nessuna operazione {} {}", req.method(), req.path());
    Errore::non_trovato(text)
}

/// A request that cannot be read.
pub fn sintassi(dettaglio: impl Into<String>) -> Errore {
    Errore::new(
        400,
        Categoria::Richiesta,
        "SINTASSI",
        "Richiesta non valida",
        dettaglio,
    )
}

/// A JSON body whose faults say where they are and what was expected.
pub fn corpo<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Errore> {
    serde_json::from_slice(bytes)
        .map_err(|error| sintassi(format!("il corpo della richiesta non è valido: {error}")))
}

pub fn json(status: StatusCode, body: &impl Serialize) -> HttpResponse {
    HttpResponse::build(status).json(body)
}

/// Page of a list: `pagina` from 1, `risultatiPerPagina` 25 unless told, at most 5000.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Impaginazione {
    pub pagina: Option<i64>,
    pub risultati_per_pagina: Option<i64>,
    pub metadati_paginazione: Option<bool>,
}

impl Impaginazione {
    /// Rows and offset.
    pub fn limits(self) -> Result<(i64, i64), Errore> {
        let (pagina, size) = (
            self.pagina.unwrap_or(1),
            self.risultati_per_pagina.unwrap_or(25),
        );
        if pagina < 1 {
            return Err(Errore::richiesta(format!(
                "pagina: il valore {pagina} parte da 1"
            )));
        }
        if !(1..=5000).contains(&size) {
            let text = format!("risultatiPerPagina: il valore {size} deve essere tra 1 e 5000");
            return Err(Errore::richiesta(text));
        }
        let offset = (pagina - 1).checked_mul(size);
        offset
            .map(|offset| (size, offset))
            .ok_or_else(|| Errore::richiesta(format!("pagina: il valore {pagina} è troppo grande")))
    }

    /// The answer. `path`: the request's path and query, for the link to the next page.
    pub fn lista<T: Serialize>(
        self,
        page: Pagina<T>,
        path: &str,
        query: &str,
    ) -> Result<Lista<T>, Errore> {
        let (size, offset) = self.limits()?;
        let pagina = offset / size + 1;
        let counted = self.metadati_paginazione != Some(false);
        let more = offset + i64::try_from(page.rows.len()).unwrap_or(i64::MAX) < page.totale;
        Ok(Lista {
            num_risultati: counted.then_some(page.totale),
            num_pagine: counted.then(|| (page.totale + size - 1) / size),
            risultati_per_pagina: size,
            pagina,
            prossimi_risultati: more.then(|| next(path, query, pagina + 1)),
            risultati: page.rows,
        })
    }
}

fn next(path: &str, query: &str, pagina: i64) -> String {
    let mut pairs: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes())
        .filter(|(name, _)| name != "pagina")
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    pairs.push(("pagina".to_owned(), pagina.to_string()));
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish();
    format!("{path}?{query}")
}

/// Bytes of a body at most: a pendenza with its attachments, a body with its logo.
const CORPO_MAX: usize = 8 * 1024 * 1024;

/// The body of a request, whole; one that is too large is told in GovPay's words.
pub struct Corpo(web::Bytes);

impl Deref for Corpo {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl FromRequest for Corpo {
    type Error = Guasto;
    type Future = LocalBoxFuture<'static, Result<Self, Guasto>>;

    fn from_request(_: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let mut payload = payload.take();
        Box::pin(async move {
            let mut body = web::BytesMut::new();
            while let Some(bytes) = payload.next().await {
                let bytes = bytes.map_err(|error| {
                    sintassi(format!(
                        "il corpo della richiesta non è arrivato intero: {error}"
                    ))
                })?;
                if body.len() + bytes.len() > CORPO_MAX {
                    let text = "il corpo della richiesta supera 8 MiB";
                    let title = "Richiesta troppo grande";
                    return Err(
                        Errore::new(413, Categoria::Richiesta, "413000", title, text).into(),
                    );
                }
                body.extend_from_slice(&bytes);
            }
            Ok(Self(body.freeze()))
        })
    }
}

/// The parameters of a request; one that cannot be read is named with its value.
pub struct Parametri<T>(T);

impl<T> Parametri<T> {
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Parametri<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: DeserializeOwned> FromRequest for Parametri<T> {
    type Error = Guasto;
    type Future = Ready<Result<Self, Guasto>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let query = req.query_string();
        let pairs = url::form_urlencoded::parse(query.as_bytes());
        let read = serde_path_to_error::deserialize(serde_urlencoded::Deserializer::new(pairs));
        ready(read.map(Self).map_err(|error| {
            let name = error.path().to_string();
            let mut pairs = url::form_urlencoded::parse(query.as_bytes());
            let value = pairs.find(|(found, _)| *found == name);
            let value = value
                .map(|(_, value)| value.into_owned())
                .unwrap_or_default();
            let why = error.into_inner();
            Guasto(sintassi(format!(
                "{name}: il valore '{value}' non si legge ({why})"
            )))
        }))
    }
}
