//! What an uploader says about a file, in the words of forms and queries.

use domain::tracciato::{Decimale, FormaData, Forme, Mappa};
use platform::StoreError;
use serde::Deserialize;

use crate::app::App;
use crate::csv::Scelte;
use crate::lettura::Lettura;
use crate::operatore::Operatore;
use crate::tracciato::Politica;

/// An empty word means: find out, or the default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Parole {
    pub codifica: String,
    pub separatore: String,
    pub decimale: String,
    pub data: String,
    /// `idDominio/idTipoPendenza` of a kept mapping.
    pub mappa: String,
    pub politica: String,
}

/// The same, understood.
#[derive(Clone, Debug, Default)]
pub struct Decise {
    pub scelte: Scelte,
    pub lettura: Lettura,
    pub politica: Politica,
}

/// A word that is not one of the choices.
#[derive(Debug, thiserror::Error)]
pub enum ParolaError {
    #[error("{parametro} vale «{valore}»: {ammessi}")]
    Sconosciuta {
        parametro: &'static str,
        valore: String,
        ammessi: String,
    },
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn sconosciuta(parametro: &'static str, valore: &str, ammessi: impl Into<String>) -> ParolaError {
    ParolaError::Sconosciuta {
        parametro,
        valore: valore.chars().take(60).collect(),
        ammessi: ammessi.into(),
    }
}

impl Parole {
    pub async fn decidi(&self, app: &App, chi: &Operatore) -> Result<Decise, ParolaError> {
        let scelte = Scelte::parse(&self.codifica, &self.separatore).ok_or_else(|| {
            let (parametro, valore) = match Scelte::parse(&self.codifica, "") {
                None => ("codifica", &self.codifica),
                Some(_) => ("separatore", &self.separatore),
            };
            let ammessi =
                "codifica vale UTF-8 o windows-1252; separatore vale «,», «;», «tab» o «|».";
            sconosciuta(parametro, valore, ammessi)
        })?;
        let decimale = match self.decimale.as_str() {
            "" => None,
            altro => Some(
                Decimale::parse(altro)
                    .ok_or_else(|| sconosciuta("decimale", altro, "vale «,» oppure «.»."))?,
            ),
        };
        let data = match self.data.as_str() {
            "" => None,
            altro => Some(
                FormaData::parse(altro)
                    .map_err(|errore| sconosciuta("data", altro, errore.to_string()))?,
            ),
        };
        let politica = match self.politica.as_str() {
            "" => Politica::default(),
            altro => Politica::parse(altro).ok_or_else(|| {
                let nomi: Vec<&str> = Politica::TUTTE.iter().map(|p| p.name()).collect();
                sconosciuta(
                    "politica",
                    altro,
                    format!("i valori sono {}.", nomi.join(", ")),
                )
            })?,
        };
        let lettura = Lettura {
            forme: Forme { decimale, data },
            mappa: self.mappa(app, chi).await?,
            ..Lettura::default()
        };
        Ok(Decise {
            scelte: Scelte {
                intestazione: lettura.mappa.as_ref().map(|m| m.intestazione),
                ..scelte
            },
            lettura,
            politica,
        })
    }

    async fn mappa(&self, app: &App, chi: &Operatore) -> Result<Option<Mappa>, ParolaError> {
        if self.mappa.is_empty() {
            return Ok(None);
        }
        let ignota = || {
            let ammessi =
                "scrivi idDominio/idTipoPendenza di una mappa che esiste e che puoi usare.";
            sconosciuta("mappa", &self.mappa, ammessi)
        };
        let (dominio, tipo) = self.mappa.split_once('/').ok_or_else(ignota)?;
        if !chi.puo(dominio) {
            return Err(ignota());
        }
        let row = app
            .db
            .find_mappa(dominio.to_owned(), tipo.to_owned())
            .await?;
        let row = row.ok_or_else(ignota)?;
        let mappa = serde_json::from_str(&row.contenuto).map_err(StoreError::corrupt)?;
        Ok(Some(mappa))
    }
}
