//! A debtor or a payer.

use domain::{Anagrafica, CodiceFiscale, Email, TipoSoggetto};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// `Soggetto` of the contract. It is personal data: `Debug` shows none of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Soggetto {
    /// `F` or `G`.
    #[schema(value_type = String, pattern = "^[FG]$")]
    pub tipo: TipoSoggetto,
    /// Codice fiscale, partita IVA or `ANONIMO`; upper case.
    #[schema(value_type = String)]
    pub identificativo: CodiceFiscale,
    #[schema(value_type = Option<String>, max_length = 70)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anagrafica: Option<Anagrafica>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub indirizzo: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub civico: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub localita: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provincia: Option<String>,
    /// Two upper-case letters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nazione: Option<String>,
    #[schema(value_type = Option<String>)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Email>,
    /// `+39 333-1234567`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cellulare: Option<String>,
}

impl Soggetto {
    pub fn new(tipo: TipoSoggetto, identificativo: CodiceFiscale) -> Self {
        Self {
            tipo,
            identificativo,
            anagrafica: None,
            indirizzo: None,
            civico: None,
            cap: None,
            localita: None,
            provincia: None,
            nazione: None,
            email: None,
            cellulare: None,
        }
    }
}

impl std::fmt::Debug for Soggetto {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Soggetto(•••)")
    }
}
