//! Client of the Node (NodoPerPa): one method per operation, every exchange in the giornale.
//!
//! What an answer means for a payment is decided by [`crate::invio`].

use std::time::Duration;

use pagopa::ppt::{
    ElementoListaRpt, IntestazioneCarrelloPpt, IntestazionePpt, ListaRpt, NodoChiediCopiaRt,
    NodoChiediCopiaRtRisposta, NodoChiediSceltaWisp, NodoChiediSceltaWispRisposta,
    NodoChiediStatoRpt, NodoChiediStatoRptRisposta, NodoInviaCarrelloRpt,
    NodoInviaCarrelloRptRisposta, NodoInviaRpt, NodoInviaRptRisposta,
};
use pagopa::{Envelope, FaultBean, Masked, Request, XmlError, soap};
use platform::{Clock, http};

use crate::giornale::{Giornale, Scambio};
use crate::posizione::Stazione;
use crate::tentativo::RptRow;

/// How long the Node may take (longer than the 20 s that it gives to a PSP).
const TIMEOUT: Duration = Duration::from_secs(30);

/// Why there is no answer of the protocol. Whether the Node did what it was asked is not known.
#[derive(Debug, thiserror::Error)]
pub enum NodoError {
    #[error("il Nodo dei Pagamenti non è raggiungibile: {0}")]
    Irraggiungibile(String),
    #[error("la risposta del Nodo dei Pagamenti non si legge: {0}")]
    Illeggibile(String),
    /// The request breaks a rule of the schema, so it was not sent.
    #[error("il messaggio per il Nodo dei Pagamenti non si può comporre: {0}")]
    Richiesta(#[from] XmlError),
}

#[derive(Clone)]
pub struct Nodo {
    http: reqwest::Client,
    default_url: String,
    giornale: Giornale,
    clock: Clock,
}

/// What the giornale says of the subject of an exchange.
#[derive(Clone, Default)]
pub struct Oggetto {
    pub id_dominio: Option<String>,
    pub iuv: Option<String>,
    pub ccp: Option<String>,
    pub id_pagamento: Option<String>,
    pub id_psp: Option<String>,
    pub id_canale: Option<String>,
}

impl From<&RptRow> for Oggetto {
    fn from(row: &RptRow) -> Self {
        Self {
            id_dominio: Some(row.id_dominio.clone()),
            iuv: Some(row.iuv.clone()),
            ccp: Some(row.ccp.clone()),
            id_pagamento: row.pagamento.clone(),
            id_psp: row.id_psp.clone(),
            id_canale: row.id_canale.clone(),
        }
    }
}

impl Nodo {
    /// `default_url`: our Node, for brokers that name no other.
    pub fn new(default_url: String, giornale: Giornale, clock: Clock) -> anyhow::Result<Self> {
        Ok(Self {
            http: http::client(TIMEOUT)?,
            default_url,
            giornale,
            clock,
        })
    }

    pub async fn invia_rpt(
        &self,
        stazione: &Stazione,
        row: &RptRow,
    ) -> Result<NodoInviaRptRisposta, NodoError> {
        let header = IntestazionePpt {
            identificativo_intermediario_pa: stazione.stazione.id_intermediario.clone(),
            identificativo_stazione_intermediario_pa: stazione.stazione.id_stazione.clone(),
            identificativo_dominio: row.id_dominio.clone(),
            identificativo_univoco_versamento: row.iuv.clone(),
            codice_contesto_pagamento: row.ccp.clone(),
        };
        let message = NodoInviaRpt {
            password: password(stazione),
            identificativo_psp: row.id_psp.clone().unwrap_or_default(),
            identificativo_intermediario_psp: row.id_intermediario_psp.clone().unwrap_or_default(),
            identificativo_canale: row.id_canale.clone().unwrap_or_default(),
            tipo_firma: Some(String::new()),
            rpt: row.xml_rpt.clone().unwrap_or_default().into_bytes(),
        };
        let xml = soap::build_with_header(&header, &message)?;
        let fault = |answer: &NodoInviaRptRisposta| answer.fault.clone();
        self.ask::<NodoInviaRpt>(stazione, xml, row.into(), fault)
            .await
    }

    /// Several RPTs of one station; `rows` are not empty.
    pub async fn invia_carrello(
        &self,
        stazione: &Stazione,
        id_carrello: &str,
        rows: &[RptRow],
    ) -> Result<NodoInviaCarrelloRptRisposta, NodoError> {
        let header = IntestazioneCarrelloPpt {
            identificativo_intermediario_pa: stazione.stazione.id_intermediario.clone(),
            identificativo_stazione_intermediario_pa: stazione.stazione.id_stazione.clone(),
            identificativo_carrello: id_carrello.to_owned(),
        };
        let element = |row: &RptRow| ElementoListaRpt {
            identificativo_dominio: row.id_dominio.clone(),
            identificativo_univoco_versamento: row.iuv.clone(),
            codice_contesto_pagamento: row.ccp.clone(),
            tipo_firma: Some(String::new()),
            rpt: row.xml_rpt.clone().unwrap_or_default().into_bytes(),
        };
        let first = rows.first();
        let of_psp = |get: fn(&RptRow) -> &Option<String>| {
            first.and_then(|row| get(row).clone()).unwrap_or_default()
        };
        let message = NodoInviaCarrelloRpt {
            password: password(stazione),
            identificativo_psp: of_psp(|row| &row.id_psp),
            identificativo_intermediario_psp: of_psp(|row| &row.id_intermediario_psp),
            identificativo_canale: of_psp(|row| &row.id_canale),
            lista_rpt: ListaRpt {
                elementi: rows.iter().map(element).collect(),
            },
            require_light_payment: None,
            codice_convenzione: None,
            multi_beneficiario: None,
        };
        let xml = soap::build_with_header(&header, &message)?;
        let oggetto = Oggetto {
            iuv: None,
            ccp: None,
            ..first.map(Oggetto::from).unwrap_or_default()
        };
        let fault = |answer: &NodoInviaCarrelloRptRisposta| errore_carrello(answer);
        self.ask::<NodoInviaCarrelloRpt>(stazione, xml, oggetto, fault)
            .await
    }

    pub async fn chiedi_stato(
        &self,
        stazione: &Stazione,
        row: &RptRow,
    ) -> Result<NodoChiediStatoRptRisposta, NodoError> {
        let message = NodoChiediStatoRpt {
            identificativo_intermediario_pa: stazione.stazione.id_intermediario.clone(),
            identificativo_stazione_intermediario_pa: stazione.stazione.id_stazione.clone(),
            password: password(stazione),
            identificativo_dominio: row.id_dominio.clone(),
            identificativo_univoco_versamento: row.iuv.clone(),
            codice_contesto_pagamento: row.ccp.clone(),
        };
        let fault = |answer: &NodoChiediStatoRptRisposta| answer.fault.clone();
        self.ask::<NodoChiediStatoRpt>(stazione, soap::build(&message)?, row.into(), fault)
            .await
    }

    pub async fn chiedi_copia_rt(
        &self,
        stazione: &Stazione,
        row: &RptRow,
    ) -> Result<NodoChiediCopiaRtRisposta, NodoError> {
        let message = NodoChiediCopiaRt {
            identificativo_intermediario_pa: stazione.stazione.id_intermediario.clone(),
            identificativo_stazione_intermediario_pa: stazione.stazione.id_stazione.clone(),
            password: password(stazione),
            identificativo_dominio: row.id_dominio.clone(),
            identificativo_univoco_versamento: row.iuv.clone(),
            codice_contesto_pagamento: row.ccp.clone(),
        };
        let fault = |answer: &NodoChiediCopiaRtRisposta| answer.fault.clone();
        self.ask::<NodoChiediCopiaRt>(stazione, soap::build(&message)?, row.into(), fault)
            .await
    }

    pub async fn chiedi_scelta_wisp(
        &self,
        stazione: &Stazione,
        id_dominio: &str,
        key_pa: &str,
        key_wisp: &str,
    ) -> Result<NodoChiediSceltaWispRisposta, NodoError> {
        let message = NodoChiediSceltaWisp {
            identificativo_intermediario_pa: stazione.stazione.id_intermediario.clone(),
            identificativo_stazione_intermediario_pa: stazione.stazione.id_stazione.clone(),
            password: password(stazione),
            identificativo_dominio: id_dominio.to_owned(),
            key_pa: key_pa.to_owned(),
            key_wisp: key_wisp.to_owned(),
        };
        let oggetto = Oggetto {
            id_dominio: Some(id_dominio.to_owned()),
            ..Oggetto::default()
        };
        let fault = |answer: &NodoChiediSceltaWispRisposta| answer.fault.clone();
        self.ask::<NodoChiediSceltaWisp>(stazione, soap::build(&message)?, oggetto, fault)
            .await
    }

    /// Where the calls of a broker go.
    pub fn url<'a>(&'a self, of_broker: Option<&'a str>) -> &'a str {
        of_broker.unwrap_or(&self.default_url)
    }

    /// One exchange. `fault` finds the refusal in the answer, for the giornale.
    async fn ask<R: Request>(
        &self,
        stazione: &Stazione,
        xml: String,
        oggetto: Oggetto,
        fault: impl Fn(&R::Response) -> Option<FaultBean>,
    ) -> Result<R::Response, NodoError> {
        let url = self.url(stazione.intermediario.url_nodo.as_deref());
        let mut scambio = self.giornale.begin("API_PAGOPA", "CLIENT", R::OPERATION);
        let evento = &mut scambio.evento;
        evento.id_dominio = oggetto.id_dominio;
        evento.iuv = oggetto.iuv;
        evento.ccp = oggetto.ccp;
        evento.id_pagamento = oggetto.id_pagamento;
        evento.id_psp = oggetto.id_psp;
        evento.id_canale = oggetto.id_canale;
        evento.id_stazione = Some(stazione.stazione.id_stazione.clone());
        scambio.richiesta("POST", url, &xml, self.clock.now());
        let answer = self.exchange::<R>(url, xml, &mut scambio).await;
        match &answer {
            Ok(answer) => {
                if let Some(fault) = fault(answer) {
                    let text = fault.description.as_deref().unwrap_or(&fault.fault_string);
                    scambio.ko(&fault.fault_code, text);
                }
            }
            Err(error) => scambio.fail("NDP_000", error.to_string()),
        }
        self.giornale.end(scambio).await;
        answer
    }

    async fn exchange<R: Request>(
        &self,
        url: &str,
        xml: String,
        scambio: &mut Scambio,
    ) -> Result<R::Response, NodoError> {
        let request = self
            .http
            .post(url)
            .header("Content-Type", soap::CONTENT_TYPE)
            .header("SOAPAction", format!("\"{}\"", R::OPERATION))
            .body(xml);
        let response = http::traced(request).send().await.map_err(unreachable)?;
        let status = response.status().as_u16();
        let charset = response
            .headers()
            .get("content-type")
            .and_then(|value| value.to_str().ok())
            .and_then(soap::charset)
            .map(str::to_owned);
        let body = http::read_limited(response, http::MAX_BODY_BYTES)
            .await
            .map_err(|error| NodoError::Illeggibile(error.to_string()))?;
        scambio.risposta(status, &String::from_utf8_lossy(&body), self.clock.now());
        let unreadable =
            |error: XmlError| NodoError::Illeggibile(format!("HTTP {status}: {error}"));
        let envelope = Envelope::parse(&body, charset.as_deref()).map_err(unreadable)?;
        if let Some(fault) = envelope.fault() {
            return Err(NodoError::Illeggibile(format!(
                "SOAP fault: {}",
                fault.string
            )));
        }
        envelope.body().map_err(unreadable)
    }
}

fn password(stazione: &Stazione) -> Masked {
    Masked::from(stazione.stazione.password.clone())
}

/// Without the URL, which reqwest puts in its messages: the giornale has it.
fn unreachable(error: reqwest::Error) -> NodoError {
    let what = if error.is_timeout() {
        format!("nessuna risposta entro {} secondi", TIMEOUT.as_secs())
    } else if error.is_connect() {
        "connessione rifiutata o indirizzo errato".to_owned()
    } else {
        format!("comunicazione interrotta ({})", error.without_url())
    };
    NodoError::Irraggiungibile(what)
}

/// The refusal of a cart: its own fault, or the first of its RPTs.
pub fn errore_carrello(answer: &NodoInviaCarrelloRptRisposta) -> Option<FaultBean> {
    let of_rpt = || {
        answer
            .lista_errori_rpt
            .as_ref()
            .and_then(|list| list.fault.first())
    };
    answer.fault.as_ref().or_else(of_rpt).cloned()
}
