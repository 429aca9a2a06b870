//! What portals, gestionali and people read of payments: attempts, receipts, giornale.

use domain::EsitoPagamento as E;
use serde_json::{Value, json};
use test_support::tools::pdf_text;

use crate::mondo::{A, Avviso, B, Mondo};
use crate::nodo::rt;
use crate::presso_psp::attiva;
use crate::unico;

const PENDENZE: &str = "/govpay/backend/api/pendenze/rs/basic/v2";
const PAGAMENTO: &str = "/govpay-api-pagamento/rs/basic/v2";
const BACKOFFICE: &str = "/govpay/backend/api/backoffice/rs/basic/v1";

const GESTIONALE: (&str, &str) = ("gestionale", "Gestionale-Password1");
const PORTALE: (&str, &str) = ("portale", "Portale-Password1");
const ADMIN: (&str, &str) = ("gpadmin", "Gpadmin-Password1");
const UFFICIO_A: (&str, &str) = ("valtorbida", "Valtorbida-Password1");

struct Letto {
    status: u16,
    content_type: String,
    body: Vec<u8>,
}

impl Letto {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

async fn get(mondo: &Mondo, who: (&str, &str), path: &str, accept: Option<&str>) -> Letto {
    let mut request = mondo
        .http
        .get(format!("{}{path}", mondo.url))
        .basic_auth(who.0, Some(who.1));
    if let Some(accept) = accept {
        request = request.header("accept", accept);
    }
    let response = request.send().await.unwrap();
    let content_type = response.headers().get("content-type");
    Letto {
        status: response.status().as_u16(),
        content_type: content_type.unwrap().to_str().unwrap().to_owned(),
        body: response.bytes().await.unwrap().to_vec(),
    }
}

/// A pendenza of A paid at the PSP, with the path of its receipt.
async fn pagata(mondo: &Mondo) -> (Avviso, String) {
    let avviso = mondo.pendenza(A, 1, &[1250]);
    assert!(
        mondo
            .chiama_v1(&avviso, "c1", &attiva(1250))
            .await
            .fault
            .is_none()
    );
    let rpt = mondo.attendi_rpt(1).await.remove(0);
    assert_eq!(mondo.consegna(&rt(&rpt, E::Eseguito, &[])).await, None);
    let path = format!("/rpp/{A}/{}/c1/rt", avviso.iuv);
    (avviso, path)
}

#[tokio::test]
async fn b083_b138_a_receipt_of_any_channel_is_read_in_three_formats() {
    let mondo = Mondo::start().await;
    let (avviso, path) = pagata(&mondo).await;
    for (who, api) in [
        (GESTIONALE, PENDENZE),
        (PORTALE, PAGAMENTO),
        (ADMIN, BACKOFFICE),
    ] {
        let path = format!("{api}{path}");
        for accept in [None, Some("*/*"), Some("application/pdf")] {
            let pdf = get(&mondo, who, &path, accept).await;
            assert_eq!(
                (pdf.status, pdf.content_type.as_str()),
                (200, "application/pdf")
            );
            assert!(pdf_text(&pdf.body).contains("Giuseppe Verdi"));
        }
        let xml = get(&mondo, who, &path, Some("application/xml")).await;
        let rt = pagopa::documenti::Rt::parse(&xml.body).unwrap();
        assert_eq!(
            rt.dati_pagamento.identificativo_univoco_versamento,
            avviso.iuv
        );
        let json = get(&mondo, who, &path, Some("application/json"))
            .await
            .json();
        assert_eq!(json["datiPagamento"]["importoTotalePagato"], "12.50");
        assert_eq!(get(&mondo, who, &path, Some("image/png")).await.status, 406);
    }
    let by_avviso = format!("{PAGAMENTO}/pendenze/byAvviso/{A}/{}", avviso.numero);
    let pendenza = get(&mondo, PORTALE, &by_avviso, None).await.json();
    assert_eq!(pendenza["stato"], "ESEGUITA");
    assert_eq!(pendenza["rpp"][0]["ccp"], "c1", "{pendenza}");
    mondo.stop().await;
}

#[tokio::test]
async fn a_receipt_of_the_modello_unico_is_printed_with_its_id_and_commission() {
    let mondo = Mondo::start().await;
    let avviso = mondo.pendenza(B, 1, &[1000, 250]);
    let message = unico::receipt(&avviso, "ricevuta-1", &[1000, 250]);
    assert_eq!(unico::send(&mondo, &message).await, None);
    let path = format!("{BACKOFFICE}/rpp/{B}/{}/ricevuta-1/rt", avviso.iuv);
    let pdf = get(&mondo, ADMIN, &path, None).await;
    let text = pdf_text(&pdf.body);
    for words in ["ricevuta-1", "Laura Bianchi", "12,50", "1,50", "Voce 1"] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let json = get(&mondo, ADMIN, &path, Some("application/json"))
        .await
        .json();
    assert_eq!(
        json["receipt"]["transferList"]["transfer"][1]["transferAmount"],
        "2.50"
    );
    mondo.stop().await;
}

#[tokio::test]
async fn b160_nobody_reads_the_receipts_of_others() {
    let mondo = Mondo::start().await;
    let (_, path) = pagata(&mondo).await;
    let b = mondo.pendenza(B, 9, &[100]);
    assert_eq!(
        unico::send(&mondo, &unico::receipt(&b, "r9", &[100])).await,
        None
    );
    let of_b = format!("{BACKOFFICE}/rpp/{B}/{}/r9/rt", b.iuv);
    assert_eq!(get(&mondo, UFFICIO_A, &of_b, None).await.status, 404);
    let list = get(&mondo, UFFICIO_A, &format!("{BACKOFFICE}/rpp"), None)
        .await
        .json();
    assert_eq!(list["numRisultati"], 1, "{list}");

    mondo.esegui("UPDATE pendenze SET id_a2a = 'ALTRO'");
    let own = format!("{PENDENZE}{path}");
    assert_eq!(get(&mondo, GESTIONALE, &own, None).await.status, 404);
    assert_eq!(
        get(&mondo, PORTALE, &format!("{PAGAMENTO}{path}"), None)
            .await
            .status,
        200
    );
    let pending = get(&mondo, GESTIONALE, &format!("{BACKOFFICE}/rpp"), None).await;
    assert_eq!(pending.status, 403, "it has no rights there");
    mondo.stop().await;
}

#[tokio::test]
async fn a_receipt_that_has_not_come_yet_is_not_found_and_says_why() {
    let mondo = Mondo::start().await;
    let avviso = mondo.pendenza(A, 1, &[1250]);
    assert!(
        mondo
            .chiama_v1(&avviso, "c1", &attiva(1250))
            .await
            .fault
            .is_none()
    );
    mondo.attendi_stato(&avviso, &["RPT_ACCETTATA_NODO"]).await;
    let path = format!("{PAGAMENTO}/rpp/{A}/{}/c1/rt", avviso.iuv);
    let read = get(&mondo, PORTALE, &path, None).await;
    assert_eq!(read.status, 404);
    let fault = read.json();
    assert!(
        fault["dettaglio"]
            .as_str()
            .unwrap()
            .contains("RPT_ACCETTATA_NODO"),
        "{fault}"
    );
    mondo.stop().await;
}

#[tokio::test]
async fn the_giornale_tells_the_story_of_a_pendenza_to_who_may_read_it() {
    let mondo = Mondo::start().await;
    let (avviso, _) = pagata(&mondo).await;
    let patch = json!([{"op": "REPLACE", "path": "/stato", "value": "ANNULLATA"}]);
    let url = format!(
        "{}{BACKOFFICE}/pendenze/GESTIONALE/{}",
        mondo.url, avviso.id_pendenza
    );
    let request = mondo
        .http
        .patch(url)
        .basic_auth(ADMIN.0, Some(ADMIN.1))
        .json(&patch);
    assert_eq!(request.send().await.unwrap().status(), 422); // paid: it stays

    let of = format!(
        "{BACKOFFICE}/eventi?idA2A=GESTIONALE&idPendenza={}",
        avviso.id_pendenza
    );
    let list = get(&mondo, ADMIN, &of, None).await.json();
    let rows = list["risultati"].as_array().unwrap();
    let mut told: Vec<&str> = rows
        .iter()
        .map(|row| row["tipoEvento"].as_str().unwrap())
        .collect();
    told.sort_unstable();
    assert_eq!(
        told,
        [
            "nodoInviaRPT",
            "paaAttivaRPT",
            "paaInviaRT",
            "updatePendenza"
        ]
    );
    let refused = rows
        .iter()
        .find(|row| row["tipoEvento"] == "updatePendenza")
        .unwrap();
    assert_eq!(
        (&refused["esito"], &refused["sottotipoEsito"]),
        (&json!("KO"), &json!("VER_009"))
    );

    let id = rows
        .iter()
        .find(|row| row["tipoEvento"] == "paaInviaRT")
        .unwrap()["id"]
        .clone();
    let detail = get(&mondo, ADMIN, &format!("{BACKOFFICE}/eventi/{id}"), None)
        .await
        .json();
    let payload = detail["parametriRichiesta"]["payload"].as_str().unwrap();
    assert!(payload.contains("paaInviaRT"), "{payload}");
    mondo.esegui("UPDATE eventi SET id_dominio = '09876543217'");
    let hidden = get(
        &mondo,
        UFFICIO_A,
        &format!("{BACKOFFICE}/eventi/{id}"),
        None,
    )
    .await;
    assert_eq!(hidden.status, 404);
    mondo.stop().await;
}
