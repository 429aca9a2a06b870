//! Numero avviso (18 digits), IUV and their check digits (SACI, pagoPA codes).

use std::fmt;

use serde::{Deserialize, Serialize};

/// The 18 digits printed on an avviso: aux digit, then application code (aux 0 only), then IUV.
///
/// Parsing checks the shape only; see [`NumeroAvviso::check`] for the check digits, which outside
/// systems are allowed to get wrong (official samples do).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct NumeroAvviso(String);

/// Identificativo unico di versamento: at most 35 characters, 15 or 17 digits inside an avviso.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Iuv(String);

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NumeroAvvisoError {
    #[error("il numero avviso ha 18 cifre: ne sono state indicate {0}")]
    Length(usize),
    #[error("il numero avviso contiene solo cifre")]
    Digits,
    #[error("la prima cifra del numero avviso è 0, 1, 2 oppure 3")]
    AuxDigit,
    #[error("l'identificativo univoco di versamento ha da 1 a 35 caratteri senza spazi")]
    Iuv,
    #[error("il progressivo {0} non entra nelle {1} cifre della base")]
    Base(u64, usize),
}

/// Who numbers the avvisi of a dominio, hence how a numero avviso is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbering {
    /// Aux digit 0: one body, one station; the application code (0–99) is the station's.
    Aux0 {
        application_code: u8,
    },
    /// Aux digit 1: codes born outside pagoPA; we generate them as for aux 2.
    Aux1,
    Aux2,
    /// Aux digit 3: several brokers; the codice di segregazione (0–99) stays in the IUV.
    Aux3 {
        segregation_code: u8,
    },
}

/// What the check digits of a numero avviso say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckDigits {
    Right,
    /// The two digits that should close the number.
    Wrong {
        expected: u8,
    },
    /// Aux digit 1 has no defined check.
    Undefined,
}

impl NumeroAvviso {
    pub const LEN: usize = 18;

    pub fn parse(text: &str) -> Result<Self, NumeroAvvisoError> {
        if !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(NumeroAvvisoError::Digits);
        }
        if text.len() != Self::LEN {
            return Err(NumeroAvvisoError::Length(text.len()));
        }
        if text.as_bytes()[0] > b'3' {
            return Err(NumeroAvvisoError::AuxDigit);
        }
        Ok(Self(text.to_owned()))
    }

    /// Builds the numero avviso of a base number: `prefix` (digits) then `progressive`, padded with
    /// zeros to the base length (13 digits for aux 0 and 3, 15 for aux 1 and 2), then check digits.
    pub fn generate(
        numbering: Numbering,
        prefix: &str,
        progressive: u64,
    ) -> Result<Self, NumeroAvvisoError> {
        let (head, base_len) = match numbering {
            Numbering::Aux0 { application_code } => (format!("0{application_code:02}"), 13),
            Numbering::Aux1 => ("1".to_owned(), 15),
            Numbering::Aux2 => ("2".to_owned(), 15),
            Numbering::Aux3 { segregation_code } => (format!("3{segregation_code:02}"), 13),
        };
        if !prefix.bytes().all(|b| b.is_ascii_digit()) {
            return Err(NumeroAvvisoError::Digits);
        }
        let width = base_len - prefix.len().min(base_len);
        let digits = format!("{progressive:0width$}");
        if prefix.len() + digits.len() > base_len {
            return Err(NumeroAvvisoError::Base(progressive, width));
        }
        let body = format!("{head}{prefix}{digits}");
        let check = modulo_93(&body);
        Self::parse(&format!("{body}{check:02}"))
    }

    /// The first digit: 0, 1, 2 or 3.
    pub fn aux_digit(&self) -> u8 {
        self.0.as_bytes()[0] - b'0'
    }

    /// The IUV inside: without the first three digits for aux 0, without the first one otherwise.
    pub fn iuv(&self) -> Iuv {
        let skip = if self.aux_digit() == 0 { 3 } else { 1 };
        Iuv(self.0[skip..].to_owned())
    }

    /// Application code (aux 0) or codice di segregazione (aux 3); none for aux 1 and 2.
    pub fn station_code(&self) -> Option<u8> {
        matches!(self.aux_digit(), 0 | 3).then(|| {
            let b = self.0.as_bytes();
            (b[1] - b'0') * 10 + (b[2] - b'0')
        })
    }

    pub fn check(&self) -> CheckDigits {
        if self.aux_digit() == 1 {
            return CheckDigits::Undefined;
        }
        let (body, given) = self.0.split_at(16);
        let expected = modulo_93(body);
        if given == format!("{expected:02}") {
            CheckDigits::Right
        } else {
            CheckDigits::Wrong { expected }
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The decimal number modulo 93: the check digits of SACI. `digits` has at most 16 digits.
fn modulo_93(digits: &str) -> u8 {
    let remainder = digits
        .bytes()
        .fold(0u32, |acc, b| (acc * 10 + u32::from(b - b'0')) % 93);
    u8::try_from(remainder).unwrap_or(0) // below 93 by construction
}

impl Iuv {
    pub fn parse(text: &str) -> Result<Self, NumeroAvvisoError> {
        let well_formed =
            (1..=35).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
        if well_formed {
            Ok(Self(text.to_owned()))
        } else {
            Err(NumeroAvvisoError::Iuv)
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

macro_rules! text_type {
    ($name:ident) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl TryFrom<String> for $name {
            type Error = NumeroAvvisoError;
            fn try_from(text: String) -> Result<Self, Self::Error> {
                Self::parse(&text)
            }
        }
        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.0
            }
        }
    };
}
text_type!(NumeroAvviso);
text_type!(Iuv);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worked_examples_of_the_four_layouts() {
        let cases = [
            (
                Numbering::Aux0 {
                    application_code: 1,
                },
                "",
                42,
                "001000000000004282",
                "000000000004282",
            ),
            (
                Numbering::Aux0 {
                    application_code: 12,
                },
                "25",
                7,
                "012250000000000732",
                "250000000000732",
            ),
            (
                Numbering::Aux1,
                "",
                1234,
                "100000000000123426",
                "00000000000123426",
            ),
            (
                Numbering::Aux2,
                "26",
                999,
                "226000000000099988",
                "26000000000099988",
            ),
            (
                Numbering::Aux3 {
                    segregation_code: 7,
                },
                "",
                1234,
                "307000000000123429",
                "07000000000123429",
            ),
            (
                Numbering::Aux3 {
                    segregation_code: 7,
                },
                "1225",
                1234,
                "307122500000123406",
                "07122500000123406",
            ),
            (
                Numbering::Aux3 {
                    segregation_code: 48,
                },
                "2026",
                815,
                "348202600000081500",
                "48202600000081500",
            ),
        ];
        for (numbering, prefix, progressive, avviso, iuv) in cases {
            let numero = NumeroAvviso::generate(numbering, prefix, progressive).unwrap();
            assert_eq!(numero.as_str(), avviso);
            assert_eq!(numero.iuv().as_str(), iuv);
        }
    }

    #[test]
    fn b055_check_digits_below_ten_are_padded() {
        let numero = NumeroAvviso::generate(
            Numbering::Aux3 {
                segregation_code: 0,
            },
            "",
            1,
        )
        .unwrap();
        assert_eq!(numero.as_str(), "300000000000000104");
    }

    #[test]
    fn b053_aux_3_carries_the_segregation_code_in_the_iuv_and_aux_0_does_not() {
        let aux3 = NumeroAvviso::parse("347000000000074221").unwrap();
        assert_eq!(
            (aux3.station_code(), aux3.iuv().as_str()),
            (Some(47), "47000000000074221")
        );
        let aux0 = NumeroAvviso::parse("001000000000000747").unwrap();
        assert_eq!(
            (aux0.station_code(), aux0.iuv().as_str()),
            (Some(1), "000000000000747")
        );
    }

    #[test]
    fn published_numbers_are_judged_not_refused() {
        for right in [
            "001110000000000164",
            "300715700000000032",
            "322201151398574181",
            "301000000000004285",
        ] {
            assert_eq!(
                NumeroAvviso::parse(right).unwrap().check(),
                CheckDigits::Right,
                "{right}"
            );
        }
        let wrong = NumeroAvviso::parse("302012387654312384").unwrap();
        assert_eq!(wrong.check(), CheckDigits::Wrong { expected: 86 });
        assert_eq!(
            NumeroAvviso::parse("123456789012345678").unwrap().check(),
            CheckDigits::Undefined
        );
    }

    #[test]
    fn malformed_numbers_say_what_is_wrong() {
        assert_eq!(
            NumeroAvviso::parse("30100000000000428"),
            Err(NumeroAvvisoError::Length(17))
        );
        assert_eq!(
            NumeroAvviso::parse("30100000000000428X"),
            Err(NumeroAvvisoError::Digits)
        );
        assert_eq!(
            NumeroAvviso::parse("401000000000004285"),
            Err(NumeroAvvisoError::AuxDigit)
        );
    }

    #[test]
    fn a_base_that_overflows_is_an_error_not_a_longer_number() {
        let numbering = Numbering::Aux3 {
            segregation_code: 1,
        };
        assert!(NumeroAvviso::generate(numbering, "", 9_999_999_999_999).is_ok());
        assert!(NumeroAvviso::generate(numbering, "", 10_000_000_000_000).is_err());
        assert!(NumeroAvviso::generate(numbering, "12345678901234", 1).is_err());
    }
}
