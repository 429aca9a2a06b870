//! The JSON tracciato, cut into its elements while it is read: never more than one in memory.
//!
//! `{idTracciato, idDominio, inserimenti[], annullamenti[]}`: the two lists may be in any order, and
//! each may be missing. What an element says is the business of [`elemento`].

mod bordi;
mod conta;
mod difetti;
pub mod elemento;
pub mod percorsi;

use std::io::{BufRead as _, BufReader, Read};

use self::bordi::{Bordi, Esito};
pub use self::conta::Conta;
use crate::csv::LettoreError;

/// Longest element in bytes.
pub const ELEMENTO_MAX: usize = 1024 * 1024;

/// Objects and lists inside each other, in an element.
pub const PROFONDITA_MAX: usize = 64;

/// Longest name of a member, and longest of the two texts, in bytes.
const TESTO_MAX: usize = 1000;

/// How much is read at once.
const PEZZO: usize = 64 * 1024;

const BOM: &[u8] = b"\xef\xbb\xbf";

/// Which of the two lists an element is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Elenco {
    Inserimenti,
    Annullamenti,
}

impl Elenco {
    fn altro(self) -> Self {
        match self {
            Self::Inserimenti => Self::Annullamenti,
            Self::Annullamenti => Self::Inserimenti,
        }
    }

    fn nome(self) -> &'static str {
        match self {
            Self::Inserimenti => "inserimenti",
            Self::Annullamenti => "annullamenti",
        }
    }
}

/// What the file is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Testata {
    pub id_tracciato: Option<String>,
    pub id_dominio: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fase {
    /// Nothing was read.
    Inizio,
    /// A member of the object comes, or its end; `primo`: no comma before it.
    Membri { primo: bool },
    /// An element comes, or the end of the list.
    PrimoElemento,
    /// An element comes.
    Elemento,
    /// After an element: a comma, or the end of the list.
    DopoElemento,
    /// After the object.
    Fine,
}

/// Reads the elements one by one into itself.
pub struct LettoreJson<R> {
    input: BufReader<R>,
    /// Line of the next byte.
    linea: u64,
    /// Bytes of the file before the next one.
    letti: u64,
    fase: Fase,
    testata: Testata,
    elenco: Elenco,
    /// The list that came first, and whether the other one came, too.
    primo: Option<Elenco>,
    secondo: bool,
    elemento: Vec<u8>,
    riga: u64,
    inizio: u64,
}

impl<R: Read> LettoreJson<R> {
    /// From the beginning of a file.
    pub fn new(input: R) -> Self {
        Self {
            input: BufReader::with_capacity(PEZZO, input),
            linea: 1,
            letti: 0,
            fase: Fase::Inizio,
            testata: Testata::default(),
            elenco: Elenco::Inserimenti,
            primo: None,
            secondo: false,
            elemento: Vec::new(),
            riga: 1,
            inizio: 0,
        }
    }

    /// Goes on from the beginning of an element, whose bytes from there on `input` gives: its line, and
    /// the bytes of the file before it. `oltre`: it is of the second list of the file.
    pub fn riprendi(self, input: R, (linea, inizio): (u64, u64), oltre: bool) -> Self {
        let primo = self.primo.unwrap_or(Elenco::Inserimenti);
        Self {
            input: BufReader::with_capacity(PEZZO, input),
            linea,
            letti: inizio,
            fase: Fase::Elemento,
            elenco: if oltre { primo.altro() } else { primo },
            primo: Some(primo),
            secondo: oltre,
            ..self
        }
    }

    /// Goes to the beginning of the first list, or to the end of a file that has none. `false`: there is
    /// no text at all.
    pub fn apri(&mut self) -> Result<bool, LettoreError> {
        if self.input.fill_buf()?.starts_with(BOM) {
            self.salta(BOM.len());
        }
        let Some(byte) = self.prossimo()? else {
            return Ok(false);
        };
        if byte != b'{' {
            let problema = "un tracciato JSON comincia con una parentesi graffa";
            return Err(self.errore(problema));
        }
        self.salta(1);
        self.fase = Fase::Membri { primo: true };
        self.membri()?;
        Ok(true)
    }

    /// Reads the next element; `false` at the end of the file.
    pub fn avanza(&mut self) -> Result<bool, LettoreError> {
        loop {
            let fase = self.fase;
            match fase {
                Fase::Inizio => {
                    if !self.apri()? {
                        return Ok(false);
                    }
                }
                Fase::Membri { .. } => self.membri()?,
                Fase::PrimoElemento if self.prossimo()? == Some(b']') => self.chiudi_elenco(),
                Fase::PrimoElemento | Fase::Elemento => {
                    self.leggi_elemento()?;
                    return Ok(true);
                }
                Fase::DopoElemento => match self.prossimo()? {
                    Some(b',') => {
                        self.salta(1);
                        self.fase = Fase::Elemento;
                    }
                    Some(b']') => self.chiudi_elenco(),
                    _ => return Err(self.atteso("una virgola o la fine dell'elenco")),
                },
                Fase::Fine => return Ok(false),
            }
        }
    }

    /// The bytes of the element.
    pub fn elemento(&self) -> &[u8] {
        &self.elemento
    }

    pub fn elenco(&self) -> Elenco {
        self.elenco
    }

    /// Whether the element is of the second list of the file.
    pub fn oltre(&self) -> bool {
        self.secondo
    }

    /// Line of the element, from 1.
    pub fn riga(&self) -> u64 {
        self.riga
    }

    /// Bytes of the file before the element.
    pub fn inizio(&self) -> u64 {
        self.inizio
    }

    /// What is known so far: all of it at the end of the file.
    pub fn testata(&self) -> &Testata {
        &self.testata
    }

    fn chiudi_elenco(&mut self) {
        self.salta(1);
        self.fase = Fase::Membri { primo: false };
    }

    fn leggi_elemento(&mut self) -> Result<(), LettoreError> {
        self.prossimo()?;
        (self.riga, self.inizio) = (self.linea, self.letti);
        let mut elemento = std::mem::take(&mut self.elemento);
        let esito = self.valore(&mut elemento, ELEMENTO_MAX);
        self.elemento = elemento;
        self.fase = Fase::DopoElemento;
        esito
    }

    /// Members up to a list that has been opened, or to the end.
    fn membri(&mut self) -> Result<(), LettoreError> {
        while let Fase::Membri { primo } = self.fase {
            match self.prossimo()? {
                Some(b'}') => {
                    self.salta(1);
                    self.fase = Fase::Fine;
                    return match self.prossimo()? {
                        None => Ok(()),
                        Some(_) => Err(self.errore("dopo la fine del tracciato c'è dell'altro")),
                    };
                }
                Some(b',') if !primo => {
                    self.salta(1);
                    self.prossimo()?;
                }
                Some(b'"') if primo => {}
                _ if primo => return Err(self.atteso("il nome di una proprietà")),
                _ => return Err(self.atteso("una virgola o la fine del tracciato")),
            }
            self.fase = Fase::Membri { primo: false };
            self.membro()?;
        }
        Ok(())
    }

    fn membro(&mut self) -> Result<(), LettoreError> {
        if self.prossimo()? != Some(b'"') {
            return Err(self.atteso("il nome di una proprietà"));
        }
        let nome = self.testo()?;
        if self.prossimo()? != Some(b':') {
            return Err(self.atteso("due punti"));
        }
        self.salta(1);
        let nome = nome.unwrap_or_default();
        match nome.as_str() {
            "idTracciato" if self.testata.id_tracciato.is_none() => {
                self.testata.id_tracciato = self.testo_di("idTracciato")?;
            }
            "idDominio" if self.testata.id_dominio.is_none() => {
                self.testata.id_dominio = self.testo_di("idDominio")?;
            }
            "inserimenti" => self.elenco_di(Elenco::Inserimenti)?,
            "annullamenti" => self.elenco_di(Elenco::Annullamenti)?,
            "idTracciato" | "idDominio" => {
                return Err(self.errore(&format!("la proprietà {nome} è ripetuta")));
            }
            _ => {
                let nome: String = nome.chars().take(60).collect();
                return Err(self.errore(&format!(
                    "la proprietà «{nome}» non è di un tracciato: sono idTracciato, idDominio, inserimenti, annullamenti"
                )));
            }
        }
        Ok(())
    }

    fn testo_di(&mut self, nome: &str) -> Result<Option<String>, LettoreError> {
        self.prossimo()?;
        match self.testo()? {
            Some(testo) => Ok(Some(testo)),
            None => Err(self.errore(&format!("{nome} deve essere un testo fra virgolette"))),
        }
    }

    /// Opens a list; one that is `null` is empty.
    fn elenco_di(&mut self, elenco: Elenco) -> Result<(), LettoreError> {
        let gia = self.primo == Some(elenco) || self.secondo;
        match self.prossimo()? {
            _ if gia => Err(self.errore(&format!("{} è ripetuto", elenco.nome()))),
            Some(b'[') => {
                self.salta(1);
                self.fase = Fase::PrimoElemento;
                self.elenco = elenco;
                self.secondo = self.primo.is_some();
                self.primo = self.primo.or(Some(elenco));
                Ok(())
            }
            Some(b'n') => {
                let mut nullo = Vec::new();
                self.valore(&mut nullo, TESTO_MAX)?;
                if nullo == b"null" {
                    return Ok(());
                }
                Err(self.errore(&format!("{} deve essere un elenco", elenco.nome())))
            }
            _ => Err(self.atteso("un elenco fra parentesi quadre")),
        }
    }

    /// A JSON text; `None`: it is something else.
    fn testo(&mut self) -> Result<Option<String>, LettoreError> {
        let mut bytes = Vec::new();
        self.valore(&mut bytes, TESTO_MAX)?;
        Ok(serde_json::from_slice(&bytes).ok())
    }

    /// The next byte that is not blank; `None` at the end.
    fn prossimo(&mut self) -> Result<Option<u8>, LettoreError> {
        loop {
            let pieno = self.input.fill_buf()?;
            let bianco = |b: &u8| matches!(b, b' ' | b'\t' | b'\n' | b'\r');
            let n = pieno.iter().take_while(|b| bianco(b)).count();
            let byte = pieno.get(n).copied();
            let finito = pieno.is_empty();
            self.salta(n);
            if finito || byte.is_some() {
                return Ok(byte);
            }
        }
    }

    /// Consumes bytes that are in the buffer.
    fn salta(&mut self, n: usize) {
        let pieno = self.input.buffer();
        let righe = pieno.iter().take(n).filter(|b| **b == b'\n').count();
        self.linea += righe as u64;
        self.letti += n as u64;
        self.input.consume(n);
    }

    /// Puts the bytes of one value in `out`. Only its borders are looked for.
    fn valore(&mut self, out: &mut Vec<u8>, max: usize) -> Result<(), LettoreError> {
        out.clear();
        let riga = self.linea;
        let mut bordi = Bordi::default();
        loop {
            let pieno = self.input.fill_buf()?;
            if pieno.is_empty() {
                // A bare number may end with the file; what holds it does not.
                return Err(self.errore("il file finisce a metà"));
            }
            let (presi, esito) = bordi.consuma(pieno);
            if out.len() + presi > max {
                let problema = match max {
                    ELEMENTO_MAX => "l'elemento supera 1 MiB".to_owned(),
                    _ => format!("il testo supera {max} byte"),
                };
                return Err(LettoreError::Json { riga, problema });
            }
            out.extend_from_slice(&pieno[..presi]);
            self.salta(presi);
            match esito {
                Esito::Continua => {}
                Esito::Finito => return Ok(()),
                Esito::Storto(problema) => return Err(self.errore(problema)),
            }
        }
    }

    fn errore(&self, problema: &str) -> LettoreError {
        LettoreError::Json {
            riga: self.linea,
            problema: problema.to_owned(),
        }
    }

    /// Something else was there, or nothing.
    fn atteso(&mut self, cosa: &str) -> LettoreError {
        match self.prossimo() {
            Ok(None) => self.errore("il file finisce a metà"),
            Ok(Some(byte)) if byte.is_ascii_graphic() => {
                self.errore(&format!("ci si aspetta {cosa}, non «{}»", char::from(byte)))
            }
            Ok(Some(_)) => self.errore(&format!("ci si aspetta {cosa}")),
            Err(errore) => errore,
        }
    }
}

#[cfg(test)]
#[path = "json_tests.rs"]
mod tests;
