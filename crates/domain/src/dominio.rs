//! The ente creditore's code.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The codice fiscale of an ente creditore (`idDominio`): 11 digits, kept as text.
///
/// The check digit is not enforced: official examples (`77777777777`) do not all have a right one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CodDominio(String);

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("il codice fiscale dell'ente creditore ha 11 cifre")]
pub struct CodDominioError;

impl CodDominio {
    pub fn parse(text: &str) -> Result<Self, CodDominioError> {
        if text.len() == 11 && text.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(CodDominioError)
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CodDominio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for CodDominio {
    type Error = CodDominioError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<CodDominio> for String {
    fn from(cod: CodDominio) -> Self {
        cod.0
    }
}

/// Whether the 11th digit of a partita IVA (or of the codice fiscale of an organisation) is right:
/// Luhn over the first ten digits.
pub fn partita_iva_check_digit_is_right(digits: &str) -> bool {
    let bytes = digits.as_bytes();
    if bytes.len() != 11 || !bytes.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let sum: u32 = bytes[..10]
        .iter()
        .enumerate()
        .map(|(i, b)| {
            let d = u32::from(b - b'0');
            let weighted = if i % 2 == 1 { d * 2 } else { d };
            if weighted > 9 { weighted - 9 } else { weighted }
        })
        .sum();
    (10 - sum % 10) % 10 == u32::from(bytes[10] - b'0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eleven_digits_and_nothing_else() {
        assert!(CodDominio::parse("12345678903").is_ok());
        for wrong in [
            "",
            "1234567890",
            "123456789012",
            "1234567890A",
            "1234567890 ",
        ] {
            assert_eq!(CodDominio::parse(wrong), Err(CodDominioError), "{wrong}");
        }
    }

    #[test]
    fn partita_iva_check_digit() {
        assert!(partita_iva_check_digit_is_right("12345678903"));
        assert!(partita_iva_check_digit_is_right("09876543217"));
        assert!(partita_iva_check_digit_is_right("00420000424"));
        assert!(!partita_iva_check_digit_is_right("12345678901"));
    }
}
