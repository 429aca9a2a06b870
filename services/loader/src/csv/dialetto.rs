//! How a file is written: encoding, separator, byte-order mark, `sep=` line.

use super::record::{Pezzo, Spezza};

/// The encodings that the Loader reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codifica {
    Utf8,
    /// What spreadsheets on Windows write.
    Windows1252,
}

impl Codifica {
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Windows1252 => "windows-1252",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        [Self::Utf8, Self::Windows1252]
            .into_iter()
            .find(|c| c.name().eq_ignore_ascii_case(name))
    }

    /// The text of some bytes. What cannot be decoded becomes U+FFFD, or a control character where
    /// windows-1252 has no character: `domain::tracciato` refuses both, with their position.
    pub fn decode(self, bytes: &[u8]) -> String {
        match self {
            Self::Utf8 => String::from_utf8_lossy(bytes).into_owned(),
            Self::Windows1252 => encoding_rs::WINDOWS_1252
                .decode_without_bom_handling(bytes)
                .0
                .into_owned(),
        }
    }
}

/// What the uploader chose; `None`: found out from the bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scelte {
    pub codifica: Option<Codifica>,
    pub separatore: Option<u8>,
    pub atteso: Atteso,
    /// What a body's mapping says of the first line.
    pub intestazione: Option<bool>,
}

/// What a file is said to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Atteso {
    /// Nothing: JSON when it begins like an object, else CSV.
    #[default]
    NonDetto,
    Json,
    /// CSV as GovPay takes it: even empty, or a header alone.
    CsvGovpay,
}

impl Scelte {
    /// From the words of forms and queries; empty means: find out. `None`: not one of the choices.
    pub fn parse(codifica: &str, separatore: &str) -> Option<Self> {
        let codifica = match codifica {
            "" => None,
            nome => Some(Codifica::parse(nome)?),
        };
        let separatore = match separatore {
            "" => None,
            "tab" => Some(b'\t'),
            altro => match altro.as_bytes() {
                [s] if SEPARATORI.contains(s) => Some(*s),
                _ => return None,
            },
        };
        Some(Self {
            codifica,
            separatore,
            ..Self::default()
        })
    }
}

/// Separators in the order of preference.
pub const SEPARATORI: [u8; 4] = *b",;\t|";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialetto {
    pub codifica: Codifica,
    pub separatore: u8,
}

pub const BOM: &[u8] = b"\xef\xbb\xbf";

/// Bytes before the first record: the mark, and a `sep=` line (which spreadsheets write as a hint);
/// with the separator that the line names.
pub fn preambolo(testa: &[u8]) -> (usize, Option<u8>) {
    let bom = if testa.starts_with(BOM) { BOM.len() } else { 0 };
    let resto = &testa[bom..];
    let riga = resto
        .split_inclusive(|b| *b == b'\n')
        .next()
        .unwrap_or(resto);
    let pulita = riga.trim_ascii_end();
    match pulita {
        [s, e, p, b'=', separatore] if [s, e, p].map(u8::to_ascii_lowercase) == *b"sep" => {
            (bom + riga.len(), Some(*separatore))
        }
        // A tab is trimmed with the line end.
        [s, e, p, b'=']
            if riga.contains(&b'\t') && [s, e, p].map(u8::to_ascii_lowercase) == *b"sep" =>
        {
            (bom + riga.len(), Some(b'\t'))
        }
        _ => (bom, None),
    }
}

/// The separator of a file, from its beginning: the `sep=` line, else the one that cuts the first
/// record in most pieces.
pub fn separatore(testa: &[u8]) -> u8 {
    let (inizio, detto) = preambolo(testa);
    if let Some(separatore) = detto.filter(|s| SEPARATORI.contains(s)) {
        return separatore;
    }
    let resto = senza_commenti(&testa[inizio..]);
    let campi = |separatore: u8| -> usize {
        let mut spezza = Spezza::new(separatore);
        let mut virgolette = 0;
        let mut campi = 1;
        for byte in resto {
            match spezza.push(*byte) {
                Pezzo::Separatore => campi += 1,
                Pezzo::FineRecord if campi > 1 || virgolette > 0 => break,
                Pezzo::FineRecord => {}
                Pezzo::Altro => virgolette += usize::from(!byte.is_ascii_whitespace()),
            }
        }
        campi
    };
    let mut scelto = (b',', 1);
    for separatore in SEPARATORI {
        let n = campi(separatore);
        if n > scelto.1 {
            scelto = (separatore, n);
        }
    }
    scelto.0
}

/// Comment lines at the beginning say nothing about the separator.
fn senza_commenti(mut testo: &[u8]) -> &[u8] {
    while testo.trim_ascii_start().starts_with(b"#") {
        let inizio = testo.trim_ascii_start();
        let fine = inizio.iter().position(|b| matches!(b, b'\n' | b'\r'));
        testo = fine.map_or(&[], |fine| &inizio[fine + 1..]);
    }
    testo
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b017_the_separator_is_the_one_that_cuts_the_first_record_most() {
        assert_eq!(
            separatore(b"idA2A;idPendenza;causale, con virgola\nx"),
            b';'
        );
        assert_eq!(separatore(b"a,b,c\n"), b',');
        assert_eq!(separatore(b"a\tb\tc\n"), b'\t');
        assert_eq!(separatore(b"a|b|c\n"), b'|');
        assert_eq!(separatore(b"\n\n\"a;b;c\",d,e\r\n"), b',');
        assert_eq!(separatore(b"solo"), b',');
        assert_eq!(separatore(b""), b',');
        assert_eq!(separatore(b"# a, b, c\r\n#x\r\nADD;A;1\r\n"), b';');
    }

    #[test]
    fn b018_a_sep_line_is_a_hint_and_not_a_row() {
        assert_eq!(preambolo(b"sep=;\r\na;b"), (7, Some(b';')));
        assert_eq!(preambolo(b"\xef\xbb\xbfSEP=,\na,b"), (9, Some(b',')));
        assert_eq!(preambolo(b"sep=\t\na"), (6, Some(b'\t')));
        assert_eq!(preambolo(b"separa;b\n"), (0, None));
        assert_eq!(separatore(b"sep=|\na,b,c|d\n"), b'|');
    }

    #[test]
    fn b037_windows_1252_is_decoded_and_its_holes_are_control_characters() {
        let bytes = b"Nicol\xf2 D\x92Am\xe9lio \x96 5\x80";
        assert_eq!(Codifica::Windows1252.decode(bytes), "Nicolò D’Amélio – 5€");
        assert_eq!(Codifica::Windows1252.decode(b"\x81"), "\u{81}");
        assert_eq!(Codifica::Utf8.decode(b"a\xf2b"), "a\u{fffd}b");
    }
}
