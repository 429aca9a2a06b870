//! Notifications on their way to the software of the bodies. Each applicazione has a few tasks of its
//! own, each with one notification in flight: one that is slow or down keeps nobody else waiting.
//!
//! A notification that was sent and not settled, because the process ended in between, is taken again
//! when its lease ends: it leaves at least once, always with the same id.

use std::collections::HashMap;
use std::time::Duration;

use chrono::TimeDelta;
use futures_util::future::join_all;
use platform::clock::real_now;
use platform::{StoreError, StoreResult};
use tokio::task::{Id, JoinSet};
use tokio_util::sync::CancellationToken;

use super::connettore::{self, Connettore};
use super::corpo::corpo;
use super::{Chiamata, EnteError};
use crate::invio::Pagamenti;
use crate::nodo::Oggetto;
use crate::notifica::{NotificaRow, Spedizione, giudica};

/// Notifications to one applicazione in flight at once.
const INSIEME: usize = 4;
/// Notifications to all of them in flight at once.
const TUTTE_INSIEME: usize = 1024;
/// What a lease lasts beyond the longest call.
const MARGINE: TimeDelta = TimeDelta::seconds(5);
/// How long a task rests after the store failed it.
const RIPOSO: Duration = Duration::from_secs(1);

impl Pagamenti {
    /// Sends what is due until `stop`; looks every `period`, and when it is woken
    /// ([`Ente::sveglia`](super::Ente::sveglia)). What is in flight at the end is sent again.
    pub async fn spedisci(self, period: Duration, stop: CancellationToken) -> anyhow::Result<()> {
        let mut busy: HashMap<Id, String> = HashMap::new();
        let mut tasks = JoinSet::new();
        loop {
            match self.dovute().await {
                Ok(dovute) => {
                    for id_a2a in dovute {
                        let own = busy.values().filter(|id| **id == id_a2a).count();
                        if own < INSIEME && busy.len() < TUTTE_INSIEME {
                            let task = tasks.spawn(self.clone().lavora(id_a2a.clone()));
                            busy.insert(task.id(), id_a2a);
                        }
                    }
                }
                Err(error) => tracing::error!(%error, "notifications not looked for"),
            }
            tokio::select! {
                () = stop.cancelled() => return Ok(()),
                Some(done) = tasks.join_next_with_id() => {
                    let id = match done {
                        Ok((id, ())) => id,
                        Err(error) => {
                            tracing::error!(%error, "a notification broke its task");
                            error.id()
                        }
                    };
                    busy.remove(&id);
                }
                () = self.ente.svegliata() => {}
                () = tokio::time::sleep(period) => {}
            }
        }
    }

    async fn lavora(self, id_a2a: String) {
        if let Err(error) = self.spedisci_a(&id_a2a).await {
            let error = format!("{error:#}");
            tracing::error!(error, id_a2a, "notifications not sent");
            tokio::time::sleep(RIPOSO).await;
        }
    }

    async fn dovute(&self) -> StoreResult<Vec<String>> {
        self.db.notifiche_dovute(self.now(), real_now()).await
    }

    /// Sends all that is due now and that nobody is sending; how many.
    pub async fn spedisci_dovute(&self) -> StoreResult<usize> {
        let dovute = self.dovute().await?;
        let sent = join_all(dovute.iter().map(|id_a2a| self.spedisci_a(id_a2a))).await;
        sent.into_iter().sum()
    }

    /// Tells an applicazione what is due, one after the other, until there is nothing left; how many.
    async fn spedisci_a(&self, id_a2a: &str) -> StoreResult<usize> {
        let mut taken = 0;
        loop {
            let connettore = self.connettore(id_a2a).await?;
            let times = connettore.as_ref().map(|c| c.connessione() + c.notifica());
            let longest = TimeDelta::from_std(times.unwrap_or_default()).unwrap_or_default();
            let lease = longest + MARGINE;
            let claim = self
                .db
                .claim_notifica(id_a2a.to_owned(), lease, self.now(), real_now());
            let Some(row) = claim.await? else {
                return Ok(taken);
            };
            taken += 1;
            // There may be more, and room for them.
            self.ente.sveglia();
            self.una(connettore.as_ref(), row).await?;
        }
    }

    async fn connettore(&self, id_a2a: &str) -> StoreResult<Option<Connettore>> {
        let row = self.db.find_applicazione_a2a(id_a2a.to_owned()).await?;
        match row {
            Some(row) => connettore::del_dettaglio(&row.dettaglio),
            None => Ok(None),
        }
    }

    /// Sends one and settles it.
    async fn una(&self, connettore: Option<&Connettore>, row: NotificaRow) -> StoreResult<()> {
        let esito = match connettore {
            None => Spedizione::Annullata(connettore::ASSENTE.to_owned()),
            Some(connettore) => match self.consegna(connettore, &row).await {
                Err(StoreError::Corrupt(text)) => {
                    tracing::error!(text, id = row.id, "notification that cannot be written");
                    Spedizione::Impossibile(format!("non si può comporre: {text}"))
                }
                esito => esito?,
            },
        };
        if let Spedizione::Rifiutata(motivo) = &esito {
            let (id, id_a2a) = (row.id, &row.id_a2a);
            tracing::warn!(id, id_a2a, motivo, "notification refused for good");
        }
        self.db.esito_notifica(row, esito, self.now()).await
    }

    async fn consegna(
        &self,
        connettore: &Connettore,
        row: &NotificaRow,
    ) -> StoreResult<Spedizione> {
        let tentativo = self.db.tentativo_intero(row.rpt).await?;
        let rpt = &tentativo.intera.rpt;
        if let Some(motivo) = connettore.impedimento(row.tipo()?, rpt.esito()?) {
            return Ok(Spedizione::Annullata(motivo.to_owned()));
        }
        let corpo = corpo(connettore.versione(), row, &tentativo, self.now())?;
        let segmenti: Vec<&str> = corpo.segmenti.iter().map(String::as_str).collect();
        let chiamata = Chiamata {
            tipo: corpo.tipo,
            metodo: corpo.metodo,
            segmenti: &segmenti,
            query: corpo.query,
            corpo: Some(corpo.testo),
            id_evento: Some(&row.evento),
            oggetto: Oggetto {
                ccp: Some(row.ccp.clone()),
                ..Oggetto::from(rpt)
            },
            id_a2a: &row.id_a2a,
            id_pendenza: Some(&tentativo.intera.pendenza.pendenza.row.id_pendenza),
            timeout: connettore.notifica(),
        };
        let answer = self.ente.chiama(connettore, chiamata, |_| Ok(())).await;
        Ok(match answer {
            Ok(()) => Spedizione::Presa,
            Err(EnteError::Stato {
                status,
                testo,
                dopo,
            }) => giudica(status, testo, dopo),
            Err(error) => Spedizione::Fallita {
                motivo: error.to_string(),
                dopo: None,
            },
        })
    }
}
