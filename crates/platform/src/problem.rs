//! Errors of our own APIs as RFC 9457 problems with stable codes.
//!
//! GovPay's contract has its own error body: the core writes that one itself.

use actix_web::http::StatusCode;
use actix_web::http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::{HttpResponse, ResponseError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::store::StoreError;

/// Seconds after which what was not available may be asked for again (RFC 9110, 10.2.3).
const RIPROVA_DOPO: &str = "5";

/// What is asked of whoever comes without credentials (RFC 7617).
const CREDENZIALI: &str = "Basic realm=\"GovPay\", charset=\"UTF-8\"";

pub type AppResult<T> = Result<T, AppError>;

/// Why a request was not done. `code` is stable and in capitals; `detail` is for a person: what,
/// where, which value, which rule, what to do.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    #[error("{detail}")]
    NotFound { code: &'static str, detail: String },
    #[error("{detail}")]
    Invalid { code: &'static str, detail: String },
    #[error("{detail}")]
    Conflict { code: &'static str, detail: String },
    /// Nobody, or somebody who is not known: asked for basic credentials.
    #[error("{detail}")]
    Unauthorized { detail: String },
    #[error("{detail}")]
    Forbidden { code: &'static str, detail: String },
    #[error("{detail}")]
    Unavailable { code: &'static str, detail: String },
    #[error("{0}")]
    Internal(anyhow::Error),
}

impl AppError {
    pub fn invalid(code: &'static str, detail: impl Into<String>) -> Self {
        Self::Invalid {
            code,
            detail: detail.into(),
        }
    }

    pub fn not_found(code: &'static str, detail: impl Into<String>) -> Self {
        Self::NotFound {
            code,
            detail: detail.into(),
        }
    }

    pub fn conflict(code: &'static str, detail: impl Into<String>) -> Self {
        Self::Conflict {
            code,
            detail: detail.into(),
        }
    }

    pub fn unauthorized(detail: impl Into<String>) -> Self {
        Self::Unauthorized {
            detail: detail.into(),
        }
    }

    fn parts(&self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::NotFound { code, .. } => (StatusCode::NOT_FOUND, code, "Non trovato"),
            Self::Invalid { code, .. } => (
                StatusCode::UNPROCESSABLE_ENTITY,
                code,
                "Richiesta non valida",
            ),
            Self::Conflict { code, .. } => (StatusCode::CONFLICT, code, "Operazione non possibile"),
            Self::Unauthorized { .. } => (
                StatusCode::UNAUTHORIZED,
                "ACCESSO_RICHIESTO",
                "Accesso richiesto",
            ),
            Self::Forbidden { code, .. } => (StatusCode::FORBIDDEN, code, "Non autorizzato"),
            Self::Unavailable { code, .. } => (
                StatusCode::SERVICE_UNAVAILABLE,
                code,
                "Servizio non disponibile",
            ),
            Self::Internal(_) => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "ERRORE_INTERNO",
                "Errore interno",
            ),
        }
    }
}

/// The body of an error of our own APIs (RFC 9457), `application/problem+json`.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    pub title: String,
    pub status: u16,
    pub detail: String,
    /// Stable code, in capitals.
    pub code: String,
    /// Trace of the request, to quote when asking for help.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trace_id: Option<String>,
}

impl ResponseError for AppError {
    fn status_code(&self) -> StatusCode {
        self.parts().0
    }

    fn error_response(&self) -> HttpResponse {
        let (status, code, title) = self.parts();
        let detail = match self {
            Self::Internal(error) => {
                tracing::error!(error = format!("{error:#}"), "internal error");
                "L'operazione non è riuscita per un errore interno; riprova più tardi.".to_owned()
            }
            _ => self.to_string(),
        };
        let mut response = HttpResponse::build(status);
        match self {
            Self::Unavailable { .. } => {
                response.insert_header((RETRY_AFTER, RIPROVA_DOPO));
            }
            Self::Unauthorized { .. } => {
                response.insert_header((WWW_AUTHENTICATE, CREDENZIALI));
            }
            _ => {}
        }
        response
            .content_type("application/problem+json")
            .json(Problem {
                title: title.to_owned(),
                status: status.as_u16(),
                detail,
                code: code.to_owned(),
                trace_id: crate::telemetry::current_trace_id(),
            })
    }
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        if error.is_unavailable() {
            tracing::warn!(error = format!("{error:#}"), "store unavailable");
            Self::Unavailable {
                code: "ARCHIVIO_NON_DISPONIBILE",
                detail: "L'archivio non risponde; riprova tra poco.".to_owned(),
            }
        } else {
            Self::Internal(error.into())
        }
    }
}

impl From<anyhow::Error> for AppError {
    fn from(error: anyhow::Error) -> Self {
        Self::Internal(error)
    }
}
