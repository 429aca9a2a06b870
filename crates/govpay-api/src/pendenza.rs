//! Pendenze as they are loaded and changed.

use base64::Engine as _;
use chrono::NaiveDate;
use domain::{CodDominio, Importo, NumeroAvviso};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::Soggetto;

/// Body of `PUT /pendenze/{idA2A}/{idPendenza}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NuovaPendenza {
    #[schema(value_type = String)]
    pub id_dominio: CodDominio,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_unita_operativa: Option<String>,
    /// `LIBERO` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_tipo_pendenza: Option<String>,
    /// At most 35 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nome: Option<String>,
    /// 1 to 140 characters.
    pub causale: String,
    /// The debtor; `ANONIMO` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub soggetto_pagatore: Option<Soggetto>,
    /// The sum of the voci.
    #[schema(value_type = f64)]
    #[serde(with = "domain::importo::json_number")]
    pub importo: Importo,
    /// 18 digits, as text; generated when absent.
    #[schema(value_type = Option<String>)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub numero_avviso: Option<NumeroAvviso>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_caricamento: Option<NaiveDate>,
    /// After this day the data must be refreshed by the ente.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_validita: Option<NaiveDate>,
    /// Last day on which it can be paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_scadenza: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anno_riferimento: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cartella_pagamento: Option<String>,
    /// Kept as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dati_allegati: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tassonomia: Option<String>,
    /// One of the labels of the contract.
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proprieta: Option<ProprietaPendenza>,
    /// 1 to 5.
    pub voci: Vec<NuovaVoce>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allegati: Vec<Allegato>,
}

impl NuovaPendenza {
    /// Only what every pendenza has.
    pub fn new(
        id_dominio: CodDominio,
        causale: String,
        importo: Importo,
        voci: Vec<NuovaVoce>,
    ) -> Self {
        Self {
            id_dominio,
            causale,
            importo,
            voci,
            id_unita_operativa: None,
            id_tipo_pendenza: None,
            nome: None,
            soggetto_pagatore: None,
            numero_avviso: None,
            data_caricamento: None,
            data_validita: None,
            data_scadenza: None,
            anno_riferimento: None,
            cartella_pagamento: None,
            dati_allegati: None,
            tassonomia: None,
            tassonomia_avviso: None,
            direzione: None,
            divisione: None,
            documento: None,
            data_notifica_avviso: None,
            data_promemoria_scadenza: None,
            proprieta: None,
            allegati: vec![],
        }
    }
}

/// An item to be paid. Of three groups exactly one is present: `codEntrata`; `tipoBollo`,
/// `hashDocumento`, `provinciaResidenza`; `ibanAccredito` (and `ibanAppoggio`), `tipoContabilita`,
/// `codiceContabilita`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NuovaVoce {
    /// Unique in the pendenza, 1 to 35 characters.
    pub id_voce_pendenza: String,
    #[schema(value_type = f64)]
    #[serde(with = "domain::importo::json_number")]
    pub importo: Importo,
    /// 1 to 255 characters.
    pub descrizione: String,
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
    /// Body that gets the money, when it is not that of the pendenza.
    #[schema(value_type = Option<String>)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_dominio: Option<CodDominio>,
}

impl NuovaVoce {
    /// An item paid on the account of an entrata of the body.
    pub fn entrata(id: String, importo: Importo, descrizione: String, entrata: String) -> Self {
        Self {
            id_voce_pendenza: id,
            importo,
            descrizione,
            cod_entrata: Some(entrata),
            ..Self::default()
        }
    }
}

/// Split of an item over the chapters of the budget.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Contabilita {
    #[serde(default)]
    pub quote: Vec<QuotaContabilita>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proprieta_custom: Option<Value>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct QuotaContabilita {
    pub capitolo: String,
    pub anno_esercizio: u16,
    #[schema(value_type = f64)]
    #[serde(with = "domain::importo::json_number")]
    pub importo: Importo,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accertamento: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proprieta_custom: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub titolo: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tipologia: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub categoria: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub articolo: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Metadata {
    pub map_entries: Vec<MapEntry>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MapEntry {
    pub key: String,
    pub value: String,
}

/// The document that the pendenza is a part of: one `rata`, one `soglia`, or the whole of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Documento {
    pub identificativo: String,
    pub descrizione: String,
    /// From 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rata: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub soglia: Option<Soglia>,
}

impl Documento {
    /// The part that it says, as people read it; `None` for the whole of a documento.
    pub fn parte(&self) -> Option<String> {
        match (self.rata, &self.soglia) {
            (Some(rata), _) => Some(format!("RATA {rata}")),
            (None, Some(soglia)) => Some(match soglia.giorni {
                Some(giorni) => format!("{} {giorni} GIORNI", soglia.tipo),
                None => soglia.tipo.clone(),
            }),
            (None, None) => None,
        }
    }

    /// Where the part stands among the others: rate by number, then thresholds by days, then the whole.
    pub fn ordine(&self) -> (u8, u32) {
        match (self.rata, &self.soglia) {
            (Some(rata), _) => (0, rata),
            (None, Some(soglia)) => {
                let dopo = u8::from(soglia.tipo == "OLTRE");
                (1 + dopo, soglia.giorni.unwrap_or_default())
            }
            (None, None) => (3, 0),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Soglia {
    /// `ENTRO`, `OLTRE`, `RIDOTTO`, `SCONTATO`.
    pub tipo: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub giorni: Option<u32>,
}

/// How the avviso is printed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProprietaPendenza {
    /// `false`, `de`, `en`, `fr`, `sl`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lingua_secondaria: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub descrizione_importo: Vec<DescrizioneImporto>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub linea_testo_ricevuta1: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub linea_testo_ricevuta2: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lingua_secondaria_causale: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub informativa_importo_avviso: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lingua_secondaria_informativa_importo_avviso: Option<String>,
    /// Spelt as the contract spells it.
    #[serde(
        rename = "dataScandenzaAvviso",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub data_scadenza_avviso: Option<NaiveDate>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DescrizioneImporto {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voce: Option<String>,
    #[schema(value_type = Option<f64>)]
    #[serde(
        default,
        with = "domain::importo::json_number::option",
        skip_serializing_if = "Option::is_none"
    )]
    pub importo: Option<Importo>,
}

/// A file of the pendenza: base64 when loaded, the path of the file when read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Allegato {
    pub nome: String,
    /// Media type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tipo: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub descrizione: Option<String>,
    pub contenuto: String,
}

impl Allegato {
    /// The content of a file to be loaded.
    pub fn bytes(&self) -> Result<Vec<u8>, base64::DecodeError> {
        base64::engine::general_purpose::STANDARD.decode(&self.contenuto)
    }
}

/// One change of `PATCH /pendenze/{idA2A}/{idPendenza}`, whose body is an array of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PatchOp {
    /// `ADD`, `DELETE`, `REPLACE`.
    pub op: String,
    /// `/stato`, `/descrizioneStato`, `/nota`.
    pub path: String,
    pub value: Value,
}

impl PatchOp {
    pub fn replace(path: &str, value: impl Into<Value>) -> Self {
        Self {
            op: "REPLACE".to_owned(),
            path: path.to_owned(),
            value: value.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Elenco, Pendenza};

    #[test]
    fn b052_a_numero_avviso_that_is_a_number_is_refused_and_digits_of_amounts_are_kept() {
        let voce =
            r#"{"idVocePendenza":"1","importo":10.10,"descrizione":"x","codEntrata":"TARI"}"#;
        let body = |avviso: &str| {
            format!(
                r#"{{"idDominio":"12345678903","causale":"x","importo":10.10,"numeroAvviso":{avviso},"voci":[{voce}]}}"#
            )
        };
        let text = body(r#""301000000000004285""#);
        let read: NuovaPendenza = serde_json::from_str(&text).unwrap();
        assert_eq!(read.importo.cents(), 1010);
        assert_eq!(serde_json::to_string(&read.voci[0]).unwrap(), voce);
        assert!(serde_json::from_str::<NuovaPendenza>(&body("301000000000004285")).is_err());
    }

    #[test]
    fn b153_a_detail_has_rows_and_a_list_has_paths() {
        let text = r#"{"idA2A":"A","idPendenza":"1","dominio":{"idDominio":"12345678903","ragioneSociale":"x"},
            "stato":"NON_ESEGUITA","importo":1.10,"rpp":[{"stato":"RT_ACCETTATA_PA","rpt":{},"importoPagato":1.10}]}"#;
        let detail: Pendenza = serde_json::from_str(text).unwrap();
        assert_eq!(detail.rpp()[0].importo_pagato.unwrap().cents(), 110);
        let text = text.replace(
            r#"[{"stato":"RT_ACCETTATA_PA","rpt":{},"importoPagato":1.10}]"#,
            r#""/rpp?x""#,
        );
        let row: Pendenza = serde_json::from_str(&text).unwrap();
        assert_eq!(row.rpp, Some(Elenco::Indirizzo("/rpp?x".to_owned())));
        assert!(row.rpp().is_empty());
    }
}
