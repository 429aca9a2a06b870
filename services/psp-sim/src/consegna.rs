//! The timers: receipts are delivered when they are due, sessions and tokens end by themselves.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use domain::EsitoPagamento;
use pagopa::documenti::Rpt;
use pagopa::modello_unico::pa_for_node::{PaGetPaymentV2Response, PaSendRtV2Request};
use pagopa::ppt::{IntestazionePpt, PaaInviaRt};
use pagopa::{Esito, FaultBean, FaultPa, soap};
use platform::clock::real_now;
use platform::service::Worked;
use tenant::Stazione;
use tokio::sync::Semaphore;

use crate::app::App;
use crate::db::Insuccesso;
use crate::decisione::{self, Decisione, Quietanza, SESSIONE_SCADUTA};
use crate::documenti::{self, Attestante, PagamentoUnico};
use crate::ente::{CCP_SERVICE, ChiamataError, RT_SERVICE};
use crate::fault::Fault;
use crate::sessione::{Dettaglio, RtRow, StatoSessione, StatoToken, Versione};

/// Receipts on their way at the same time.
const MAX_IN_VIAGGIO: usize = 32;
/// A little longer than the Node waits for the ente: a process that died gives its receipts back.
const LEASE: TimeDelta = TimeDelta::seconds(20);
/// Longest pause between two attempts, on the world's clock.
const MAX_PAUSA_SECS: i64 = 60;
const MAX_SCADENZE: i64 = 100;

/// Delivers what is due. A slow ente does not hold up the others.
#[derive(Clone)]
pub struct Postino {
    app: App,
    posti: Arc<Semaphore>,
}

/// Why a delivery failed.
enum Fallita {
    /// The ente answered with a refusal.
    Rifiuto(Fault),
    /// It did not answer, or we could not ask.
    Guasto(String),
}

impl From<ChiamataError> for Fallita {
    fn from(error: ChiamataError) -> Self {
        Self::Guasto(error.to_string())
    }
}

impl<E: Into<anyhow::Error>> From<Guasto<E>> for Fallita {
    fn from(Guasto(error): Guasto<E>) -> Self {
        Self::Guasto(format!("{:#}", error.into()))
    }
}

/// An error of ours on the way to a delivery.
struct Guasto<E>(E);

impl Postino {
    pub fn new(app: App) -> Self {
        Self {
            app,
            posti: Arc::new(Semaphore::new(MAX_IN_VIAGGIO)),
        }
    }

    /// One look: takes what is due and starts its delivery.
    pub async fn giro(&self) -> anyhow::Result<Worked> {
        let free = self.posti.available_permits();
        let (Ok(limit), true) = (i64::try_from(free), free > 0) else {
            return Ok(Worked::Nothing);
        };
        let real = real_now();
        let rows = self
            .app
            .db
            .claim(self.app.clock.now(), real, real + LEASE, limit)
            .await?;
        let found = !rows.is_empty();
        for row in rows {
            let permit = Arc::clone(&self.posti).acquire_owned().await?;
            let app = self.app.clone();
            tokio::spawn(async move {
                if let Err(error) = consegna(&app, &row).await {
                    // The lease ends by itself and the receipt is tried again.
                    tracing::error!(
                        rt = row.id,
                        error = format!("{error:#}"),
                        "delivery not recorded"
                    );
                }
                drop(permit);
            });
        }
        Ok(if found { Worked::Yes } else { Worked::Nothing })
    }
}

/// One attempt, and what came of it in the store.
async fn consegna(app: &App, row: &RtRow) -> anyhow::Result<()> {
    let sent = match Versione::parse(&row.versione)? {
        Versione::V1 => invia_rt(app, row).await,
        Versione::V2 => invia_ricevuta(app, row).await,
    };
    let now = app.clock.now();
    let (errore, rifiuto) = match sent {
        Ok(()) => {
            tracing::info!(rt = row.id, attempts = row.attempts, "receipt delivered");
            return Ok(app.db.consegnata(row.id.clone(), now).await?);
        }
        Err(Fallita::Rifiuto(fault)) => (in_parole(&fault), true),
        Err(Fallita::Guasto(error)) => (error, false),
    };
    tracing::warn!(
        rt = row.id,
        attempts = row.attempts,
        errore,
        "receipt not delivered, will try again"
    );
    let errore = errore
        .chars()
        .filter(|c| !c.is_control())
        .take(500)
        .collect();
    let next_at = now + pausa(row.attempts);
    Ok(app
        .db
        .non_consegnata(
            row.id.clone(),
            Insuccesso {
                errore,
                rifiuto,
                next_at,
            },
            now,
        )
        .await?)
}

/// 1, 2, 4 … seconds, at most a minute.
fn pausa(attempts: i32) -> TimeDelta {
    let doublings = attempts.clamp(1, 7) - 1;
    TimeDelta::seconds((1_i64 << doublings).min(MAX_PAUSA_SECS))
}

fn in_parole(fault: &FaultBean) -> String {
    let description = fault.description.as_deref().unwrap_or(&fault.fault_string);
    format!("{}: {description}", fault.fault_code)
}

/// A duplicate is a delivery whose answer we lost.
fn giudica(esito: Esito, fault: Option<FaultBean>, gia_avuta: FaultPa) -> Result<(), Fallita> {
    match (esito, fault) {
        (Esito::Ok, _) => Ok(()),
        (Esito::Ko, Some(fault)) if fault.fault_code == gia_avuta.code() => Ok(()),
        (Esito::Ko, Some(fault)) => Err(Fallita::Rifiuto(Box::new(fault))),
        (Esito::Ko, None) => Err(Fallita::Guasto(
            "l'ente ha risposto KO senza un motivo".to_owned(),
        )),
    }
}

struct Contesto {
    dettaglio: Dettaglio,
    stazione: Stazione,
    quietanza: Quietanza,
}

async fn contesto(app: &App, row: &RtRow) -> Result<Contesto, Fallita> {
    let dettaglio = app.db.find(row.sessione.clone()).await.map_err(Guasto)?;
    let dettaglio =
        dettaglio.ok_or_else(|| Fallita::Guasto("la sessione non c'è più".to_owned()))?;
    let id = &dettaglio.sessione.id_stazione;
    let stazione = app.registro.stazione(id).cloned();
    let stazione =
        stazione.ok_or_else(|| Fallita::Guasto(format!("la stazione «{id}» non è più censita")))?;
    let quietanza = Quietanza {
        esito: row.esito().map_err(Guasto)?,
        importi: row.importi().map_err(Guasto)?,
        motivo: row.motivo.clone(),
        con_commissione: row.con_commissione,
    };
    Ok(Contesto {
        dettaglio,
        stazione,
        quietanza,
    })
}

fn attestante<'a>(app: &'a App, contesto: &Contesto) -> Result<Attestante<'a>, Fallita> {
    let sessione = &contesto.dettaglio.sessione;
    let id = &sessione.id_canale;
    let (psp, canale) = app
        .registro
        .canale(id)
        .ok_or_else(|| Fallita::Guasto(format!("il canale «{id}» non è più censito")))?;
    Ok(Attestante {
        psp,
        canale,
        commissione: sessione.commissione(),
    })
}

async fn invia_rt(app: &App, row: &RtRow) -> Result<(), Fallita> {
    let contesto = contesto(app, row).await?;
    let rpt_row = contesto.dettaglio.rpt.iter().find(|rpt| rpt.id == row.id);
    let rpt_row = rpt_row.ok_or_else(|| Fallita::Guasto("la RPT non c'è più".to_owned()))?;
    let documento = match &row.documento {
        Some(documento) => documento.clone(),
        None => {
            let now = app.clock.now();
            let rpt = Rpt::parse(&rpt_row.documento).map_err(Guasto)?;
            let rt = documenti::rt(&rpt, attestante(app, &contesto)?, &contesto.quietanza, now);
            let bytes = rt.build().map_err(Guasto)?;
            app.db
                .set_documento(row.id.clone(), bytes, now)
                .await
                .map_err(Guasto)?
        }
    };
    let intestazione = IntestazionePpt {
        identificativo_intermediario_pa: contesto.stazione.intermediario().to_owned(),
        identificativo_stazione_intermediario_pa: contesto.stazione.id.clone(),
        identificativo_dominio: rpt_row.id_dominio.clone(),
        identificativo_univoco_versamento: rpt_row.iuv.clone(),
        codice_contesto_pagamento: rpt_row.ccp.clone(),
    };
    let invio = PaaInviaRt {
        tipo_firma: String::new(),
        rt: documento,
    };
    let body = soap::build_with_header(&intestazione, &invio).map_err(Guasto)?;
    let url = format!("{}/{RT_SERVICE}", app.registro.url_pa(&contesto.stazione));
    let risposta = app.ente.consegna::<PaaInviaRt>(&url, body).await?;
    giudica(risposta.esito, risposta.fault, FaultPa::RtDuplicata)
}

async fn invia_ricevuta(app: &App, row: &RtRow) -> Result<(), Fallita> {
    let contesto = contesto(app, row).await?;
    let documento = match &row.documento {
        Some(documento) => documento.clone(),
        None => {
            let bytes = fai_ricevuta(app, row, &contesto)?;
            let now = app.clock.now();
            app.db
                .set_documento(row.id.clone(), bytes, now)
                .await
                .map_err(Guasto)?
        }
    };
    let text = String::from_utf8(documento).map_err(Guasto)?;
    let message: PaSendRtV2Request = pagopa::xml::from_document(&text).map_err(Guasto)?;
    let body = soap::build(&message).map_err(Guasto)?;
    let url = format!("{}/{CCP_SERVICE}", app.registro.url_pa(&contesto.stazione));
    let risposta = app.ente.consegna::<PaSendRtV2Request>(&url, body).await?;
    giudica(risposta.outcome, risposta.fault, FaultPa::ReceiptDuplicata)
}

fn fai_ricevuta(app: &App, row: &RtRow, contesto: &Contesto) -> Result<Vec<u8>, Fallita> {
    let missing = |what: &str| Fallita::Guasto(format!("{what} non c'è più"));
    let token = contesto
        .dettaglio
        .token
        .as_ref()
        .ok_or_else(|| missing("il token"))?;
    let risposta = token
        .risposta
        .as_deref()
        .ok_or_else(|| missing("la risposta dell'ente"))?;
    let risposta: PaGetPaymentV2Response = pagopa::xml::from_document(risposta).map_err(Guasto)?;
    let dati = risposta
        .data
        .ok_or_else(|| missing("la risposta dell'ente"))?;
    let dominio = app
        .registro
        .dominio(&token.id_dominio)
        .map_err(|fault| Fallita::Guasto(in_parole(&fault)))?;
    let pagamento = PagamentoUnico {
        token: &token.id,
        numero_avviso: &token.numero_avviso,
        dominio,
        stazione: &contesto.stazione,
        dati: &dati,
        paid_at: row.deciso_at.and_utc(),
    };
    let message = documenti::ricevuta(pagamento, attestante(app, contesto)?).map_err(Guasto)?;
    Ok(pagopa::xml::to_document(&message)
        .map_err(Guasto)?
        .into_bytes())
}

/// One look at what ends by itself.
pub async fn scadenze(app: &App) -> anyhow::Result<Worked> {
    let now = app.clock.now();
    let due = app.db.list_scadute(now, MAX_SCADENZE).await?;
    let mut worked = false;
    for dettaglio in due {
        let id = dettaglio.sessione.id.clone();
        let da = dettaglio.sessione.stato()?;
        match alla_scadenza(&dettaglio, now) {
            Ok(decisione) => worked |= app.db.concludi(id, da, decisione, now).await?,
            // One unreadable session must not stop the others.
            Err(error) => {
                tracing::error!(
                    sessione = id,
                    error = format!("{error:#}"),
                    "session cannot end"
                );
            }
        }
    }
    worked |= app.db.scadi(now).await? > 0;
    Ok(if worked { Worked::Yes } else { Worked::Nothing })
}

/// What becomes of a session whose time is over.
fn alla_scadenza(dettaglio: &Dettaglio, now: DateTime<Utc>) -> anyhow::Result<Decisione> {
    let nothing = Decisione {
        stato: StatoSessione::Scaduta,
        esito: None,
        quietanze: vec![],
        due_at: now,
        token: None,
    };
    let sessione = &dettaglio.sessione;
    if sessione.versione()? == Versione::V2 {
        return Ok(Decisione {
            token: Some(StatoToken::Scaduto),
            ..nothing
        });
    }
    let voci = dettaglio.voci()?;
    if sessione.tipo == 2 {
        let esito = EsitoPagamento::Eseguito;
        let quietanze = decisione::quietanze(&voci, esito, None)
            .map_err(|error| anyhow::anyhow!("{error:?}"))?;
        let stato = StatoSessione::Conclusa;
        return Ok(Decisione {
            stato,
            esito: Some(esito),
            quietanze,
            ..nothing
        });
    }
    let quietanze = decisione::non_pagata(&voci, SESSIONE_SCADUTA);
    let esito = (!quietanze.is_empty()).then_some(EsitoPagamento::NonEseguito);
    Ok(Decisione {
        esito,
        quietanze,
        ..nothing
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_a_minute() {
        let secs = |attempts| pausa(attempts).num_seconds();
        assert_eq!([1, 2, 3, 6, 7, 50].map(secs), [1, 2, 4, 32, 60, 60]);
    }

    #[test]
    fn a_duplicate_is_a_delivery_and_another_fault_is_not() {
        let fault = |code| Some(FaultBean::paa(code, "12345678903", "prova"));
        let judge = |fault| giudica(Esito::Ko, fault, FaultPa::RtDuplicata);
        assert!(judge(fault(FaultPa::RtDuplicata)).is_ok());
        assert!(matches!(
            judge(fault(FaultPa::Semantica)),
            Err(Fallita::Rifiuto(_))
        ));
        assert!(matches!(judge(None), Err(Fallita::Guasto(_))));
        assert!(giudica(Esito::Ok, None, FaultPa::RtDuplicata).is_ok());
    }
}
