//! The software of a body, as a core meets it: it speaks both versions of the API Ente, writes down
//! what it hears, and behaves as it is told.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use govpay_api::ente::ID_EVENTO;
use serde_json::{Value, json};
use test_support::wait_until;

use crate::anagrafica::{ADMIN, chiama};
use crate::mondo::Mondo;

/// What a gestionale does with a call.
#[derive(Clone, Debug, PartialEq)]
pub enum Modo {
    Bene,
    /// Answers with that status, in the words of the contract.
    Stato(u16),
    /// Answers 200 with this body, whatever it was asked.
    Corpo(String),
    /// Takes it in, and answers well after that time.
    Lento(Duration),
}

/// A call that arrived.
#[derive(Clone, Debug)]
pub struct Chiamata {
    pub metodo: String,
    /// Path and query.
    pub uri: String,
    pub corpo: Value,
    pub headers: HashMap<String, String>,
}

impl Chiamata {
    /// Identity of the event that it tells.
    pub fn evento(&self) -> String {
        self.headers[&ID_EVENTO.to_ascii_lowercase()].clone()
    }

    /// What it is: `getAvviso`, `verifica`, `attivazione`, `ricevuta`, `annulla`.
    pub fn cosa(&self) -> &'static str {
        let path = self.uri.split('?').next().unwrap();
        match self.metodo.as_str() {
            "GET" if path.contains("/avvisi/") => "getAvviso",
            "GET" => "verifica",
            _ if path.ends_with("/annulla") => "annulla",
            "PUT" => "ricevuta",
            _ if self.corpo["rt"].is_object() => "ricevuta",
            _ => "attivazione",
        }
    }
}

#[derive(Default)]
struct Stato {
    modo: Option<Modo>,
    /// Answers to the questions, by path.
    pendenze: HashMap<String, Value>,
    chiamate: Vec<Chiamata>,
}

/// A gestionale that listens. Cheap to clone; it ends with the test.
#[derive(Clone)]
pub struct Ente {
    stato: Arc<Mutex<Stato>>,
    pub url: String,
}

impl Ente {
    pub fn start() -> Self {
        let stato = Arc::new(Mutex::new(Stato::default()));
        let shared = web::Data::new(Arc::clone(&stato));
        let server = HttpServer::new(move || {
            App::new()
                .app_data(shared.clone())
                .app_data(web::PayloadConfig::new(16 * 1024 * 1024))
                .default_service(web::to(risponde))
        })
        .workers(1)
        .disable_signals()
        .bind(("127.0.0.1", 0))
        .unwrap();
        let url = format!("http://{}/api-ente", server.addrs()[0]);
        tokio::spawn(server.run());
        Self { stato, url }
    }

    pub fn modo(&self, modo: Modo) {
        self.stato.lock().unwrap().modo = Some(modo);
    }

    /// What it answers to a question, by its path under the address.
    pub fn conosce(&self, path: &str, answer: Value) {
        let path = format!("/api-ente{path}");
        self.stato.lock().unwrap().pendenze.insert(path, answer);
    }

    pub fn chiamate(&self) -> Vec<Chiamata> {
        self.stato.lock().unwrap().chiamate.clone()
    }

    /// What it heard of the payments, in order.
    pub fn notifiche(&self) -> Vec<Chiamata> {
        let mut all = self.chiamate();
        all.retain(|c| c.metodo != "GET");
        all
    }

    /// How many questions it was asked.
    pub fn domande(&self) -> usize {
        self.chiamate().iter().filter(|c| c.metodo == "GET").count()
    }

    pub async fn attendi(&self, count: usize) -> Vec<Chiamata> {
        wait_until("the gestionale was told", || async {
            let heard = self.notifiche();
            match heard.len() >= count {
                true => Ok(heard),
                false => Err(format!("{} of {count}", heard.len())),
            }
        })
        .await
    }

    /// Makes this the gestionale of the demo tenant in that core. `altro` changes the connector.
    pub async fn collega(&self, mondo: &Mondo, versione: &str, altro: Value) {
        let mut connettore = json!({"url": self.url, "versioneApi": versione});
        for (name, value) in altro.as_object().unwrap() {
            connettore[name] = value.clone();
        }
        let ops = json!([
            {"op": "REPLACE", "path": "/servizioIntegrazione", "value": connettore},
            {"op": "REPLACE", "path": "/codificaAvvisi",
                "value": {"generazioneIuvInterna": true, "regExpIuv": "[0-9]{17}"}},
        ]);
        let path = "/applicazioni/GESTIONALE";
        let (status, body) = chiama(mondo, reqwest::Method::PATCH, ADMIN, path, Some(&ops)).await;
        assert_eq!(status, 200, "{body}");
    }
}

async fn risponde(
    req: HttpRequest,
    body: web::Bytes,
    stato: web::Data<Arc<Mutex<Stato>>>,
) -> HttpResponse {
    let headers = req.headers().iter();
    let chiamata = Chiamata {
        metodo: req.method().to_string(),
        uri: req.uri().to_string(),
        corpo: serde_json::from_slice(&body).unwrap_or_default(),
        headers: headers
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            .collect(),
    };
    if req.path().ends_with("/token") {
        return gettone(&stato, chiamata);
    }
    let (modo, known) = {
        let mut stato = stato.lock().unwrap();
        stato.chiamate.push(chiamata);
        let known = stato.pendenze.get(req.path()).cloned();
        (stato.modo.clone().unwrap_or(Modo::Bene), known)
    };
    if let Modo::Lento(time) = modo {
        tokio::time::sleep(time).await;
    }
    let get = req.method() == "GET" || req.path().starts_with("/api-ente/pendenze/");
    match (modo, known) {
        (Modo::Stato(status), _) => {
            let status = actix_web::http::StatusCode::from_u16(status).unwrap();
            HttpResponse::build(status).json(json!({"categoria": "INTERNO", "codice": "ROTTO",
                "descrizione": "Il gestionale non va", "dettaglio": "prova"}))
        }
        (Modo::Corpo(text), _) => HttpResponse::Ok().content_type("text/html").body(text),
        (_, Some(known)) => HttpResponse::Ok().json(known),
        _ if get => HttpResponse::NotFound().finish(),
        _ => HttpResponse::Created().finish(),
    }
}

/// An OAuth2 server: each token is another one, and one is asked for by who has the secret.
fn gettone(stato: &Mutex<Stato>, chiamata: Chiamata) -> HttpResponse {
    let given = chiamata.headers.get("authorization").cloned();
    let mut stato = stato.lock().unwrap();
    stato.chiamate.push(Chiamata {
        metodo: "GET".to_owned(),
        ..chiamata
    });
    // cliente:Segreto-01
    if given.as_deref() != Some("Basic Y2xpZW50ZTpTZWdyZXRvLTAx") {
        return HttpResponse::Unauthorized().finish();
    }
    let n = stato
        .chiamate
        .iter()
        .filter(|c| c.uri.ends_with("/token"))
        .count();
    HttpResponse::Ok().json(json!({"access_token": format!("gettone-{n}"), "expires_in": 3600}))
}

/// What a body breaks of a schema of GovPay's API Ente. Patterns are left out: that of the numero avviso
/// is not one of any numero avviso.
pub fn difetti(file: &str, schema: &str, body: &Value) -> Vec<String> {
    fn senza_pattern(value: &mut Value) {
        match value {
            Value::Object(fields) => {
                fields.retain(|name, value| name != "pattern" || !value.is_string());
                fields.values_mut().for_each(senza_pattern);
            }
            Value::Array(items) => items.iter_mut().for_each(senza_pattern),
            _ => {}
        }
    }
    #[expect(
        clippy::disallowed_methods,
        reason = "the environment of a test run has no config.rs"
    )]
    let dir = std::env::var("GOVPAY_CONTRACT_DIR")
        .expect("GOVPAY_CONTRACT_DIR: a copy of GovPay's documents");
    let text = std::fs::read_to_string(format!("{dir}/{file}")).unwrap();
    // One of the documents has tabs in a description.
    let document: Value = serde_saphyr::from_str(&text.replace('\t', "        ")).unwrap();
    let mut components = document["components"].clone();
    senza_pattern(&mut components);
    let root = json!({"$ref": format!("#/components/schemas/{schema}"), "components": components});
    let judge = jsonschema::draft202012::new(&root).unwrap();
    let faults = judge.iter_errors(body);
    faults
        .map(|fault| format!("{}: {fault}", fault.instance_path()))
        .collect()
}

/// The same tests on both stores.
macro_rules! su_entrambi {
    ($($name:ident)*) => {
        mod sqlite { $(
            #[tokio::test]
            async fn $name() { super::$name(crate::mondo::Mondo::start().await).await; }
        )* }
        mod postgresql { $(
            #[tokio::test]
            async fn $name() { super::$name(crate::mondo::Mondo::start_pg().await).await; }
        )* }
    };
}
pub(crate) use su_entrambi;
