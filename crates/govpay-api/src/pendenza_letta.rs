//! Pendenze and avvisi as they are read.

use chrono::NaiveDate;
use domain::Importo;
use domain::pendenza::StatoPendenzaShown;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::{
    Allegato, Contabilita, Documento, Dominio, Elenco, Metadata, Pagamento, ProprietaPendenza, Rpp,
    Segnalazione, Soggetto, TipoPendenza,
};

/// Answer of `PUT /pendenze/{idA2A}/{idPendenza}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PendenzaCreata {
    #[serde(rename = "idA2A", default, skip_serializing_if = "Option::is_none")]
    pub id_a2a: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_pendenza: Option<String>,
    pub id_dominio: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub numero_avviso: Option<String>,
    /// Opens the avviso without credentials.
    #[serde(rename = "UUID", default, skip_serializing_if = "Option::is_none")]
    pub uuid: Option<String>,
    /// The avviso in base64, with `stampaAvviso=true`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pdf: Option<String>,
}

/// A pendenza as it is read. In a list it has no voci, and `rpp` and `pagamenti` are paths.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Pendenza {
    #[serde(rename = "idA2A")]
    pub id_a2a: String,
    pub id_pendenza: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_tipo_pendenza: Option<String>,
    /// Backoffice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tipo_pendenza: Option<TipoPendenza>,
    pub dominio: Dominio,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nome: Option<String>,
    /// `NON_ESEGUITA`, `ESEGUITA`, `ESEGUITA_PARZIALE`, `ANNULLATA`, `SCADUTA`, `ANOMALA`; GovPay also
    /// writes `INCASSATA`.
    pub stato: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub descrizione_stato: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub segnalazioni: Vec<Segnalazione>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iuv_avviso: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iuv_pagamento: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_pagamento: Option<NaiveDate>,
    #[serde(default)]
    pub causale: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub soggetto_pagatore: Option<Soggetto>,
    #[schema(value_type = f64)]
    #[serde(with = "domain::importo::json_number")]
    pub importo: Importo,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub numero_avviso: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_caricamento: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_validita: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_scadenza: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anno_riferimento: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cartella_pagamento: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dati_allegati: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tassonomia: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tassonomia_avviso: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direzione: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub divisione: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub documento: Option<Documento>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_notifica_avviso: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_promemoria_scadenza: Option<NaiveDate>,
    /// `dovuto` or `spontaneo`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tipo: Option<String>,
    #[serde(rename = "UUID", default, skip_serializing_if = "Option::is_none")]
    pub uuid: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proprieta: Option<ProprietaPendenza>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_ultimo_aggiornamento: Option<NaiveDate>,
    #[schema(value_type = Option<f64>)]
    #[serde(
        default,
        with = "domain::importo::json_number::option",
        skip_serializing_if = "Option::is_none"
    )]
    pub importo_pagato: Option<Importo>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anomalo: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verificato: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voci: Option<Vec<VocePendenza>>,
    #[schema(value_type = Vec<Rpp>, no_recursion)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rpp: Option<Elenco<Rpp>>,
    #[schema(value_type = Vec<Pagamento>, no_recursion)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pagamenti: Option<Elenco<Pagamento>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allegati: Vec<Allegato>,
}

impl Pendenza {
    /// `None` for a state that this version does not know.
    pub fn stato(&self) -> Option<StatoPendenzaShown> {
        StatoPendenzaShown::parse(&self.stato)
    }

    /// The attempts; none when only their path was told.
    pub fn rpp(&self) -> &[Rpp] {
        self.rpp.as_ref().map_or(&[], Elenco::righe)
    }

    /// The items; none in a list.
    pub fn voci(&self) -> &[VocePendenza] {
        self.voci.as_deref().unwrap_or_default()
    }
}

/// An item as it is read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VocePendenza {
    /// From 1.
    pub indice: i32,
    pub id_voce_pendenza: String,
    #[schema(value_type = f64)]
    #[serde(with = "domain::importo::json_number")]
    pub importo: Importo,
    pub descrizione: String,
    /// `Eseguito`, `Non eseguito`, `Anomalo`.
    pub stato: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cod_entrata: Option<String>,
    /// `01`: imposta di bollo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tipo_bollo: Option<String>,
    /// Base64 of the SHA-256 of the document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hash_documento: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provincia_residenza: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iban_accredito: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iban_appoggio: Option<String>,
    /// `CAPITOLO`, `SPECIALE`, `SIOPE` or `ALTRO`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tipo_contabilita: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub codice_contabilita: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dati_allegati: Option<Value>,
    /// What the RPT says instead of the description, at most 140 characters.
    #[serde(
        rename = "descrizioneCausaleRPT",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub descrizione_causale_rpt: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contabilita: Option<Contabilita>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dominio: Option<Dominio>,
    /// The debt that the item is a part of: beside a riscossione (Backoffice).
    #[schema(value_type = Option<Object>, no_recursion)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pendenza: Option<Box<Pendenza>>,
}

/// `GET /avvisi/{idDominio}/{numeroAvviso}` as JSON.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Avviso {
    /// `NON_ESEGUITA`, `SCADUTA`, `ANNULLATA`, `DUPLICATA` (paid); in the Backoffice `Non pagato`,
    /// `Scaduto`, `Annullato`, `Pagato`.
    pub stato: String,
    #[schema(value_type = Option<f64>)]
    #[serde(
        default,
        with = "domain::importo::json_number::option",
        skip_serializing_if = "Option::is_none"
    )]
    pub importo: Option<Importo>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_dominio: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub numero_avviso: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_validita: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_scadenza: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_pagamento: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub descrizione: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tassonomia_avviso: Option<String>,
    /// Text of the QR code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub qrcode: Option<String>,
    /// Text of the bar code; absent when the body has no GLN.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub barcode: Option<String>,
}
