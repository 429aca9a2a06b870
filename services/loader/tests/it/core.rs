//! The payment core, played: API Pendenze as far as the Loader uses it.

use std::collections::HashMap;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::NumeroAvviso;
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

/// What the played core knows and does.
#[derive(Default)]
pub struct Core {
    /// How often each pendenza was put.
    pub messe: Mutex<HashMap<String, u32>>,
    /// Ids that it refuses, with the fault's description.
    pub rifiutate: Mutex<HashMap<String, String>>,
    /// Whether it refuses them in a dry run, too.
    pub rifiuta_in_prova: Mutex<bool>,
    /// State of pendenze that exist already.
    pub stati: Mutex<HashMap<String, String>>,
    pub annullate: Mutex<Vec<String>>,
    /// Bodies of the puts.
    pub corpi: Mutex<Vec<Value>>,
    /// Keeps nothing of what it is given: for files that must not be in memory.
    pub smemorato: Mutex<bool>,
    pub giu: Mutex<bool>,
    /// A core of somebody else: without blocks.
    pub senza_blocchi: Mutex<bool>,
    pub lento: Mutex<Duration>,
}

impl Core {
    pub fn messe(&self) -> HashMap<String, u32> {
        self.messe.lock().unwrap().clone()
    }

    fn put(&self, id: &str, body: &Value) -> ResponseTemplate {
        if let Some(motivo) = self.rifiutate.lock().unwrap().get(id) {
            let fault =
                json!({"categoria": "OPERAZIONE", "codice": "VER_023", "descrizione": motivo});
            return ResponseTemplate::new(422).set_body_json(fault);
        }
        self.ricorda(id, body);
        let dominio = body["idDominio"].as_str().unwrap();
        let numero = numero(dominio, id, body["importo"].as_f64().unwrap());
        let creata = json!({"idDominio": dominio, "numeroAvviso": numero});
        ResponseTemplate::new(201).set_body_json(creata)
    }

    fn ricorda(&self, id: &str, body: &Value) {
        if !*self.smemorato.lock().unwrap() {
            *self.messe.lock().unwrap().entry(id.to_owned()).or_default() += 1;
            self.corpi.lock().unwrap().push(body.clone());
        }
    }

    fn blocco(&self, prova: bool, body: &Value) -> ResponseTemplate {
        let esiti: Vec<Value> = body["operazioni"]
            .as_array()
            .unwrap()
            .iter()
            .map(|operazione| match operazione.get("annullamento") {
                Some(annullamento) => self.annulla(prova, &annullamento["idPendenza"]),
                None => self.inserisci(prova, &operazione["inserimento"]),
            })
            .collect();
        ResponseTemplate::new(200).set_body_json(json!({ "esiti": esiti }))
    }

    fn annulla(&self, prova: bool, id: &Value) -> Value {
        let id = id.as_str().unwrap();
        let rifiuto = |codice: &str| json!({"esito": "RIFIUTATA", "errore": {"categoria": "OPERAZIONE", "codice": codice, "descrizione": "Non si annulla"}});
        match self.stati.lock().unwrap().get(id).map(String::as_str) {
            None => rifiuto("VER_008"),
            Some("NON_ESEGUITA" | "SCADUTA" | "ANNULLATA") => {
                if !prova {
                    self.annullate.lock().unwrap().push(id.to_owned());
                }
                json!({"esito": "ANNULLATA"})
            }
            Some(_) => rifiuto("VER_009"),
        }
    }

    fn inserisci(&self, prova: bool, inserimento: &Value) -> Value {
        let (id, body) = (
            inserimento["idPendenza"].as_str().unwrap(),
            &inserimento["pendenza"],
        );
        if let Some(motivo) = self.rifiutate.lock().unwrap().get(id)
            && (!prova || *self.rifiuta_in_prova.lock().unwrap())
        {
            return json!({"esito": "RIFIUTATA", "errore": {"categoria": "OPERAZIONE", "codice": "VER_023", "descrizione": motivo}});
        }
        if prova {
            return json!({"esito": "CREATA"});
        }
        self.ricorda(id, body);
        let dominio = body["idDominio"].as_str().unwrap();
        let numero = numero(dominio, id, body["importo"].as_f64().unwrap());
        json!({
            "esito": "CREATA", "idDominio": dominio, "numeroAvviso": numero,
            "qrcode": format!("PAGOPA|002|{numero}|{dominio}|1000"),
            "barcode": format!("4158088888000017 8020{numero}39021000").replace(' ', ""),
        })
    }

    fn respond(&self, request: &Request) -> ResponseTemplate {
        let path: Vec<&str> = request.url.path().split('/').collect();
        if path.ends_with(&["pendenze", "blocchi"]) && !*self.senza_blocchi.lock().unwrap() {
            let prova = request.url.query() == Some("prova=true");
            return self.blocco(prova, &serde_json::from_slice(&request.body).unwrap());
        }
        let not_found = json!({"categoria": "OPERAZIONE", "codice": "404000", "descrizione": "Risorsa non trovata"});
        match (request.method.as_str(), &path[path.len() - 3..]) {
            ("PUT", ["pendenze", _, id]) => {
                self.put(id, &serde_json::from_slice(&request.body).unwrap())
            }
            ("GET", ["avvisi", dominio, numero]) if vuole_pdf(request) => {
                if self.rifiutate.lock().unwrap().contains_key(*numero) {
                    return ResponseTemplate::new(404).set_body_json(not_found);
                }
                ResponseTemplate::new(200).set_body_string(format!("%PDF {dominio} {numero}"))
            }
            ("GET", ["avvisi", dominio, numero]) => {
                let avviso = json!({
                    "stato": "NON_ESEGUITA", "idDominio": dominio, "numeroAvviso": numero,
                    "qrcode": format!("PAGOPA|002|{numero}|{dominio}|1000"),
                    "barcode": format!("4158088888000017 8020{numero}39021000").replace(' ', ""),
                });
                ResponseTemplate::new(200).set_body_json(avviso)
            }
            ("GET", ["pendenze", _, id]) => match self.stati.lock().unwrap().get(*id) {
                Some(stato) => ResponseTemplate::new(200).set_body_json(pendenza(id, stato)),
                None => ResponseTemplate::new(404).set_body_json(not_found),
            },
            ("PATCH", ["pendenze", _, id]) => {
                self.annullate.lock().unwrap().push((*id).to_owned());
                ResponseTemplate::new(200).set_body_json(pendenza(id, "ANNULLATA"))
            }
            _ => ResponseTemplate::new(404).set_body_json(not_found),
        }
    }
}

fn vuole_pdf(request: &Request) -> bool {
    let accept = request.headers.get("accept");
    accept.is_some_and(|a| a.to_str().unwrap().contains("application/pdf"))
}

fn pendenza(id: &str, stato: &str) -> Value {
    json!({
        "idA2A": "GESTIONALE", "idPendenza": id, "stato": stato, "importo": 10.00,
        "dominio": {"idDominio": "12345678903", "ragioneSociale": "Comune di Valtorbida"},
    })
}

/// A number that depends on the id only.
fn numero(dominio: &str, id: &str, _importo: f64) -> String {
    let progressive = id
        .bytes()
        .fold(7u64, |acc, b| (acc * 131 + u64::from(b)) % 1_000_000_007);
    let segregation_code = if dominio == "12345678903" { 1 } else { 47 };
    let numbering = domain::numero_avviso::Numbering::Aux3 { segregation_code };
    NumeroAvviso::generate(numbering, "", progressive)
        .unwrap()
        .to_string()
}

struct Played(Arc<Core>);

impl Respond for Played {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        if *self.0.giu.lock().unwrap() {
            return ResponseTemplate::new(503).set_body_string("fermo");
        }
        self.0
            .respond(request)
            .set_delay(*self.0.lento.lock().unwrap())
    }
}

/// The played core on an address of its own, or on a given one.
pub async fn recita(core: &Arc<Core>, listener: Option<TcpListener>) -> MockServer {
    // What was asked is seen by what it did: recorded requests of a large file would fill the memory.
    let builder = MockServer::builder().disable_request_recording();
    let server = match listener {
        Some(listener) => builder.listener(listener).start().await,
        None => builder.start().await,
    };
    Mock::given(any())
        .respond_with(Played(Arc::clone(core)))
        .mount(&server)
        .await;
    server
}
