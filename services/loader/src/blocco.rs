//! Blocks of rows and what became of each row.

use diesel::prelude::*;
use domain::tracciato::Segnalazione;
use domain::{Importo, NumeroAvviso};
use platform::StoreError;
use serde::{Deserialize, Serialize};

/// Some rows of a file that are worked on together, and what became of them.
#[derive(Clone, Debug, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = crate::schema::blocchi, treat_none_as_default_value = false)]
pub struct BloccoRow {
    pub tracciato_id: i64,
    /// From 0.
    pub numero: i64,
    /// Number of its first row, from 1.
    pub prima: i64,
    pub righe: i64,
    /// Bytes of the file before its first row.
    pub inizio: i64,
    /// Line of its first row.
    pub linea: i64,
    pub ok: i64,
    pub ko: i64,
    #[diesel(column_name = esiti)]
    pub json_esiti: Option<String>,
}

impl BloccoRow {
    /// One per row, in their order.
    pub fn esiti(&self) -> Result<Vec<Option<EsitoRiga>>, StoreError> {
        match &self.json_esiti {
            Some(json) => serde_json::from_str(json).map_err(StoreError::corrupt),
            None => Ok(vec![None; usize::try_from(self.righe).unwrap_or_default()]),
        }
    }

    /// The same with these outcomes and their counts.
    pub fn con_esiti(mut self, esiti: &[Option<EsitoRiga>]) -> Result<Self, StoreError> {
        let conta = |ok: bool| {
            esiti
                .iter()
                .flatten()
                .filter(|e| e.esito.is_ok() == ok)
                .count()
        };
        self.ok = i64::try_from(conta(true)).unwrap_or(i64::MAX);
        self.ko = i64::try_from(conta(false)).unwrap_or(i64::MAX);
        let json = serde_json::to_string(esiti).map_err(StoreError::corrupt)?;
        self.json_esiti = (self.ok + self.ko > 0).then_some(json);
        Ok(self)
    }
}

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Esito {
    AddOk,
    AddKo,
    DelOk,
    DelKo,
    /// Never given to the core: it breaks a rule.
    NonValido,
}

impl Esito {
    pub fn name(self) -> &'static str {
        match self {
            Self::AddOk => "ADD_OK",
            Self::AddKo => "ADD_KO",
            Self::DelOk => "DEL_OK",
            Self::DelKo => "DEL_KO",
            Self::NonValido => "NON_VALIDO",
        }
    }

    pub fn is_ok(self) -> bool {
        matches!(self, Self::AddOk | Self::DelOk)
    }
}

/// The outcome of one row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EsitoRiga {
    #[serde(rename = "e")]
    pub esito: Esito,
    /// The core's code (`VER_008`), or `400000` for a row that breaks a rule of the tracciato.
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    pub codice: Option<String>,
    #[serde(rename = "m", default, skip_serializing_if = "Option::is_none")]
    pub errore: Option<String>,
    #[serde(rename = "n", default, skip_serializing_if = "Option::is_none")]
    pub numero_avviso: Option<String>,
    #[serde(rename = "q", default, skip_serializing_if = "Option::is_none")]
    pub qrcode: Option<String>,
    #[serde(rename = "b", default, skip_serializing_if = "Option::is_none")]
    pub barcode: Option<String>,
}

impl EsitoRiga {
    pub fn new(esito: Esito) -> Self {
        Self {
            esito,
            codice: None,
            errore: None,
            numero_avviso: None,
            qrcode: None,
            barcode: None,
        }
    }

    pub fn ko(esito: Esito, codice: impl Into<String>, errore: impl Into<String>) -> Self {
        Self {
            codice: Some(codice.into()),
            errore: Some(errore.into()),
            ..Self::new(esito)
        }
    }

    /// A row that was never given to the core: its first error, and how many more there are.
    pub fn non_valida(segnalazioni: &[Segnalazione]) -> Self {
        let errori: Vec<&Segnalazione> = segnalazioni.iter().filter(|s| s.is_errore()).collect();
        let testo = match errori.as_slice() {
            [] => "la riga non è valida".to_owned(),
            [primo, altri @ ..] => {
                let dove = match primo.colonna.as_str() {
                    "" => String::new(),
                    colonna => format!("{colonna}: "),
                };
                let piu = match altri.len() {
                    0 => String::new(),
                    1 => " (e un altro errore)".to_owned(),
                    n => format!(" (e altri {n} errori)"),
                };
                format!("{dove}{}{piu}", primo.problema)
            }
        };
        Self::ko(Esito::NonValido, "400000", testo)
    }

    pub fn iuv(&self) -> Option<String> {
        let numero = NumeroAvviso::parse(self.numero_avviso.as_deref()?).ok()?;
        Some(numero.iuv().to_string())
    }
}

/// A row as lists show it.
#[derive(Clone, Debug)]
pub struct RigaVista {
    /// From 1; blank lines do not count.
    pub numero: i64,
    /// Line of the file.
    pub riga: i64,
    pub annullamento: bool,
    pub id_a2a: String,
    pub id_pendenza: String,
    pub id_dominio: String,
    pub importo: Option<Importo>,
    pub esito: Option<EsitoRiga>,
}
