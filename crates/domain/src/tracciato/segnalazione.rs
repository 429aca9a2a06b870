//! What is wrong, or odd, in a tracciato: where, which value, which rule, what to do.

use super::colonne::Colonna;

/// Longest value shown in a message, in characters.
const VALORE_MAX: usize = 60;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gravita {
    /// The row cannot be loaded.
    Errore,
    /// The row is loaded; somebody should look.
    Avviso,
}

impl Gravita {
    pub fn name(self) -> &'static str {
        match self {
            Self::Errore => "ERRORE",
            Self::Avviso => "AVVISO",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        [Self::Errore, Self::Avviso]
            .into_iter()
            .find(|g| g.name() == name)
    }
}

/// One fault of one row. The line of the file is known by who reads the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segnalazione {
    pub gravita: Gravita,
    /// Name of the column; empty when the row as a whole is meant.
    pub colonna: String,
    /// The value as it is in the file; masked when it is data of a person.
    pub valore: String,
    /// Which rule it breaks.
    pub problema: String,
    /// How to put it right.
    pub suggerimento: String,
    /// Position of the cell in the row of the file, from 0, when it has one of its own.
    pub campo: Option<usize>,
    /// What the cell must be, when there is no doubt. As personal as the cell.
    pub correzione: Option<String>,
}

impl Segnalazione {
    /// A fault of one cell. Personal values are masked.
    pub fn cella(
        gravita: Gravita,
        colonna: Colonna,
        valore: &str,
        problema: impl Into<String>,
        suggerimento: impl Into<String>,
    ) -> Self {
        let valore = if colonna.personale() {
            maschera(valore)
        } else {
            accorcia(valore)
        };
        Self {
            gravita,
            colonna: colonna.nome(),
            valore,
            problema: problema.into(),
            suggerimento: suggerimento.into(),
            campo: None,
            correzione: None,
        }
    }

    /// An error of the row, or of the file, as a whole.
    pub fn riga(problema: impl Into<String>, suggerimento: impl Into<String>) -> Self {
        Self {
            gravita: Gravita::Errore,
            colonna: String::new(),
            valore: String::new(),
            problema: problema.into(),
            suggerimento: suggerimento.into(),
            campo: None,
            correzione: None,
        }
    }

    pub fn is_errore(&self) -> bool {
        self.gravita == Gravita::Errore
    }
}

/// First and last character of a long value, none of a short one; the length stays.
fn maschera(valore: &str) -> String {
    let len = valore.chars().count();
    let visibili = |i: usize| len > 6 && (i < 2 || i + 1 == len);
    valore
        .chars()
        .take(VALORE_MAX)
        .enumerate()
        .map(|(i, c)| if visibili(i) { c } else { '•' })
        .collect()
}

fn accorcia(valore: &str) -> String {
    let pulito = valore.chars().map(|c| if c.is_control() { ' ' } else { c });
    let mut corto: String = pulito.take(VALORE_MAX).collect();
    if valore.chars().count() > VALORE_MAX {
        corto.push('…');
    }
    corto
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn personal_values_are_masked_and_long_ones_cut() {
        let email = Segnalazione::cella(Gravita::Errore, Colonna::EMAIL, "g.verdi@esempio", "", "");
        assert_eq!(email.valore, "g.••••••••••••o");
        let cf = Segnalazione::cella(Gravita::Errore, Colonna::IDENTIFICATIVO, "VRD", "", "");
        assert_eq!(cf.valore, "•••");
        let causale = "x".repeat(200);
        let causale = Segnalazione::cella(Gravita::Errore, Colonna::CAUSALE, &causale, "", "");
        assert_eq!(causale.valore.chars().count(), VALORE_MAX + 1);
    }
}
