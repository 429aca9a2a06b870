//! Records of a file, one at a time: cut, unquoted and decoded in one pass.

use std::io::{BufRead as _, BufReader, Read};

use super::dialetto::{Codifica, Dialetto, preambolo};

/// Longest record in bytes: beyond it a quotation mark was left open.
pub const RECORD_MAX: usize = 1024 * 1024;

/// Fields of a record at most.
pub const CAMPI_MAX: usize = 500;

/// Bytes of a field at most.
pub const CELLA_MAX: usize = 100_000;

/// How much of the beginning is looked at before reading.
const TESTA: usize = 64 * 1024;

#[derive(Debug, thiserror::Error)]
pub enum LettoreError {
    #[error("lettura del file non riuscita: {0}")]
    Io(#[from] std::io::Error),
    /// The file cannot be cut into records from here on.
    #[error("il record che comincia alla riga {riga} supera 1 MiB")]
    TroppoLungo { riga: u64 },
    #[error("il record che comincia alla riga {riga} ha più di {CAMPI_MAX} colonne")]
    TroppiCampi { riga: u64 },
    #[error(
        "la cella {campo} del record che comincia alla riga {riga} supera {CELLA_MAX} caratteri"
    )]
    CellaTroppoLunga { riga: u64, campo: usize },
    #[error("le virgolette aperte nel record che comincia alla riga {riga} non vengono mai chiuse")]
    Virgolette { riga: u64 },
    /// A JSON tracciato cannot be cut into its elements from here on.
    #[error("{problema}")]
    Json { riga: u64, problema: String },
}

/// Reads records one by one into itself; never more than one in memory.
pub struct Lettore<R> {
    input: BufReader<R>,
    dialetto: Dialetto,
    /// Line of the next byte.
    linea: u64,
    /// Bytes of the file before the next one.
    letti: u64,
    /// A CR was the last byte: an LF now belongs to it.
    dopo_cr: bool,
    /// Whether records without any text are given too.
    vuote: bool,
    record: Record,
}

/// The record that was read last.
#[derive(Default)]
struct Record {
    riga: u64,
    inizio: u64,
    bytes: Vec<u8>,
    testo: String,
    /// Ends of the fields in the text.
    fini: Vec<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stato {
    InizioCampo,
    Campo,
    Virgolette,
    /// After a quote inside quotes: the end of the quoted text, or half of a doubled quote.
    DopoVirgolette,
}

impl<R: Read> Lettore<R> {
    /// From the beginning of a file: its mark and its `sep=` line are skipped.
    pub fn new(input: R, dialetto: Dialetto) -> Result<Self, LettoreError> {
        let mut lettore = Self::riprendi(input, dialetto, (1, 0));
        let (salta, sep) = preambolo(lettore.input.fill_buf()?);
        lettore.input.consume(salta);
        lettore.letti = salta as u64;
        lettore.linea += u64::from(sep.is_some());
        Ok(lettore)
    }

    /// From the beginning of a record: its line, and the bytes of the file before it.
    pub fn riprendi(input: R, dialetto: Dialetto, (linea, inizio): (u64, u64)) -> Self {
        Self {
            input: BufReader::with_capacity(TESTA, input),
            dialetto,
            linea,
            letti: inizio,
            dopo_cr: false,
            vuote: false,
            record: Record::default(),
        }
    }

    /// Gives records without any text (blank lines, lines of blanks) instead of skipping them.
    pub fn con_righe_vuote(mut self, vuote: bool) -> Self {
        self.vuote = vuote;
        self
    }

    /// Reads the next record; `false` at the end of the file.
    pub fn avanza(&mut self) -> Result<bool, LettoreError> {
        loop {
            if !self.leggi()? {
                return Ok(false);
            }
            self.decodifica();
            if self.vuote || !self.vuota() {
                return Ok(true);
            }
        }
    }

    /// Line of the record in the file, from 1, as an editor shows it.
    pub fn riga(&self) -> u64 {
        self.record.riga
    }

    /// Bytes of the file before the record.
    pub fn inizio(&self) -> u64 {
        self.record.inizio
    }

    /// The fields of the record.
    pub fn campi(&self) -> Vec<&str> {
        let mut inizio = 0;
        let campi = self.record.fini.iter().map(|fine| {
            let campo = self.record.testo.get(inizio..*fine).unwrap_or_default();
            inizio = *fine;
            campo
        });
        campi.collect()
    }

    /// How many they are.
    pub fn larghezza(&self) -> usize {
        self.record.fini.len()
    }

    /// Whether the first field begins with this character.
    pub fn comincia_con(&self, segno: char) -> bool {
        self.record.testo.trim_start().starts_with(segno)
    }

    /// Whether the record has no text at all.
    pub fn vuota(&self) -> bool {
        self.record.fini.len() == 1 && self.record.testo.chars().all(char::is_whitespace)
    }

    /// Puts the bytes of the next record, without quotes and separators, in `self.record`.
    fn leggi(&mut self) -> Result<bool, LettoreError> {
        let record = &mut self.record;
        record.bytes.clear();
        record.fini.clear();
        let separatore = self.dialetto.separatore;
        let mut stato = Stato::InizioCampo;
        let mut letto = false;
        loop {
            let pieno = self.input.fill_buf()?;
            if !letto && self.dopo_cr && pieno.first() == Some(&b'\n') {
                // The second half of the end of the record before: already counted.
                self.dopo_cr = false;
                self.input.consume(1);
                self.letti += 1;
                continue;
            }
            if pieno.is_empty() {
                if stato == Stato::Virgolette {
                    return Err(LettoreError::Virgolette { riga: record.riga });
                }
                if letto {
                    record.fini.push(record.bytes.len());
                }
                return Ok(letto);
            }
            if !letto {
                record.riga = self.linea;
                record.inizio = self.letti;
                letto = true;
            }
            let (presi, finito) = {
                let mut pezzo = Pezzo {
                    record,
                    stato,
                    separatore,
                    linea: self.linea,
                    dopo_cr: self.dopo_cr,
                };
                let esito = pezzo.consuma(pieno);
                (stato, self.linea, self.dopo_cr) = (pezzo.stato, pezzo.linea, pezzo.dopo_cr);
                esito
            };
            self.input.consume(presi);
            self.letti += presi as u64;
            record.limiti()?;
            if finito {
                return Ok(true);
            }
        }
    }

    /// Makes text of the bytes. What cannot be decoded becomes U+FFFD, or a control character where
    /// windows-1252 has no character.
    fn decodifica(&mut self) {
        let record = &mut self.record;
        record.testo.clear();
        if (self.dialetto.codifica == Codifica::Utf8 || record.bytes.is_ascii())
            && let Ok(testo) = std::str::from_utf8(&record.bytes)
        {
            record.testo.push_str(testo);
            return;
        }
        let mut inizio = 0;
        for fine in &mut record.fini {
            let campo = record.bytes.get(inizio..*fine).unwrap_or_default();
            inizio = *fine;
            record.testo.push_str(&self.dialetto.codifica.decode(campo));
            *fine = record.testo.len();
        }
    }
}

impl Record {
    fn limiti(&self) -> Result<(), LettoreError> {
        let riga = self.riga;
        if self.fini.len() >= CAMPI_MAX {
            return Err(LettoreError::TroppiCampi { riga });
        }
        let ultima = self.bytes.len() - self.fini.last().copied().unwrap_or(0);
        if ultima > CELLA_MAX {
            let campo = self.fini.len() + 1;
            return Err(LettoreError::CellaTroppoLunga { riga, campo });
        }
        if self.bytes.len() > RECORD_MAX {
            return Err(LettoreError::TroppoLungo { riga });
        }
        let mut inizio = 0;
        for (i, fine) in self.fini.iter().enumerate() {
            if self.bytes.len() > CELLA_MAX && fine - inizio > CELLA_MAX {
                return Err(LettoreError::CellaTroppoLunga { riga, campo: i + 1 });
            }
            inizio = *fine;
        }
        Ok(())
    }
}

/// The state of the reading inside a record (RFC 4180; a quote counts at the beginning of a field
/// only).
struct Pezzo<'a> {
    record: &'a mut Record,
    stato: Stato,
    separatore: u8,
    linea: u64,
    dopo_cr: bool,
}

impl Pezzo<'_> {
    /// Takes bytes up to the end of the record, or all of them: how many, and whether it ended.
    fn consuma(&mut self, bytes: &[u8]) -> (usize, bool) {
        let mut i = 0;
        while i < bytes.len() {
            let inizio = i;
            let in_virgolette = self.stato == Stato::Virgolette;
            // A run of ordinary characters at once.
            while let Some(byte) = bytes.get(i)
                && !self.speciale(*byte)
            {
                i += 1;
            }
            if i > inizio {
                self.record.bytes.extend_from_slice(&bytes[inizio..i]);
                self.dopo_cr = false;
                if !in_virgolette {
                    self.stato = Stato::Campo;
                }
            }
            let Some(byte) = bytes.get(i) else { break };
            i += 1;
            if self.segno(*byte) {
                return (i, true);
            }
        }
        (i, false)
    }

    fn speciale(&self, byte: u8) -> bool {
        matches!(byte, b'"' | b'\n' | b'\r') || byte == self.separatore
    }

    /// A character that may mean something; `true` at the end of the record.
    fn segno(&mut self, byte: u8) -> bool {
        let lf_di_crlf = byte == b'\n' && self.dopo_cr;
        self.dopo_cr = byte == b'\r';
        self.linea += u64::from(byte == b'\r' || (byte == b'\n' && !lf_di_crlf));
        match (self.stato, byte) {
            (Stato::Virgolette, b'"') => self.stato = Stato::DopoVirgolette,
            (Stato::Virgolette, _) => self.record.bytes.push(byte),
            (Stato::InizioCampo, b'"') => self.stato = Stato::Virgolette,
            (Stato::DopoVirgolette, b'"') => {
                self.record.bytes.push(byte);
                self.stato = Stato::Virgolette;
            }
            (_, b'"') => {
                self.record.bytes.push(byte);
                self.stato = Stato::Campo;
            }
            (_, b'\n' | b'\r') => {
                self.record.fini.push(self.record.bytes.len());
                return true;
            }
            _ => {
                self.record.fini.push(self.record.bytes.len());
                self.stato = Stato::InizioCampo;
            }
        }
        false
    }
}

#[cfg(test)]
#[path = "lettore_tests.rs"]
mod tests;
