//! What version 1 tells: attempts that begin, end and are given up.

use chrono::NaiveDate;
use domain::Importo;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::AllegatoRiscossione;

/// Body of `POST /pagamenti/{idDominio}/{iuv}`: an attempt that was activated (without `rt`), or its
/// receipt.
#[derive(Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Notifica {
    #[serde(rename = "idA2A")]
    pub id_a2a: String,
    pub id_pendenza: String,
    /// The request as JSON; absent for a payment that never passed from here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rpt: Option<Value>,
    /// The receipt as JSON: all its values are texts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rt: Option<Value>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub riscossioni: Vec<RiscossioneNotificata>,
}

/// It holds personal data.
impl std::fmt::Debug for Notifica {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Notifica({}, {}, •••)", self.id_a2a, self.id_pendenza)
    }
}

/// A collected amount.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RiscossioneNotificata {
    pub id_dominio: String,
    pub iuv: String,
    pub iur: String,
    /// From 1.
    pub indice: i32,
    /// Path of the debt in API Pendenze.
    pub pendenza: String,
    pub id_voce_pendenza: String,
    /// Path of the attempt in API Pendenze.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rpp: Option<String>,
    /// `RISCOSSA`, `INCASSATA`.
    pub stato: String,
    /// `ENTRATA`, `MBT`.
    pub tipo: String,
    #[schema(value_type = f64)]
    #[serde(with = "domain::importo::json_number")]
    pub importo: Importo,
    pub data: NaiveDate,
    #[schema(value_type = Option<f64>)]
    #[serde(
        default,
        with = "domain::importo::json_number::option",
        skip_serializing_if = "Option::is_none"
    )]
    pub commissioni: Option<Importo>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allegato: Option<AllegatoRiscossione>,
}

/// Body of `POST /pagamenti/{idDominio}/{iuv}/{ccp}/annulla`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NotificaAnnullamento {
    /// The fault of the Node (`PPT_…`), or the state in which the attempt ended (`RPT_SCADUTA`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub codice: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub motivazione: Option<String>,
}
