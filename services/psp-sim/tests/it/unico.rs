//! An avviso brought to the bank, at a station of the modello unico.

use pagopa::modello_unico::pa_for_node::PaSendRtV2Request;
use test_support::Browser;

use crate::ente::Ricezione;
use crate::mondo::{Mondo, UNIONE, VALTORBIDA};
use crate::schemi::pa_for_node_valido;
use crate::tipo_1::databases;

const NUMERO: &str = "347000000000074221";
const IUV: &str = "47000000000074221";

fn receipt(mondo: &Mondo) -> PaSendRtV2Request {
    let bytes = mondo.ente.arrivate(IUV).remove(0);
    pa_for_node_valido(&bytes);
    pagopa::xml::from_document(&String::from_utf8(bytes).unwrap()).unwrap()
}

#[tokio::test]
async fn a_paid_avviso_gets_a_valid_receipt_and_cannot_be_paid_again() {
    let mondo = Mondo::start().await;
    mondo.ente.deve(IUV, 7_730);
    let page = mondo.verifica(NUMERO, UNIONE).await;
    page.expect("77,30")
        .expect("Unione Terre d'Esempio")
        .expect("modello unico");
    assert!(!page.shows("Decorrenza termini parziale"));

    let done = mondo.browser.press(&page, "Invia la ricevuta").await;

    done.expect("Pagamento concluso");
    mondo.attendi_ricevute(IUV, 1).await;
    let message = receipt(&mondo);
    assert_eq!(
        (message.id_pa.as_str(), message.id_station.as_str()),
        (UNIONE, "20000000016_02")
    );
    let r = message.receipt;
    assert_eq!(
        (r.notice_number.as_str(), r.creditor_reference_id.as_str()),
        (NUMERO, IUV)
    );
    assert_eq!(
        (r.payment_amount.cents(), r.fee.unwrap().cents()),
        (7_730, 150)
    );
    assert_eq!(r.psp_company_name, "Banca Link.it");
    assert_eq!(r.receipt_id.len(), 32);
    mondo.verifica(NUMERO, UNIONE).await.expect("già pagato");
}

#[tokio::test]
async fn a_refused_payment_makes_no_receipt_and_frees_the_avviso_at_once() {
    let mondo = Mondo::start().await;
    let page = mondo.verifica(NUMERO, UNIONE).await;

    let page = page.choose("Pagamento rifiutato");
    let done = mondo.browser.press(&page, "Invia la ricevuta").await;

    done.expect("nessuna ricevuta")
        .expect("Il token di pagamento è stato chiuso");
    mondo
        .verifica(NUMERO, UNIONE)
        .await
        .expect("Simula il pagamento");
    mondo.avanti(60).await;
    assert_eq!(mondo.ente.arrivate(IUV).len(), 0);
}

#[tokio::test]
async fn a_cancelled_payment_makes_no_receipt_and_its_token_expires_after_half_an_hour() {
    let mondo = Mondo::start().await;
    let page = mondo.verifica(NUMERO, UNIONE).await;

    let done = mondo.browser.press(&page, "Annulla il pagamento").await;

    done.expect("nessuna ricevuta")
        .expect("Il token di pagamento scade alle");
    mondo
        .verifica(NUMERO, UNIONE)
        .await
        .expect("in corso")
        .expect("PPT_PAGAMENTO_IN_CORSO");
    mondo.avanti(29 * 60).await;
    mondo.verifica(NUMERO, UNIONE).await.expect("in corso");
    mondo.avanti(61).await;
    mondo
        .verifica(NUMERO, UNIONE)
        .await
        .expect("Simula il pagamento");
    assert_eq!(mondo.ente.arrivate(IUV).len(), 0);
}

#[tokio::test]
async fn the_outcomes_of_the_old_model_do_not_exist() {
    let mondo = Mondo::start().await;
    let page = mondo.verifica(NUMERO, UNIONE).await;
    let mut forged = page;
    let html = forged.text().replace("value=\"1\"", "value=\"3\"");
    forged.body = html.into_bytes();

    let forged = forged.choose("Pagamento rifiutato");
    let answer = mondo.browser.press(&forged, "Invia la ricevuta").await;

    assert_eq!(answer.status, 422);
    answer.expect("eseguito o rifiutato");
}

#[tokio::test]
async fn b139_of_many_payers_of_one_avviso_one_gets_in() {
    for (url, _server) in databases() {
        let mut mondo = Mondo::start_on(url).await;
        let payers: Vec<Browser> = (0..12).map(|_| Browser::new()).collect();
        let tries = payers.iter().map(|browser| async {
            let form = browser.open(&mondo.url).await;
            let form = form.fill("Codice avviso", NUMERO).fill("ente", UNIONE);
            browser.press(&form, "Verifica").await
        });

        let landed = futures_util::future::join_all(tries).await;

        let inside = landed
            .iter()
            .filter(|page| page.shows("Simula il pagamento"))
            .count();
        let refused = landed
            .iter()
            .filter(|page| page.shows("PPT_PAGAMENTO_IN_CORSO"))
            .count();
        assert_eq!((inside, refused), (1, 11));
        mondo.stop().await;
    }
}

#[tokio::test]
async fn an_ente_that_refuses_or_fails_leaves_the_avviso_free() {
    let mondo = Mondo::start().await;
    mondo.ente.con(|s| s.all_attivazione = Some(2_000));
    let page = mondo.verifica(NUMERO, UNIONE).await;
    page.expect("era 10,00").expect("ora è 20,00");
    // The other body answers for its own avvisi only.
    mondo
        .verifica(NUMERO, VALTORBIDA)
        .await
        .expect("non porta a una stazione");
}

#[tokio::test]
async fn a_receipt_waits_for_an_ente_that_is_down_and_nobody_pays_twice_meanwhile() {
    let mondo = Mondo::start().await;
    mondo.ente.ricezione(Ricezione::Giu);
    let page = mondo.verifica(NUMERO, UNIONE).await;
    mondo.browser.press(&page, "Invia la ricevuta").await;
    mondo.attendi_ricevute(IUV, 1).await;

    mondo
        .verifica(NUMERO, UNIONE)
        .await
        .expect("PPT_PAGAMENTO_DUPLICATO");

    mondo.ente.ricezione(Ricezione::Accetta);
    test_support::wait_until("the receipt is delivered", || async {
        let page = mondo.sessioni().await;
        if page.shows("Consegnata") {
            Ok(())
        } else {
            Err(page.visible_text())
        }
    })
    .await;
    let arrived = mondo.ente.arrivate(IUV);
    assert!(
        arrived.windows(2).all(|pair| pair[0] == pair[1]),
        "the same message every time"
    );
    assert_eq!(mondo.ente.con(|s| s.accettate.len()), 1);
}
