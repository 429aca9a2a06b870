//! Deferred payments: no page of the bank in the citizen's browser.

use domain::EsitoPagamento;
use pagopa::TipoVersamento;

use crate::mondo::{DIFFERITO, Mondo, invia_rpt};

async fn differito(mondo: &Mondo, iuv: &str) {
    let mut rpt = mondo.rpt(iuv, "ccp", &[4_500]).await;
    rpt.dati_versamento.tipo_versamento = TipoVersamento::Bbt;
    let answer = invia_rpt(&mondo.url, &rpt, DIFFERITO).await;
    assert!(answer.fault.is_none(), "{:?}", answer.fault);
}

#[tokio::test]
async fn the_bank_collects_by_itself_after_two_minutes() {
    let mondo = Mondo::start().await;
    differito(&mondo, "01000000000000400").await;
    mondo
        .sessioni()
        .await
        .expect("La banca esegue da sola")
        .expect("Banca Differita");

    mondo.avanti(121).await;

    mondo
        .attendi_stato("01000000000000400", "ccp", "RT_ACCETTATA_PA")
        .await;
    let dati = &mondo.ente.rt("01000000000000400")[0].dati_pagamento;
    assert_eq!(
        (dati.esito, dati.importo_totale_pagato.cents()),
        (EsitoPagamento::Eseguito, 4_500)
    );
}

#[tokio::test]
async fn the_tester_chooses_the_outcome_from_the_open_sessions() {
    let mondo = Mondo::start().await;
    differito(&mondo, "01000000000000401").await;
    let list = mondo.sessioni().await;
    let page = mondo.browser.click(&list, "01000000000000401").await;

    let page = page.choose("Pagamento non eseguito");
    let done = mondo.browser.press(&page, "Invia la ricevuta").await;

    assert!(
        done.url.as_str().starts_with(&mondo.url),
        "the tester stays at the bank"
    );
    mondo
        .attendi_stato("01000000000000401", "ccp", "RT_ACCETTATA_PA")
        .await;
    mondo.avanti(300).await;
    mondo.sessioni().await.expect("Consegnata");
    let receipts = mondo.ente.rt("01000000000000401");
    assert_eq!(receipts.len(), 1, "the timer finds the session concluded");
    assert_eq!(
        receipts[0].dati_pagamento.esito,
        EsitoPagamento::NonEseguito
    );
}
