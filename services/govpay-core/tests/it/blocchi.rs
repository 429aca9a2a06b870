//! Blocks of operations on pendenze, on both kinds of store.

use std::time::Duration;

use base64::Engine as _;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::mondo::{A, B, Mondo};

async fn blocco(mondo: &Mondo, prova: bool, operazioni: &[Value]) -> (u16, Value) {
    let url = format!("{}/api/v1/pendenze/blocchi?prova={prova}", mondo.url);
    let request = mondo.http.post(url);
    let request = request.basic_auth("gestionale", Some("Gestionale-Password1"));
    let answer = request.json(&json!({ "operazioni": operazioni })).send();
    let answer = answer.await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

fn inserimento(id: &str, dominio: &str, cambi: Value) -> Value {
    let mut pendenza = json!({
        "idDominio": dominio, "idTipoPendenza": "LIBERO", "causale": "Servizio di prova", "importo": 10.00,
        "soggettoPagatore": {"tipo": "F", "identificativo": "VRDGPP80A01H501U", "anagrafica": "Giuseppe Verdi"},
        "voci": [{"idVocePendenza": "V1", "importo": 10.00, "descrizione": "Voce", "ibanAccredito": iban(dominio),
            "tipoContabilita": "ALTRO", "codiceContabilita": "PROVA"}],
    });
    for (nome, valore) in cambi.as_object().unwrap() {
        pendenza[nome] = valore.clone();
    }
    json!({"inserimento": {"idPendenza": id, "pendenza": pendenza}})
}

fn iban(dominio: &str) -> &'static str {
    match dominio {
        A => "IT41Q1234501600000000123456",
        _ => "IT71E5432103200000000777001",
    }
}

fn annullamento(id: &str) -> Value {
    json!({"annullamento": {"idPendenza": id, "motivo": "emessa per errore"}})
}

/// Outcome and code of each operation.
fn esiti(risposta: &Value) -> Vec<(&str, &str)> {
    let esiti = risposta["esiti"].as_array();
    let esiti = esiti.unwrap_or_else(|| panic!("{risposta}"));
    esiti
        .iter()
        .map(|e| {
            let codice = e["errore"]["codice"].as_str().unwrap_or_default();
            (e["esito"].as_str().unwrap(), codice)
        })
        .collect()
}

async fn ogni_esito(mondo: Mondo) {
    let primo = [
        inserimento("BL-1", A, json!({})),
        inserimento("BL-2", B, json!({"importo": 9.00})),
        inserimento("BL-1", A, json!({})),
        inserimento("BL-3", A, json!({"imposto": 1})),
        inserimento("BL-4", A, json!({"idTipoPendenza": "NESSUNO"})),
        annullamento("BL-9"),
        inserimento("BL-5", B, json!({"numeroAvviso": "347000000000074242"})),
    ];
    let attesi = [
        ("CREATA", ""),
        ("RIFIUTATA", "VER_002"),
        ("RIFIUTATA", "VER_003"),
        ("RIFIUTATA", "400000"),
        ("RIFIUTATA", "TVR_000"),
        ("RIFIUTATA", "VER_008"),
        ("CREATA", ""),
    ];
    // A dry run says the same and does nothing.
    let (status, prova) = blocco(&mondo, true, &primo).await;
    assert_eq!((status, esiti(&prova)), (200, attesi.to_vec()));
    assert!(prova["esiti"][0]["numeroAvviso"].is_null());
    let (_, risposta) = blocco(&mondo, false, &primo).await;
    assert_eq!(esiti(&risposta), attesi);
    let numero = risposta["esiti"][0]["numeroAvviso"].as_str().unwrap();
    let qr = format!("PAGOPA|002|{numero}|{A}|1000");
    assert_eq!(risposta["esiti"][0]["qrcode"], qr.as_str());
    assert!(
        risposta["esiti"][3]["errore"]["dettaglio"]
            .as_str()
            .unwrap()
            .contains("imposto")
    );
    // The same again changes nothing; what is annulled is told.
    let secondo = [
        inserimento("BL-1", A, json!({})),
        annullamento("BL-5"),
        inserimento("BL-6", B, json!({"numeroAvviso": "347000000000074242"})),
    ];
    let (_, risposta) = blocco(&mondo, false, &secondo).await;
    assert_eq!(
        esiti(&risposta),
        [
            ("AGGIORNATA", ""),
            ("ANNULLATA", ""),
            ("RIFIUTATA", "VER_025")
        ]
    );
    assert_eq!(risposta["esiti"][0]["numeroAvviso"], numero);
    mondo.stop().await;
}

async fn due_insieme(mondo: Mondo) {
    let molte = |da: usize| -> Vec<Value> {
        (da..da + 400)
            .map(|n| inserimento(&format!("INS-{n}"), A, json!({})))
            .collect()
    };
    // They overlap: 200 keys are in both.
    let (uno, due) = (molte(0), molte(200));
    let ((s1, r1), (s2, r2)) =
        tokio::join!(blocco(&mondo, false, &uno), blocco(&mondo, false, &due));
    assert_eq!((s1, s2), (200, 200));
    let numeri = |r: &Value| -> Vec<String> {
        let esiti = r["esiti"].as_array().unwrap().iter();
        esiti
            .map(|e| {
                e["numeroAvviso"]
                    .as_str()
                    .unwrap_or_else(|| panic!("{e}"))
                    .to_owned()
            })
            .collect()
    };
    let (n1, n2) = (numeri(&r1), numeri(&r2));
    assert_eq!(n1[200..], n2[..200], "one pendenza, one number");
    let mut tutti: Vec<String> = n1.into_iter().chain(n2).collect();
    tutti.sort();
    tutti.dedup();
    assert_eq!(tutti.len(), 600);
    mondo.stop().await;
}

/// Two blocks of the same pendenze, each in the other's order, again and again.
async fn in_ordine_inverso(mondo: Mondo) {
    let uno: Vec<Value> = (0..200)
        .map(|n| inserimento(&format!("INV-{n}"), A, json!({})))
        .collect();
    let due: Vec<Value> = uno.iter().rev().cloned().collect();
    for giro in 0..4 {
        let ((s1, r1), (s2, r2)) =
            tokio::join!(blocco(&mondo, false, &uno), blocco(&mondo, false, &due));
        assert_eq!((s1, s2), (200, 200), "round {giro}: {r1} {r2}");
        let riuscite = |r: &Value| {
            let esiti = esiti(r);
            let riuscita = |e: &&(&str, &str)| matches!(e.0, "CREATA" | "AGGIORNATA");
            esiti.iter().filter(riuscita).count()
        };
        assert_eq!((riuscite(&r1), riuscite(&r2)), (200, 200), "round {giro}");
    }
    mondo.stop().await;
}

/// A caller that begins to send a block and does not end.
async fn lento(mondo: &Mondo) -> TcpStream {
    let address = mondo.url.trim_start_matches("http://");
    let chi = base64::engine::general_purpose::STANDARD.encode("gestionale:Gestionale-Password1");
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST /api/v1/pendenze/blocchi HTTP/1.1\r\nhost: {address}\r\nauthorization: Basic {chi}\r\n\
         content-type: application/json\r\ncontent-length: 100000\r\n\r\n{{"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream
}

async fn una_prova(mondo: &Mondo) -> reqwest::Response {
    let url = format!("{}/api/v1/pendenze/blocchi?prova=true", mondo.url);
    let operazioni = json!({ "operazioni": [inserimento("PIENO", A, json!({}))] });
    let request = mondo.http.post(&url);
    let request = request.basic_auth("gestionale", Some("Gestionale-Password1"));
    request.json(&operazioni).send().await.unwrap()
}

/// What came of the pendenza since the block was written.
async fn pagata_e_altrui(mondo: Mondo) {
    let prime = ["PG-1", "PG-2", "PG-4"].map(|id| inserimento(id, A, json!({})));
    let (_, risposta) = blocco(&mondo, false, &prime).await;
    assert_eq!(esiti(&risposta), [("CREATA", ""); 3]);
    mondo.esegui(
        "UPDATE pendenze SET stato = 'ESEGUITO', importo_pagato = 1000 WHERE id_pendenza <> 'PG-2'",
    );
    mondo
        .esegui("UPDATE applicazioni SET domini = '[\"12345678903\"]' WHERE id_a2a = 'GESTIONALE'");
    let prima = mondo.conta("outbox");
    let dopo = [
        inserimento("PG-1", A, json!({"causale": "Cambiata"})),
        annullamento("PG-4"),
        inserimento("PG-3", B, json!({})),
        inserimento("PG-2", A, json!({"causale": "Cambiata"})),
    ];
    let (_, risposta) = blocco(&mondo, false, &dopo).await;
    assert_eq!(
        esiti(&risposta),
        [
            ("RIFIUTATA", "VER_003"),
            ("RIFIUTATA", "VER_009"),
            ("RIFIUTATA", "403000"),
            ("AGGIORNATA", "")
        ]
    );
    let causale = |id| {
        mondo.leggi(&format!(
            "SELECT causale AS v FROM pendenze WHERE id_pendenza = '{id}'"
        ))
    };
    assert_eq!(
        [causale("PG-1"), causale("PG-2")],
        ["Servizio di prova", "Cambiata"]
    );
    assert_eq!(mondo.conta("pendenze"), 3);
    // One event tells of what was done, and of that alone.
    assert_eq!(mondo.conta("outbox") - prima, 1);
    let ultimo = mondo.eventi("pendenze.caricate").pop().unwrap();
    let testo = serde_json::to_string(&ultimo).unwrap();
    assert!(
        testo.contains("PG-2") && !testo.contains("PG-1") && !testo.contains("PG-3"),
        "{testo}"
    );
    mondo.stop().await;
}

/// Single orders of the same pendenze while blocks load them: each key is one pendenza with one number.
async fn accanto_ai_singoli(mondo: Mondo) {
    let chiavi: Vec<String> = (0..60).map(|n| format!("ACC-{n}")).collect();
    let operazioni: Vec<Value> = chiavi
        .iter()
        .map(|id| inserimento(id, A, json!({})))
        .collect();
    let singoli = async {
        for (id, operazione) in chiavi.iter().zip(&operazioni).rev() {
            let url = format!(
                "{}/govpay/backend/api/pendenze/rs/basic/v2/pendenze/GESTIONALE/{id}",
                mondo.url
            );
            let request = mondo
                .http
                .put(url)
                .basic_auth("gestionale", Some("Gestionale-Password1"));
            let answer = request
                .json(&operazione["inserimento"]["pendenza"])
                .send()
                .await
                .unwrap();
            let status = answer.status().as_u16();
            assert!(
                matches!(status, 200 | 201),
                "{id}: {}",
                answer.text().await.unwrap()
            );
        }
    };
    let blocchi = async {
        for _ in 0..4 {
            let (status, risposta) = blocco(&mondo, false, &operazioni).await;
            assert_eq!(status, 200);
            assert!(
                esiti(&risposta).iter().all(|e| e.0 != "RIFIUTATA"),
                "{risposta}"
            );
        }
    };
    tokio::join!(singoli, blocchi);
    assert_eq!(mondo.conta("pendenze"), 60);
    let numeri =
        mondo.leggi("SELECT CAST(count(DISTINCT numero_avviso) AS TEXT) AS v FROM pendenze");
    assert_eq!(numeri, "60");
    mondo.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_may_not_send_blocks_is_told_why() {
    let mondo = Mondo::start().await;
    let url = format!("{}/api/v1/pendenze/blocchi", mondo.url);
    for (chi, query, attesi) in [
        (None, "", (401, "ACCESSO_RICHIESTO")),
        (
            Some(("gestionale", "sbagliata")),
            "",
            (401, "ACCESSO_RICHIESTO"),
        ),
        (
            Some(("portale", "Portale-Password1")),
            "",
            (403, "NON_AUTORIZZATO"),
        ),
        (
            Some(("gestionale", "Gestionale-Password1")),
            "?prova=forse",
            (422, "PARAMETRO_NON_VALIDO"),
        ),
        (
            Some(("gestionale", "Gestionale-Password1")),
            "?prova=true",
            (422, "OPERAZIONI_FUORI_LIMITE"),
        ),
    ] {
        let mut request = mondo
            .http
            .post(format!("{url}{query}"))
            .json(&json!({"operazioni": []}));
        if let Some((utente, password)) = chi {
            request = request.basic_auth(utente, Some(password));
        }
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        assert_eq!(
            answer.headers().contains_key("www-authenticate"),
            status == 401
        );
        assert_eq!(answer.headers()["content-type"], "application/problem+json");
        let problema: Value = answer.json().await.unwrap();
        assert_eq!(
            (status, problema["code"].as_str().unwrap()),
            attesi,
            "{problema}"
        );
    }
    mondo.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_paid_or_is_another_bodys_stays_as_it_is_on_sqlite() {
    pagata_e_altrui(Mondo::start().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_paid_or_is_another_bodys_stays_as_it_is_on_postgresql() {
    pagata_e_altrui(Mondo::start_pg().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn blocks_and_single_orders_of_the_same_keys_agree_on_sqlite() {
    accanto_ai_singoli(Mondo::start().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn blocks_and_single_orders_of_the_same_keys_agree_on_postgresql() {
    accanto_ai_singoli(Mondo::start_pg().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_places_are_taken_a_block_is_told_when_to_come_back() {
    let mondo = Mondo::start().await;
    let mut lenti = vec![];
    // A dry run takes a place too, and a slow caller that finds none is sent away: one more each time.
    let rifiutata = loop {
        lenti.push(lento(&mondo).await);
        let answer = una_prova(&mondo).await;
        if answer.status() != 200 {
            break answer;
        }
        assert!(lenti.len() < 1000, "the places have no end");
    };
    assert!(lenti.len() >= 18, "{} places only", lenti.len());
    assert_eq!(rifiutata.status(), 503);
    let dopo = rifiutata.headers().get("retry-after").cloned();
    let secondi: u64 = dopo.unwrap().to_str().unwrap().parse().unwrap();
    assert!(secondi > 0);
    let problema: Value = rifiutata.json().await.unwrap();
    assert_eq!(problema["code"], "TROPPI_BLOCCHI", "{problema}");
    // Whoever goes away leaves the place, long before its time is over.
    drop(lenti);
    let libera = async || {
        while una_prova(&mondo).await.status() != 200 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let libera = tokio::time::timeout(Duration::from_secs(20), libera()).await;
    libera.expect("a place is free again");
    mondo.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn blocks_in_opposite_orders_do_not_stop_each_other_on_sqlite() {
    in_ordine_inverso(Mondo::start().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn blocks_in_opposite_orders_do_not_stop_each_other_on_postgresql() {
    in_ordine_inverso(Mondo::start_pg().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_operation_has_its_own_outcome_on_sqlite() {
    ogni_esito(Mondo::start().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_operation_has_its_own_outcome_on_postgresql() {
    ogni_esito(Mondo::start_pg().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_blocks_at_once_give_each_pendenza_one_number_on_sqlite() {
    due_insieme(Mondo::start().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_blocks_at_once_give_each_pendenza_one_number_on_postgresql() {
    due_insieme(Mondo::start_pg().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_block_beyond_a_limit_is_told_which() {
    let mondo = Mondo::start().await;
    let (status, problema) = blocco(&mondo, false, &[]).await;
    assert_eq!(
        (status, &problema["code"]),
        (422, &"OPERAZIONI_FUORI_LIMITE".into())
    );
    let troppe = vec![annullamento("X"); 1001];
    let (_, problema) = blocco(&mondo, false, &troppe).await;
    assert!(
        problema["detail"].as_str().unwrap().contains("1001"),
        "{problema}"
    );
    mondo.stop().await;
}
