//! The cells of a row with what is found wrong in them.

use chrono::NaiveDate;

use super::colonne::{COLONNE, Colonna};
use super::forme::Forme;
use super::layout::Layout;
use super::segnalazione::{Gravita, Segnalazione};
use super::valori::{self, Problema};
use crate::Importo;

/// The cells of one record, in the order of the standard layout and without blanks at their ends,
/// and what was found wrong in them so far.
pub(super) struct Lettore<'a> {
    celle: [&'a str; COLONNE],
    /// `None` for the 2.x layout, whose names are put in later.
    pub layout: Option<&'a Layout>,
    pub forme: &'a Forme,
    pub segnalazioni: Vec<Segnalazione>,
    pub oggi: NaiveDate,
}

impl<'a> Lettore<'a> {
    pub fn new(celle: [&'a str; COLONNE], forme: &'a Forme, oggi: NaiveDate) -> Self {
        Self {
            celle,
            layout: None,
            forme,
            segnalazioni: vec![],
            oggi,
        }
    }

    pub fn cella(&self, colonna: Colonna) -> &'a str {
        self.celle[colonna.posizione()]
    }

    /// The name of a column in messages.
    pub fn nome(&self, colonna: Colonna) -> String {
        self.layout
            .map_or_else(|| colonna.nome(), |layout| layout.nome(colonna))
    }

    /// The text of a cell; `None` when empty. Characters that no text may have are an error; a line
    /// break becomes a blank, with a warning.
    pub fn testo(&mut self, colonna: Colonna) -> Option<String> {
        let valore = self.cella(colonna);
        if valore.is_empty() {
            return None;
        }
        if valore.bytes().all(|b| (b' '..0x7f).contains(&b)) {
            return Some(valore.to_owned());
        }
        if let Some((i, c)) = valore.chars().enumerate().find(|(_, c)| proibito(*c)) {
            let cosa = if c == '\u{fffd}' {
                format!(
                    "il carattere {} non si legge con la codifica del file",
                    i + 1
                )
            } else {
                format!(
                    "il carattere {} (U+{:04X}) non è un carattere di testo",
                    i + 1,
                    c as u32
                )
            };
            self.errore(
                colonna,
                (cosa, "Salva il file in UTF-8 e ricaricalo.".into()),
            );
            return None;
        }
        if !valore.contains(['\n', '\r', '\t']) {
            return Some(valore.to_owned());
        }
        let unito = valore.split_whitespace().collect::<Vec<_>>().join(" ");
        self.avviso(
            colonna,
            (
                "il testo contiene un a capo o una tabulazione".into(),
                "Vengono sostituiti con uno spazio.".into(),
            ),
        );
        self.correggi(&unito);
        Some(unito)
    }

    /// A text of at most `max` characters.
    pub fn facoltativo(&mut self, colonna: Colonna, max: usize) -> Option<String> {
        let testo = self.testo(colonna)?;
        // Characters are never more than bytes.
        if testo.len() <= max {
            return Some(testo);
        }
        let len = testo.chars().count();
        if len <= max {
            return Some(testo);
        }
        let cosa = format!("il testo ha {len} caratteri: al massimo {max}");
        self.errore(colonna, (cosa, "Accorcia il testo.".into()));
        None
    }

    pub fn obbligatorio(&mut self, colonna: Colonna, max: usize) -> Option<String> {
        if self.vuota(colonna) {
            self.manca(colonna);
            return None;
        }
        self.facoltativo(colonna, max)
    }

    pub fn manca(&mut self, colonna: Colonna) {
        let cosa = "il valore manca: la colonna è obbligatoria".to_owned();
        let nome = self.nome(colonna);
        self.errore(colonna, (cosa, format!("Scrivi un valore in {nome}.")));
    }

    /// Letters, digits, `-` and `_` (and `.` where allowed), at most 35: what the APIs accept as an
    /// identifier.
    pub fn identificatore(&mut self, colonna: Colonna, punto: bool) -> Option<String> {
        let testo = self.facoltativo(colonna, 35)?;
        let ammesso =
            |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_') || punto && c == '.';
        match testo.chars().find(|c| !ammesso(*c)) {
            None => Some(testo),
            Some(c) => {
                let cosa = format!("l'identificativo contiene «{c}»");
                let rimedio = "Usa solo lettere senza accenti, cifre, «-» e «_».";
                self.errore(colonna, (cosa, rimedio.into()));
                None
            }
        }
    }

    /// An amount; `None` when absent or wrong.
    pub fn importo(&mut self, colonna: Colonna) -> Option<Importo> {
        let esito = valori::importo(self.cella(colonna), self.forme.decimale);
        self.giudica(colonna, esito)
    }

    pub fn data(&mut self, colonna: Colonna) -> Option<NaiveDate> {
        let testo = self.cella(colonna);
        if testo.is_empty() {
            return None;
        }
        let forma = self.forme.data.as_ref();
        match valori::data(testo, forma) {
            Ok(data) => Some(data),
            Err(problema) => {
                self.errore(colonna, problema);
                if let Some(certa) = valori::data_certa(testo, forma) {
                    self.correggi(&certa);
                }
                None
            }
        }
    }

    /// The value, or its problem among the errors.
    pub fn giudica<T>(&mut self, colonna: Colonna, esito: Result<T, Problema>) -> Option<T> {
        match esito {
            Ok(valore) => Some(valore),
            Err(problema) => {
                self.errore(colonna, problema);
                None
            }
        }
    }

    pub fn errore(&mut self, colonna: Colonna, problema: Problema) {
        self.segnala(Gravita::Errore, colonna, problema);
    }

    pub fn avviso(&mut self, colonna: Colonna, problema: Problema) {
        self.segnala(Gravita::Avviso, colonna, problema);
    }

    fn segnala(&mut self, gravita: Gravita, colonna: Colonna, (cosa, rimedio): Problema) {
        let valore = self.cella(colonna);
        let mut segnalazione = Segnalazione::cella(gravita, colonna, valore, cosa, rimedio);
        if let Some(layout) = self.layout {
            segnalazione.colonna = layout.nome(colonna);
            segnalazione.campo = layout.campo(colonna);
        }
        self.segnalazioni.push(segnalazione);
    }

    /// Says what the cell of the last fault must be, when there is no doubt.
    pub fn correggi(&mut self, valore: &str) {
        if let Some(ultima) = self.segnalazioni.last_mut() {
            ultima.correzione = Some(valore.to_owned());
        }
    }

    pub fn vuota(&self, colonna: Colonna) -> bool {
        self.cella(colonna).is_empty()
    }
}

/// Control characters, and the mark of bytes that could not be decoded.
fn proibito(c: char) -> bool {
    (c.is_control() && !matches!(c, '\t' | '\n' | '\r')) || c == '\u{fffd}'
}
