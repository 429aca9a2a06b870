//! The validation: reads the whole file, reports every fault of every row, loads nothing.

use std::collections::BTreeMap;

use domain::tracciato::{Gravita, Segnalazione};
use futures_util::stream::{self, StreamExt as _};
use govpay_api::Fault;
use platform::service::Worked;
use tokio::sync::mpsc;

use super::lettura_blocchi::{BloccoLetto, Contesto, Doppione, Letto, doppioni, leggi};
use super::{Fine, con_rinnovo};
use crate::app::App;
use crate::core::parole;
use crate::righe::Archivio;
use crate::tracciato::{EsitoRiga, Lotto, NuovaSegnalazione, Politica, Tracciato, Validato};

/// Blocks stored in one transaction.
const LOTTO: usize = 10;
/// Faults stored in one transaction, about.
const SEGNALAZIONI: usize = 5000;
/// Blocks that wait to be taken from the reader.
const IN_CODA: usize = 2;
/// Blocks that the core looks at together.
const INSIEME: usize = 2;

/// One look of the timer: validates one tracciato, if one is waiting.
pub async fn step(app: &App) -> anyhow::Result<Worked> {
    let (real_now, until) = (platform::clock::real_now().naive_utc(), app.lease_until());
    let claimed = app
        .db
        .claim_validazione(app.worker.clone(), real_now, until, app.clock.now())
        .await?;
    let Some(tracciato) = claimed else {
        app.orari.riposa(&app.orari.validazione, app.timer);
        return Ok(Worked::Nothing);
    };
    let id = tracciato.id;
    match con_rinnovo(app, id, valida(app, tracciato)).await {
        Ok(Fine::Concluso | Fine::Perso) => Ok(Worked::Yes),
        Ok(Fine::Fermato) => {
            app.release_now(id).await?;
            Ok(Worked::Nothing)
        }
        Err(error) => {
            let nota =
                "La validazione si è interrotta per un problema interno: riprova da sola tra poco.";
            app.release_later(id, nota.to_owned()).await?;
            Err(error.context(format!("validazione del tracciato {id}")))
        }
    }
}

async fn valida(app: &App, tracciato: Tracciato) -> anyhow::Result<Fine> {
    let id = tracciato.id;
    if !app.db.reset(id, app.worker.clone()).await? {
        return Ok(Fine::Perso);
    }
    let contesto = Contesto::new(app, app.operatori.find(&tracciato.operatore), id);
    let archivio = Archivio::new(app, &tracciato)?;
    let (sender, receiver) = mpsc::channel(IN_CODA);
    let span = tracing::Span::current();
    let lettura = tokio::task::spawn_blocking({
        let contesto = contesto.clone();
        move || {
            let _entered = span.enter();
            let letto = leggi(&contesto, &archivio, &sender)?;
            anyhow::Ok((letto, archivio))
        }
    });
    let mut raccolta = Raccolta::new(app, id);
    if !raccolta.raccogli(receiver).await? {
        return Ok(raccolta.interrotta());
    }
    let (Some(letto), archivio) = lettura.await?? else {
        return Ok(raccolta.interrotta());
    };
    let validato = match concludi(&mut raccolta, letto, archivio, &contesto).await? {
        Some(letto) => raccolta.giudizio(letto, tracciato.politica(), tracciato.is_backoffice()),
        None => return Ok(raccolta.interrotta()),
    };
    let (worker, now) = (app.worker.clone(), app.clock.now());
    let done = app
        .db
        .concludi_validazione(id, worker, validato, now)
        .await?;
    Ok(if done { Fine::Concluso } else { Fine::Perso })
}

/// Adds what is known only at the end of the file. `None`: stop here.
async fn concludi(
    raccolta: &mut Raccolta,
    mut letto: Letto,
    archivio: Archivio,
    contesto: &Contesto,
) -> anyhow::Result<Option<Letto>> {
    for (riga, trovata) in std::mem::take(&mut letto.trovate) {
        raccolta.segnala(riga, trovata);
    }
    if !raccolta.scarica().await? {
        return Ok(None);
    }
    let sospetti = std::mem::take(&mut letto.doppioni).ripetuti();
    if sospetti.is_empty() {
        return Ok(Some(letto));
    }
    let oggi = contesto.oggi;
    let trovati = tokio::task::spawn_blocking(move || doppioni(&archivio, &sospetti, oggi));
    let fatto = raccolta.correggi(trovati.await??).await?;
    Ok(fatto.then_some(letto))
}

/// What the validation has found so far, on its way to the store.
struct Raccolta {
    app: App,
    id: i64,
    lotto: Lotto,
    domini: Vec<String>,
    valide: i64,
    avvisi: i64,
    cents: i64,
    /// Said once, not for each block.
    senza_core: bool,
}

impl Raccolta {
    fn new(app: &App, id: i64) -> Self {
        Self {
            app: app.clone(),
            id,
            lotto: Lotto::default(),
            domini: vec![],
            valide: 0,
            avvisi: 0,
            cents: 0,
            senza_core: false,
        }
    }

    /// Why the work ended before its end.
    fn interrotta(&self) -> Fine {
        if self.app.stop.is_cancelled() {
            Fine::Fermato
        } else {
            Fine::Perso
        }
    }

    /// Takes the blocks in order, each after the core has looked at it. `false`: stop here.
    async fn raccogli(&mut self, receiver: mpsc::Receiver<BloccoLetto>) -> anyhow::Result<bool> {
        let app = self.app.clone();
        let letti = stream::unfold(receiver, |mut receiver| async {
            receiver.recv().await.map(|blocco| (blocco, receiver))
        });
        let mut provati = std::pin::pin!(
            letti
                .map(|blocco| prova(app.clone(), blocco))
                .buffered(INSIEME)
        );
        while let Some(provato) = provati.next().await {
            self.aggiungi(provato)?;
            let pieno =
                self.lotto.blocchi.len() >= LOTTO || self.lotto.segnalazioni.len() >= SEGNALAZIONI;
            if pieno && !self.scarica().await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn aggiungi(&mut self, (letto, rifiuti): Provato) -> anyhow::Result<()> {
        let BloccoLetto {
            blocco,
            mut esiti,
            trovate,
            valide,
            domini,
            ..
        } = letto;
        for (riga, trovata) in trovate {
            self.segnala(riga, trovata);
        }
        let rifiuti = match rifiuti {
            Ok(rifiuti) => rifiuti,
            Err(motivo) => {
                self.senza_core(blocco.linea, &motivo);
                vec![]
            }
        };
        for (posizione, riga, fault) in rifiuti {
            let trovata = rifiutata(&fault);
            if let Some(esito) = esiti.get_mut(posizione) {
                *esito = Some(EsitoRiga::non_valida(std::slice::from_ref(&trovata)));
            }
            self.segnala(riga, trovata);
        }
        self.valide += i64::try_from(esiti.iter().filter(|e| e.is_none()).count())?;
        let buone = valide.iter().filter(|v| esiti[v.posizione].is_none());
        self.cents += buone.map(|v| v.cents).sum::<i64>();
        for dominio in domini {
            // A file of nonsense must not fill the memory with invented bodies.
            if !self.domini.contains(&dominio) && self.domini.len() < 1000 {
                self.domini.push(dominio.clone());
                self.lotto.domini.push(dominio);
            }
        }
        self.lotto.blocchi.push(blocco.con_esiti(&esiti)?);
        Ok(())
    }

    /// The core could not be asked: the rows are judged when they are loaded.
    fn senza_core(&mut self, riga: i64, motivo: &str) {
        if std::mem::replace(&mut self.senza_core, true) {
            return;
        }
        let mut avviso = Segnalazione::riga(
            format!(
                "da questa riga non è stato possibile confrontare il file con le pendenze già caricate: {motivo}"
            ),
            "Il confronto si fa al caricamento: le righe che non vanno saranno segnalate allora.",
        );
        avviso.gravita = Gravita::Avviso;
        self.segnala(u64::try_from(riga).unwrap_or_default(), avviso);
    }

    fn segnala(&mut self, riga: u64, trovata: Segnalazione) {
        let riga = i64::try_from(riga).unwrap_or(i64::MAX);
        let nuova = NuovaSegnalazione::new(self.id, riga, trovata);
        self.avvisi += i64::from(!nuova.is_errore());
        self.lotto.segnalazioni.push(nuova);
    }

    /// Stores what was collected. `false`: stop here.
    async fn scarica(&mut self) -> anyhow::Result<bool> {
        if self.app.stop.is_cancelled() {
            return Ok(false);
        }
        let lotto = std::mem::take(&mut self.lotto);
        let (worker, until) = (self.app.worker.clone(), self.app.lease_until());
        Ok(self
            .app
            .db
            .insert_lotto(self.id, worker, lotto, until)
            .await?)
    }

    /// Rows that repeat an earlier one are not valid. `false`: stop here.
    async fn correggi(&mut self, trovati: Vec<Doppione>) -> anyhow::Result<bool> {
        let mut per_blocco: BTreeMap<i64, (crate::tracciato::BloccoRow, Vec<Option<EsitoRiga>>)> =
            BTreeMap::new();
        for doppione in trovati {
            let page = self.app.db.blocchi_da(self.id, doppione.numero, 1).await?;
            let Some(blocco) = page.into_iter().next() else {
                continue;
            };
            let numero = blocco.numero;
            if let std::collections::btree_map::Entry::Vacant(posto) = per_blocco.entry(numero) {
                let esiti = blocco.esiti()?;
                posto.insert((blocco, esiti));
            }
            if let Some((blocco, esiti)) = per_blocco.get_mut(&numero)
                && let Some(esito) = esiti.get_mut(usize::try_from(doppione.numero - blocco.prima)?)
                && esito.is_none()
            {
                *esito = Some(EsitoRiga::non_valida(&doppione.segnalazioni));
                self.valide -= 1;
                self.cents -= doppione.cents;
            }
            for trovata in doppione.segnalazioni {
                self.segnala(doppione.riga, trovata);
            }
        }
        for (blocco, esiti) in per_blocco.into_values() {
            self.lotto.blocchi.push(blocco.con_esiti(&esiti)?);
        }
        let lotto = std::mem::take(&mut self.lotto);
        let (worker, until) = (self.app.worker.clone(), self.app.lease_until());
        Ok(self.app.db.correggi(self.id, worker, lotto, until).await?)
    }

    /// Whether the file is valid, and what people are told of it.
    fn giudizio(&self, letto: Letto, politica: Politica, backoffice: bool) -> Validato {
        let errate = letto.righe - self.valide;
        // GovPay ends a file that has a header and nothing else as done, with no operations.
        let vuoto = letto.righe == 0 && !(backoffice && letto.formato.is_some());
        let motivo = if letto.illeggibile.is_some() {
            letto.illeggibile
        } else if vuoto {
            Some("Il file non contiene righe: aggiungine almeno una.".to_owned())
        } else if errate > 0 && politica == Politica::TuttoONiente {
            Some(format!(
                "Righe con errori: {errate} su {}. Nessuna pendenza è stata caricata.",
                letto.righe
            ))
        } else {
            None
        };
        Validato {
            formato: letto.formato,
            colonne: letto.colonne,
            righe: letto.righe,
            righe_valide: self.valide,
            avvisi: self.avvisi,
            importo_totale: self.cents,
            valido: motivo.is_none(),
            motivo,
        }
    }
}

/// A block with what the core would refuse of it (position, line, reason), or why it could not be
/// asked.
type Provato = (BloccoLetto, Result<Vec<(usize, u64, Fault)>, String>);

async fn prova(app: App, mut letto: BloccoLetto) -> Provato {
    let (posti, richieste): (Vec<usize>, Vec<_>) =
        std::mem::take(&mut letto.richieste).into_iter().unzip();
    let rifiuti = match app.core.prova(richieste).await {
        Ok(rifiuti) => rifiuti,
        Err(error) => return (letto, Err(error.to_string())),
    };
    let con_posto = rifiuti.into_iter().filter_map(|(i, fault)| {
        let valida = letto.valide.get(*posti.get(i)?)?;
        Some((valida.posizione, valida.riga, fault))
    });
    let rifiuti = con_posto.collect();
    (letto, Ok(rifiuti))
}

/// A refusal of the core as a fault of the row.
fn rifiutata(fault: &Fault) -> Segnalazione {
    Segnalazione::riga(
        parole(fault),
        "La pendenza com'è adesso nell'archivio non lo consente: correggi o togli la riga.",
    )
}
