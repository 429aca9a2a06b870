//! The SOAP services that the Node calls: this core as ente creditore.
//!
//! Here: the way in and out of a message. What an operation does is in `legacy` (RPT and RT), `unico`
//! (modello unico) and `ricevute` (receipts of both). Refusals of the protocol are answers; what is
//! not even a message of the protocol gets a SOAP fault.

mod guasto;
mod legacy;
mod ricevute;
mod unico;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::StreamExt as _;
use pagopa::ppt::IntestazionePpt;
use pagopa::{Envelope, FaultBean, Request, SoapFault, XmlError, soap};

use crate::giornale::Scambio;
use crate::invio::Pagamenti;
use guasto::Guasto;

/// Largest message that is read.
const MAX_BYTES: usize = 20 * 1024 * 1024;

/// Base path of the two services.
pub const BASE: &str = "/govpay/frontend/api/pagopa";

const CCP_SERVICE: &str = "PagamentiTelematiciCCPservice";
const RT_SERVICE: &str = "PagamentiTelematiciRTservice";

/// The operations with the service that exposes each.
const OPERATIONS: [(&str, &str); 8] = [
    ("paaVerificaRPT", CCP_SERVICE),
    ("paaAttivaRPT", CCP_SERVICE),
    ("paVerifyPaymentNotice", CCP_SERVICE),
    ("paGetPayment", CCP_SERVICE),
    ("paGetPaymentV2", CCP_SERVICE),
    ("paSendRT", CCP_SERVICE),
    ("paSendRTV2", CCP_SERVICE),
    ("paaInviaRT", RT_SERVICE),
];

/// Mounts both services.
pub fn routes(config: &mut web::ServiceConfig) {
    config.service(web::resource(format!("{BASE}/{{servizio}}")).route(web::post().to(endpoint)));
}

/// One message in, one out; always in the giornale.
async fn endpoint(
    request: HttpRequest,
    servizio: web::Path<String>,
    payload: web::Payload,
    pagamenti: web::Data<Pagamenti>,
) -> HttpResponse {
    let header = |name: &str| {
        let value = request
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_owned()
    };
    let action = soap::operation(&header("SOAPAction")).to_owned();
    let mut scambio =
        pagamenti
            .giornale
            .begin("API_PAGOPA", "SERVER", "messaggio non riconosciuto");
    let bytes = match read(payload).await {
        Ok(bytes) => bytes,
        Err(fault) => return refuse(&pagamenti, scambio, fault).await,
    };
    let text = String::from_utf8_lossy(&bytes);
    scambio.richiesta("POST", request.path(), &text, pagamenti.now());
    let content_type = header("Content-Type");
    let envelope = match Envelope::parse(&bytes, soap::charset(&content_type)) {
        Ok(envelope) => envelope,
        Err(error) => {
            return refuse(&pagamenti, scambio, SoapFault::client(error.to_string())).await;
        }
    };
    let operation = match operation(&action, &envelope, &servizio) {
        Ok(operation) => operation,
        Err(fault) => return refuse(&pagamenti, scambio, fault).await,
    };
    operation.clone_into(&mut scambio.evento.tipo);
    match dispatch(&pagamenti, operation, &envelope, &mut scambio).await {
        Ok(xml) => {
            scambio.risposta(200, &xml, pagamenti.now());
            pagamenti.giornale.end(scambio).await;
            answer(StatusCode::OK, xml)
        }
        Err(error) => {
            tracing::error!(%error, operation, "answer that breaks its schema");
            let fault = SoapFault::server("La risposta non si può comporre: riprovare più tardi");
            refuse(&pagamenti, scambio, fault).await
        }
    }
}

async fn read(mut payload: web::Payload) -> Result<Vec<u8>, SoapFault> {
    let mut bytes = Vec::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| SoapFault::client("Il messaggio si è interrotto"))?;
        if bytes.len() + chunk.len() > MAX_BYTES {
            let limit = MAX_BYTES / (1024 * 1024);
            return Err(SoapFault::client(format!("Il messaggio supera {limit} MB")));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// The operation that `SOAPAction` names; without the header, the one of the message itself.
fn operation(action: &str, envelope: &Envelope, servizio: &str) -> Result<&'static str, SoapFault> {
    let element = envelope.element();
    let named = if action.is_empty() {
        element.trim_end_matches("Req").trim_end_matches("Request")
    } else {
        action
    };
    let found = OPERATIONS.iter().find(|(operation, _)| *operation == named);
    match found {
        Some((operation, home)) if *home == servizio => Ok(operation),
        Some((operation, home)) => Err(SoapFault::client(format!(
            "{operation} si chiama su {BASE}/{home}"
        ))),
        None => {
            let known = OPERATIONS.map(|(operation, _)| operation).join(", ");
            let what = if action.is_empty() {
                format!("Il messaggio '{element}' non è di questo servizio")
            } else {
                format!("SOAPAction '{action}' non riconosciuta")
            };
            Err(SoapFault::client(format!(
                "{what}: le operazioni sono {known}"
            )))
        }
    }
}

async fn dispatch(
    p: &Pagamenti,
    operation: &str,
    envelope: &Envelope,
    scambio: &mut Scambio,
) -> Result<String, XmlError> {
    use pagopa::modello_unico::pa_for_node as unico_types;
    use pagopa::ppt;
    match operation {
        "paaVerificaRPT" => {
            let ko = ppt::PaaVerificaRptRisposta::ko;
            serve(p, envelope, scambio, ko, legacy::verifica).await
        }
        "paaAttivaRPT" => {
            let ko = ppt::PaaAttivaRptRisposta::ko;
            serve(p, envelope, scambio, ko, legacy::attiva).await
        }
        "paaInviaRT" => {
            serve(
                p,
                envelope,
                scambio,
                ppt::PaaInviaRtRisposta::ko,
                ricevute::invia_rt,
            )
            .await
        }
        "paVerifyPaymentNotice" => {
            let ko = unico_types::PaVerifyPaymentNoticeRes::ko;
            serve(p, envelope, scambio, ko, unico::verify).await
        }
        "paGetPayment" => {
            serve(
                p,
                envelope,
                scambio,
                unico_types::PaGetPaymentRes::ko,
                unico::get_payment,
            )
            .await
        }
        "paGetPaymentV2" => {
            let ko = unico_types::PaGetPaymentV2Response::ko;
            serve(p, envelope, scambio, ko, unico::get_payment_v2).await
        }
        "paSendRT" => {
            serve(
                p,
                envelope,
                scambio,
                unico_types::PaSendRtRes::ko,
                ricevute::send_rt,
            )
            .await
        }
        _ => {
            let ko = unico_types::PaSendRtV2Response::ko;
            serve(p, envelope, scambio, ko, ricevute::send_rt_v2).await
        }
    }
}

/// A message on its way to what handles it.
struct Chiamata<'a, M> {
    pagamenti: &'a Pagamenti,
    envelope: &'a Envelope,
    message: M,
    scambio: &'a mut Scambio,
}

impl<M> Chiamata<'_, M> {
    /// The header of the old primitives, noted in the giornale.
    fn intestazione(&mut self) -> Result<IntestazionePpt, Guasto> {
        let header: IntestazionePpt = self.envelope.header().map_err(Guasto::sintassi_xsd)?;
        let evento = &mut self.scambio.evento;
        evento.id_dominio = Some(header.identificativo_dominio.clone());
        evento.iuv = Some(header.identificativo_univoco_versamento.clone());
        evento.ccp = Some(header.codice_contesto_pagamento.clone());
        evento.id_stazione = Some(header.identificativo_stazione_intermediario_pa.clone());
        Ok(header)
    }
}

/// Reads the message, handles it, and answers; a refusal is an answer with a fault.
async fn serve<R, F>(
    pagamenti: &Pagamenti,
    envelope: &Envelope,
    scambio: &mut Scambio,
    ko: fn(FaultBean) -> R::Response,
    handle: F,
) -> Result<String, XmlError>
where
    R: Request,
    F: AsyncFnOnce(&mut Chiamata<'_, R>) -> Result<R::Response, Guasto>,
{
    let outcome = match envelope.body::<R>() {
        Ok(message) => {
            let mut chiamata = Chiamata {
                pagamenti,
                envelope,
                message,
                scambio,
            };
            handle(&mut chiamata).await
        }
        Err(error) if R::NAMESPACE == pagopa::xml::ns::PPT => Err(Guasto::sintassi_xsd(error)),
        Err(error) => Err(Guasto::sintassi(error)),
    };
    let response = match outcome {
        Ok(response) => response,
        Err(guasto) => ko(guasto.fault(scambio)),
    };
    soap::build(&response)
}

async fn refuse(pagamenti: &Pagamenti, mut scambio: Scambio, fault: SoapFault) -> HttpResponse {
    let xml = fault.build();
    scambio.fail(fault.code, fault.string);
    scambio.risposta(500, &xml, pagamenti.now());
    pagamenti.giornale.end(scambio).await;
    answer(StatusCode::INTERNAL_SERVER_ERROR, xml)
}

fn answer(status: StatusCode, xml: String) -> HttpResponse {
    HttpResponse::build(status)
        .content_type(soap::CONTENT_TYPE)
        .body(xml)
}
