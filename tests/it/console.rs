//! The console sees each payment while it waits, and its whole story after.

use test_support::{Browser, Page, World, wait_until};

use crate::on_both;
use crate::steps::{Debito, OPERATORE, VALTORBIDA, carica, conferma};

on_both!(a_payment_is_seen_waiting_and_then_with_its_whole_story);

async fn accedi(world: &World, browser: &Browser) -> Page {
    let login = browser
        .open(&format!("{}/accedi", world.url("console")))
        .await;
    let login = login
        .fill("Nome utente", OPERATORE.0)
        .fill("Password", OPERATORE.1);
    browser.press(&login, "Accedi").await
}

/// Without blanks: numbers may break anywhere on a narrow page.
fn squash(text: &str) -> String {
    text.split_whitespace().collect()
}

/// The page, once it shows all of these words.
async fn mostra(browser: &Browser, url: &str, words: &[&str]) -> Page {
    wait_until(&format!("the console shows {words:?}"), || async {
        let page = browser.open(url).await;
        let text = squash(&page.visible_text());
        if words.iter().all(|w| text.contains(&squash(w))) {
            Ok(page)
        } else {
            Err(text)
        }
    })
    .await
}

async fn a_payment_is_seen_waiting_and_then_with_its_whole_story(world: World) {
    let debiti = ["CONS-1", "CONS-2"].map(|id| Debito {
        id,
        dominio: VALTORBIDA,
        voci: &["12.00"],
    });
    let avvisi = carica(&world, &debiti).await;
    let citizen = world.browser();
    let operator = world.browser();
    accedi(&world, &operator).await;
    let monitor = format!("{}/pagamenti", world.url("console"));

    let paid = conferma(&world, &citizen, &avvisi[0], "Banca Link.it").await;
    citizen
        .press(&paid.choose("Pagamento eseguito"), "Invia la ricevuta")
        .await;
    mostra(&operator, &monitor, &[&avvisi[0].numero_avviso, "Eseguito"]).await;
    conferma(&world, &world.browser(), &avvisi[1], "Banca Link.it").await;

    let list = mostra(
        &operator,
        &monitor,
        &[
            &avvisi[0].numero_avviso,
            &avvisi[1].numero_avviso,
            "In corso",
        ],
    )
    .await;
    let text = squash(&list.visible_text());
    let place = |numero: &str| text.find(numero).unwrap();
    assert!(
        place(&avvisi[1].numero_avviso) < place(&avvisi[0].numero_avviso),
        "the waiting one first:\n{text}"
    );
    let story = format!(
        "{}/cerca?q={}",
        world.url("console"),
        avvisi[0].numero_avviso
    );
    let story = mostra(
        &operator,
        &story,
        &["nodoInviaRPT", "paaInviaRT", "rt.acquisita"],
    )
    .await;
    story.expect("CONS-1").expect("Eseguito");
}
