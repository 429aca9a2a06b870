//! A Loader among fakes.

use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use domain::{Envelope, Event};
use loader::db::Db;
use platform::{Boot, Bus, ConsumeError, Consumer, Peer, Peers, Running, Service, Settings, Store};
use reqwest::multipart::{Form, Part};
use serde_json::Value;
use tempfile::TempDir;
use test_support::wait_until;
use tokio_util::sync::CancellationToken;
use wiremock::MockServer;

use crate::core::{Core, recita};

pub const ADMIN: (&str, &str) = ("gpadmin", "Gpadmin-Password1");
pub const VALTORBIDA: (&str, &str) = ("valtorbida", "Valtorbida-Password1");
pub const TESTA: &str = "idA2A;idPendenza;idDominio;tipoPendenza;causale;importo;dataScadenza;tipoSoggettoPagatore;identificativoPagatore;anagraficaPagatore;idVoce1;importoVoce1;descrizioneVoce1;tipoEntrataVoce1";

/// A good row of the first body.
pub fn riga(id: &str) -> String {
    format!(
        "GESTIONALE;{id};12345678903;TARI;Tassa rifiuti;10,00;2030-12-31;F;VRDGPP80A01H501U;Giuseppe Verdi;V1;10,00;Quota;TARI"
    )
}

/// A file of these rows.
pub fn file(righe: &[String]) -> Vec<u8> {
    let mut testo = format!("{TESTA}\r\n");
    for riga in righe {
        testo.push_str(riga);
        testo.push_str("\r\n");
    }
    testo.into_bytes()
}

pub fn molte(prefisso: &str, n: usize) -> Vec<u8> {
    let righe: Vec<String> = (1..=n).map(|i| riga(&format!("{prefisso}-{i}"))).collect();
    file(&righe)
}

/// Events as another service hears them.
#[derive(Clone, Default)]
pub struct Sentite(Arc<Mutex<Vec<Envelope>>>);

#[async_trait]
impl Consumer for Sentite {
    async fn consume(&self, envelope: Envelope) -> Result<(), ConsumeError> {
        self.0.lock().unwrap().push(envelope);
        Ok(())
    }
}

impl Sentite {
    /// The states of a tracciato in the order of their events.
    pub fn stati(&self, id: i64) -> Vec<String> {
        let sentite = self.0.lock().unwrap();
        let mut stati: Vec<(uuid::Uuid, String)> = sentite
            .iter()
            .filter_map(|envelope| match &envelope.event {
                Event::TracciatoStato {
                    id_tracciato,
                    stato,
                    ..
                } if *id_tracciato == id.to_string() => Some((envelope.id, stato.clone())),
                _ => None,
            })
            .collect();
        stati.sort();
        stati.into_iter().map(|(_, stato)| stato).collect()
    }
}

pub struct Mondo {
    pub core: Arc<Core>,
    pub url: String,
    pub sentite: Sentite,
    pub database: String,
    core_url: String,
    http: reqwest::Client,
    bus: Bus,
    stop: CancellationToken,
    running: Vec<Running>,
    _server: Option<MockServer>,
    _ascolto: (CancellationToken, Running),
    _folder: TempDir,
}

pub struct Opzioni {
    pub timer_secs: u64,
    pub max_upload_mib: u64,
    pub max_upload_rows: u64,
    /// Address of a core; a played one when absent.
    pub core_url: Option<String>,
    pub database: Option<String>,
}

impl Default for Opzioni {
    fn default() -> Self {
        Self {
            timer_secs: 1,
            max_upload_mib: 100,
            max_upload_rows: 2_000_000,
            core_url: None,
            database: None,
        }
    }
}

fn peers(core_url: &str, loader: &str) -> Peers {
    let peer = |url: &str| Peer {
        internal: url.to_owned(),
        public: url.to_owned(),
    };
    Peers {
        core: peer(core_url),
        loader: peer(loader),
        portale: peer("http://127.0.0.1:9"),
        wisp: peer("http://127.0.0.1:9"),
        psp: peer("http://127.0.0.1:9"),
        console: peer("http://127.0.0.1:9"),
    }
}

impl Mondo {
    pub async fn start() -> Self {
        Self::start_with(Opzioni::default()).await
    }

    pub async fn start_with(opzioni: Opzioni) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let core = Arc::new(Core::default());
        let (server, core_url) = match opzioni.core_url {
            Some(url) => (None, url),
            None => {
                let server = recita(&core, None).await;
                let url = server.uri();
                (Some(server), url)
            }
        };
        let sqlite = |name: &str| format!("sqlite:{}", folder.path().join(name).display());
        let database = opzioni.database.unwrap_or_else(|| sqlite("loader.db"));
        let (bus, sentite) = (Bus::in_process(), Sentite::default());
        let ascolto = ascolta(&bus, sqlite("console.db"), &sentite).await;
        let mut mondo = Self {
            core,
            url: String::new(),
            sentite,
            database,
            core_url,
            http: reqwest::Client::builder().build().unwrap(),
            bus,
            stop: CancellationToken::new(),
            running: vec![],
            _server: server,
            _ascolto: ascolto,
            _folder: folder,
        };
        let max_upload = (opzioni.max_upload_mib, opzioni.max_upload_rows);
        mondo.avvia(opzioni.timer_secs, max_upload).await;
        mondo
    }

    /// One more Loader on the same store.
    pub async fn accendi(&mut self) {
        let Opzioni {
            timer_secs,
            max_upload_mib,
            max_upload_rows,
            ..
        } = Opzioni::default();
        self.avvia(timer_secs, (max_upload_mib, max_upload_rows))
            .await;
    }

    async fn avvia(&mut self, timer_secs: u64, (mib, rows): (u64, u64)) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        self.url = format!("http://{}", listener.local_addr().unwrap());
        let mut settings =
            Settings::embedded(None, None, None, std::time::Duration::from_secs(timer_secs));
        settings.database_url.clone_from(&self.database);
        settings.max_upload_mib = mib;
        settings.max_upload_rows = rows;
        let boot = Boot {
            settings,
            peers: peers(&self.core_url, &self.url),
            bus: self.bus.clone(),
            listener,
            stop: self.stop.clone(),
        };
        self.running.push(loader::start(boot).await.unwrap());
    }

    /// Stops all Loaders of this store.
    pub async fn spegni(&mut self) {
        self.stop.cancel();
        for running in self.running.drain(..) {
            running.wait().await.unwrap();
        }
        self.stop = CancellationToken::new();
    }

    /// The store, as another replica would open it.
    pub async fn db(&self) -> Db {
        let migrations = loader::db::migrations();
        Db(Store::open(&self.database, loader::NAME, migrations)
            .await
            .unwrap())
    }

    pub fn get(&self, path: &str) -> reqwest::RequestBuilder {
        self.get_as(ADMIN, path)
    }

    pub fn get_as(&self, (user, password): (&str, &str), path: &str) -> reqwest::RequestBuilder {
        let request = self.http.get(format!("{}{path}", self.url));
        request.basic_auth(user, Some(password))
    }

    pub fn post(&self, path: &str) -> reqwest::RequestBuilder {
        self.post_as(ADMIN, path)
    }

    pub fn post_as(&self, (user, password): (&str, &str), path: &str) -> reqwest::RequestBuilder {
        let request = self.http.post(format!("{}{path}", self.url));
        request.basic_auth(user, Some(password))
    }

    pub async fn json(&self, path: &str) -> Value {
        let answer = self.get(path).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        answer.json().await.unwrap()
    }

    pub async fn bytes(&self, path: &str) -> Vec<u8> {
        let answer = self.get(path).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        answer.bytes().await.unwrap().to_vec()
    }

    /// Uploads through the API; the id.
    pub async fn carica(&self, nome: &str, bytes: impl Into<Vec<u8>>) -> i64 {
        let part = Part::bytes(bytes.into()).file_name(nome.to_owned());
        let form = Form::new().part("file", part);
        let answer = self
            .post("/api/v1/tracciati")
            .multipart(form)
            .send()
            .await
            .unwrap();
        let status = answer.status();
        let body: Value = answer.json().await.unwrap();
        assert_eq!(status, 202, "{body}");
        body["id"].as_i64().unwrap()
    }

    pub async fn vedi(&self, id: i64) -> Value {
        self.json(&format!("/api/v1/tracciati/{id}")).await
    }

    /// Waits until a tracciato is in that state.
    pub async fn attendi(&self, id: i64, stato: &str) -> Value {
        wait_until(&format!("tracciato {id} is {stato}"), || async {
            let vista = self.vedi(id).await;
            if vista["stato"] == stato {
                Ok(vista)
            } else {
                Err(vista.to_string())
            }
        })
        .await
    }

    /// Line, column and problem of each error.
    pub async fn errori(&self, id: i64) -> Vec<(i64, String, String)> {
        let errori = self
            .json(&format!("/api/v1/tracciati/{id}/segnalazioni"))
            .await;
        let testo = |v: &Value| v.as_str().unwrap().to_owned();
        let errori = errori.as_array().unwrap().iter().map(|s| {
            assert!(!testo(&s["suggerimento"]).is_empty(), "{s}");
            (
                s["riga"].as_i64().unwrap(),
                testo(&s["colonna"]),
                testo(&s["problema"]),
            )
        });
        errori.collect()
    }
}

impl Drop for Mondo {
    fn drop(&mut self) {
        self.stop.cancel();
        self._ascolto.0.cancel();
    }
}

/// Another service that hears what happens to tracciati.
async fn ascolta(bus: &Bus, database: String, sentite: &Sentite) -> (CancellationToken, Running) {
    let stop = CancellationToken::new();
    let mut settings = Settings::embedded(None, None, None, std::time::Duration::from_secs(1));
    settings.database_url = database;
    let boot = Boot {
        settings,
        peers: peers("http://127.0.0.1:9", "http://127.0.0.1:9"),
        bus: bus.clone(),
        listener: TcpListener::bind("127.0.0.1:0").unwrap(),
        stop: stop.clone(),
    };
    let mut service = Service::open("console", boot, loader::db::migrations)
        .await
        .unwrap();
    service.consume(Arc::new(sentite.clone()));
    (stop, service.serve("console", |_| {}).unwrap())
}
