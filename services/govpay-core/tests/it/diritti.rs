//! Who may do what: every route for every kind of caller, own and foreign bodies, kinds of debt, rights
//! that change.

#![expect(clippy::too_many_lines, reason = "tables of cases")]

use reqwest::Method;
use serde_json::{Value, json};

use crate::anagrafica::{ADMIN, GESTIONALE, UFFICIO, chiama, get, put};
use crate::mondo::{A, Mondo};

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
                (GESTIONALE, 403),
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
