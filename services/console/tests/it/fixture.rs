//! A console at work, a core that says what a test tells it, and a bus to speak on.

use std::net::TcpListener;

use chrono::{DateTime, TimeDelta, Utc};
use console::db::Db;
use diesel::RunQueryDsl as _;
use diesel::sql_types::Text;
use domain::{
    CodDominio, Envelope, EsitoPagamento, Event, Importo, Iuv, NumeroAvviso, PendenzaCaricata,
};
use platform::{Boot, Bus, Peers, Running, Service, Settings, Store};
use serde_json::{Value, json};
use test_support::servers::TestDatabase;
use test_support::{Browser, Page};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;
use wiremock::matchers::{method, path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

pub const API: &str = "/govpay/backend/api/backoffice/rs/basic/v1";
pub const DOMINIO: &str = "12345678903";
pub const ALTRO: &str = "09876543217";
pub const A2A: &str = "GESTIONALE";
pub const ID: &str = "TARI-2026-1";
pub const IUV: &str = "01000000000004285";
pub const NUMERO: &str = "301000000000004285";
pub const CCP: &str = "c1/a";
pub const ADMIN: (&str, &str) = ("gpadmin", "Gpadmin-Password1");
pub const UFFICIO: (&str, &str) = ("valtorbida", "Valtorbida-Password1");
pub const PDF: &[u8] = b"%PDF-1.7 ricevuta";

/// A console with everything around it.
pub struct Mondo {
    pub url: String,
    pub db: Db,
    pub core: MockServer,
    pub browser: Browser,
    sender_store: Store,
    stop: CancellationToken,
    running: [Running; 2],
    folder: tempfile::TempDir,
}

impl Mondo {
    /// With a core that knows nothing, and an administrator already logged in.
    pub async fn start() -> Self {
        let mondo = Self::start_with(|_| ()).await;
        mondo.riempita().await;
        mondo.login(ADMIN).await;
        mondo
    }

    /// On PostgreSQL, logged in.
    pub async fn start_on_pg(database: &TestDatabase) -> Self {
        let url = database.url.clone();
        let mondo = Self::start_with(|settings| settings.database_url = url).await;
        mondo.login(ADMIN).await;
        mondo
    }

    /// `prepare` changes the settings. The core has empty lists, after what the caller mounts first.
    pub async fn start_with(prepare: impl FnOnce(&mut Settings)) -> Self {
        let core = MockServer::start().await;
        core_is_empty(&core).await;
        Self::start_on(core, tempfile::tempdir().unwrap(), prepare).await
    }

    pub async fn start_on(
        core: MockServer,
        folder: tempfile::TempDir,
        prepare: impl FnOnce(&mut Settings),
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let mut settings = Settings::embedded(None, None, None, std::time::Duration::from_secs(1));
        settings.database_url =
            format!("sqlite:{}", folder.path().join("console.sqlite").display());
        prepare(&mut settings);
        let mut peers = Peers::local([address; 6]);
        peers.core.internal = core.uri();
        peers.portale.public = "http://portale.test".to_owned();
        let (bus, stop) = (Bus::in_process(), CancellationToken::new());
        let boot = |settings: &Settings, listener| Boot {
            settings: settings.clone(),
            peers: peers.clone(),
            bus: bus.clone(),
            listener,
            stop: stop.clone(),
        };
        let running = console::start(boot(&settings, listener)).await.unwrap();
        let mut sender = settings.clone();
        sender.database_url = format!("sqlite:{}", folder.path().join("core.sqlite").display());
        let there = boot(&sender, TcpListener::bind("127.0.0.1:0").unwrap());
        let sender = Service::open("govpay-core", there, console::db::migrations)
            .await
            .unwrap();
        let sender_store = sender.store.clone();
        let running = [running, sender.serve("core", |_| {}).unwrap()];
        let store = Store::open(
            &settings.database_url,
            console::NAME,
            console::db::migrations(),
        );
        Self {
            url: format!("http://{address}"),
            db: Db(store.await.unwrap()),
            core,
            browser: Browser::new(),
            sender_store,
            stop,
            running,
            folder,
        }
    }

    /// Waits for the first filling of the projection to be over: both lists were asked for.
    pub async fn riempita(&self) {
        test_support::wait_until("the lists of the core were read", || async {
            let requests = self.core.received_requests().await.unwrap_or_default();
            let asked = |what: &str| {
                requests
                    .iter()
                    .any(|r| r.url.path() == format!("{API}/{what}"))
            };
            if asked("rpp") && asked("pendenze") {
                Ok(())
            } else {
                Err("not asked".to_owned())
            }
        })
        .await;
    }

    /// Stops the service and gives back what it leaves.
    pub async fn stop(self) -> (MockServer, tempfile::TempDir) {
        self.stop.cancel();
        for running in self.running {
            running.wait().await.unwrap();
        }
        (self.core, self.folder)
    }

    pub async fn open(&self, path: &str) -> Page {
        self.browser.open(&format!("{}{path}", self.url)).await
    }

    pub async fn login(&self, who: (&str, &str)) -> Page {
        let page = self.open("/accedi").await;
        let page = page.fill("Nome utente", who.0).fill("Password", who.1);
        self.browser.press(&page, "Accedi").await
    }

    /// Sends an event as the core does, and waits until the bus has delivered it.
    pub async fn hear(&self, envelope: Envelope) {
        self.hear_all([envelope]).await;
    }

    /// Sends events in this order through an outbox. The same envelope may be sent again: that is a
    /// second delivery.
    pub async fn hear_all(&self, envelopes: impl IntoIterator<Item = Envelope>) {
        let Store::Sqlite(pool) = self.sender_store.clone() else {
            panic!("the sender's store is SQLite")
        };
        let envelopes: Vec<Envelope> = envelopes.into_iter().collect();
        platform::store::run_blocking(pool, move |c| {
            for envelope in envelopes {
                let insert = "INSERT INTO outbox (event_id, routing_key, payload, occurred_at) \
                    VALUES (?, ?, ?, '')";
                diesel::sql_query(insert)
                    .bind::<Text, _>(Uuid::new_v4().to_string())
                    .bind::<Text, _>(envelope.event.key())
                    .bind::<Text, _>(serde_json::to_string(&envelope).unwrap())
                    .execute(c)?;
            }
            Ok(())
        })
        .await
        .unwrap();
        test_support::wait_until("the events were delivered", || async {
            match self.sender_store.outbox_waiting().await.unwrap() {
                0 => Ok(()),
                n => Err(format!("{n} in the outbox")),
            }
        })
        .await;
    }

    /// Opens a stream of events as the logged-in administrator.
    pub async fn stream(&self, path: &str) -> reqwest::Response {
        let page = self.open("/strumenti").await;
        // Any request of the browser knows its cookies.
        let (client, _) = self.browser.submission(&page, "Esci").build_split();
        client
            .get(format!("{}{path}", self.url))
            .send()
            .await
            .unwrap()
    }

    /// The core forgets all that it was told to say.
    pub async fn forget(&self) {
        self.core.reset().await;
    }

    pub async fn core_says(&self, what: &str, body: Value) {
        let answer = ResponseTemplate::new(200).set_body_json(body);
        let mock = Mock::given(method("GET")).and(path(format!("{API}{what}")));
        mock.respond_with(answer)
            .with_priority(3)
            .mount(&self.core)
            .await;
    }

    /// The core knows the pendenza and this giornale.
    pub async fn core_has(&self, pendenza: Value, eventi: Vec<Value>) {
        self.core_says(&format!("/pendenze/{A2A}/{ID}"), pendenza)
            .await;
        self.core_says("/eventi", lista(eventi)).await;
    }
}

/// Lists without rows, and 404 for the rest.
pub async fn core_is_empty(core: &MockServer) {
    for what in ["rpp", "pendenze", "eventi"] {
        let mock = Mock::given(method("GET")).and(path(format!("{API}/{what}")));
        let answer = ResponseTemplate::new(200).set_body_json(lista(vec![]));
        mock.respond_with(answer)
            .with_priority(10)
            .mount(core)
            .await;
    }
    let fault =
        json!({"categoria": "RICHIESTA", "codice": "404000", "descrizione": "Risorsa non trovata"});
    let answer = ResponseTemplate::new(404).set_body_json(fault);
    Mock::given(wiremock::matchers::any())
        .respond_with(answer)
        .with_priority(20)
        .mount(core)
        .await;
}

/// One page of a list of two.
pub async fn core_has_page(
    core: &MockServer,
    what: &str,
    pagina: i64,
    last: bool,
    rows: Vec<Value>,
) {
    let mut body = lista(rows);
    if !last {
        body["prossimiRisultati"] = json!(format!("{API}/{what}?pagina={}", pagina + 1));
    }
    let mock = Mock::given(method("GET"))
        .and(path(format!("{API}/{what}")))
        .and(query_param("pagina", pagina.to_string()));
    mock.respond_with(ResponseTemplate::new(200).set_body_json(body))
        .with_priority(2)
        .mount(core)
        .await;
}

pub fn lista(rows: Vec<Value>) -> Value {
    json!({
        "numRisultati": rows.len(), "numPagine": 1, "risultatiPerPagina": 25, "pagina": 1,
        "risultati": rows
    })
}

pub fn pendenza(dominio: &str, stato: &str, rpp: Value) -> Value {
    json!({
        "idA2A": A2A, "idPendenza": ID, "dominio": {"idDominio": dominio, "ragioneSociale": "Comune"},
        "stato": stato, "causale": "TARI 2026 prima rata", "importo": 1234.50,
        "numeroAvviso": NUMERO, "iuvAvviso": IUV, "dataScadenza": "2030-12-31",
        "soggettoPagatore": {"tipo": "F", "identificativo": "VRDGPP80A01H501U", "anagrafica": "Giuseppe Verdi"},
        "voci": [{"indice": 1, "idVocePendenza": "1", "importo": 1234.50, "descrizione": "Prima rata", "stato": "Non eseguito"}],
        "rpp": rpp
    })
}

pub fn rpp(dominio: &str, ccp: &str, stato: &str, esito: Option<&str>) -> Value {
    json!({
        "stato": stato, "rpt": {}, "idDominio": dominio, "iuv": IUV, "ccp": ccp, "esito": esito,
        "importoPagato": esito.map(|_| 1234.50), "dataRpt": "2026-01-15T10:00:00Z",
        "pendenza": pendenza(dominio, "ESEGUITA", json!(null))
    })
}

pub fn evento(id: i64, tipo: &str, dominio: &str) -> Value {
    json!({
        "id": id, "componente": "API_PAGOPA", "categoriaEvento": "INTERFACCIA", "ruolo": "CLIENT",
        "tipoEvento": tipo, "esito": "OK", "dataEvento": "2026-01-15T10:00:00.123Z",
        "durataEvento": 87, "idDominio": dominio, "iuv": IUV, "ccp": CCP, "idA2A": A2A, "idPendenza": ID
    })
}

/// Now, give or take: the world of the tests has the machine's time.
pub fn ago(seconds: i64) -> DateTime<Utc> {
    platform::clock::real_now() - TimeDelta::seconds(seconds)
}

pub fn envelope(at: DateTime<Utc>, event: Event) -> Envelope {
    Envelope {
        id: Uuid::now_v7(),
        occurred_at: at,
        source: "govpay-core".to_owned(),
        traceparent: Some("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".to_owned()),
        event,
    }
}

/// An attempt of an event.
#[derive(Clone, Copy)]
pub struct Tentativo {
    pub dominio: &'static str,
    pub id_pendenza: &'static str,
    pub ccp: &'static str,
}

pub const TENTATIVO: Tentativo = Tentativo {
    dominio: DOMINIO,
    id_pendenza: ID,
    ccp: CCP,
};

pub fn pagamento(t: Tentativo, at: DateTime<Utc>, stato: &str, rpt: &str) -> Envelope {
    let event = Event::PagamentoStato {
        id_pagamento: Some("6f1c2b1e-0000-4000-8000-000000000001".to_owned()),
        id_sessione_portale: None,
        id_a2a: A2A.to_owned(),
        id_pendenza: t.id_pendenza.to_owned(),
        id_dominio: CodDominio::parse(t.dominio).unwrap(),
        numero_avviso: NumeroAvviso::parse(NUMERO).ok(),
        iuv: Iuv::parse(IUV).unwrap(),
        ccp: t.ccp.to_owned(),
        stato: stato.to_owned(),
        stato_rpt: rpt.to_owned(),
        tipo: 1,
        id_psp: Some("BLNKIT22".to_owned()),
        importo: Importo::parse("1234.50").unwrap(),
    };
    envelope(at, event)
}

pub fn rt(t: Tentativo, at: DateTime<Utc>, esito: EsitoPagamento) -> Envelope {
    let event = Event::RtAcquisita {
        id_pagamento: None,
        id_sessione_portale: None,
        id_a2a: A2A.to_owned(),
        id_pendenza: t.id_pendenza.to_owned(),
        id_dominio: CodDominio::parse(t.dominio).unwrap(),
        numero_avviso: NumeroAvviso::parse(NUMERO).ok(),
        iuv: Iuv::parse(IUV).unwrap(),
        ccp: t.ccp.to_owned(),
        esito,
        importo_pagato: Importo::parse("1234.50").unwrap(),
        anomala: false,
    };
    envelope(at, event)
}

pub fn pendenza_stato(
    dominio: &str,
    id_pendenza: &str,
    at: DateTime<Utc>,
    stato: &str,
) -> Envelope {
    let event = Event::PendenzaStato {
        id_a2a: A2A.to_owned(),
        id_pendenza: id_pendenza.to_owned(),
        id_dominio: CodDominio::parse(dominio).unwrap(),
        numero_avviso: NumeroAvviso::parse(NUMERO).ok(),
        iuv: Iuv::parse(IUV).ok(),
        importo: Importo::parse("1234.50").unwrap(),
        stato: stato.to_owned(),
    };
    envelope(at, event)
}

/// The same news of several pendenze in one event: idPendenza and state.
pub fn pendenze_caricate(dominio: &str, at: DateTime<Utc>, news: &[(&str, &str)]) -> Envelope {
    let of = |(id, stato): &(&str, &str)| PendenzaCaricata {
        id_pendenza: (*id).to_owned(),
        numero_avviso: NumeroAvviso::parse(NUMERO).ok(),
        importo: Importo::parse("1234.50").unwrap(),
        stato: (*stato).to_owned(),
    };
    let event = Event::PendenzeCaricate {
        id_a2a: A2A.to_owned(),
        id_dominio: CodDominio::parse(dominio).unwrap(),
        pendenze: news.iter().map(of).collect(),
    };
    envelope(at, event)
}

/// Reads a stream until it says that.
pub async fn read_until(mut response: reqwest::Response, wanted: &str) -> String {
    let reading = async {
        let mut text = String::new();
        while let Some(chunk) = response.chunk().await.unwrap() {
            text.push_str(&String::from_utf8_lossy(&chunk));
            if text.contains(wanted) {
                return text;
            }
        }
        panic!("the stream ended without «{wanted}»:\n{text}")
    };
    tokio::time::timeout(std::time::Duration::from_secs(60), reading)
        .await
        .expect("an event in a minute")
}
