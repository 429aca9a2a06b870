//! The search box finds the object behind any identifier.

use serde_json::json;

use crate::fixture::*;

#[tokio::test]
async fn every_identifier_of_a_payment_leads_to_its_pendenza() {
    let mondo = Mondo::start().await;
    mondo
        .hear(pagamento(
            TENTATIVO,
            ago(5),
            "IN_CORSO",
            "RPT_ACCETTATA_NODO",
        ))
        .await;
    let page = mondo.open("/").await;
    for typed in [
        "3010 0000 0000 0042 85",
        NUMERO,
        IUV,
        CCP,
        ID,
        "6f1c2b1e-0000-4000-8000-000000000001",
        "4bf92f3577b34da6a3ce929d0e0e4736",
        "PAGOPA|002|301000000000004285|12345678903|123450",
    ] {
        let page = page.clone().fill(
            "Cerca numero avviso, IUV, CCP, id pendenza, id pagamento",
            typed,
        );
        let found = mondo.browser.press(&page, "Cerca").await;
        assert_eq!(found.url.path(), format!("/pendenze/{A2A}/{ID}"), "{typed}");
        assert_eq!(found.status, 200, "{typed}");
    }
    mondo.stop().await;
}

#[tokio::test]
async fn what_the_console_has_not_seen_is_asked_from_the_core() {
    let mondo = Mondo::start().await;
    let found = pendenza(DOMINIO, "NON_ESEGUITA", json!([]));
    mondo
        .core_says(
            &format!("/pendenze/byAvviso/{DOMINIO}/{NUMERO}"),
            found.clone(),
        )
        .await;
    mondo.core_has(found, vec![]).await;
    let page = mondo.open(&format!("/cerca?q={NUMERO}")).await;
    assert_eq!(page.url.path(), format!("/pendenze/{A2A}/{ID}"));
    page.expect("TARI 2026 prima rata");
    mondo.stop().await;
}

#[tokio::test]
async fn several_results_are_listed_and_none_is_said_with_what_to_do() {
    let mondo = Mondo::start().await;
    mondo
        .hear_all([
            pendenza_stato(DOMINIO, "UNA", ago(5), "NON_ESEGUITA"),
            pendenza_stato(ALTRO, "DUE", ago(5), "ESEGUITA"),
        ])
        .await;
    let page = mondo.open(&format!("/cerca?q={NUMERO}")).await;
    page.expect("2 pendenze trovate")
        .expect("UNA")
        .expect("DUE")
        .expect("Pagata");
    let page = mondo.open("/cerca?q=%3Cb%3Eniente").await;
    page.expect("non ha trovato nulla").expect("18 cifre");
    assert!(page.text().contains("&lt;b&gt;niente") || page.text().contains("&#60;b&#62;niente"));
    mondo.forget().await;
    mondo
        .open("/cerca?q=niente")
        .await
        .expect("Il core non risponde");
    mondo.stop().await;
}
