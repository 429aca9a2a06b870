//! The REST contract: who may call, what a pendenza must be, what is read back.

use reqwest::Method;
use serde_json::{Value, json};
use test_support::tools::pdf_text;

use crate::mondo::{A, B, Mondo};

const PENDENZE: &str = "/govpay/backend/api/pendenze/rs/basic/v2";
const PAGAMENTO: &str = "/govpay/frontend/api/pagamento/rs/basic/v2";
const BACKOFFICE: &str = "/govpay/backend/api/backoffice/rs/basic/v1";

const GESTIONALE: Option<(&str, &str)> = Some(("gestionale", "Gestionale-Password1"));
const PORTALE: Option<(&str, &str)> = Some(("portale", "Portale-Password1"));
const ADMIN: Option<(&str, &str)> = Some(("gpadmin", "Gpadmin-Password1"));
const UFFICIO: Option<(&str, &str)> = Some(("valtorbida", "Valtorbida-Password1"));

async fn call(
    mondo: &Mondo,
    method: Method,
    who: Option<(&str, &str)>,
    path: &str,
    body: Option<&Value>,
) -> (u16, Value) {
    let mut request = mondo.http.request(method, format!("{}{path}", mondo.url));
    if let Some((user, password)) = who {
        request = request.basic_auth(user, Some(password));
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

async fn get(mondo: &Mondo, who: Option<(&str, &str)>, path: &str) -> (u16, Value) {
    call(mondo, Method::GET, who, path, None).await
}

async fn put(mondo: &Mondo, id: &str, body: &Value) -> (u16, Value) {
    let path = format!("{PENDENZE}/pendenze/GESTIONALE/{id}");
    call(mondo, Method::PUT, GESTIONALE, &path, Some(body)).await
}

fn pendenza() -> Value {
    json!({
        "idDominio": A, "causale": "Tassa sui rifiuti", "importo": 30.10, "dataScadenza": "2030-12-31",
        "soggettoPagatore": {"tipo": "F", "identificativo": "VRDGPP80A01H501U", "anagrafica": "Giuseppe Verdi"},
        "voci": [
            {"idVocePendenza": "1", "importo": 10.10, "descrizione": "Quota fissa", "codEntrata": "TARI"},
            {"idVocePendenza": "2", "importo": 20.00, "descrizione": "Quota variabile",
             "ibanAccredito": "IT41Q1234501600000000123456", "tipoContabilita": "ALTRO", "codiceContabilita": "TARI-2026"}
        ]
    })
}

fn with(changes: &[(&str, Value)]) -> Value {
    let mut body = pendenza();
    for (pointer, value) in changes {
        match body.pointer_mut(pointer) {
            Some(place) => *place = value.clone(),
            None => body[pointer.trim_start_matches('/')] = value.clone(),
        }
    }
    body
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pendenza_is_created_read_back_and_updated_keeping_its_avviso() {
    let mondo = Mondo::start().await;

    let (status, created) = put(&mondo, "P1", &pendenza()).await;
    assert_eq!(status, 201, "{created}");
    let numero = created["numeroAvviso"].as_str().unwrap().to_owned();
    let path = format!("{PAGAMENTO}/pendenze/byAvviso/{A}/{numero}");
    let (status, read) = get(&mondo, PORTALE, &path).await;

    assert_eq!((status, &read["stato"]), (200, &json!("NON_ESEGUITA")));
    assert_eq!(read["importo"].to_string(), "30.1");
    assert_eq!(read["voci"].as_array().unwrap().len(), 2);
    assert_eq!(read["soggettoPagatore"]["anagrafica"], "Giuseppe Verdi");
    let (status, again) = put(&mondo, "P1", &with(&[("/causale", json!("Corretta"))])).await;
    assert_eq!(
        (status, again["numeroAvviso"].as_str()),
        (200, Some(numero.as_str()))
    );
    let (_, read) = get(&mondo, PORTALE, &path).await;
    assert_eq!(read["causale"], "Corretta");
    let told: Vec<_> = mondo.eventi("pendenza.stato");
    assert_eq!(told.len(), 2, "one event for each order");
    mondo.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_avviso_has_its_codes_and_is_printed() {
    let mondo = Mondo::start().await;
    let (_, created) = put(&mondo, "P1", &pendenza()).await;
    let numero = created["numeroAvviso"].as_str().unwrap();
    let path = format!("{PENDENZE}/avvisi/{A}/{numero}");

    let (status, avviso) = get(&mondo, GESTIONALE, &path).await;

    assert_eq!(status, 200);
    assert_eq!(avviso["qrcode"], format!("PAGOPA|002|{numero}|{A}|3010"));
    assert_eq!(
        avviso["barcode"],
        format!("41580888880000178020{numero}39023010")
    );
    let pdf = mondo
        .http
        .get(format!("{}{path}", mondo.url))
        .basic_auth("gestionale", Some("Gestionale-Password1"))
        .header("accept", "application/pdf")
        .send()
        .await
        .unwrap();
    let text = pdf_text(&pdf.bytes().await.unwrap());
    assert!(
        text.contains("Comune di Valtorbida") && text.contains("30,10"),
        "{text}"
    );
    mondo.stop().await;
}

/// Field, value and rule in the detail; GovPay's code; nothing written.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[expect(clippy::too_many_lines, reason = "one table of cases")]
async fn b097_b148_b052_what_breaks_a_rule_is_refused_with_field_value_and_code() {
    let mondo = Mondo::start().await;
    let cases = [
        (with(&[("/importo", json!(30.11))]), 422, "VER_002", "30.10"),
        (
            with(&[("/voci/1/idVocePendenza", json!("1"))]),
            422,
            "VER_001",
            "voci[1].idVocePendenza",
        ),
        (
            with(&[("/causele", json!("x"))]),
            400,
            "SINTASSI",
            "causele",
        ),
        (
            with(&[("/numeroAvviso", json!(301000000000004285u64))]),
            400,
            "SINTASSI",
            "numeroAvviso: il valore 301000000000004285 deve essere un testo",
        ),
        (
            with(&[("/importo", json!("30.10"))]),
            400,
            "SINTASSI",
            "30.10",
        ),
        (
            with(&[("/causale", json!("x".repeat(141)))]),
            400,
            "400000",
            "141",
        ),
        (with(&[("/voci", json!([]))]), 400, "400000", "voci"),
        (
            with(&[("/voci/0/importo", json!(0)), ("/importo", json!(20))]),
            400,
            "400000",
            "voci[0].importo",
        ),
        (
            with(&[("/voci/0/codEntrata", json!("IMU"))]),
            422,
            "TRB_000",
            "IMU",
        ),
        (
            with(&[(
                "/voci/1/ibanAccredito",
                json!("IT71E5432103200000000777001"),
            )]),
            422,
            "VER_020",
            "voci[1].ibanAccredito",
        ),
        (
            with(&[(
                "/voci/1/ibanAccredito",
                json!("IT71E5432103200000000777009"),
            )]),
            400,
            "400000",
            "voci[1].ibanAccredito",
        ),
        (
            with(&[("/idDominio", json!("99999999990"))]),
            422,
            "DOM_000",
            "99999999990",
        ),
        (
            with(&[("/idTipoPendenza", json!("IMU"))]),
            422,
            "TVR_000",
            "IMU",
        ),
        (
            with(&[("/numeroAvviso", json!("001000000000000747"))]),
            422,
            "VER_039",
            "001000000000000747",
        ),
        (
            with(&[("/numeroAvviso", json!("347000000000074221"))]),
            422,
            "VER_027",
            "347000000000074221",
        ),
    ];
    for (body, status, codice, detail) in cases {
        let (got, fault) = put(&mondo, "KO", &body).await;
        assert_eq!((got, &fault["codice"]), (status, &json!(codice)), "{fault}");
        assert!(
            fault["dettaglio"].as_str().unwrap().contains(detail),
            "{detail}: {fault}"
        );
    }
    assert_eq!(mondo.conta("pendenze"), 0);
    mondo.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn b057_a_supplied_avviso_is_kept_and_a_used_one_is_refused() {
    let mondo = Mondo::start().await;
    let numero = json!("301000000000004285");
    let (status, created) = put(&mondo, "MIO", &with(&[("/numeroAvviso", numero.clone())])).await;
    assert_eq!(
        (status, &created["numeroAvviso"]),
        (201, &numero),
        "{created}"
    );

    let (status, fault) = put(&mondo, "ALTRO", &with(&[("/numeroAvviso", numero)])).await;

    assert_eq!(
        (status, &fault["codice"]),
        (422, &json!("VER_025")),
        "{fault}"
    );
    mondo.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn b063_orders_at_the_same_instant_get_numbers_of_their_own_on_both_stores() {
    for mondo in [Mondo::start().await, Mondo::start_pg().await] {
        let ids: Vec<String> = (0..40).map(|n| format!("P{n}")).collect();
        let body = pendenza();
        let orders = ids.iter().map(|id| put(&mondo, id, &body));

        let answers = futures_util::future::join_all(orders).await;

        let mut numeri: Vec<String> = answers
            .iter()
            .map(|(status, created)| {
                assert_eq!(*status, 201, "{created}");
                created["numeroAvviso"].as_str().unwrap().to_owned()
            })
            .collect();
        numeri.sort();
        numeri.dedup();
        assert_eq!(numeri.len(), 40);
        mondo.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn b160_b162_nobody_calls_without_credentials_or_beyond_them() {
    let mondo = Mondo::start().await;
    let (_, created) = put(&mondo, "P1", &with(&[("/idDominio", json!(B)), ("/voci", json!([
        {"idVocePendenza": "1", "importo": 30.10, "descrizione": "Sanzione", "codEntrata": "SANZIONI"}]))])).await;
    let numero = created["numeroAvviso"].as_str().unwrap();
    let avviso = format!("{BACKOFFICE}/pendenze/byAvviso/{B}/{numero}");
    let cases = [
        (None, avviso.clone(), 401),
        (Some(("gpadmin", "sbagliata")), avviso.clone(), 401),
        (Some(("nessuno", "x")), avviso.clone(), 401),
        (ADMIN, avviso.clone(), 200),
        (UFFICIO, avviso.clone(), 404),
        (GESTIONALE, avviso, 403),
        (PORTALE, format!("{PENDENZE}/pendenze/GESTIONALE/P1"), 403),
        (
            GESTIONALE,
            format!("{PAGAMENTO}/pendenze/GESTIONALE/P1"),
            403,
        ),
        (
            GESTIONALE,
            format!("{PENDENZE}/pendenze/GESTIONALE/P1"),
            200,
        ),
        (None, format!("{PAGAMENTO}/pagamenti"), 401),
        (None, format!("{BACKOFFICE}/eventi"), 401),
    ];
    for (who, path, expected) in cases {
        assert_eq!(get(&mondo, who, &path).await.0, expected, "{who:?} {path}");
    }
    let path = format!("{PENDENZE}/pendenze/ALTRUI/P1");
    let (status, fault) = call(&mondo, Method::PUT, GESTIONALE, &path, Some(&pendenza())).await;
    assert_eq!(
        (status, &fault["codice"]),
        (400, &json!("APP_002")),
        "{fault}"
    );
    let (_, list) = get(&mondo, UFFICIO, &format!("{BACKOFFICE}/pendenze")).await;
    assert_eq!(
        list["numRisultati"], 0,
        "another body's pendenze are not listed"
    );
    mondo.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pendenza_is_annulled_twice_and_revived_and_lists_follow() {
    let mondo = Mondo::start().await;
    put(&mondo, "P1", &pendenza()).await;
    let path = format!("{BACKOFFICE}/pendenze/GESTIONALE/P1");
    let annulla = json!([
        {"op": "REPLACE", "path": "/stato", "value": "ANNULLATA"},
        {"op": "REPLACE", "path": "/descrizioneStato", "value": "Emessa per errore"}
    ]);

    for _ in 0..2 {
        let (status, read) = call(&mondo, Method::PATCH, ADMIN, &path, Some(&annulla)).await;
        assert_eq!(
            (status, &read["stato"]),
            (200, &json!("ANNULLATA")),
            "{read}"
        );
        assert_eq!(read["descrizioneStato"], "Emessa per errore");
    }

    let (_, list) = get(
        &mondo,
        ADMIN,
        &format!("{BACKOFFICE}/pendenze?stato=ANNULLATA"),
    )
    .await;
    assert_eq!(list["numRisultati"], 1);
    let revive = json!([{"op": "REPLACE", "path": "/stato", "value": "NON_ESEGUITA"}]);
    let (status, read) = call(&mondo, Method::PATCH, ADMIN, &path, Some(&revive)).await;
    assert_eq!(
        (status, &read["stato"]),
        (200, &json!("NON_ESEGUITA")),
        "{read}"
    );
    let (status, fault) = call(&mondo, Method::PATCH, ADMIN, &path, Some(&revive)).await;
    assert_eq!(
        (status, &fault["codice"]),
        (422, &json!("VER_009")),
        "{fault}"
    );
    mondo.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn b090_b156_lists_filter_page_and_keep_what_has_no_due_date() {
    let mondo = Mondo::start().await;
    for n in 0..3 {
        put(
            &mondo,
            &format!("P{n}"),
            &with(&[("/dataScadenza", Value::Null)]),
        )
        .await;
    }
    let path = format!("{BACKOFFICE}/pendenze?stato=NON_ESEGUITA&risultatiPerPagina=2");

    let (_, first) = get(&mondo, ADMIN, &path).await;

    assert_eq!(
        (&first["numRisultati"], &first["numPagine"]),
        (&json!(3), &json!(2))
    );
    let next = first["prossimiRisultati"].as_str().unwrap();
    let (_, second) = get(&mondo, ADMIN, next).await;
    assert_eq!(second["risultati"].as_array().unwrap().len(), 1);
    let (status, fault) = get(&mondo, ADMIN, &format!("{BACKOFFICE}/pendenze?stato=BOH")).await;
    assert_eq!(status, 400, "{fault}");
    let (_, plain) = get(&mondo, ADMIN, &format!("{path}&metadatiPaginazione=false")).await;
    assert!(plain.get("numRisultati").is_none(), "{plain}");
    mondo.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_spellings_of_the_base_paths_answer() {
    let mondo = Mondo::start().await;
    put(&mondo, "P1", &pendenza()).await;
    for (who, path) in [
        (
            GESTIONALE,
            "/govpay-api-pendenze/rs/basic/v2/pendenze/GESTIONALE/P1",
        ),
        (
            PORTALE,
            "/govpay-api-pagamento/rs/basic/v2/pendenze/GESTIONALE/P1",
        ),
        (
            ADMIN,
            "/govpay-api-backoffice/rs/basic/v1/pendenze/GESTIONALE/P1",
        ),
    ] {
        assert_eq!(get(&mondo, who, path).await.0, 200, "{path}");
    }
    mondo.stop().await;
}
