//! The bank's page in the citizen's browser: the five outcomes, the cancellation, the second click.

use domain::EsitoPagamento;
use pagopa::documenti::check_rt;

use crate::ente::Ricezione;
use crate::mondo::Mondo;
use crate::schemi::rt_valida;

#[tokio::test]
async fn each_outcome_reaches_the_ente_as_a_valid_receipt_and_the_browser_as_a_hint() {
    let mondo = Mondo::start().await;
    let outcomes = [
        ("Pagamento eseguito", EsitoPagamento::Eseguito, 5_010, "OK"),
        (
            "Pagamento non eseguito",
            EsitoPagamento::NonEseguito,
            0,
            "ERROR",
        ),
        (
            "Pagamento parzialmente eseguito",
            EsitoPagamento::EseguitoParziale,
            3_000,
            "OK",
        ),
        ("Decorrenza termini", EsitoPagamento::Decorrenza, 0, "ERROR"),
        (
            "Decorrenza termini parziale",
            EsitoPagamento::DecorrenzaParziale,
            3_000,
            "OK",
        ),
    ];
    for (i, (label, esito, paid, hint)) in outcomes.into_iter().enumerate() {
        let iuv = format!("0100000000000030{i}");
        let rpt = mondo.rpt(&iuv, "ccp", &[3_000, 2_010]).await;
        let page = mondo.alla_banca(&rpt).await;
        page.expect("Banca Link.it")
            .expect("50,10")
            .expect("51,10")
            .expect("Comune di Valtorbida");
        let page = page.choose(label).choose("Voce 1");

        let back = mondo.browser.press(&page, "Invia la ricevuta").await;

        let query = back.url.query().unwrap().to_owned();
        assert_eq!(back.url.path(), "/ritorno");
        assert!(
            query.contains("idDominio=12345678903&idSession="),
            "{query}"
        );
        assert!(
            query.ends_with(&format!("esito={hint}")),
            "{label}: {query}"
        );
        mondo.attendi_stato(&iuv, "ccp", "RT_ACCETTATA_PA").await;
        let arrived = mondo.ente.arrivate(&iuv);
        assert_eq!(arrived.len(), 1, "{label}");
        rt_valida(&arrived[0]);
        let rt = &mondo.ente.rt(&iuv)[0];
        assert_eq!(check_rt(rt, &rpt), [], "{label}");
        assert_eq!(rt.dati_pagamento.esito, esito);
        assert_eq!(
            rt.dati_pagamento.importo_totale_pagato.cents(),
            paid,
            "{label}"
        );
        assert_eq!(rt.istituto_attestante.denominazione, "Banca Link.it");
    }
}

#[tokio::test]
async fn every_paid_voce_has_an_iur_of_its_own_and_an_unpaid_one_says_why() {
    let mondo = Mondo::start().await;
    let rpt = mondo
        .rpt("01000000000000310", "ccp", &[100, 200, 300])
        .await;
    let page = mondo
        .alla_banca(&rpt)
        .await
        .choose("Pagamento parzialmente eseguito");
    let page = page.choose("Voce 1").choose("Voce 3");

    mondo.browser.press(&page, "Invia la ricevuta").await;

    mondo
        .attendi_stato("01000000000000310", "ccp", "RT_ACCETTATA_PA")
        .await;
    let singoli = &mondo.ente.rt("01000000000000310")[0].dati_pagamento.singoli;
    let iur = |i: usize| singoli[i].identificativo_univoco_riscossione.as_str();
    assert_eq!((iur(0).len(), iur(1), iur(2).len()), (32, "n/a", 32));
    assert_ne!(iur(0), iur(2));
    assert_eq!(singoli[1].esito.as_deref(), Some("VOCE NON PAGATA"));
    assert_eq!(singoli[0].commissioni_applicate_psp.unwrap().cents(), 100);
    assert_eq!(singoli[2].commissioni_applicate_psp, None);
}

#[tokio::test]
async fn a_part_that_is_no_part_is_explained_and_nothing_is_sent() {
    let mondo = Mondo::start().await;
    let page = mondo
        .alla_banca(&mondo.rpt("01000000000000311", "ccp", &[100, 200]).await)
        .await;
    let partial = page.clone().choose("Pagamento parzialmente eseguito");

    let none = mondo.browser.press(&partial, "Invia la ricevuta").await;
    let all = partial.choose("Voce 1").choose("Voce 2");
    let all = mondo.browser.press(&all, "Invia la ricevuta").await;

    assert_eq!((none.status, all.status), (422, 422));
    none.expect("Indica almeno una voce");
    all.expect("togline una");
    let one = mondo
        .alla_banca(&mondo.rpt("01000000000000312", "ccp", &[4_000]).await)
        .await;
    for (typed, words) in [("", "al più due decimali"), ("40,00", "minore del totale")] {
        let form = one
            .clone()
            .choose("Decorrenza termini parziale")
            .fill("Importo", typed);
        let answer = mondo.browser.press(&form, "Invia la ricevuta").await;
        assert_eq!(answer.status, 422);
        answer.expect(words);
    }
    let form = one
        .choose("Decorrenza termini parziale")
        .fill("Importo", "15,5");
    mondo.browser.press(&form, "Invia la ricevuta").await;
    mondo
        .attendi_stato("01000000000000312", "ccp", "RT_ACCETTATA_PA")
        .await;
    let paid = mondo.ente.rt("01000000000000312")[0]
        .dati_pagamento
        .importo_totale_pagato;
    assert_eq!(paid.cents(), 1_550);
    assert_eq!(mondo.ente.arrivate("01000000000000311").len(), 0);
}

#[tokio::test]
async fn a_double_click_sends_one_receipt_and_a_later_one_is_told_what_was_sent() {
    let mondo = Mondo::start().await;
    let page = mondo
        .alla_banca(&mondo.rpt("01000000000000313", "ccp", &[100]).await)
        .await;
    let refused = page.clone().choose("Pagamento non eseguito");
    let clicks = (0..10).map(|i| {
        let form = if i % 2 == 0 { &page } else { &refused };
        mondo
            .browser
            .follow(mondo.browser.submission(form, "Invia la ricevuta"))
    });

    let landed = futures_util::future::join_all(clicks).await;

    assert!(landed.iter().all(|page| page.status == 200));
    let at_the_ente = landed
        .iter()
        .filter(|page| page.url.path() == "/ritorno")
        .count();
    assert_eq!(at_the_ente, 1, "one click decides");
    mondo
        .attendi_stato("01000000000000313", "ccp", "RT_ACCETTATA_PA")
        .await;
    let decided = mondo.ente.rt("01000000000000313")[0].dati_pagamento.esito;
    let late = mondo.browser.press(&refused, "Annulla il pagamento").await;
    late.expect("Pagamento concluso")
        .expect("Torna al sito dell'ente");
    assert_eq!(mondo.ente.rt("01000000000000313").len(), 1);
    let shown = if decided.money_moved() {
        "Eseguito"
    } else {
        "Non eseguito"
    };
    late.expect(shown);
}

#[tokio::test]
async fn b122_a_cancelled_payment_is_told_after_five_minutes_once_over_a_restart() {
    for database in databases() {
        let (url, _server) = database;
        let mut mondo = Mondo::start_on(url).await;
        let rpt = mondo.rpt("01000000000000314", "ccp", &[1_200]).await;
        let page = mondo.alla_banca(&rpt).await;

        let back = mondo.browser.press(&page, "Annulla il pagamento").await;

        assert!(
            back.url.query().unwrap().ends_with("esito=ERROR"),
            "{}",
            back.url
        );
        mondo.restart().await;
        mondo.avanti(298).await;
        let page = mondo.sessioni().await;
        page.expect("La RT parte").expect("Programmata");
        assert_eq!(
            mondo.ente.arrivate("01000000000000314").len(),
            0,
            "not before its time"
        );

        mondo.avanti(5).await;

        mondo
            .attendi_stato("01000000000000314", "ccp", "RT_ACCETTATA_PA")
            .await;
        mondo.restart().await;
        mondo.avanti(3_600).await;
        mondo.sessioni().await.expect("Consegnata");
        let receipts = mondo.ente.rt("01000000000000314");
        assert_eq!(receipts.len(), 1);
        assert_eq!(
            receipts[0].dati_pagamento.esito,
            EsitoPagamento::NonEseguito
        );
        let motivo = receipts[0].dati_pagamento.singoli[0].esito.as_deref();
        assert_eq!(motivo, Some("ANNULLATO DALL'UTENTE"));
        assert_eq!(check_rt(&receipts[0], &rpt), []);
        rt_valida(&mondo.ente.arrivate("01000000000000314")[0]);
        mondo.stop().await;
    }
}

#[tokio::test]
async fn a_session_that_nobody_concludes_ends_after_half_an_hour() {
    let mondo = Mondo::start().await;
    let page = mondo
        .alla_banca(&mondo.rpt("01000000000000315", "ccp", &[1_200]).await)
        .await;
    mondo.avanti(29 * 60).await;
    let open = mondo.browser.open(page.url.as_str()).await;
    open.expect("Simula il pagamento");

    mondo.avanti(61).await;

    mondo
        .attendi_stato("01000000000000315", "ccp", "RT_ACCETTATA_PA")
        .await;
    let dati = &mondo.ente.rt("01000000000000315")[0].dati_pagamento;
    assert_eq!(dati.esito, EsitoPagamento::NonEseguito);
    assert_eq!(dati.singoli[0].esito.as_deref(), Some("SESSIONE SCADUTA"));
    let storico = mondo
        .stato("01000000000000315", "ccp")
        .await
        .esito
        .unwrap()
        .storico_rpt;
    assert!(storico.iter().any(|s| s.stato == "RT_GENERATA_NODO"));
    let late = mondo.browser.press(&page, "Invia la ricevuta").await;
    late.expect("Sessione scaduta");
    assert_eq!(mondo.ente.arrivate("01000000000000315").len(), 1);
}

#[tokio::test]
async fn the_tester_makes_a_session_end_now_and_sends_a_receipt_again() {
    let mondo = Mondo::start().await;
    let page = mondo
        .alla_banca(&mondo.rpt("01000000000000316", "ccp", &[1_200]).await)
        .await;
    mondo.browser.press(&page, "Annulla il pagamento").await;

    let done = mondo
        .browser
        .press(&mondo.sessioni().await, "Scade subito")
        .await;

    done.expect("succede adesso");
    mondo
        .attendi_stato("01000000000000316", "ccp", "RT_ACCETTATA_PA")
        .await;
    let list = mondo.sessioni().await;
    mondo
        .browser
        .press(&list, "Invia di nuovo la RT")
        .await
        .expect("uguale a prima");
    mondo.attendi_ricevute("01000000000000316", 2).await;
    let arrived = mondo.ente.arrivate("01000000000000316");
    assert_eq!(arrived[0], arrived[1], "the same bytes");
    let before = mondo.adesso().await;
    mondo
        .browser
        .press(&mondo.sessioni().await, "+5 min")
        .await
        .expect("avanti di 5 minuti");
    assert!(mondo.adesso().await - before >= chrono::TimeDelta::minutes(5));
}

#[tokio::test]
async fn b136_the_receipt_does_not_wait_for_the_browser() {
    let mondo = Mondo::start().await;
    let page = mondo
        .alla_banca(&mondo.rpt("01000000000000317", "ccp", &[1_200]).await)
        .await;
    mondo.ente.ricezione(Ricezione::Accetta);

    // The answer with the redirect is never followed.
    let answer = mondo
        .browser
        .submission(&page, "Invia la ricevuta")
        .send()
        .await
        .unwrap();

    assert_eq!(answer.status(), 303);
    mondo
        .attendi_stato("01000000000000317", "ccp", "RT_ACCETTATA_PA")
        .await;
}

#[tokio::test]
async fn pages_of_sessions_that_do_not_exist_say_so() {
    let mondo = Mondo::start().await;
    for path in [
        "/pagamento",
        "/pagamento?idSession=x",
        "/pagamento?idSession=%00",
    ] {
        let page = mondo.browser.open(&format!("{}{path}", mondo.url)).await;
        assert_eq!(page.status, 404, "{path}");
        page.expect("Questa sessione non esiste");
    }
    let rpt = mondo.rpt("01000000000000318", "ccp", &[100]).await;
    let page = mondo.alla_banca(&rpt).await;
    assert!(
        !page.text().contains("VRDGPP80A01H501U"),
        "no personal data on the page"
    );
}

/// SQLite, and a PostgreSQL database that lives as long as its guard.
pub fn databases() -> [(Option<String>, Option<test_support::servers::TestDatabase>); 2] {
    let server = test_support::servers::TestDatabase::create();
    [(None, None), (Some(server.url.clone()), Some(server))]
}
