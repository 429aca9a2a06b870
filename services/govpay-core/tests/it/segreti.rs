//! What must not come out: well-known passwords outside the demo, secrets and people in the logs.

#![expect(clippy::too_many_lines, reason = "one story from beginning to end")]

use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::json;
use test_support::wait_until;

/// The core as a process, whose log is a file.
struct Processo {
    child: Child,
    folder: tempfile::TempDir,
}

impl Drop for Processo {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn avvia(folder: tempfile::TempDir, args: &[&str]) -> Processo {
    let log = std::fs::File::create(folder.path().join("core.log")).unwrap();
    let archive = format!("sqlite:{}", folder.path().join("core.db").display());
    let child = Command::new(env!("CARGO_BIN_EXE_govpay-core"))
        .env_clear()
        .args(["--port", "0", "--database-url", &archive])
        .args([
            "--amqp-url",
            "amqp://127.0.0.1:9/%2f",
            "--psp-sim-url",
            "http://127.0.0.1:9",
        ])
        .args(["--log", "debug", "--log-format", "json"])
        .args(args)
        .stdin(Stdio::null())
        .stdout(log.try_clone().unwrap())
        .stderr(log)
        .spawn()
        .unwrap();
    Processo { child, folder }
}

impl Processo {
    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("core.log")).unwrap()
    }

    async fn url(&self) -> String {
        wait_until("the core says where it listens", || async {
            let log = self.log();
            let line = log.lines().find(|line| line.contains("service started"));
            let line = line.ok_or_else(|| log.clone())?;
            let line: serde_json::Value = serde_json::from_str(line).map_err(|e| e.to_string())?;
            let text = line.to_string();
            let address = text
                .split("\"address\":\"")
                .nth(1)
                .ok_or_else(|| text.clone())?;
            Ok(format!("http://{}", address.split('"').next().unwrap()))
        })
        .await
    }

    /// It does not start: how it says so.
    fn rifiutato(mut self) -> (String, tempfile::TempDir) {
        let status = self.child.wait().unwrap();
        let log = self.log();
        assert!(!status.success(), "{log}");
        (
            log,
            std::mem::replace(&mut self.folder, tempfile::tempdir().unwrap()),
        )
    }
}

/// The demo tenant file as an integrator may copy it.
fn copiato(folder: &Path) -> String {
    let path = folder.join("ente.toml");
    let demo = include_str!("../../../../crates/tenant/tenants/demo.toml");
    std::fs::write(&path, demo).unwrap();
    path.display().to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn b167_outside_the_demo_no_well_known_password_opens() {
    let folder = tempfile::tempdir().unwrap();
    let file = copiato(folder.path());
    let (log, folder) = avvia(folder, &["--tenant", &file]).rifiutato();
    assert!(log.contains("la password di 'gpadmin'"), "{log}");

    let admin = [
        "--tenant",
        "none",
        "--admin-user",
        "capo",
        "--admin-password",
    ];
    let known = [&admin[..], &["Gpadmin-Password1"]].concat();
    let (log, folder) = avvia(folder, &known).rifiutato();
    assert!(log.contains("la password di 'capo'"), "{log}");
    assert!(!log.contains("Gpadmin-Password1"), "{log}");

    // Somebody tried the demo first, and goes on with the same archive.
    let demo = avvia(folder, &[]);
    let url = demo.url().await;
    let own = [&admin[..], &["Capo-Password1"]].concat();
    let demo_archive = demo.folder.path().join("core.db");
    let elsewhere = tempfile::tempdir().unwrap();
    let ready = reqwest::get(format!("{url}/healthz")).await.unwrap();
    assert_eq!(ready.status(), 200);
    drop(ready);
    let mut demo = demo;
    demo.child.kill().unwrap();
    demo.child.wait().unwrap();
    for suffix in ["", "-wal", "-shm"] {
        let from = format!("{}{suffix}", demo_archive.display());
        if Path::new(&from).exists() {
            std::fs::copy(&from, elsewhere.path().join(format!("core.db{suffix}"))).unwrap();
        }
    }
    let (log, _) = avvia(elsewhere, &own).rifiutato();
    assert!(log.contains("nell'archivio 'gpadmin'"), "{log}");

    let fresh = avvia(tempfile::tempdir().unwrap(), &own);
    let url = fresh.url().await;
    let http = platform::http::client(std::time::Duration::from_secs(30)).unwrap();
    let path = format!("{url}/govpay/backend/api/backoffice/rs/basic/v1/profilo");
    for (user, password, expected) in [
        ("gpadmin", "Gpadmin-Password1", 401),
        ("capo", "Capo-Password1", 200),
    ] {
        let answer = http
            .get(&path)
            .basic_auth(user, Some(password))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), expected, "{user}");
    }
    assert!(!fresh.log().contains("Capo-Password1"));
}

/// Values that are nobody's business, by what they are for.
const SEGRETI: [(&str, &str); 10] = [
    ("password in basic", "Gestionale-Password1"),
    ("password of a form", "Gpadmin-Password1"),
    ("wrong password", "Sbagliata-Password9"),
    ("key", "Chiave-Sbagliata8"),
    ("new password", "Nuova-Password7"),
    ("password of new software", "Software-Password6"),
    ("password of a station", "Stazione6pw"),
    ("codice fiscale", "VRDGPP80A01H501U"),
    ("name", "Giuseppe Verdi"),
    ("IBAN", "IT41Q1234501600000000123456"),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn b167_secrets_and_people_are_not_in_the_logs() {
    let core = avvia(tempfile::tempdir().unwrap(), &[]);
    let url = core.url().await;
    let http = platform::http::client(std::time::Duration::from_secs(30)).unwrap();
    let ask = async |request: reqwest::RequestBuilder, expected: u16| {
        let answer = request.send().await.unwrap();
        let (status, cookie) = (
            answer.status().as_u16(),
            answer.headers().get("set-cookie").cloned(),
        );
        let body = answer.text().await.unwrap();
        assert_eq!(status, expected, "{body}");
        cookie
    };
    let back = format!("{url}/govpay/backend/api/backoffice/rs");
    let pendenze = format!("{url}/govpay/backend/api/pendenze/rs");
    let spid = format!("{url}/govpay/frontend/api/pagamento/rs/spid/v2");
    let public = format!("{url}/govpay/frontend/api/pagamento/rs/public/v2");

    let pendenza = json!({"idDominio": "12345678903", "causale": "Prova", "importo": 1.00,
        "soggettoPagatore": {"tipo": "F", "identificativo": "VRDGPP80A01H501U", "anagrafica": "Giuseppe Verdi"},
        "voci": [{"idVocePendenza": "1", "importo": 1.00, "descrizione": "Prova",
            "ibanAccredito": "IT41Q1234501600000000123456", "tipoContabilita": "ALTRO", "codiceContabilita": "X"}]});
    let put = http.put(format!("{pendenze}/basic/v2/pendenze/GESTIONALE/S1"));
    ask(
        put.basic_auth("gestionale", Some("Gestionale-Password1"))
            .json(&pendenza),
        201,
    )
    .await;
    let key = http.get(format!("{pendenze}/apikey/v2/profilo"));
    ask(
        key.header("x-app-id", "gestionale")
            .header("x-api-key", "Chiave-Sbagliata8"),
        401,
    )
    .await;
    let login = |password: &'static str| {
        let form = [("username", "gpadmin"), ("password", password)];
        http.post(format!("{back}/form/v1/login")).form(&form)
    };
    // It is told in the log, with where it came from: not with the parameters, which may name people.
    let wrong = login("Sbagliata-Password9").query(&[("idDebitore", "VRDGPP80A01H501U")]);
    ask(wrong, 401).await;
    let cookie = ask(login("Gpadmin-Password1"), 200).await.unwrap();
    let cookie = cookie
        .to_str()
        .unwrap()
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    ask(
        http.get(format!("{back}/form/v1/profilo"))
            .header("cookie", &cookie),
        200,
    )
    .await;
    let admin =
        |request: reqwest::RequestBuilder| request.basic_auth("gpadmin", Some("Gpadmin-Password1"));
    let software =
        json!({"principal": "CN=software", "password": "Software-Password6", "domini": ["*"]});
    let request = http
        .put(format!("{back}/basic/v1/applicazioni/SOFTWARE"))
        .json(&software);
    ask(admin(request), 201).await;
    let stazione = json!({"abilitato": true, "versione": "V2", "password": "Stazione6pw"});
    let path = format!("{back}/basic/v1/intermediari/20000000016/stazioni/20000000016_06");
    ask(admin(http.put(path).json(&stazione)), 201).await;
    let cert = http.get(format!("{pendenze}/sslheader/v2/profilo"));
    ask(cert.header("x-govpay-cert", "CN=software"), 403).await;
    let own = http.get(format!("{spid}/pendenze"));
    ask(own.header("x-spid-fiscalnumber", "VRDGPP80A01H501U"), 200).await;
    let avviso =
        format!("{public}/avvisi/12345678903/301000000000000000?idDebitore=VRDGPP80A01H501U");
    ask(http.get(avviso), 404).await;
    let ops = json!([{"op": "REPLACE", "path": "/password", "value": "Nuova-Password7"}]);
    let request = http.patch(format!("{back}/basic/v1/profilo")).json(&ops);
    ask(admin(request), 200).await;

    let log = core.log();
    assert!(
        log.contains("login refused") && log.contains("form/v1/login"),
        "what happens in a request is logged with it: {log}"
    );
    let session = cookie.split_once('=').unwrap().1;
    for (what, secret) in SEGRETI.into_iter().chain([("session", session)]) {
        let line = log.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "{what}");
    }
}
