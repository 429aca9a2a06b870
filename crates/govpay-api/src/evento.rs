//! The giornale degli eventi.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// `evento` of the Backoffice. In a list the two parameters are absent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Evento {
    pub id: i64,
    /// `API_PAGOPA`, `API_PENDENZE`, `API_PAGAMENTO`, `API_BACKOFFICE`, `GOVPAY`…
    pub componente: String,
    /// `INTERFACCIA`, `INTERNO`, `UTENTE`.
    pub categoria_evento: String,
    /// `CLIENT` or `SERVER`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ruolo: Option<String>,
    /// Name of the operation: `nodoInviaRPT`, `paaInviaRT`, `addPagamento`…
    pub tipo_evento: String,
    /// `OK`, `KO` (refused by a rule), `FAIL` (something broke).
    pub esito: String,
    pub data_evento: DateTime<Utc>,
    /// Milliseconds.
    pub durata_evento: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sottotipo_evento: Option<String>,
    /// The code of the fault.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sottotipo_esito: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dettaglio_esito: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_dominio: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iuv: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ccp: Option<String>,
    #[serde(rename = "idA2A", default, skip_serializing_if = "Option::is_none")]
    pub id_a2a: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_pendenza: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_pagamento: Option<String>,
    #[serde(
        rename = "datiPagoPA",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub dati_pagopa: Option<DatiPagopa>,
    /// 0 to 5.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severita: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transaction_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parametri_richiesta: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parametri_risposta: Option<Value>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct DatiPagopa {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_psp: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_canale: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_dominio: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_stazione: Option<String>,
}
