//! GovPay's error body.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Who has to act on an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Categoria {
    /// The caller is not known or not allowed.
    Autorizzazione,
    /// The request is wrong as it is written.
    Richiesta,
    /// The request cannot be done in the present state of things.
    Operazione,
    /// pagoPA refused or did not answer.
    Pagopa,
    /// The system of the ente refused or did not answer.
    Ec,
    /// The core itself failed.
    Interno,
}

/// `FaultBean` of the contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Fault {
    pub categoria: Categoria,
    /// `400000`, `404000`, `VER_002`, `PAG_006`…
    pub codice: String,
    /// What happened, in a few words.
    pub descrizione: String,
    /// Where, which value, which rule, what to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dettaglio: Option<String>,
}
