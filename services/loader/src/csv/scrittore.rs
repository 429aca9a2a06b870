//! CSV on the way out (RFC 4180): CRLF, quotes where needed, and no cell that a spreadsheet would run.

/// Writes records into a buffer that the caller empties.
#[derive(Debug)]
pub struct Scrittore {
    separatore: u8,
    /// Whether cells that look like formulas get an apostrophe.
    guardia: bool,
    out: Vec<u8>,
}

impl Scrittore {
    pub fn new(separatore: u8, guardia: bool, bom: bool) -> Self {
        let out = if bom {
            super::dialetto::BOM.to_vec()
        } else {
            Vec::new()
        };
        Self {
            separatore,
            guardia,
            out,
        }
    }

    pub fn record<S: AsRef<str>>(&mut self, campi: impl IntoIterator<Item = S>) {
        for (i, campo) in campi.into_iter().enumerate() {
            if i > 0 {
                self.out.push(self.separatore);
            }
            self.campo(campo.as_ref());
        }
        self.out.extend_from_slice(b"\r\n");
    }

    fn campo(&mut self, campo: &str) {
        let apostrofo = self.guardia && e_formula(campo);
        let speciale = |b: u8| b == self.separatore || matches!(b, b'"' | b'\n' | b'\r');
        // A lone blank at an end would be lost by many readers.
        let orlo = campo.starts_with(' ') || campo.ends_with(' ');
        let virgolette = orlo || campo.bytes().any(speciale);
        if virgolette {
            self.out.push(b'"');
        }
        if apostrofo {
            self.out.push(b'\'');
        }
        for byte in campo.bytes() {
            if byte == b'"' {
                self.out.push(b'"');
            }
            self.out.push(byte);
        }
        if virgolette {
            self.out.push(b'"');
        }
    }

    /// How many bytes wait to be taken.
    pub fn len(&self) -> usize {
        self.out.len()
    }

    /// The bytes written so far.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.out)
    }
}

/// Whether a spreadsheet would run the cell. Numbers with a sign are numbers.
fn e_formula(campo: &str) -> bool {
    if !campo.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        return false;
    }
    let senza_segno = campo.strip_prefix(['+', '-']).unwrap_or(campo);
    let numero = senza_segno.bytes().any(|b| b.is_ascii_digit())
        && senza_segno
            .bytes()
            .all(|b| b.is_ascii_digit() || b == b'.' || b == b',');
    !numero
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scrivi(campi: &[&str]) -> String {
        let mut scrittore = Scrittore::new(b';', true, false);
        scrittore.record(campi);
        String::from_utf8(scrittore.take()).unwrap()
    }

    #[test]
    fn b035_cells_are_quoted_only_where_needed_and_quotes_doubled() {
        assert_eq!(
            scrivi(&["a", "b;c", "Ditta \"Il Sole\" di Neri", "x\ny", "", " z"]),
            "a;\"b;c\";\"Ditta \"\"Il Sole\"\" di Neri\";\"x\ny\";;\" z\"\r\n"
        );
    }

    #[test]
    fn cells_that_a_spreadsheet_would_run_get_an_apostrophe_and_numbers_do_not() {
        assert_eq!(
            scrivi(&["=1+1", "+39 333", "@SOMMA", "-5.00", "+12,50", "-", "-a"]),
            "'=1+1;'+39 333;'@SOMMA;-5.00;+12,50;'-;'-a\r\n"
        );
        let mut grezzo = Scrittore::new(b',', false, true);
        grezzo.record(["=1+1"]);
        assert_eq!(grezzo.take(), b"\xef\xbb\xbf=1+1\r\n");
    }

    #[test]
    fn b072_what_is_written_is_read_back_by_a_strict_reader() {
        let campi = ["PAGOPA|002|301|1|1250", "a|b", "\"|\"", "riga\r\nriga"];
        let mut scrittore = Scrittore::new(b'|', true, false);
        scrittore.record(campi);
        let bytes = scrittore.take();
        let mut reader = ::csv::ReaderBuilder::new()
            .has_headers(false)
            .delimiter(b'|')
            .from_reader(bytes.as_slice());
        let record = reader.records().next().unwrap().unwrap();
        assert_eq!(record.iter().collect::<Vec<_>>(), campi);
    }
}
