//! Tipo 3: an avviso brought to the PSP is verified at the ente and activated, with the primitives of
//! its station.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{CodDominio, Importo, NumeroAvviso};
use pagopa::modello_unico::pa_for_node::{
    PaGetPaymentV2Request, PaGetPaymentV2Response, PaVerifyPaymentNoticeReq, PaymentPaV2,
};
use pagopa::modello_unico::{Accredito, QrCode};
use pagopa::ppt::{DatiPagamentoPsp, IntestazionePpt, PaaAttivaRpt, PaaVerificaRpt};
use pagopa::{Esito, FaultBean, FaultNodo};
use tenant::{Canale, Dominio, Psp, Stazione, VersioneStazione};

use crate::app::App;
use crate::db::Prenotazione;
use crate::decisione::{VITA_SESSIONE, VITA_TOKEN};
use crate::ente::{CCP_SERVICE, ChiamataError};
use crate::fault::{Fault, ppt};
use crate::sessione::{SessioneRow, StatoSessione, StatoToken, TokenRow, Versione, nuovo_id};

/// After paaAttivaRPT the ente sends the RPT by itself: how long the page waits for it.
const ATTESA_RPT: Duration = Duration::from_secs(10);
/// A token that the ente is being asked about; longer than the Node waits for an answer.
const VITA_RICHIESTA: TimeDelta = TimeDelta::seconds(20);

/// What was typed at the PSP.
pub struct Domanda {
    pub dominio: CodDominio,
    pub numero: NumeroAvviso,
    pub id_canale: String,
    /// Of the form, the same when it is sent twice.
    pub chiave: String,
}

pub enum Attivazione {
    /// Id of the session.
    Sessione(String),
    Rifiutata(Fault),
}

/// Why there is no session.
enum Stop {
    Fault(Fault),
    Guasto(anyhow::Error),
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<platform::StoreError> for Stop {
    fn from(error: platform::StoreError) -> Self {
        Self::Guasto(error.into())
    }
}

impl From<ChiamataError> for Stop {
    fn from(error: ChiamataError) -> Self {
        error.fault().into()
    }
}

/// Everything that both kinds of station need to know.
struct Avviso<'a> {
    domanda: &'a Domanda,
    dominio: &'a Dominio,
    stazione: &'a Stazione,
    psp: &'a Psp,
    canale: &'a Canale,
    url: String,
    now: DateTime<Utc>,
}

/// Verifies and activates.
///
/// # Errors
/// Ours; what the ente or the Node has against the payment is [`Attivazione::Rifiutata`].
pub async fn attiva(app: &App, domanda: &Domanda) -> anyhow::Result<Attivazione> {
    match prova(app, domanda).await {
        Ok(id) => Ok(Attivazione::Sessione(id)),
        Err(Stop::Fault(fault)) => {
            tracing::info!(fault = fault.fault_code, "avviso not activated");
            Ok(Attivazione::Rifiutata(fault))
        }
        Err(Stop::Guasto(error)) => Err(error),
    }
}

async fn prova(app: &App, domanda: &Domanda) -> Result<String, Stop> {
    let (dominio, stazione) = app
        .registro
        .stazione_di(domanda.dominio.as_str(), &domanda.numero)?;
    let (psp, canale) = app.registro.canale(&domanda.id_canale).ok_or_else(|| {
        let what = format!("Il canale «{}» non è censito.", domanda.id_canale);
        ppt(FaultNodo::CanaleSconosciuto, what)
    })?;
    let url = format!("{}/{CCP_SERVICE}", app.registro.url_pa(stazione));
    let now = app.clock.now();
    let avviso = Avviso {
        domanda,
        dominio,
        stazione,
        psp,
        canale,
        url,
        now,
    };
    match stazione.versione {
        VersioneStazione::V1 => vecchio_modello(app, &avviso).await,
        VersioneStazione::V2 => modello_unico(app, &avviso).await,
    }
}

/// A refusal of the ente, as the Node tells it.
fn giudica(esito: Esito, fault: Option<FaultBean>) -> Result<(), Stop> {
    match (esito, fault) {
        (Esito::Ok, _) => Ok(()),
        (Esito::Ko, Some(fault)) => Err(Box::new(FaultBean::emesso_da_paa(&fault)).into()),
        (Esito::Ko, None) => Err(risposta_errata("esito KO senza un motivo")),
    }
}

fn risposta_errata(what: &str) -> Stop {
    ppt(FaultNodo::StazioneIntPaErroreResponse, what).into()
}

fn sessione(avviso: &Avviso<'_>, versione: Versione, ccp: &str, importo: Importo) -> SessioneRow {
    SessioneRow {
        id: nuovo_id(),
        tipo: 3,
        versione: versione.name().to_owned(),
        stato: StatoSessione::Attivazione.name().to_owned(),
        chiave: Some(avviso.domanda.chiave.clone()),
        carrello: None,
        id_stazione: avviso.stazione.id.clone(),
        id_dominio: avviso.dominio.id.to_string(),
        ente: avviso.dominio.ragione_sociale.clone(),
        iuv: avviso.domanda.numero.iuv().to_string(),
        ccp: ccp.to_owned(),
        numero_avviso: Some(avviso.domanda.numero.to_string()),
        id_canale: avviso.canale.id.clone(),
        importo: importo.cents(),
        importo_verificato: None,
        commissione: avviso.canale.commissione.cents(),
        esito: None,
        creata_at: avviso.now.naive_utc(),
        scade_at: (avviso.now + VITA_SESSIONE).naive_utc(),
        conclusa_at: None,
    }
}

/// paaVerificaRPT, paaAttivaRPT, then the ente sends its RPT (SANP 2, modello 3).
async fn vecchio_modello(app: &App, avviso: &Avviso<'_>) -> Result<String, Stop> {
    let ccp = nuovo_id();
    let intestazione = IntestazionePpt {
        identificativo_intermediario_pa: avviso.stazione.intermediario().to_owned(),
        identificativo_stazione_intermediario_pa: avviso.stazione.id.clone(),
        identificativo_dominio: avviso.dominio.id.to_string(),
        identificativo_univoco_versamento: avviso.domanda.numero.iuv().to_string(),
        codice_contesto_pagamento: ccp.clone(),
    };
    let verifica = PaaVerificaRpt {
        identificativo_psp: avviso.psp.id.clone(),
    };
    let risposta = app
        .ente
        .chiedi_ppt(&avviso.url, &intestazione, &verifica)
        .await?;
    giudica(risposta.esito, risposta.fault)?;
    let dati = risposta
        .dati_pagamento_pa
        .ok_or_else(|| risposta_errata("manca datiPagamentoPA"))?;
    let importo = dati.importo_singolo_versamento;

    let nuova = sessione(avviso, Versione::V1, &ccp, importo);
    let id = nuova.id.clone();
    if let Some(earlier) = app.db.insert_attivazione(nuova).await? {
        return Ok(earlier);
    }
    let attiva = PaaAttivaRpt {
        identificativo_psp: avviso.psp.id.clone(),
        dati_pagamento_psp: DatiPagamentoPsp {
            importo_singolo_versamento: importo,
            iban_appoggio: None,
            bic_appoggio: None,
            soggetto_versante: None,
            iban_addebito: None,
            bic_addebito: None,
            soggetto_pagatore: None,
        },
        identificativo_intermediario_psp: avviso.psp.intermediario.clone(),
        identificativo_canale_psp: avviso.canale.id.clone(),
    };
    match app
        .ente
        .chiedi_ppt(&avviso.url, &intestazione, &attiva)
        .await
    {
        Ok(risposta) => {
            if let Err(refused) = giudica(risposta.esito, risposta.fault) {
                app.db.delete_attivazione(id).await?;
                return Err(refused);
            }
        }
        // The ente never heard of it.
        Err(error @ (ChiamataError::Irraggiungibile(_) | ChiamataError::Richiesta(_))) => {
            app.db.delete_attivazione(id).await?;
            return Err(error.into());
        }
        // It may have: the session stays, for the RPT that may still come.
        Err(error) => return Err(error.into()),
    }
    attendi_rpt(app, &id).await?;
    Ok(id)
}

async fn attendi_rpt(app: &App, id: &str) -> Result<(), Stop> {
    let begun = std::time::Instant::now();
    while begun.elapsed() < ATTESA_RPT {
        let stato = app.db.stato(id.to_owned()).await?;
        if stato.as_deref() != Some(StatoSessione::Attivazione.name()) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok(())
}

/// paVerifyPaymentNotice, then the token, then paGetPaymentV2 (SANP 3).
async fn modello_unico(app: &App, avviso: &Avviso<'_>) -> Result<String, Stop> {
    let qr_code = QrCode {
        fiscal_code: avviso.dominio.id.to_string(),
        notice_number: avviso.domanda.numero.to_string(),
    };
    let verifica = PaVerifyPaymentNoticeReq {
        id_pa: avviso.dominio.id.to_string(),
        id_broker_pa: avviso.stazione.intermediario().to_owned(),
        id_station: avviso.stazione.id.clone(),
        qr_code: qr_code.clone(),
    };
    let risposta = app.ente.chiedi(&avviso.url, &verifica).await?;
    giudica(risposta.outcome, risposta.fault)?;
    let lista = risposta
        .payment_list
        .ok_or_else(|| risposta_errata("manca paymentList"))?;
    let verificato = lista.option.amount;

    let (nuova, token) = token_richiesto(avviso, verificato);
    if let Some(earlier) = prenota(app, &nuova, &token, avviso.now).await? {
        return Ok(earlier);
    }
    let asked = chiedi_pagamento(app, avviso, qr_code, verificato).await;
    let (dati, documento) = match asked {
        Ok(found) => found,
        Err(stop) => {
            app.db.rilascia(token.id).await?;
            return Err(stop);
        }
    };
    let now = app.clock.now();
    let importo = dati.payment_amount;
    let attivata = SessioneRow {
        importo: importo.cents(),
        importo_verificato: Some(verificato.cents()).filter(|_| verificato != importo),
        ente: dati.company_name.clone(),
        iuv: dati.creditor_reference_id.clone(),
        scade_at: (now + VITA_TOKEN).naive_utc(),
        ..nuova
    };
    let token = TokenRow {
        risposta: Some(documento),
        scade_at: (now + VITA_TOKEN).naive_utc(),
        ..token
    };
    let id = attivata.id.clone();
    if app.db.attiva(attivata, token).await? {
        Ok(id)
    } else {
        let what = "Il tempo per l'attivazione è finito: riprova.";
        Err(ppt(FaultNodo::TokenScaduto, what).into())
    }
}

/// A token that the ente is being asked about, and its session.
fn token_richiesto(avviso: &Avviso<'_>, verificato: Importo) -> (SessioneRow, TokenRow) {
    let id = nuovo_id();
    let nuova = sessione(avviso, Versione::V2, &id, verificato);
    let token = TokenRow {
        id,
        sessione: nuova.id.clone(),
        id_dominio: nuova.id_dominio.clone(),
        numero_avviso: avviso.domanda.numero.to_string(),
        stato: StatoToken::Richiesto.name().to_owned(),
        risposta: None,
        creato_at: avviso.now.naive_utc(),
        scade_at: (avviso.now + VITA_RICHIESTA).naive_utc(),
    };
    (nuova, token)
}

/// Keeps other payers out. `Some`: the same form was sent before, and this is its session.
async fn prenota(
    app: &App,
    nuova: &SessioneRow,
    token: &TokenRow,
    now: DateTime<Utc>,
) -> Result<Option<String>, Stop> {
    match app.db.prenota(nuova.clone(), token.clone(), now).await? {
        Prenotazione::Libera => Ok(None),
        Prenotazione::StessaChiave(id) => Ok(Some(id)),
        Prenotazione::InCorso { until } => {
            let until = pagopa::tempo::ora_di_roma(until.and_utc()).format("%H:%M:%S");
            let what = format!("Un altro pagamento tiene l'avviso al più fino alle {until}.");
            Err(ppt(FaultNodo::PagamentoInCorso, what).into())
        }
        Prenotazione::Pagata => {
            let what = "Il Nodo ha già registrato un pagamento di questo avviso.";
            Err(ppt(FaultNodo::PagamentoDuplicato, what).into())
        }
    }
}

/// The ente's answer, checked as the Node checks it, and as a document to keep.
async fn chiedi_pagamento(
    app: &App,
    avviso: &Avviso<'_>,
    qr_code: QrCode,
    importo: Importo,
) -> Result<(PaymentPaV2, String), Stop> {
    let domanda = PaGetPaymentV2Request {
        id_pa: avviso.dominio.id.to_string(),
        id_broker_pa: avviso.stazione.intermediario().to_owned(),
        id_station: avviso.stazione.id.clone(),
        qr_code,
        amount: Some(importo),
        payment_note: None,
        transfer_type: None,
        due_date: None,
    };
    let risposta: PaGetPaymentV2Response = app.ente.chiedi(&avviso.url, &domanda).await?;
    giudica(risposta.outcome, risposta.fault.clone())?;
    let documento =
        pagopa::xml::to_document(&risposta).map_err(|e| risposta_errata(&e.to_string()))?;
    let dati = risposta.data.ok_or_else(|| risposta_errata("manca data"))?;
    let transfers = &dati.transfer_list.transfers;
    let cents: i64 = transfers
        .iter()
        .map(|transfer| transfer.transfer_amount.cents())
        .sum();
    if cents != dati.payment_amount.cents() {
        let what = format!(
            "paymentAmount {} non è la somma dei transfer",
            dati.payment_amount
        );
        return Err(risposta_errata(&what));
    }
    if transfers
        .iter()
        .any(|transfer| matches!(transfer.accredito, Accredito::MarcaDaBollo(_)))
    {
        let what = "Il PSP non vende la marca da bollo digitale.";
        return Err(ppt(FaultNodo::Autorizzazione, what).into());
    }
    Ok((dati, documento))
}
