//! Bodies, kinds of debt, callers and what they may do.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A body. Beyond the first two fields, only what the API in question tells.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Dominio {
    /// 11 digits.
    pub id_dominio: String,
    pub ragione_sociale: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub indirizzo: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub civico: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cap: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub localita: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provincia: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub web: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pec: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tel: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gln: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cbill: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stazione: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aux_digit: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub segregation_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iuv_prefix: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub abilitato: Option<bool>,
    /// Whether the flows of rendicontazione are fetched for this body (Backoffice).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scarica_fr: Option<bool>,
    /// Paths of what belongs to the body (Backoffice).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unita_operative: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conti_accredito: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entrate: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tipi_pendenza: Option<String>,
}

/// A kind of debt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TipoPendenza {
    pub id_tipo_pendenza: String,
    pub descrizione: String,
    /// `dovuto` or `spontaneo`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tipo: Option<String>,
}

/// A right of the caller.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Acl {
    /// `Pendenze`, `Pagamenti`, `Giornale degli Eventi`…
    pub servizio: String,
    /// `Lettura`, `Scrittura`; `R`, `W` in the Backoffice.
    pub autorizzazioni: Vec<String>,
}

/// Who the caller is and what it may do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Profilo {
    pub nome: String,
    pub domini: Vec<Dominio>,
    pub tipi_pendenza: Vec<TipoPendenza>,
    pub acl: Vec<Acl>,
}

/// `infoGovPay` of the Backoffice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Info {
    pub app_name: String,
    pub versione: String,
    pub build: String,
    pub ambiente: String,
}

/// `applicazioneIndex` of the Backoffice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Applicazione {
    #[serde(rename = "idA2A")]
    pub id_a2a: String,
    pub principal: String,
    pub abilitato: bool,
}
