//! Collected amounts of version 3.

use chrono::{DateTime, Utc};
use domain::Importo;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::VocePendenza;
use crate::{AllegatoRiscossione, Dominio};

/// A collected amount with the item that it pays.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = RiscossioneV3)]
pub struct Riscossione {
    pub dominio: Dominio,
    pub iuv: String,
    /// The `receiptId`, or the `ccp` of an RT.
    pub id_ricevuta: String,
    pub iur: String,
    /// From 1, position in the receipt.
    pub indice: i32,
    /// `RISCOSSA`, `INCASSATA`.
    pub stato: String,
    /// `ENTRATA`, `MBT`, `ALTRO_INTERMEDIARIO`, `ENTRATA_PA_NON_INTERMEDIATA`.
    pub tipo: String,
    #[schema(value_type = f64)]
    #[serde(with = "domain::importo::json_number")]
    pub importo: Importo,
    /// When it was paid.
    pub data: DateTime<Utc>,
    /// In a detail, when the receipt carries one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allegato: Option<AllegatoRiscossione>,
    /// Absent when the receipt names an item that the pendenza does not have.
    #[schema(value_type = Option<VocePendenza>)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voce_pendenza: Option<Box<VocePendenza>>,
}

/// A collected amount inside the item that it pays.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RiscossioneVoce {
    pub id_dominio: String,
    pub iuv: String,
    pub iur: String,
    pub indice: i32,
    /// As in [`Riscossione`].
    pub stato: String,
    pub tipo: String,
    #[schema(value_type = f64)]
    #[serde(with = "domain::importo::json_number")]
    pub importo: Importo,
    pub data: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allegato: Option<AllegatoRiscossione>,
}
