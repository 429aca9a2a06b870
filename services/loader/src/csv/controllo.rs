//! The checks of an upload, made while its bytes arrive.

use domain::tracciato::Layout;
use sha2::{Digest as _, Sha256};

use super::dialetto::{Atteso, BOM, Codifica, Dialetto, Scelte, preambolo, separatore};
use super::{Lettore, Rifiuto};
use crate::json::Conta;

/// How much of the beginning is kept to find out the separator.
const TESTA: usize = 64 * 1024;

/// What is known of a file that passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Esame {
    pub dialetto: Dialetto,
    pub dimensione: u64,
    /// 64 hexadecimal digits.
    pub sha256: String,
    /// A JSON tracciato, not a CSV.
    pub json: bool,
}

/// How large a file may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limiti {
    pub bytes: u64,
    /// Lines with some text; elements of a JSON.
    pub righe: u64,
}

/// Takes the bytes of a file in pieces and judges them at the end, without keeping them.
pub struct Controllo {
    max: Limiti,
    sha: Sha256,
    dimensione: u64,
    testa: Vec<u8>,
    nul: bool,
    riga: u64,
    /// Bytes of a character that is not complete yet.
    sospesi: Vec<u8>,
    /// Line of the first bytes that are not UTF-8.
    non_utf8: Option<u64>,
    /// Lines with some text, and whether the current one has any.
    piene: u64,
    piena: bool,
    dopo_cr: bool,
    /// Elements, of a file that begins like a JSON.
    elementi: Conta,
}

impl Controllo {
    pub fn new(max: Limiti) -> Self {
        Self {
            max,
            sha: Sha256::new(),
            dimensione: 0,
            testa: Vec::new(),
            nul: false,
            riga: 1,
            sospesi: Vec::new(),
            non_utf8: None,
            piene: 0,
            piena: false,
            dopo_cr: false,
            elementi: Conta::default(),
        }
    }

    /// An error when there is no need to see the rest.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), Rifiuto> {
        self.dimensione += bytes.len() as u64;
        if self.dimensione > self.max.bytes {
            return Err(Rifiuto {
                n: self.max.bytes / (1024 * 1024),
                ..Rifiuto::new("FILE_TROPPO_GRANDE", "rifiuto-troppo-grande")
            });
        }
        self.sha.update(bytes);
        let manca = TESTA.saturating_sub(self.testa.len());
        self.testa
            .extend_from_slice(&bytes[..manca.min(bytes.len())]);
        self.nul |= bytes.contains(&0);
        self.utf8(bytes);
        for byte in bytes {
            if matches!(byte, b'\n' | b'\r') {
                // The LF of a CR LF ends nothing: the line has ended already.
                self.riga += u64::from(*byte == b'\r' || !self.dopo_cr);
                self.piene += u64::from(self.piena);
                self.piena = false;
            } else {
                self.piena |= !byte.is_ascii_whitespace();
            }
            self.dopo_cr = *byte == b'\r';
        }
        if self.is_json() {
            self.elementi.push(bytes);
        }
        Ok(())
    }

    /// Whether there are too many rows already, however the file will be read: its bytes need not be
    /// kept any more, only counted.
    pub fn troppe(&self) -> bool {
        let righe = match self.is_json() {
            true => self.righe(true).min(self.righe(false)),
            false => self.righe(false),
        };
        righe > self.max.righe
    }

    /// Elements of a JSON, or lines with some text.
    fn righe(&self, json: bool) -> u64 {
        match json {
            true => self.elementi.quanti(),
            false => self.piene + u64::from(self.piena),
        }
    }

    /// Remembers the line of the first bytes that are not UTF-8.
    fn utf8(&mut self, bytes: &[u8]) {
        if self.non_utf8.is_some() {
            return;
        }
        let mut insieme = std::mem::take(&mut self.sospesi);
        insieme.extend_from_slice(bytes);
        if let Err(errore) = std::str::from_utf8(&insieme) {
            let (buoni, resto) = insieme.split_at(errore.valid_up_to());
            if errore.error_len().is_none() {
                self.sospesi = resto.to_vec();
            } else {
                let cr = buoni.iter().filter(|b| **b == b'\r').count();
                let lf = buoni.iter().filter(|b| **b == b'\n').count();
                // A file has one kind of line ends: CR LF, LF or CR.
                self.non_utf8 = Some(self.riga + lf.max(cr) as u64);
            }
        }
    }

    pub fn finish(self, scelte: Scelte) -> Result<Esame, Rifiuto> {
        self.natura()?;
        let govpay = scelte.atteso == Atteso::CsvGovpay;
        let json = self.is_json() && !govpay;
        let trovate = self.righe(json);
        if trovate > self.max.righe {
            let key = match json {
                true => "rifiuto-troppi-elementi",
                false => "rifiuto-troppe-righe",
            };
            return Err(Rifiuto::troppe(key, self.max.righe, trovate));
        }
        let piene = self.righe(false);
        let (_, sep) = preambolo(&self.testa);
        // The mark alone is not text.
        let solo_bom = self.testa.trim_ascii() == BOM;
        if (piene == 0 || solo_bom) && !govpay {
            return Err(Rifiuto::new("FILE_VUOTO", "rifiuto-vuoto"));
        }
        if json {
            return self.json();
        }
        if scelte.atteso == Atteso::Json {
            return Err(Rifiuto::new("NON_JSON", "rifiuto-non-json"));
        }
        let separatore = scelte.separatore.unwrap_or_else(|| separatore(&self.testa));
        let righe = piene.saturating_sub(u64::from(sep.is_some()));
        if righe <= 1 && !govpay && !prima_e_riga(&self.testa, separatore, scelte.intestazione) {
            return Err(Rifiuto::new(
                "SOLO_INTESTAZIONE",
                "rifiuto-solo-intestazione",
            ));
        }
        let codifica = match (scelte.codifica, self.non_utf8()) {
            (Some(Codifica::Utf8), Some(riga)) => {
                return Err(Rifiuto {
                    n: riga,
                    ..Rifiuto::new("CODIFICA_ERRATA", "rifiuto-non-utf8")
                });
            }
            (Some(scelta), _) => scelta,
            (None, None) => Codifica::Utf8,
            (None, Some(_)) => Codifica::Windows1252,
        };
        Ok(Esame {
            dialetto: Dialetto {
                codifica,
                separatore,
            },
            dimensione: self.dimensione,
            sha256: esadecimale(&self.sha.finalize()),
            json: false,
        })
    }

    /// Line of the first bytes that are not UTF-8; a character that is cut at the end is not.
    fn non_utf8(&self) -> Option<u64> {
        let tronco = !self.sospesi.is_empty();
        self.non_utf8.or(tronco.then_some(self.riga))
    }

    /// Whether the file begins like a JSON object.
    fn is_json(&self) -> bool {
        let testa = self.testa.strip_prefix(BOM).unwrap_or(&self.testa);
        testa.trim_ascii_start().first() == Some(&b'{')
    }

    /// A JSON is UTF-8; the rest is seen when it is read.
    fn json(self) -> Result<Esame, Rifiuto> {
        if let Some(riga) = self.non_utf8() {
            return Err(Rifiuto {
                n: riga,
                ..Rifiuto::new("CODIFICA_ERRATA", "rifiuto-non-utf8")
            });
        }
        Ok(Esame {
            dialetto: Dialetto {
                codifica: Codifica::Utf8,
                separatore: b',',
            },
            dimensione: self.dimensione,
            sha256: esadecimale(&self.sha.finalize()),
            json: true,
        })
    }

    /// What the first bytes betray.
    fn natura(&self) -> Result<(), Rifiuto> {
        let testa = self.testa.as_slice();
        let comincia = |magia: &[&[u8]]| magia.iter().any(|m| testa.starts_with(m));
        if comincia(&[b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0"]) {
            return Err(Rifiuto::new("NON_CSV", "rifiuto-foglio"));
        }
        if comincia(&[b"\xff\xfe", b"\xfe\xff"]) {
            return Err(Rifiuto::new("CODIFICA_ERRATA", "rifiuto-utf16"));
        }
        let marcatura = testa.trim_ascii_start().first() == Some(&b'<');
        let binario = self.nul || comincia(&[b"%PDF", b"\x1f\x8b", b"\x89PNG", b"\xff\xd8\xff"]);
        if marcatura || binario {
            return Err(Rifiuto::new("NON_CSV", "rifiuto-non-testo"));
        }
        Ok(())
    }
}

/// Whether the only line is a row and not a header. `intestazione`: what the mapping says of it.
fn prima_e_riga(testa: &[u8], separatore: u8, intestazione: Option<bool>) -> bool {
    let dialetto = Dialetto {
        codifica: Codifica::Windows1252,
        separatore,
    };
    let Ok(mut lettore) = Lettore::new(testa, dialetto) else {
        return false;
    };
    // One that cannot be read is told by the validation.
    if !matches!(lettore.avanza(), Ok(true)) {
        return true;
    }
    match intestazione {
        Some(intestazione) => !intestazione,
        None => {
            let layout = Layout::riconosci(&lettore.campi());
            layout.is_ok_and(|(layout, _)| !layout.intestazione)
        }
    }
}

fn esadecimale(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut out, byte| {
        // Writing to a String does not fail.
        let _ = write!(out, "{byte:02x}");
        out
    })
}

#[cfg(test)]
#[path = "controllo_tests.rs"]
mod tests;
