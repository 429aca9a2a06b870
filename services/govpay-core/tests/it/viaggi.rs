//! Journeys that begin at a portal, from the choice of the PSP to the receipt.

use domain::EsitoPagamento as E;
use futures_util::future::join_all;
use serde_json::{Value, json};
use test_support::wait_until;

use crate::mondo::{A, Avviso, B, Mondo, STAZIONE_B};
use crate::nodo::{Modo, intestazione, rt};
use crate::presso_psp::attiva;

const API: &str = "/govpay/frontend/api/pagamento/rs/basic/v2";
const RITORNO: &str = "/govpay/frontend/web/connector/psp";

/// `POST /pagamenti` with what was chosen on WISP.
pub async fn paga(
    mondo: &Mondo,
    avvisi: &[&Avviso],
    sessione: &str,
    key_wisp: &str,
) -> (u16, Value) {
    let pendenze: Vec<Value> = avvisi
        .iter()
        .map(|a| json!({"idDominio": a.dominio, "numeroAvviso": a.numero}))
        .collect();
    let body = json!({"urlRitorno": "http://portale.example/p/1?attendi=8", "pendenze": pendenze});
    let query = [
        ("idSessionePortale", sessione),
        ("keyPA", "chiave"),
        ("keyWISP", key_wisp),
    ];
    let request = mondo
        .http
        .post(format!("{}{API}/pagamenti", mondo.url))
        .query(&query);
    let request = request
        .basic_auth("portale", Some("Portale-Password1"))
        .json(&body);
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

pub async fn aperto(mondo: &Mondo, avvisi: &[&Avviso], sessione: &str) -> Value {
    let (status, created) = paga(mondo, avvisi, sessione, "scelta").await;
    assert_eq!(status, 201, "{created}");
    created
}

async fn get(mondo: &Mondo, path: &str) -> (u16, Value) {
    let request = mondo.http.get(format!("{}{path}", mondo.url));
    let request = request.basic_auth("portale", Some("Portale-Password1"));
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

async fn pagamento(mondo: &Mondo, created: &Value) -> Value {
    let id = created["id"].as_str().unwrap();
    get(mondo, &format!("{API}/pagamenti/{id}")).await.1
}

#[tokio::test]
async fn b136_the_receipt_may_arrive_before_the_browser() {
    let mondo = Mondo::start().await;
    let avviso = mondo.pendenza(A, 1, &[1000, 250]);
    let created = aperto(&mondo, &[&avviso], "s1").await;
    let rpt = mondo.nodo.rpt().remove(0);
    assert_eq!(rpt.dati_versamento.singoli.len(), 2);
    assert_eq!(rpt.dati_versamento.tipo_versamento.as_str(), "CP");

    assert_eq!(mondo.consegna(&rt(&rpt, E::Eseguito, &[])).await, None);
    let session = created["idSession"].as_str().unwrap();
    let url = format!(
        "{}{RITORNO}?idDominio={A}&idSession={session}&esito=OK",
        mondo.url
    );
    let response = mondo.http.get(url).send().await.unwrap();
    assert_eq!(response.status(), 303);
    let location = response.headers()["location"].to_str().unwrap().to_owned();
    let id = created["id"].as_str().unwrap();
    let expected = format!(
        "http://portale.example/p/1?attendi=8&idPagamento={id}&idSession={session}&esito=OK"
    );
    assert_eq!(location, expected);

    let paid = pagamento(&mondo, &created).await;
    assert_eq!(paid["stato"], "ESEGUITO", "{paid}");
    assert_eq!(paid["rpp"][0]["esito"], "ESEGUITO");
    assert_eq!(
        paid["rpp"][0]["rt"]["datiPagamento"]["codiceEsitoPagamento"],
        "0"
    );
    let (status, by_session) = get(&mondo, &format!("{API}/pagamenti/byIdSession/{session}")).await;
    assert_eq!((status, &by_session["id"]), (200, &created["id"]));
    mondo.stop().await;
}

#[tokio::test]
async fn the_browser_that_returns_first_finds_the_payment_waiting() {
    let mondo = Mondo::start().await;
    let avviso = mondo.pendenza(A, 1, &[1250]);
    let created = aperto(&mondo, &[&avviso], "s1").await;
    let codice = || mondo.leggi("SELECT codice_stato AS v FROM pagamenti");
    assert_eq!(codice(), "PAGAMENTO_IN_CORSO_AL_PSP");
    let session = created["idSession"].as_str().unwrap();
    let url = format!("{}{RITORNO}?idSession={session}&esito=ERROR", mondo.url);
    assert_eq!(mondo.http.get(url).send().await.unwrap().status(), 303);
    assert_eq!(codice(), "PAGAMENTO_IN_ATTESA_DI_ESITO");
    let unknown = format!("{}{RITORNO}?idSession=mai-vista&esito=OK", mondo.url);
    let response = mondo.http.get(unknown).send().await.unwrap();
    assert_eq!(response.status(), 404);
    assert!(response.text().await.unwrap().contains("non è conosciuta"));
    mondo.stop().await;
}

#[tokio::test]
async fn every_outcome_of_two_items_moves_session_pendenza_and_items() {
    let mondo = Mondo::start().await;
    let cases = [
        (E::Eseguito, "ESEGUITO", "ESEGUITO", 2),
        (E::NonEseguito, "NON_ESEGUITO", "NON_ESEGUITO", 0),
        (
            E::EseguitoParziale,
            "ESEGUITO_PARZIALE",
            "PARZIALMENTE_ESEGUITO",
            1,
        ),
        (E::Decorrenza, "NON_ESEGUITO", "NON_ESEGUITO", 0),
        (
            E::DecorrenzaParziale,
            "ESEGUITO_PARZIALE",
            "PARZIALMENTE_ESEGUITO",
            1,
        ),
    ];
    for (n, (esito, sessione, pendenza, paid)) in (1..).zip(cases) {
        let avviso = mondo.pendenza(A, n, &[1000, 250]);
        let created = aperto(&mondo, &[&avviso], &format!("s{n}")).await;
        let rpt = mondo.nodo.rpt().pop().unwrap();
        assert_eq!(mondo.consegna(&rt(&rpt, esito, &[1])).await, None);
        assert_eq!(
            pagamento(&mondo, &created).await["stato"],
            sessione,
            "{esito:?}"
        );
        assert_eq!(mondo.stato(&avviso), pendenza, "{esito:?}");
        let voci = format!(
            "voci JOIN pendenze p ON p.id = voci.pendenza WHERE p.id_pendenza = '{}' \
             AND voci.stato = 'Eseguito'",
            avviso.id_pendenza
        );
        assert_eq!(mondo.conta(&voci), paid, "{esito:?}");
    }
    mondo.stop().await;
}

async fn six_clicks(mondo: Mondo) {
    let avviso = mondo.pendenza(A, 1, &[1250]);
    let avvisi = [&avviso];
    let answers = join_all((0..6).map(|_| paga(&mondo, &avvisi, "s1", "scelta"))).await;
    for answer in &answers {
        assert_eq!(answer, &answers[0]);
        assert_eq!(answer.0, 201, "{}", answer.1);
    }
    assert_eq!(mondo.nodo.count("nodoInviaRPT"), 1);
    assert_eq!(mondo.conta("pagamenti"), 1);
    mondo.stop().await;
}

#[tokio::test]
async fn b104_a_double_click_is_one_payment() {
    six_clicks(Mondo::start().await).await;
}

#[tokio::test]
async fn b104_a_double_click_is_one_payment_on_postgresql() {
    six_clicks(Mondo::start_pg().await).await;
}

#[tokio::test]
async fn several_pendenze_are_one_cart_that_ends_with_its_last_receipt() {
    let mondo = Mondo::start().await;
    let (first, second) = (mondo.pendenza(A, 1, &[1000]), mondo.pendenza(A, 2, &[250]));
    let created = aperto(&mondo, &[&first, &second], "s1").await;
    assert_eq!(mondo.nodo.count("nodoInviaCarrelloRPT"), 1);
    let rpt = mondo.nodo.rpt();
    assert_eq!(mondo.consegna(&rt(&rpt[0], E::Eseguito, &[])).await, None);
    assert_eq!(pagamento(&mondo, &created).await["stato"], "IN_CORSO");
    assert_eq!(
        mondo.consegna(&rt(&rpt[1], E::NonEseguito, &[])).await,
        None
    );
    let paid = pagamento(&mondo, &created).await;
    assert_eq!(paid["stato"], "ESEGUITO_PARZIALE");
    assert_eq!(paid["importo"].to_string(), "12.5");
    let other = mondo.pendenza(B, 3, &[100]);
    let (status, fault) = paga(&mondo, &[&second, &other], "s2", "scelta").await;
    assert_eq!(
        (status, &fault["codice"]),
        (400, &json!("PAG_000")),
        "{fault}"
    );
    mondo.stop().await;
}

#[tokio::test]
async fn a_lost_answer_is_found_again_by_the_second_click() {
    let mondo = Mondo::start().await;
    let avviso = mondo.pendenza(A, 1, &[1250]);
    mondo.nodo.modo(Modo::PerdeLaRisposta);
    let (status, fault) = paga(&mondo, &[&avviso], "s1", "scelta").await;
    assert_eq!(
        (status, &fault["codice"]),
        (502, &json!("NDP_000")),
        "{fault}"
    );
    mondo.nodo.modo(Modo::Immediato);
    let created = aperto(&mondo, &[&avviso], "s1").await;
    assert!(created["redirect"].as_str().unwrap().contains("idSession="));
    assert_eq!(mondo.nodo.rpt().len(), 1);
    assert_eq!(mondo.tentativi(&avviso), ["RPT_ACCETTATA_NODO"]);
    mondo.stop().await;
}

#[tokio::test]
async fn an_rpt_that_never_arrived_is_sent_again_by_the_second_click() {
    let mondo = Mondo::start().await;
    let avviso = mondo.pendenza(A, 1, &[1250]);
    mondo.nodo.modo(Modo::Giu);
    // The choice comes from the same Node: with it down nothing begins.
    let (status, fault) = paga(&mondo, &[&avviso], "s1", "scelta").await;
    assert_eq!(
        (status, &fault["codice"]),
        (502, &json!("NDP_000")),
        "{fault}"
    );
    assert!(mondo.tentativi(&avviso).is_empty());
    mondo.nodo.modo(Modo::PerdeLaRichiesta);
    assert_eq!(paga(&mondo, &[&avviso], "s1", "scelta").await.0, 502);
    assert_eq!(mondo.tentativi(&avviso), ["RPT_ERRORE_INVIO_A_NODO"]);
    mondo.nodo.modo(Modo::Immediato);
    aperto(&mondo, &[&avviso], "s1").await;
    assert_eq!(mondo.nodo.rpt().len(), 1);
    assert_eq!(mondo.tentativi(&avviso), ["RPT_ACCETTATA_NODO"]);
    mondo.stop().await;
}

#[tokio::test]
async fn b204_a_payment_that_ended_unseen_is_recovered_with_its_receipt() {
    let mondo = Mondo::start().await;
    let avviso = mondo.pendenza(A, 1, &[1250]);
    mondo.nodo.modo(Modo::PerdeLaRisposta);
    assert_eq!(paga(&mondo, &[&avviso], "s1", "scelta").await.0, 502);
    mondo
        .nodo
        .copia(&rt(&mondo.nodo.rpt()[0], E::Eseguito, &[]));
    mondo.nodo.modo(Modo::Immediato);
    mondo.avanza(300).await;
    mondo.attendi_stato(&avviso, &["RT_ACCETTATA_PA"]).await;
    assert_eq!(mondo.stato(&avviso), "ESEGUITO");
    mondo.stop().await;
}

#[tokio::test]
async fn what_was_chosen_on_wisp_decides_and_its_absence_is_said() {
    let mondo = Mondo::start().await;
    let avviso = mondo.pendenza(A, 1, &[1250]);
    for (key, codice) in [("rinuncia", "WISP_003"), ("mai-vista", "WISP_000")] {
        let (status, fault) = paga(&mondo, &[&avviso], "s1", key).await;
        assert_eq!((status, &fault["codice"]), (502, &json!(codice)), "{fault}");
    }
    let path = format!("/api/v1/domini/{A}/scelte-wisp/chiave/scelta");
    let (status, scelta) = get(&mondo, &path).await;
    assert_eq!(
        (status, &scelta["identificativoPSP"]),
        (200, &json!("BLNKIT22")),
        "{scelta}"
    );
    assert_eq!(scelta["effettuazioneScelta"], "SI");
    assert!(mondo.tentativi(&avviso).is_empty());
    mondo.stop().await;
}

#[tokio::test]
async fn b110_a_payment_at_the_psp_replaces_an_old_session_of_the_portal() {
    let mondo = Mondo::start().await;
    let avviso = mondo.pendenza(A, 1, &[1250]);
    let created = aperto(&mondo, &[&avviso], "s1").await;
    let fault = mondo
        .chiama_v1(&avviso, "c1", &attiva(1250))
        .await
        .fault
        .unwrap();
    assert_eq!(fault.fault_code, "PAA_PAGAMENTO_IN_CORSO");
    mondo.avanza(601).await;
    assert!(
        mondo
            .chiama_v1(&avviso, "c1", &attiva(1250))
            .await
            .fault
            .is_none()
    );
    assert_eq!(pagamento(&mondo, &created).await["stato"], "ANNULLATO");
    let rpt = mondo.attendi_rpt(2).await;
    assert_eq!(mondo.consegna(&rt(&rpt[1], E::Eseguito, &[])).await, None);
    assert_eq!(mondo.stato(&avviso), "ESEGUITO");
    mondo.stop().await;
}

#[tokio::test]
async fn a_deferred_payment_keeps_the_avviso_until_its_receipt() {
    let mondo = Mondo::start().await;
    let avviso = mondo.pendenza(A, 1, &[1250]);
    mondo.nodo.modo(Modo::Differito);
    let created = aperto(&mondo, &[&avviso], "s1").await;
    assert_eq!(pagamento(&mondo, &created).await["tipo"], 2);
    mondo.avanza(24 * 3600).await;
    let (status, fault) = paga(&mondo, &[&avviso], "s2", "scelta").await;
    assert_eq!(
        (status, &fault["codice"]),
        (422, &json!("PAG_014")),
        "{fault}"
    );
    let rpt = mondo.nodo.rpt().remove(0);
    assert_eq!(mondo.consegna(&rt(&rpt, E::Eseguito, &[])).await, None);
    assert_eq!(pagamento(&mondo, &created).await["stato"], "ESEGUITO");
    mondo.stop().await;
}

#[tokio::test]
async fn a_body_with_a_v2_station_pays_from_the_portal_with_an_rpt_too() {
    let mondo = Mondo::start().await;
    let avviso = mondo.pendenza(B, 1, &[1250]);
    let created = aperto(&mondo, &[&avviso], "s1").await;
    let rpt = mondo.nodo.rpt().remove(0);
    let ccp = &rpt.dati_versamento.codice_contesto_pagamento;
    let header = intestazione(STAZIONE_B, B, &avviso.iuv, ccp);
    let answer = mondo.invia_rt(&header, &rt(&rpt, E::Eseguito, &[])).await;
    assert!(answer.fault.is_none(), "{:?}", answer.fault);
    assert_eq!(pagamento(&mondo, &created).await["stato"], "ESEGUITO");
    mondo.stop().await;
}

#[tokio::test]
async fn an_attempt_that_the_node_never_had_frees_the_avviso_by_itself() {
    let mondo = Mondo::start().await;
    let avviso = mondo.pendenza(A, 1, &[1250]);
    mondo.nodo.modo(Modo::PerdeLaRichiesta);
    assert_eq!(paga(&mondo, &[&avviso], "s1", "scelta").await.0, 502);
    mondo.nodo.modo(Modo::Immediato);
    mondo.avanza(300).await;
    mondo.attendi_stato(&avviso, &["RPT_RIFIUTATA_NODO"]).await;
    wait_until("the session failed", || async {
        let stato = mondo.leggi("SELECT stato AS v FROM pagamenti");
        if stato == "FALLITO" {
            Ok(())
        } else {
            Err(stato)
        }
    })
    .await;
    aperto(&mondo, &[&avviso], "s2").await;
    mondo.stop().await;
}
