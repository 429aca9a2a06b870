//! The Node towards the enti: NodoPerPa over SOAP at `/nodo-auth/nodo-per-pa/v1`.
//!
//! What cannot be read as a message, or fails on our side, is a SOAP fault with status 500; what the
//! protocol has a word for is a `PPT_…` fault inside the response.

mod interrogazioni;
mod invio;

use actix_web::http::StatusCode;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::{Bytes, Data, PayloadConfig, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use pagopa::xml::{MAX_BYTES, Message};
use pagopa::{Envelope, FaultBean, FaultNodo, SoapFault, XmlError, soap};
use platform::StoreError;

use crate::app::App;
use crate::fault::{Fault, ppt};

pub const PATH: &str = "/nodo-auth/nodo-per-pa/v1";

pub fn routes(config: &mut ServiceConfig) {
    config.service(
        actix_web::web::resource(PATH)
            .app_data(PayloadConfig::new(MAX_BYTES))
            .post(nodo_per_pa),
    );
}

/// Why a call gets no data.
enum Stop {
    /// A fault of the protocol.
    Fault(Fault),
    /// Nobody's fault but ours: the same message may succeed later.
    Guasto(anyhow::Error),
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// A message that its schema refuses.
impl From<XmlError> for Stop {
    fn from(error: XmlError) -> Self {
        ppt(FaultNodo::SintassiExtraxsd, error.to_string()).into()
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Guasto(error.into())
    }
}

async fn nodo_per_pa(req: HttpRequest, app: Data<App>, body: Bytes) -> HttpResponse {
    let header = |name: &str| {
        req.headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
    };
    let charset = header(CONTENT_TYPE.as_str()).and_then(soap::charset);
    let envelope = match Envelope::parse(&body, charset) {
        Ok(envelope) => envelope,
        Err(error) => return soap_fault(&SoapFault::client(error.to_string())),
    };
    let action = header("soapaction")
        .map(soap::operation)
        .filter(|action| !action.is_empty());
    let operation = envelope.element();
    if let Some(action) = action.filter(|action| *action != operation) {
        return wrong_action(&format!("SOAPAction «{action}», messaggio «{operation}»"));
    }
    use interrogazioni as chiedi;
    use pagopa::ppt::{
        NodoChiediCopiaRtRisposta, NodoChiediListaPendentiRptRisposta,
        NodoChiediSceltaWispRisposta, NodoChiediStatoRptRisposta, NodoInviaCarrelloRptRisposta,
        NodoInviaRptRisposta,
    };
    match operation {
        "nodoInviaRPT" => answer(invio::rpt(&app, &envelope).await, NodoInviaRptRisposta::ko),
        "nodoInviaCarrelloRPT" => answer(
            invio::carrello(&app, &envelope).await,
            NodoInviaCarrelloRptRisposta::ko,
        ),
        "nodoChiediStatoRPT" => answer(
            chiedi::stato_rpt(&app, &envelope).await,
            NodoChiediStatoRptRisposta::ko,
        ),
        "nodoChiediCopiaRT" => answer(
            chiedi::copia_rt(&app, &envelope).await,
            NodoChiediCopiaRtRisposta::ko,
        ),
        "nodoChiediListaPendentiRPT" => answer(
            chiedi::lista_pendenti(&app, &envelope).await,
            NodoChiediListaPendentiRptRisposta::ko,
        ),
        "nodoChiediSceltaWISP" => answer(
            chiedi::scelta_wisp(&app, &envelope).await,
            NodoChiediSceltaWispRisposta::ko,
        ),
        other => wrong_action(&format!(
            "l'operazione «{other}» non è tra quelle di NodoPerPa"
        )),
    }
}

fn answer<M: Message>(result: Result<M, Stop>, ko: fn(FaultBean) -> M) -> HttpResponse {
    let message = match result {
        Ok(message) => message,
        Err(Stop::Fault(fault)) => {
            tracing::info!(fault = fault.fault_code, "the Node refused a call");
            ko(*fault)
        }
        Err(Stop::Guasto(error)) => {
            tracing::error!(error = format!("{error:#}"), "the Node could not answer");
            return soap_fault(&SoapFault::server(
                "Il Nodo non è disponibile: riprova tra poco.",
            ));
        }
    };
    match soap::build(&message) {
        Ok(xml) => HttpResponse::Ok()
            .content_type(soap::CONTENT_TYPE)
            .body(xml),
        Err(error) => {
            tracing::error!(%error, "an answer of the Node breaks its schema");
            soap_fault(&SoapFault::server(
                "La risposta del Nodo non si può scrivere.",
            ))
        }
    }
}

fn wrong_action(what: &str) -> HttpResponse {
    let code = FaultNodo::SoapactionErrata.code();
    soap_fault(&SoapFault::client(format!("{code}: {what}")))
}

fn soap_fault(fault: &SoapFault) -> HttpResponse {
    HttpResponse::build(StatusCode::INTERNAL_SERVER_ERROR)
        .content_type(soap::CONTENT_TYPE)
        .body(fault.build())
}
