//! paaInviaRT, paSendRT and paSendRTV2. A receipt is taken in whatever the version of the station: the
//! station may have changed since the payment began, and the money has moved.

use pagopa::documenti::Rt;
use pagopa::modello_unico::pa_for_node::{
    PaSendRtReq, PaSendRtRes, PaSendRtV2Request, PaSendRtV2Response, ReceiptV2,
};
use pagopa::ppt::{PaaInviaRt, PaaInviaRtRisposta};
use pagopa::{Esito, FaultPa};

use super::Chiamata;
use super::guasto::{Guasto, verifica_destinatario};
use crate::invio::testo_rt;
use crate::ricevuta::{Documento, RtInArrivo};
use crate::tentativo::Acquisizione;

pub async fn invia_rt(
    chiamata: &mut Chiamata<'_, PaaInviaRt>,
) -> Result<PaaInviaRtRisposta, Guasto> {
    let header = chiamata.intestazione()?;
    let p = chiamata.pagamenti;
    verifica_destinatario(
        p,
        &header.identificativo_intermediario_pa,
        &header.identificativo_stazione_intermediario_pa,
        &header.identificativo_dominio,
    )
    .await?;
    let firma = chiamata.message.tipo_firma.trim();
    if !matches!(firma, "" | "0") {
        let text = format!("tipoFirma '{firma}': le ricevute non sono firmate");
        return Err(Guasto::new(FaultPa::TipofirmaSconosciuto, text));
    }
    let bytes = std::mem::take(&mut chiamata.message.rt);
    let rt = Rt::parse(&bytes).map_err(Guasto::sintassi_xsd)?;
    let keys = [
        (
            "identificativoDominio",
            &header.identificativo_dominio,
            &rt.dominio.identificativo_dominio,
        ),
        (
            "identificativoUnivocoVersamento",
            &header.identificativo_univoco_versamento,
            &rt.dati_pagamento.identificativo_univoco_versamento,
        ),
        (
            "codiceContestoPagamento",
            &header.codice_contesto_pagamento,
            &rt.dati_pagamento.codice_contesto_pagamento,
        ),
    ];
    for (name, header, document) in keys {
        if header != document {
            let text = format!("{name}: '{header}' nell'intestazione, '{document}' nella RT");
            return Err(Guasto::new(FaultPa::Semantica, text));
        }
    }
    let xml = testo_rt(&rt, &bytes);
    acquisisci(
        chiamata,
        Documento::V1(rt.into()),
        xml,
        FaultPa::RtDuplicata,
    )
    .await?;
    Ok(PaaInviaRtRisposta {
        fault: None,
        esito: Esito::Ok,
    })
}

pub async fn send_rt(chiamata: &mut Chiamata<'_, PaSendRtReq>) -> Result<PaSendRtRes, Guasto> {
    let m = chiamata.message.clone();
    let xml = pagopa::xml::to_document(&m).map_err(Guasto::sintassi)?;
    let caller = [m.id_broker_pa, m.id_station, m.id_pa];
    ricevuta(chiamata, caller, m.receipt.into(), xml).await?;
    Ok(PaSendRtRes {
        outcome: Esito::Ok,
        fault: None,
    })
}

pub async fn send_rt_v2(
    chiamata: &mut Chiamata<'_, PaSendRtV2Request>,
) -> Result<PaSendRtV2Response, Guasto> {
    let m = chiamata.message.clone();
    let xml = pagopa::xml::to_document(&m).map_err(Guasto::sintassi)?;
    let caller = [m.id_broker_pa, m.id_station, m.id_pa];
    ricevuta(chiamata, caller, m.receipt, xml).await?;
    Ok(PaSendRtV2Response {
        outcome: Esito::Ok,
        fault: None,
    })
}

async fn ricevuta<M>(
    chiamata: &mut Chiamata<'_, M>,
    [id_broker, id_station, id_pa]: [String; 3],
    receipt: ReceiptV2,
    xml: String,
) -> Result<(), Guasto> {
    let evento = &mut chiamata.scambio.evento;
    evento.id_dominio = Some(receipt.fiscal_code.clone());
    evento.iuv = Some(receipt.creditor_reference_id.clone());
    evento.ccp = Some(receipt.receipt_id.clone());
    evento.id_psp = Some(receipt.id_psp.clone());
    evento.id_canale = Some(receipt.id_channel.clone());
    evento.id_stazione = Some(id_station.clone());
    // The body that is called may be one of those that share the payment.
    verifica_destinatario(chiamata.pagamenti, &id_broker, &id_station, &id_pa).await?;
    acquisisci(
        chiamata,
        Documento::V2(receipt.into()),
        xml,
        FaultPa::ReceiptDuplicata,
    )
    .await
}

async fn acquisisci<M>(
    chiamata: &mut Chiamata<'_, M>,
    documento: Documento,
    xml: String,
    duplicata: FaultPa,
) -> Result<(), Guasto> {
    let p = chiamata.pagamenti;
    let rt = RtInArrivo {
        documento,
        xml,
        now: p.now(),
    };
    let scambio = &mut *chiamata.scambio;
    match p.db.acquisisci_rt(rt).await? {
        Acquisizione::Acquisita {
            id_a2a,
            id_pendenza,
            id_pagamento,
            anomala,
            segnalazioni,
        } => {
            p.ente.sveglia();
            let evento = &mut scambio.evento;
            evento.id_a2a = Some(id_a2a);
            evento.id_pendenza = Some(id_pendenza);
            evento.id_pagamento = id_pagamento;
            if anomala {
                evento.severita = 4; // somebody has to look at it
            }
            evento.dettaglio_esito = Some(segnalazioni.join("; ")).filter(|text| !text.is_empty());
            Ok(())
        }
        Acquisizione::Duplicata { .. } => Err(Guasto::new(
            duplicata,
            "la ricevuta è già acquisita: non occorre inviarla di nuovo",
        )),
        Acquisizione::Orfana { .. } => {
            scambio.evento.severita = 4;
            let text = "nessuna richiesta di pagamento corrisponde: la ricevuta è conservata tra \
                        quelle senza posizione";
            Err(Guasto::new(FaultPa::RptSconosciuta, text))
        }
        Acquisizione::Respinta { motivo } => {
            scambio.evento.severita = 4;
            Err(Guasto::new(
                FaultPa::Semantica,
                format!("{motivo} (la ricevuta è conservata)"),
            ))
        }
    }
}
