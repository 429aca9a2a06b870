//! Why a call to a core gave nothing.

use crate::{Categoria, Fault};

pub type ClientResult<T> = Result<T, ClientError>;

/// Why a call gave nothing. The texts are for people.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClientError {
    /// The core said no, in its own words.
    #[error("{}", fault_text(.fault))]
    Fault { status: u16, fault: Fault },
    /// No connection: the core did not get the request, trying again is safe.
    #[error("GovPay non è raggiungibile: {0}")]
    Unreachable(String),
    /// The request left and no whole answer came back: what it asked may have been done.
    #[error("GovPay non ha risposto: {0}")]
    NoAnswer(String),
    /// The answer is not that of a GovPay.
    #[error("la risposta di GovPay non è leggibile (HTTP {status}): {reason}")]
    Unreadable { status: u16, reason: String },
}

fn fault_text(fault: &Fault) -> String {
    match &fault.dettaglio {
        Some(dettaglio) => format!("{} {}: {dettaglio}", fault.codice, fault.descrizione),
        None => format!("{} {}", fault.codice, fault.descrizione),
    }
}

impl ClientError {
    /// From the status and the body of a refusal.
    pub(crate) fn refused(status: u16, body: &[u8]) -> Self {
        let fault = match serde_json::from_slice::<Refusal>(body) {
            Ok(Refusal::Fault(fault)) => fault,
            Ok(Refusal::Problem(problem)) => problem.into(),
            Err(error) => {
                let reason = error.to_string();
                return Self::Unreadable { status, reason };
            }
        };
        Self::Fault { status, fault }
    }

    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Fault { status: 404, .. })
    }

    /// Whether the core has no such operation: it is not ours, or an older one.
    pub fn is_missing(&self) -> bool {
        let (Self::Fault { status, .. } | Self::Unreadable { status, .. }) = self else {
            return false;
        };
        matches!(status, 404 | 405)
    }

    /// Whether the core has too much to do, or its archive is away: the same request later.
    pub fn is_busy(&self) -> bool {
        let (Self::Fault { status, .. } | Self::Unreadable { status, .. }) = self else {
            return false;
        };
        matches!(status, 429 | 503)
    }

    /// Whether the same request may work later: nothing was wrong with it.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Fault { status, .. } => *status >= 500 || *status == 429,
            Self::Unreachable(_) | Self::NoAnswer(_) => true,
            Self::Unreadable { status, .. } => *status >= 500,
        }
    }
}

/// How a core says no: in the words of GovPay's contract, or in those of our own API.
#[derive(serde::Deserialize)]
#[serde(untagged)]
enum Refusal {
    Fault(Fault),
    Problem(Problem),
}

/// What is read of an RFC 9457 problem of our own API.
#[derive(serde::Deserialize)]
struct Problem {
    status: u16,
    code: String,
    title: String,
    detail: String,
}

impl From<Problem> for Fault {
    fn from(problem: Problem) -> Self {
        let categoria = match problem.status {
            401 | 403 => Categoria::Autorizzazione,
            500.. => Categoria::Interno,
            _ => Categoria::Richiesta,
        };
        Self {
            categoria,
            codice: problem.code,
            descrizione: problem.title,
            dettaglio: Some(problem.detail),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_read_in_both_forms() {
        let fault =
            br#"{"categoria":"RICHIESTA","codice":"404000","descrizione":"Risorsa non trovata"}"#;
        let error = ClientError::refused(404, fault);
        assert!(error.is_missing() && !error.is_busy());
        let problem = br#"{"title":"Servizio non disponibile","status":503,"detail":"riprova","code":"BLOCCHI_IN_CODA"}"#;
        let error = ClientError::refused(503, problem);
        assert!(error.is_busy() && error.is_transient());
        assert_eq!(
            error.to_string(),
            "BLOCCHI_IN_CODA Servizio non disponibile: riprova"
        );
        let error = ClientError::refused(405, b"");
        assert!(error.is_missing(), "a server that is no GovPay");
    }
}
