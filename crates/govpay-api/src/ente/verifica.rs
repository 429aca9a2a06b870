//! A debt as its gestionale tells it when it is asked.

use chrono::NaiveDate;
use domain::{CodDominio, Importo, NumeroAvviso};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    Allegato, Contabilita, Documento, Metadata, NuovaPendenza, NuovaVoce, ProprietaPendenza,
    Soggetto,
};

/// Which API Ente a gestionale speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VersioneEnte {
    V1,
    V2,
}

/// What became of a debt. `DUPLICATA` (paid already) is in version 1 only, and is understood in both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum StatoVerifica {
    /// It can be paid as the answer tells.
    NonEseguita,
    Annullata,
    Scaduta,
    Duplicata,
    Sconosciuta,
}

/// The answer, whatever its version.
#[derive(Clone, Debug)]
pub struct Verifica {
    pub stato: StatoVerifica,
    pub descrizione_stato: Option<String>,
    /// Present when it can be paid.
    pub pendenza: Option<PendenzaVerificata>,
}

/// An answer of success whose body is not the contract's.
#[derive(Debug, thiserror::Error)]
pub enum RispostaIllegibile {
    #[error("la risposta non è quella del contratto: {0}")]
    Forma(#[from] serde_json::Error),
    #[error("la risposta è NON_ESEGUITA e manca il campo 'pendenza'")]
    SenzaPendenza,
}

/// What says how the rest has to be read.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Testata {
    stato: StatoVerifica,
    #[serde(default)]
    descrizione_stato: Option<String>,
}

/// Body of an answer of version 2.
#[derive(Deserialize)]
struct Busta {
    #[serde(default)]
    pendenza: Option<PendenzaVerificata>,
}

impl Verifica {
    /// Reads an answer. Properties that the contract does not have are let pass.
    pub fn leggi(versione: VersioneEnte, body: &[u8]) -> Result<Self, RispostaIllegibile> {
        let testata: Testata = serde_json::from_slice(body)?;
        let pendenza = match (testata.stato, versione) {
            (StatoVerifica::NonEseguita, VersioneEnte::V1) => Some(serde_json::from_slice(body)?),
            (StatoVerifica::NonEseguita, VersioneEnte::V2) => {
                let busta: Busta = serde_json::from_slice(body)?;
                Some(busta.pendenza.ok_or(RispostaIllegibile::SenzaPendenza)?)
            }
            _ => None,
        };
        Ok(Self {
            stato: testata.stato,
            descrizione_stato: testata.descrizione_stato,
            pendenza,
        })
    }
}

/// The debt: what a PUT of API Pendenze carries, with its key.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PendenzaVerificata {
    #[serde(rename = "idA2A", default, skip_serializing_if = "Option::is_none")]
    pub id_a2a: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_pendenza: Option<String>,
    pub id_dominio: CodDominio,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_unita_operativa: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_tipo_pendenza: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nome: Option<String>,
    pub causale: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub soggetto_pagatore: Option<Soggetto>,
    #[serde(with = "domain::importo::json_number")]
    pub importo: Importo,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub numero_avviso: Option<NumeroAvviso>,
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
    /// A text in version 1, an object in version 2: kept as it is.
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proprieta: Option<ProprietaPendenza>,
    pub voci: Vec<VoceVerificata>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allegati: Vec<Allegato>,
}

/// An item, with the accounting as either version writes it: `tipoContabilita` and `codiceContabilita`
/// in version 1, `codiceTassonomicoPagoPA` (`9/CODICE`) in version 2.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VoceVerificata {
    pub id_voce_pendenza: String,
    #[serde(with = "domain::importo::json_number")]
    pub importo: Importo,
    pub descrizione: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cod_entrata: Option<String>,
    /// `01`; `Imposta di bollo` in version 1.
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
    /// `ENTRATA` (a chapter of the budget), `SPECIALE`, `SIOPE`, `ALTRO`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tipo_contabilita: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub codice_contabilita: Option<String>,
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_dominio: Option<CodDominio>,
}

impl From<PendenzaVerificata> for NuovaPendenza {
    fn from(p: PendenzaVerificata) -> Self {
        Self {
            id_unita_operativa: p.id_unita_operativa,
            id_tipo_pendenza: p.id_tipo_pendenza,
            nome: p.nome,
            soggetto_pagatore: p.soggetto_pagatore,
            numero_avviso: p.numero_avviso,
            data_caricamento: p.data_caricamento,
            data_validita: p.data_validita,
            data_scadenza: p.data_scadenza,
            anno_riferimento: p.anno_riferimento,
            cartella_pagamento: p.cartella_pagamento,
            dati_allegati: p.dati_allegati,
            tassonomia: p.tassonomia,
            tassonomia_avviso: p.tassonomia_avviso,
            direzione: p.direzione,
            divisione: p.divisione,
            documento: p.documento,
            data_notifica_avviso: p.data_notifica_avviso,
            data_promemoria_scadenza: p.data_promemoria_scadenza,
            proprieta: p.proprieta,
            allegati: p.allegati,
            ..Self::new(
                p.id_dominio,
                p.causale,
                p.importo,
                p.voci.into_iter().map(Into::into).collect(),
            )
        }
    }
}

impl From<VoceVerificata> for NuovaVoce {
    fn from(voce: VoceVerificata) -> Self {
        let (tipo, codice) = voce.codice_tassonomico.as_deref().map(contabilita).unzip();
        let bollo = voce.tipo_bollo.is_some();
        let tipo = voce.tipo_contabilita.or_else(|| tipo.map(str::to_owned));
        let codice = voce
            .codice_contabilita
            .or_else(|| codice.map(str::to_owned));
        Self {
            id_voce_pendenza: voce.id_voce_pendenza,
            importo: voce.importo,
            descrizione: voce.descrizione,
            cod_entrata: voce.cod_entrata,
            tipo_bollo: voce.tipo_bollo.map(|_| "01".to_owned()),
            hash_documento: voce.hash_documento,
            provincia_residenza: voce.provincia_residenza,
            iban_accredito: voce.iban_accredito,
            iban_appoggio: voce.iban_appoggio,
            // A stamp has no accounting of its own in API Pendenze.
            tipo_contabilita: tipo.filter(|_| !bollo).map(capitolo),
            codice_contabilita: codice.filter(|_| !bollo),
            dati_allegati: voce.dati_allegati,
            descrizione_causale_rpt: voce.descrizione_causale_rpt,
            contabilita: voce.contabilita,
            metadata: voce.metadata,
            id_dominio: voce.id_dominio,
        }
    }
}

/// API Pendenze calls `CAPITOLO` what API Ente v1 calls `ENTRATA`.
fn capitolo(tipo: String) -> String {
    match tipo.as_str() {
        "ENTRATA" => "CAPITOLO".to_owned(),
        _ => tipo,
    }
}

/// `9/CODICE`: kind and code. Without a kind it is `ALTRO`.
fn contabilita(tassonomico: &str) -> (&'static str, &str) {
    match tassonomico.split_once('/') {
        Some(("0", codice)) => ("CAPITOLO", codice),
        Some(("1", codice)) => ("SPECIALE", codice),
        Some(("2", codice)) => ("SIOPE", codice),
        Some(("9", codice)) => ("ALTRO", codice),
        _ => ("ALTRO", tassonomico),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VOCE: &str = r#""voci":[{"idVocePendenza":"1","importo":10.10,"descrizione":"x","ibanAccredito":"IT60X0542811101000000123456","#;

    #[test]
    fn the_two_versions_say_the_same_debt() {
        let v1 = format!(
            r#"{{"idA2A":"A","idPendenza":"1","stato":"NON_ESEGUITA","idDominio":"12345678903",
            "causale":"c","importo":10.10,{VOCE}"tipoContabilita":"ENTRATA","codiceContabilita":"3321","bicAccredito":"X"}}]}}"#
        );
        let v2 = format!(
            r#"{{"stato":"NON_ESEGUITA","pendenza":{{"idA2A":"A","idPendenza":"1","idDominio":"12345678903",
            "causale":"c","importo":10.10,{VOCE}"codiceTassonomicoPagoPA":"0/3321"}}]}}}}"#
        );
        let read = |versione, text: &str| {
            let verifica = Verifica::leggi(versione, text.as_bytes()).unwrap();
            NuovaPendenza::from(verifica.pendenza.unwrap())
        };
        let read = (read(VersioneEnte::V1, &v1), read(VersioneEnte::V2, &v2));
        assert_eq!(read.0, read.1);
        assert_eq!(read.0.importo.cents(), 1010);
        assert_eq!(read.0.voci[0].tipo_contabilita.as_deref(), Some("CAPITOLO"));
        assert_eq!(read.0.voci[0].codice_contabilita.as_deref(), Some("3321"));
    }

    #[test]
    fn a_debt_that_cannot_be_paid_needs_no_data() {
        for (text, stato) in [
            (
                r#"{"stato":"SCADUTA","descrizioneStato":"ieri"}"#,
                StatoVerifica::Scaduta,
            ),
            (r#"{"stato":"DUPLICATA"}"#, StatoVerifica::Duplicata),
            (
                r#"{"stato":"SCONOSCIUTA","idDominio":7}"#,
                StatoVerifica::Sconosciuta,
            ),
        ] {
            for versione in [VersioneEnte::V1, VersioneEnte::V2] {
                let read = Verifica::leggi(versione, text.as_bytes()).unwrap();
                assert_eq!(read.stato, stato);
            }
        }
        let wrong = Verifica::leggi(VersioneEnte::V2, br#"{"stato":"NON_ESEGUITA"}"#);
        assert!(matches!(wrong, Err(RispostaIllegibile::SenzaPendenza)));
        assert!(Verifica::leggi(VersioneEnte::V1, b"<html>").is_err());
    }
}
