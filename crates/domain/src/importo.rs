//! Euro amounts as integer cents. No float ever touches money.

use std::fmt;
use std::iter::Sum;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Euro cents, from 0 to 999 999 999.99 (the limit of the pagoPA schemas).
///
/// On our own APIs an importo is a decimal string with two decimals (`"12.50"`). GovPay's contract
/// carries JSON numbers: use [`json_number`] for those fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Importo(i64);

/// Why a text or a number is not an importo. The messages are shown to people.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportoError {
    #[error("l'importo non è un numero con al più due decimali, per esempio 12.50")]
    Format,
    #[error("l'importo deve essere compreso tra 0,00 e 999999999,99 euro")]
    Range,
}

impl Importo {
    /// 999 999 999.99 euro.
    pub const MAX_CENTS: i64 = 99_999_999_999;
    pub const ZERO: Self = Self(0);

    pub fn from_cents(cents: i64) -> Result<Self, ImportoError> {
        match cents {
            0..=Self::MAX_CENTS => Ok(Self(cents)),
            _ => Err(ImportoError::Range),
        }
    }

    pub fn cents(self) -> i64 {
        self.0
    }

    pub fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Reads digits with at most two decimals after a **point**: `12`, `12.5`, `12.50`.
    ///
    /// Signs, exponents, thousands separators, commas and blanks are refused.
    pub fn parse(text: &str) -> Result<Self, ImportoError> {
        let (euro, decimals) = text.split_once('.').unwrap_or((text, "00"));
        let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
        if !digits(euro) || !digits(decimals) || decimals.len() > 2 {
            return Err(ImportoError::Format);
        }
        let euro = euro.trim_start_matches('0');
        if euro.len() > 9 {
            return Err(ImportoError::Range);
        }
        let euro: i64 = if euro.is_empty() {
            0
        } else {
            euro.parse().map_err(|_| ImportoError::Format)?
        };
        let cents: i64 = decimals.parse().map_err(|_| ImportoError::Format)?;
        let cents = if decimals.len() == 1 {
            cents * 10
        } else {
            cents
        };
        Self::from_cents(euro * 100 + cents)
    }

    pub fn checked_add(self, other: Self) -> Result<Self, ImportoError> {
        Self::from_cents(self.0 + other.0) // two values below 10^11 cannot overflow an i64
    }

    /// `1.234,56`: thousands with points, two decimals after a comma.
    pub fn italiano(self) -> String {
        let euro = (self.0 / 100).to_string();
        let mut out = String::with_capacity(16);
        for (i, digit) in euro.chars().enumerate() {
            if i > 0 && (euro.len() - i).is_multiple_of(3) {
                out.push('.');
            }
            out.push(digit);
        }
        out.push_str(&format!(",{:02}", self.0 % 100));
        out
    }
}

/// `12.50`: the shape of the pagoPA schemas and of our own APIs.
impl fmt::Display for Importo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

/// Saturates at the maximum: sums that matter are checked against their declared total.
impl Sum for Importo {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        Self(
            iter.fold(0i64, |acc, i| acc.saturating_add(i.0))
                .min(Self::MAX_CENTS),
        )
    }
}

impl Serialize for Importo {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Importo {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// `#[serde(with = "domain::importo::json_number")]`: the number of GovPay's contract, written as
/// `12.50` and read from its digits.
///
/// Works where the deserializer still has the text (`from_slice`, `from_str`) and on
/// `serde_json::Value`; not inside flattened or untagged types.
pub mod json_number {
    use super::Importo;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use serde_json::value::RawValue;

    pub fn serialize<S: Serializer>(importo: &Importo, serializer: S) -> Result<S::Ok, S::Error> {
        RawValue::from_string(importo.to_string())
            .map_err(serde::ser::Error::custom)?
            .serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Importo, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        Importo::parse(raw.get())
            .map_err(|e| serde::de::Error::custom(format!("{e} (valore ricevuto: {})", raw.get())))
    }

    /// The same for `Option<Importo>`; add `#[serde(default)]` for a missing field.
    pub mod option {
        use super::super::Importo;
        use serde::{Deserialize, Deserializer, Serializer};
        use serde_json::value::RawValue;

        pub fn serialize<S: Serializer>(
            importo: &Option<Importo>,
            serializer: S,
        ) -> Result<S::Ok, S::Error> {
            match importo {
                Some(importo) => super::serialize(importo, serializer),
                None => serializer.serialize_none(),
            }
        }

        pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Importo>, D::Error> {
            let Some(raw) = Option::<Box<RawValue>>::deserialize(d)? else {
                return Ok(None);
            };
            Importo::parse(raw.get()).map(Some).map_err(|e| {
                serde::de::Error::custom(format!("{e} (valore ricevuto: {})", raw.get()))
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_become_cents_exactly() {
        for (text, cents) in [
            ("0", 0),
            ("0.05", 5),
            ("1.5", 150),
            ("19.99", 1999),
            ("4.35", 435),
            ("999999999.99", Importo::MAX_CENTS),
            ("0012.30", 1230),
        ] {
            assert_eq!(Importo::parse(text).unwrap().cents(), cents, "{text}");
        }
    }

    #[test]
    fn ambiguous_or_malformed_texts_are_refused() {
        for text in [
            "", ".", "1.", ".5", "1,50", "1.234", "-1", "+1", "1e3", " 1", "1 ", "1.5.0", "NaN",
        ] {
            assert_eq!(Importo::parse(text), Err(ImportoError::Format), "{text}");
        }
        assert_eq!(Importo::parse("1000000000.00"), Err(ImportoError::Range));
    }

    #[test]
    fn italian_format_groups_thousands() {
        assert_eq!(Importo(0).italiano(), "0,00");
        assert_eq!(Importo(123_456).italiano(), "1.234,56");
        assert_eq!(Importo(Importo::MAX_CENTS).italiano(), "999.999.999,99");
    }

    #[derive(Debug, Serialize, Deserialize, PartialEq)]
    struct Contract {
        #[serde(with = "json_number")]
        importo: Importo,
        #[serde(
            default,
            with = "json_number::option",
            skip_serializing_if = "Option::is_none"
        )]
        pagato: Option<Importo>,
    }

    #[test]
    fn contract_numbers_keep_their_digits() {
        let c: Contract = serde_json::from_str(r#"{"importo": 19.99}"#).unwrap();
        assert_eq!(
            c,
            Contract {
                importo: Importo(1999),
                pagato: None
            }
        );
        assert_eq!(serde_json::to_string(&c).unwrap(), r#"{"importo":19.99}"#);
        let c: Contract =
            serde_json::from_value(serde_json::json!({"importo": 10, "pagato": 0.1})).unwrap();
        assert_eq!(
            serde_json::to_string(&c).unwrap(),
            r#"{"importo":10.00,"pagato":0.10}"#
        );
    }

    #[test]
    fn contract_numbers_with_more_decimals_or_as_text_are_refused_with_the_value() {
        for body in [
            r#"{"importo": 1.234}"#,
            r#"{"importo": "1.23"}"#,
            r#"{"importo": 1e3}"#,
        ] {
            let error = serde_json::from_str::<Contract>(body)
                .unwrap_err()
                .to_string();
            assert!(error.contains("valore ricevuto"), "{error}");
        }
    }
}
