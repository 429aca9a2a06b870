//! Movements of the treasury to be matched with what was collected.

use chrono::NaiveDate;
use domain::Importo;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Body of `PUT /riconciliazioni/{idDominio}/{id}`. What the movement brings is said by one of
/// `causale`, `iuv`, `idFlussoRendicontazione`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NuovaRiconciliazione {
    #[schema(value_type = f64)]
    #[serde(with = "domain::importo::json_number")]
    pub importo: Importo,
    /// Identifier of the SEPA transfer.
    pub sct: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_valuta: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_contabile: Option<NaiveDate>,
    /// IBAN of the account that got the money.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conto_accredito: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub causale: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iuv: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_flusso_rendicontazione: Option<String>,
}
