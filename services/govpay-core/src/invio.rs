//! RPTs on their way to the Node: sent, sent again, looked for when nobody knows what became of them.

use chrono::{DateTime, TimeDelta, Utc};
use domain::StatoRpt;
use pagopa::{Esito, FaultBean};
use platform::service::Worked;
use platform::{Clock, Peers, StoreResult};

use crate::db::Db;
use crate::ente::Ente;
use crate::giornale::Giornale;
use crate::nodo::{Nodo, NodoError, errore_carrello};
use crate::ricevuta::{Documento, RtInArrivo};
use crate::tentativo::{Acquisizione, EsitoInvio, RptRow, Sessione};

/// How long one sender keeps an attempt: longer than the Node may take to answer.
const LEASE: TimeDelta = TimeDelta::seconds(45);

/// What payments are made with.
#[derive(Clone)]
pub struct Pagamenti {
    pub db: Db,
    pub clock: Clock,
    pub nodo: Nodo,
    pub ente: Ente,
    pub giornale: Giornale,
    /// The core as browsers reach it.
    pub public_url: String,
}

/// What to do with an RPT that the Node does not know.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Sconosciuta {
    /// The citizen waits: send it again.
    Reinvia,
    /// Nobody waits any more: the attempt is over, the pendenza is free.
    Chiudi,
}

/// Seconds to the next try after so many: 5, 10, 20 … at most five minutes.
fn backoff(attempts: i32) -> TimeDelta {
    let doublings = u32::try_from(attempts.clamp(1, 7) - 1).unwrap_or(0);
    TimeDelta::seconds((5 * (1 << doublings)).min(300))
}

/// Where our Node listens, under the address of psp-sim.
const NODO_PATH: &str = "/nodo-auth/nodo-per-pa/v1";

impl Pagamenti {
    pub fn new(db: Db, clock: Clock, peers: &Peers) -> anyhow::Result<Self> {
        let giornale = Giornale::new(db.clone(), clock.clone());
        let url = format!("{}{NODO_PATH}", peers.psp.internal);
        let nodo = Nodo::new(url, giornale.clone(), clock.clone())?;
        let ente = Ente::new(giornale.clone(), clock.clone());
        let public_url = peers.core.public.clone();
        Ok(Self {
            db,
            clock,
            nodo,
            ente,
            giornale,
            public_url,
        })
    }

    /// Sends the RPTs of a session and stores what came of it.
    pub async fn invia(&self, sessione: &Sessione) -> StoreResult<Sessione> {
        let esito = match sessione.tentativi.as_slice() {
            [row] => self.invia_una(sessione, row).await,
            rows => self.invia_carrello(sessione, rows).await,
        };
        let id = sessione.pagamento.id.clone();
        let sessione = self.db.esito_invio(id, esito, self.clock.now()).await;
        self.ente.sveglia();
        sessione
    }

    async fn invia_una(&self, sessione: &Sessione, row: &RptRow) -> EsitoInvio {
        match self.nodo.invia_rpt(&sessione.stazione, row).await {
            Err(error) => self.incerta(row, &error),
            Ok(answer) => match (answer.fault, answer.esito) {
                (None, Esito::Ok) => EsitoInvio::Accettata {
                    url: answer.url.filter(|u| !u.is_empty()),
                },
                (Some(fault), _) if fault.fault_code == "PPT_RPT_DUPLICATA" => {
                    self.chiedi(sessione, row, Sconosciuta::Chiudi).await
                }
                (fault, _) => rifiutata(fault),
            },
        }
    }

    async fn invia_carrello(&self, sessione: &Sessione, rows: &[RptRow]) -> EsitoInvio {
        let Some(first) = rows.first() else {
            return rifiutata(None);
        };
        let id = &sessione.pagamento.id;
        match self.nodo.invia_carrello(&sessione.stazione, id, rows).await {
            Err(error) => self.incerta(first, &error),
            Ok(answer) => match (
                errore_carrello(&answer),
                answer.esito_complessivo_operazione,
            ) {
                (None, Esito::Ok) => EsitoInvio::Accettata {
                    url: answer.url.filter(|u| !u.is_empty()),
                },
                (Some(fault), _) if fault.fault_code == "PPT_ID_CARRELLO_DUPLICATO" => {
                    self.chiedi(sessione, first, Sconosciuta::Chiudi).await
                }
                (fault, _) => rifiutata(fault),
            },
        }
    }

    fn incerta(&self, row: &RptRow, error: &NodoError) -> EsitoInvio {
        if let NodoError::Richiesta(error) = error {
            // Nothing was sent, and nothing will be until the data change.
            let descrizione = error.to_string();
            return EsitoInvio::Rifiutata {
                codice: "NDP_001".to_owned(),
                descrizione,
            };
        }
        let retry_at = self.clock.now() + backoff(row.send_attempts);
        EsitoInvio::Incerta {
            descrizione: error.to_string(),
            retry_at,
        }
    }

    /// Asks the Node what it knows of an attempt whose sending is uncertain.
    async fn chiedi(&self, sessione: &Sessione, row: &RptRow, unknown: Sconosciuta) -> EsitoInvio {
        let answer = match self.nodo.chiedi_stato(&sessione.stazione, row).await {
            Ok(answer) => answer,
            Err(error) => return self.incerta(row, &error),
        };
        match (answer.fault, answer.esito) {
            (Some(fault), _) if fault.fault_code == "PPT_RPT_SCONOSCIUTA" => match unknown {
                Sconosciuta::Reinvia => {
                    Box::pin(async {
                        match sessione.tentativi.as_slice() {
                            [row] => self.invia_una(sessione, row).await,
                            rows => self.invia_carrello(sessione, rows).await,
                        }
                    })
                    .await
                }
                Sconosciuta::Chiudi => EsitoInvio::Rifiutata {
                    codice: fault.fault_code,
                    descrizione: "la richiesta di pagamento non è arrivata al Nodo".to_owned(),
                },
            },
            (Some(fault), _) => {
                let descrizione = format!("{}: {}", fault.fault_code, testo(&fault));
                let retry_at = self.clock.now() + backoff(row.send_attempts);
                EsitoInvio::Incerta {
                    descrizione,
                    retry_at,
                }
            }
            (None, Some(esito)) if esito.stato == "RPT_RIFIUTATA_NODO" => EsitoInvio::Rifiutata {
                codice: esito.stato,
                descrizione: "il Nodo ha rifiutato la richiesta di pagamento".to_owned(),
            },
            (None, esito) => {
                let url = esito.and_then(|esito| esito.url);
                EsitoInvio::Accettata {
                    url: url.filter(|url| !url.is_empty()),
                }
            }
        }
    }

    /// Clears up a session whose sending is uncertain. Does nothing to the others.
    pub async fn recupera(
        &self,
        sessione: Sessione,
        unknown: Sconosciuta,
    ) -> StoreResult<Sessione> {
        let uncertain = sessione.tentativi.iter().find(|row| is_uncertain(row));
        let Some(row) = uncertain.cloned() else {
            return Ok(sessione);
        };
        let esito = self.chiedi(&sessione, &row, unknown).await;
        let accepted = matches!(esito, EsitoInvio::Accettata { .. });
        let id = sessione.pagamento.id.clone();
        let sessione = self.db.esito_invio(id, esito, self.clock.now()).await?;
        self.ente.sveglia();
        if accepted {
            for row in &sessione.tentativi {
                self.recupera_rt(&sessione, row).await?;
            }
        }
        Ok(sessione)
    }

    /// Fetches the receipt of an attempt that the Node may have closed meanwhile. Without one there is
    /// nothing to do: the Node will deliver it.
    async fn recupera_rt(&self, sessione: &Sessione, row: &RptRow) -> StoreResult<()> {
        if row.rt_at.is_some() {
            return Ok(());
        }
        let Ok(answer) = self.nodo.chiedi_copia_rt(&sessione.stazione, row).await else {
            return Ok(()); // the giornale has it
        };
        let Some(Ok(rt)) = answer.rt.as_deref().map(pagopa::documenti::Rt::parse) else {
            return Ok(());
        };
        let bytes = answer.rt.unwrap_or_default();
        let xml = testo_rt(&rt, &bytes);
        let rt = RtInArrivo {
            documento: Documento::V1(rt.into()),
            xml,
            now: self.clock.now(),
        };
        let acquisizione: Acquisizione = self.db.acquisisci_rt(rt).await?;
        self.ente.sveglia();
        tracing::info!(
            iuv = row.iuv,
            ccp = row.ccp,
            ?acquisizione,
            "receipt recovered"
        );
        Ok(())
    }

    /// Sends the RPT that a PSP asked for with paaAttivaRPT.
    async fn invia_attivata(&self, row: &RptRow) -> StoreResult<()> {
        let stazione = self.db.stazione_pagopa(row.id_stazione.clone()).await?;
        let Some(stazione) = stazione else {
            tracing::error!(
                rpt = row.id,
                stazione = row.id_stazione,
                "station without a row"
            );
            return Ok(());
        };
        let esito = match self.nodo.invia_rpt(&stazione, row).await {
            Err(error) => self.incerta(row, &error),
            Ok(answer) => match (answer.fault, answer.esito) {
                (None, Esito::Ok) => EsitoInvio::Accettata { url: None },
                // It was sent before, and only the answer was lost.
                (Some(fault), _) if fault.fault_code == "PPT_RPT_DUPLICATA" => {
                    EsitoInvio::Accettata { url: None }
                }
                (fault, _) => rifiutata(fault),
            },
        };
        let esito = self.db.esito_attivata(row.id, esito, self.clock.now());
        esito.await?;
        self.ente.sveglia();
        Ok(())
    }

    /// One due attempt; `only` names it, when its time has not come yet.
    pub async fn invia_dovuta(&self, only: Option<i64>) -> anyhow::Result<Worked> {
        let Some(row) = self.db.claim_rpt(only, LEASE, self.clock.now()).await? else {
            return Ok(Worked::Nothing);
        };
        match &row.pagamento {
            None => self.invia_attivata(&row).await?,
            Some(id) => {
                if let Some(sessione) = self.db.find_pagamento(id.clone()).await? {
                    self.recupera(sessione, Sconosciuta::Chiudi).await?;
                }
            }
        }
        Ok(Worked::Yes)
    }

    /// Closes the attempts whose life is over.
    pub async fn scadi(&self) -> anyhow::Result<Worked> {
        let closed = self.db.scadi_rpt(self.clock.now()).await?;
        self.ente.sveglia();
        Ok(if closed > 0 {
            Worked::Yes
        } else {
            Worked::Nothing
        })
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }
}

/// Whether nobody knows if the Node has this attempt.
pub fn is_uncertain(row: &RptRow) -> bool {
    let stato = StatoRpt::parse(&row.stato);
    row.rt_at.is_none()
        && matches!(
            stato,
            Some(StatoRpt::RptAttivata | StatoRpt::RptErroreInvioANodo)
        )
}

fn rifiutata(fault: Option<FaultBean>) -> EsitoInvio {
    match fault {
        Some(fault) => EsitoInvio::Rifiutata {
            descrizione: testo(&fault).to_owned(),
            codice: fault.fault_code,
        },
        None => EsitoInvio::Rifiutata {
            codice: "NDP_001".to_owned(),
            descrizione: "il Nodo ha risposto KO senza dire perché".to_owned(),
        },
    }
}

fn testo(fault: &FaultBean) -> &str {
    fault.description.as_deref().unwrap_or(&fault.fault_string)
}

/// The document as it came, when its bytes are the UTF-8 text that they say; otherwise written again.
pub fn testo_rt(rt: &pagopa::documenti::Rt, bytes: &[u8]) -> String {
    let original = std::str::from_utf8(bytes).ok();
    let declared = pagopa::xml::decode(bytes, None).ok();
    match (original, declared) {
        (Some(original), Some(declared)) if original == declared => original.to_owned(),
        _ => {
            let again = rt.build().unwrap_or_else(|_| bytes.to_vec());
            String::from_utf8_lossy(&again).into_owned()
        }
    }
}
