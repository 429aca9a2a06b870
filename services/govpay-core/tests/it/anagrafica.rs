//! The Backoffice's anagrafica: from an empty core to a pendenza, who may do what, lists, changes.

#![expect(clippy::too_many_lines, reason = "tables of cases")]

use reqwest::Method;
use serde_json::{Value, json};

use crate::mondo::{A, Mondo, PRIMO};

const BACKOFFICE: &str = "/govpay/backend/api/backoffice/rs/basic/v1";
const ADMIN: (&str, &str) = ("gpadmin", "Gpadmin-Password1");
const UFFICIO: (&str, &str) = ("valtorbida", "Valtorbida-Password1");
const GESTIONALE: (&str, &str) = ("gestionale", "Gestionale-Password1");

pub async fn chiama(
    mondo: &Mondo,
    method: Method,
    who: (&str, &str),
    path: &str,
    body: Option<&Value>,
) -> (u16, Value) {
    let url = format!("{}{BACKOFFICE}{path}", mondo.url);
    let mut request = mondo.http.request(method, url);
    if !who.0.is_empty() {
        request = request.basic_auth(who.0, Some(who.1));
    }
    if let Some(body) = body {
        request = request.json(body);
    }
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let bytes = response.bytes().await.unwrap();
    (
        status,
        serde_json::from_slice(&bytes).unwrap_or(Value::Null),
    )
}

pub async fn put(mondo: &Mondo, who: (&str, &str), path: &str, body: &Value) -> (u16, Value) {
    chiama(mondo, Method::PUT, who, path, Some(body)).await
}

pub async fn get(mondo: &Mondo, who: (&str, &str), path: &str) -> (u16, Value) {
    chiama(mondo, Method::GET, who, path, None).await
}

/// Everything a body needs, in the order in which it is made; written twice it is 201, then 200.
fn passi() -> Vec<(&'static str, Value)> {
    vec![
        (
            "/intermediari/20000000016",
            json!({
                "denominazione": "Servizi Digitali", "principalPagoPa": "nodo",
                "servizioPagoPa": {"urlRPT": "http://127.0.0.1:9/nodo"},
            }),
        ),
        (
            "/intermediari/20000000016/stazioni/20000000016_07",
            json!({
                "abilitato": true, "versione": "V2", "password": "Stazione07pw",
            }),
        ),
        (
            "/domini/12345678903",
            json!({
                "ragioneSociale": "Comune di Prova", "stazione": "20000000016_07", "auxDigit": "3",
                "segregationCode": "7", "gln": "8088888000017", "abilitato": true, "scaricaFr": false,
                "area": "Tributi",
            }),
        ),
        (
            "/domini/12345678903/unitaOperative/SPORTELLO",
            json!({"ragioneSociale": "Sportello"}),
        ),
        (
            "/domini/12345678903/contiAccredito/IT41Q1234501600000000123456",
            json!({
                "postale": false, "intestatario": "Comune di Prova", "bic": "ABCDITMM",
            }),
        ),
        (
            "/entrate/MENSA",
            json!({
                "descrizione": "Mensa", "tipoContabilita": "ALTRO", "codiceContabilita": "MENSA-26",
            }),
        ),
        (
            "/domini/12345678903/entrate/MENSA",
            json!({
                "ibanAccredito": "IT41Q1234501600000000123456",
            }),
        ),
        (
            "/tipiPendenza/MENSA",
            json!({"descrizione": "Mensa scolastica", "pagaTerzi": true}),
        ),
        (
            "/domini/12345678903/tipiPendenza/MENSA",
            json!({"codificaIUV": "12"}),
        ),
        (
            "/ruoli/Sportello",
            json!({
                "acl": [{"servizio": "Pendenze", "autorizzazioni": ["R"]}],
            }),
        ),
        (
            "/applicazioni/SCUOLA",
            json!({
                "principal": "scuola", "password": "Scuola-Password1", "domini": ["12345678903"],
                "tipiPendenza": ["*"], "apiPendenze": true,
                "servizioIntegrazione": {"url": "http://127.0.0.1:9/ente", "versioneApi": "REST v2"},
            }),
        ),
        (
            "/operatori/anna",
            json!({
                "ragioneSociale": "Anna", "password": "Anna-Password1", "domini": [{"idDominio": "12345678903"}],
                "ruoli": ["Sportello"],
            }),
        ),
    ]
}

async fn da_zero(mondo: Mondo) {
    for (path, body) in passi() {
        let (status, answer) = put(&mondo, PRIMO, path, &body).await;
        assert_eq!(status, 201, "{path}: {answer}");
    }
    for (path, body) in passi() {
        let (status, answer) = put(&mondo, PRIMO, path, &body).await;
        assert_eq!(status, 200, "{path}: {answer}");
        // What was written is read, field by field.
        let (status, read) = get(&mondo, PRIMO, path).await;
        assert_eq!(status, 200, "{path}: {read}");
        for (name, value) in body.as_object().unwrap() {
            let secret = name == "password"
                && (path.starts_with("/applicazioni") || path.starts_with("/operatori"));
            if !secret
                && !["domini", "tipiPendenza", "ruoli", "segregationCode"].contains(&name.as_str())
            {
                assert_eq!(read[name], *value, "{path}: {name}");
            }
        }
    }
    // It acts at once: the new applicazione loads a pendenza with the new names.
    let pendenza = json!({
        "idDominio": A, "idTipoPendenza": "MENSA", "causale": "Mensa di maggio", "importo": 12.00,
        "voci": [{"idVocePendenza": "1", "importo": 12.00, "descrizione": "Pasti", "codEntrata": "MENSA"}],
    });
    let url = format!(
        "{}/govpay/backend/api/pendenze/rs/basic/v2/pendenze/SCUOLA/P1",
        mondo.url
    );
    let ordina = async || {
        let request = mondo
            .http
            .put(&url)
            .basic_auth("scuola", Some("Scuola-Password1"));
        let answer = request.json(&pendenza).send().await.unwrap();
        (
            answer.status().as_u16(),
            answer.json::<Value>().await.unwrap(),
        )
    };
    let (status, creata) = ordina().await;
    assert_eq!(status, 201, "{creata}");
    assert!(
        creata["numeroAvviso"].as_str().unwrap().starts_with("307"),
        "{creata}"
    );
    // Anna reads it with the right of her role, and cannot change the body.
    let (status, _) = get(&mondo, ("anna", "Anna-Password1"), "/pendenze/SCUOLA/P1").await;
    assert_eq!(status, 200);
    let (status, fault) = get(&mondo, ("anna", "Anna-Password1"), "/domini").await;
    assert_eq!((status, &fault["codice"]), (403, &json!("403000")));
    // What is switched off is refused with its own code.
    for (path, body, codice) in [
        (
            "/domini/12345678903/contiAccredito/IT41Q1234501600000000123456",
            json!({"abilitato": false}),
            None,
        ),
        (
            "/domini/12345678903/entrate/MENSA",
            json!({"ibanAccredito": "IT41Q1234501600000000123456", "abilitato": false}),
            Some("TRB_001"),
        ),
        (
            "/domini/12345678903/tipiPendenza/MENSA",
            json!({"abilitato": false}),
            Some("TVD_001"),
        ),
        (
            "/tipiPendenza/MENSA",
            json!({"descrizione": "Mensa", "abilitato": false}),
            Some("TVR_001"),
        ),
        (
            "/domini/12345678903",
            json!({"ragioneSociale": "Comune", "stazione": "20000000016_07",
            "auxDigit": "3", "segregationCode": "7", "abilitato": false}),
            Some("DOM_001"),
        ),
    ] {
        assert_eq!(put(&mondo, PRIMO, path, &body).await.0, 200, "{path}");
        let (status, fault) = ordina().await;
        match codice {
            Some(codice) => assert_eq!((status, &fault["codice"]), (422, &json!(codice)), "{path}"),
            None => assert_eq!(status, 200, "{path}: {fault}"),
        }
    }
    mondo.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_core_is_made_ready_by_its_api_alone_on_sqlite() {
    da_zero(Mondo::start_vuoto(false).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_core_is_made_ready_by_its_api_alone_on_postgresql() {
    da_zero(Mondo::start_vuoto(true).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_resource_refers_to_must_be_there() {
    let mondo = Mondo::start().await;
    let dominio = |stazione: &str| {
        json!({
            "ragioneSociale": "X", "abilitato": true, "stazione": stazione, "auxDigit": "1",
        })
    };
    for (path, body, status, codice, says) in [
        (
            "/domini/1234567890",
            dominio("20000000016_01"),
            400,
            "400000",
            "idDominio: il valore '1234567890'",
        ),
        (
            "/domini/12345678903",
            dominio("20000000016_99"),
            422,
            "STA_000",
            "20000000016_99",
        ),
        (
            "/domini/12345678903",
            json!({"ragioneSociale": "X", "abilitato": true}),
            400,
            "400000",
            "stazione: manca",
        ),
        (
            "/domini/12345678903",
            json!({"ragioneSociale": "X", "abilitato": true, "auxDigit": "3",
            "stazione": "20000000016_01"}),
            400,
            "400000",
            "segregationCode: manca",
        ),
        (
            "/domini/99999999990/unitaOperative/U1",
            json!({"ragioneSociale": "U"}),
            404,
            "404000",
            "99999999990",
        ),
        (
            "/domini/12345678903/contiAccredito/IT41Q1234501600000000123457",
            json!({}),
            400,
            "400000",
            "IBAN",
        ),
        (
            "/domini/12345678903/entrate/NESSUNA",
            json!({"ibanAccredito": "IT41Q1234501600000000123456"}),
            404,
            "404000",
            "NESSUNA",
        ),
        (
            "/domini/12345678903/entrate/TARI",
            json!({"ibanAccredito": "IT60X0542811101000000123456"}),
            422,
            "VER_020",
            "IT60X0542811101000000123456",
        ),
        (
            "/domini/12345678903/tipiPendenza/NESSUNO",
            json!({}),
            404,
            "404000",
            "NESSUNO",
        ),
        (
            "/intermediari/20000000016/stazioni/20000000017_01",
            json!({"abilitato": true, "versione": "V1"}),
            400,
            "400000",
            "20000000016_ e 2 cifre",
        ),
        (
            "/applicazioni/ALTRA",
            json!({"principal": "altra", "domini": ["99999999990"]}),
            422,
            "DOM_000",
            "99999999990",
        ),
        (
            "/applicazioni/ALTRA",
            json!({"principal": "altra", "tipiPendenza": ["NESSUNO"]}),
            422,
            "TVR_000",
            "NESSUNO",
        ),
        (
            "/applicazioni/ALTRA",
            json!({"principal": "altra", "ruoli": ["Nessuno"]}),
            422,
            "422000",
            "Nessuno",
        ),
        (
            "/applicazioni/ALTRA",
            json!({"principal": "gestionale"}),
            422,
            "422000",
            "'gestionale' è di un'altra utenza",
        ),
        (
            "/applicazioni/ALTRA",
            json!({"principal": "gpadmin"}),
            422,
            "422000",
            "'gpadmin' è di un'altra utenza",
        ),
        (
            "/operatori/gestionale",
            json!({}),
            422,
            "422000",
            "'gestionale' è di un'altra utenza",
        ),
    ] {
        let prima = mondo.conta("domini") + mondo.conta("applicazioni") + mondo.conta("operatori");
        let (got, fault) = put(&mondo, ADMIN, path, &body).await;
        assert_eq!(
            (got, fault["codice"].as_str()),
            (status, Some(codice)),
            "{path}: {fault}"
        );
        assert!(
            fault["dettaglio"].as_str().unwrap().contains(says),
            "{path}: {fault}"
        );
        let dopo = mondo.conta("domini") + mondo.conta("applicazioni") + mondo.conta("operatori");
        assert_eq!(prima, dopo, "{path}");
    }
    // A body that is not intermediated needs no station, and may only receive the items of others.
    let body = json!({"ragioneSociale": "Provincia", "abilitato": true, "intermediato": false});
    assert_eq!(
        put(&mondo, ADMIN, "/domini/00000000001", &body).await.0,
        201
    );
    let (_, read) = get(&mondo, ADMIN, "/domini/00000000001").await;
    assert_eq!(
        (&read["intermediato"], &read["stazione"]),
        (&json!(false), &Value::Null)
    );
    mondo.stop().await;
}

/// Paths that end so are lists; the others are written too.
const ELENCHI: [&str; 14] = [
    "intermediari",
    "stazioni",
    "domini",
    "unitaOperative",
    "contiAccredito",
    "entrate",
    "tipiPendenza",
    "applicazioni",
    "operatori",
    "ruoli",
    "pagamenti",
    "rpp",
    "pendenze",
    "eventi",
];

/// Every route × every kind of caller.
#[tokio::test(flavor = "multi_thread")]
async fn each_route_is_for_who_has_its_right() {
    let mondo = Mondo::start().await;
    let servizi = [
        (
            "Anagrafica PagoPA",
            vec![
                "/intermediari/20000000016",
                "/intermediari/20000000016/stazioni/20000000016_01",
                "/intermediari",
                "/intermediari/20000000016/stazioni",
            ],
        ),
        (
            "Anagrafica Creditore",
            vec![
                "/domini/12345678903",
                "/domini/12345678903/unitaOperative/U",
                "/domini/12345678903/contiAccredito/IT41Q1234501600000000123456",
                "/domini/12345678903/entrate/TARI",
                "/domini/12345678903/tipiPendenza/LIBERO",
                "/entrate/TARI",
                "/tipiPendenza/LIBERO",
                "/domini",
                "/domini/12345678903/unitaOperative",
                "/domini/12345678903/contiAccredito",
                "/domini/12345678903/entrate",
                "/domini/12345678903/tipiPendenza",
                "/entrate",
                "/tipiPendenza",
            ],
        ),
        (
            "Anagrafica Applicazioni",
            vec!["/applicazioni/GESTIONALE", "/applicazioni"],
        ),
        (
            "Anagrafica Ruoli",
            vec![
                "/operatori/valtorbida",
                "/ruoli/Ufficio",
                "/operatori",
                "/ruoli",
            ],
        ),
        ("Pagamenti", vec!["/pagamenti", "/rpp"]),
        ("Pendenze", vec!["/pendenze"]),
        ("Giornale degli Eventi", vec!["/eventi"]),
    ];
    let tutti: Vec<&str> = servizi.iter().map(|(servizio, _)| *servizio).collect();
    for (servizio, paths) in &servizi {
        // A person with that right alone, one with all the others, and one who only reads.
        let acl = |names: Vec<&str>, rights: Value| -> Value {
            names
                .iter()
                .map(|s| json!({"servizio": s, "autorizzazioni": rights}))
                .collect()
        };
        let others: Vec<&str> = tutti.iter().copied().filter(|s| s != servizio).collect();
        for (who, acl) in [
            ("solo", acl(vec![servizio], json!(["R", "W"]))),
            ("altri", acl(others, json!(["R", "W"]))),
            ("lettore", acl(vec![servizio], json!(["R"]))),
        ] {
            let body = json!({"password": "Prova-Password1", "domini": ["*"], "acl": acl});
            assert!(
                put(&mondo, ADMIN, &format!("/operatori/{who}"), &body)
                    .await
                    .0
                    < 300
            );
        }
        for path in paths {
            let of = |who| (who, "Prova-Password1");
            for (who, expected) in [
                (("", ""), 401),
                (("solo", "sbagliata"), 401),
                (GESTIONALE, 401),
                (of("altri"), 403),
                (of("solo"), 200),
                (of("lettore"), 200),
            ] {
                let (status, body) = get(&mondo, who, path).await;
                let expected = match (status, expected) {
                    // Not every example is there: it was looked for, though.
                    (404, 200) if path.ends_with("/U") => 404,
                    (_, expected) => expected,
                };
                assert_eq!(status, expected, "GET {path} as {who:?}: {body}");
            }
            let last = path.rsplit('/').next().unwrap();
            if !ELENCHI.contains(&last) {
                for (who, expected) in [(("", ""), 401), (of("altri"), 403), (of("lettore"), 403)] {
                    let (status, body) = put(&mondo, who, path, &json!({})).await;
                    assert_eq!(status, expected, "PUT {path} as {who:?}: {body}");
                }
                // Past the door: judged by what it carries.
                let (status, body) = put(&mondo, of("solo"), path, &json!({"x": 1})).await;
                assert!(matches!(status, 400 | 404), "PUT {path}: {status} {body}");
            }
        }
    }
    mondo.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_works_for_one_body_sees_that_one() {
    let mondo = Mondo::start().await;
    let (_, lista) = get(&mondo, UFFICIO, "/domini").await;
    assert_eq!(lista["numRisultati"], 1);
    assert_eq!(lista["risultati"][0]["idDominio"], A);
    for path in [
        "/domini/09876543217",
        "/domini/09876543217/contiAccredito",
        "/domini/09876543217/entrate/TARI",
    ] {
        assert_eq!(get(&mondo, UFFICIO, path).await.0, 404, "{path}");
    }
    // Even with the right to write, only its own body.
    let body = json!({"password": "Prova-Password1", "domini": [A],
        "acl": [{"servizio": "Anagrafica Creditore", "autorizzazioni": ["R", "W"]}]});
    put(&mondo, ADMIN, "/operatori/uno", &body).await;
    let uno = ("uno", "Prova-Password1");
    let dominio = json!({"ragioneSociale": "X", "abilitato": true, "stazione": "20000000016_02", "auxDigit": "1"});
    assert_eq!(
        put(&mondo, uno, "/domini/09876543217", &dominio).await.0,
        403
    );
    let (status, _) = put(
        &mondo,
        uno,
        "/domini/09876543217/unitaOperative/U",
        &json!({"ragioneSociale": "U"}),
    )
    .await;
    assert_eq!(status, 404);
    assert_eq!(
        put(
            &mondo,
            uno,
            &format!("/domini/{A}/unitaOperative/U"),
            &json!({"ragioneSociale": "U"})
        )
        .await
        .0,
        201
    );
    mondo.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_filtered_ordered_and_cut() {
    let mondo = Mondo::start().await;
    for (id, nome, abilitato) in [
        ("U1", "Anagrafe", true),
        ("U2", "tributi", false),
        ("U3", "Scuola", true),
    ] {
        let body = json!({"ragioneSociale": nome, "abilitato": abilitato});
        put(
            &mondo,
            ADMIN,
            &format!("/domini/{A}/unitaOperative/{id}"),
            &body,
        )
        .await;
    }
    let nomi = async |query: &str| {
        let (status, lista) =
            get(&mondo, ADMIN, &format!("/domini/{A}/unitaOperative{query}")).await;
        assert_eq!(status, 200, "{query}: {lista}");
        let rows = lista["risultati"].as_array().unwrap().iter();
        rows.map(|row| row["idUnita"].as_str().unwrap_or("-").to_owned())
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(nomi("").await, "U1 U2 U3");
    assert_eq!(nomi("?abilitato=false").await, "U2");
    assert_eq!(nomi("?ragioneSociale=TRIB").await, "U2");
    assert_eq!(nomi("?ordinamento=-ragioneSociale").await, "U2 U3 U1");
    assert_eq!(
        nomi("?ordinamento=%2BragioneSociale&risultatiPerPagina=2").await,
        "U1 U3"
    );
    assert_eq!(nomi("?risultatiPerPagina=2&pagina=2").await, "U3");
    assert_eq!(nomi("?campi=ragioneSociale").await, "- - -");
    let (_, lista) = get(
        &mondo,
        ADMIN,
        &format!("/domini/{A}/unitaOperative?risultatiPerPagina=2"),
    )
    .await;
    assert_eq!(
        (&lista["numRisultati"], &lista["numPagine"]),
        (&json!(3), &json!(2))
    );
    assert!(
        lista["prossimiRisultati"]
            .as_str()
            .unwrap()
            .ends_with("pagina=2"),
        "{lista}"
    );
    for (query, says) in [
        ("?ordinamento=colore", "colore"),
        ("?pagina=0", "pagina"),
        ("?risultatiPerPagina=x", "x"),
        ("?abilitato=forse", "abilitato"),
    ] {
        let (status, fault) =
            get(&mondo, ADMIN, &format!("/domini/{A}/unitaOperative{query}")).await;
        assert_eq!(
            (status, fault["categoria"].as_str()),
            (400, Some("RICHIESTA")),
            "{query}: {fault}"
        );
        assert!(
            fault["dettaglio"]
                .as_str()
                .unwrap_or_default()
                .contains(says),
            "{query}: {fault}"
        );
    }
    mondo.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn callers_and_roles_are_changed_by_parts() {
    let mondo = Mondo::start().await;
    let patch =
        async |path: &str, ops: Value| chiama(&mondo, Method::PATCH, ADMIN, path, Some(&ops)).await;
    let (status, letta) = patch(
        "/applicazioni/GESTIONALE",
        json!([
            {"op": "REPLACE", "path": "/abilitato", "value": false},
            {"op": "ADD", "path": "/ruoli", "value": "Ufficio"},
        ]),
    )
    .await;
    assert_eq!(status, 200, "{letta}");
    assert_eq!(
        (&letta["abilitato"], &letta["ruoli"][0]["id"]),
        (&json!(false), &json!("Ufficio"))
    );
    assert_eq!(
        letta["password"], true,
        "the password is kept and never read"
    );
    // It acts at once.
    let url = format!(
        "{}/govpay/backend/api/pendenze/rs/basic/v2/profilo",
        mondo.url
    );
    let profilo = async || {
        let request = mondo
            .http
            .get(&url)
            .basic_auth(GESTIONALE.0, Some(GESTIONALE.1));
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(profilo().await, 401);
    patch(
        "/applicazioni/GESTIONALE",
        json!([{"op": "REPLACE", "path": "/abilitato", "value": true}]),
    )
    .await;
    assert_eq!(profilo().await, 200);
    let (status, letto) = patch("/operatori/valtorbida", json!([
        {"op": "ADD", "path": "/acl", "value": {"servizio": "Anagrafica PagoPA", "autorizzazioni": ["R"]}},
    ])).await;
    assert_eq!(
        (status, &letto["acl"][0]["servizio"]),
        (200, &json!("Anagrafica PagoPA"))
    );
    assert_eq!(get(&mondo, UFFICIO, "/intermediari").await.0, 200);
    let (_, letto) = patch(
        "/ruoli/Ufficio",
        json!([{"op": "DELETE", "path": "/acl", "value": {"servizio": "Pendenze"}}]),
    )
    .await;
    assert!(!letto.to_string().contains("Pendenze"), "{letto}");
    assert_eq!(get(&mondo, UFFICIO, "/pendenze").await.0, 403);
    let (status, fault) = patch(
        "/ruoli/Ufficio",
        json!([{"op": "REPLACE", "path": "/nome", "value": 1}]),
    )
    .await;
    assert_eq!((status, &fault["codice"]), (400, &json!("400000")));
    let (_, profilo) = get(&mondo, ADMIN, "/profilo").await;
    assert_eq!(profilo["acl"].as_array().unwrap().len(), 9);
    let (_, servizi) = get(&mondo, ADMIN, "/enumerazioni/serviziACL").await;
    assert_eq!(servizi.as_array().unwrap().len(), 9);
    mondo.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_are_kept_by_section_and_held_to_their_schema() {
    let mondo = Mondo::start().await;
    let (status, prima) = get(&mondo, ADMIN, "/configurazioni").await;
    assert_eq!(
        (status, &prima["mailBatch"]["abilitato"]),
        (200, &json!(false))
    );
    // What is read can be written back whole.
    let post = async |body: Value| {
        chiama(&mondo, Method::POST, ADMIN, "/configurazioni", Some(&body)).await
    };
    assert_eq!(post(prima.clone()).await.0, 200);
    let gde = json!({"servizioGDE": {"abilitato": true, "url": "https://gde.example"}});
    assert_eq!(post(gde.clone()).await.0, 200);
    let (_, dopo) = get(&mondo, ADMIN, "/configurazioni").await;
    assert_eq!(
        (&dopo["servizioGDE"], &dopo["hardening"]),
        (&gde["servizioGDE"], &prima["hardening"])
    );
    let ops = json!([{"op": "REPLACE", "path": "/appIOBatch", "value": {"abilitato": true, "timeToLive": 3600}}]);
    let (status, letta) = chiama(&mondo, Method::PATCH, ADMIN, "/configurazioni", Some(&ops)).await;
    assert_eq!(
        (status, &letta["appIOBatch"]["timeToLive"]),
        (200, &json!(3600))
    );
    let mut rotta = prima.clone();
    rotta["giornaleEventi"]["interfacce"]["apiEnte"]["letture"]["log"] = json!("spesso");
    rotta["hardening"]["captcha"]["soglia"] = json!(3);
    let (status, fault) = post(rotta).await;
    let text = fault["dettaglio"].as_str().unwrap();
    assert_eq!((status, fault["codice"].as_str()), (400, Some("SINTASSI")));
    assert!(
        text.contains("giornaleEventi.interfacce.apiEnte.letture.log: il valore 'spesso'"),
        "{text}"
    );
    assert!(text.contains("hardening.captcha.soglia"), "{text}");
    assert_eq!(
        chiama(&mondo, Method::POST, UFFICIO, "/configurazioni", Some(&gde))
            .await
            .0,
        403
    );
    mondo.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operation_is_done_when_the_answer_comes() {
    let mondo = Mondo::start().await;
    let (status, lista) = get(&mondo, ADMIN, "/operazioni").await;
    assert_eq!((status, &lista["numRisultati"]), (200, &json!(3)));
    // An attempt whose life is over is closed by the operation, whatever the timers do.
    let avviso = mondo.pendenza(A, 1, &[1000]);
    mondo
        .chiama_v1(&avviso, "c1", &crate::presso_psp::attiva(1000))
        .await;
    mondo.esegui("UPDATE rpt SET scade_at = '2020-01-01 00:00:00'");
    for id in [
        "recuperoRptPendenti",
        "chiusuraRptScadute",
        "resetCacheAnagrafica",
    ] {
        let (status, fatta) = get(&mondo, ADMIN, &format!("/operazioni/{id}")).await;
        assert_eq!((status, &fatta["stato"]), (200, &json!(0)), "{fatta}");
        assert!(fatta["dettaglio"].is_string(), "{fatta}");
    }
    assert_eq!(mondo.conta("rpt WHERE scade_at IS NOT NULL"), 0);
    let (status, fault) = get(&mondo, ADMIN, "/operazioni/nessuna").await;
    assert_eq!((status, &fault["codice"]), (404, &json!("404000")));
    assert!(
        fault["dettaglio"]
            .as_str()
            .unwrap()
            .contains("recuperoRptPendenti"),
        "{fault}"
    );
    assert_eq!(
        get(&mondo, UFFICIO, "/operazioni/resetCacheAnagrafica")
            .await
            .0,
        403
    );
    mondo.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_served_is_told_in_the_words_of_the_contract() {
    let mondo = Mondo::start().await;
    for (method, path) in [
        (Method::GET, "/nessuna"),
        (Method::DELETE, "/domini/12345678903"),
    ] {
        let (status, fault) = chiama(&mondo, method.clone(), ADMIN, path, None).await;
        assert_eq!(
            (status, &fault["codice"]),
            (404, &json!("404000")),
            "{fault}"
        );
        let text = fault["dettaglio"].as_str().unwrap();
        assert!(
            text.contains(method.as_str()) && text.ends_with(path),
            "{text}"
        );
    }
    mondo.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_applicazione_loads_the_kinds_of_debt_that_are_its_own() {
    let mondo = Mondo::start().await;
    let pendenza = json!({
        "idDominio": A, "idTipoPendenza": "LIBERO", "causale": "Prova", "importo": 1.00,
        "voci": [{"idVocePendenza": "1", "importo": 1.00, "descrizione": "Prova", "codEntrata": "TARI"}],
    });
    let url = format!(
        "{}/govpay/backend/api/pendenze/rs/basic/v2/pendenze/GESTIONALE/T1",
        mondo.url
    );
    let ordina = async || {
        let request = mondo
            .http
            .put(&url)
            .basic_auth(GESTIONALE.0, Some(GESTIONALE.1));
        let answer = request.json(&pendenza).send().await.unwrap();
        (
            answer.status().as_u16(),
            answer.json::<Value>().await.unwrap(),
        )
    };
    let tipi = async |value: Value| {
        let ops = json!([{"op": "REPLACE", "path": "/tipiPendenza", "value": value}]);
        let path = "/applicazioni/GESTIONALE";
        assert_eq!(
            chiama(&mondo, Method::PATCH, ADMIN, path, Some(&ops))
                .await
                .0,
            200
        );
    };
    let mensa = json!({"descrizione": "Mensa"});
    assert!(
        put(&mondo, ADMIN, "/tipiPendenza/MENSA", &mensa).await.0 < 300,
        "written"
    );
    tipi(json!(["MENSA"])).await;
    let (status, fault) = ordina().await;
    assert_eq!(
        (status, &fault["codice"]),
        (422, &json!("VER_022")),
        "{fault}"
    );
    // A block says it of each operation.
    let blocco =
        json!({"operazioni": [{"inserimento": {"idPendenza": "T1", "pendenza": pendenza}}]});
    let request = mondo
        .http
        .post(format!("{}/api/v1/pendenze/blocchi", mondo.url));
    let request = request
        .basic_auth(GESTIONALE.0, Some(GESTIONALE.1))
        .json(&blocco);
    let esiti: Value = request.send().await.unwrap().json().await.unwrap();
    assert_eq!(esiti["esiti"][0]["errore"]["codice"], "VER_022", "{esiti}");
    assert_eq!(mondo.conta("pendenze"), 0);
    tipi(json!(["MENSA", "LIBERO"])).await;
    assert_eq!(ordina().await.0, 201);
    mondo.stop().await;
}
