//! P2: the data of the pendenza, the form for WISP, the receipts of any channel.

use serde_json::json;
use test_support::Browser;
use wiremock::ResponseTemplate;

use crate::fixture::{API, DOMINIO, IUV, Mondo, NUMERO, PDF, hidden, pendenza, rpp};

#[tokio::test]
async fn paga_posts_the_fields_of_wisp_1_3_straight_to_wisp() {
    let mondo = Mondo::start().await;
    mondo
        .core_has(pendenza("NON_ESEGUITA", "1234.50", json!([])))
        .await;
    let page = mondo.avviso().await;
    page.expect("Comune di Valtorbida")
        .expect("1.234,50")
        .expect("Da pagare");
    let key_pa = hidden(&page, "keyPA");

    mondo.browser.press(&page, "Paga").await;

    let requests = mondo.wisp.received_requests().await.unwrap();
    let [request] = &requests[..] else {
        panic!("{requests:?}")
    };
    let fields: Vec<(String, String)> = serde_urlencoded::from_bytes(&request.body).unwrap();
    let expected = [
        ("idDominio", DOMINIO),
        ("enteCreditore", "Comune di Valtorbida"),
        ("keyPA", &key_pa),
        ("urlReturn", &format!("{}/wisp/ritorno", mondo.url)),
        ("urlBack", &format!("{}/wisp/annullo", mondo.url)),
        ("primitiva", "nodoInviaRPT"),
        ("numPagamentiRPT", "1"),
        ("stornoPagamento", "NO"),
        ("bolloDigitale", "NO"),
        ("terzoModelloPagamento", "NO"),
        ("importoTransazione", "1234.50"),
        ("versioneInterfacciaWISP", "1.3"),
        ("contoPoste", "SI"),
        ("pagamentiModello2", "SI"),
        ("codiceLingua", "IT"),
    ];
    let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(fields, expected);
    assert_eq!(request.url.path(), "/");
    mondo.stop().await;
}

#[tokio::test]
async fn a_look_again_keeps_the_key_and_another_amount_or_browser_has_another() {
    let mondo = Mondo::start().await;
    mondo
        .core_has(pendenza("NON_ESEGUITA", "12.50", json!([])))
        .await;
    let first = hidden(&mondo.avviso().await, "keyPA");
    assert_eq!(hidden(&mondo.avviso().await, "keyPA"), first);
    let other = Browser::new()
        .open(&format!("{}/avvisi/{DOMINIO}/{NUMERO}", mondo.url))
        .await;
    assert_ne!(hidden(&other, "keyPA"), first);
    mondo.forget().await;
    mondo
        .core_has(pendenza("NON_ESEGUITA", "13.00", json!([])))
        .await;
    assert_ne!(hidden(&mondo.avviso().await, "keyPA"), first);
    mondo.stop().await;
}

#[tokio::test]
async fn each_state_has_its_own_words_and_only_one_of_them_can_be_paid() {
    let mondo = Mondo::start().await;
    let pending = json!([rpp("c9", "RPT_ACCETTATA_NODO", json!("IN_CORSO"))]);
    let cases = [
        ("ESEGUITA", json!([]), "già pagato"),
        ("ESEGUITA_PARZIALE", json!([]), "pagato in parte"),
        ("SCADUTA", json!([]), "scaduto"),
        ("ANNULLATA", json!([]), "ha annullato"),
        ("ANOMALA", json!([]), "sta verificando"),
        ("NON_ESEGUITA", pending, "in corso un altro pagamento"),
    ];
    for (stato, attempts, words) in cases {
        mondo.forget().await;
        mondo.core_has(pendenza(stato, "12.50", attempts)).await;
        let page = mondo.avviso().await;
        assert_eq!(page.status, 200);
        page.expect(words);
        assert!(!page.text().contains("keyPA"), "{stato} cannot be paid");
    }
    mondo.stop().await;
}

#[tokio::test]
async fn b138_the_receipt_of_a_payment_at_the_bank_is_there_for_a_browser_without_session() {
    let mondo = Mondo::start().await;
    let attempts = json!([
        rpp("scaduto", "RPT_SCADUTA", json!(null)),
        rpp("n/a", "RT_ACCETTATA_PA", json!("ESEGUITO"))
    ]);
    mondo
        .core_has(pendenza("ESEGUITA", "12.50", attempts))
        .await;
    mondo.core_has_receipts().await;
    let browser = Browser::new();
    let page = browser
        .open(&format!("{}/avvisi/{DOMINIO}/{NUMERO}", mondo.url))
        .await;
    page.expect("già pagato").expect("BNC•••••••••205C");
    assert!(
        !page.shows("BNCLRA85M41F205C") && !page.shows("Laura"),
        "personal data is masked"
    );

    let pdf = browser.click(&page, "Scarica Ricevuta Telematica").await;

    assert_eq!(
        (pdf.status, pdf.content_type.as_str(), &*pdf.body),
        (200, "application/pdf", PDF)
    );
    let asked = mondo.core.received_requests().await.unwrap();
    let last = asked.last().unwrap();
    assert_eq!(
        last.url.path(),
        format!("{API}/rpp/{DOMINIO}/{IUV}/n%2Fa/rt")
    );
    mondo.stop().await;
}

#[tokio::test]
async fn a_receipt_that_is_not_of_this_avviso_is_refused() {
    let mondo = Mondo::start().await;
    mondo
        .core_has(pendenza(
            "ESEGUITA",
            "12.50",
            json!([rpp("c1", "RT_ACCETTATA_PA", json!("ESEGUITO"))]),
        ))
        .await;
    mondo.core_has_receipts().await;
    for query in ["iuv=altro&ccp=c1", "iuv=01000000000004285&ccp=c2", ""] {
        let page = mondo
            .open(&format!("/avvisi/{DOMINIO}/{NUMERO}/ricevuta.pdf?{query}"))
            .await;
        assert_eq!(page.status, 404, "{query}");
        page.expect("Questo documento non c'è");
    }
    mondo.stop().await;
}

#[tokio::test]
async fn the_avviso_is_handed_over_as_the_pdf_of_the_core() {
    let mondo = Mondo::start().await;
    mondo
        .core_has(pendenza("NON_ESEGUITA", "12.50", json!([])))
        .await;
    let answer = ResponseTemplate::new(200).set_body_raw(PDF, "application/pdf");
    mondo
        .core_says("GET", &format!("{API}/avvisi/{DOMINIO}/{NUMERO}"), answer)
        .await;
    let page = mondo.avviso().await;
    let pdf = mondo.browser.click(&page, "Scarica l'avviso").await;
    assert_eq!(
        (pdf.content_type.as_str(), &*pdf.body),
        ("application/pdf", PDF)
    );
    mondo.stop().await;
}
