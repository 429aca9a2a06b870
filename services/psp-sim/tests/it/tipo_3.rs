//! An avviso brought to the bank, at a station with the old primitives.

use domain::EsitoPagamento;
use pagopa::FaultPa;

use crate::mondo::{IUV, Mondo, NUMERO, UNIONE, VALTORBIDA};
use crate::schemi::rt_valida;

#[tokio::test]
async fn an_avviso_is_verified_activated_and_paid() {
    let mondo = Mondo::start().await;
    mondo.ente.deve(IUV, 7_730);

    let page = mondo.verifica("3010 0000 0000 0042 85", VALTORBIDA).await;

    page.expect("Simula il pagamento")
        .expect("77,30")
        .expect("Comune di Valtorbida");
    let called = mondo.ente.con(|s| s.operazioni.clone());
    assert_eq!(called, ["paaVerificaRPT", "paaAttivaRPT"]);
    let done = mondo.browser.press(&page, "Invia la ricevuta").await;
    assert!(done.url.as_str().starts_with(&mondo.url), "{}", done.url);
    done.expect("Pagamento concluso").expect("78,80");
    let portal = done.link("portale").unwrap();
    assert_eq!(portal.path(), format!("/avvisi/{VALTORBIDA}/{NUMERO}"));
    mondo.attendi_ricevute(IUV, 1).await;
    let rt = &mondo.ente.rt(IUV)[0];
    rt_valida(&mondo.ente.arrivate(IUV)[0]);
    assert_eq!(rt.dati_pagamento.esito, EsitoPagamento::Eseguito);
    assert_eq!(rt.dati_pagamento.codice_contesto_pagamento.len(), 32);
}

#[tokio::test]
async fn b071_the_text_of_the_qr_is_taken_in_either_field_with_its_line_end() {
    let mondo = Mondo::start().await;
    mondo.ente.deve(IUV, 1_250);
    let qr = format!("PAGOPA|002|{NUMERO}|{VALTORBIDA}|1250\n");
    for field in ["Codice avviso", "Testo del QR"] {
        let form = mondo.browser.open(&mondo.url).await.fill(field, &qr);
        let page = mondo.browser.press(&form, "Verifica").await;
        page.expect("Simula il pagamento").expect("12,50");
    }
}

#[tokio::test]
async fn what_is_wrong_with_an_avviso_is_said_in_words() {
    let mondo = Mondo::start().await;
    let typed = [
        (
            "30100000000000428",
            VALTORBIDA,
            "Inserisci 18 cifre: ne hai scritte 17",
        ),
        ("30100000000000428X", VALTORBIDA, "solo cifre"),
        ("901000000000004285", VALTORBIDA, "prima cifra"),
        (NUMERO, "123", "11 cifre"),
        (NUMERO, "77777777777", "non è censito"),
        ("347000000000074221", VALTORBIDA, "non porta a una stazione"),
        ("PAGOPA|002|301", "", "cinque parti"),
    ];
    for (numero, ente, words) in typed {
        let page = mondo.verifica(numero, ente).await;
        assert_eq!(page.status, 422, "{numero} {ente}");
        page.expect(words);
    }
    let faults = [
        (FaultPa::PagamentoSconosciuto, "sconosciuto"),
        (FaultPa::PagamentoDuplicato, "già pagato"),
        (FaultPa::PagamentoScaduto, "scaduto"),
        (FaultPa::PagamentoAnnullato, "ha annullato"),
        (FaultPa::PagamentoInCorso, "in corso"),
        (FaultPa::SystemError, "non si può attivare"),
    ];
    for (fault, words) in faults {
        mondo.ente.con(|s| s.rifiuto = Some(fault));
        let page = mondo.verifica(NUMERO, VALTORBIDA).await;
        page.expect(words)
            .expect(fault.code())
            .expect("come da prova");
        mondo
            .verifica("347000000000074221", UNIONE)
            .await
            .expect(words);
    }
    mondo.sessioni().await.expect("Non ci sono ancora sessioni");
}

#[tokio::test]
async fn b099_an_amount_that_changes_between_verification_and_activation_is_shown() {
    let mondo = Mondo::start().await;
    mondo.ente.deve(IUV, 1_000);
    mondo.ente.con(|s| s.all_attivazione = Some(1_200));

    let page = mondo.verifica(NUMERO, VALTORBIDA).await;

    page.expect("era 10,00").expect("ora è 12,00");
    mondo.browser.press(&page, "Invia la ricevuta").await;
    mondo.attendi_ricevute(IUV, 1).await;
    let paid = mondo.ente.rt(IUV)[0].dati_pagamento.importo_totale_pagato;
    assert_eq!(paid.cents(), 1_200);
}

#[tokio::test]
async fn a_double_click_on_verifica_is_one_activation() {
    let mondo = Mondo::start().await;
    let form = mondo.browser.open(&mondo.url).await;
    let form = form.fill("Codice avviso", NUMERO).fill("ente", VALTORBIDA);
    let clicks = (0..4).map(|_| mondo.browser.press(&form, "Verifica"));

    let landed = futures_util::future::join_all(clicks).await;

    assert!(
        landed
            .iter()
            .all(|page| page.url == landed[0].url && page.status == 200)
    );
    let attivate = mondo
        .ente
        .con(|s| s.operazioni.iter().filter(|o| *o == "paaAttivaRPT").count());
    assert_eq!(attivate, 1);
}

#[tokio::test]
async fn an_ente_that_does_not_send_its_rpt_leaves_a_page_that_waits() {
    let mondo = Mondo::start().await;
    mondo.ente.con(|s| s.manda_rpt = false);

    let page = mondo.verifica(NUMERO, VALTORBIDA).await;

    page.expect("non ha ancora inviato la richiesta")
        .expect("Nessun addebito");
    mondo.avanti(31 * 60).await;
    test_support::wait_until("the session ends", || async {
        let page = mondo.browser.open(page.url.as_str()).await;
        if page.shows("Sessione scaduta") {
            Ok(())
        } else {
            Err(page.visible_text())
        }
    })
    .await;
    assert_eq!(
        mondo.ente.arrivate(IUV).len(),
        0,
        "there is no RPT to answer"
    );
}

#[tokio::test]
async fn a_cancelled_payment_at_the_bank_is_told_to_the_ente_after_five_minutes() {
    let mondo = Mondo::start().await;
    let page = mondo.verifica(NUMERO, VALTORBIDA).await;

    let done = mondo.browser.press(&page, "Annulla il pagamento").await;

    done.expect("Pagamento annullato").expect("5 minuti");
    mondo.avanti(301).await;
    mondo.attendi_ricevute(IUV, 1).await;
    assert_eq!(
        mondo.ente.rt(IUV)[0].dati_pagamento.esito,
        EsitoPagamento::NonEseguito
    );
}
