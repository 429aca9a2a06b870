//! Errors of the API as RFC 9457 problems.

use actix_web::http::StatusCode;
use actix_web::http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::{HttpResponse, ResponseError};
use platform::{AppError, Problem, StoreError};
use web::i18n::Lang;

use crate::carica::Errore;
use crate::csv::Rifiuto;
use crate::scelte::ParolaError;

pub type ApiResult<T> = Result<T, ApiError>;

/// Why a request was not done.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    #[error("{detail}")]
    Problema {
        status: StatusCode,
        code: &'static str,
        detail: String,
        retry_after: Option<u64>,
    },
    #[error(transparent)]
    App(AppError),
}

impl ApiError {
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self::Problema {
            status,
            code,
            detail: detail.into(),
            retry_after: None,
        }
    }

    pub fn invalid(code: &'static str, detail: impl Into<String>) -> Self {
        Self::App(AppError::invalid(code, detail))
    }

    pub fn interno(cause: anyhow::Error) -> Self {
        Self::App(AppError::Internal(cause))
    }

    pub fn conflitto(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, code, detail)
    }

    pub fn non_autenticato() -> Self {
        let detail = "Servono nome utente e password di un operatore (HTTP Basic).";
        Self::new(StatusCode::UNAUTHORIZED, "NON_AUTENTICATO", detail)
    }

    pub fn troppi(secondi: u64) -> Self {
        Self::Problema {
            status: StatusCode::TOO_MANY_REQUESTS,
            code: "TROPPI_TENTATIVI",
            detail: format!("Troppe password sbagliate: riprova tra {secondi} secondi."),
            retry_after: Some(secondi),
        }
    }

    pub fn non_trovato(id: i64) -> Self {
        let detail = format!("Nessun tracciato con identificativo {id}.");
        Self::App(AppError::not_found("TRACCIATO_NON_TROVATO", detail))
    }

    pub fn doppio(id: i64) -> Self {
        let detail = format!(
            "Questo file è già stato caricato: è il tracciato {id} (/api/v1/tracciati/{id}). \
             Per caricarlo di nuovo aggiungi doppio=true."
        );
        Self::new(StatusCode::CONFLICT, "TRACCIATO_DOPPIO", detail)
    }

    fn title(status: StatusCode) -> &'static str {
        match status.as_u16() {
            401 => "Autenticazione richiesta",
            404 => "Risorsa non trovata",
            409 => "Operazione non possibile",
            413 => "File troppo grande",
            429 => "Troppe richieste",
            _ => "Richiesta non valida",
        }
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Problema { status, .. } => *status,
            Self::App(error) => error.status_code(),
        }
    }

    fn error_response(&self) -> HttpResponse {
        let (status, code, detail, retry_after) = match self {
            Self::App(error) => return error.error_response(),
            Self::Problema {
                status,
                code,
                detail,
                retry_after,
            } => (*status, code, detail, retry_after),
        };
        let mut response = HttpResponse::build(status);
        if status == StatusCode::UNAUTHORIZED {
            response.insert_header((WWW_AUTHENTICATE, "Basic realm=\"GovPay Loader\""));
        }
        if let Some(secondi) = retry_after {
            response.insert_header((RETRY_AFTER, secondi.to_string()));
        }
        response
            .content_type("application/problem+json")
            .json(Problem {
                title: Self::title(status).to_owned(),
                status: status.as_u16(),
                detail: detail.clone(),
                code: (*code).to_owned(),
                trace_id: platform::telemetry::current_trace_id(),
            })
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        Self::App(error.into())
    }
}

impl From<ParolaError> for ApiError {
    fn from(error: ParolaError) -> Self {
        match error {
            ParolaError::Store(error) => error.into(),
            parola => Self::invalid("PARAMETRO_NON_VALIDO", parola.to_string()),
        }
    }
}

impl From<Rifiuto> for ApiError {
    fn from(rifiuto: Rifiuto) -> Self {
        let status = match rifiuto.e_di_misura() {
            true => StatusCode::PAYLOAD_TOO_LARGE,
            false => StatusCode::UNPROCESSABLE_ENTITY,
        };
        Self::new(status, rifiuto.code, rifiuto.testo(Lang::It))
    }
}

impl From<Errore> for ApiError {
    fn from(errore: Errore) -> Self {
        match errore {
            Errore::Rifiuto(rifiuto) => rifiuto.into(),
            Errore::Doppio(gia, _) => Self::doppio(gia.id),
            Errore::Interrotto(motivo) => Self::new(
                StatusCode::BAD_REQUEST,
                "CARICAMENTO_INTERROTTO",
                format!("Il file non è arrivato per intero ({motivo}): riprova."),
            ),
            Errore::Store(error) => error.into(),
            Errore::Interno(cause) => Self::interno(cause),
        }
    }
}
