//! The reading half of a validation: a thread of its own reads the file and judges its rows, block by
//! block.

use std::collections::HashSet;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};
use std::io::Read;
use std::sync::Arc;

use chrono::NaiveDate;
use domain::tracciato::{Chiave, Colonna, Formato, Segnalazione};
use tenant::Tenant;
use tokio::sync::mpsc;

use crate::anagrafica;
use crate::app::App;
use crate::core::Richiesta;
use crate::csv::LettoreError;
use crate::lettura::{Apertura, Nomi, RigaLetta, Righe};
use crate::operatore::Operatore;
use crate::righe::{Archivio, corto};
use crate::tracciato::{BloccoRow, EsitoRiga};

/// Rows of a block.
pub const BLOCCO: usize = 500;

/// A fault with the line of the file.
pub type Trovata = (u64, Segnalazione);

/// Some rows, judged by all that can be known without the core.
pub struct BloccoLetto {
    pub blocco: BloccoRow,
    /// Why rows are not valid, one per row.
    pub esiti: Vec<Option<EsitoRiga>>,
    pub trovate: Vec<Trovata>,
    pub valide: Vec<Valida>,
    /// What the valid rows ask for, each with its place among them. Rows that repeat an earlier one
    /// of the block ask for nothing: they are judged with the doppioni.
    pub richieste: Vec<(usize, Richiesta)>,
    /// Bodies of the rows.
    pub domini: Vec<String>,
}

#[derive(Clone, Copy)]
pub struct Valida {
    /// In the block, from 0.
    pub posizione: usize,
    /// Line of the file.
    pub riga: u64,
    pub cents: i64,
}

/// What is known when the file has been read to its end, or as far as it goes.
#[derive(Default)]
pub struct Letto {
    pub formato: Option<Formato>,
    /// Fields of the longest row; of a JSON tracciato the rows of its first list.
    pub colonne: i64,
    pub righe: i64,
    /// Why the file, or the rest of it, cannot be read.
    pub illeggibile: Option<String>,
    /// Faults of the file, or of its header.
    pub trovate: Vec<Trovata>,
    /// Whether some keys appear more than once: see [`doppioni`].
    pub doppioni: Doppioni,
}

/// What a reader knows of who asks.
#[derive(Clone)]
pub struct Contesto {
    pub tenant: Arc<Tenant>,
    /// Of the tracciato; 0 for a file that is none yet.
    pub id: i64,
    /// `None`: one who is there no more.
    pub operatore: Option<Operatore>,
    /// Day in Rome.
    pub oggi: NaiveDate,
}

impl Contesto {
    /// For a reading that begins now. `id` as in [`Contesto::id`].
    pub fn new(app: &App, operatore: Option<&Operatore>, id: i64) -> Self {
        Self {
            tenant: Arc::clone(&app.tenant),
            id,
            operatore: operatore.cloned(),
            oggi: domain::tempo::giorno(app.clock.now()),
        }
    }
}

/// Reads a whole stored file, giving its blocks to `sender`. `None`: nobody listens any more.
pub fn leggi(
    contesto: &Contesto,
    archivio: &Archivio,
    sender: &mpsc::Sender<BloccoLetto>,
) -> anyhow::Result<Option<Letto>> {
    esamina(contesto, archivio.apri(), |blocco| {
        sender.blocking_send(blocco).is_ok()
    })
}

/// Judges all rows of an opened file, block by block, until `prendi` says no: then `None`.
pub fn esamina<R: Read>(
    contesto: &Contesto,
    apertura: Result<Apertura<R>, LettoreError>,
    mut prendi: impl FnMut(BloccoLetto) -> bool,
) -> anyhow::Result<Option<Letto>> {
    let mut letto = Letto::default();
    let mut righe = match apertura {
        Ok(Apertura::Righe(righe, avvisi)) => {
            letto.trovate.extend(avvisi);
            righe
        }
        Ok(Apertura::Vuoto) => return Ok(Some(letto)),
        Ok(Apertura::Ignoto { riga, errori }) => {
            let motivo = errori.first().map(|e| e.problema.clone());
            let motivo = motivo.unwrap_or_default();
            letto.illeggibile = Some(format!("Intestazione non valida: {motivo}."));
            letto.trovate.extend(errori.into_iter().map(|e| (riga, e)));
            return Ok(Some(letto));
        }
        Err(errore) => {
            letto.rotto(errore)?;
            return Ok(Some(letto));
        }
    };
    let nomi = righe.nomi();
    letto.formato = Some(nomi.formato());
    letto.colonne = i64::try_from(righe.larghezza())?;
    let mut blocchi = 0;
    loop {
        let (blocco, errore) = un_blocco(contesto, &nomi, &mut righe, (blocchi, &mut letto));
        let finito = blocco.is_none();
        if let Some(blocco) = blocco {
            letto.righe += blocco.blocco.righe;
            blocchi += 1;
            if !prendi(blocco) {
                return Ok(None);
            }
        }
        if let Some(errore) = errore {
            letto.rotto(errore)?;
            return Ok(Some(letto));
        }
        if finito {
            return Ok(Some(letto));
        }
    }
}

impl Letto {
    /// The file cannot be read on.
    fn rotto(&mut self, errore: LettoreError) -> anyhow::Result<()> {
        let mut rimedio =
            "Controlla le virgolette di quella riga: quelle dentro un testo vanno raddoppiate.";
        let riga = match &errore {
            LettoreError::Io(_) => return Err(errore.into()),
            LettoreError::Json { riga, .. } => {
                rimedio = "Controlla virgole, virgolette e parentesi prima di quel punto.";
                *riga
            }
            LettoreError::TroppoLungo { riga }
            | LettoreError::TroppiCampi { riga }
            | LettoreError::CellaTroppoLunga { riga, .. }
            | LettoreError::Virgolette { riga } => *riga,
        };
        self.illeggibile = Some(format!("Da qui in poi il file non si legge: {errore}."));
        self.trovate
            .push((riga, Segnalazione::riga(errore.to_string(), rimedio)));
        Ok(())
    }
}

/// The next rows; `None` at the end of the file. Rows before an error are not lost.
fn un_blocco<R: Read>(
    contesto: &Contesto,
    nomi: &Nomi,
    righe: &mut Righe<R>,
    (numero, letto): (i64, &mut Letto),
) -> (Option<BloccoLetto>, Option<LettoreError>) {
    let mut blocco: Option<BloccoLetto> = None;
    let mut chiavi = HashSet::with_capacity(BLOCCO);
    for posizione in 0..BLOCCO {
        match righe.avanza() {
            Ok(true) => {}
            Ok(false) => return (blocco, None),
            Err(errore) => return (blocco, Some(errore)),
        }
        let riga = righe.leggi(contesto.oggi);
        let colonne = i64::try_from(righe.larghezza()).unwrap_or(i64::MAX);
        letto.colonne = letto.colonne.max(colonne);
        let blocco = blocco.get_or_insert_with(|| nuovo(contesto.id, numero, &riga));
        let nuova = letto.doppioni.aggiungi(&riga.chiave, &mut chiavi);
        giudica(contesto, nomi, (posizione, riga, nuova), blocco);
    }
    (blocco, None)
}

fn nuovo(id: i64, numero: i64, prima: &RigaLetta) -> BloccoLetto {
    let qui = prima.posizione();
    let intero = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    BloccoLetto {
        blocco: BloccoRow {
            tracciato_id: id,
            numero,
            prima: prima.numero,
            righe: 0,
            inizio: intero(qui.inizio),
            linea: intero(qui.linea),
            ok: 0,
            ko: 0,
            json_esiti: None,
        },
        esiti: Vec::with_capacity(BLOCCO),
        trovate: vec![],
        valide: Vec::with_capacity(BLOCCO),
        richieste: Vec::with_capacity(BLOCCO),
        domini: vec![],
    }
}

/// Adds a row to its block. `nuova`: its key was in no earlier row of the block.
fn giudica(
    contesto: &Contesto,
    nomi: &Nomi,
    (posizione, riga, nuova): (usize, RigaLetta, bool),
    blocco: &mut BloccoLetto,
) {
    let RigaLetta {
        riga: linea,
        chiave,
        mut richiesta,
        mut segnalazioni,
        ..
    } = riga;
    segnalazioni.extend(anagrafica::verifica(
        (&contesto.tenant, contesto.operatore.as_ref()),
        &|colonna: Colonna| nomi.nome(colonna),
        &chiave,
        richiesta.as_mut(),
    ));
    let errori = segnalazioni.iter().any(Segnalazione::is_errore);
    let esito = (errori || richiesta.is_none()).then(|| EsitoRiga::non_valida(&segnalazioni));
    if !blocco.domini.contains(&chiave.id_dominio) && !chiave.id_dominio.is_empty() {
        blocco.domini.push(corto(&chiave.id_dominio));
    }
    if esito.is_none()
        && let Some(richiesta) = richiesta
    {
        if nuova {
            blocco.richieste.push((blocco.valide.len(), richiesta));
        }
        blocco.valide.push(Valida {
            posizione,
            riga: linea,
            cents: chiave.importo.map_or(0, domain::Importo::cents),
        });
    }
    blocco.esiti.push(esito);
    blocco.blocco.righe += 1;
    let trovate = segnalazioni.into_iter().map(|s| (linea, s));
    blocco.trovate.extend(trovate);
}

/// Hashes of the keys seen so far: eight bytes each, so that a file of a million rows stays small.
/// Equal hashes are only a suspicion, which [`doppioni`] looks into.
#[derive(Default)]
pub struct Doppioni {
    hash: Vec<u64>,
}

impl Doppioni {
    /// Remembers the keys of a row. `false`: one of them was in an earlier row of the same block.
    fn aggiungi(&mut self, chiave: &Chiave, blocco: &mut HashSet<u64>) -> bool {
        let mut nuova = true;
        for hash in hash_di(chiave).into_iter().flatten() {
            nuova &= blocco.insert(hash);
            self.hash.push(hash);
        }
        nuova
    }

    /// The hashes that appear more than once.
    pub fn ripetuti(mut self) -> HashSet<u64> {
        self.hash.sort_unstable();
        let coppie = self.hash.windows(2).filter(|c| c[0] == c[1]);
        coppie.map(|c| c[0]).collect()
    }
}

/// Of the pendenza, and of the numero avviso when there is one.
fn hash_di(chiave: &Chiave) -> [Option<u64>; 2] {
    let hash = |parti: [&str; 3]| {
        let mut hasher = DefaultHasher::new();
        parti.hash(&mut hasher);
        hasher.finish()
    };
    let piena = !chiave.id_a2a.is_empty() && !chiave.id_pendenza.is_empty();
    let pendenza = piena.then(|| hash(["pendenza", &chiave.id_a2a, &chiave.id_pendenza]));
    let numero = chiave.numero_avviso.as_ref();
    let avviso = numero.map(|n| hash(["avviso", &chiave.id_dominio, n.as_str()]));
    [pendenza, avviso]
}

/// A row whose key was in an earlier one.
pub struct Doppione {
    pub numero: i64,
    pub riga: u64,
    pub cents: i64,
    pub segnalazioni: Vec<Segnalazione>,
}

/// Reads the file once more for the rows that repeat an earlier one.
pub fn doppioni(
    archivio: &Archivio,
    sospetti: &HashSet<u64>,
    oggi: NaiveDate,
) -> anyhow::Result<Vec<Doppione>> {
    let mut prime = std::collections::HashMap::new();
    let mut trovati = vec![];
    let mut righe = archivio.righe()?;
    let nomi = righe.nomi();
    loop {
        match righe.avanza() {
            Ok(true) => {}
            // The rest is not read: that is told already.
            Ok(false) | Err(_) => return Ok(trovati),
        }
        let letta = righe.leggi(oggi);
        let [pendenza, avviso] = hash_di(&letta.chiave).map(|h| h.filter(|h| sospetti.contains(h)));
        let chiave = &letta.chiave;
        let mut segnalazioni = vec![];
        if pendenza.is_some() {
            let testo = ["P", &chiave.id_a2a, &chiave.id_pendenza].map(str::to_owned);
            if let Some(prima) = gia_vista(&mut prime, testo, letta.riga) {
                segnalazioni.push(ripetuta(&nomi, &letta, prima));
            }
        }
        if let (Some(_), Some(numero)) = (avviso, &chiave.numero_avviso) {
            let testo = ["A", &chiave.id_dominio, numero.as_str()].map(str::to_owned);
            if let Some(prima) = gia_vista(&mut prime, testo, letta.riga) {
                segnalazioni.push(avviso_ripetuto(&nomi, numero.as_str(), prima));
            }
        }
        if !segnalazioni.is_empty() {
            trovati.push(Doppione {
                numero: letta.numero,
                riga: letta.riga,
                cents: chiave.importo.map_or(0, domain::Importo::cents),
                segnalazioni,
            });
        }
    }
}

type Prime = std::collections::HashMap<[String; 3], u64>;

/// The line of the earlier row with the same key.
fn gia_vista(prime: &mut Prime, chiave: [String; 3], riga: u64) -> Option<u64> {
    use std::collections::hash_map::Entry;
    match prime.entry(chiave) {
        Entry::Occupied(prima) => Some(*prima.get()),
        Entry::Vacant(posto) => {
            posto.insert(riga);
            None
        }
    }
}

fn ripetuta(nomi: &Nomi, letta: &RigaLetta, prima: u64) -> Segnalazione {
    let riga = letta.riga;
    let cosa = format!("la pendenza è già alla riga {prima}");
    let rimedio = format!("Lascia una sola delle due righe ({prima} e {riga}).");
    errore(
        nomi,
        Colonna::ID_PENDENZA,
        &letta.chiave.id_pendenza,
        (cosa, rimedio),
    )
}

fn avviso_ripetuto(nomi: &Nomi, numero: &str, prima: u64) -> Segnalazione {
    let cosa = format!("il numero avviso è già alla riga {prima}");
    let rimedio = "Ogni pendenza ha il suo numero: correggi, oppure lascia vuoto.".to_owned();
    errore(nomi, Colonna::NUMERO_AVVISO, numero, (cosa, rimedio))
}

fn errore(
    nomi: &Nomi,
    colonna: Colonna,
    valore: &str,
    (cosa, rimedio): (String, String),
) -> Segnalazione {
    let gravita = domain::tracciato::Gravita::Errore;
    let mut errore = Segnalazione::cella(gravita, colonna, valore, cosa, rimedio);
    errore.colonna = nomi.nome(colonna);
    errore
}
