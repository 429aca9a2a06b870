//! The loading: gives each valid row to the core, block by block, and keeps what became of it.

use chrono::NaiveDate;
use futures_util::stream::{self, StreamExt as _};
use platform::service::Worked;
use tokio::runtime::Handle;
use tokio::sync::mpsc;

use super::{Fine, con_rinnovo};
use crate::anagrafica;
use crate::app::App;
use crate::core::{NonDisponibile, Richiesta};
use crate::csv::Sorgente;
use crate::lettura::{RigaLetta, Righe};
use crate::operatore::Operatore;
use crate::righe::Archivio;
use crate::tracciato::{BloccoRow, EsitoRiga, Tracciato};

/// Blocks with the core at the same time.
const INSIEME: usize = 2;
/// Blocks found together in the store.
const PAGINA: i64 = 50;

/// One look of the timer: loads one tracciato, if one is waiting.
pub async fn step(app: &App) -> anyhow::Result<Worked> {
    let (real_now, until) = (platform::clock::real_now().naive_utc(), app.lease_until());
    let claimed = app
        .db
        .claim_caricamento(app.worker.clone(), real_now, until, app.clock.now())
        .await?;
    let Some(tracciato) = claimed else {
        app.orari.riposa(&app.orari.caricamento, app.timer);
        return Ok(Worked::Nothing);
    };
    let id = tracciato.id;
    match con_rinnovo(app, id, carica(app, &tracciato)).await {
        Ok(Fine::Concluso | Fine::Perso) => Ok(Worked::Yes),
        Ok(Fine::Fermato) => {
            app.release_now(id).await?;
            Ok(Worked::Nothing)
        }
        Err(error) => match error.downcast::<NonDisponibile>() {
            Ok(core) => {
                tracing::warn!(id, error = %core, "the core is not available: the tracciato waits");
                let nota = format!("In attesa di govpay-core: {core}. Riprova da solo tra poco.");
                app.release_later(id, nota).await?;
                Ok(Worked::Yes)
            }
            Err(error) => {
                let nota = "Il caricamento si è interrotto per un problema interno: riprova da solo tra poco.";
                app.release_later(id, nota.to_owned()).await?;
                Err(error.context(format!("caricamento del tracciato {id}")))
            }
        },
    }
}

async fn carica(app: &App, tracciato: &Tracciato) -> anyhow::Result<Fine> {
    let blocchi = leggi(app, tracciato)?;
    let operatore = app.operatori.find(&tracciato.operatore);
    let mut fatti = std::pin::pin!(
        blocchi
            .map(|letto| async move {
                match letto {
                    Ok(letto) => uno(app, operatore, letto).await,
                    Err(error) => Err(error),
                }
            })
            .buffered(INSIEME)
    );
    loop {
        let next = tokio::select! {
            next = fatti.next() => next,
            // The calls under way are dropped: their rows are given again, which changes nothing.
            () = app.stop.cancelled() => return Ok(Fine::Fermato),
        };
        match next {
            Some(tenuto) => {
                if !tenuto? {
                    return Ok(Fine::Perso);
                }
            }
            None => break,
        }
    }
    let (worker, now) = (app.worker.clone(), app.clock.now());
    let done = app
        .db
        .concludi_caricamento(tracciato.id, worker, now)
        .await?;
    Ok(if done { Fine::Concluso } else { Fine::Perso })
}

/// A block with rows to give to the core.
struct DaCaricare {
    blocco: BloccoRow,
    esiti: Vec<Option<EsitoRiga>>,
    /// Position in the block of each request.
    posizioni: Vec<usize>,
    richieste: Vec<Richiesta>,
}

/// Gives a block to the core and keeps what became of it. `false`: the claim was lost.
async fn uno(
    app: &App,
    operatore: Option<&Operatore>,
    da_caricare: DaCaricare,
) -> anyhow::Result<bool> {
    let DaCaricare {
        blocco,
        mut esiti,
        posizioni,
        richieste,
    } = da_caricare;
    let nuovi = app.core.carica(richieste, operatore).await?;
    anyhow::ensure!(
        nuovi.len() == posizioni.len(),
        "govpay-core ha risposto con {} esiti per {} righe",
        nuovi.len(),
        posizioni.len()
    );
    for (posizione, esito) in posizioni.into_iter().zip(nuovi) {
        esiti[posizione] = Some(esito);
    }
    let dopo = blocco.clone().con_esiti(&esiti)?;
    let (worker, until) = (app.worker.clone(), app.lease_until());
    Ok(app.db.registra(worker, blocco, dopo, until).await?)
}

type Lettura = anyhow::Result<DaCaricare>;

/// Reads on a thread of its own the blocks that have rows without an outcome.
fn leggi(
    app: &App,
    tracciato: &Tracciato,
) -> anyhow::Result<impl futures_util::Stream<Item = Lettura> + use<>> {
    let (sender, receiver) = mpsc::channel(1);
    let lettore = LettoreBlocchi {
        app: app.clone(),
        id: tracciato.id,
        operatore: app.operatori.find(&tracciato.operatore).cloned(),
        archivio: Archivio::new(app, tracciato)?,
        oggi: domain::tempo::giorno(app.clock.now()),
        runtime: Handle::current(),
        aperte: None,
    };
    let span = tracing::Span::current();
    tokio::task::spawn_blocking(move || {
        let _entered = span.enter();
        if let Err(error) = lettore.run(&sender) {
            // Fails when nobody listens any more.
            let _ = sender.blocking_send(Err(error));
        }
    });
    Ok(stream::unfold(receiver, |mut receiver| async {
        receiver.recv().await.map(|letto| (letto, receiver))
    }))
}

struct LettoreBlocchi {
    app: App,
    id: i64,
    operatore: Option<Operatore>,
    archivio: Archivio,
    oggi: NaiveDate,
    runtime: Handle,
    aperte: Option<Righe<Sorgente>>,
}

impl LettoreBlocchi {
    fn run(mut self, sender: &mpsc::Sender<Lettura>) -> anyhow::Result<()> {
        let mut dal = 0;
        loop {
            let page = self.app.db.da_caricare(self.id, dal, PAGINA);
            let page = self.runtime.block_on(page)?;
            let Some(ultimo) = page.last() else {
                return Ok(());
            };
            dal = ultimo.numero + 1;
            for blocco in page {
                let letto = self.blocco(blocco)?;
                if sender.blocking_send(Ok(letto)).is_err() {
                    return Ok(()); // the loading has stopped
                }
            }
        }
    }

    fn blocco(&mut self, blocco: BloccoRow) -> anyhow::Result<DaCaricare> {
        let righe = match self.aperte.take() {
            // The one before was read to its end.
            Some(righe) if righe.numero() == blocco.prima - 1 => self.aperte.insert(righe),
            _ => self.aperte.insert(self.archivio.righe_da(&blocco)?),
        };
        let nomi = righe.nomi();
        let mut esiti = blocco.esiti()?;
        let mut posizioni = Vec::with_capacity(esiti.len());
        let mut richieste = Vec::with_capacity(esiti.len());
        for (posizione, esito) in esiti.iter_mut().enumerate() {
            anyhow::ensure!(righe.avanza()?, "il file ha meno righe di quelle validate");
            if esito.is_some() {
                continue;
            }
            let riga = righe.leggi(self.oggi);
            let nome = |colonna| nomi.nome(colonna);
            match richiesta(&self.app, self.operatore.as_ref(), &nome, riga) {
                Ok(richiesta) => {
                    posizioni.push(posizione);
                    richieste.push(richiesta);
                }
                Err(non_valida) => *esito = Some(non_valida),
            }
        }
        Ok(DaCaricare {
            blocco,
            esiti,
            posizioni,
            richieste,
        })
    }
}

/// What a row asks for. It was valid: when it is no more, a rule or the anagrafica has changed since.
fn richiesta(
    app: &App,
    operatore: Option<&Operatore>,
    nome: &dyn Fn(domain::tracciato::Colonna) -> String,
    riga: RigaLetta,
) -> Result<Richiesta, EsitoRiga> {
    let RigaLetta {
        chiave,
        mut richiesta,
        mut segnalazioni,
        ..
    } = riga;
    segnalazioni.extend(anagrafica::verifica(
        (&app.tenant, operatore),
        nome,
        &chiave,
        richiesta.as_mut(),
    ));
    let errori = segnalazioni.iter().any(|s| s.is_errore());
    richiesta
        .filter(|_| !errori)
        .ok_or_else(|| EsitoRiga::non_valida(&segnalazioni))
}
