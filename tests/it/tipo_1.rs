//! Payment at the portal with the bank's pages in the browser: the five outcomes.

use test_support::tools::pdf_text;
use test_support::{Page, World, wait_until};

use crate::on_both;
use crate::steps::{Caricata, Debito, VALTORBIDA, carica, cerca_avviso, conferma};

on_both!(
    b101_eseguito,
    non_eseguito,
    parziale,
    decorrenza,
    decorrenza_parziale
);

/// Loads a debt of two voci and goes as far as the bank's page.
async fn alla_banca(world: &World, browser: &test_support::Browser) -> (Caricata, Page) {
    let debito = Debito {
        id: "TIPO-1",
        dominio: VALTORBIDA,
        voci: &["30.00", "20.10"],
    };
    let avviso = carica(world, &[debito]).await.remove(0);
    let bank = conferma(world, browser, &avviso, "Banca Link.it").await;
    assert!(
        bank.url.as_str().starts_with(&world.url("psp-sim")),
        "{}",
        bank.url
    );
    // B101: the total of the voci, and with the commission of the channel apart.
    bank.expect("Banca Link.it")
        .expect("50,10")
        .expect("1,00")
        .expect("51,10");
    (avviso, bank)
}

/// The portal's page once the receipt has arrived.
async fn dettaglio(browser: &test_support::Browser, first: Page) -> Page {
    wait_until("the portal shows the outcome", || async {
        let page = browser.open(first.url.as_str()).await;
        if page.link("Scarica Ricevuta Telematica").is_some() {
            Ok(page)
        } else {
            Err(page.visible_text())
        }
    })
    .await
}

async fn ricevuta(browser: &test_support::Browser, page: &Page) -> String {
    let pdf = browser.click(page, "Scarica Ricevuta Telematica").await;
    assert_eq!(pdf.content_type, "application/pdf");
    pdf_text(&pdf.body)
}

async fn b101_eseguito(world: World) {
    let browser = world.browser();
    let (avviso, bank) = alla_banca(&world, &browser).await;

    let page = browser
        .press(&bank.choose("Pagamento eseguito"), "Invia la ricevuta")
        .await;

    assert!(
        page.url.as_str().starts_with(&world.url("portale-ente")),
        "{}",
        page.url
    );
    let page = dettaglio(&browser, page).await;
    let text = ricevuta(&browser, &page).await;
    for wanted in [
        avviso.iuv.as_str(),
        "50,10",
        "Commissioni del prestatore, non comprese",
        "1,00",
        "Comune di Valtorbida",
        "Banca Link.it",
        VALTORBIDA,
    ] {
        assert!(text.contains(wanted), "{wanted} in the receipt:\n{text}");
    }
    let again = cerca_avviso(&world, &world.browser(), &avviso).await;
    again.expect("pagato");
    assert!(!again.shows("Paga con"), "a paid avviso is not payable");
}

async fn non_eseguito(world: World) {
    let browser = world.browser();
    let (avviso, bank) = alla_banca(&world, &browser).await;

    let page = browser
        .press(&bank.choose("Pagamento non eseguito"), "Invia la ricevuta")
        .await;

    let page = dettaglio(&browser, page).await;
    page.expect("non eseguito");
    assert!(
        ricevuta(&browser, &page)
            .await
            .contains("non è stato eseguito")
    );
    let again = conferma(&world, &world.browser(), &avviso, "Banca Link.it").await;
    assert!(
        again.url.as_str().starts_with(&world.url("psp-sim")),
        "still payable: {}",
        again.url
    );
}

async fn parziale(world: World) {
    let browser = world.browser();
    let (_, bank) = alla_banca(&world, &browser).await;

    let bank = bank
        .choose("Pagamento parzialmente eseguito")
        .choose("Voce 1");
    let page = browser.press(&bank, "Invia la ricevuta").await;

    let page = dettaglio(&browser, page).await;
    page.expect("parzialmente");
    let text = ricevuta(&browser, &page).await;
    assert!(text.contains("30,00"), "the paid voce:\n{text}");
}

async fn decorrenza(world: World) {
    let browser = world.browser();
    let (avviso, bank) = alla_banca(&world, &browser).await;

    let page = browser
        .press(&bank.choose("Decorrenza termini"), "Invia la ricevuta")
        .await;

    let page = dettaglio(&browser, page).await;
    page.expect("Decorrenza termini");
    cerca_avviso(&world, &world.browser(), &avviso)
        .await
        .expect("Da pagare");
}

async fn decorrenza_parziale(world: World) {
    let browser = world.browser();
    let (_, bank) = alla_banca(&world, &browser).await;

    let bank = bank.choose("Decorrenza termini parziale").choose("Voce 1");
    let page = browser.press(&bank, "Invia la ricevuta").await;

    dettaglio(&browser, page).await.expect("30,00");
}
