//! The rows of a stored tracciato, read again from any place, with what became of them.

use std::io;

use chrono::NaiveDate;

use crate::app::App;
use crate::csv::{Codifica, Dialetto, LettoreError, Sorgente};
use crate::lettura::{Apertura, Lettura, Posizione, RigaLetta, Righe, apri};
use crate::tracciato::{BloccoRow, EsitoRiga, RigaVista, Tracciato};

/// A stored file that can be read more than once. Only for blocking threads.
pub struct Archivio {
    sorgente: Sorgente,
    dialetto: Dialetto,
    lettura: Lettura,
    /// Rows of the first list of a JSON tracciato; known after the validation.
    prime: i64,
}

impl Archivio {
    /// Call it inside the runtime; then move it to the thread that reads.
    pub fn new(app: &App, tracciato: &Tracciato) -> anyhow::Result<Self> {
        Ok(Self {
            sorgente: Sorgente::new(&app.db, &tracciato.contenuto_id),
            dialetto: Dialetto {
                codifica: Codifica::parse(&tracciato.codifica).unwrap_or(Codifica::Utf8),
                separatore: tracciato.separatore(),
            },
            lettura: tracciato.lettura()?,
            prime: tracciato.colonne,
        })
    }

    /// A file that is not a tracciato yet.
    pub fn di(sorgente: Sorgente, dialetto: Dialetto, lettura: Lettura) -> Self {
        Self {
            sorgente,
            dialetto,
            lettura,
            prime: 0,
        }
    }

    pub fn apri(&self) -> Result<Apertura<Sorgente>, LettoreError> {
        apri(self.sorgente.clone(), self.dialetto, &self.lettura)
    }

    /// The rows of a file whose header is known to be good.
    pub fn righe(&self) -> anyhow::Result<Righe<Sorgente>> {
        match self.apri()? {
            Apertura::Righe(righe, _) => Ok(righe),
            Apertura::Vuoto | Apertura::Ignoto { .. } => {
                anyhow::bail!("il file valido non si riconosce più")
            }
        }
    }

    /// The rows from the first of a block on.
    pub fn righe_da(&self, blocco: &BloccoRow) -> anyhow::Result<Righe<Sorgente>> {
        let righe = self.righe()?;
        if blocco.numero == 0 {
            return Ok(righe);
        }
        let posizione = blocco.posizione(self.prime)?;
        Ok(righe.da(self.sorgente.da(posizione.inizio)?, posizione))
    }
}

impl BloccoRow {
    /// Where its first row begins. `prime`: rows of the first list of a JSON tracciato.
    pub fn posizione(&self, prime: i64) -> io::Result<Posizione> {
        Ok(Posizione {
            righe: self.prima - 1,
            inizio: u64::try_from(self.inizio).map_err(io::Error::other)?,
            linea: u64::try_from(self.linea).map_err(io::Error::other)?,
            oltre: self.prima > prime,
        })
    }
}

/// Which rows a list shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Quali {
    #[default]
    Tutte,
    Riuscite,
    Rifiutate,
}

impl Quali {
    fn comprende(self, esito: Option<&EsitoRiga>) -> bool {
        let ok = esito.map(|e| e.esito.is_ok());
        match self {
            Self::Tutte => true,
            Self::Riuscite => ok == Some(true),
            Self::Rifiutate => ok == Some(false),
        }
    }
}

/// Blocks looked at together.
const BLOCCHI: i64 = 8;

/// Up to `limit` rows after the one with the number `dopo`, in the order of the file.
pub async fn elenco(
    app: &App,
    tracciato: &Tracciato,
    pagina: (i64, i64),
    quali: Quali,
) -> anyhow::Result<Vec<RigaVista>> {
    elenco_di(app, tracciato, pagina, quali, vista).await
}

/// The same, each row shown by `vista`.
pub async fn elenco_di<T: Send + 'static>(
    app: &App,
    tracciato: &Tracciato,
    (dopo, limit): (i64, i64),
    quali: Quali,
    vista: impl Fn(RigaLetta, Option<EsitoRiga>) -> T + Clone + Send + 'static,
) -> anyhow::Result<Vec<T>> {
    let limit = usize::try_from(limit)?;
    let oggi = domain::tempo::giorno(app.clock.now());
    let mut viste = vec![];
    let mut dal = dopo + 1;
    loop {
        let mut blocchi = app.db.blocchi_da(tracciato.id, dal, BLOCCHI).await?;
        let Some(ultimo) = blocchi.last() else {
            return Ok(viste);
        };
        dal = ultimo.prima + ultimo.righe;
        blocchi.retain(|blocco| match quali {
            Quali::Tutte => true,
            Quali::Riuscite => blocco.ok > 0,
            Quali::Rifiutate => blocco.ko > 0,
        });
        let archivio = Archivio::new(app, tracciato)?;
        let mancano = limit - viste.len();
        let vista = vista.clone();
        let lette = tokio::task::spawn_blocking(move || {
            let mut lette = vec![];
            for blocco in blocchi {
                if lette.len() < mancano {
                    let coppie = coppie_di(&archivio, &blocco, oggi)?.into_iter();
                    let scelte = coppie.filter(|(letta, esito)| {
                        letta.numero > dopo && quali.comprende(esito.as_ref())
                    });
                    lette.extend(scelte.map(|(letta, esito)| vista(letta, esito)));
                }
            }
            anyhow::Ok(lette)
        });
        viste.extend(lette.await??.into_iter().take(mancano));
        if viste.len() >= limit {
            return Ok(viste);
        }
    }
}

/// The rows of a block with their outcomes.
fn coppie_di(
    archivio: &Archivio,
    blocco: &BloccoRow,
    oggi: NaiveDate,
) -> anyhow::Result<Vec<(RigaLetta, Option<EsitoRiga>)>> {
    let mut righe = archivio.righe_da(blocco)?;
    let mut coppie = vec![];
    for esito in blocco.esiti()? {
        anyhow::ensure!(righe.avanza()?, "il file ha meno righe di quelle validate");
        coppie.push((righe.leggi(oggi), esito));
    }
    Ok(coppie)
}

fn vista(riga: RigaLetta, esito: Option<EsitoRiga>) -> RigaVista {
    let chiave = riga.chiave;
    RigaVista {
        numero: riga.numero,
        riga: i64::try_from(riga.riga).unwrap_or(i64::MAX),
        annullamento: chiave.annullamento,
        id_a2a: corto(&chiave.id_a2a),
        id_pendenza: corto(&chiave.id_pendenza),
        id_dominio: corto(&chiave.id_dominio),
        importo: chiave.importo,
        esito,
    }
}

/// Keys of rows that cannot be read may be anything.
pub fn corto(testo: &str) -> String {
    testo.chars().take(60).collect()
}

/// The outcomes of the rows in order, a few blocks at a time. Only for blocking threads.
pub struct Esiti {
    app: App,
    id: i64,
    runtime: tokio::runtime::Handle,
    pagina: std::vec::IntoIter<Option<EsitoRiga>>,
    /// Number of the next row.
    prossima: i64,
}

impl Esiti {
    /// Call it inside the runtime.
    pub fn new(app: &App, tracciato: &Tracciato) -> Self {
        Self {
            app: app.clone(),
            id: tracciato.id,
            runtime: tokio::runtime::Handle::current(),
            pagina: vec![].into_iter(),
            prossima: 1,
        }
    }

    /// The outcome of the next row; `None`: it has none.
    pub fn next(&mut self) -> anyhow::Result<Option<EsitoRiga>> {
        if self.pagina.len() == 0 {
            let page = self.app.db.blocchi_da(self.id, self.prossima, 1);
            let page = self.runtime.block_on(page)?;
            let blocco = page
                .first()
                .ok_or_else(|| anyhow::anyhow!("il file ha più righe di quelle validate"))?;
            self.pagina = blocco.esiti()?.into_iter();
        }
        self.prossima += 1;
        Ok(self.pagina.next().flatten())
    }
}
