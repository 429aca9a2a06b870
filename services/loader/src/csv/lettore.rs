//! Records of a file, one at a time, as lists of texts.

use std::io::{BufReader, Read};

use super::dialetto::{Dialetto, preambolo};
use super::record::{Pezzo, Spezza};

/// Longest record in bytes: beyond it a quotation mark was left open.
pub const RECORD_MAX: usize = 1024 * 1024;

/// Fields of a record at most.
pub const CAMPI_MAX: usize = 500;

/// How much of the beginning is looked at before reading.
const TESTA: usize = 64 * 1024;

/// A record: its line in the file (from 1, as an editor shows it) and its fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letto {
    pub riga: u64,
    pub campi: Vec<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum LettoreError {
    #[error("lettura del file non riuscita: {0}")]
    Io(#[from] std::io::Error),
    /// The file cannot be cut into records from here on.
    #[error("il record che comincia alla riga {riga} supera 1 MiB o {CAMPI_MAX} campi")]
    TroppoLungo { riga: u64 },
    #[error("le virgolette aperte nel record che comincia alla riga {riga} non vengono mai chiuse")]
    Virgolette { riga: u64 },
}

/// Reads records one by one; never more than one in memory. Records without any text (blank lines,
/// lines of blanks) are skipped; they count as lines.
pub struct Lettore<R> {
    input: BufReader<R>,
    dialetto: Dialetto,
    csv: csv_core::Reader,
    /// Line of the next byte.
    riga: u64,
    /// A CR was the last byte: an LF now belongs to it.
    dopo_cr: bool,
    /// The next byte, taken from the input too early.
    buffer: Vec<u8>,
}

impl<R: Read> Lettore<R> {
    pub fn new(input: R, dialetto: Dialetto) -> Result<Self, LettoreError> {
        let mut input = BufReader::with_capacity(TESTA, input);
        let testa = std::io::BufRead::fill_buf(&mut input)?;
        let (salta, sep) = preambolo(testa);
        std::io::BufRead::consume(&mut input, salta);
        Ok(Self {
            input,
            dialetto,
            csv: csv_core::ReaderBuilder::new()
                .delimiter(dialetto.separatore)
                .build(),
            riga: if sep.is_some() { 2 } else { 1 },
            dopo_cr: false,
            buffer: Vec::new(),
        })
    }

    /// The next record with some text; `None` at the end.
    pub fn next_record(&mut self) -> Result<Option<Letto>, LettoreError> {
        loop {
            let Some(riga) = self.fill()? else {
                return Ok(None);
            };
            let testo = self.dialetto.codifica.decode(&self.buffer);
            let separatore = char::from(self.dialetto.separatore);
            let vuoto = testo.chars().all(|c| c.is_whitespace() && c != separatore);
            if !vuoto {
                let campi = self
                    .campi(&testo)
                    .ok_or(LettoreError::TroppoLungo { riga })?;
                return Ok(Some(Letto { riga, campi }));
            }
        }
    }

    /// Puts the bytes of the next record, without its end, in the buffer; gives its first line.
    fn fill(&mut self) -> Result<Option<u64>, LettoreError> {
        use std::io::BufRead as _;
        self.buffer.clear();
        let mut spezza = Spezza::new(self.dialetto.separatore);
        let mut prima = self.riga;
        let mut letto = false;
        loop {
            let pieno = self.input.fill_buf()?;
            if pieno.is_empty() {
                if spezza.in_virgolette() {
                    return Err(LettoreError::Virgolette { riga: prima });
                }
                return Ok(letto.then_some(prima));
            }
            let mut presi = 0;
            let mut finito = false;
            for &byte in pieno {
                presi += 1;
                let lf_di_crlf = byte == b'\n' && self.dopo_cr;
                self.dopo_cr = byte == b'\r';
                if lf_di_crlf && !letto {
                    // The second half of the end of the record before: already counted.
                    prima = self.riga;
                    continue;
                }
                letto = true;
                self.riga += u64::from(byte == b'\r' || (byte == b'\n' && !lf_di_crlf));
                if spezza.push(byte) == Pezzo::FineRecord {
                    finito = true;
                    break;
                }
                self.buffer.push(byte);
            }
            self.input.consume(presi);
            if finito {
                return Ok(Some(prima));
            }
            if self.buffer.len() > RECORD_MAX {
                return Err(LettoreError::TroppoLungo { riga: prima });
            }
        }
    }

    /// Unquotes the fields of one record.
    fn campi(&mut self, record: &str) -> Option<Vec<String>> {
        self.csv.reset();
        let mut testo = vec![0; record.len() + 1];
        let mut fini = vec![0; CAMPI_MAX];
        let (_, _, scritti, quanti) =
            self.csv
                .read_record(record.as_bytes(), &mut testo, &mut fini);
        let (esito, _, altri, ultimi) =
            self.csv
                .read_record(&[], &mut testo[scritti..], &mut fini[quanti..]);
        if matches!(
            esito,
            csv_core::ReadRecordResult::OutputFull | csv_core::ReadRecordResult::OutputEndsFull
        ) {
            return None;
        }
        testo.truncate(scritti + altri);
        let mut inizio = 0;
        let campi = fini[..quanti + ultimi].iter().map(|fine| {
            let campo = testo.get(inizio..*fine).unwrap_or_default();
            inizio = *fine;
            String::from_utf8_lossy(campo).into_owned()
        });
        Some(campi.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::super::dialetto::Codifica;
    use super::*;

    fn leggi(bytes: &[u8], separatore: u8) -> Vec<(u64, Vec<String>)> {
        let dialetto = Dialetto {
            codifica: Codifica::Utf8,
            separatore,
        };
        let mut lettore = Lettore::new(bytes, dialetto).unwrap();
        let mut out = vec![];
        while let Some(letto) = lettore.next_record().unwrap() {
            out.push((letto.riga, letto.campi));
        }
        out
    }

    fn righe(bytes: &[u8]) -> Vec<u64> {
        leggi(bytes, b',')
            .into_iter()
            .map(|(riga, _)| riga)
            .collect()
    }

    #[test]
    fn b005_blank_lines_are_skipped_and_line_numbers_are_the_editors() {
        assert_eq!(righe(b"a,b\n\n1,2\n   \n3,4\n\n\n"), [1, 3, 5]);
        assert_eq!(righe(b"a,b\r\n\r\n1,2\r\n   \r\n3,4\r\n\r\n"), [1, 3, 5]);
        assert_eq!(righe(b"a,b\r\r1,2\r3,4"), [1, 3, 4]);
        assert_eq!(righe(b"a,\"b\nb\nb\"\n1,2"), [1, 4]);
        assert_eq!(righe(b"a,\"b\r\nb\"\r\n1,2\r\n"), [1, 3]);
        assert_eq!(righe(b""), Vec::<u64>::new());
        // A line of separators only is a row: its fields are all missing.
        assert_eq!(righe(b"a,b\n,\n"), [1, 2]);
    }

    #[test]
    fn b018_b019_mark_and_sep_line_are_skipped_and_lines_still_count() {
        let letti = leggi(b"\xef\xbb\xbfsep=;\r\n\"idA2A\";b\r\n1;2\r\n", b';');
        assert_eq!(letti[0], (2, vec!["idA2A".to_owned(), "b".to_owned()]));
        assert_eq!(letti[1].0, 3);
        let letti = leggi(b"\xef\xbb\xbf\"idA2A\",b", b',');
        assert_eq!(letti[0].1[0], "idA2A");
    }

    #[test]
    fn b002_quotes_keep_separators_line_breaks_and_doubled_quotes() {
        let letti = leggi(
            b"\"Mensa; turno A, rata 1\";\"Ditta \"\"Il Sole\"\"\";\"a\r\nb\";\n",
            b';',
        );
        assert_eq!(
            letti[0].1,
            ["Mensa; turno A, rata 1", "Ditta \"Il Sole\"", "a\r\nb", ""]
        );
    }

    #[test]
    fn an_open_quote_is_told_with_the_line_where_it_begins() {
        let dialetto = Dialetto {
            codifica: Codifica::Utf8,
            separatore: b',',
        };
        let mut lettore = Lettore::new(&b"a,b\n\"c,d\n1,2\n"[..], dialetto).unwrap();
        assert!(lettore.next_record().unwrap().is_some());
        let errore = lettore.next_record().unwrap_err();
        assert!(
            matches!(errore, LettoreError::Virgolette { riga: 2 }),
            "{errore}"
        );
    }

    #[test]
    fn too_many_fields_or_too_long_a_record_end_the_reading() {
        let dialetto = Dialetto {
            codifica: Codifica::Utf8,
            separatore: b',',
        };
        let molti = ",".repeat(CAMPI_MAX + 10);
        let mut lettore = Lettore::new(molti.as_bytes(), dialetto).unwrap();
        assert!(lettore.next_record().is_err());
        let lungo = "x".repeat(RECORD_MAX + TESTA + 1);
        let mut lettore = Lettore::new(lungo.as_bytes(), dialetto).unwrap();
        assert!(lettore.next_record().is_err());
    }
}
