//! How amounts and dates of a file are written, when somebody has said so.

use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What was declared of a file. What was not must be plain from each value: an amount or a date that
/// can be read in two ways is refused.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forme {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decimale: Option<Decimale>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<FormaData>,
}

/// The sign between euro and cents; the other one separates thousands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Decimale {
    #[serde(rename = ",")]
    Virgola,
    #[serde(rename = ".")]
    Punto,
}

impl Decimale {
    pub fn segno(self) -> char {
        match self {
            Self::Virgola => ',',
            Self::Punto => '.',
        }
    }

    pub fn migliaia(self) -> char {
        match self {
            Self::Virgola => '.',
            Self::Punto => ',',
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "," => Some(Self::Virgola),
            "." => Some(Self::Punto),
            _ => None,
        }
    }
}

/// A date as `gg`, `mm` and `aaaa` in some order, with one sign between them or none: `gg/mm/aaaa`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FormaData {
    testo: String,
    /// Day, month, year: which of the three parts each is.
    ordine: [usize; 3],
    segno: Option<char>,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "la forma della data «{0}» non è fatta di gg, mm e aaaa, per esempio gg/mm/aaaa o aaaa-mm-gg"
)]
pub struct FormaDataError(String);

impl FormaData {
    /// The forms that a page offers.
    pub const OFFERTE: [&'static str; 7] = [
        "aaaa-mm-gg",
        "gg/mm/aaaa",
        "gg-mm-aaaa",
        "gg.mm.aaaa",
        "mm/gg/aaaa",
        "aaaammgg",
        "ggmmaaaa",
    ];

    pub fn parse(testo: &str) -> Result<Self, FormaDataError> {
        let errore = || FormaDataError(testo.chars().take(20).collect());
        let segno = testo.chars().find(|c| !"gma".contains(*c));
        let parti: Vec<&str> = match segno {
            Some(segno) => testo.split(segno).collect(),
            None => match testo.find('a') {
                Some(0) if testo.len() == 8 => vec![&testo[..4], &testo[4..6], &testo[6..]],
                Some(4) if testo.len() == 8 => vec![&testo[..2], &testo[2..4], &testo[4..]],
                _ => return Err(errore()),
            },
        };
        let dove = |parte: &str| parti.iter().position(|p| *p == parte).ok_or_else(errore);
        let ordine = [dove("gg")?, dove("mm")?, dove("aaaa")?];
        if parti.len() != 3 || segno.is_some_and(|s| s.is_alphanumeric() || s.is_control()) {
            return Err(errore());
        }
        Ok(Self {
            testo: testo.to_owned(),
            ordine,
            segno,
        })
    }

    pub fn as_str(&self) -> &str {
        &self.testo
    }

    /// Year, month and day of a text in this form; the day may not exist.
    pub fn leggi(&self, testo: &str) -> Option<[u32; 3]> {
        let cifre = |t: &str, n: std::ops::RangeInclusive<usize>| -> Option<u32> {
            (n.contains(&t.len()) && t.bytes().all(|b| b.is_ascii_digit()))
                .then(|| t.parse().ok())?
        };
        let anno_in = self.ordine[2];
        let parti: [&str; 3] = match self.segno {
            Some(segno) => {
                let mut pezzi = testo.split(segno);
                let tre = [pezzi.next()?, pezzi.next()?, pezzi.next()?];
                if pezzi.next().is_some() {
                    return None;
                }
                tre
            }
            None if testo.len() == 8 && testo.is_ascii() => match anno_in {
                0 => [&testo[..4], &testo[4..6], &testo[6..]],
                _ => [&testo[..2], &testo[2..4], &testo[4..]],
            },
            None => return None,
        };
        Some([
            cifre(parti[anno_in], 4..=4)?,
            cifre(parti[self.ordine[1]], 1..=2)?,
            cifre(parti[self.ordine[0]], 1..=2)?,
        ])
    }

    /// A day in this form.
    pub fn scrivi(&self, giorno: NaiveDate) -> String {
        let formato = self
            .testo
            .replace("aaaa", "%Y")
            .replace("mm", "%m")
            .replace("gg", "%d");
        giorno.format(&formato).to_string()
    }
}

impl fmt::Debug for FormaData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.testo)
    }
}

impl TryFrom<String> for FormaData {
    type Error = FormaDataError;
    fn try_from(testo: String) -> Result<Self, Self::Error> {
        Self::parse(&testo)
    }
}

impl From<FormaData> for String {
    fn from(forma: FormaData) -> Self {
        forma.testo
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_offered_forms_read_what_they_write() {
        let giorno = NaiveDate::from_ymd_opt(2030, 2, 9).unwrap();
        for testo in FormaData::OFFERTE {
            let forma = FormaData::parse(testo).unwrap();
            assert_eq!(
                forma.leggi(&forma.scrivi(giorno)),
                Some([2030, 2, 9]),
                "{testo}"
            );
            assert_eq!(forma.leggi("domani"), None);
        }
        let forma = FormaData::parse("mm/gg/aaaa").unwrap();
        assert_eq!(forma.leggi("12/31/2030"), Some([2030, 12, 31]));
        assert_eq!(forma.leggi("12/31/30"), None);
        assert_eq!(forma.leggi("12/31/2030/1"), None);
    }

    #[test]
    fn other_words_are_not_a_form() {
        for testo in [
            "",
            "gg/mm",
            "dd/MM/yyyy",
            "gg/mm/aaaa/gg",
            "aaaa",
            "ggmmaa",
            "gg%mm%aaaa%",
        ] {
            assert!(FormaData::parse(testo).is_err(), "{testo}");
        }
    }
}
