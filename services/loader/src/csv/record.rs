//! Where records end: byte by byte, with the line that an editor shows.

/// What a byte is for the structure of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pezzo {
    Separatore,
    FineRecord,
    Altro,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stato {
    InizioCampo,
    Campo,
    Virgolette,
    /// After a quote inside quotes: the end of the quoted text, or half of a doubled quote.
    DopoVirgolette,
}

/// Tells separators and ends of records from quoted text (RFC 4180; a quote counts at the beginning
/// of a field only).
#[derive(Clone, Debug)]
pub(super) struct Spezza {
    separatore: u8,
    stato: Stato,
}

impl Spezza {
    pub fn new(separatore: u8) -> Self {
        Self {
            separatore,
            stato: Stato::InizioCampo,
        }
    }

    pub fn push(&mut self, byte: u8) -> Pezzo {
        if self.stato == Stato::Virgolette {
            if byte == b'"' {
                self.stato = Stato::DopoVirgolette;
            }
            return Pezzo::Altro;
        }
        if byte == self.separatore {
            self.stato = Stato::InizioCampo;
            return Pezzo::Separatore;
        }
        match byte {
            b'\n' | b'\r' => {
                self.stato = Stato::InizioCampo;
                Pezzo::FineRecord
            }
            b'"' if matches!(self.stato, Stato::InizioCampo | Stato::DopoVirgolette) => {
                self.stato = Stato::Virgolette;
                Pezzo::Altro
            }
            _ => {
                self.stato = Stato::Campo;
                Pezzo::Altro
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text cut at the ends of records.
    fn records(text: &str, separatore: u8) -> Vec<String> {
        let mut spezza = Spezza::new(separatore);
        let mut out = vec![String::new()];
        for byte in text.bytes() {
            match spezza.push(byte) {
                Pezzo::FineRecord => out.push(String::new()),
                _ => out.last_mut().unwrap().push(char::from(byte)),
            }
        }
        out
    }

    #[test]
    fn b002_separators_and_line_ends_inside_quotes_do_not_cut() {
        assert_eq!(records("a;\"b\n;c\"\nd", b';'), ["a;\"b\n;c\"", "d"]);
        assert_eq!(
            records("\"a\"\"\n\"\"b\"\nc", b','),
            ["\"a\"\"\n\"\"b\"", "c"]
        );
        // A quote in the middle of a field is a character like the others.
        assert_eq!(records("5\" tubo\nb", b','), ["5\" tubo", "b"]);
    }
}
