//! Citizens and people unknown: they see what is theirs or what they can name, and nothing else.

use reqwest::Method;
use serde_json::{Value, json};

use crate::accessi::{Letta, chiedi, leggi};
use crate::mondo::{A, Avviso, B, Mondo};
use crate::nodo::{CANALE, INTERMEDIARIO_PSP, PSP, rt};

/// Debtor of the pendenze of these tests.
const VERDI: &str = "VRDGPP80A01H501U";
const ROSSI: &str = "RSSMRA80A01H501U";
const SPID: &str = "/govpay/frontend/api/pagamento/rs/spid";
const PUBLIC: &str = "/govpay/frontend/api/pagamento/rs/public/v2";

fn di(codice_fiscale: &str) -> [(&'static str, &str); 3] {
    [
        ("x-spid-fiscalnumber", codice_fiscale),
        ("x-spid-name", "Giuseppe"),
        ("x-spid-familyname", "Verdi"),
    ]
}

async fn paga(mondo: &Mondo, base: &str, headers: &[(&str, &str)], body: &Value) -> Letta {
    let query = format!(
        "idSessionePortale=s1&identificativoPSP={PSP}&identificativoIntermediarioPSP=\
         {INTERMEDIARIO_PSP}&identificativoCanale={CANALE}&tipoVersamento=CP"
    );
    let path = format!("{base}/pagamenti?{query}");
    chiedi(mondo, Method::POST, &path, headers, Some(body)).await
}

fn per(avviso: &Avviso) -> Value {
    json!({"urlRitorno": "http://portale.example/1",
        "pendenze": [{"idDominio": avviso.dominio, "numeroAvviso": avviso.numero}]})
}

/// Another debtor's pendenza.
fn di_rossi(mondo: &Mondo, avviso: &Avviso) {
    let id = &avviso.id_pendenza;
    mondo.esegui(&format!(
        "UPDATE pendenze SET soggetto_identificativo = '{ROSSI}' WHERE id_pendenza = '{id}'"
    ));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_citizen_sees_the_own_debts_payments_and_receipts_on_both_stores() {
    for mondo in [Mondo::start().await, Mondo::start_pg().await] {
        un_cittadino(&mondo).await;
        mondo.stop().await;
    }
}

async fn un_cittadino(mondo: &Mondo) {
    let (own, of_other) = (mondo.pendenza(A, 1, &[1250]), mondo.pendenza(A, 2, &[900]));
    di_rossi(mondo, &of_other);
    let verdi = di("TINIT-VRDGPP80A01H501U");
    let v2 = format!("{SPID}/v2");
    for (path, expected) in [
        ("/pendenze".to_owned(), 1),
        (format!("/pendenze?idDebitore={ROSSI}"), 0),
    ] {
        for version in ["v2", "v3"] {
            let letta = leggi(mondo, &format!("{SPID}/{version}{path}"), &verdi).await;
            assert_eq!(letta.status, 200, "{}", letta.body);
            let rows = letta.body["risultati"].as_array().unwrap();
            assert_eq!(rows.len(), expected, "{version}{path}: {}", letta.body);
        }
    }
    for (avviso, expected) in [(&own, 200), (&of_other, 404)] {
        for path in [
            format!("/v2/pendenze/GESTIONALE/{}", avviso.id_pendenza),
            format!("/v3/pendenze/GESTIONALE/{}", avviso.id_pendenza),
            format!("/v2/pendenze/byAvviso/{A}/{}", avviso.numero),
            format!("/v2/avvisi/{A}/{}", avviso.numero),
        ] {
            let letta = leggi(mondo, &format!("{SPID}{path}"), &verdi).await;
            assert_eq!(letta.status, expected, "{path}: {}", letta.body);
        }
    }
    let profilo = leggi(mondo, &format!("{v2}/profilo"), &verdi).await;
    assert_eq!(profilo.body["nome"], VERDI);

    let created = paga(mondo, &v2, &verdi, &per(&own)).await;
    assert_eq!(created.status, 201, "{}", created.body);
    let again = paga(mondo, &v2, &verdi, &per(&own)).await;
    assert_eq!(again.body, created.body, "a second click");
    let rpt = mondo.nodo.rpt().remove(0);
    let versante = mondo.leggi("SELECT versante AS v FROM pagamenti");
    assert!(versante.contains(VERDI) && versante.contains("Giuseppe Verdi"));
    mondo
        .consegna(&rt(&rpt, domain::EsitoPagamento::Eseguito, &[]))
        .await;

    let id = created.body["id"].as_str().unwrap();
    let ccp = &rpt.dati_versamento.codice_contesto_pagamento;
    let receipt = format!("{A}/{}/{ccp}", own.iuv);
    for (path, other) in [
        (format!("/v2/pagamenti/{id}"), 404),
        (format!("/v2/rpp/{receipt}"), 404),
        (format!("/v2/rpp/{receipt}/rt"), 404),
        (format!("/v2/rpp/{receipt}/rpt"), 404),
        (format!("/v3/ricevute/{receipt}"), 404),
    ] {
        let letta = leggi(mondo, &format!("{SPID}{path}"), &verdi).await;
        assert_eq!(letta.status, 200, "{path}: {}", letta.body);
        let letta = leggi(mondo, &format!("{SPID}{path}"), &di(ROSSI)).await;
        assert_eq!(letta.status, other, "{path} as another: {}", letta.body);
    }
    for path in [
        "/v2/pagamenti".to_owned(),
        "/v2/rpp".to_owned(),
        format!("/v3/ricevute/{A}/{}", own.iuv),
    ] {
        for (who, expected) in [(VERDI, 1), (ROSSI, 0)] {
            let letta = leggi(mondo, &format!("{SPID}{path}"), &di(who)).await;
            let rows = letta.body["risultati"].as_array().unwrap();
            assert_eq!(rows.len(), expected, "{path} as {who}: {}", letta.body);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_citizen_pays_the_own_debts_in_the_own_name() {
    let mondo = Mondo::start().await;
    let (own, of_other) = (mondo.pendenza(A, 1, &[1250]), mondo.pendenza(A, 2, &[900]));
    di_rossi(&mondo, &of_other);
    let v2 = format!("{SPID}/v2");
    let mut named = per(&of_other);
    named["pendenze"][0]["idDebitore"] = json!(ROSSI);
    let mut for_other = per(&own);
    for_other["soggettoVersante"] =
        json!({"tipo": "F", "identificativo": ROSSI, "anagrafica": "Mario Rossi"});
    let by_key = json!({"pendenze": [{"idA2A": "GESTIONALE", "idPendenza": of_other.id_pendenza}]});
    for (body, codice) in [
        (named, "CIT_003"),
        (for_other, "CIT_004"),
        (per(&of_other), "VER_008"),
        (by_key, "VER_008"),
    ] {
        let letta = paga(&mondo, &v2, &di(VERDI), &body).await;
        assert_eq!(letta.codice(), (422, codice), "{}", letta.body);
    }
    assert_eq!(mondo.conta("pagamenti"), 0);
    // What is not the name of a person is nobody.
    let letta = leggi(&mondo, &format!("{v2}/pendenze"), &di("boh")).await;
    assert_eq!(letta.codice(), (401, "401000"));
    mondo.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_has_an_avviso_in_the_hand_reads_and_pays_it() {
    let mondo = Mondo::start().await;
    let avviso = mondo.pendenza(A, 1, &[1250]);
    let uuid = mondo.leggi("SELECT uuid AS v FROM pendenze");
    let numero = &avviso.numero;
    let (known, unknown) = (format!("{A}/{numero}"), format!("{A}/301999999999999999"));
    for base in ["/avvisi", "/pendenze/byAvviso"] {
        for (path, expected) in [
            (format!("{known}?idDebitore={VERDI}"), (200, "")),
            (format!("{known}?UUID={uuid}"), (200, "")),
            // Nothing tells an avviso that is there from one that is not.
            (known.clone(), (403, "403000")),
            (unknown.clone(), (403, "403000")),
            (format!("{known}?idDebitore={ROSSI}"), (404, "404000")),
            (
                format!("{known}?UUID={uuid}&idDebitore={ROSSI}"),
                (404, "404000"),
            ),
            (format!("{unknown}?idDebitore={VERDI}"), (404, "404000")),
        ] {
            let letta = leggi(&mondo, &format!("{PUBLIC}{base}/{path}"), &[]).await;
            assert_eq!(letta.codice(), expected, "{base} {path}: {}", letta.body);
        }
    }
    let path = format!("{PUBLIC}/pendenze/byAvviso/{known}?idDebitore={VERDI}");
    let letta = leggi(&mondo, &path, &[]).await;
    assert!(
        !letta.body.to_string().contains("Giuseppe"),
        "{}",
        letta.body
    );
    for path in [
        "/pendenze".to_owned(),
        format!("/pendenze/GESTIONALE/{}", avviso.id_pendenza),
        "/pagamenti".to_owned(),
        "/pagamenti/byIdSession/x".to_owned(),
        "/rpp".to_owned(),
        "/profilo".to_owned(),
    ] {
        let letta = leggi(&mondo, &format!("{PUBLIC}{path}"), &[]).await;
        assert_eq!(letta.codice(), (403, "403000"), "{path}");
    }

    let mut body = per(&avviso);
    assert_eq!(
        paga(&mondo, PUBLIC, &[], &body).await.codice(),
        (403, "403000")
    );
    body["pendenze"][0]["idDebitore"] = json!(ROSSI);
    assert_eq!(
        paga(&mondo, PUBLIC, &[], &body).await.codice(),
        (422, "VER_008")
    );
    body["pendenze"][0]["idDebitore"] = json!(VERDI);
    let created = paga(&mondo, PUBLIC, &[], &body).await;

    assert_eq!(created.status, 201, "{}", created.body);
    let id = created.body["id"].as_str().unwrap();
    let letta = leggi(&mondo, &format!("{PUBLIC}/pagamenti/{id}"), &[]).await;
    assert_eq!(
        letta.status, 200,
        "who opened it has its id: {}",
        letta.body
    );
    let letta = leggi(&mondo, &format!("{SPID}/v2/pagamenti/{id}"), &di(ROSSI)).await;
    assert_eq!(letta.status, 404);
    // The same portal session does not bring one to the payment of another.
    assert_eq!(
        paga(&mondo, PUBLIC, &[], &body).await.codice(),
        (422, "PAG_014")
    );
    mondo.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn b165_walking_through_numbers_is_stopped_and_others_are_not() {
    let mondo = Mondo::start().await;
    let avviso = mondo.pendenza(B, 1, &[1250]);
    let from = |ip: &'static str| [("x-forwarded-for", ip)];
    let walker = from("203.0.113.1");
    let mut waited = None;
    for n in 0..100 {
        let path = format!("{PUBLIC}/avvisi/{B}/3470000000000{n:05}?idDebitore={VERDI}");
        let letta = leggi(&mondo, &path, &walker).await;
        if letta.status == 429 {
            waited = Some((n, letta));
            break;
        }
        assert_eq!(letta.status, 404, "{}", letta.body);
    }
    let (n, letta) = waited.expect("the walker is stopped");
    assert_eq!((n, letta.codice()), (60, (429, "429000")));
    assert!(letta.headers.contains_key("retry-after"));
    let path = format!("{PUBLIC}/avvisi/{B}/{}?idDebitore={VERDI}", avviso.numero);
    assert_eq!(
        leggi(&mondo, &path, &walker).await.status,
        429,
        "also of what is there"
    );
    assert_eq!(leggi(&mondo, &path, &from("203.0.113.2")).await.status, 200);
    // Payments and their ids are searches too.
    let letta = leggi(&mondo, &format!("{PUBLIC}/pagamenti/x"), &walker).await;
    assert_eq!(letta.status, 429);
    mondo.stop().await;
}
