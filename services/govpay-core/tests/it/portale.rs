//! Payments opened by a portal over REST: what the Node answers decides what the portal hears.

use serde_json::{Value, json};
use test_support::wait_until;

use crate::mondo::{A, Avviso, Mondo};
use crate::nodo::{CANALE, INTERMEDIARIO_PSP, Modo, PSP};

const PAGAMENTI: &str = "/govpay/frontend/api/pagamento/rs/basic/v2/pagamenti";

async fn paga(mondo: &Mondo, avviso: &Avviso, sessione: &str) -> (u16, Value) {
    let body = json!({
        "urlRitorno": "http://portale.example/pagamenti/1?attendi=8",
        "pendenze": [{"idDominio": A, "numeroAvviso": avviso.numero}]
    });
    let request = mondo
        .http
        .post(format!("{}{PAGAMENTI}", mondo.url))
        .basic_auth("portale", Some("Portale-Password1"))
        .query(&[
            ("idSessionePortale", sessione),
            ("identificativoPSP", PSP),
            ("identificativoIntermediarioPSP", INTERMEDIARIO_PSP),
            ("identificativoCanale", CANALE),
            ("tipoVersamento", "CP"),
        ])
        .json(&body);
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

async fn stato(mondo: &Mondo, id: &Value) -> Value {
    let url = format!("{}{PAGAMENTI}/{}", mondo.url, id.as_str().unwrap());
    let request = mondo
        .http
        .get(url)
        .basic_auth("portale", Some("Portale-Password1"));
    request.send().await.unwrap().json().await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_immediate_payment_sends_the_browser_to_the_psp_and_a_second_click_to_the_same_place() {
    let mondo = Mondo::start().await;
    let avviso = mondo.pendenza(A, 1, &[1250]);

    let (status, first) = paga(&mondo, &avviso, "sessione-1").await;
    let (again, second) = paga(&mondo, &avviso, "sessione-1").await;

    assert_eq!((status, again), (201, 201), "{first} {second}");
    assert_eq!(first, second);
    assert!(
        first["redirect"].as_str().unwrap().contains("idSession="),
        "{first}"
    );
    assert_eq!(mondo.nodo.rpt().len(), 1, "one RPT");
    let other = paga(&mondo, &avviso, "sessione-2").await;
    assert_eq!(
        (other.0, &other.1["codice"]),
        (422, &json!("PAG_014")),
        "{}",
        other.1
    );
    mondo.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deferred_payment_sends_the_browser_back_to_the_portal() {
    let mondo = Mondo::start().await;
    mondo.nodo.modo(Modo::Differito);
    let avviso = mondo.pendenza(A, 1, &[1250]);

    let (status, created) = paga(&mondo, &avviso, "sessione-1").await;

    assert_eq!(status, 201, "{created}");
    let redirect = created["redirect"].as_str().unwrap();
    assert!(
        redirect.starts_with("http://portale.example/pagamenti/1?attendi=8&"),
        "{redirect}"
    );
    assert!(redirect.contains("esito=DIFFERITO"), "{redirect}");
    mondo.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_is_down_is_said_and_the_sending_goes_on_by_itself() {
    let mondo = Mondo::start().await;
    mondo.nodo.modo(Modo::Giu);
    let avviso = mondo.pendenza(A, 1, &[1250]);

    let (status, fault) = paga(&mondo, &avviso, "sessione-1").await;

    assert_eq!(
        (status, &fault["codice"]),
        (502, &json!("NDP_000")),
        "{fault}"
    );
    assert_eq!(fault["categoria"], "PAGOPA");
    mondo.nodo.modo(Modo::Immediato);
    mondo.avanza(3600).await;
    wait_until("the attempt is settled", || async {
        let states = mondo.tentativi(&avviso);
        if states == ["RPT_ERRORE_INVIO_A_NODO"] {
            Err(format!("{states:?}"))
        } else {
            Ok(())
        }
    })
    .await;
    mondo.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_of_the_node_fails_the_payment_and_frees_the_avviso() {
    let mondo = Mondo::start().await;
    mondo
        .nodo
        .modo(Modo::Rifiuta(pagopa::FaultNodo::CanaleSconosciuto));
    let avviso = mondo.pendenza(A, 1, &[1250]);

    let (status, fault) = paga(&mondo, &avviso, "sessione-1").await;

    assert!(status >= 400, "{fault}");
    assert_eq!(fault["categoria"], "PAGOPA", "{fault}");
    mondo.nodo.modo(Modo::Immediato);
    let (status, created) = paga(&mondo, &avviso, "sessione-2").await;
    assert_eq!(status, 201, "{created}");
    assert_eq!(stato(&mondo, &created["id"]).await["stato"], "IN_CORSO");
    mondo.stop().await;
}
