//! A core at work with a Node of its own, an archive to look into and pendenze to pay.

use std::net::TcpListener;

use diesel::prelude::*;
use diesel::sql_types::Text;
use domain::numero_avviso::Numbering;
use domain::{CodDominio, Envelope, NumeroAvviso};
use pagopa::documenti::Rt;
use pagopa::ppt::{IntestazionePpt, PaaInviaRt, PaaInviaRtRisposta};
use pagopa::{Envelope as Busta, Message, Request, soap};
use platform::{Boot, Bus, Peer, Peers, Running, Settings, Store};
use serde_json::json;
use tempfile::TempDir;
use test_support::servers::TestDatabase;
use test_support::wait_until;
use tokio_util::sync::CancellationToken;

use crate::nodo::{Nodo, NodoFinto, intestazione};

/// Body with a V1 station.
pub const A: &str = "12345678903";
pub const STAZIONE_A: &str = "20000000016_01";
/// Body with a V2 station.
pub const B: &str = "09876543217";
pub const STAZIONE_B: &str = "20000000016_02";

pub const SOAP: &str = "/govpay/frontend/api/pagopa";
pub const CCP_SERVICE: &str = "PagamentiTelematiciCCPservice";
pub const RT_SERVICE: &str = "PagamentiTelematiciRTservice";

pub struct Mondo {
    pub url: String,
    pub nodo: Nodo,
    pub http: reqwest::Client,
    store: Store,
    stop: CancellationToken,
    running: Option<Running>,
    _finto: NodoFinto,
    database: Archivio,
}

pub enum Archivio {
    Sqlite(TempDir),
    Pg(TestDatabase),
}

impl Archivio {
    fn url(&self) -> String {
        match self {
            Self::Sqlite(folder) => format!("sqlite:{}", folder.path().join("core.db").display()),
            Self::Pg(database) => database.url.clone(),
        }
    }
}

/// What a test needs of a pendenza.
#[derive(Clone, Debug)]
pub struct Avviso {
    pub dominio: &'static str,
    pub id_pendenza: String,
    pub numero: String,
    pub iuv: String,
}

#[derive(QueryableByName)]
struct Valore {
    #[diesel(sql_type = Text)]
    v: String,
}

fn peers(core: &str, nodo: &str) -> Peers {
    let peer = |url: &str| Peer {
        internal: url.to_owned(),
        public: url.to_owned(),
    };
    Peers {
        core: peer(core),
        loader: peer("http://127.0.0.1:9"),
        portale: peer("http://127.0.0.1:9"),
        wisp: peer("http://127.0.0.1:9"),
        psp: peer(nodo),
        console: peer("http://127.0.0.1:9"),
    }
}

/// Who is in a core that begins without a tenant file.
pub const PRIMO: (&str, &str) = ("primo", "Primo-Password1");

async fn avvia(archivio: &str, nodo: &str, vuoto: bool) -> (Running, String, CancellationToken) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let mut settings = Settings::embedded(None, None, None, std::time::Duration::from_secs(1));
    settings.database_url = archivio.to_owned();
    if vuoto {
        settings.tenant = Some("none".into());
        settings.admin_user = Some(PRIMO.0.to_owned());
        settings.admin_password = Some(PRIMO.1.to_owned());
    }
    let stop = CancellationToken::new();
    let boot = Boot {
        settings,
        peers: peers(&url, nodo),
        bus: Bus::in_process(),
        listener,
        stop: stop.clone(),
    };
    (govpay_core::start(boot).await.unwrap(), url, stop)
}

impl Mondo {
    pub async fn start() -> Self {
        let mondo = Self::on(Archivio::Sqlite(tempfile::tempdir().unwrap()), false).await;
        mondo.semina();
        mondo
    }

    /// A core with an administrator and nothing else, on either store.
    pub async fn start_vuoto(postgresql: bool) -> Self {
        let archivio = match postgresql {
            true => Archivio::Pg(TestDatabase::create()),
            false => Archivio::Sqlite(tempfile::tempdir().unwrap()),
        };
        Self::on(archivio, true).await
    }

    pub async fn start_pg() -> Self {
        let mondo = Self::on(Archivio::Pg(TestDatabase::create()), false).await;
        mondo.semina();
        mondo
    }

    pub async fn on(database: Archivio, vuoto: bool) -> Self {
        let finto = NodoFinto::start().await;
        let (running, url, stop) = avvia(&database.url(), &finto.server.uri(), vuoto).await;
        let address = database.url();
        let store = Store::open(&address, "govpay-core", govpay_core::db::migrations());
        let store = store.await.unwrap();
        Self {
            url,
            nodo: finto.nodo.clone(),
            http: platform::http::client(std::time::Duration::from_secs(60)).unwrap(),
            store,
            stop,
            running: Some(running),
            _finto: finto,
            database,
        }
    }

    /// The bodies of the demo tenant, where they are missing.
    fn semina(&self) {
        for row in [
            "intermediari (id_intermediario, denominazione, abilitato) \
             VALUES ('20000000016', 'Servizi Digitali', TRUE)",
            "stazioni VALUES ('20000000016_01', '20000000016', 'V1', 'Stazione01pw', 1, TRUE)",
            "stazioni VALUES ('20000000016_02', '20000000016', 'V2', 'Stazione02pw', 2, TRUE)",
            "domini (id_dominio, ragione_sociale, aux_digit, segregation_code, iuv_prefix, \
             id_stazione, abilitato) VALUES ('12345678903', 'Comune di Valtorbida', 3, 1, '', \
             '20000000016_01', TRUE)",
            "domini (id_dominio, ragione_sociale, aux_digit, segregation_code, iuv_prefix, \
             id_stazione, abilitato) VALUES ('09876543217', 'Unione Terre d''Esempio', 3, 47, '', \
             '20000000016_02', TRUE)",
        ] {
            self.esegui(&format!("INSERT INTO {row} ON CONFLICT DO NOTHING"));
        }
    }

    /// The process ends and another one begins on the same archive.
    pub async fn riavvia(&mut self) {
        self.stop.cancel();
        self.running.take().unwrap().wait().await.unwrap();
        let (running, url, stop) =
            avvia(&self.database.url(), &self._finto.server.uri(), false).await;
        (self.running, self.url, self.stop) = (Some(running), url, stop);
    }

    /// Another process at work on the same archive, until it is told to stop.
    pub async fn replica(&self) -> (Running, CancellationToken) {
        let nodo = self._finto.server.uri();
        let (running, _, stop) = avvia(&self.database.url(), &nodo, false).await;
        (running, stop)
    }

    pub async fn stop(mut self) {
        self.stop.cancel();
        self.running.take().unwrap().wait().await.unwrap();
    }

    /// Name of the database on PostgreSQL.
    pub fn database(&self) -> String {
        let url = self.database.url();
        url.rsplit('/').next().unwrap().to_owned()
    }

    /// One text out of the archive; the query names it `v`.
    pub fn leggi(&self, sql: &str) -> String {
        let query = diesel::sql_query(sql);
        let row: Valore = match &self.store {
            Store::Sqlite(pool) => query.get_result(&mut *pool.get().unwrap()).unwrap(),
            Store::Pg(pool) => query.get_result(&mut *pool.get().unwrap()).unwrap(),
        };
        row.v
    }

    /// What PostgreSQL answers to an EXPLAIN.
    pub fn piano_pg<T>(&self, sql: &str) -> T
    where
        T: QueryableByName<diesel::pg::Pg> + 'static,
    {
        let Store::Pg(pool) = &self.store else {
            panic!("an archive on PostgreSQL");
        };
        let mut conn = pool.get().unwrap();
        diesel::sql_query(sql).get_result(&mut *conn).unwrap()
    }

    /// The steps that SQLite tells of an EXPLAIN QUERY PLAN.
    pub fn piano_sqlite<T>(&self, sql: &str) -> Vec<T>
    where
        T: QueryableByName<diesel::sqlite::Sqlite> + 'static,
    {
        let Store::Sqlite(pool) = &self.store else {
            panic!("an archive on SQLite");
        };
        let mut conn = pool.get().unwrap();
        diesel::sql_query(sql).load(&mut *conn).unwrap()
    }

    pub fn esegui(&self, sql: &str) {
        let query = diesel::sql_query(sql);
        match &self.store {
            Store::Sqlite(pool) => query.execute(&mut *pool.get().unwrap()).unwrap(),
            Store::Pg(pool) => query.execute(&mut *pool.get().unwrap()).unwrap(),
        };
    }

    pub fn conta(&self, from_where: &str) -> i64 {
        let sql = format!("SELECT CAST(count(*) AS TEXT) AS v FROM {from_where}");
        self.leggi(&sql).parse().unwrap()
    }

    /// `stato` of the pendenza, with `!` when it is anomala.
    pub fn stato(&self, avviso: &Avviso) -> String {
        self.leggi(&format!(
            "SELECT stato || CASE WHEN anomala THEN '!' ELSE '' END AS v FROM pendenze \
             WHERE id_pendenza = '{}'",
            avviso.id_pendenza
        ))
    }

    /// States of the attempts of the pendenza, oldest first.
    pub fn tentativi(&self, avviso: &Avviso) -> Vec<String> {
        let of = format!(
            "rpt JOIN pendenze p ON p.id = rpt.pendenza WHERE p.id_pendenza = '{}'",
            avviso.id_pendenza
        );
        let count = self.conta(&of);
        let one = |n| {
            let sql = format!("SELECT rpt.stato AS v FROM {of} ORDER BY rpt.id LIMIT 1 OFFSET {n}");
            self.leggi(&sql)
        };
        (0..count).map(one).collect()
    }

    /// The events of that kind that were written, oldest first.
    pub fn eventi(&self, key: &str) -> Vec<Envelope> {
        let count = self.conta(&format!("outbox WHERE routing_key = '{key}'"));
        let one = |n| {
            let sql = format!(
                "SELECT payload AS v FROM outbox WHERE routing_key = '{key}' ORDER BY id LIMIT 1 \
                 OFFSET {n}"
            );
            serde_json::from_str(&self.leggi(&sql)).unwrap()
        };
        (0..count).map(one).collect()
    }

    pub async fn avanza(&self, seconds: i64) {
        let request = self.http.post(format!("{}/api/v1/clock/advance", self.url));
        let response = request
            .json(&json!({ "seconds": seconds }))
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), 200);
    }

    /// A pendenza with these items, in cents.
    pub fn pendenza(&self, dominio: &'static str, n: u64, voci: &[i64]) -> Avviso {
        let segregation_code = if dominio == A { 1 } else { 47 };
        let numbering = Numbering::Aux3 { segregation_code };
        let numero = NumeroAvviso::generate(numbering, "99", n).unwrap();
        CodDominio::parse(dominio).unwrap();
        let avviso = Avviso {
            dominio,
            id_pendenza: format!("P-{dominio}-{n}"),
            iuv: numero.iuv().to_string(),
            numero: numero.to_string(),
        };
        let total: i64 = voci.iter().sum();
        self.esegui(&format!(
            "INSERT INTO pendenze (id_a2a, id_pendenza, id_dominio, id_tipo_pendenza, causale, \
             importo, numero_avviso, iuv, soggetto_tipo, soggetto_identificativo, \
             soggetto_anagrafica, altro, uuid, tipo, stato, anomala, importo_pagato, created_at, \
             updated_at) VALUES ('GESTIONALE', '{}', '{dominio}', 'LIBERO', 'Tassa sui rifiuti', \
             {total}, '{}', '{}', 'F', 'VRDGPP80A01H501U', 'Giuseppe Verdi', '{{}}', '{}', \
             'dovuto', 'NON_ESEGUITO', FALSE, 0, '2026-01-01 00:00:00', '2026-01-01 00:00:00')",
            avviso.id_pendenza,
            avviso.numero,
            avviso.iuv,
            uuid::Uuid::new_v4().simple(),
        ));
        let iban = match dominio {
            A => "IT41Q1234501600000000123456",
            _ => "IT71E5432103200000000777001",
        };
        for (i, cents) in voci.iter().enumerate() {
            self.esegui(&format!(
                "INSERT INTO voci (pendenza, indice, id_voce_pendenza, descrizione, importo, \
                 iban_accredito, tipo_contabilita, codice_contabilita, altro, stato) SELECT id, {}, \
                 'V{i}', 'Voce {i}', {cents}, '{iban}', 'ALTRO', 'TARI-2026', '{{}}', \
                 'Non eseguito' FROM pendenze WHERE id_pendenza = '{}'",
                i + 1,
                avviso.id_pendenza,
            ));
        }
        avviso
    }

    /// A message of the Node to a service of the core.
    pub async fn invia(&self, service: &str, action: &str, body: String) -> (u16, String) {
        let response = self
            .http
            .post(format!("{}{SOAP}/{service}", self.url))
            .header("SOAPAction", action)
            .header("Content-Type", soap::CONTENT_TYPE)
            .body(body)
            .send()
            .await
            .unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }

    pub async fn chiama<R: Request>(&self, xml: String) -> R::Response {
        let service = if R::OPERATION == "paaInviaRT" {
            RT_SERVICE
        } else {
            CCP_SERVICE
        };
        let (status, text) = self.invia(service, R::OPERATION, xml).await;
        assert_eq!(status, 200, "{text}");
        Busta::parse(text.as_bytes(), None).unwrap().body().unwrap()
    }

    pub async fn chiama_v1<R: Request>(&self, avviso: &Avviso, ccp: &str, body: &R) -> R::Response {
        let header = intestazione(STAZIONE_A, avviso.dominio, &avviso.iuv, ccp);
        self.chiama::<R>(soap::build_with_header(&header, body).unwrap())
            .await
    }

    pub async fn invia_rt(&self, header: &IntestazionePpt, rt: &Rt) -> PaaInviaRtRisposta {
        let body = PaaInviaRt {
            tipo_firma: String::new(),
            rt: rt.build().unwrap(),
        };
        self.chiama::<PaaInviaRt>(soap::build_with_header(header, &body).unwrap())
            .await
    }

    /// Delivers a receipt with the header of its own keys; the code of the fault, if any.
    pub async fn consegna(&self, rt: &Rt) -> Option<String> {
        let header = intestazione(
            STAZIONE_A,
            &rt.dominio.identificativo_dominio,
            &rt.dati_pagamento.identificativo_univoco_versamento,
            &rt.dati_pagamento.codice_contesto_pagamento,
        );
        self.invia_rt(&header, rt)
            .await
            .fault
            .map(|fault| fault.fault_code)
    }

    /// Waits until the Node has that many RPTs.
    pub async fn attendi_rpt(&self, count: usize) -> Vec<pagopa::documenti::Rpt> {
        wait_until("the Node has the RPTs", || async {
            let rpt = self.nodo.rpt();
            if rpt.len() == count {
                Ok(rpt)
            } else {
                Err(format!("{} RPT", rpt.len()))
            }
        })
        .await
    }

    pub async fn attendi_stato(&self, avviso: &Avviso, stati: &[&str]) {
        wait_until("the attempts are in these states", || async {
            let found = self.tentativi(avviso);
            if found == stati {
                Ok(())
            } else {
                Err(format!("{found:?}"))
            }
        })
        .await
    }
}

/// A message of the modello unico in its envelope.
pub fn busta<M: Message>(message: &M) -> String {
    soap::build(message).unwrap()
}
