//! P5, P6, P7: waiting for the receipt and what comes of it.

use std::time::{Duration, Instant};

use domain::EsitoPagamento;
use serde_json::json;
use test_support::wait_until;
use wiremock::ResponseTemplate;

use crate::fixture::{API, IUV, Mondo, NUMERO, PDF, pendenza, rpp, rt, stato};

/// Held answers last at most 25 s: one that ends well before was woken.
const WOKEN: Duration = Duration::from_secs(15);

#[tokio::test]
async fn b136_a_held_answer_ends_when_the_receipt_arrives_and_the_pdf_is_there() {
    let mondo = Mondo::start().await;
    let (_, id) = mondo.paga().await;
    let begun = Instant::now();
    let back = format!("/pagamenti/{id}?attendi=25&idPagamento=p1&idSession=n1&esito=OK");

    let (page, ()) = tokio::join!(mondo.open(&back), async {
        tokio::task::yield_now().await;
        mondo.send(rt(Some(&id), "c1", EsitoPagamento::Eseguito, "12.50"));
    });

    assert!(begun.elapsed() < WOKEN, "{:?}", begun.elapsed());
    page.expect("Pagamento eseguito")
        .expect("12,50")
        .expect(IUV);
    page.expect("Ritorno dalla banca")
        .expect("la posta non parte");
    assert!(!page.shows("laura.bianchi"), "the address is masked");
    let pdf = mondo
        .browser
        .click(&page, "Scarica Ricevuta Telematica")
        .await;
    assert_eq!(
        (pdf.content_type.as_str(), &*pdf.body),
        ("application/pdf", PDF)
    );
    let mail = mondo.open("/posta").await;
    mail.expect("Ricevuta Telematica dell'avviso")
        .expect("A l•••@…it")
        .expect(&id);
    mondo.stop().await;
}

#[tokio::test]
async fn the_waiting_page_works_without_script_and_never_reloads_by_itself() {
    let mondo = Mondo::start().await;
    let (_, id) = mondo.paga().await;
    let page = mondo.open(&format!("/pagamenti/{id}?esito=OK")).await;
    page.expect("Stiamo aspettando la ricevuta")
        .expect("Pagamento inviato a Banca Link.it");
    page.expect("Attesa della Ricevuta Telematica")
        .expect("Ricevuta PDF disponibile");
    let refresh = page.link("Aggiorna ora").unwrap();
    assert_eq!(refresh.query(), Some("attendi=25&chiedi=1"));
    let html = page.text();
    assert!(
        !html.contains("http-equiv")
            && html.contains(&format!("data-sse=\"/pagamenti/{id}/eventi\""))
    );
    assert!(html.contains("role=\"status\""));
    mondo.send(rt(Some(&id), "c1", EsitoPagamento::Eseguito, "12.50"));

    mondo
        .browser
        .click(&page, "Aggiorna ora")
        .await
        .expect("Pagamento eseguito");

    mondo.stop().await;
}

#[tokio::test]
async fn the_stream_tells_the_end_and_where_to_go() {
    let mondo = Mondo::start().await;
    let (_, id) = mondo.paga().await;
    let client = reqwest::Client::builder().build().unwrap();
    let url = format!("{}/pagamenti/{id}", mondo.url);
    let stream = client.get(format!("{url}/eventi")).send().await.unwrap();
    assert_eq!(stream.headers()["content-type"], "text/event-stream");
    let state: serde_json::Value = client
        .get(format!("{url}/stato"))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(
        state,
        json!({"stato": "INVIATA", "esito": null, "conclusa": false})
    );

    mondo.send(rt(Some(&id), "c1", EsitoPagamento::Eseguito, "12.50"));

    let text = stream.text().await.unwrap();
    let fine = format!("event: fine\ndata: {{\"location\":\"/pagamenti/{id}\"}}");
    assert!(text.contains(&fine), "{text}");
    let again = client
        .get(format!("{url}/eventi"))
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(
        again.contains(&fine),
        "who comes late learns it at once: {again}"
    );
    mondo.stop().await;
}

#[tokio::test]
async fn each_outcome_says_whether_money_moved() {
    use EsitoPagamento as E;
    let cases = [
        (
            E::NonEseguito,
            "0.00",
            "Pagamento non eseguito",
            "Non è stato addebitato nulla",
            true,
        ),
        (
            E::EseguitoParziale,
            "5.00",
            "Pagamento parzialmente eseguito",
            "5,00",
            false,
        ),
        (
            E::Decorrenza,
            "0.00",
            "Decorrenza termini",
            "Non è stato addebitato nulla",
            true,
        ),
        (
            E::DecorrenzaParziale,
            "5.00",
            "Decorrenza termini parziale",
            "5,00",
            false,
        ),
    ];
    for (esito, importo, title, money, again) in cases {
        let mondo = Mondo::start().await;
        let (_, id) = mondo.paga().await;
        mondo.send(rt(Some(&id), "c1", esito, importo));
        let page = mondo.open(&format!("/pagamenti/{id}?attendi=25")).await;
        assert_eq!(page.heading(), title);
        page.expect(money);
        assert!(
            page.link("Scarica Ricevuta Telematica").is_some(),
            "{esito:?}"
        );
        assert_eq!(page.link("Riprova").is_some(), again, "{esito:?}");
        mondo.stop().await;
    }
}

#[tokio::test]
async fn a_payment_that_ended_without_a_receipt_says_why_and_can_be_tried_again() {
    for (stato_pagamento, stato_rpt, words) in [
        (
            "FALLITO",
            "RPT_RIFIUTATA_NODO",
            "Il pagamento non è partito",
        ),
        (
            "NON_ESEGUITO",
            "RPT_SCADUTA",
            "Il tempo per pagare è finito",
        ),
    ] {
        let mondo = Mondo::start().await;
        let (_, id) = mondo.paga().await;
        mondo.send(stato(&id, "IN_CORSO", "RPT_ACCETTATA_NODO"));
        mondo.send(stato(&id, stato_pagamento, stato_rpt));

        let page = mondo.open(&format!("/pagamenti/{id}?attendi=25")).await;

        page.expect(words)
            .expect("Non è stato addebitato nulla")
            .expect(IUV);
        assert!(page.link("Scarica Ricevuta Telematica").is_none());
        assert!(page.link("Riprova").is_some());
        mondo.stop().await;
    }
}

#[tokio::test]
async fn b110_a_payment_made_elsewhere_ends_the_wait_with_its_receipt() {
    let mondo = Mondo::start().await;
    let (_, id) = mondo.paga().await;
    mondo.send(rt(None, "altrove", EsitoPagamento::Eseguito, "12.50"));

    let page = mondo.open(&format!("/pagamenti/{id}?attendi=25")).await;

    page.expect("Avviso già pagato in un altro modo");
    mondo
        .browser
        .click(&page, "Scarica Ricevuta Telematica")
        .await;
    let asked = mondo.core.received_requests().await.unwrap();
    assert!(asked.last().unwrap().url.path().ends_with("/altrove/rt"));
    mondo.stop().await;
}

#[tokio::test]
async fn b110_the_same_is_learned_by_asking_when_the_event_is_late() {
    let mondo = Mondo::start().await;
    let (_, id) = mondo.paga().await;
    mondo.forget().await;
    mondo
        .core_has(pendenza(
            "ESEGUITA",
            "12.50",
            json!([rpp("altrove", "RT_ACCETTATA_PA", json!("ESEGUITO"))]),
        ))
        .await;
    let answer = json!({"id": "p1", "nome": "n", "stato": "IN_CORSO", "importo": 12.5, "rpp": [rpp("c1", "RPT_ACCETTATA_NODO", json!("IN_CORSO"))]});
    mondo
        .core_says(
            "GET",
            &format!("{API}/pagamenti/p1"),
            ResponseTemplate::new(200).set_body_json(answer),
        )
        .await;
    mondo
        .open(&format!("/pagamenti/{id}?chiedi=1"))
        .await
        .expect("Avviso già pagato in un altro modo");
    mondo.stop().await;
}

#[tokio::test]
async fn b107_a_late_event_is_made_up_for_by_asking_the_core_a_few_times_at_most() {
    let mondo = Mondo::start().await;
    let (_, id) = mondo.paga().await;
    let at = format!("{API}/pagamenti/p1");
    let paid = json!({"id": "p1", "nome": "n", "stato": "ESEGUITO", "importo": 12.5, "rpp": [rpp("c1", "RT_ACCETTATA_PA", json!("ESEGUITO"))]});
    let waiting = json!({"id": "p1", "nome": "n", "stato": "IN_CORSO", "importo": 12.5, "rpp": []});
    mondo
        .core_says(
            "GET",
            &at,
            ResponseTemplate::new(200).set_body_json(waiting),
        )
        .await;
    for _ in 0..5 {
        mondo
            .open(&format!("/pagamenti/{id}?chiedi=1"))
            .await
            .expect("Stiamo aspettando");
    }
    let asked = mondo.core.received_requests().await.unwrap();
    let asked = asked.iter().filter(|r| r.url.path() == at).count();
    assert!(
        (1..=3).contains(&asked),
        "impatience does not weigh on the core: {asked}"
    );
    mondo.forget().await;
    mondo
        .core_says("GET", &at, ResponseTemplate::new(200).set_body_json(paid))
        .await;
    mondo.advance(10).await;

    mondo
        .open(&format!("/pagamenti/{id}?chiedi=1"))
        .await
        .expect("Pagamento eseguito")
        .expect("12,50");

    mondo
        .open("/posta")
        .await
        .expect("Ricevuta Telematica dell'avviso");
    mondo.stop().await;
}

#[tokio::test]
async fn a_deferred_payment_is_with_the_bank_until_its_receipt_comes() {
    let mondo = Mondo::start().await;
    mondo
        .core_has(pendenza("NON_ESEGUITA", "12.50", json!([])))
        .await;
    mondo.core_knows_choice("BDIFIT44", "50000000047_01").await;
    let (page, id) = mondo.scegli("kw1").await;
    page.expect("Banca Differita");
    let own = format!(
        "{}/pagamenti/{id}?attendi=8&idPagamento=p1&idSession=n1&esito=DIFFERITO",
        mondo.url
    );
    mondo.core_opens(&own, Duration::ZERO).await;
    let begun = Instant::now();

    let page = mondo
        .browser
        .press(&page.fill("Email", "laura@esempio.it"), "Conferma")
        .await;

    page.expect("Il pagamento è in carico alla banca");
    assert!(
        begun.elapsed() < Duration::from_secs(5),
        "nobody waits at the screen"
    );
    mondo.advance(3600).await;
    mondo.send(rt(Some(&id), "c1", EsitoPagamento::Eseguito, "12.50"));
    wait_until("the receipt is on the page", || async {
        let again = mondo.browser.open(page.url.as_str()).await;
        let link = again.link("Scarica Ricevuta Telematica");
        link.ok_or_else(|| again.visible_text())
    })
    .await;
    mondo.stop().await;
}

#[tokio::test]
async fn my_payments_are_those_of_this_browser() {
    let mondo = Mondo::start().await;
    mondo
        .open("/pagamenti")
        .await
        .expect("Non ce n'è ancora nessuno");
    let (_, id) = mondo.paga().await;
    mondo
        .open("/pagamenti")
        .await
        .expect(NUMERO)
        .expect("In corso");
    let other = test_support::Browser::new()
        .open(&format!("{}/pagamenti", mondo.url))
        .await;
    assert!(!other.shows(NUMERO));
    assert_eq!(id.len(), 36, "an id that cannot be guessed");
    assert_eq!(id.as_bytes()[14], b'4', "random, not a moment");
    mondo.stop().await;
}
