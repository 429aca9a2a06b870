//! nodoInviaRPT and nodoInviaCarrelloRPT: check, accept, say where the browser goes.

use chrono::{DateTime, Utc};
use pagopa::documenti::Rpt;
use pagopa::ppt::{
    ElementoListaRpt, IntestazioneCarrelloPpt, IntestazionePpt, ListaErroriRpt,
    NodoInviaCarrelloRpt, NodoInviaCarrelloRptRisposta, NodoInviaRpt, NodoInviaRptRisposta,
};
use pagopa::{Envelope, Esito, FaultBean, FaultNodo};
use tenant::{Canale, ModelloCanale, Stazione};

use super::Stop;
use crate::app::App;
use crate::controlli::{self, Intestazione};
use crate::db::{Accettazione, NuoveRpt};
use crate::decisione::{ATTESA_DIFFERITO, VITA_SESSIONE};
use crate::fault::{Fault, ppt};
use crate::registro::{Chiamante, RichiestaCanale};
use crate::sessione::{RptRow, SessioneRow, StatoRptNodo, StatoSessione, Versione, nuovo_id};

/// Who sends, on which channel, when.
#[derive(Clone, Copy)]
struct Mittente<'a> {
    app: &'a App,
    stazione: &'a Stazione,
    canale: &'a Canale,
    now: DateTime<Utc>,
}

/// One RPT that passed the checks.
struct Letta {
    rpt: Rpt,
    documento: Vec<u8>,
    ente: String,
}

pub(super) async fn rpt(app: &App, envelope: &Envelope) -> Result<NodoInviaRptRisposta, Stop> {
    let intestazione: IntestazionePpt = envelope.header()?;
    let invio: NodoInviaRpt = envelope.body()?;
    let now = app.clock.now();
    let stazione = app.registro.autentica(Chiamante {
        intermediario: &intestazione.identificativo_intermediario_pa,
        stazione: &intestazione.identificativo_stazione_intermediario_pa,
        password: &invio.password,
    })?;
    let canale = canale(
        app,
        &invio.identificativo_psp,
        &invio.identificativo_intermediario_psp,
        &invio.identificativo_canale,
    )?;
    let chiavi = Intestazione {
        stazione: &stazione.id,
        dominio: &intestazione.identificativo_dominio,
        iuv: &intestazione.identificativo_univoco_versamento,
        ccp: &intestazione.codice_contesto_pagamento,
    };
    let mittente = Mittente {
        app,
        stazione,
        canale,
        now,
    };
    let letta = leggi(mittente, chiavi, invio.tipo_firma.as_deref(), invio.rpt)?;
    let accettata = accetta(mittente, vec![letta], None).await?;
    Ok(NodoInviaRptRisposta {
        esito: Esito::Ok,
        redirect: Some(i64::from(accettata.is_some())),
        url: accettata,
        ..Default::default()
    })
}

pub(super) async fn carrello(
    app: &App,
    envelope: &Envelope,
) -> Result<NodoInviaCarrelloRptRisposta, Stop> {
    let intestazione: IntestazioneCarrelloPpt = envelope.header()?;
    let invio: NodoInviaCarrelloRpt = envelope.body()?;
    let now = app.clock.now();
    let stazione = app.registro.autentica(Chiamante {
        intermediario: &intestazione.identificativo_intermediario_pa,
        stazione: &intestazione.identificativo_stazione_intermediario_pa,
        password: &invio.password,
    })?;
    let canale = canale(
        app,
        &invio.identificativo_psp,
        &invio.identificativo_intermediario_psp,
        &invio.identificativo_canale,
    )?;
    if canale.modello == ModelloCanale::AttivatoPressoPsp {
        let what = format!(
            "Il canale «{}» è attivato presso il PSP: non accetta carrelli.",
            canale.id
        );
        return Err(ppt(FaultNodo::Autorizzazione, what).into());
    }
    let mittente = Mittente {
        app,
        stazione,
        canale,
        now,
    };
    let (lette, errori) = leggi_carrello(mittente, invio.lista_rpt.elementi);
    if let Some(first) = errori.first() {
        return Ok(NodoInviaCarrelloRptRisposta {
            fault: Some(first.clone()),
            lista_errori_rpt: Some(ListaErroriRpt { fault: errori }),
            ..Default::default()
        });
    }
    let id_carrello = intestazione.identificativo_carrello;
    let rpts: Vec<Rpt> = lette.iter().map(|letta| letta.rpt.clone()).collect();
    controlli::carrello(&rpts, &id_carrello, invio.multi_beneficiario == Some(true))?;
    let url = accetta(mittente, lette, Some(id_carrello)).await?;
    Ok(NodoInviaCarrelloRptRisposta {
        esito_complessivo_operazione: Esito::Ok,
        url,
        ..Default::default()
    })
}

/// All RPTs of a cart, and the fault of each that is wrong, with its serial from 1.
fn leggi_carrello(
    mittente: Mittente<'_>,
    elementi: Vec<ElementoListaRpt>,
) -> (Vec<Letta>, Vec<FaultBean>) {
    let (mut lette, mut errori) = (Vec::new(), Vec::new());
    for (serial, elemento) in (1..).zip(elementi) {
        let chiavi = Intestazione {
            stazione: &mittente.stazione.id,
            dominio: &elemento.identificativo_dominio,
            iuv: &elemento.identificativo_univoco_versamento,
            ccp: &elemento.codice_contesto_pagamento,
        };
        let firma = elemento.tipo_firma.as_deref();
        match leggi(mittente, chiavi, firma, elemento.rpt) {
            Ok(letta) => lette.push(letta),
            Err(fault) => errori.push(FaultBean {
                serial: Some(serial),
                ..*fault
            }),
        }
    }
    (lette, errori)
}

fn canale<'a>(
    app: &'a App,
    psp: &str,
    intermediario: &str,
    canale: &str,
) -> Result<&'a Canale, Fault> {
    let richiesta = RichiestaCanale {
        psp,
        intermediario,
        canale,
    };
    app.registro
        .canale_per_rpt(richiesta)
        .map(|(_, canale)| canale)
}

/// Reads and checks one RPT; nothing is stored.
fn leggi(
    mittente: Mittente<'_>,
    chiavi: Intestazione<'_>,
    tipo_firma: Option<&str>,
    documento: Vec<u8>,
) -> Result<Letta, Fault> {
    let Mittente {
        app,
        stazione,
        canale,
        now,
    } = mittente;
    let dominio = app.registro.dominio_di(stazione, chiavi.dominio)?;
    if let Some(firma) = tipo_firma.filter(|firma| !matches!(*firma, "" | "0")) {
        return Err(ppt(
            FaultNodo::TipofirmaSconosciuto,
            format!("tipoFirma vale «{firma}»: le RPT non sono firmate."),
        ));
    }
    let rpt = Rpt::parse(&documento)
        .map_err(|error| ppt(FaultNodo::SintassiXsd, format!("RPT: {error}")))?;
    controlli::rpt(&rpt, chiavi, dominio, canale, now)?;
    Ok(Letta {
        rpt,
        documento,
        ente: dominio.ragione_sociale.clone(),
    })
}

/// Stores the session with its RPTs. The address of the PSP's page, or none for a channel without
/// one in the browser.
async fn accetta(
    mittente: Mittente<'_>,
    lette: Vec<Letta>,
    carrello: Option<String>,
) -> Result<Option<String>, Stop> {
    let nuove = nuove_rpt(mittente, lette, carrello)?;
    let Mittente {
        app, canale, now, ..
    } = mittente;
    let count = nuove.rpt.len();
    match app.db.accetta(nuove, now).await? {
        Accettazione::Accettata { sessione } => {
            tracing::info!(sessione, rpt = count, "RPT accepted");
            let immediate = canale.modello == ModelloCanale::Immediato;
            Ok(immediate.then(|| app.url_pagamento(&sessione)))
        }
        Accettazione::RptDuplicata(serial) => {
            let what = format!(
                "La RPT {serial} è già stata ricevuta: dominio, IUV e CCP sono gli stessi."
            );
            let fault = ppt(FaultNodo::RptDuplicata, what);
            Err(Box::new(FaultBean {
                serial: (count > 1).then_some(i64::from(serial)),
                ..*fault
            })
            .into())
        }
        Accettazione::CarrelloDuplicato => {
            let what = "Un carrello con questo identificativo è già stato ricevuto.";
            Err(ppt(FaultNodo::IdCarrelloDuplicato, what).into())
        }
        Accettazione::SenzaAttivazione => {
            let what = format!(
                "Il canale «{}» è attivato presso il PSP, e nessun PSP ha attivato questo pagamento: \
                 IUV e CCP devono essere quelli di paaAttivaRPT.",
                canale.id
            );
            Err(ppt(FaultNodo::Semantica, what).into())
        }
    }
}

fn nuove_rpt(
    mittente: Mittente<'_>,
    lette: Vec<Letta>,
    carrello: Option<String>,
) -> Result<NuoveRpt, Stop> {
    let Mittente {
        stazione,
        canale,
        now,
        ..
    } = mittente;
    let first = lette
        .first()
        .ok_or_else(|| Stop::from(ppt(FaultNodo::SintassiExtraxsd, "Il carrello è vuoto.")))?;
    let (tipo, vita) = match canale.modello {
        ModelloCanale::Immediato => (1, VITA_SESSIONE),
        ModelloCanale::Differito => (2, ATTESA_DIFFERITO),
        ModelloCanale::AttivatoPressoPsp => (3, VITA_SESSIONE),
    };
    let id = nuovo_id();
    let cents = |rpt: &Rpt| rpt.dati_versamento.importo_totale_da_versare.cents();
    let sessione = SessioneRow {
        id: id.clone(),
        tipo,
        versione: Versione::V1.name().to_owned(),
        stato: StatoSessione::Aperta.name().to_owned(),
        chiave: None,
        carrello,
        id_stazione: stazione.id.clone(),
        id_dominio: first.rpt.dominio.identificativo_dominio.clone(),
        ente: first.ente.clone(),
        iuv: first
            .rpt
            .dati_versamento
            .identificativo_univoco_versamento
            .clone(),
        ccp: first.rpt.dati_versamento.codice_contesto_pagamento.clone(),
        numero_avviso: None,
        id_canale: canale.id.clone(),
        importo: lette.iter().map(|letta| cents(&letta.rpt)).sum(),
        importo_verificato: None,
        commissione: canale.commissione.cents(),
        esito: None,
        creata_at: now.naive_utc(),
        scade_at: (now + vita).naive_utc(),
        conclusa_at: None,
    };
    let rpt = (1..).zip(lette).map(|(posizione, letta)| RptRow {
        id: nuovo_id(),
        sessione: id.clone(),
        posizione,
        id_dominio: letta.rpt.dominio.identificativo_dominio.clone(),
        iuv: letta
            .rpt
            .dati_versamento
            .identificativo_univoco_versamento
            .clone(),
        ccp: letta.rpt.dati_versamento.codice_contesto_pagamento.clone(),
        id_stazione: stazione.id.clone(),
        importo: cents(&letta.rpt),
        documento: letta.documento,
        stato: StatoRptNodo::RptAccettataPsp.name().to_owned(),
        creata_at: now.naive_utc(),
    });
    Ok(NuoveRpt {
        rpt: rpt.collect(),
        sessione,
    })
}
