//! paaVerificaRPT and paaAttivaRPT: the payment that begins at the PSP, with RPT and RT.

use chrono::TimeDelta;
use domain::NumeroAvviso;
use domain::rpt::Origine;
use pagopa::ppt::{
    Causale, DatiPagamentoPa, PaaAttivaRpt, PaaAttivaRptRisposta, PaaVerificaRpt,
    PaaVerificaRptRisposta,
};
use pagopa::{Esito, FaultPa, TipoVersamento};

use super::Chiamata;
use super::guasto::{Guasto, verifica_destinatario, verifica_versione};
use crate::documento_rpt::{cut, ente};
use crate::ente::Verificata;
use crate::invio::Pagamenti;
use crate::posizione::{Accredito, Posizione};
use crate::tentativo::{Attivazione, AttivazioneV1, Canale};

/// The RPT follows the answer to paaAttivaRPT at this distance, so that the Node has read the answer.
const AFTER_ANSWER: std::time::Duration = std::time::Duration::from_millis(100);

/// When the timer sends an RPT that the task of its own request did not send.
const TIMER_AFTER: TimeDelta = TimeDelta::seconds(5);

/// Whether the avviso can be paid, and how much. Changes nothing.
pub async fn verifica(
    chiamata: &mut Chiamata<'_, PaaVerificaRpt>,
) -> Result<PaaVerificaRptRisposta, Guasto> {
    let id_psp = chiamata.message.identificativo_psp.clone();
    chiamata.scambio.evento.id_psp = Some(id_psp);
    let Verificata {
        posizione,
        verificata,
    } = posizione(chiamata).await?;
    let p = chiamata.pagamenti;
    let id = posizione.pendenza.id;
    let ostacolo =
        p.db.ostacolo_pagamento(id, verificata, Origine::PspV1, p.now());
    if let Some(rifiuto) = ostacolo.await? {
        return Err(rifiuto.into());
    }
    Ok(PaaVerificaRptRisposta {
        fault: None,
        esito: Esito::Ok,
        dati_pagamento_pa: Some(dati(&posizione)?),
    })
}

/// Begins the payment: the RPT leaves just after the answer.
pub async fn attiva(
    chiamata: &mut Chiamata<'_, PaaAttivaRpt>,
) -> Result<PaaAttivaRptRisposta, Guasto> {
    let message = chiamata.message.clone();
    let evento = &mut chiamata.scambio.evento;
    evento.id_psp = Some(message.identificativo_psp.clone());
    evento.id_canale = Some(message.identificativo_canale_psp.clone());
    let Verificata {
        posizione,
        verificata,
    } = posizione(chiamata).await?;
    let dati = dati(&posizione)?;
    let (asked, due) = (
        message.dati_pagamento_psp.importo_singolo_versamento,
        dati.importo_singolo_versamento,
    );
    let p = chiamata.pagamenti;
    if asked != due {
        // The refusals of the position come first: they say more.
        let id = posizione.pendenza.id;
        let ostacolo =
            p.db.ostacolo_pagamento(id, verificata, Origine::PspV1, p.now());
        if let Some(rifiuto) = ostacolo.await? {
            return Err(rifiuto.into());
        }
        let text = format!("importo indicato dal PSP {asked}, importo dovuto {due}");
        return Err(Guasto::new(FaultPa::AttivaRptImportoNonValido, text));
    }
    let ccp = chiamata.scambio.evento.ccp.clone().unwrap_or_default();
    let attivazione = AttivazioneV1 {
        pendenza: posizione.pendenza.id,
        verificata,
        ccp: ccp.clone(),
        id_messaggio: uuid::Uuid::new_v4().simple().to_string(),
        canale: Canale {
            id_psp: message.identificativo_psp,
            id_intermediario_psp: message.identificativo_intermediario_psp,
            id_canale: message.identificativo_canale_psp,
            tipo_versamento: TipoVersamento::Po,
        },
        versante: message.dati_pagamento_psp.soggetto_versante,
        send_at: p.now() + TIMER_AFTER,
        now: p.now(),
    };
    match p.db.attiva_v1(attivazione).await? {
        Attivazione::Rifiutata(rifiuto) => Err(rifiuto.into()),
        Attivazione::CcpUsato { stato } => {
            let text = format!(
                "il contesto di pagamento '{ccp}' è di un tentativo già chiuso ({}): usarne uno nuovo",
                stato.name()
            );
            Err(Guasto::new(FaultPa::Semantica, text))
        }
        Attivazione::Ok { rpt, .. } => {
            p.ente.sveglia(); // of an attempt that gave way
            send_soon(p.clone(), rpt.id);
            Ok(PaaAttivaRptRisposta {
                fault: None,
                esito: Esito::Ok,
                dati_pagamento_pa: Some(dati),
            })
        }
    }
}

/// If the process dies first, the timer sends it.
fn send_soon(p: Pagamenti, id: i64) {
    tokio::spawn(async move {
        tokio::time::sleep(AFTER_ANSWER).await;
        if let Err(error) = p.invia_dovuta(Some(id)).await {
            tracing::error!(
                error = format!("{error:#}"),
                rpt = id,
                "RPT not sent, the timer will"
            );
        }
    });
}

/// The position that the header names, after the checks on who is called; its gestionale is asked when
/// nobody loaded it, or when its data are past their validity.
async fn posizione<M>(chiamata: &mut Chiamata<'_, M>) -> Result<Verificata, Guasto> {
    let header = chiamata.intestazione()?;
    let p = chiamata.pagamenti;
    let dominio = &header.identificativo_dominio;
    let (stazione, _) = verifica_destinatario(
        p,
        &header.identificativo_intermediario_pa,
        &header.identificativo_stazione_intermediario_pa,
        dominio,
    )
    .await?;
    verifica_versione(&stazione, false)?;
    let iuv = &header.identificativo_univoco_versamento;
    let found = p.db.posizione_by_iuv(dominio.clone(), iuv.clone()).await?;
    if let Some(posizione) = found {
        return Ok(p.verificata(posizione).await?);
    }
    let Some(numero) = numero_avviso(p, dominio, iuv).await? else {
        let text = format!("nessuna pendenza con IUV '{iuv}' per l'ente '{dominio}'");
        return Err(Guasto::new(FaultPa::PagamentoSconosciuto, text));
    };
    Ok(p.cerca_avviso(dominio, &numero).await?)
}

/// The avviso of an IUV that nobody loaded: the old primitives carry the IUV alone, what comes before
/// it is the body's.
async fn numero_avviso(
    p: &Pagamenti,
    id_dominio: &str,
    iuv: &str,
) -> Result<Option<NumeroAvviso>, Guasto> {
    let Some(dominio) = p.db.find_dominio(id_dominio.to_owned()).await? else {
        return Ok(None);
    };
    let application_code = match (dominio.aux_digit, &dominio.id_stazione) {
        (0, Some(id)) => p.db.find_stazione(id.clone()).await?,
        _ => None,
    };
    let text = match application_code {
        Some(stazione) => format!("0{:02}{iuv}", stazione.application_code),
        None => format!("{}{iuv}", dominio.aux_digit),
    };
    Ok(NumeroAvviso::parse(&text).ok())
}

/// What the protocol can say of a position: one item, one bank account, one body.
fn dati(posizione: &Posizione) -> Result<DatiPagamentoPa, Guasto> {
    if posizione.multibeneficiario() {
        let text = "la pendenza ha voci di più enti: si paga dal portale dell'ente";
        return Err(Guasto::new(
            FaultPa::PagamentoMultibeneficiarioNonConsentito,
            text,
        ));
    }
    let [voce] = posizione.voci.as_slice() else {
        let text = format!(
            "la pendenza ha {} voci e presso il PSP se ne paga una sola: si paga dal portale dell'ente",
            posizione.voci.len()
        );
        return Err(Guasto::new(FaultPa::Semantica, text));
    };
    let Accredito::Conto { iban, .. } = &voce.accredito else {
        let text = "la marca da bollo digitale non si paga presso il PSP con questo protocollo";
        return Err(Guasto::new(FaultPa::Semantica, text));
    };
    Ok(DatiPagamentoPa {
        importo_singolo_versamento: posizione.pendenza.importo()?,
        iban_accredito: iban.clone(),
        bic_accredito: None,
        ente_beneficiario: Some(ente(&posizione.ente)),
        credenziali_pagatore: None,
        causale: Causale::Versamento(cut(posizione.pendenza.causale.trim(), 140)),
    })
}
