//! From the bytes of a file to its rows: dialect, layout and own columns put together.

use std::io::Read;

use chrono::NaiveDate;
use domain::tracciato::{Chiave, Formato, Forme, Layout, Mappa, Riga, Segnalazione};
use serde::{Deserialize, Serialize};

use crate::csv::{Dialetto, Lettore, LettoreError};

/// What was decided about the reading of a file, beside encoding and separator. Kept with the file,
/// so that it is always read in the same way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Lettura {
    #[serde(flatten)]
    pub forme: Forme,
    /// Own columns of the body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mappa: Option<Mappa>,
    /// As GovPay reads: a first line without known names is skipped all the same, and blank lines
    /// are rows that fail.
    pub govpay: bool,
}

/// Where the rows of a file begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posizione {
    /// Rows before.
    pub righe: i64,
    /// Bytes of the file before.
    pub inizio: u64,
    /// Line, from 1.
    pub linea: u64,
}

/// What the beginning of a file says.
pub enum Apertura<R> {
    /// With the oddities of the header and its line.
    Righe(Righe<R>, Vec<(u64, Segnalazione)>),
    /// There is no text.
    Vuoto,
    /// The header cannot be understood, or is not that of a tracciato.
    Ignoto {
        riga: u64,
        errori: Vec<Segnalazione>,
    },
}

/// The rows of a file, one at a time.
pub struct Righe<R> {
    lettore: Lettore<R>,
    layout: Layout,
    dialetto: Dialetto,
    govpay: bool,
    /// The record that was read last is a row that nobody has seen yet.
    in_attesa: bool,
    numero: i64,
    /// Fields of the first record.
    larghezza: usize,
}

/// A row as it was read.
#[derive(Debug)]
pub struct RigaLetta {
    /// From 1.
    pub numero: i64,
    /// Line of the file, from 1.
    pub riga: u64,
    /// Bytes of the file before it.
    pub inizio: u64,
    pub chiave: Chiave,
    /// What it asks for; `None` when there is at least one error.
    pub richiesta: Option<Riga>,
    pub segnalazioni: Vec<Segnalazione>,
}

/// Opens a file from its first byte.
pub fn apri<R: Read>(
    input: R,
    dialetto: Dialetto,
    lettura: &Lettura,
) -> Result<Apertura<R>, LettoreError> {
    let mut lettore = Lettore::new(input, dialetto)?;
    loop {
        if !lettore.avanza()? {
            return Ok(Apertura::Vuoto);
        }
        if !commento(None, &lettore) {
            break;
        }
    }
    let (riga, campi) = (lettore.riga(), lettore.campi());
    let riconosciuto = match &lettura.mappa {
        Some(mappa) => Layout::con_mappa(&campi, mappa),
        None if lettura.govpay => {
            Layout::riconosci(&campi).or_else(|_| Ok((Layout::posizionale(true), vec![])))
        }
        None => Layout::riconosci(&campi),
    };
    let (layout, avvisi) = match riconosciuto {
        Ok((layout, avvisi)) => (layout.con_forme(lettura.forme.clone()), avvisi),
        Err(errori) => return Ok(Apertura::Ignoto { riga, errori }),
    };
    let larghezza = campi.len();
    let righe = Righe {
        in_attesa: !layout.intestazione,
        lettore: lettore.con_righe_vuote(lettura.govpay),
        layout,
        dialetto,
        govpay: lettura.govpay,
        numero: 0,
        larghezza,
    };
    let avvisi = avvisi.into_iter().map(|avviso| (riga, avviso)).collect();
    Ok(Apertura::Righe(righe, avvisi))
}

/// Whether a record is a comment, which only the 2.x layout has; before the layout is known, any
/// record that begins like one.
fn commento<R: Read>(layout: Option<&Layout>, lettore: &Lettore<R>) -> bool {
    layout.is_none_or(|layout| layout.formato == Formato::AddDel) && lettore.comincia_con('#')
}

impl<R: Read> Righe<R> {
    /// Goes on from another place of the same file, whose bytes from there on `input` gives.
    pub fn da(mut self, input: R, posizione: Posizione) -> Self {
        let qui = (posizione.linea, posizione.inizio);
        self.lettore = Lettore::riprendi(input, self.dialetto, qui).con_righe_vuote(self.govpay);
        self.numero = posizione.righe;
        self.in_attesa = false;
        self
    }

    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Fields of the first record of the file.
    pub fn larghezza(&self) -> usize {
        self.larghezza
    }

    /// Goes to the next row; `false` at the end.
    pub fn avanza(&mut self) -> Result<bool, LettoreError> {
        if self.in_attesa {
            self.in_attesa = false;
            self.numero += 1;
            return Ok(true);
        }
        loop {
            if !self.lettore.avanza()? {
                return Ok(false);
            }
            if !commento(Some(&self.layout), &self.lettore) {
                self.numero += 1;
                return Ok(true);
            }
        }
    }

    /// The cells of the row, as they are in the file.
    pub fn campi(&self) -> Vec<&str> {
        self.lettore.campi()
    }

    /// Line of the row in the file, from 1.
    pub fn linea(&self) -> u64 {
        self.lettore.riga()
    }

    pub fn numero(&self) -> i64 {
        self.numero
    }

    /// The row, judged by the rules of the tracciato. `oggi` is the day in Rome.
    pub fn leggi(&self, oggi: NaiveDate) -> RigaLetta {
        let (riga, inizio) = (self.lettore.riga(), self.lettore.inizio());
        if self.lettore.vuota() {
            let vuota = Segnalazione::riga(
                "la riga è vuota",
                "Toglila: ogni riga vuota conta come un'operazione fallita.",
            );
            return RigaLetta {
                numero: self.numero,
                riga,
                inizio,
                chiave: Chiave::default(),
                richiesta: None,
                segnalazioni: vec![vuota],
            };
        }
        let letta = self.layout.leggi(&self.lettore.campi(), oggi);
        RigaLetta {
            numero: self.numero,
            riga,
            inizio,
            chiave: letta.chiave,
            richiesta: letta.riga,
            segnalazioni: letta.segnalazioni,
        }
    }
}

impl RigaLetta {
    /// Where the row begins.
    pub fn posizione(&self) -> Posizione {
        Posizione {
            righe: self.numero - 1,
            inizio: self.inizio,
            linea: self.riga,
        }
    }
}
