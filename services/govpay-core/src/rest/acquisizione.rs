//! Receipts taken in by hand: what the Node could not deliver, from a file.

use actix_multipart::Multipart;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, web};
use futures_util::{StreamExt as _, TryStreamExt as _};
use govpay_api::anagrafica::Servizio;
use govpay_api::{Categoria, Rpp};
use pagopa::documenti::Rt;
use pagopa::modello_unico::pa_for_node::{PaSendRtReq, PaSendRtV2Request};
use pagopa::xml;

use super::App;
use super::auth::{Operatore, lavora_per};
use super::risposta::{Guasto, Risposta};
use super::scambi;
use crate::giornale::Scambio;
use crate::invio::testo_rt;
use crate::pagamenti::{Errore, letture};
use crate::ricevuta::{Documento, RtInArrivo};
use crate::tentativo::Acquisizione;

/// Bytes of a receipt at most.
const BYTES_MAX: usize = 1024 * 1024;

/// Takes in an RT of PagInf 6.2.0, or a paSendRT or paSendRTV2 message: raw XML, or a form with a file.
pub async fn post_ricevuta(
    app: web::Data<App>,
    caller: Operatore,
    req: HttpRequest,
    payload: web::Payload,
) -> Risposta {
    caller.scrive(Servizio::Pagamenti)?;
    let bytes = leggi(&req, payload).await?;
    let mut scambio = scambi::begin(&app, "API_BACKOFFICE", "addRicevuta", &req, &bytes);
    let taken = acquisisci(&app, &caller, &bytes, &mut scambio).await;
    scambi::end(&app, scambio, StatusCode::CREATED, taken).await
}

async fn leggi(req: &HttpRequest, payload: web::Payload) -> Result<Vec<u8>, Errore> {
    let content_type = req.headers().get(header::CONTENT_TYPE);
    let content_type = content_type
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default();
    let interrotta =
        |error: String| Errore::richiesta(format!("la ricevuta non è arrivata intera: {error}"));
    let mut bytes = vec![];
    let mut aggiungi = |chunk: web::Bytes| {
        if bytes.len() + chunk.len() > BYTES_MAX {
            let text = "la ricevuta supera 1 MiB";
            let title = "Richiesta troppo grande";
            return Err(Errore::new(
                413,
                Categoria::Richiesta,
                "413000",
                title,
                text,
            ));
        }
        bytes.extend_from_slice(&chunk);
        Ok(())
    };
    match content_type.split(';').next().unwrap_or_default().trim() {
        "text/xml" | "application/xml" => {
            let mut payload = payload.into_inner();
            while let Some(chunk) = payload.next().await {
                aggiungi(chunk.map_err(|error| interrotta(error.to_string()))?)?;
            }
        }
        "multipart/form-data" => {
            let mut form = Multipart::new(req.headers(), payload.into_inner());
            let field = form.try_next().await;
            let field = field.map_err(|error| interrotta(error.to_string()))?;
            let mut field = field.ok_or_else(|| Errore::richiesta("il modulo non ha un file"))?;
            while let Some(chunk) = field.next().await {
                aggiungi(chunk.map_err(|error| interrotta(error.to_string()))?)?;
            }
        }
        altro => {
            let text = format!(
                "Content-Type: il valore '{altro}' non è tra text/xml, application/xml, multipart/form-data"
            );
            let title = "Formato non gestito";
            return Err(Errore::new(
                415,
                Categoria::Richiesta,
                "415000",
                title,
                text,
            ));
        }
    }
    Ok(bytes)
}

/// The document, of whichever protocol, and its text to be kept.
fn documento(bytes: &[u8]) -> Result<(Documento, String), Errore> {
    let illeggibile =
        |error: xml::XmlError| Errore::richiesta(format!("la ricevuta non si legge: {error}"));
    let text = xml::decode(bytes, None).map_err(illeggibile)?;
    let root = xml::Element::parse(&text).map_err(illeggibile)?;
    match root.name() {
        "RT" => {
            let rt = Rt::parse(bytes).map_err(illeggibile)?;
            let text = testo_rt(&rt, bytes);
            Ok((Documento::V1(Box::new(rt)), text))
        }
        "paSendRTReq" => {
            let message: PaSendRtReq = xml::from_document(&text).map_err(illeggibile)?;
            Ok((
                Documento::V2(Box::new(message.receipt.into())),
                text.into_owned(),
            ))
        }
        "paSendRTV2Request" => {
            let message: PaSendRtV2Request = xml::from_document(&text).map_err(illeggibile)?;
            Ok((Documento::V2(Box::new(message.receipt)), text.into_owned()))
        }
        altro => Err(Errore::richiesta(format!(
            "il documento è '{altro}': serve una RT, un paSendRTReq o un paSendRTV2Request"
        ))),
    }
}

async fn acquisisci(
    app: &App,
    caller: &Operatore,
    bytes: &[u8],
    scambio: &mut Scambio,
) -> Result<Rpp, Guasto> {
    let caller = caller.scrive(Servizio::Pagamenti)?;
    let (documento, xml) = documento(bytes)?;
    let p = &app.pagamenti;
    let rt = RtInArrivo {
        documento,
        xml,
        now: p.now(),
    };
    let (dominio, iuv, ccp) = rt.chiave();
    let key = [dominio.to_owned(), iuv.to_owned(), ccp.to_owned()];
    let evento = &mut scambio.evento;
    evento.id_dominio = Some(key[0].clone());
    evento.iuv = Some(key[1].clone());
    evento.ccp = Some(key[2].clone());
    lavora_per(&caller, &key[0])?;
    match p.db.acquisisci_rt(rt).await? {
        Acquisizione::Acquisita {
            id_a2a,
            id_pendenza,
            id_pagamento,
            anomala,
            ..
        } => {
            p.ente.sveglia();
            evento.id_a2a = Some(id_a2a);
            evento.id_pendenza = Some(id_pendenza);
            evento.id_pagamento = id_pagamento;
            if anomala {
                evento.severita = 4; // somebody has to look at it
            }
            Ok(letture::rpp(p, &caller, key).await?)
        }
        Acquisizione::Duplicata { .. } => Err(Errore::operazione(
            "422000",
            "La ricevuta è già acquisita",
            format!("dominio {}, IUV {}, ricevuta {}: non occorre caricarla di nuovo", key[0], key[1], key[2]),
        )
        .into()),
        Acquisizione::Orfana { .. } => Err(Errore::operazione(
            "PAG_008",
            "Transazione sconosciuta",
            format!("nessuna richiesta di pagamento con dominio {} e IUV {}: la ricevuta è conservata tra quelle senza posizione", key[0], key[1]),
        )
        .into()),
        Acquisizione::Respinta { motivo } => Err(Errore::operazione(
            "422000",
            "La ricevuta non corrisponde alla richiesta di pagamento",
            format!("{motivo} (la ricevuta è conservata)"),
        )
        .into()),
    }
}
