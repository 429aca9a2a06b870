//! GovPay's Backoffice operations on tracciati, under both spellings of the base path. What comes in
//! through them is loaded row by row, as GovPay does.

mod letture;
mod nuovo;
mod viste;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::web::{self, ServiceConfig, get, post};
use actix_web::{FromRequest, HttpRequest, HttpResponse, ResponseError};
use futures_util::future::LocalBoxFuture;
use govpay_api::{Categoria, Fault};
use platform::StoreError;

use crate::api;
use crate::api::errore::ApiError;
use crate::operatore::Operatore;

/// Today's spelling, and the one of the single archives.
const BASI: [&str; 2] = [
    "/govpay/backend/api/backoffice/rs/basic/v1",
    "/govpay-api-backoffice/rs/basic/v1",
];

pub fn routes(config: &mut ServiceConfig) {
    for base in BASI {
        config.service(
            web::scope(&format!("{base}/pendenze/tracciati"))
                .app_data(web::QueryConfig::default().error_handler(|error, _| {
                    Guasto::richiesta("SINTASSI", error.to_string()).into()
                }))
                .app_data(web::PathConfig::default().error_handler(|error, _| {
                    Guasto::richiesta("400000", error.to_string()).into()
                }))
                .configure(operazioni),
        );
    }
}

fn operazioni(c: &mut ServiceConfig) {
    c.route("", post().to(nuovo::json))
        .route("", get().to(letture::elenco))
        .route("/{id}", get().to(letture::dettaglio))
        .route("/{id}/richiesta", get().to(letture::richiesta))
        .route("/{id}/esito", get().to(letture::esito))
        .route("/{id}/stampe", get().to(letture::stampe))
        .route("/{id}/operazioni", get().to(letture::operazioni))
        .route("/{dominio}", post().to(nuovo::csv))
        .route("/{dominio}/{tipo}", post().to(nuovo::csv_di_tipo));
}

type Risposta = Result<HttpResponse, Guasto>;

/// An error in GovPay's words.
#[derive(Debug)]
pub struct Guasto {
    status: StatusCode,
    fault: Fault,
    retry_after: Option<u64>,
}

impl Guasto {
    fn new(status: u16, categoria: Categoria, codice: &str, dettaglio: impl Into<String>) -> Self {
        let descrizione = match status {
            401 => "Richiesta non autenticata",
            403 => "Richiesta non autorizzata",
            404 => "Risorsa non trovata",
            406 => "Formato non disponibile",
            413 => "Richiesta troppo grande",
            415 => "Tipo di contenuto non previsto",
            429 => "Troppe richieste",
            503 => "Servizio non disponibile",
            500.. => "Errore interno",
            _ => "Richiesta non valida",
        };
        Self {
            status: StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            fault: Fault {
                categoria,
                codice: codice.to_owned(),
                descrizione: descrizione.to_owned(),
                dettaglio: Some(dettaglio.into()),
            },
            retry_after: None,
        }
    }

    fn richiesta(codice: &str, dettaglio: impl Into<String>) -> Self {
        Self::new(400, Categoria::Richiesta, codice, dettaglio)
    }

    fn non_trovato(dettaglio: impl Into<String>) -> Self {
        Self::new(404, Categoria::Operazione, "404000", dettaglio)
    }
}

impl From<ApiError> for Guasto {
    fn from(error: ApiError) -> Self {
        let (status, detto) = (error.status_code().as_u16(), error.to_string());
        let retry_after = match &error {
            ApiError::Problema { retry_after, .. } => *retry_after,
            ApiError::App(_) => None,
        };
        let guasto = match status {
            401 => Self::new(401, Categoria::Autorizzazione, "401000", detto),
            403 => Self::new(403, Categoria::Autorizzazione, "403000", detto),
            404 => Self::non_trovato(detto),
            413 => Self::new(413, Categoria::Richiesta, "413000", detto),
            429 => Self::new(429, Categoria::Autorizzazione, "429000", detto),
            503 => Self::new(503, Categoria::Interno, "503000", detto),
            500.. => {
                tracing::error!(error = detto, "a request was not served");
                let detto = "L'operazione non è riuscita; riprova più tardi.";
                Self::new(500, Categoria::Interno, "500000", detto)
            }
            _ => Self::richiesta("400000", detto),
        };
        Self {
            retry_after,
            ..guasto
        }
    }
}

impl From<StoreError> for Guasto {
    fn from(error: StoreError) -> Self {
        ApiError::from(error).into()
    }
}

impl From<anyhow::Error> for Guasto {
    fn from(error: anyhow::Error) -> Self {
        ApiError::interno(error).into()
    }
}

impl std::fmt::Display for Guasto {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.fault.codice, self.fault.descrizione)
    }
}

impl ResponseError for Guasto {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        if self.status == StatusCode::UNAUTHORIZED {
            response.insert_header((WWW_AUTHENTICATE, "Basic realm=\"GovPay\""));
        }
        if let Some(secondi) = self.retry_after {
            response.insert_header((RETRY_AFTER, secondi.to_string()));
        }
        response.json(&self.fault)
    }
}

/// The operator who calls.
pub struct Chiamante(Operatore);

impl FromRequest for Chiamante {
    type Error = Guasto;
    type Future = LocalBoxFuture<'static, Result<Self, Guasto>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let chiamante = api::Chiamante::from_request(req, payload);
        Box::pin(async move { Ok(Self(chiamante.await?.0)) })
    }
}
