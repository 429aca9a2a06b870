//! Receipts of version 3.

use chrono::{DateTime, Utc};
use domain::Importo;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::Pendenza;
use crate::{Dominio, Soggetto};

/// A receipt in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RicevutaInElenco {
    pub dominio: Dominio,
    pub iuv: String,
    /// The `receiptId`, or the `ccp` of an RT.
    pub id_ricevuta: String,
    /// When it was taken in.
    pub data: DateTime<Utc>,
    /// As in [`Ricevuta`].
    pub esito: String,
}

/// A receipt with what it pays and the two messages of pagoPA.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = RicevutaV3)]
pub struct Ricevuta {
    pub dominio: Dominio,
    pub iuv: String,
    pub id_ricevuta: String,
    /// What was paid: 0.00 when nothing was.
    #[schema(value_type = f64)]
    #[serde(with = "domain::importo::json_number")]
    pub importo: Importo,
    /// State of the attempt (`RT_ACCETTATA_PA`): the contract wants the field and does not define it.
    pub stato: String,
    /// `ESEGUITO`, `NON_ESEGUITO`, `ESEGUITO_PARZIALE`, `DECORRENZA`, `DECORRENZA_PARZIALE`.
    pub esito: String,
    /// The session, when a portal opened one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_pagamento: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_sessione_psp: Option<String>,
    pub istituto_attestante: IstitutoAttestante,
    /// Who paid, when the receipt says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub versante: Option<Soggetto>,
    /// Its items carry what this receipt collected for them.
    pub pendenza: Pendenza,
    /// When it was taken in.
    pub data: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_pagamento: Option<DateTime<Utc>>,
    /// Absent when the receipt came for a payment that never passed from here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rpt: Option<Messaggio>,
    pub rt: Messaggio,
    /// `Pagamento ad iniziativa Ente`, `Pagamento ad iniziativa PSP`.
    pub modello: String,
}

/// The PSP that took the money.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct IstitutoAttestante {
    #[serde(rename = "idPSP", skip_serializing_if = "Option::is_none")]
    pub id_psp: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub denominazione: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_canale: Option<String>,
}

/// A message of pagoPA as it was exchanged.
#[derive(Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Messaggio {
    /// `ctRichiestaPagamentoTelematico`, `ctRicevutaTelematica`; `ctPaymentPA`, `ctReceipt` in the
    /// modello unico.
    pub tipo: String,
    /// The XML in base64.
    pub xml: String,
    /// The same as JSON: all its values are texts.
    pub json: Value,
}

/// It holds personal data.
impl std::fmt::Debug for Messaggio {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Messaggio({}, •••)", self.tipo)
    }
}
