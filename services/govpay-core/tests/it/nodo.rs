//! A Node to send RPTs to, and the Node's side of the calls to the core.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use chrono::NaiveDateTime;
use domain::{EsitoPagamento, Importo};
use pagopa::documenti::{
    DatiPagamento, DatiSingoloPagamento, IstitutoAttestante, Rpt, Rt, TipoAttestante,
};
use pagopa::ppt::{
    EffettuazioneScelta, EsitoChiediStatoRpt, IntestazionePpt, NodoChiediCopiaRt,
    NodoChiediCopiaRtRisposta, NodoChiediSceltaWisp, NodoChiediSceltaWispRisposta,
    NodoChiediStatoRpt, NodoChiediStatoRptRisposta, NodoInviaCarrelloRpt,
    NodoInviaCarrelloRptRisposta, NodoInviaRpt, NodoInviaRptRisposta,
};
use pagopa::{Envelope, Esito, FaultBean, FaultNodo, Message, TipoVersamento, soap};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

pub const PATH: &str = "/nodo-auth/nodo-per-pa/v1";
pub const PSP: &str = "BLNKIT22";
pub const INTERMEDIARIO_PSP: &str = "30000000023";
pub const CANALE: &str = "30000000023_01";

/// How the Node behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Modo {
    /// Accepts, with an address for the browser.
    Immediato,
    /// Accepts, without one.
    Differito,
    Rifiuta(FaultNodo),
    /// Answers nothing that makes sense, and keeps nothing.
    Giu,
    /// Takes the RPT in and loses the answer.
    PerdeLaRisposta,
    /// Loses the RPT, and answers everything else.
    PerdeLaRichiesta,
}

#[derive(Default)]
struct Stato {
    modo: Option<Modo>,
    operations: Vec<String>,
    /// By (dominio, iuv, ccp), in the order of arrival.
    rpt: Vec<Rpt>,
    copies: HashMap<String, Vec<u8>>,
}

#[derive(Clone, Default)]
pub struct Nodo(Arc<Mutex<Stato>>);

pub struct NodoFinto {
    pub nodo: Nodo,
    pub server: MockServer,
}

impl NodoFinto {
    pub async fn start() -> Self {
        let nodo = Nodo::default();
        nodo.modo(Modo::Immediato);
        let server = MockServer::start().await;
        Mock::given(method("POST"))
            .and(path(PATH))
            .respond_with(nodo.clone())
            .mount(&server)
            .await;
        Self { nodo, server }
    }
}

impl Nodo {
    pub fn modo(&self, modo: Modo) {
        self.0.lock().unwrap().modo = Some(modo);
    }

    /// The RPTs that arrived.
    pub fn rpt(&self) -> Vec<Rpt> {
        self.0.lock().unwrap().rpt.clone()
    }

    /// How often an operation was called.
    pub fn count(&self, operation: &str) -> usize {
        let state = self.0.lock().unwrap();
        state.operations.iter().filter(|o| *o == operation).count()
    }

    /// The receipt that nodoChiediCopiaRT answers for its CCP.
    pub fn copia(&self, rt: &Rt) {
        let ccp = rt.dati_pagamento.codice_contesto_pagamento.clone();
        let document = rt.build().unwrap();
        self.0.lock().unwrap().copies.insert(ccp, document);
    }
}

fn xml(status: u16, text: String) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_raw(text, "text/xml; charset=utf-8")
}

fn answer<M: Message>(message: &M) -> ResponseTemplate {
    xml(200, soap::build(message).unwrap())
}

/// Unknown to the caller, known by its CCP: the address of the session.
fn url(ccp: &str) -> String {
    format!("http://psp.example/pagamento?idSession=sessione-{ccp}")
}

impl Respond for Nodo {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let action = request.headers.get("SOAPAction").unwrap().to_str().unwrap();
        let operation = soap::operation(action).to_owned();
        let mut state = self.0.lock().unwrap();
        state.operations.push(operation.clone());
        let modo = state.modo.unwrap();
        if modo == Modo::Giu {
            return ResponseTemplate::new(503).set_body_string("fuori servizio");
        }
        let envelope = Envelope::parse(&request.body, None).unwrap();
        match operation.as_str() {
            "nodoInviaRPT" => {
                let message: NodoInviaRpt = envelope.body().unwrap();
                assert!(message.password.as_str().starts_with("Stazione0"));
                let rpt = Rpt::parse(&message.rpt).unwrap();
                state.invia(modo, vec![rpt], |fault, url| {
                    let mut risposta = NodoInviaRptRisposta::default();
                    if fault.is_none() {
                        risposta.esito = Esito::Ok;
                        risposta.redirect = Some(i64::from(url.is_some()));
                    }
                    (risposta.fault, risposta.url) = (fault, url);
                    answer(&risposta)
                })
            }
            "nodoInviaCarrelloRPT" => {
                let message: NodoInviaCarrelloRpt = envelope.body().unwrap();
                let list = message.lista_rpt.elementi.iter();
                let list = list
                    .map(|element| Rpt::parse(&element.rpt).unwrap())
                    .collect();
                state.invia(modo, list, |fault, url| {
                    let mut risposta = NodoInviaCarrelloRptRisposta::default();
                    if fault.is_none() {
                        risposta.esito_complessivo_operazione = Esito::Ok;
                    }
                    (risposta.fault, risposta.url) = (fault, url);
                    answer(&risposta)
                })
            }
            "nodoChiediStatoRPT" => {
                let message: NodoChiediStatoRpt = envelope.body().unwrap();
                let ccp = &message.codice_contesto_pagamento;
                if !state.knows(ccp) {
                    let fault = FaultBean::ppt(FaultNodo::RptSconosciuta, "");
                    return answer(&NodoChiediStatoRptRisposta::ko(fault));
                }
                let esito = EsitoChiediStatoRpt {
                    stato: "RPT_ACCETTATA_PSP".to_owned(),
                    redirect: Some(1),
                    url: Some(url(ccp)),
                    ..EsitoChiediStatoRpt::default()
                };
                answer(&NodoChiediStatoRptRisposta {
                    fault: None,
                    esito: Some(esito),
                })
            }
            "nodoChiediCopiaRT" => {
                let message: NodoChiediCopiaRt = envelope.body().unwrap();
                answer(&state.copia(&message.codice_contesto_pagamento))
            }
            "nodoChiediSceltaWISP" => answer(&scelta(&envelope.body().unwrap())),
            other => panic!("operazione inattesa: {other}"),
        }
    }
}

fn scelta(message: &NodoChiediSceltaWisp) -> NodoChiediSceltaWispRisposta {
    match message.key_wisp.as_str() {
        "scelta" => NodoChiediSceltaWispRisposta {
            fault: None,
            effettuazione_scelta: Some(EffettuazioneScelta::Si),
            identificativo_psp: Some(PSP.to_owned()),
            identificativo_intermediario_psp: Some(INTERMEDIARIO_PSP.to_owned()),
            identificativo_canale: Some(CANALE.to_owned()),
            tipo_versamento: Some(TipoVersamento::Cp),
        },
        "rinuncia" => NodoChiediSceltaWispRisposta {
            effettuazione_scelta: Some(EffettuazioneScelta::No),
            ..NodoChiediSceltaWispRisposta::default()
        },
        _ => {
            let fault = FaultBean::ppt(FaultNodo::WispSessioneSconosciuta, "keyWISP mai vista");
            NodoChiediSceltaWispRisposta::ko(fault)
        }
    }
}

impl Stato {
    fn knows(&self, ccp: &str) -> bool {
        self.rpt
            .iter()
            .any(|rpt| rpt.dati_versamento.codice_contesto_pagamento == ccp)
    }

    fn copia(&self, ccp: &str) -> NodoChiediCopiaRtRisposta {
        match self.copies.get(ccp) {
            Some(rt) => NodoChiediCopiaRtRisposta {
                rt: Some(rt.clone()),
                ..NodoChiediCopiaRtRisposta::default()
            },
            None => {
                let fault = FaultBean::ppt(FaultNodo::RtNondisponibile, "");
                NodoChiediCopiaRtRisposta::ko(fault)
            }
        }
    }

    fn invia(
        &mut self,
        modo: Modo,
        list: Vec<Rpt>,
        answer: impl Fn(Option<FaultBean>, Option<String>) -> ResponseTemplate,
    ) -> ResponseTemplate {
        let ccp = list[0].dati_versamento.codice_contesto_pagamento.clone();
        if self.knows(&ccp) {
            return answer(Some(FaultBean::ppt(FaultNodo::RptDuplicata, "")), None);
        }
        if let Modo::Rifiuta(code) = modo {
            return answer(Some(FaultBean::ppt(code, "il Nodo non la vuole")), None);
        }
        if modo == Modo::PerdeLaRichiesta {
            return ResponseTemplate::new(504);
        }
        self.rpt.extend(list);
        match modo {
            Modo::PerdeLaRisposta => ResponseTemplate::new(504),
            Modo::Differito => answer(None, None),
            _ => answer(None, Some(url(&ccp))),
        }
    }
}

/// The header for the RPT.
pub fn intestazione(id_stazione: &str, dominio: &str, iuv: &str, ccp: &str) -> IntestazionePpt {
    IntestazionePpt {
        identificativo_intermediario_pa: "20000000016".to_owned(),
        identificativo_stazione_intermediario_pa: id_stazione.to_owned(),
        identificativo_dominio: dominio.to_owned(),
        identificativo_univoco_versamento: iuv.to_owned(),
        codice_contesto_pagamento: ccp.to_owned(),
    }
}

/// The RT of an RPT; `pagate`: which items a partial outcome pays.
pub fn rt(rpt: &Rpt, esito: EsitoPagamento, pagate: &[usize]) -> Rt {
    let due = &rpt.dati_versamento;
    let now: NaiveDateTime = rpt.data_ora_messaggio_richiesta + chrono::TimeDelta::minutes(1);
    let id = uuid::Uuid::new_v4().simple().to_string();
    let singoli: Vec<DatiSingoloPagamento> = due
        .singoli
        .iter()
        .enumerate()
        .map(|(i, voce)| {
            let paid = match esito {
                EsitoPagamento::Eseguito => true,
                EsitoPagamento::NonEseguito | EsitoPagamento::Decorrenza => false,
                _ => pagate.contains(&i),
            };
            DatiSingoloPagamento {
                importo: if paid { voce.importo } else { Importo::ZERO },
                esito: (!paid).then(|| "ANNULLATO DALL'UTENTE".to_owned()),
                data_esito: now.date(),
                identificativo_univoco_riscossione: match paid {
                    true => format!("IUR{}", &id[..20]),
                    false => "n/a".to_owned(),
                },
                causale: voce.causale.clone(),
                dati_specifici_riscossione: voce.dati_specifici_riscossione.clone(),
                commissioni_applicate_psp: None,
                commissioni_applicate_pa: None,
                allegato: None,
            }
        })
        .collect();
    Rt {
        versione_oggetto: rpt.versione_oggetto.clone(),
        dominio: rpt.dominio.clone(),
        identificativo_messaggio_ricevuta: id,
        data_ora_messaggio_ricevuta: now,
        riferimento_messaggio_richiesta: rpt.identificativo_messaggio_richiesta.clone(),
        riferimento_data_richiesta: rpt.data_ora_messaggio_richiesta.date(),
        istituto_attestante: IstitutoAttestante::new(TipoAttestante::G, PSP, "Banca Link.it"),
        ente_beneficiario: rpt.ente_beneficiario.clone(),
        soggetto_versante: rpt.soggetto_versante.clone(),
        soggetto_pagatore: rpt.soggetto_pagatore.clone(),
        dati_pagamento: DatiPagamento {
            esito,
            importo_totale_pagato: singoli.iter().map(|s| s.importo).sum(),
            identificativo_univoco_versamento: due.identificativo_univoco_versamento.clone(),
            codice_contesto_pagamento: due.codice_contesto_pagamento.clone(),
            singoli,
        },
    }
}
