//! Impatience and rivalry: double clicks, the back button, two people on one avviso.

use test_support::{World, wait_until};

use crate::annullo::rt_accettate;
use crate::on_both;
use crate::steps::{Debito, VALTORBIDA, carica, conferma, scegli_psp};

on_both!(
    b104_a_double_click_on_conferma_is_one_payment,
    a_double_click_on_the_outcome_sends_one_receipt,
    b139_two_people_pay_one_avviso_and_one_payment_comes_of_it,
);

async fn b104_a_double_click_on_conferma_is_one_payment(world: World) {
    let debito = Debito {
        id: "DOPPIO",
        dominio: VALTORBIDA,
        voci: &["15.00"],
    };
    let avviso = carica(&world, &[debito]).await.remove(0);
    let browser = world.browser();
    let page = scegli_psp(&world, &browser, &avviso, "Banca Link.it").await;
    let page = page.fill("Email", "giuseppe.verdi@esempio.example");

    let first = browser.submission(&page, "Conferma");
    let second = browser.submission(&page, "Conferma");
    let (first, second) = tokio::join!(browser.follow(first), browser.follow(second));

    for landed in [&first, &second] {
        assert!(
            landed.url.as_str().starts_with(&world.url("psp-sim")),
            "{}",
            landed.url
        );
    }
    assert_eq!(
        first.url, second.url,
        "both at the same session of the bank"
    );
}

async fn a_double_click_on_the_outcome_sends_one_receipt(world: World) {
    let debito = Debito {
        id: "DOPPIO-RT",
        dominio: VALTORBIDA,
        voci: &["15.00"],
    };
    let avviso = carica(&world, &[debito]).await.remove(0);
    let browser = world.browser();
    let bank = conferma(&world, &browser, &avviso, "Banca Link.it").await;
    let bank = bank.choose("Pagamento eseguito");

    let first = browser.submission(&bank, "Invia la ricevuta");
    let second = browser.submission(&bank, "Invia la ricevuta");
    let (first, _) = tokio::join!(browser.follow(first), browser.follow(second));

    assert!(
        first.status < 400,
        "{}: {}",
        first.url,
        first.visible_text()
    );
    wait_until("the receipt is taken in", || async {
        match rt_accettate(&world, &avviso.iuv).await {
            0 => Err("not yet".to_owned()),
            n => Ok(n),
        }
    })
    .await;
    assert_eq!(rt_accettate(&world, &avviso.iuv).await, 1);
}

async fn b139_two_people_pay_one_avviso_and_one_payment_comes_of_it(world: World) {
    let debito = Debito {
        id: "RIVALI",
        dominio: VALTORBIDA,
        voci: &["15.00"],
    };
    let avviso = carica(&world, &[debito]).await.remove(0);
    let (anna, bruno) = (world.browser(), world.browser());
    let of_anna = scegli_psp(&world, &anna, &avviso, "Banca Link.it").await;
    let of_bruno = scegli_psp(&world, &bruno, &avviso, "Banca Link.it").await;
    let of_anna = of_anna.fill("Email", "anna@esempio.example");
    let of_bruno = of_bruno.fill("Email", "bruno@esempio.example");

    let (a, b) = tokio::join!(
        anna.press(&of_anna, "Conferma"),
        bruno.press(&of_bruno, "Conferma")
    );

    let at_the_bank = [&a, &b]
        .into_iter()
        .filter(|p| p.url.as_str().starts_with(&world.url("psp-sim")));
    assert_eq!(at_the_bank.count(), 1, "{} and {}", a.url, b.url);
    let refused = if a.url.as_str().starts_with(&world.url("psp-sim")) {
        b
    } else {
        a
    };
    refused.expect("in corso");
}
