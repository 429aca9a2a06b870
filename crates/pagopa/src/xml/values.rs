//! The simple types of the official schemas: one codec for each way in which a text can be a value.
//!
//! As XML Schema demands, blanks around numbers, dates, booleans and base64 are ignored, and blanks
//! in strings are part of the value. Lengths count characters, not bytes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, NaiveDate, NaiveDateTime};
use domain::Importo;

use super::XmlError;
use super::element::is_xml_char;
use crate::common::Masked;

/// How the text of an element becomes a `T` and back. Both directions apply the same rule.
pub(crate) trait Simple<T> {
    fn read(&self, text: &str) -> Result<T, XmlError>;
    fn write(&self, value: &T) -> Result<String, XmlError>;
}

/// A string of `min` to `max` characters.
#[derive(Clone, Copy)]
pub(crate) struct Text(pub usize, pub usize);

/// `xsd:string` without limits.
pub(crate) const ANY_TEXT: Text = Text(0, usize::MAX);

impl Text {
    fn check(self, text: &str) -> Result<(), XmlError> {
        let Self(min, max) = self;
        let count = text.chars().count();
        if count < min || count > max {
            let rule = if max == usize::MAX {
                format!("almeno {min} caratteri")
            } else {
                format!("da {min} a {max} caratteri, sono {count}")
            };
            return Err(XmlError::value(text, rule));
        }
        if !text.chars().all(is_xml_char) {
            return Err(XmlError::value(
                "",
                "contiene caratteri di controllo che XML non ammette",
            ));
        }
        Ok(())
    }
}

impl Simple<String> for Text {
    fn read(&self, text: &str) -> Result<String, XmlError> {
        self.check(text).map(|()| text.to_owned())
    }
    fn write(&self, value: &String) -> Result<String, XmlError> {
        self.read(value)
    }
}

/// Personal data and passwords: the rule is the same, the value stays out of the error.
impl Simple<Masked> for Text {
    fn read(&self, text: &str) -> Result<Masked, XmlError> {
        self.check(text).map_err(XmlError::masked)?;
        Ok(Masked::from(text))
    }
    fn write(&self, value: &Masked) -> Result<String, XmlError> {
        self.check(value).map_err(XmlError::masked)?;
        Ok(value.as_str().to_owned())
    }
}

/// Digits, a point, two digits: no sign, comma, exponent, third decimal.
#[derive(Clone, Copy)]
pub(crate) struct Amount {
    min_cents: i64,
}

pub(crate) const AMOUNT: Amount = Amount { min_cents: 0 };
pub(crate) const AMOUNT_NOT_ZERO: Amount = Amount { min_cents: 1 };

impl Amount {
    fn check(self, importo: Importo) -> Result<Importo, XmlError> {
        if importo.cents() < self.min_cents {
            return Err(XmlError::value(
                &importo.to_string(),
                "importo di almeno 0.01",
            ));
        }
        Ok(importo)
    }
}

impl Simple<Importo> for Amount {
    fn read(&self, text: &str) -> Result<Importo, XmlError> {
        let digits = trim(text);
        if digits
            .split_once('.')
            .is_none_or(|(_, cents)| cents.len() != 2)
        {
            let rule = "importo con cifre, un punto e due decimali, per esempio 12.50";
            return Err(XmlError::value(text, rule));
        }
        let importo = Importo::parse(digits).map_err(|e| XmlError::value(text, e.to_string()))?;
        self.check(importo)
    }
    fn write(&self, value: &Importo) -> Result<String, XmlError> {
        self.check(*value).map(|importo| importo.to_string())
    }
}

#[derive(Clone, Copy)]
pub(crate) struct Date;
pub(crate) const DATE: Date = Date;

impl Simple<NaiveDate> for Date {
    /// An offset, which the schema admits after a date, is read and dropped: it is still that day.
    fn read(&self, text: &str) -> Result<NaiveDate, XmlError> {
        let wrong = || XmlError::value(text, "data nel formato AAAA-MM-GG");
        let (day, zone) = trim(text).split_at_checked(10).ok_or_else(wrong)?;
        if !is_zone(zone) {
            return Err(wrong());
        }
        NaiveDate::parse_from_str(day, "%Y-%m-%d").map_err(|_| wrong())
    }
    fn write(&self, value: &NaiveDate) -> Result<String, XmlError> {
        Ok(value.format("%Y-%m-%d").to_string())
    }
}

/// `` or `Z` or `+hh:mm`.
fn is_zone(text: &str) -> bool {
    let b = text.as_bytes();
    let offset = b.len() == 6
        && matches!(b[0], b'+' | b'-')
        && b[3] == b':'
        && [1, 2, 4, 5].iter().all(|&i| b[i].is_ascii_digit());
    text.is_empty() || text == "Z" || offset
}

#[derive(Clone, Copy)]
pub(crate) struct DateTimeOfRome;
pub(crate) const DATE_TIME: DateTimeOfRome = DateTimeOfRome;

impl Simple<NaiveDateTime> for DateTimeOfRome {
    /// With an offset the time is converted to Rome's wall clock; without, it already is.
    fn read(&self, text: &str) -> Result<NaiveDateTime, XmlError> {
        let trimmed = trim(text);
        if let Ok(local) = NaiveDateTime::parse_from_str(trimmed, "%Y-%m-%dT%H:%M:%S%.f") {
            return Ok(local);
        }
        match DateTime::parse_from_rfc3339(trimmed) {
            Ok(at) if trimmed.as_bytes().get(10) == Some(&b'T') => {
                Ok(at.with_timezone(&chrono_tz::Europe::Rome).naive_local())
            }
            _ => Err(XmlError::value(
                text,
                "data e ora nel formato AAAA-MM-GGThh:mm:ss",
            )),
        }
    }
    /// To the second, as the specifications show it.
    fn write(&self, value: &NaiveDateTime) -> Result<String, XmlError> {
        Ok(value.format("%Y-%m-%dT%H:%M:%S").to_string())
    }
}

#[derive(Clone, Copy)]
pub(crate) struct Bool;
pub(crate) const BOOL: Bool = Bool;

impl Simple<bool> for Bool {
    fn read(&self, text: &str) -> Result<bool, XmlError> {
        match trim(text) {
            "true" | "1" => Ok(true),
            "false" | "0" => Ok(false),
            _ => Err(XmlError::value(text, "true o false")),
        }
    }
    fn write(&self, value: &bool) -> Result<String, XmlError> {
        Ok(value.to_string())
    }
}

/// A whole number between the two limits, both included.
#[derive(Clone, Copy)]
pub(crate) struct Int(pub i64, pub i64);

impl Int {
    fn check(self, number: i64) -> Result<i64, XmlError> {
        if number < self.0 || number > self.1 {
            let rule = format!("numero intero da {} a {}", self.0, self.1);
            return Err(XmlError::value(&number.to_string(), rule));
        }
        Ok(number)
    }
}

impl Simple<i64> for Int {
    fn read(&self, text: &str) -> Result<i64, XmlError> {
        let number = trim(text)
            .parse()
            .map_err(|_| XmlError::value(text, "numero intero"))?;
        self.check(number)
    }
    fn write(&self, value: &i64) -> Result<String, XmlError> {
        self.check(*value).map(|n| n.to_string())
    }
}

/// 0 or 1, 0 when empty: the default value of `redirect` in the schema.
#[derive(Clone, Copy)]
pub(crate) struct ZeroOne;

impl Simple<i64> for ZeroOne {
    fn read(&self, text: &str) -> Result<i64, XmlError> {
        if text.is_empty() {
            return Ok(0);
        }
        Int(0, 1).read(text)
    }
    fn write(&self, value: &i64) -> Result<String, XmlError> {
        Int(0, 1).write(value)
    }
}

#[derive(Clone, Copy)]
pub(crate) struct Base64;
pub(crate) const BASE64: Base64 = Base64;

impl Simple<Vec<u8>> for Base64 {
    /// Line ends inside are usual and ignored.
    fn read(&self, text: &str) -> Result<Vec<u8>, XmlError> {
        let compact: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
        STANDARD
            .decode(compact)
            .map_err(|_| XmlError::value("", "contenuto in base64"))
    }
    fn write(&self, value: &Vec<u8>) -> Result<String, XmlError> {
        Ok(STANDARD.encode(value))
    }
}

/// An enumeration of a schema: every value with its text.
pub trait Enumerated: Copy + PartialEq + 'static {
    const VALUES: &'static [(Self, &'static str)];

    fn as_str(self) -> &'static str {
        Self::VALUES
            .iter()
            .find(|(value, _)| *value == self)
            .map_or("", |(_, text)| text)
    }
}

/// Any value of an [`Enumerated`] type.
#[derive(Clone, Copy)]
pub(crate) struct Enum;

impl<T: Enumerated> Simple<T> for Enum {
    fn read(&self, text: &str) -> Result<T, XmlError> {
        one_of(text, T::VALUES.iter().copied())
    }
    fn write(&self, value: &T) -> Result<String, XmlError> {
        Ok((*value).as_str().to_owned())
    }
}

/// Only some values of an [`Enumerated`] type.
#[derive(Clone, Copy)]
pub(crate) struct EnumOf<T: 'static>(pub &'static [T]);

impl<T: Enumerated> Simple<T> for EnumOf<T> {
    fn read(&self, text: &str) -> Result<T, XmlError> {
        one_of(text, self.0.iter().map(|value| (*value, (*value).as_str())))
    }
    fn write(&self, value: &T) -> Result<String, XmlError> {
        let text = (*value).as_str();
        self.read(text).map(|_| text.to_owned())
    }
}

fn one_of<T>(
    text: &str,
    values: impl Iterator<Item = (T, &'static str)> + Clone,
) -> Result<T, XmlError> {
    let names = values.clone().map(|(_, name)| name);
    let rule = || format!("uno tra {}", names.collect::<Vec<_>>().join(", "));
    values
        .clone()
        .find(|(_, name)| *name == text)
        .map(|(value, _)| value)
        .ok_or_else(|| XmlError::value(text, rule()))
}

fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\t', '\n', '\r'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b103_amounts_with_comma_sign_or_exponent_are_refused() {
        for wrong in [
            "1234,5",
            "NaN",
            "1,234.50",
            "-1.00",
            "+1.00",
            "1e2",
            "10",
            "10.5",
            "10.505",
            ".50",
            "1 000.00",
            "",
            "1000000000.00",
        ] {
            assert!(AMOUNT.read(wrong).is_err(), "{wrong}");
        }
        assert_eq!(AMOUNT.read(" 0012.30\n").unwrap().cents(), 1230);
        assert!(AMOUNT_NOT_ZERO.read("0.00").is_err());
        assert!(AMOUNT.read("0.00").is_ok());
    }

    #[test]
    fn b095_amounts_are_written_with_two_decimals() {
        for (cents, text) in [(1000, "10.00"), (1050, "10.50"), (5, "0.05")] {
            assert_eq!(
                AMOUNT.write(&Importo::from_cents(cents).unwrap()).unwrap(),
                text
            );
        }
    }

    #[test]
    fn b086_dates_accept_the_offset_of_the_schema_and_nothing_else() {
        let day = NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();
        for right in [
            "2026-03-01",
            "2026-03-01Z",
            "2026-03-01+01:00",
            " 2026-03-01 ",
        ] {
            assert_eq!(DATE.read(right).unwrap(), day, "{right}");
        }
        for wrong in [
            "01/03/2026",
            "2026-02-30",
            "2026-03-01T10:00:00",
            "2026-3-1",
            "",
            "2026-03-0à",
        ] {
            assert!(DATE.read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn times_with_an_offset_become_the_wall_clock_of_rome() {
        let at = |text| DATE_TIME.read(text).unwrap().to_string();
        assert_eq!(at("2026-07-01T12:00:00"), "2026-07-01 12:00:00");
        assert_eq!(at("2026-07-01T10:00:00Z"), "2026-07-01 12:00:00");
        assert_eq!(at("2026-07-01T10:00:00.250Z"), "2026-07-01 12:00:00.250");
        for wrong in ["2026-07-01 12:00:00", "2026-07-01", "2026-07-01T25:00:00"] {
            assert!(DATE_TIME.read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn lengths_count_characters_and_controls_are_refused() {
        let text = Text(1, 4);
        let read = |t: &str| Simple::<String>::read(&text, t);
        assert!(read("città").is_err());
        assert!(read("čšžà").is_ok());
        assert!(read("").is_err());
        assert!(read("a\u{0}").is_err());
    }
}
