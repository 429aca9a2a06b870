//! Payment at the portal with a bank that collects later: no page of the bank in the browser.

use test_support::{World, wait_until};

use crate::on_both;
use crate::steps::{Debito, VALTORBIDA, carica, conferma};

on_both!(
    the_portal_says_that_the_bank_has_it_and_the_receipt_comes_later,
    the_timer_collects
);

async fn the_portal_says_that_the_bank_has_it_and_the_receipt_comes_later(world: World) {
    let debito = Debito {
        id: "TIPO-2",
        dominio: VALTORBIDA,
        voci: &["45.00"],
    };
    let avviso = carica(&world, &[debito]).await.remove(0);
    let browser = world.browser();

    let page = conferma(&world, &browser, &avviso, "Banca Differita").await;

    assert!(
        page.url.as_str().starts_with(&world.url("portale-ente")),
        "{}",
        page.url
    );
    page.expect("banca");
    assert!(page.link("Scarica Ricevuta Telematica").is_none());

    let tester = world.browser();
    let sessions = tester
        .open(&format!("{}/sessioni", world.url("psp-sim")))
        .await;
    let session = tester.click(&sessions, &avviso.iuv).await;
    tester
        .press(&session.choose("Pagamento eseguito"), "Invia la ricevuta")
        .await;

    ricevuta_arriva(&browser, page.url.as_str()).await;
}

async fn the_timer_collects(world: World) {
    let debito = Debito {
        id: "TIPO-2T",
        dominio: VALTORBIDA,
        voci: &["45.00"],
    };
    let avviso = carica(&world, &[debito]).await.remove(0);
    let browser = world.browser();
    let page = conferma(&world, &browser, &avviso, "Banca Differita").await;

    world.advance_clock(600).await;

    ricevuta_arriva(&browser, page.url.as_str()).await;
}

async fn ricevuta_arriva(browser: &test_support::Browser, url: &str) {
    wait_until("the receipt is there", || async {
        let page = browser.open(url).await;
        match page.link("Scarica Ricevuta Telematica") {
            Some(_) => Ok(()),
            None => Err(page.visible_text()),
        }
    })
    .await;
}
