//! The string patterns of the official schemas, each with the rule in words for people.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::XmlError;
use super::values::Simple;
use crate::common::Masked;

/// A string with a pattern.
#[derive(Clone, Copy)]
pub(crate) struct Shape {
    rule: &'static str,
    test: fn(&str) -> bool,
}

impl Shape {
    fn check(&self, text: &str) -> Result<(), XmlError> {
        if (self.test)(text) {
            Ok(())
        } else {
            Err(XmlError::value(text, self.rule))
        }
    }
}

impl Simple<String> for Shape {
    fn read(&self, text: &str) -> Result<String, XmlError> {
        self.check(text).map(|()| text.to_owned())
    }
    fn write(&self, value: &String) -> Result<String, XmlError> {
        self.read(value)
    }
}

impl Simple<Masked> for Shape {
    fn read(&self, text: &str) -> Result<Masked, XmlError> {
        self.check(text).map_err(XmlError::masked)?;
        Ok(Masked::from(text))
    }
    fn write(&self, value: &Masked) -> Result<String, XmlError> {
        self.check(value).map_err(XmlError::masked)?;
        Ok(value.as_str().to_owned())
    }
}

fn digits(text: &str, len: usize) -> bool {
    text.len() == len && text.bytes().all(|b| b.is_ascii_digit())
}

pub(crate) const FISCAL_CODE_PA: Shape = Shape {
    rule: "11 cifre",
    test: |t| digits(t, 11),
};
pub(crate) const NOTICE_NUMBER: Shape = Shape {
    rule: "18 cifre",
    test: |t| digits(t, 18),
};
/// Country and province.
pub(crate) const SIGLA: Shape = Shape {
    rule: "due lettere maiuscole",
    test: |t| t.len() == 2 && t.bytes().all(|b| b.is_ascii_uppercase()),
};
pub(crate) const EMAIL: Shape = Shape {
    rule: "indirizzo e-mail di al più 256 caratteri, nel formato nome@esempio.it",
    test: |t| {
        let Some((local, host)) = t.split_once('@') else {
            return false;
        };
        let local_ok = |b: u8| b.is_ascii_alphanumeric() || b"_.+-".contains(&b);
        let label_ok = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
        t.len() <= 256
            && !local.is_empty()
            && local.bytes().all(local_ok)
            && host
                .split('.')
                .all(|l| !l.is_empty() && l.bytes().all(label_ok))
    },
};
pub(crate) const IBAN: Shape = Shape {
    rule: "IBAN: due lettere, due cifre, da 1 a 30 lettere e cifre, senza spazi",
    test: |t| {
        let b = t.as_bytes();
        (5..=34).contains(&b.len())
            && b[..2].iter().all(u8::is_ascii_alphabetic)
            && b[2..4].iter().all(u8::is_ascii_digit)
            && b[4..].iter().all(u8::is_ascii_alphanumeric)
    },
};
pub(crate) const BIC: Shape = Shape {
    rule: "BIC di 8 o 11 caratteri",
    test: |t| {
        let b = t.as_bytes();
        let tail = |b: &u8| b.is_ascii_uppercase() || b.is_ascii_digit();
        matches!(b.len(), 8 | 11)
            && b[..6].iter().all(u8::is_ascii_uppercase)
            && (b[6].is_ascii_uppercase() || (b'2'..=b'9').contains(&b[6]))
            && tail(&b[7])
            && b[7] != b'O'
            && b[8..].iter().all(tail)
    },
};
pub(crate) const DATI_SPECIFICI_RISCOSSIONE: Shape = Shape {
    rule: "una cifra tra 0, 1, 2 e 9, una barra e da 3 a 138 caratteri senza spazi",
    test: |t| {
        let mut chars = t.chars();
        let head = matches!(chars.next(), Some('0' | '1' | '2' | '9')) && chars.next() == Some('/');
        let blank = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r');
        head && (3..=138).contains(&chars.clone().count()) && !chars.any(blank)
    },
};
/// SHA-256 of a document in base64.
pub(crate) const HASH_DOCUMENTO: Shape = Shape {
    rule: "impronta in base64, da 4 a 70 caratteri",
    test: |t| (4..=70).contains(&t.len()) && STANDARD.decode(t).is_ok(),
};
pub(crate) const TIPO_BOLLO: Shape = Shape {
    rule: "tipo di bollo '01'",
    test: |t| t == "01",
};
/// The only value left: receipts are not signed.
pub(crate) const FIRMA_RICEVUTA: Shape = Shape {
    rule: "firma della ricevuta '0'",
    test: |t| t == "0",
};
pub(crate) const AUTENTICAZIONE: Shape = Shape {
    rule: "uno tra CNS, USR, OTH, N/A",
    test: |t| matches!(t, "CNS" | "USR" | "OTH" | "N/A"),
};
pub(crate) const IDEMPOTENCY_KEY: Shape = Shape {
    rule: "da 2 a 18 lettere e cifre, un trattino basso e 10 lettere e cifre",
    test: |t| {
        let ok = |s: &str| s.bytes().all(|b| b.is_ascii_alphanumeric());
        t.split_once('_').is_some_and(|(head, tail)| {
            (2..=18).contains(&head.len()) && tail.len() == 10 && ok(head) && ok(tail)
        })
    },
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_of_the_schemas() {
        let good = |shape: Shape, texts: &[&str]| {
            texts.iter().for_each(|t| assert!((shape.test)(t), "{t}"))
        };
        let bad = |shape: Shape, texts: &[&str]| {
            texts.iter().for_each(|t| assert!(!(shape.test)(t), "{t}"))
        };
        good(IBAN, &["IT60X0542811101000000123456"]);
        bad(
            IBAN,
            &["IT60 X054 2811 1010 0000 0123 456", "IT6", "", "12AB345"],
        );
        good(BIC, &["BPPIITRRXXX", "UNCRITMM"]);
        bad(BIC, &["bppiitrr", "BPPIIT", "BPPIITRO"]);
        good(DATI_SPECIFICI_RISCOSSIONE, &["9/0101100IM/", "0/abc"]);
        bad(
            DATI_SPECIFICI_RISCOSSIONE,
            &["3/abc", "9/ab", "9/a b c", "9abc"],
        );
        good(EMAIL, &["a+b@pec.comune.valtorbida.it", "a@b"]);
        bad(EMAIL, &["a@", "@b.it", "a b@c.it", "a@@b.it", "a@b..it"]);
        good(IDEMPOTENCY_KEY, &["12345678901_abcdefghij"]);
        bad(
            IDEMPOTENCY_KEY,
            &["1_abcdefghij", "12345678901_abc", "12345678901abcdefghij"],
        );
    }
}
