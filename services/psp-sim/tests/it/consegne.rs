//! Delivery of receipts: until the ente has them, and no more.

use pagopa::FaultPa;

use crate::ente::Ricezione;
use crate::mondo::Mondo;

async fn paga(mondo: &Mondo, iuv: &str) {
    let page = mondo
        .alla_banca(&mondo.rpt(iuv, "ccp", &[1_000]).await)
        .await;
    mondo.browser.press(&page, "Invia la ricevuta").await;
}

#[tokio::test]
async fn a_receipt_is_tried_until_the_ente_is_up_again_with_the_same_bytes() {
    let mondo = Mondo::start().await;
    mondo.ente.ricezione(Ricezione::Giu);
    paga(&mondo, "01000000000000500").await;
    mondo.attendi_ricevute("01000000000000500", 2).await;
    mondo
        .attendi_stato("01000000000000500", "ccp", "RT_ESITO_SCONOSCIUTO_PA")
        .await;
    mondo
        .sessioni()
        .await
        .expect("In invio")
        .expect("stato HTTP 503");

    mondo.ente.ricezione(Ricezione::Accetta);

    mondo
        .attendi_stato("01000000000000500", "ccp", "RT_ACCETTATA_PA")
        .await;
    let arrived = mondo.ente.arrivate("01000000000000500");
    assert!(arrived.windows(2).all(|pair| pair[0] == pair[1]));
    assert_eq!(mondo.ente.con(|s| s.accettate.len()), 1);
}

#[tokio::test]
async fn a_receipt_that_the_ente_already_has_counts_as_delivered() {
    let mondo = Mondo::start().await;
    mondo
        .ente
        .ricezione(Ricezione::Rifiuta(FaultPa::RtDuplicata));

    paga(&mondo, "01000000000000501").await;

    mondo
        .attendi_stato("01000000000000501", "ccp", "RT_ACCETTATA_PA")
        .await;
    assert_eq!(mondo.ente.arrivate("01000000000000501").len(), 1);
}

#[tokio::test]
async fn b171_a_refusal_is_shown_tried_again_and_given_up_until_a_person_asks() {
    let mut mondo = Mondo::start().await;
    mondo.ente.ricezione(Ricezione::Rifiuta(FaultPa::Semantica));
    paga(&mondo, "01000000000000502").await;
    mondo
        .attendi_stato("01000000000000502", "ccp", "RT_RIFIUTATA_PA")
        .await;
    mondo
        .sessioni()
        .await
        .expect("PAA_SEMANTICA: come da prova");

    // Each step of the clock is longer than the longest pause.
    test_support::wait_until("the Node gives up", || async {
        mondo.avanti(61).await;
        let page = mondo.sessioni().await;
        if page.shows("Fermata dopo troppi rifiuti") {
            Ok(())
        } else {
            Err(page.visible_text())
        }
    })
    .await;
    assert_eq!(mondo.ente.arrivate("01000000000000502").len(), 48);
    mondo.restart().await;
    mondo.ente.ricezione(Ricezione::Accetta);
    mondo.avanti(3_600).await;
    assert_eq!(mondo.ente.arrivate("01000000000000502").len(), 48);

    let list = mondo.sessioni().await;
    mondo.browser.press(&list, "Invia di nuovo la RT").await;

    mondo
        .attendi_stato("01000000000000502", "ccp", "RT_ACCETTATA_PA")
        .await;
}

#[tokio::test]
async fn a_slow_ente_does_not_hold_up_the_receipts_of_others() {
    let mondo = Mondo::start().await;
    mondo.ente.ricezione(Ricezione::Tace);
    paga(&mondo, "01000000000000503").await;
    mondo.attendi_ricevute("01000000000000503", 1).await;
    mondo.ente.ricezione(Ricezione::Accetta);

    paga(&mondo, "01000000000000504").await;

    mondo
        .attendi_stato("01000000000000504", "ccp", "RT_ACCETTATA_PA")
        .await;
    let first = mondo
        .stato("01000000000000503", "ccp")
        .await
        .esito
        .unwrap()
        .stato;
    assert_eq!(first, "RT_RICEVUTA_NODO", "still on its way");
}
