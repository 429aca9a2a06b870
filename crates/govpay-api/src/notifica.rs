//! What a core told the software of a body, or is still to tell, as the Backoffice shows it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// `notificaIndex` of the contract; from `id` on, our own fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NotificaIndex {
    /// `ATTIVAZIONE`, `RICEVUTA`, `FALLIMENTO`, `ANNULLAMENTO`.
    pub tipo: String,
    pub data_creazione: DateTime<Utc>,
    /// `DA_SPEDIRE`, `SPEDITA`, `ANNULLATA`.
    pub stato: String,
    /// Why it is not delivered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub descrizione_stato: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_ultimo_aggiornamento: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_prossima_spedizione: Option<DateTime<Utc>>,
    /// Since it was written, or sent again by a person.
    #[serde(default)]
    pub numero_tentativi: i32,
    #[serde(rename = "idA2A", default, skip_serializing_if = "Option::is_none")]
    pub id_a2a: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
    /// ANNULLATA because it was refused for good, or could not be delivered in fifteen days.
    #[serde(default)]
    pub fallita: bool,
    /// What the applicazione knows it by, in the header [`crate::ente::ID_EVENTO`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_evento: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_dominio: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iuv: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ccp: Option<String>,
}
