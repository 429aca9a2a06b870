//! The loading: gives each valid row to the core and keeps what became of it.

use std::collections::HashSet;

use chrono::NaiveDate;
use domain::tracciato::{Layout, Riga};
use futures_util::{StreamExt as _, stream};
use platform::service::Worked;
use tokio::sync::mpsc;

use super::{Fine, con_rinnovo};
use crate::app::App;
use crate::core::NonDisponibile;
use crate::csv::{Sorgente, apri};
use crate::tracciato::{EsitoRiga, Tracciato};

/// Rows with the core at the same time.
const INSIEME: usize = 8;
/// Outcomes stored in one transaction.
const LOTTO: usize = 100;

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
    let id = tracciato.id;
    let first = app.db.da_caricare(id, 1).await?.first().copied();
    let mut rows = leggi(app, tracciato, first.unwrap_or(i64::MAX));
    loop {
        let numeri = app.db.da_caricare(id, i64::try_from(LOTTO)?).await?;
        if numeri.is_empty() {
            let now = app.clock.now();
            let done = app
                .db
                .concludi_caricamento(id, app.worker.clone(), now)
                .await?;
            return Ok(if done { Fine::Concluso } else { Fine::Perso });
        }
        let righe = prendi(&mut rows, &numeri).await?;
        let (esiti, problema) = elabora(app, tracciato, righe).await;
        let (worker, until) = (app.worker.clone(), app.lease_until());
        // What the core has done is kept, whatever happened to the rows after.
        if !app.db.registra_esiti(id, worker, esiti, until).await? {
            return Ok(Fine::Perso);
        }
        if let Some(problema) = problema {
            return Err(problema.into());
        }
        if app.stop.is_cancelled() {
            return Ok(Fine::Fermato);
        }
    }
}

/// A row of the file: its number and what it asks for, or why it cannot be read.
type Lettura = anyhow::Result<(i64, Option<Riga>)>;

/// Reads the file on a thread of its own, from the row with the number `first` on.
fn leggi(app: &App, tracciato: &Tracciato, first: i64) -> mpsc::Receiver<Lettura> {
    let (sender, receiver) = mpsc::channel(LOTTO);
    let sorgente = Sorgente::new(&app.db, &tracciato.contenuto_id);
    let oggi = domain::tempo::giorno(app.clock.now());
    let tracciato = tracciato.clone();
    tokio::task::spawn_blocking(move || {
        if let Err(error) = invia(&tracciato, sorgente, (first, oggi), &sender) {
            // Fails when nobody listens any more.
            let _ = sender.blocking_send(Err(error));
        }
    });
    receiver
}

fn invia(
    tracciato: &Tracciato,
    sorgente: Sorgente,
    (first, oggi): (i64, NaiveDate),
    sender: &mpsc::Sender<Lettura>,
) -> anyhow::Result<()> {
    let mut lettore = apri(tracciato, sorgente)?;
    let mut layout: Option<Layout> = None;
    let mut numero = 0;
    while let Some(letto) = lettore.next_record()? {
        if crate::csv::commento(layout.as_ref(), &letto) {
            continue;
        }
        let layout = match &mut layout {
            Some(layout) => layout,
            none => {
                let (primo, _) = Layout::riconosci(&letto.campi)
                    .map_err(|_| anyhow::anyhow!("il file valido non si riconosce più"))?;
                let intestazione = primo.intestazione;
                let layout = none.insert(primo);
                if intestazione {
                    continue;
                }
                layout
            }
        };
        numero += 1;
        if numero < first {
            continue;
        }
        let riga = layout.leggi(&letto.campi, oggi).riga;
        if sender.blocking_send(Ok((numero, riga))).is_err() {
            break; // the loading has stopped
        }
    }
    Ok(())
}

/// The rows with these numbers, which come in order.
async fn prendi(
    rows: &mut mpsc::Receiver<Lettura>,
    numeri: &[i64],
) -> anyhow::Result<Vec<(i64, Option<Riga>)>> {
    let wanted: HashSet<i64> = numeri.iter().copied().collect();
    let mut found = Vec::with_capacity(numeri.len());
    while found.len() < numeri.len() {
        let row = rows.recv().await;
        let (numero, riga) =
            row.ok_or_else(|| anyhow::anyhow!("il file ha meno righe di quelle validate"))??;
        if wanted.contains(&numero) {
            found.push((numero, riga));
        }
    }
    Ok(found)
}

/// Gives the rows to the core. When it does not answer: the outcomes so far, and why.
async fn elabora(
    app: &App,
    tracciato: &Tracciato,
    righe: Vec<(i64, Option<Riga>)>,
) -> (Vec<EsitoRiga>, Option<NonDisponibile>) {
    let operatore = app.operatori.find(&tracciato.operatore);
    let mut calls = stream::iter(righe)
        .map(|(numero, riga)| async move {
            match riga {
                Some(riga) => app.core.elabora(numero, &riga, operatore).await,
                // It was valid: a rule has changed since, with a new version of the program.
                None => Ok(EsitoRiga {
                    numero,
                    esito: "ADD_KO".to_owned(),
                    errore: Some("la riga non è più valida: ricarica il file".to_owned()),
                    iuv: None,
                    numero_avviso: None,
                    qrcode: None,
                    barcode: None,
                }),
            }
        })
        .buffer_unordered(INSIEME);
    let mut esiti = Vec::new();
    loop {
        let next = tokio::select! {
            next = calls.next() => next,
            // The calls under way are dropped: the rows are given again, which changes nothing.
            () = app.stop.cancelled() => return (esiti, None),
        };
        match next {
            None => return (esiti, None),
            Some(Ok(esito)) => esiti.push(esito),
            Some(Err(problema)) => return (esiti, Some(problema)),
        }
    }
}
