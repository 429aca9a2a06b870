//! P4: the confirmation, and the one payment that comes of it.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;
use test_support::Page;
use wiremock::ResponseTemplate;

use crate::fixture::{API, DOMINIO, Mondo, NUMERO, fault, hidden, pendenza, rpp};

async fn ready(mondo: &Mondo) {
    mondo
        .core_has(pendenza("NON_ESEGUITA", "12.50", json!([])))
        .await;
    mondo.core_knows_choice("BLNKIT22", "30000000023_01").await;
}

async fn conferma(mondo: &Mondo, page: Page) -> Page {
    let page = page.fill("Email", "laura.bianchi@esempio.it");
    mondo.browser.press(&page, "Conferma").await
}

#[tokio::test]
async fn the_journey_goes_from_the_avviso_to_the_page_of_the_bank() {
    let mondo = Mondo::start().await;
    ready(&mondo).await;
    mondo.core_opens(&mondo.bank(), Duration::ZERO).await;
    let (page, id) = mondo.scegli("kw1").await;
    // Amount, name of the bank and its commission, and their sum.
    page.expect("Banca Link.it")
        .expect("12,50")
        .expect("1,00")
        .expect("13,50");
    let key_pa = {
        let choice = mondo.core.received_requests().await.unwrap();
        let asked = choice
            .iter()
            .find(|r| r.url.path().contains("scelte-wisp"))
            .unwrap();
        asked.url.path().split('/').nth(6).unwrap().to_owned()
    };

    let bank = conferma(&mondo, page).await;

    assert_eq!(bank.url.as_str(), mondo.bank());
    let posts = mondo.posts().await;
    let [post] = &posts[..] else {
        panic!("{posts:?}")
    };
    let query: Vec<_> = post.url.query_pairs().into_owned().collect();
    let expected = [
        ("idSessionePortale", id.as_str()),
        ("keyPA", key_pa.as_str()),
        ("keyWISP", "kw1"),
    ];
    assert_eq!(query, expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
    let body: serde_json::Value = post.body_json().unwrap();
    assert_eq!(
        body,
        json!({
            "urlRitorno": format!("{}/pagamenti/{id}?attendi=8", mondo.url),
            "pendenze": [{"idDominio": DOMINIO, "numeroAvviso": NUMERO}]
        })
    );
    let user = post.headers["authorization"].to_str().unwrap();
    assert_eq!(user, "Basic cG9ydGFsZTpQb3J0YWxlLVBhc3N3b3JkMQ==");
    mondo.stop().await;
}

#[tokio::test]
async fn b117_a_wrong_address_is_told_at_the_field_and_the_payment_is_not_lost() {
    let mondo = Mondo::start().await;
    ready(&mondo).await;
    mondo.core_opens(&mondo.bank(), Duration::ZERO).await;
    let (mut page, _) = mondo.scegli("kw1").await;
    let long = format!("{}@esempio.it", "a".repeat(260));
    for wrong in ["", "a@", &long, "x@y.example\r\nBcc: z@w.example"] {
        page = mondo
            .browser
            .press(&page.clone().fill("Email", wrong), "Conferma")
            .await;
        assert_eq!(page.status, 422, "{wrong}");
        page.expect("nome@esempio.it");
    }
    assert!(mondo.posts().await.is_empty());

    let bank = mondo
        .browser
        .press(&page.fill("Email", "  laura@esempio.it "), "Conferma")
        .await;

    assert_eq!(bank.url.as_str(), mondo.bank());
    mondo.stop().await;
}

#[tokio::test]
async fn b104_ten_confirmations_at_once_are_one_payment_and_all_end_at_the_same_bank() {
    let mondo = Mondo::start().await;
    ready(&mondo).await;
    mondo
        .core_opens(&mondo.bank(), Duration::from_millis(400))
        .await;
    let (page, _) = mondo.scegli("kw1").await;
    let page = page.fill("Email", "laura@esempio.it");

    let clicks = (0..10).map(|_| {
        mondo
            .browser
            .follow(mondo.browser.submission(&page, "Conferma"))
    });
    let landed = join_all(clicks).await;

    for page in landed {
        assert_eq!((page.status, page.url.as_str()), (200, &*mondo.bank()));
    }
    assert_eq!(mondo.posts().await.len(), 1);
    mondo.stop().await;
}

#[tokio::test]
async fn b105_coming_back_from_the_bank_and_paying_again_offers_to_resume() {
    let mondo = Mondo::start().await;
    let (_, id) = mondo.paga().await;

    let page = mondo.avviso().await;

    page.expect("Hai già un pagamento in corso");
    assert!(!page.text().contains("keyPA"), "no second attempt");
    let bank = mondo.browser.click(&page, "Riprendi il pagamento").await;
    assert_eq!(bank.url.as_str(), mondo.bank());
    // The old confirmation page, sent again.
    let confirm = mondo.open(&format!("/pagamenti/{id}/conferma")).await;
    confirm.expect("Stiamo aspettando la ricevuta");
    assert_eq!(mondo.posts().await.len(), 1);
    mondo.stop().await;
}

#[tokio::test]
async fn b121_an_amount_that_changed_is_shown_and_must_be_confirmed_again() {
    let mondo = Mondo::start().await;
    ready(&mondo).await;
    let (page, _) = mondo.scegli("kw1").await;
    mondo.forget().await;
    mondo
        .core_has(pendenza("NON_ESEGUITA", "14.00", json!([])))
        .await;
    mondo.core_opens(&mondo.bank(), Duration::ZERO).await;

    let page = conferma(&mondo, page).await;

    assert_eq!(page.status, 409);
    page.expect("era 12,50\u{a0}€".replace('\u{a0}', " ").as_str())
        .expect("ora è 14,00");
    assert!(mondo.posts().await.is_empty(), "nothing was opened");
    assert_eq!(hidden(&page, "email"), "laura.bianchi@esempio.it");
    let bank = mondo.browser.press(&page, "Conferma").await;
    assert_eq!(bank.url.as_str(), mondo.bank());
    mondo.stop().await;
}

#[tokio::test]
async fn b111_a_session_that_ended_says_that_no_money_was_taken() {
    let mondo = Mondo::start().await;
    ready(&mondo).await;
    let (page, _) = mondo.scegli("kw1").await;
    mondo.advance(31 * 60).await;

    let page = conferma(&mondo, page).await;

    page.expect("Sessione scaduta")
        .expect("Non è stato addebitato nulla");
    assert!(mondo.posts().await.is_empty());
    mondo
        .browser
        .click(&page, "Riprova")
        .await
        .expect("Dati della pendenza");
    mondo.stop().await;
}

#[tokio::test]
async fn a_choice_that_wisp_no_longer_has_starts_again_from_the_avviso() {
    let mondo = Mondo::start().await;
    mondo
        .core_has(pendenza("NON_ESEGUITA", "12.50", json!([])))
        .await;
    let problem = json!({"title": "Scelta scaduta", "status": 410, "detail": "scaduta", "code": "SCELTA_SCADUTA"});
    let gone = ResponseTemplate::new(410).set_body_json(problem);
    let choices = wiremock::matchers::path_regex("scelte-wisp");
    let answer = wiremock::Mock::given(choices).respond_with(gone);
    answer.mount(&mondo.core).await;

    let (page, _) = mondo.scegli("kw1").await;
    assert_eq!(page.status, 410);
    page.expect("Non è stato addebitato nulla");
    mondo
        .browser
        .click(&page, "Ricomincia dall'avviso")
        .await
        .expect("Dati della pendenza");
    mondo.stop().await;
}

#[tokio::test]
async fn cambia_psp_goes_back_to_wisp_with_another_key_and_the_old_one_is_dead() {
    let mondo = Mondo::start().await;
    ready(&mondo).await;
    let (page, id) = mondo.scegli("kw1").await;

    let handover = mondo.browser.press(&page, "Cambia PSP").await;

    handover.expect("Scegli come pagare");
    assert!(handover.text().contains("data-autosubmit"));
    let key_pa = hidden(&handover, "keyPA");
    let fields = [
        ("idDominio", DOMINIO),
        ("keyPA", &*key_pa),
        ("keyWISP", "kw2"),
    ];
    let back = mondo.post_from_elsewhere("/wisp/ritorno", &fields).await;
    assert_eq!(
        back.headers()["location"],
        format!("/pagamenti/{id}/conferma")
    );
    mondo.stop().await;
}

#[tokio::test]
async fn b119_a_refusal_is_told_in_words_and_a_new_attempt_has_a_session_of_its_own() {
    let mondo = Mondo::start().await;
    ready(&mondo).await;
    let refusal = fault("PAG_014", "Esiste già un tentativo in corso.");
    let answer = ResponseTemplate::new(422).set_body_json(refusal);
    mondo
        .core_says("POST", &format!("{API}/pagamenti"), answer)
        .await;
    let (page, first) = mondo.scegli("kw1").await;

    let page = conferma(&mondo, page).await;

    page.expect("Un altro pagamento è in corso")
        .expect("Esiste già un tentativo in corso.");
    page.expect("Non è stato addebitato nulla");
    mondo.forget().await;
    ready(&mondo).await;
    mondo.core_opens(&mondo.bank(), Duration::ZERO).await;
    mondo
        .browser
        .click(&page, "Riprova")
        .await
        .expect("Dati della pendenza");
    let (page, second) = mondo.scegli("kw2").await;
    assert_ne!(first, second);
    assert_eq!(conferma(&mondo, page).await.url.as_str(), mondo.bank());
    let list = mondo.open("/pagamenti").await;
    list.expect("Fallito").expect("In corso");
    mondo.stop().await;
}

#[tokio::test]
async fn an_answer_that_got_lost_is_asked_for_by_session_and_never_opened_twice() {
    let html = ResponseTemplate::new(502).set_body_raw("<html>", "text/html");
    let silent_node = ResponseTemplate::new(502).set_body_json(json!({
        "categoria": "PAGOPA", "codice": "NDP_000", "descrizione": "Nodo dei Pagamenti non raggiungibile"
    }));
    for answer in [html, silent_node] {
        let mondo = Mondo::start().await;
        ready(&mondo).await;
        let pagamenti = format!("{API}/pagamenti");
        mondo.core_says("POST", &pagamenti, answer).await;
        let (page, id) = mondo.scegli("kw1").await;

        let page = conferma(&mondo, page).await;

        page.expect("Non abbiamo ancora saputo");
        let session = |url: Option<String>, rpp: serde_json::Value| json!({"id": "p1", "nome": "n", "stato": "IN_CORSO", "importo": 12.5, "pspRedirectUrl": url, "rpp": rpp});
        let list = json!({"pagina": 1, "risultatiPerPagina": 25, "risultati": [session(None, json!("/rpp?idPagamento=p1"))]});
        let ask = format!("/pagamenti/{id}?chiedi=1");
        let on_the_way = session(
            None,
            json!([rpp("c1", "RPT_ERRORE_INVIO_A_NODO", json!(null))]),
        );
        mondo
            .core_says(
                "GET",
                &pagamenti,
                ResponseTemplate::new(200).set_body_json(&list),
            )
            .await;
        mondo
            .core_says(
                "GET",
                &format!("{pagamenti}/p1"),
                ResponseTemplate::new(200).set_body_json(on_the_way),
            )
            .await;
        mondo.open(&ask).await.expect("Non abbiamo ancora saputo");
        assert_eq!(
            mondo.posts().await.len(),
            1,
            "asked once, whatever came back"
        );
        mondo.forget().await;
        let sent = session(
            Some(mondo.bank()),
            json!([rpp("c1", "RPT_ACCETTATA_NODO", json!(null))]),
        );
        ready(&mondo).await;
        mondo
            .core_says(
                "GET",
                &pagamenti,
                ResponseTemplate::new(200).set_body_json(&list),
            )
            .await;
        mondo
            .core_says(
                "GET",
                &format!("{pagamenti}/p1"),
                ResponseTemplate::new(200).set_body_json(sent),
            )
            .await;
        mondo.advance(10).await;
        mondo
            .open(&ask)
            .await
            .expect("La banca ha ricevuto il pagamento");
        let bank = mondo.open(&format!("/pagamenti/{id}/riprendi")).await;
        assert_eq!(bank.url.as_str(), mondo.bank());
        assert!(mondo.posts().await.is_empty());
        mondo.stop().await;
    }
}

#[tokio::test]
async fn a_payment_that_the_core_never_opened_can_be_confirmed_again() {
    let mondo = Mondo::start().await;
    ready(&mondo).await;
    let answer = ResponseTemplate::new(502).set_body_raw("<html>", "text/html");
    mondo
        .core_says("POST", &format!("{API}/pagamenti"), answer)
        .await;
    let (page, id) = mondo.scegli("kw1").await;
    conferma(&mondo, page)
        .await
        .expect("Non abbiamo ancora saputo");
    mondo.forget().await;
    ready(&mondo).await;
    let none = ResponseTemplate::new(200)
        .set_body_json(json!({"pagina": 1, "risultatiPerPagina": 25, "risultati": []}));
    mondo
        .core_says("GET", &format!("{API}/pagamenti"), none)
        .await;
    mondo.core_opens(&mondo.bank(), Duration::ZERO).await;

    let page = mondo.open(&format!("/pagamenti/{id}?chiedi=1")).await;

    assert!(page.url.path().ends_with("/conferma"), "{}", page.url);
    assert_eq!(conferma(&mondo, page).await.url.as_str(), mondo.bank());
    mondo.stop().await;
}

#[tokio::test]
async fn a_bank_of_another_site_than_ours_is_reached_by_a_link() {
    let mondo = Mondo::start().await;
    ready(&mondo).await;
    let bank = format!("{}/altra-banca?idSession=n1", mondo.wisp.uri());
    mondo.core_opens(&bank, Duration::ZERO).await;
    let (page, _) = mondo.scegli("kw1").await;

    let page = conferma(&mondo, page).await;

    page.expect("si completa sulla pagina della banca");
    assert_eq!(
        page.link("Vai alla pagina della banca").unwrap().as_str(),
        bank
    );
    mondo.stop().await;
}

#[tokio::test]
async fn the_form_of_another_session_cannot_confirm() {
    let mondo = Mondo::start().await;
    ready(&mondo).await;
    let (_, id) = mondo.scegli("kw1").await;
    let fields = [("csrf", "x"), ("email", "a@b.it"), ("importo", "12.50")];
    let answer = mondo
        .post_from_elsewhere(&format!("/pagamenti/{id}/conferma"), &fields)
        .await;
    assert_eq!(answer.status(), 403);
    assert!(mondo.posts().await.is_empty());
    mondo.stop().await;
}
