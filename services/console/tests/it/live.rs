//! In a real browser: lists move by themselves, without script they have a link, and narrow screens do
//! not scroll sideways.

use domain::EsitoPagamento;
use serde_json::json;
use test_support::{Chromium, Script};

use crate::fixture::*;

async fn logged_in(mondo: &Mondo, script: Script) -> Chromium {
    let browser = Chromium::start(script).await;
    browser.open(&format!("{}/accedi", mondo.url)).await;
    browser.fill("Nome utente", ADMIN.0).await;
    browser.fill("Password", ADMIN.1).await;
    browser.press("Accedi").await;
    browser.expect("Ultimi pagamenti").await;
    browser
}

#[tokio::test]
async fn with_script_an_open_list_shows_news_by_itself_and_a_half_written_reason_stays() {
    let mondo = Mondo::start().await;
    mondo
        .hear(pagamento(
            TENTATIVO,
            ago(30),
            "IN_CORSO",
            "RPT_ACCETTATA_NODO",
        ))
        .await;
    mondo
        .core_has(pendenza(DOMINIO, "NON_ESEGUITA", json!([])), vec![])
        .await;
    let browser = logged_in(&mondo, Script::On).await;
    browser.open(&format!("{}/pagamenti", mondo.url)).await;
    browser.expect("In corso").await;
    mondo
        .hear(rt(TENTATIVO, ago(0), EsitoPagamento::NonEseguito))
        .await;
    browser.expect("Non eseguito").await;

    browser
        .open(&format!("{}/pendenze/{A2A}/{ID}", mondo.url))
        .await;
    browser.fill("Motivo", "Scritto a metà").await;
    let other = Tentativo {
        ccp: "nuovo",
        ..TENTATIVO
    };
    mondo
        .hear(pagamento(other, ago(0), "IN_CORSO", "RPT_ATTIVATA"))
        .await;
    browser.expect("nuovo").await;
    let typed = "return document.getElementById('motivo').value";
    let typed = browser.client.execute(typed, vec![]).await.unwrap();
    assert_eq!(typed, json!("Scritto a metà"));
    browser.close().await;
    mondo.stop().await;
}

#[tokio::test]
async fn without_script_the_lists_have_a_link_to_read_them_again() {
    let mondo = Mondo::start().await;
    let browser = logged_in(&mondo, Script::Off).await;
    browser
        .open(&format!("{}/pagamenti?stato=attesa", mondo.url))
        .await;
    browser.expect("Nessun pagamento corrisponde").await;
    mondo
        .hear(pagamento(
            TENTATIVO,
            ago(3),
            "IN_CORSO",
            "RPT_ACCETTATA_NODO",
        ))
        .await;
    browser.click("Aggiorna").await;
    browser.expect("In corso").await;
    browser.close().await;
    mondo.stop().await;
}

#[tokio::test]
async fn no_page_scrolls_sideways_at_320_pixels() {
    let mondo = Mondo::start().await;
    mondo
        .hear_all([
            pagamento(TENTATIVO, ago(30), "IN_CORSO", "RPT_ACCETTATA_NODO"),
            rt(TENTATIVO, ago(10), EsitoPagamento::Eseguito),
        ])
        .await;
    let exchange = evento(1, "govpayPagamentoEseguitoSenzaRPT", DOMINIO);
    mondo
        .core_has(
            pendenza(DOMINIO, "NON_ESEGUITA", json!([])),
            vec![exchange.clone()],
        )
        .await;
    mondo
        .core_says(
            "/pendenze",
            lista(vec![pendenza(DOMINIO, "NON_ESEGUITA", json!("/rpp"))]),
        )
        .await;
    mondo.core_says("/eventi/1", exchange).await;
    let browser = logged_in(&mondo, Script::On).await;
    browser.client.set_window_size(320, 900).await.unwrap();
    let detail = format!("/pendenze/{A2A}/{ID}");
    for path in [
        "/",
        "/pagamenti",
        "/pendenze",
        &detail,
        "/eventi/1",
        "/strumenti",
        "/cerca?q=niente",
    ] {
        browser.open(&format!("{}{path}", mondo.url)).await;
        let measure = "const e = document.documentElement; return e.scrollWidth - e.clientWidth";
        let wide = browser.client.execute(measure, vec![]).await.unwrap();
        let width = browser
            .client
            .execute("return innerWidth", vec![])
            .await
            .unwrap();
        assert_eq!((wide, width), (json!(0), json!(320)), "{path}");
    }
    browser.close().await;
    mondo.stop().await;
}
