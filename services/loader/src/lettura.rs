//! From the bytes of a file to its rows: dialect, layout and own columns put together.

use std::io::Read;

use chrono::NaiveDate;
use domain::tracciato::{Chiave, Colonna, Formato, Forme, Layout, Mappa, Segnalazione};
use serde::{Deserialize, Serialize};

use crate::core::Richiesta;
use crate::csv::{Dialetto, Lettore, LettoreError, Scrittore};
use crate::json::elemento;
use crate::json::percorsi::{Proprieta, percorso};
use crate::json::{LettoreJson, Testata};

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
    /// A JSON tracciato: nothing of the above but `govpay` matters.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub json: bool,
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
    /// In the second list of a JSON tracciato.
    pub oltre: bool,
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
    fonte: Fonte<R>,
    numero: i64,
    /// Rows of the first list of a JSON tracciato, so far.
    prime: i64,
}

enum Fonte<R> {
    Csv(Box<Csv<R>>),
    Json(Box<LettoreJson<R>>),
}

struct Csv<R> {
    lettore: Lettore<R>,
    layout: Layout,
    dialetto: Dialetto,
    govpay: bool,
    /// The record that was read last is a row that nobody has seen yet.
    in_attesa: bool,
}

/// How the writers of a file call the columns of the tracciato.
#[derive(Clone)]
pub enum Nomi {
    Csv(Box<Layout>),
    /// Paths of properties, as `voci[0].importo`.
    Json,
}

impl Nomi {
    pub fn nome(&self, colonna: Colonna) -> String {
        match self {
            Self::Csv(layout) => layout.nome(colonna),
            Self::Json => percorso(colonna),
        }
    }

    pub fn formato(&self) -> Formato {
        match self {
            Self::Csv(layout) => layout.formato,
            Self::Json => Formato::Json,
        }
    }

    /// The names of the header as they are in the file; none without a header.
    pub fn testa(&self) -> &[String] {
        match self {
            Self::Csv(layout) => &layout.nomi,
            Self::Json => &[],
        }
    }

    /// Whether the first record of the file is a header.
    pub fn intestazione(&self) -> bool {
        matches!(self, Self::Csv(layout) if layout.intestazione)
    }
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
    /// In the second list of a JSON tracciato.
    pub oltre: bool,
    /// What it asks for; `None` when there is at least one error.
    pub richiesta: Option<Richiesta>,
    pub segnalazioni: Vec<Segnalazione>,
}

/// Opens a file from its first byte.
pub fn apri<R: Read>(
    input: R,
    dialetto: Dialetto,
    lettura: &Lettura,
) -> Result<Apertura<R>, LettoreError> {
    if lettura.json {
        return apri_json(input);
    }
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
    let csv = Csv {
        in_attesa: !layout.intestazione,
        lettore: lettore.con_righe_vuote(lettura.govpay),
        layout,
        dialetto,
        govpay: lettura.govpay,
    };
    let avvisi = avvisi.into_iter().map(|avviso| (riga, avviso)).collect();
    Ok(Apertura::Righe(
        Righe::new(Fonte::Csv(Box::new(csv))),
        avvisi,
    ))
}

fn apri_json<R: Read>(input: R) -> Result<Apertura<R>, LettoreError> {
    let mut lettore = LettoreJson::new(input);
    match lettore.apri() {
        Ok(true) => Ok(Apertura::Righe(
            Righe::new(Fonte::Json(Box::new(lettore))),
            vec![],
        )),
        Ok(false) => Ok(Apertura::Vuoto),
        Err(LettoreError::Json { riga, problema }) => {
            let rimedio =
                "Un tracciato JSON è un oggetto con idTracciato, inserimenti e annullamenti.";
            let errori = vec![Segnalazione::riga(problema, rimedio)];
            Ok(Apertura::Ignoto { riga, errori })
        }
        Err(errore) => Err(errore),
    }
}

/// Whether a record is a comment, which only the 2.x layout has; before the layout is known, any
/// record that begins like one.
fn commento<R: Read>(layout: Option<&Layout>, lettore: &Lettore<R>) -> bool {
    layout.is_none_or(|layout| layout.formato == Formato::AddDel) && lettore.comincia_con('#')
}

impl<R: Read> Righe<R> {
    fn new(fonte: Fonte<R>) -> Self {
        Self {
            fonte,
            numero: 0,
            prime: 0,
        }
    }

    /// Goes on from another place of the same file, whose bytes from there on `input` gives.
    pub fn da(mut self, input: R, posizione: Posizione) -> Self {
        let qui = (posizione.linea, posizione.inizio);
        self.fonte = match self.fonte {
            Fonte::Csv(csv) => Fonte::Csv(Box::new(Csv {
                lettore: Lettore::riprendi(input, csv.dialetto, qui).con_righe_vuote(csv.govpay),
                in_attesa: false,
                ..*csv
            })),
            Fonte::Json(json) => Fonte::Json(Box::new(json.riprendi(input, qui, posizione.oltre))),
        };
        self.numero = posizione.righe;
        self
    }

    pub fn nomi(&self) -> Nomi {
        match &self.fonte {
            Fonte::Csv(csv) => Nomi::Csv(Box::new(csv.layout.clone())),
            Fonte::Json(_) => Nomi::Json,
        }
    }

    /// Fields of the current record; of a JSON tracciato the rows of its first list so far.
    pub fn larghezza(&self) -> usize {
        match &self.fonte {
            Fonte::Csv(csv) => csv.lettore.larghezza(),
            Fonte::Json(_) => usize::try_from(self.prime).unwrap_or(usize::MAX),
        }
    }

    /// Goes to the next row; `false` at the end.
    pub fn avanza(&mut self) -> Result<bool, LettoreError> {
        let avanti = match &mut self.fonte {
            Fonte::Csv(csv) => csv.avanza()?,
            Fonte::Json(json) => json.avanza()?,
        };
        self.numero += i64::from(avanti);
        if let Fonte::Json(json) = &self.fonte
            && avanti
            && !json.oltre()
        {
            self.prime = self.numero;
        }
        Ok(avanti)
    }

    /// The cells of the row, as they are in the file; none in JSON.
    pub fn campi(&self) -> Vec<&str> {
        match &self.fonte {
            Fonte::Csv(csv) => csv.lettore.campi(),
            Fonte::Json(_) => vec![],
        }
    }

    /// The row as it is in the file, as one record; empty in JSON, where a line may hold many.
    pub fn originale(&self) -> String {
        let Fonte::Csv(csv) = &self.fonte else {
            return String::new();
        };
        let mut out = Scrittore::new(csv.dialetto.separatore, false, false);
        out.record(csv.lettore.campi());
        String::from_utf8_lossy(&out.take()).trim_end().to_owned()
    }

    /// The values of some columns as they are in the row, whether or not it is right.
    pub fn valori(&self, colonne: &[Colonna]) -> Vec<String> {
        match &self.fonte {
            Fonte::Csv(csv) => {
                let campi = csv.lettore.campi();
                let valore = |colonna: &Colonna| {
                    let cella = csv.layout.campo(*colonna).and_then(|i| campi.get(i));
                    cella.map_or_else(String::new, |cella| cella.trim().to_owned())
                };
                colonne.iter().map(valore).collect()
            }
            Fonte::Json(json) => {
                let proprieta = Proprieta::new(json.elemento());
                colonne.iter().map(|c| proprieta.testo(*c)).collect()
            }
        }
    }

    /// What a JSON tracciato says of itself: all of it at the end of the file.
    pub fn testata(&self) -> Option<&Testata> {
        match &self.fonte {
            Fonte::Csv(_) => None,
            Fonte::Json(json) => Some(json.testata()),
        }
    }

    /// Line of the row in the file, from 1.
    pub fn linea(&self) -> u64 {
        match &self.fonte {
            Fonte::Csv(csv) => csv.lettore.riga(),
            Fonte::Json(json) => json.riga(),
        }
    }

    pub fn numero(&self) -> i64 {
        self.numero
    }

    /// The row, judged by the rules of the tracciato. `oggi` is the day in Rome.
    pub fn leggi(&self, oggi: NaiveDate) -> RigaLetta {
        let (inizio, oltre, (chiave, richiesta, segnalazioni)) = match &self.fonte {
            Fonte::Csv(csv) => (csv.lettore.inizio(), false, csv.leggi(oggi)),
            Fonte::Json(json) => {
                let letto = elemento::leggi(json.elenco(), json.elemento(), json.riga());
                let letto = (letto.chiave, letto.richiesta, letto.segnalazioni);
                (json.inizio(), json.oltre(), letto)
            }
        };
        RigaLetta {
            numero: self.numero,
            riga: self.linea(),
            inizio,
            chiave,
            oltre,
            richiesta,
            segnalazioni,
        }
    }
}

impl<R: Read> Csv<R> {
    fn avanza(&mut self) -> Result<bool, LettoreError> {
        if std::mem::take(&mut self.in_attesa) {
            return Ok(true);
        }
        loop {
            if !self.lettore.avanza()? {
                return Ok(false);
            }
            if !commento(Some(&self.layout), &self.lettore) {
                return Ok(true);
            }
        }
    }

    fn leggi(&self, oggi: NaiveDate) -> (Chiave, Option<Richiesta>, Vec<Segnalazione>) {
        if self.lettore.vuota() {
            let vuota = Segnalazione::riga(
                "la riga è vuota",
                "Toglila: ogni riga vuota conta come un'operazione fallita.",
            );
            return (Chiave::default(), None, vec![vuota]);
        }
        let letta = self.layout.leggi(&self.lettore.campi(), oggi);
        (
            letta.chiave,
            letta.riga.map(Richiesta::from),
            letta.segnalazioni,
        )
    }
}

impl RigaLetta {
    /// Where the row begins.
    pub fn posizione(&self) -> Posizione {
        Posizione {
            righe: self.numero - 1,
            inizio: self.inizio,
            linea: self.riga,
            oltre: self.oltre,
        }
    }
}
