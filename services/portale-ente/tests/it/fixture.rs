//! A portal at work among fakes.

use std::net::TcpListener;

use chrono::{DateTime, Utc};
use domain::event::Event;
use domain::{CodDominio, EsitoPagamento, Importo, Iuv, NumeroAvviso};
use platform::clock::real_now;
use platform::{Boot, Bus, Peer, Peers, Running, Service, Settings, Store};
use scraper::{Html, Selector};
use serde_json::{Value, json};
use tempfile::TempDir;
use test_support::servers::TestDatabase;
use test_support::{Browser, Page};
use tokio_util::sync::CancellationToken;
use wiremock::matchers::{method, path, path_regex};
use wiremock::{Mock, MockServer, ResponseTemplate};

pub const DOMINIO: &str = "12345678903";
pub const NUMERO: &str = "301000000000004285";
pub const IUV: &str = "01000000000004285";
pub const API: &str = "/govpay/frontend/api/pagamento/rs/basic/v2";
pub const PDF: &[u8] = b"%PDF-1.7 ricevuta";

pub struct Mondo {
    /// The payment core, played by canned answers.
    pub core: MockServer,
    pub wisp: MockServer,
    pub psp: MockServer,
    /// Address of the portal.
    pub url: String,
    /// The portal's store, opened a second time: what another replica would use.
    pub store: Store,
    /// Store of the service that sends the events.
    sender: Store,
    pub browser: Browser,
    stop: CancellationToken,
    running: Vec<Running>,
    _folder: TempDir,
}

async fn listener() -> MockServer {
    let server = MockServer::start().await;
    let page = ResponseTemplate::new(200).set_body_raw("<h1>altro sito</h1>", "text/html");
    Mock::given(method("POST"))
        .respond_with(page.clone())
        .mount(&server)
        .await;
    Mock::given(method("GET"))
        .respond_with(page)
        .mount(&server)
        .await;
    server
}

fn boot(
    store: &str,
    peers: &Peers,
    bus: &Bus,
    stop: &CancellationToken,
    listener: TcpListener,
) -> Boot {
    let mut settings = Settings::embedded(None, None, None, std::time::Duration::from_secs(1));
    settings.database_url = store.to_owned();
    Boot {
        settings,
        peers: peers.clone(),
        bus: bus.clone(),
        listener,
        stop: stop.clone(),
    }
}

impl Mondo {
    pub async fn start() -> Self {
        let (core, wisp, psp) = (
            MockServer::start().await,
            listener().await,
            listener().await,
        );
        let core_url = core.uri();
        Self::start_with(core, core_url, wisp, psp, None).await
    }

    /// A portal with its store on PostgreSQL.
    pub async fn on_postgresql(database: &TestDatabase) -> Self {
        let (core, wisp, psp) = (
            MockServer::start().await,
            listener().await,
            listener().await,
        );
        let core_url = core.uri();
        Self::start_with(core, core_url, wisp, psp, Some(database.url.clone())).await
    }

    /// A portal whose core refuses connections.
    pub async fn without_core() -> Self {
        let (core, wisp, psp) = (
            MockServer::start().await,
            listener().await,
            listener().await,
        );
        let closed = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", closed.local_addr().unwrap());
        drop(closed);
        Self::start_with(core, url, wisp, psp, None).await
    }

    async fn start_with(
        core: MockServer,
        core_url: String,
        wisp: MockServer,
        psp: MockServer,
        database: Option<String>,
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str| format!("sqlite:{}", folder.path().join(name).display());
        let (here, there) = (
            TcpListener::bind("127.0.0.1:0").unwrap(),
            TcpListener::bind("127.0.0.1:0").unwrap(),
        );
        let url = format!("http://{}", here.local_addr().unwrap());
        let peer = |url: &str| Peer {
            internal: url.to_owned(),
            public: url.to_owned(),
        };
        let peers = Peers {
            core: peer(&core_url),
            loader: peer("http://127.0.0.1:9"),
            portale: peer(&url),
            wisp: peer(&wisp.uri()),
            psp: peer(&psp.uri()),
            console: peer("http://127.0.0.1:9"),
        };
        let (bus, stop) = (Bus::in_process(), CancellationToken::new());
        let sender = boot(&file("core.db"), &peers, &bus, &stop, there);
        let sender = Service::open("govpay-core", sender, portale_ente::db::migrations)
            .await
            .unwrap();
        let sender_store = sender.store.clone();
        let mut running = vec![sender.serve("core", |_| {}).unwrap()];
        let database = database.unwrap_or_else(|| file("portale.db"));
        let portale = boot(&database, &peers, &bus, &stop, here);
        running.push(portale_ente::start(portale).await.unwrap());
        let migrations = portale_ente::db::migrations();
        let store = Store::open(&database, portale_ente::NAME, migrations).await;
        Self {
            core,
            wisp,
            psp,
            url,
            store: store.unwrap(),
            sender: sender_store,
            browser: Browser::new(),
            stop,
            running,
            _folder: folder,
        }
    }

    pub async fn stop(self) {
        self.stop.cancel();
        for running in self.running {
            running.wait().await.unwrap();
        }
    }

    /// Sends an event as the core does: through its outbox.
    pub fn send(&self, event: Event) {
        let Store::Sqlite(pool) = &self.sender else {
            panic!("the tests run on SQLite");
        };
        let mut conn = pool.get().unwrap();
        platform::store::sqlite::outbox::push(&mut conn, "govpay-core", event, real_now()).unwrap();
    }

    /// Forgets the answers of the core.
    pub async fn forget(&self) {
        self.core.reset().await;
    }

    pub async fn core_says(&self, verb: &str, at: &str, answer: ResponseTemplate) {
        Mock::given(method(verb))
            .and(path(at.to_owned()))
            .respond_with(answer)
            .mount(&self.core)
            .await;
    }

    pub async fn core_has(&self, pendenza: Value) {
        let at = format!("{API}/pendenze/byAvviso/{DOMINIO}/{NUMERO}");
        self.core_says(
            "GET",
            &at,
            ResponseTemplate::new(200).set_body_json(pendenza),
        )
        .await;
    }

    /// The choice that WISP keeps and the core asks for.
    pub async fn core_knows_choice(&self, id_psp: &str, id_canale: &str) {
        let choice = json!({
            "effettuazioneScelta": "SI", "identificativoPSP": id_psp,
            "identificativoIntermediarioPSP": "30000000023", "identificativoCanale": id_canale,
            "tipoVersamento": "CP"
        });
        let choices = path_regex(format!(
            "^/api/v1/domini/{DOMINIO}/scelte-wisp/[0-9a-f]{{32}}/kw[0-9]+$"
        ));
        let answer = ResponseTemplate::new(200).set_body_json(choice);
        Mock::given(method("GET"))
            .and(choices)
            .respond_with(answer)
            .mount(&self.core)
            .await;
    }

    /// Every receipt of the core is the same PDF.
    pub async fn core_has_receipts(&self) {
        let answer = ResponseTemplate::new(200).set_body_raw(PDF, "application/pdf");
        let receipts = path_regex(format!("^{API}/rpp/{DOMINIO}/{IUV}/.+/rt$"));
        Mock::given(method("GET"))
            .and(receipts)
            .respond_with(answer)
            .mount(&self.core)
            .await;
    }

    /// The core opens payments, after `delay`.
    pub async fn core_opens(&self, redirect: &str, delay: std::time::Duration) {
        let body = json!({"id": "p1", "location": "/pagamenti/p1", "redirect": redirect, "idSession": "n1"});
        let answer = ResponseTemplate::new(201)
            .set_body_json(body)
            .set_delay(delay);
        self.core_says("POST", &format!("{API}/pagamenti"), answer)
            .await;
    }

    pub fn bank(&self) -> String {
        format!("{}/pagamento?idSession=n1", self.psp.uri())
    }

    pub async fn open(&self, path: &str) -> Page {
        self.browser.open(&format!("{}{path}", self.url)).await
    }

    pub async fn avviso(&self) -> Page {
        self.open(&format!("/avvisi/{DOMINIO}/{NUMERO}")).await
    }

    /// A post as another site makes the browser do it: without our cookies, not followed.
    pub async fn post_from_elsewhere(
        &self,
        path: &str,
        fields: &[(&str, &str)],
    ) -> reqwest::Response {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        let request = client.post(format!("{}{path}", self.url)).form(fields);
        request
            .header("accept", "text/html")
            .header("sec-fetch-site", "cross-site")
            .send()
            .await
            .unwrap()
    }

    /// From the avviso to the confirmation page: WISP answers with `key_wisp`. The page and the id
    /// of the session.
    pub async fn scegli(&self, key_wisp: &str) -> (Page, String) {
        let avviso = self.avviso().await;
        let key_pa = hidden(&avviso, "keyPA");
        let fields = [
            ("idDominio", DOMINIO),
            ("keyPA", &*key_pa),
            ("keyWISP", key_wisp),
        ];
        let back = self.post_from_elsewhere("/wisp/ritorno", &fields).await;
        assert_eq!(back.status(), 303);
        let location = back.headers()["location"].to_str().unwrap().to_owned();
        let id = location.split('/').nth(2).unwrap().to_owned();
        (self.open(&location).await, id)
    }

    /// The same, with a core that knows pendenza, choice and receipts, as far as "Conferma".
    pub async fn paga(&self) -> (Page, String) {
        self.core_has(pendenza("NON_ESEGUITA", "12.50", json!([])))
            .await;
        self.core_knows_choice("BLNKIT22", "30000000023_01").await;
        self.core_has_receipts().await;
        self.core_opens(&self.bank(), std::time::Duration::ZERO)
            .await;
        let (page, id) = self.scegli("kw1").await;
        let page = page.fill("Email", "laura.bianchi@esempio.it");
        (self.browser.press(&page, "Conferma").await, id)
    }

    pub async fn posts(&self) -> Vec<wiremock::Request> {
        let all = self.core.received_requests().await.unwrap();
        all.into_iter()
            .filter(|r| r.method.as_str() == "POST")
            .collect()
    }

    /// Moves the world's clock forward.
    pub async fn advance(&self, seconds: i64) {
        let client = reqwest::Client::builder().build().unwrap();
        let url = format!("{}/api/v1/clock/advance", self.url);
        let answer = client
            .post(url)
            .json(&json!({ "seconds": seconds }))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 200);
    }
}

/// A pendenza as the contract has it. `importo` is written as a number with its digits.
pub fn pendenza(stato: &str, importo: &str, rpp: Value) -> Value {
    let mut value: Value = serde_json::from_str(&format!(
        r#"{{"importo": {importo}, "voci": [{{"indice": 1, "idVocePendenza": "V1", "descrizione": "Mensa", "importo": {importo}, "stato": "Non eseguito"}}]}}"#
    ))
    .unwrap();
    let rest = json!({
        "idA2A": "GESTIONALE", "idPendenza": "MENSA-1", "causale": "Mensa scolastica",
        "dominio": {"idDominio": DOMINIO, "ragioneSociale": "Comune di Valtorbida"},
        "numeroAvviso": NUMERO, "stato": stato, "dataCaricamento": "2026-01-10", "tipo": "dovuto",
        "dataScadenza": "2030-12-31",
        "soggettoPagatore": {"tipo": "F", "identificativo": "BNCLRA85M41F205C", "anagrafica": "Laura Bianchi"},
        "rpp": rpp, "pagamenti": []
    });
    let fields = value.as_object_mut().unwrap();
    fields.extend(rest.as_object().unwrap().clone());
    value
}

pub fn rpp(ccp: &str, stato: &str, esito: Value) -> Value {
    json!({"idDominio": DOMINIO, "iuv": IUV, "ccp": ccp, "stato": stato, "esito": esito, "rpt": {}})
}

pub fn fault(codice: &str, descrizione: &str) -> Value {
    json!({"categoria": "OPERAZIONE", "codice": codice, "descrizione": descrizione})
}

/// The receipt of the payment of a session (`None`: a payment that the portal knows nothing of).
pub fn rt(sessione: Option<&str>, ccp: &str, esito: EsitoPagamento, importo: &str) -> Event {
    Event::RtAcquisita {
        id_pagamento: sessione.map(|_| "p1".to_owned()),
        id_sessione_portale: sessione.map(str::to_owned),
        id_a2a: "GESTIONALE".into(),
        id_pendenza: "MENSA-1".into(),
        id_dominio: CodDominio::parse(DOMINIO).unwrap(),
        numero_avviso: NumeroAvviso::parse(NUMERO).ok(),
        iuv: Iuv::parse(IUV).unwrap(),
        ccp: ccp.into(),
        esito,
        importo_pagato: Importo::parse(importo).unwrap(),
        anomala: false,
    }
}

pub fn stato(sessione: &str, stato: &str, stato_rpt: &str) -> Event {
    Event::PagamentoStato {
        id_pagamento: Some("p1".into()),
        id_sessione_portale: Some(sessione.to_owned()),
        id_a2a: "GESTIONALE".into(),
        id_pendenza: "MENSA-1".into(),
        id_dominio: CodDominio::parse(DOMINIO).unwrap(),
        numero_avviso: NumeroAvviso::parse(NUMERO).ok(),
        iuv: Iuv::parse(IUV).unwrap(),
        ccp: "c1".into(),
        stato: stato.into(),
        stato_rpt: stato_rpt.into(),
        tipo: 1,
        id_psp: Some("BLNKIT22".into()),
        importo: Importo::parse("12.50").unwrap(),
    }
}

/// Value of a hidden field of the page.
pub fn hidden(page: &Page, name: &str) -> String {
    let document = Html::parse_document(&page.text());
    let selector = Selector::parse(&format!("input[name=\"{name}\"]")).unwrap();
    let input = document.select(&selector).next();
    let input = input.unwrap_or_else(|| panic!("no field {name}:\n{}", page.visible_text()));
    input.attr("value").unwrap_or_default().to_owned()
}

pub fn now() -> DateTime<Utc> {
    real_now()
}
