//! A body's own columns: which column of its file feeds each field of the standard layout.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::colonne::{COLONNE, CampoVoce, Colonna};
use super::forme::{Decimale, FormaData};

/// A declarative mapping. As JSON:
///
/// ```json
/// {"colonne": {"idPendenza": "Codice", "anagraficaPagatore": ["Cognome", "Nome"], "importo": 7},
///  "costanti": {"idA2A": "GESTIONALE", "tipoSoggettoPagatore": "F"},
///  "decimale": ",", "data": "gg/mm/aaaa"}
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Mappa {
    /// Field of the standard layout → where its value is.
    pub colonne: BTreeMap<String, Origine>,
    /// Field of the standard layout → the value of every row.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub costanti: BTreeMap<String, String>,
    /// Whether the first line has the names of the columns.
    #[serde(default = "vero")]
    pub intestazione: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decimale: Option<Decimale>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<FormaData>,
}

fn vero() -> bool {
    true
}

/// Where a value is in the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Origine {
    /// The column with this name in the header; case and blanks at the ends do not count.
    Nome(String),
    /// The column in this position, from 1.
    Posizione(usize),
    /// The values of several columns, with a blank between them.
    Unione(Vec<Origine>),
}

impl Mappa {
    /// Reads and judges a mapping. All that is wrong with it, one sentence each.
    pub fn parse(json: &str) -> Result<Self, Vec<String>> {
        let mappa: Self = serde_json::from_str(json).map_err(|errore| {
            vec![format!(
                "la mappa non si legge (riga {}, carattere {}): {errore}",
                errore.line(),
                errore.column()
            )]
        })?;
        let errori = mappa.errori();
        if errori.is_empty() {
            Ok(mappa)
        } else {
            Err(errori)
        }
    }

    /// What is wrong with it.
    pub fn errori(&self) -> Vec<String> {
        let mut errori = vec![];
        let campi = self.colonne.keys().chain(self.costanti.keys());
        for campo in campi {
            if Colonna::esatta(campo).is_none() {
                errori.push(format!(
                    "«{campo}» non è un campo del tracciato: i campi si chiamano come nel formato standard (idPendenza, importo, idVoce1, …)"
                ));
            }
        }
        for campo in self
            .colonne
            .keys()
            .filter(|c| self.costanti.contains_key(*c))
        {
            errori.push(format!(
                "«{campo}» è sia una colonna sia una costante: lascia una delle due"
            ));
        }
        for (campo, origine) in &self.colonne {
            self.origine(campo, origine, &mut errori);
        }
        for colonna in Colonna::OBBLIGATORIE {
            let nome = colonna.nome();
            if !self.colonne.contains_key(&nome) && !self.costanti.contains_key(&nome) {
                errori.push(format!(
                    "manca il campo obbligatorio «{nome}»: indica una colonna o una costante"
                ));
            }
        }
        let voce = [
            CampoVoce::TipoEntrata,
            CampoVoce::TipoBollo,
            CampoVoce::IbanAccredito,
        ]
        .map(|campo| Colonna::voce(0, campo).nome());
        if !voce
            .iter()
            .any(|n| self.colonne.contains_key(n) || self.costanti.contains_key(n))
        {
            errori.push(format!(
                "manca dove va la prima voce: indica {}",
                voce.join(", oppure ")
            ));
        }
        errori
    }

    fn origine(&self, campo: &str, origine: &Origine, errori: &mut Vec<String>) {
        match origine {
            Origine::Nome(_) if !self.intestazione => errori.push(format!(
                "«{campo}» indica una colonna per nome, ma il file non ha intestazione: indica la posizione (1, 2, …)"
            )),
            Origine::Nome(nome) if nome.trim().is_empty() => {
                errori.push(format!("«{campo}» indica una colonna senza nome"));
            }
            Origine::Posizione(0) => {
                errori.push(format!("«{campo}» indica la posizione 0: le posizioni cominciano da 1"));
            }
            Origine::Unione(parti) if parti.is_empty() => {
                errori.push(format!("«{campo}» unisce un elenco vuoto di colonne"));
            }
            Origine::Unione(parti) => {
                for parte in parti {
                    if let Origine::Unione(_) = parte {
                        errori.push(format!("«{campo}» unisce un elenco dentro un elenco: scrivi un elenco solo"));
                    } else {
                        self.origine(campo, parte, errori);
                    }
                }
            }
            Origine::Nome(_) | Origine::Posizione(_) => {}
        }
    }

    /// Where each field is, given the header (or the first row, when there is no header).
    pub(super) fn risolvi(&self, testa: &[&str]) -> Result<Vec<Fonte>, Vec<String>> {
        let mut fonti = vec![Fonte::Nessuna; COLONNE];
        let mut errori = vec![];
        for (campo, origine) in &self.colonne {
            let Some(colonna) = Colonna::esatta(campo) else {
                continue;
            };
            match posizioni(origine, testa) {
                Ok(dove) => {
                    fonti[colonna.posizione()] = match dove[..] {
                        [una] => Fonte::Campo(una),
                        _ => Fonte::Campi(dove),
                    };
                }
                Err(errore) => errori.push(format!("{errore} (serve per {campo})")),
            }
        }
        for (campo, valore) in &self.costanti {
            if let Some(colonna) = Colonna::esatta(campo) {
                fonti[colonna.posizione()] = Fonte::Costante(valore.trim().to_owned());
            }
        }
        if errori.is_empty() {
            Ok(fonti)
        } else {
            Err(errori)
        }
    }

    /// The name of the column that feeds a field, as the writers of the file know it.
    pub(super) fn nome(&self, colonna: Colonna) -> Option<String> {
        fn nome(origine: &Origine) -> String {
            match origine {
                Origine::Nome(nome) => nome.trim().to_owned(),
                Origine::Posizione(n) => format!("colonna {n}"),
                Origine::Unione(parti) => parti.iter().map(nome).collect::<Vec<_>>().join(" + "),
            }
        }
        let campo = colonna.nome();
        self.colonne.get(&campo).map(nome)
    }
}

fn posizioni(origine: &Origine, testa: &[&str]) -> Result<Vec<usize>, String> {
    match origine {
        Origine::Posizione(n) if (1..=testa.len()).contains(n) => Ok(vec![n - 1]),
        Origine::Posizione(n) => Err(format!(
            "la colonna {n} non c'è: il file ne ha {}",
            testa.len()
        )),
        Origine::Nome(nome) => {
            let uguale = |t: &&str| t.trim().to_lowercase() == nome.trim().to_lowercase();
            let mut dove = testa
                .iter()
                .enumerate()
                .filter(|(_, t)| uguale(t))
                .map(|(i, _)| i);
            match (dove.next(), dove.next()) {
                (Some(una), None) => Ok(vec![una]),
                (Some(una), Some(altra)) => Err(format!(
                    "la colonna «{nome}» compare due volte, in posizione {} e {}",
                    una + 1,
                    altra + 1
                )),
                (None, _) => {
                    let trovate: String = testa.join(", ").chars().take(200).collect();
                    Err(format!("manca la colonna «{nome}»; trovate: {trovate}"))
                }
            }
        }
        Origine::Unione(parti) => {
            let tutte: Result<Vec<Vec<usize>>, String> =
                parti.iter().map(|p| posizioni(p, testa)).collect();
            Ok(tutte?.concat())
        }
    }
}

/// Where a field of the standard layout is in a given file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fonte {
    Nessuna,
    /// Position from 0.
    Campo(usize),
    Campi(Vec<usize>),
    Costante(String),
}

#[cfg(test)]
#[path = "mappa_tests.rs"]
mod tests;
