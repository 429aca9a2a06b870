//! Pendenze and items of version 3.

use chrono::NaiveDate;
use domain::Importo;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::RiscossioneVoce;
use crate::{
    Allegato, Contabilita, Documento, Dominio, Metadata, ProprietaPendenza, Soggetto,
    UnitaOperativa,
};

/// `Pendenza`, `PendenzaPagata` (with `voci`) and `PendenzaArchivio` (with `stato`) of the contract.
/// The first three fields are all that is written inside an item of the same pendenza.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PendenzaV3)]
pub struct Pendenza {
    #[serde(rename = "idA2A")]
    pub id_a2a: String,
    pub id_pendenza: String,
    pub data_caricamento: NaiveDate,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_tipo_pendenza: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dominio: Option<Dominio>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unita_operativa: Option<UnitaOperativa>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub causale: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub soggetto_pagatore: Option<Soggetto>,
    #[schema(value_type = Option<f64>)]
    #[serde(
        default,
        with = "domain::importo::json_number::option",
        skip_serializing_if = "Option::is_none"
    )]
    pub importo: Option<Importo>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub numero_avviso: Option<String>,
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
    pub direzione: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub divisione: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub documento: Option<Documento>,
    #[serde(rename = "UUID", default, skip_serializing_if = "Option::is_none")]
    pub uuid: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proprieta: Option<ProprietaPendenza>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allegati: Vec<Allegato>,
    /// In API Pagamento: `NON_ESEGUITA`, `ESEGUITA`, `ESEGUITA_PARZIALE`, `ANNULLATA`, `SCADUTA`,
    /// `ANOMALA`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stato: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub descrizione_stato: Option<String>,
    /// Absent in lists and inside an item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voci: Option<Vec<VocePendenza>>,
}

impl Pendenza {
    /// The key alone.
    pub fn chiave(id_a2a: String, id_pendenza: String, data_caricamento: NaiveDate) -> Self {
        Self {
            id_a2a,
            id_pendenza,
            data_caricamento,
            id_tipo_pendenza: None,
            dominio: None,
            unita_operativa: None,
            causale: None,
            soggetto_pagatore: None,
            importo: None,
            numero_avviso: None,
            data_validita: None,
            data_scadenza: None,
            anno_riferimento: None,
            cartella_pagamento: None,
            dati_allegati: None,
            tassonomia: None,
            direzione: None,
            divisione: None,
            documento: None,
            uuid: None,
            proprieta: None,
            allegati: vec![],
            stato: None,
            descrizione_stato: None,
            voci: None,
        }
    }
}

/// An item: where its money goes is said by one of `codEntrata`, `ibanAccredito`, `tipoBollo`. The
/// amount of an item is that of its `riscossione`, once it is paid.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = VocePendenzaV3)]
pub struct VocePendenza {
    pub id_voce_pendenza: String,
    /// The body that gets the money, when it is not that of the pendenza.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dominio: Option<Dominio>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub descrizione: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cod_entrata: Option<String>,
    /// `01`: imposta di bollo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tipo_bollo: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hash_documento: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provincia_residenza: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iban_accredito: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iban_appoggio: Option<String>,
    /// `9/CODICE`; absent with `codEntrata`.
    #[serde(
        rename = "codiceTassonomicoPagoPA",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub codice_tassonomico: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dati_allegati: Option<Value>,
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
    /// The whole debt beside a riscossione, its key inside the debt itself.
    #[schema(no_recursion)]
    pub pendenza: Box<Pendenza>,
    /// Absent while the item is not paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub riscossione: Option<RiscossioneVoce>,
}
