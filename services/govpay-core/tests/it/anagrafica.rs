//! The Backoffice's anagrafica: from an empty core to a pendenza, who may do what, lists, changes.

#![expect(clippy::too_many_lines, reason = "tables of cases")]

use reqwest::Method;
use serde_json::{Value, json};

use crate::mondo::{A, Mondo, PRIMO};

const BACKOFFICE: &str = "/govpay/backend/api/backoffice/rs/basic/v1";
pub const ADMIN: (&str, &str) = ("gpadmin", "Gpadmin-Password1");
pub const UFFICIO: (&str, &str) = ("valtorbida", "Valtorbida-Password1");
pub const GESTIONALE: (&str, &str) = ("gestionale", "Gestionale-Password1");

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
                "ruoli": ["Sportello"], "tipiPendenza": ["MENSA"],
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
async fn a_row_without_the_field_of_a_filter_is_left_out() {
    let mondo = Mondo::start().await;
    let body = json!({"ragioneSociale": "Provincia", "abilitato": true, "intermediato": false});
    assert_eq!(
        put(&mondo, ADMIN, "/domini/00000000001", &body).await.0,
        201
    );
    let ids = async |path: &str, name: &str| {
        let (status, lista) = get(&mondo, ADMIN, path).await;
        assert_eq!(status, 200, "{lista}");
        let rows = lista["risultati"].as_array().unwrap().iter();
        rows.map(|row| row[name].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    // The body without a station is none of that station's.
    assert_eq!(
        ids("/domini?idStazione=20000000016_01", "idDominio").await,
        [A]
    );
    assert_eq!(
        ids("/domini?intermediato=false", "idDominio").await,
        ["00000000001"]
    );
    // The description of an entrata of a body is that of the entrata of all.
    let entrata = json!({"descrizione": "Suolo pubblico", "tipoContabilita": "ALTRO", "codiceContabilita": "SUOLO"});
    assert!(put(&mondo, ADMIN, "/entrate/SUOLO", &entrata).await.0 < 300);
    let conto = json!({"ibanAccredito": "IT41Q1234501600000000123456"});
    assert!(
        put(&mondo, ADMIN, &format!("/domini/{A}/entrate/SUOLO"), &conto)
            .await
            .0
            < 300
    );
    let path = format!("/domini/{A}/entrate?descrizione=suolo");
    assert_eq!(ids(&path, "idEntrata").await, ["SUOLO"]);
    mondo.stop().await;
}
