//! Blocks of operations on pendenze: our own endpoint beside GovPay's contract, for bulk loading.

use std::borrow::Cow;

use domain::CodDominio;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Fault, NuovaPendenza};

/// Body of `POST /api/v1/pendenze/blocchi`: 1 to [`OPERAZIONI_MAX`] operations, all of the caller's
/// own idA2A.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Blocco<'a> {
    pub operazioni: Vec<Operazione<'a>>,
}

/// Operations of a block at most.
pub const OPERAZIONI_MAX: usize = 1000;

/// Borrowed on the way out: a block that could not be given is still whole.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(
    clippy::large_enum_variant,
    reason = "what is sent is borrowed; a box would be an allocation per row for nothing"
)]
pub enum Operazione<'a> {
    Inserimento(Inserimento<'a>),
    Annullamento(Annullamento<'a>),
}

/// Creates the pendenza, or updates the one with the same key.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Inserimento<'a> {
    #[schema(value_type = String)]
    pub id_pendenza: Cow<'a, str>,
    #[schema(value_type = NuovaPendenza)]
    pub pendenza: Cow<'a, NuovaPendenza>,
}

/// Annuls a pendenza that is not paid.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Annullamento<'a> {
    #[schema(value_type = String)]
    pub id_pendenza: Cow<'a, str>,
    /// When present, the pendenza must be of this body.
    #[schema(value_type = Option<String>)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_dominio: Option<CodDominio>,
    /// Becomes the descrizioneStato.
    #[schema(value_type = Option<String>)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub motivo: Option<Cow<'a, str>>,
}

/// What became of a block: one outcome per operation, in their order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct EsitiBlocco {
    pub esiti: Vec<EsitoOperazione>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EsitoOperazione {
    pub esito: EsitoBlocco,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_dominio: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub numero_avviso: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iuv: Option<String>,
    /// Text of the QR code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub qrcode: Option<String>,
    /// Text of the bar code; absent when the body has no GLN.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub barcode: Option<String>,
    /// Why it was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub errore: Option<Fault>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EsitoBlocco {
    Creata,
    Aggiornata,
    Annullata,
    Rifiutata,
}
