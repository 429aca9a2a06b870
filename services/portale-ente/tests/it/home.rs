//! P1: the form, and what it says about an avviso that cannot be found or asked for.

use serde_json::json;
use wiremock::ResponseTemplate;

use crate::fixture::{API, DOMINIO, Mondo, NUMERO, fault, hidden, pendenza};

async fn cerca(mondo: &Mondo, codice: &str) -> test_support::Page {
    let home = mondo
        .open("/")
        .await
        .fill("Codice avviso", codice)
        .fill("ente creditore", DOMINIO);
    mondo.browser.press(&home, "Cerca l'avviso").await
}

#[tokio::test]
async fn a_mistyped_code_is_told_what_is_wrong_before_the_core_is_asked() {
    let mondo = Mondo::start().await;
    for (codice, message) in [
        ("", "Inserisci il codice avviso"),
        ("3010000000000042", "ne hai scritte 16"),
        ("30100000000000428", "ne hai scritte 17"),
        ("30100000000000428X", "solo cifre"),
        ("901000000000004285", "comincia con 0, 1, 2 o 3"),
        ("PAGOPA|002|301000000000004285", "cinque parti"),
    ] {
        let page = cerca(&mondo, codice).await;
        assert_eq!(page.status, 422, "{codice}");
        page.expect(message);
        assert_eq!(hidden(&page, "codice"), codice, "what was typed is kept");
        assert!(page.text().contains("<title>Errore:"), "{codice}");
    }
    let asked = mondo.core.received_requests().await.unwrap();
    assert!(
        asked.iter().all(|r| !r.url.path().contains("byAvviso")),
        "{asked:?}"
    );
    mondo.stop().await;
}

#[tokio::test]
async fn wrong_check_digits_are_told_and_one_may_look_all_the_same() {
    let mondo = Mondo::start().await;
    let page = cerca(&mondo, "301000000000000145").await;
    page.expect("La cifra di controllo non torna");

    let page = mondo.browser.press(&page, "Cerca comunque").await;

    assert!(
        page.url.path().ends_with("/301000000000000145"),
        "{}",
        page.url
    );
    mondo.stop().await;
}

#[tokio::test]
async fn b060_spaces_iuv_and_qr_text_all_find_the_avviso() {
    let mondo = Mondo::start().await;
    mondo
        .core_has(pendenza("NON_ESEGUITA", "12.50", json!([])))
        .await;
    for codice in [
        "3010 0000 0000 0042 85",
        "01000000000004285",
        "PAGOPA|002|301000000000004285|12345678903|1250",
    ] {
        let page = cerca(&mondo, codice).await;
        assert_eq!(
            page.url.path(),
            format!("/avvisi/{DOMINIO}/{NUMERO}"),
            "{codice}"
        );
        page.expect("Mensa scolastica");
    }
    mondo.stop().await;
}

#[tokio::test]
async fn an_unknown_avviso_leaves_the_form_as_it_was() {
    let mondo = Mondo::start().await;
    let at = format!("{API}/pendenze/byAvviso/{DOMINIO}/{NUMERO}");
    let answer = ResponseTemplate::new(404).set_body_json(fault("PND_000", "Pendenza non trovata"));
    mondo.core_says("GET", &at, answer).await;

    let page = cerca(&mondo, NUMERO).await;

    assert_eq!(page.status, 404);
    page.expect("Non troviamo questo avviso");
    assert_eq!(
        (hidden(&page, "codice"), hidden(&page, "ente")),
        (NUMERO.into(), DOMINIO.into())
    );
    mondo.stop().await;
}

#[tokio::test]
async fn b115_a_core_that_answers_an_error_page_is_not_an_expired_avviso() {
    let mondo = Mondo::start().await;
    let at = format!("{API}/pendenze/byAvviso/{DOMINIO}/{NUMERO}");
    let answer = ResponseTemplate::new(502).set_body_raw("<html>Bad gateway</html>", "text/html");
    mondo.core_says("GET", &at, answer).await;

    let page = mondo.avviso().await;

    assert_eq!(page.status, 503);
    page.expect("non risponde").expect("riprova tra poco");
    assert!(!page.shows("scaduto"));
    mondo.stop().await;
}

#[tokio::test]
async fn b115_a_core_that_refuses_connections_is_told_in_words() {
    let mondo = Mondo::without_core().await;
    mondo.open("/").await.expect("Paga un avviso");

    let page = mondo.avviso().await;

    assert_eq!(page.status, 503);
    page.expect("Il servizio dell'ente non risponde");
    mondo.stop().await;
}

#[tokio::test]
async fn b165_walking_through_numbers_is_slowed_down() {
    let mondo = Mondo::start().await;
    let at = format!("{API}/pendenze/byAvviso/{DOMINIO}/{NUMERO}");
    let answer = ResponseTemplate::new(404).set_body_json(fault("PND_000", "Pendenza non trovata"));
    mondo.core_says("GET", &at, answer).await;
    for _ in 0..60 {
        assert_eq!(mondo.avviso().await.status, 404);
    }
    let page = mondo.avviso().await;
    assert_eq!(page.status, 429);
    page.expect("Riprova tra");
    mondo.stop().await;
}

#[tokio::test]
async fn the_demo_lists_payable_avvisi_of_the_core() {
    let mondo = Mondo::start().await;
    let list = json!({"numRisultati": 1, "pagina": 1, "risultatiPerPagina": 5, "risultati": [pendenza("NON_ESEGUITA", "12.50", json!("/rpp?x"))]});
    let at = format!("{API}/pendenze");
    mondo
        .core_says("GET", &at, ResponseTemplate::new(200).set_body_json(list))
        .await;
    mondo
        .core_has(pendenza("NON_ESEGUITA", "12.50", json!([])))
        .await;

    let home = mondo.open("/").await;

    home.expect("Avvisi da provare");
    mondo
        .browser
        .click(&home, NUMERO)
        .await
        .expect("Dati della pendenza");
    mondo.stop().await;
}

#[tokio::test]
async fn the_pages_say_where_forms_may_go_and_keep_cookies_of_their_own() {
    let mondo = Mondo::start().await;
    mondo
        .core_has(pendenza("NON_ESEGUITA", "12.50", json!([])))
        .await;
    let url = format!("{}/avvisi/{DOMINIO}/{NUMERO}", mondo.url);
    let client = reqwest::Client::builder().build().unwrap();
    let answer = client.get(url).send().await.unwrap();
    let csp = answer.headers()["content-security-policy"]
        .to_str()
        .unwrap();
    assert!(
        csp.contains(&format!(
            "form-action 'self' {} {};",
            mondo.wisp.uri(),
            mondo.psp.uri()
        )),
        "{csp}"
    );
    let cookie = answer.headers()["set-cookie"].to_str().unwrap();
    assert!(
        cookie.starts_with("govpay_portale_sessione=") && cookie.contains("HttpOnly"),
        "{cookie}"
    );
    mondo.stop().await;
}
