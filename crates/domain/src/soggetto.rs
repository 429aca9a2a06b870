//! People: codice fiscale, name, e-mail. Their `Debug` never shows the value, so a log cannot leak it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Persona fisica or giuridica.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TipoSoggetto {
    F,
    G,
}

impl TipoSoggetto {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::F => "F",
            Self::G => "G",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "F" => Some(Self::F),
            "G" => Some(Self::G),
            _ => None,
        }
    }
}

/// Identifier of a debtor: codice fiscale, partita IVA or the literal `ANONIMO`; upper case, 2 to 16
/// characters. Check characters are judged by [`CodiceFiscale::check`], not by parsing.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CodiceFiscale(String);

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "l'identificativo del debitore ha da 2 a 16 lettere e cifre (codice fiscale, partita IVA o ANONIMO)"
)]
pub struct CodiceFiscaleError;

/// What the check character of a codice fiscale says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodiceFiscaleCheck {
    /// 16 characters with the right check letter, or 11 digits with the right check digit.
    Right,
    /// The right shape with the wrong check character.
    WrongCheck,
    /// Neither a codice fiscale nor a partita IVA (`ANONIMO`, foreign codes).
    Other,
}

impl CodiceFiscale {
    /// Upper-cases and trims: people type both.
    pub fn parse(text: &str) -> Result<Self, CodiceFiscaleError> {
        let text = text.trim().to_ascii_uppercase();
        let well_formed =
            (2..=16).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric());
        if well_formed {
            Ok(Self(text))
        } else {
            Err(CodiceFiscaleError)
        }
    }

    /// The value itself. Not for logs.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// First three and last four characters, for lists: `RSS•••••••••501U`.
    pub fn masked(&self) -> String {
        mask(&self.0, 3, 4)
    }

    pub fn check(&self) -> CodiceFiscaleCheck {
        match self.0.len() {
            11 if self.0.bytes().all(|b| b.is_ascii_digit()) => {
                if crate::dominio::partita_iva_check_digit_is_right(&self.0) {
                    CodiceFiscaleCheck::Right
                } else {
                    CodiceFiscaleCheck::WrongCheck
                }
            }
            16 if shape_is_codice_fiscale(&self.0) => {
                if check_letter(&self.0[..15]) == self.0.as_bytes()[15] {
                    CodiceFiscaleCheck::Right
                } else {
                    CodiceFiscaleCheck::WrongCheck
                }
            }
            _ => CodiceFiscaleCheck::Other,
        }
    }
}

/// Six letters, then digits (or the letters that replace them in case of omocodia) and the letters
/// of month, municipality and check.
fn shape_is_codice_fiscale(text: &str) -> bool {
    const LETTERS: [usize; 9] = [0, 1, 2, 3, 4, 5, 8, 11, 15];
    text.bytes().enumerate().all(|(i, b)| {
        if LETTERS.contains(&i) {
            b.is_ascii_uppercase()
        } else {
            b.is_ascii_digit() || b"LMNPQRSTUV".contains(&b)
        }
    })
}

/// The check letter of the first 15 characters (decree of 23 December 1976).
fn check_letter(first_15: &str) -> u8 {
    const ODD: [u32; 26] = [
        1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24,
        23,
    ];
    let sum: u32 = first_15
        .bytes()
        .enumerate()
        .map(|(i, b)| {
            let value = if b.is_ascii_digit() {
                b - b'0'
            } else {
                b - b'A'
            };
            if i % 2 == 0 {
                ODD[usize::from(value)]
            } else {
                u32::from(value)
            }
        })
        .sum();
    b'A' + u8::try_from(sum % 26).unwrap_or(0) // below 26 by construction
}

/// Name of a person or of an organisation, 1 to 70 characters.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Anagrafica(String);

impl Anagrafica {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The value itself. Not for logs.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An e-mail address: one `@`, no blanks, a dot in the domain, at most 256 characters.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("inserisci un indirizzo nel formato nome@esempio.it")]
pub struct EmailError;

impl Email {
    pub fn parse(text: &str) -> Result<Self, EmailError> {
        let text = text.trim();
        let (local, domain) = text.rsplit_once('@').ok_or(EmailError)?;
        let printable = text.chars().all(|c| !c.is_whitespace() && !c.is_control());
        let domain_ok = domain.contains('.')
            && domain.split('.').all(|label| {
                !label.is_empty()
                    && label.chars().all(|c| c.is_alphanumeric() || c == '-')
                    && !label.starts_with('-')
                    && !label.ends_with('-')
            });
        let local_ok = !local.is_empty()
            && !local.contains(['@', '"', '<', '>', ',', ';', '(', ')'])
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..");
        if printable && domain_ok && local_ok && text.len() <= 256 {
            Ok(Self(text.to_owned()))
        } else {
            Err(EmailError)
        }
    }

    /// The value itself. Not for logs.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// First letter and domain's last part, for pages: `m•••@…it`.
    pub fn masked(&self) -> String {
        let first = self.0.chars().next().unwrap_or('•');
        let tld = self.0.rsplit('.').next().unwrap_or_default();
        format!("{first}•••@…{tld}")
    }
}

/// Keeps `head` and `tail` characters and hides the others.
fn mask(text: &str, head: usize, tail: usize) -> String {
    let len = text.chars().count();
    text.chars()
        .enumerate()
        .map(|(i, c)| {
            if i < head || i + tail >= len {
                c
            } else {
                '•'
            }
        })
        .collect()
}

macro_rules! masked_debug {
    ($($name:ident),*) => { $(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(•••)"))
            }
        }
        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.0
            }
        }
    )* };
}
masked_debug!(CodiceFiscale, Anagrafica, Email);

impl TryFrom<String> for CodiceFiscale {
    type Error = CodiceFiscaleError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl TryFrom<String> for Email {
    type Error = EmailError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> CodiceFiscaleCheck {
        CodiceFiscale::parse(text).unwrap().check()
    }

    #[test]
    fn check_letters_of_invented_people() {
        for right in [
            "VRDGPP80A01H501U",
            "BNCLRA85M41F205C",
            "NREGNN71C15L219E",
            "CRNJZO90D05L424E",
            "BRSDNL62E10L736H",
        ] {
            assert_eq!(check(right), CodiceFiscaleCheck::Right, "{right}");
        }
        assert_eq!(check("VRDGPP80A01H501X"), CodiceFiscaleCheck::WrongCheck);
        assert_eq!(check("ANONIMO"), CodiceFiscaleCheck::Other);
        assert_eq!(check("12345678903"), CodiceFiscaleCheck::Right);
        assert_eq!(check("12345678901"), CodiceFiscaleCheck::WrongCheck);
    }

    #[test]
    fn b046_a_collision_letter_is_valid() {
        assert_eq!(check("NREGNN71C15L2MVE"), CodiceFiscaleCheck::Right);
    }

    #[test]
    fn b047_lower_case_is_the_same_person() {
        assert_eq!(
            CodiceFiscale::parse(" vrdgpp80a01h501u").unwrap().as_str(),
            "VRDGPP80A01H501U"
        );
    }

    #[test]
    fn personal_data_is_never_in_debug_output() {
        let shown = format!(
            "{:?} {:?} {:?}",
            CodiceFiscale::parse("VRDGPP80A01H501U").unwrap(),
            Anagrafica::new("Giuseppe Verdi"),
            Email::parse("giuseppe@esempio.it").unwrap()
        );
        assert_eq!(shown, "CodiceFiscale(•••) Anagrafica(•••) Email(•••)");
        assert_eq!(
            CodiceFiscale::parse("VRDGPP80A01H501U").unwrap().masked(),
            "VRD•••••••••501U"
        );
    }

    #[test]
    fn b049_email_is_neither_too_strict_nor_too_lax() {
        for right in [
            "a@b.it",
            "nome.cognome+tag@pec.comune.valtorbida.it",
            "x@esempio.photography",
            "o'neil@esempio.ie",
        ] {
            assert!(Email::parse(right).is_ok(), "{right}");
        }
        for wrong in [
            "", "a", "a@b", "@b.it", "a@", "a b@c.it", "a@b..it", "a@@b.it", "a@-b.it", "<a@b.it>",
        ] {
            assert!(Email::parse(wrong).is_err(), "{wrong}");
        }
    }
}
