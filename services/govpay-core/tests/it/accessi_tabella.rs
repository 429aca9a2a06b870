//! `rotte.txt` asked of the core: every operation as every kind of caller, and what each of them hears.

#![expect(
    clippy::too_many_lines,
    reason = "every caller of a line, and what it hears"
)]

use domain::EsitoPagamento as E;
use reqwest::Method;
use serde_json::{Value, json};

use crate::accessi::{Letta, chiedi};
use crate::anagrafica::{ADMIN, put};
use crate::mondo::{A, B, Mondo};
use crate::nodo::{CANALE, INTERMEDIARIO_PSP, PSP, rt};

const TABELLA: &str = include_str!("rotte.txt");
const PASSWORD: &str = "Prova-Password1";
const VERDI: &str = "VRDGPP80A01H501U";
const ROSSI: &str = "RSSMRA80A01H501U";

/// A line of the table.
struct Rotta {
    api: &'static str,
    method: Method,
    path: &'static str,
    /// Of the Backoffice; `-` for any.
    servizio: Option<&'static str>,
    attesi: Vec<&'static str>,
}

fn tabella() -> Vec<Rotta> {
    let lines = TABELLA
        .lines()
        .filter(|l| !l.is_empty() && !l.starts_with('#'));
    let parsed = lines.map(|line| {
        let mut words = line.split_whitespace();
        let api = words.next().unwrap();
        let method = words.next().unwrap().parse().unwrap();
        let path = words.next().unwrap();
        let servizio = (api == "backoffice").then(|| words.next().unwrap());
        Rotta {
            api,
            method,
            path,
            servizio,
            attesi: words.collect(),
        }
    });
    parsed.collect()
}

fn base(api: &str, auth: &str) -> String {
    let (spelling, version) = match api {
        "pendenze" => ("/govpay/backend/api/pendenze/rs", "v2"),
        "ragioneria" => ("/govpay/backend/api/ragioneria/rs", "v3"),
        "pagamento" => ("/govpay/frontend/api/pagamento/rs", "v2"),
        "pagamento3" => ("/govpay/frontend/api/pagamento/rs", "v3"),
        "backoffice" => ("/govpay/backend/api/backoffice/rs", "v1"),
        other => panic!("{other}"),
    };
    format!("{spelling}/{auth}/{version}")
}

/// Services as the table writes them, and as the contract does.
const SERVIZI: [(&str, &str); 9] = [
    ("AnagraficaPagoPA", "Anagrafica PagoPA"),
    ("AnagraficaCreditore", "Anagrafica Creditore"),
    ("AnagraficaApplicazioni", "Anagrafica Applicazioni"),
    ("AnagraficaRuoli", "Anagrafica Ruoli"),
    ("Pagamenti", "Pagamenti"),
    ("Pendenze", "Pendenze"),
    ("Rendicontazioni", "Rendicontazioni e Incassi"),
    ("Eventi", "Giornale degli Eventi"),
    ("Configurazione", "Configurazione e manutenzione"),
];

/// Someone who calls: the way of the base path and the headers.
struct Chi {
    nome: String,
    auth: &'static str,
    headers: Vec<(String, String)>,
    /// Works for B, or is somebody else: nothing of A or of its debtors may reach it.
    altrui: bool,
}

fn basic(user: &str, password: &str) -> Chi {
    use base64::Engine as _;
    let pair = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}"));
    Chi {
        nome: user.to_owned(),
        auth: "basic",
        headers: vec![("authorization".into(), format!("Basic {pair}"))],
        altrui: user.starts_with("altr"),
    }
}

fn spid(codice_fiscale: &str) -> Chi {
    Chi {
        nome: codice_fiscale.to_owned(),
        auth: "spid",
        headers: vec![("x-spid-fiscalnumber".into(), codice_fiscale.to_owned())],
        altrui: codice_fiscale != VERDI,
    }
}

fn nessuno(auth: &'static str) -> Chi {
    Chi {
        nome: format!("nobody, {auth}"),
        auth,
        headers: vec![],
        altrui: false,
    }
}

/// The callers of a line, in the order of its columns.
fn colonne(rotta: &Rotta) -> Vec<Chi> {
    match (rotta.api, rotta.servizio) {
        ("pendenze" | "ragioneria", _) => vec![
            basic("gestionale", "Gestionale-Password1"),
            basic("altra", PASSWORD),
            basic("senza", PASSWORD),
        ],
        (_, None) => vec![
            basic("portale", "Portale-Password1"),
            basic("altra", PASSWORD),
            basic("senza", PASSWORD),
            spid(VERDI),
            spid(ROSSI),
            nessuno("public"),
        ],
        (_, Some("-")) => ["RW", "R", "RW", "altro"]
            .map(|right| {
                basic(
                    &format!("{right}-Pendenze").replace("altro-Pendenze", "altro"),
                    PASSWORD,
                )
            })
            .into(),
        (_, Some(servizio)) => {
            let other = match servizio {
                "Pendenze" => "Pagamenti",
                _ => "Pendenze",
            };
            vec![
                basic(&format!("RW-{servizio}"), PASSWORD),
                basic(&format!("R-{servizio}"), PASSWORD),
                basic(&format!("RW-{other}"), PASSWORD),
                basic("altro", PASSWORD),
            ]
        }
    }
}

/// The callers that are not those of the demo tenant.
async fn utenze(mondo: &Mondo) {
    let acl =
        |servizio: &str, rights: &[&str]| json!({"servizio": servizio, "autorizzazioni": rights});
    for (word, servizio) in SERVIZI {
        for (right, rights) in [("R", &["R"][..]), ("RW", &["R", "W"])] {
            let body = json!({"password": PASSWORD, "domini": [A], "tipiPendenza": ["*"], "acl": [acl(servizio, rights)]});
            let path = format!("/operatori/{right}-{word}");
            assert_eq!(put(mondo, ADMIN, &path, &body).await.0, 201, "{path}");
        }
    }
    let all: Vec<Value> = SERVIZI.iter().map(|(_, s)| acl(s, &["R", "W"])).collect();
    for (name, domini, enabled) in [("altro", B, true), ("spenta", A, false)] {
        let body = json!({"password": PASSWORD, "domini": [domini], "tipiPendenza": ["*"], "acl": all, "abilitato": enabled});
        let path = format!("/operatori/{name}");
        assert_eq!(put(mondo, ADMIN, &path, &body).await.0, 201, "{path}");
    }
    for (name, domini, api, enabled) in [
        ("altra", B, true, true),
        ("senza", A, false, true),
        ("spento", A, true, false),
    ] {
        let body = json!({"principal": name, "password": PASSWORD, "domini": [domini],
            "tipiPendenza": ["*"], "apiPendenze": api, "apiPagamenti": api, "apiRagioneria": api,
            "abilitato": enabled});
        let path = format!("/applicazioni/{}", name.to_uppercase());
        let (status, fault) = put(mondo, ADMIN, &path, &body).await;
        assert_eq!(status, 201, "{path}: {fault}");
    }
    let unita = json!({"ragioneSociale": "Sportello"});
    let path = format!("/domini/{A}/unitaOperative/U");
    assert_eq!(put(mondo, ADMIN, &path, &unita).await.0, 201);
}

/// The keys of what is asked for.
struct Oggetti {
    pendenza: String,
    numero: String,
    iuv: String,
    ccp: String,
    sessione: String,
    evento: String,
    allegato: String,
    /// Opened by the portal, by the citizen, by somebody unknown.
    pagamenti: [String; 3],
}

async fn paga(mondo: &Mondo, chi: &Chi, numero: &str) -> Value {
    let path = format!(
        "{}/pagamenti?identificativoPSP={PSP}&identificativoIntermediarioPSP={INTERMEDIARIO_PSP}\
         &identificativoCanale={CANALE}&tipoVersamento=CP",
        base("pagamento", chi.auth)
    );
    let body = json!({"pendenze": [
        {"idDominio": A, "numeroAvviso": numero, "idDebitore": VERDI}]});
    let letta = come(mondo, chi, Method::POST, &path, Some(&body)).await;
    assert_eq!(letta.status, 201, "{}: {}", chi.nome, letta.body);
    letta.body
}

async fn come(mondo: &Mondo, chi: &Chi, method: Method, path: &str, body: Option<&Value>) -> Letta {
    let headers: Vec<(&str, &str)> = chi
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    chiedi(mondo, method, path, &headers, body).await
}

async fn oggetti(mondo: &Mondo) -> Oggetti {
    let avvisi = [1, 2, 3].map(|n| mondo.pendenza(A, n, &[1250]));
    let paying = [
        basic("portale", "Portale-Password1"),
        spid(VERDI),
        nessuno("public"),
    ];
    let mut created = vec![];
    for (chi, avviso) in paying.iter().zip(&avvisi) {
        created.push(paga(mondo, chi, &avviso.numero).await);
    }
    let rpt = mondo.nodo.rpt().remove(0);
    mondo.consegna(&rt(&rpt, E::Eseguito, &[])).await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let in_parti = json!({"idDominio": A, "causale": "Prima rata", "importo": 1.00,
        "documento": {"identificativo": "D1", "descrizione": "A rate", "rata": 1},
        "allegati": [{"nome": "a.txt", "tipo": "text/plain", "contenuto": "QQ=="}],
        "soggettoPagatore": {"tipo": "F", "identificativo": VERDI, "anagrafica": "Giuseppe Verdi"},
        "voci": [{"idVocePendenza": "1", "importo": 1.00, "descrizione": "Rata", "codEntrata": "TARI"}]});
    let path = format!("{}/pendenze/GESTIONALE/RATA-1", base("pendenze", "basic"));
    let gestionale = basic("gestionale", "Gestionale-Password1");
    let loaded = come(mondo, &gestionale, Method::PUT, &path, Some(&in_parti)).await;
    assert_eq!(loaded.status, 201, "{}", loaded.body);
    let evento = "eventi WHERE id_dominio = '12345678903' ORDER BY id LIMIT 1";
    Oggetti {
        pendenza: avvisi[0].id_pendenza.clone(),
        numero: avvisi[0].numero.clone(),
        iuv: avvisi[0].iuv.clone(),
        ccp: rpt.dati_versamento.codice_contesto_pagamento.clone(),
        sessione: text(&created[0]["idSession"]),
        allegato: mondo.leggi("SELECT CAST(id AS TEXT) AS v FROM allegati"),
        evento: mondo.leggi(&format!("SELECT CAST(id AS TEXT) AS v FROM {evento}")),
        pagamenti: [0, 1, 2].map(|n| text(&created[n]["id"])),
    }
}

impl Oggetti {
    /// The path of the line with the keys of the things that are there.
    fn path(&self, rotta: &Rotta, chi: &Chi, iur: &str) -> String {
        let pagamento = match chi.auth {
            "spid" => 1,
            "public" => 2,
            _ => 0,
        };
        let first = rotta.path.split('/').nth(1).unwrap();
        let id = match first {
            "pagamenti" if rotta.path.contains("byIdSession") => &self.sessione,
            "pagamenti" => &self.pagamenti[pagamento],
            "pendenze" => &self.pendenza,
            "eventi" => &self.evento,
            "ricevute" => &self.ccp,
            "intermediari" => "20000000016",
            "domini" => A,
            "notifiche" => "1",
            "allegati" => &self.allegato,
            "operazioni" => "resetCacheAnagrafica",
            _ => "x",
        };
        let filled = [
            ("{id}", id),
            ("{dominio}", A),
            ("{numero}", &self.numero),
            ("{a2a}", "GESTIONALE"),
            ("{iuv}", &self.iuv),
            ("{ccp}", &self.ccp),
            ("{iur}", iur),
            ("{indice}", "1"),
            ("{stazione}", "20000000016_01"),
            ("{unita}", "U"),
            ("{iban}", "IT41Q1234501600000000123456"),
            ("{entrata}", "TARI"),
            ("{tipo}", "LIBERO"),
            ("{principal}", "valtorbida"),
            ("{ruolo}", "Ufficio"),
            ("{flusso}", "F"),
            ("{data}", "2026-01-01"),
            ("{incasso}", "I"),
            ("{documento}", "D1"),
            ("{resto:.+}", A),
        ];
        let path = filled
            .iter()
            .fold(rotta.path.to_owned(), |path, (name, value)| {
                path.replace(name, value)
            });
        assert!(!path.contains('{'), "{path}: what is it?");
        match path.starts_with("/quadrature/riscossioni") {
            true => path + "?gruppi=DOMINIO",
            false => path,
        }
    }
}

/// What is sent: of a change, one that can be made; else as little as can be.
fn body(rotta: &Rotta) -> Option<Value> {
    let replace =
        |path: &str, value: Value| json!([{"op": "REPLACE", "path": path, "value": value}]);
    match (rotta.method.as_str(), rotta.path) {
        ("GET", _) => None,
        ("PATCH", "/pendenze/{a2a}/{id}") => Some(replace("/stato", json!("NON_ESEGUITA"))),
        ("PATCH", "/pagamenti/{id}") => Some(replace("/verificato", json!(true))),
        ("PATCH", "/rpp/{dominio}/{iuv}/{ccp}") => Some(replace("/bloccante", json!(true))),
        ("PATCH", _) => Some(json!([])),
        _ => Some(json!({})),
    }
}

fn come_atteso(letta: &Letta, atteso: &str) -> bool {
    let nessuna = letta.body["dettaglio"]
        .as_str()
        .is_some_and(|text| text.starts_with("nessuna operazione "));
    match atteso {
        "ok" => letta.status < 300,
        "passa" => !matches!(letta.status, 401 | 403 | 429 | 500..) && !nessuna,
        "vuota" => {
            let rows = letta.body["risultati"].as_array();
            letta.status < 300 && rows.is_some_and(Vec::is_empty)
        }
        status => letta.status.to_string() == status,
    }
}

/// Asks every line, or one in so many.
async fn prova(mondo: &Mondo, ogni: usize) {
    utenze(mondo).await;
    let oggetti = oggetti(mondo).await;
    let iur = mondo.leggi("SELECT iur AS v FROM riscossioni");
    let mut wrong = vec![];
    let mut asked = 0;
    for rotta in tabella().into_iter().step_by(ogni) {
        let colonne = colonne(&rotta);
        assert_eq!(
            colonne.len(),
            rotta.attesi.len(),
            "{} {}",
            rotta.api,
            rotta.path
        );
        let mut cases: Vec<(Chi, &str)> = colonne.into_iter().zip(rotta.attesi.clone()).collect();
        // Who does not say who it is, or says it wrongly, or may no more.
        let fuori = match rotta.attesi[0] {
            "404" if rotta.path == "/login" => "404",
            "503" => "503",
            _ => "401",
        };
        let disabled = if rotta.servizio.is_some() {
            "spenta"
        } else {
            "spento"
        };
        cases.extend([
            (nessuno("basic"), fuori),
            (basic("gpadmin", "sbagliata"), fuori),
            (basic("nessuno", PASSWORD), fuori),
            (basic(disabled, PASSWORD), fuori),
        ]);
        if !rotta.api.starts_with("pagamento") {
            cases.extend([(nessuno("public"), "404"), (spid(VERDI), "404")]);
        }
        for (chi, atteso) in cases {
            let path = base(rotta.api, chi.auth) + &oggetti.path(&rotta, &chi, &iur);
            let letta = come(
                mondo,
                &chi,
                rotta.method.clone(),
                &path,
                body(&rotta).as_ref(),
            )
            .await;
            asked += 1;
            let text = letta.body.to_string();
            let leaks = chi.altrui
                && letta.status < 300
                && !path.contains("/domini")
                && [VERDI, &oggetti.iuv, &oggetti.pendenza]
                    .iter()
                    .any(|own| text.contains(*own));
            if leaks || !come_atteso(&letta, atteso) {
                let method = &rotta.method;
                wrong.push(format!(
                    "{method} {path} as {}: {}, expected {atteso}{}: {:.200}",
                    chi.nome,
                    letta.status,
                    if leaks { ", LEAKS" } else { "" },
                    text
                ));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {asked}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(asked * ogni > 800, "{asked}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn b160_b162_every_operation_as_every_kind_of_caller() {
    let mondo = Mondo::start().await;
    prova(&mondo, 1).await;
    mondo.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn b160_b162_some_operations_as_every_kind_of_caller_on_postgresql() {
    let mondo = Mondo::start_pg().await;
    prova(&mondo, 6).await;
    mondo.stop().await;
}
