//! An ente played by a small server: it answers what the test told it to and remembers what it got.

use std::collections::HashMap;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use actix_web::web::{Bytes, Data, Path, to};
use actix_web::{App, HttpResponse, HttpServer};
use domain::Importo;
use pagopa::documenti::{EnteBeneficiario, Rt};
use pagopa::modello_unico::pa_for_node::{
    PaGetPaymentV2Request, PaGetPaymentV2Response, PaSendRtV2Request, PaSendRtV2Response,
    PaVerifyPaymentNoticeReq, PaVerifyPaymentNoticeRes, PaymentListPa, PaymentOptionPa,
    PaymentPaV2, TransferListPaV2, TransferPaV2,
};
use pagopa::modello_unico::{Accredito, PaymentOptions, Subject};
use pagopa::ppt::{
    Causale, DatiPagamentoPa, IntestazionePpt, PaaAttivaRpt, PaaAttivaRptRisposta, PaaInviaRt,
    PaaInviaRtRisposta, PaaVerificaRpt, PaaVerificaRptRisposta,
};
use pagopa::xml::Message;
use pagopa::{Envelope, Esito, FaultBean, FaultPa, soap};

use crate::mondo::{IBAN_UNIONE, IBAN_VALTORBIDA, UNIONE, VALTORBIDA, invia_rpt, rpt_po};

/// How the ente takes receipts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ricezione {
    #[default]
    Accetta,
    /// HTTP 503.
    Giu,
    /// Takes the receipt and never answers.
    Tace,
    Rifiuta(FaultPa),
}

#[derive(Default)]
pub struct Stato {
    pub ricezione: Ricezione,
    /// Receipts as they came, refused ones and repetitions included: (iuv, ccp or receiptId, bytes).
    pub arrivate: Vec<(String, String, Vec<u8>)>,
    /// Those that were accepted first.
    pub accettate: Vec<(String, String)>,
    /// Amount due by IUV, in cents.
    pub dovuti: HashMap<String, i64>,
    /// Amount at the activation, when it is another one.
    pub all_attivazione: Option<i64>,
    /// Fault of verification and of activation.
    pub rifiuto: Option<FaultPa>,
    /// Where the Node is, for the RPT after an activation.
    pub nodo: String,
    /// Whether the RPT is sent after paaAttivaRPT.
    pub manda_rpt: bool,
    pub operazioni: Vec<String>,
    /// Answer of WISP: status and body.
    pub wisp: (u16, String),
}

#[derive(Clone)]
pub struct Ente {
    pub url: String,
    pub stato: Arc<Mutex<Stato>>,
}

impl Ente {
    /// Starts on a port of its own.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let stato = Stato {
            manda_rpt: true,
            ..Stato::default()
        };
        let ente = Self {
            url,
            stato: Arc::new(Mutex::new(stato)),
        };
        let data = Data::new(ente.clone());
        let server = HttpServer::new(move || {
            App::new()
                .app_data(data.clone())
                .route("/pa/{service}", actix_web::web::post().to(soap))
                .route("/api/v1/scelte/{a}/{b}/{c}", actix_web::web::get().to(wisp))
                .default_service(to(altrove))
        });
        let server = server
            .workers(1)
            .disable_signals()
            .listen(listener)
            .unwrap()
            .run();
        tokio::spawn(server);
        ente
    }

    pub fn con<T>(&self, work: impl FnOnce(&mut Stato) -> T) -> T {
        work(&mut self.stato.lock().unwrap())
    }

    pub fn deve(&self, iuv: &str, cents: i64) {
        self.con(|s| s.dovuti.insert(iuv.to_owned(), cents));
    }

    pub fn ricezione(&self, ricezione: Ricezione) {
        self.con(|s| s.ricezione = ricezione);
    }

    /// The receipts that came for this IUV, repetitions included.
    pub fn arrivate(&self, iuv: &str) -> Vec<Vec<u8>> {
        self.con(|s| {
            s.arrivate
                .iter()
                .filter(|(i, ..)| i == iuv)
                .map(|(.., bytes)| bytes.clone())
                .collect()
        })
    }

    pub fn rt(&self, iuv: &str) -> Vec<Rt> {
        self.arrivate(iuv)
            .iter()
            .map(|bytes| Rt::parse(bytes).unwrap())
            .collect()
    }

    fn dovuto(&self, iuv: &str) -> Importo {
        let cents = self.con(|s| s.dovuti.get(iuv).copied());
        Importo::from_cents(cents.unwrap_or(1_000)).unwrap()
    }

    fn rifiuto(&self, dominio: &str) -> Option<FaultBean> {
        self.con(|s| s.rifiuto)
            .map(|fault| FaultBean::paa(fault, dominio, "come da prova"))
    }
}

/// Any other site that the browser reaches: the way back, the portal.
async fn altrove() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/html")
        .body("<main><h1>altro sito</h1></main>")
}

async fn wisp(ente: Data<Ente>) -> HttpResponse {
    let (status, body) = ente.con(|s| s.wisp.clone());
    let status = actix_web::http::StatusCode::from_u16(status).unwrap();
    HttpResponse::build(status)
        .content_type("application/json")
        .body(body)
}

fn risposta<M: Message>(message: &M) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(soap::CONTENT_TYPE)
        .body(soap::build(message).unwrap())
}

async fn soap(ente: Data<Ente>, service: Path<String>, body: Bytes) -> HttpResponse {
    let envelope = Envelope::parse(&body, None).unwrap();
    let operation = envelope.element().to_owned();
    ente.con(|s| s.operazioni.push(operation.clone()));
    match (service.as_str(), operation.as_str()) {
        ("PagamentiTelematiciCCPservice", "paaVerificaRPT") => verifica_rpt(&ente, &envelope),
        ("PagamentiTelematiciCCPservice", "paaAttivaRPT") => attiva_rpt(&ente, &envelope),
        ("PagamentiTelematiciRTservice", "paaInviaRT") => invia_rt(&ente, &envelope).await,
        ("PagamentiTelematiciCCPservice", "paVerifyPaymentNoticeReq") => verify(&ente, &envelope),
        ("PagamentiTelematiciCCPservice", "paGetPaymentV2Request") => get_payment(&ente, &envelope),
        ("PagamentiTelematiciCCPservice", "paSendRTV2Request") => send_rt(&ente, &envelope).await,
        other => panic!("{other:?} was called"),
    }
}

fn dati(importo: Importo) -> DatiPagamentoPa {
    DatiPagamentoPa {
        importo_singolo_versamento: importo,
        iban_accredito: IBAN_VALTORBIDA.to_owned(),
        bic_accredito: None,
        ente_beneficiario: Some(EnteBeneficiario::new(VALTORBIDA, "Comune di Valtorbida")),
        credenziali_pagatore: None,
        causale: Causale::Versamento("Tassa sui rifiuti".to_owned()),
    }
}

fn verifica_rpt(ente: &Ente, envelope: &Envelope) -> HttpResponse {
    let header: IntestazionePpt = envelope.header().unwrap();
    let _: PaaVerificaRpt = envelope.body().unwrap();
    if let Some(fault) = ente.rifiuto(&header.identificativo_dominio) {
        return risposta(&PaaVerificaRptRisposta::ko(fault));
    }
    risposta(&PaaVerificaRptRisposta {
        fault: None,
        esito: Esito::Ok,
        dati_pagamento_pa: Some(dati(ente.dovuto(&header.identificativo_univoco_versamento))),
    })
}

fn attiva_rpt(ente: &Ente, envelope: &Envelope) -> HttpResponse {
    let header: IntestazionePpt = envelope.header().unwrap();
    let attiva: PaaAttivaRpt = envelope.body().unwrap();
    let importo = match ente.con(|s| s.all_attivazione) {
        Some(cents) => Importo::from_cents(cents).unwrap(),
        None => ente.dovuto(&header.identificativo_univoco_versamento),
    };
    if ente.con(|s| s.manda_rpt) {
        // After the answer, as the protocol wants.
        let rpt = rpt_po(&header, importo);
        let nodo = ente.con(|s| s.nodo.clone());
        tokio::spawn(async move {
            let answer = invia_rpt(&nodo, &rpt, &attiva.identificativo_canale_psp).await;
            assert_eq!(answer.esito, Esito::Ok, "{:?}", answer.fault);
        });
    }
    risposta(&PaaAttivaRptRisposta {
        fault: None,
        esito: Esito::Ok,
        dati_pagamento_pa: Some(dati(importo)),
    })
}

/// Whether the receipt is taken; `None` for an ente that says nothing any more.
async fn ricevi(ente: &Ente, iuv: &str, ccp: &str, bytes: Vec<u8>) -> Option<Result<(), FaultPa>> {
    let key = (iuv.to_owned(), ccp.to_owned());
    let ricezione = ente.con(|s| {
        s.arrivate.push((key.0.clone(), key.1.clone(), bytes));
        s.ricezione
    });
    let first = |s: &mut Stato| {
        let first = !s.accettate.contains(&key);
        if first {
            s.accettate.push(key.clone());
        }
        first
    };
    match ricezione {
        Ricezione::Accetta if ente.con(first) => Some(Ok(())),
        Ricezione::Accetta => Some(Err(FaultPa::RtDuplicata)),
        Ricezione::Rifiuta(fault) => Some(Err(fault)),
        Ricezione::Giu => None,
        Ricezione::Tace => {
            ente.con(first);
            futures_util::future::pending::<()>().await;
            None
        }
    }
}

async fn invia_rt(ente: &Ente, envelope: &Envelope) -> HttpResponse {
    let header: IntestazionePpt = envelope.header().unwrap();
    let invio: PaaInviaRt = envelope.body().unwrap();
    let iuv = &header.identificativo_univoco_versamento;
    match ricevi(ente, iuv, &header.codice_contesto_pagamento, invio.rt).await {
        None => HttpResponse::ServiceUnavailable().finish(),
        Some(Ok(())) => risposta(&PaaInviaRtRisposta {
            fault: None,
            esito: Esito::Ok,
        }),
        Some(Err(fault)) => risposta(&PaaInviaRtRisposta::ko(FaultBean::paa(
            fault,
            VALTORBIDA,
            "come da prova",
        ))),
    }
}

fn verify(ente: &Ente, envelope: &Envelope) -> HttpResponse {
    let ask: PaVerifyPaymentNoticeReq = envelope.body().unwrap();
    if let Some(fault) = ente.rifiuto(&ask.id_pa) {
        return risposta(&PaVerifyPaymentNoticeRes::ko(fault));
    }
    let iuv = &ask.qr_code.notice_number[1..];
    risposta(&PaVerifyPaymentNoticeRes {
        outcome: Esito::Ok,
        fault: None,
        payment_list: Some(PaymentListPa {
            option: PaymentOptionPa {
                amount: ente.dovuto(iuv),
                options: PaymentOptions::Eq,
                due_date: None,
                detail_description: None,
                all_ccp: false,
            },
        }),
        payment_description: Some("Sanzione amministrativa".to_owned()),
        fiscal_code_pa: Some(UNIONE.to_owned()),
        company_name: Some("Unione Terre d'Esempio".to_owned()),
        office_name: None,
    })
}

fn get_payment(ente: &Ente, envelope: &Envelope) -> HttpResponse {
    let ask: PaGetPaymentV2Request = envelope.body().unwrap();
    let iuv = ask.qr_code.notice_number[1..].to_owned();
    let importo = match ente.con(|s| s.all_attivazione) {
        Some(cents) => Importo::from_cents(cents).unwrap(),
        None => ente.dovuto(&iuv),
    };
    let tipo = domain::TipoSoggetto::F;
    risposta(&PaGetPaymentV2Response {
        outcome: Esito::Ok,
        fault: None,
        data: Some(PaymentPaV2 {
            creditor_reference_id: iuv.clone(),
            payment_amount: importo,
            due_date: "2030-12-31".parse().unwrap(),
            retention_date: None,
            last_payment: None,
            description: "Sanzione amministrativa".to_owned(),
            company_name: "Unione Terre d'Esempio".to_owned(),
            office_name: None,
            debtor: Subject::new(tipo, "BNCLRA85M41F205C", "Laura Bianchi"),
            transfer_list: TransferListPaV2 {
                transfers: vec![TransferPaV2 {
                    id_transfer: 1,
                    transfer_amount: importo,
                    fiscal_code_pa: UNIONE.to_owned(),
                    company_name: None,
                    accredito: Accredito::Iban(IBAN_UNIONE.to_owned()),
                    remittance_information: format!("/RFB/{iuv}/{importo}/TXT/Sanzione"),
                    transfer_category: "9/SANZIONI".to_owned(),
                    metadata: None,
                }],
            },
            metadata: None,
        }),
    })
}

async fn send_rt(ente: &Ente, envelope: &Envelope) -> HttpResponse {
    let message: PaSendRtV2Request = envelope.body().unwrap();
    let document = pagopa::xml::to_document(&message).unwrap().into_bytes();
    let receipt = &message.receipt;
    match ricevi(
        ente,
        &receipt.creditor_reference_id,
        &receipt.receipt_id,
        document,
    )
    .await
    {
        None => HttpResponse::ServiceUnavailable().finish(),
        Some(Ok(())) => risposta(&PaSendRtV2Response {
            outcome: Esito::Ok,
            fault: None,
        }),
        Some(Err(FaultPa::RtDuplicata)) => {
            let fault = FaultBean::paa(FaultPa::ReceiptDuplicata, UNIONE, "come da prova");
            risposta(&PaSendRtV2Response::ko(fault))
        }
        Some(Err(fault)) => risposta(&PaSendRtV2Response::ko(FaultBean::paa(
            fault,
            UNIONE,
            "come da prova",
        ))),
    }
}
