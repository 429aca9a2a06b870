//! A file looked at before it is saved: how it was understood, what it holds, what is wrong in it.

use domain::Importo;
use domain::tracciato::{Colonna, Gravita, Segnalazione};
use std::sync::Arc;

use crate::app::App;
use crate::csv::{Dialetto, LettoreError, Sorgente};
use crate::lavori::lettura_blocchi::{BLOCCO, BloccoLetto, Contesto, Letto, esamina};
use crate::lettura::{Apertura, Lettura};
use crate::operatore::Operatore;
use crate::righe::Archivio;

/// Rows that are judged at most: a look must not take minutes.
const RIGHE_MAX: i64 = 200_000;
/// Rows that are shown.
const PRIME: usize = 5;
/// Faults that are shown.
const ERRORI: usize = 20;

/// The fields that the first rows are shown with.
pub const CAMPI: [Colonna; 7] = [
    Colonna::ID_PENDENZA,
    Colonna::ID_DOMINIO,
    Colonna::ANAGRAFICA,
    Colonna::CAUSALE,
    Colonna::IMPORTO,
    Colonna::DATA_SCADENZA,
    Colonna::NUMERO_AVVISO,
];

/// What was found.
#[derive(Default)]
pub struct Anteprima {
    /// Name of the layout; `None`: it was not recognised.
    pub formato: Option<&'static str>,
    /// Names of the header; empty without one.
    pub testa: Vec<String>,
    /// Line and values of the first rows.
    pub prime: Vec<(u64, Vec<String>)>,
    pub righe: i64,
    pub valide: i64,
    /// Whether there are more rows than those judged.
    pub parziale: bool,
    pub n_errori: usize,
    pub avvisi: usize,
    /// Cents, of the valid rows.
    pub cents: i64,
    pub domini: Vec<String>,
    /// The first errors, with their lines.
    pub errori: Vec<(u64, Segnalazione)>,
    /// Keys that appear more than once.
    pub ripetute: usize,
    /// Why the file cannot be read, or not to its end.
    pub illeggibile: Option<String>,
}

impl Anteprima {
    pub fn importo(&self) -> Importo {
        Importo::from_cents(self.cents).unwrap_or_default()
    }

    fn aggiungi(&mut self, blocco: BloccoLetto) {
        self.righe += blocco.blocco.righe;
        self.valide += i64::try_from(blocco.valide.len()).unwrap_or_default();
        self.cents = self
            .cents
            .saturating_add(blocco.valide.iter().map(|v| v.cents).sum());
        for dominio in blocco.domini {
            if !self.domini.contains(&dominio) && self.domini.len() < 20 {
                self.domini.push(dominio);
            }
        }
        self.segnala(blocco.trovate);
    }

    fn segnala(&mut self, trovate: Vec<(u64, Segnalazione)>) {
        for (riga, trovata) in trovate {
            match trovata.gravita {
                Gravita::Avviso => self.avvisi += 1,
                Gravita::Errore => {
                    self.n_errori += 1;
                    if self.errori.len() < ERRORI {
                        self.errori.push((riga, trovata));
                    }
                }
            }
        }
    }

    fn concludi(&mut self, letto: Letto) {
        self.segnala(letto.trovate);
        self.illeggibile = letto.illeggibile;
        self.ripetute = letto.doppioni.ripetuti().len();
    }
}

/// Judges a stored file as the validation would, without the core and without keeping anything.
pub async fn guarda(
    app: &App,
    chi: &Operatore,
    contenuto_id: &str,
    (dialetto, lettura): (Dialetto, Lettura),
) -> anyhow::Result<Anteprima> {
    let contesto = Contesto {
        tenant: Arc::clone(&app.tenant),
        id: 0,
        operatore: Some(chi.clone()),
        oggi: domain::tempo::giorno(app.clock.now()),
    };
    let sorgente = Sorgente::new(&app.db, contenuto_id);
    let archivio = Archivio::di(sorgente, dialetto, lettura);
    tokio::task::spawn_blocking(move || giudica(&contesto, &archivio)).await?
}

fn giudica(contesto: &Contesto, archivio: &Archivio) -> anyhow::Result<Anteprima> {
    let mut anteprima = Anteprima::default();
    prime(&mut anteprima, archivio.apri())?;
    let blocchi_max = RIGHE_MAX / i64::try_from(BLOCCO)?;
    let mut blocchi = 0;
    let letto = esamina(contesto, archivio.apri(), |blocco| {
        anteprima.aggiungi(blocco);
        blocchi += 1;
        blocchi < blocchi_max
    })?;
    match letto {
        Some(letto) => anteprima.concludi(letto),
        None => anteprima.parziale = true,
    }
    Ok(anteprima)
}

fn prime(
    anteprima: &mut Anteprima,
    apertura: Result<Apertura<Sorgente>, LettoreError>,
) -> anyhow::Result<()> {
    let mut righe = match apertura {
        Ok(Apertura::Righe(righe, _)) => righe,
        Ok(Apertura::Vuoto | Apertura::Ignoto { .. }) => return Ok(()),
        Err(LettoreError::Io(error)) => return Err(error.into()),
        // Told by the judgement.
        Err(_) => return Ok(()),
    };
    let nomi = righe.nomi();
    anteprima.formato = Some(nomi.formato().name());
    anteprima.testa = nomi.testa().to_vec();
    while anteprima.prime.len() < PRIME && righe.avanza().unwrap_or(false) {
        let mut valori = righe.valori(&CAMPI);
        if valori.iter().all(String::is_empty) {
            valori = righe
                .campi()
                .iter()
                .take(CAMPI.len())
                .map(|c| (*c).to_owned())
                .collect();
        }
        anteprima.prime.push((righe.linea(), valori));
    }
    Ok(())
}
