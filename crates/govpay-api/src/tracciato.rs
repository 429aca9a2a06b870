//! Tracciati of pendenze as GovPay's Backoffice takes them and tells them.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeSeed, Error, IntoDeserializer, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

use crate::{Avviso, Dominio, Fault, NuovaPendenza, Soggetto};

/// An element of `inserimenti`: a pendenza with its key.
#[derive(Clone, Debug, PartialEq)]
pub struct NuovaPendenzaTracciato {
    pub id_a2a: String,
    pub id_pendenza: String,
    pub pendenza: NuovaPendenza,
}

/// An element of `annullamenti`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AnnullamentoPendenza {
    #[serde(rename = "idA2A")]
    pub id_a2a: String,
    pub id_pendenza: String,
    /// Becomes the descrizioneStato.
    pub motivo_annullamento: String,
}

/// By hand: flattening would buffer the values, lose the digits of the amounts and let unknown
/// properties through.
impl<'de> Deserialize<'de> for NuovaPendenzaTracciato {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ConChiave;
        impl<'de> Visitor<'de> for ConChiave {
            type Value = NuovaPendenzaTracciato;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("una pendenza")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                let mut chiave = Chiave::default();
                let senza_chiave = SenzaChiave {
                    map,
                    chiave: &mut chiave,
                };
                let pendenza =
                    NuovaPendenza::deserialize(MapAccessDeserializer::new(senza_chiave))?;
                let manca = A::Error::missing_field;
                Ok(NuovaPendenzaTracciato {
                    id_a2a: chiave.id_a2a.ok_or_else(|| manca("idA2A"))?,
                    id_pendenza: chiave.id_pendenza.ok_or_else(|| manca("idPendenza"))?,
                    pendenza,
                })
            }
        }
        deserializer.deserialize_map(ConChiave)
    }
}

#[derive(Default)]
struct Chiave {
    id_a2a: Option<String>,
    id_pendenza: Option<String>,
}

/// The entries of an object without those of the key, which are put aside.
struct SenzaChiave<'a, A> {
    map: A,
    chiave: &'a mut Chiave,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for SenzaChiave<'_, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        while let Some(nome) = self.map.next_key::<String>()? {
            let (posto, campo) = match nome.as_str() {
                "idA2A" => (&mut self.chiave.id_a2a, "idA2A"),
                "idPendenza" => (&mut self.chiave.id_pendenza, "idPendenza"),
                _ => return seed.deserialize(nome.into_deserializer()).map(Some),
            };
            if posto.replace(self.map.next_value()?).is_some() {
                return Err(A::Error::duplicate_field(campo));
            }
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.map.next_value_seed(seed)
    }
}

/// How far a tracciato is, in the words of the Backoffice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum StatoTracciatoPendenza {
    InAttesa,
    InElaborazione,
    Eseguito,
    EseguitoConErrori,
    /// Nothing of it was loaded.
    Scartato,
    /// The avvisi are being printed.
    ElaborazioneStampa,
}

/// A tracciato in a list, and the answer to its upload.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TracciatoIndex {
    pub id: i64,
    pub nome_file: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dominio: Option<Dominio>,
    pub data_ora_caricamento: DateTime<Utc>,
    pub stato: StatoTracciatoPendenza,
    /// 256 characters at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub descrizione_stato: Option<String>,
    pub numero_operazioni_totali: i64,
    pub numero_operazioni_eseguite: i64,
    pub numero_operazioni_fallite: i64,
    pub operatore_mittente: String,
    pub data_ora_ultimo_aggiornamento: DateTime<Utc>,
    pub stampa_avvisi: bool,
}

/// A tracciato with what it asked for.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Tracciato {
    #[serde(flatten)]
    pub index: TracciatoIndex,
    /// The tracciato itself, or only what identifies it.
    pub contenuto: Box<RawValue>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TipoOperazione {
    Add,
    Del,
    /// The row cannot be understood.
    NonValida,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum StatoOperazione {
    Eseguito,
    /// Understood, and refused.
    Scartato,
    NonValido,
}

/// An element of the outcome of a tracciato.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EsitoOperazione {
    #[serde(rename = "idA2A")]
    pub id_a2a: String,
    pub id_pendenza: String,
    pub tipo_operazione: TipoOperazione,
    pub stato: StatoOperazione,
    /// `ADD_OK`, `ADD_KO`, `DEL_OK`, `DEL_KO`, or the code of the fault.
    pub esito: String,
    pub descrizione_esito: String,
    /// Progressive number of the operation, from 1.
    pub numero: i64,
    pub dati: DatiEsito,
}

/// The avviso of an operation that was done, else why it was not.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum DatiEsito {
    Avviso(Box<Avviso>),
    Fault(Fault),
}

/// An operation of a tracciato, in a list.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OperazionePendenza {
    pub tipo_operazione: TipoOperazione,
    pub stato: StatoOperazione,
    pub descrizione_stato: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ente_creditore: Option<Dominio>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub soggetto_pagatore: Option<Soggetto>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub applicazione: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identificativo_pendenza: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub numero_avviso: Option<String>,
    pub numero: i64,
    pub risposta: EsitoOperazione,
}

#[cfg(test)]
mod tests {
    use super::*;

    const VOCI: &str =
        r#"[{"idVocePendenza":"1","importo":10.10,"descrizione":"x","codEntrata":"TARI"}]"#;

    fn leggi(altro: &str) -> Result<NuovaPendenzaTracciato, serde_json::Error> {
        serde_json::from_str(&format!(
            r#"{{"idDominio":"12345678903","causale":"x","importo":10.10,"voci":{VOCI}{altro}}}"#
        ))
    }

    #[test]
    fn the_key_is_taken_out_and_the_pendenza_is_read_as_strictly_as_ever() {
        let letta = leggi(r#","idA2A":"A","idPendenza":"P""#).unwrap();
        assert_eq!(
            (letta.id_a2a.as_str(), letta.id_pendenza.as_str()),
            ("A", "P")
        );
        assert_eq!(letta.pendenza.importo.cents(), 1010);
        for (altro, detto) in [
            (r#","idA2A":"A""#, "missing field `idPendenza`"),
            (r#","idPendenza":"P""#, "missing field `idA2A`"),
            (r#","idA2A":"A","idA2A":"A""#, "duplicate field `idA2A`"),
            (
                r#","idA2A":"A","idPendenza":"P","x":1"#,
                "unknown field `x`",
            ),
        ] {
            let errore = leggi(altro).unwrap_err().to_string();
            assert!(errore.contains(detto), "{errore}");
        }
    }

    #[test]
    fn an_annulment_has_a_reason() {
        let letto =
            serde_json::from_str::<AnnullamentoPendenza>(r#"{"idA2A":"A","idPendenza":"P"}"#);
        assert!(
            letto
                .unwrap_err()
                .to_string()
                .contains("motivoAnnullamento")
        );
    }
}
