//! Payment at the bank with the avviso in the hand, on both kinds of station.

use test_support::tools::pdf_text;
use test_support::{Browser, Page, World, wait_until};

use crate::on_both;
use crate::steps::{Caricata, Debito, TERRE_ESEMPIO, VALTORBIDA, carica, cerca_avviso};

on_both!(
    v1_paid_at_the_bank,
    v1_every_other_outcome,
    v2_paid_at_the_bank,
    v2_a_refusal_makes_no_receipt,
    the_bank_says_what_is_wrong_with_an_avviso,
);

async fn verifica(world: &World, browser: &Browser, numero: &str, dominio: &str) -> Page {
    let form = browser.open(&world.url("psp-sim")).await;
    let form = form
        .fill("Codice avviso", numero)
        .fill("ente creditore", dominio);
    browser.press(&form, "Verifica").await
}

async fn ricevuta_sul_portale(world: &World, avviso: &Caricata) -> String {
    let browser = world.browser();
    let page = wait_until("the portal has the receipt", || async {
        let page = cerca_avviso(world, &browser, avviso).await;
        match page.link("Scarica Ricevuta Telematica") {
            Some(_) => Ok(page),
            None => Err(page.visible_text()),
        }
    })
    .await;
    let pdf = browser.click(&page, "Scarica Ricevuta Telematica").await;
    assert_eq!(pdf.content_type, "application/pdf");
    pdf_text(&pdf.body)
}

async fn v1_paid_at_the_bank(world: World) {
    paid_at_the_bank(world, VALTORBIDA, "Comune di Valtorbida").await;
}

async fn v2_paid_at_the_bank(world: World) {
    paid_at_the_bank(world, TERRE_ESEMPIO, "Unione Terre d'Esempio").await;
}

/// B138: the receipt is on the portal though nobody paid there.
async fn paid_at_the_bank(world: World, dominio: &'static str, nome: &str) {
    let debito = Debito {
        id: "TIPO-3",
        dominio,
        voci: &["77.30"],
    };
    let avviso = carica(&world, &[debito]).await.remove(0);
    let browser = world.browser();
    let page = verifica(&world, &browser, &avviso.numero_avviso, dominio).await;
    page.expect("77,30").expect(nome);

    let done = browser
        .press(&page.choose("Pagamento eseguito"), "Invia la ricevuta")
        .await;

    assert!(
        done.url.as_str().starts_with(&world.url("psp-sim")),
        "{}",
        done.url
    );
    assert!(done.link("portale").is_some(), "{}", done.visible_text());
    let text = ricevuta_sul_portale(&world, &avviso).await;
    for wanted in [avviso.iuv.as_str(), "77,30", dominio] {
        assert!(text.contains(wanted), "{wanted} in the receipt:\n{text}");
    }
    verifica(&world, &browser, &avviso.numero_avviso, dominio)
        .await
        .expect("pagato");
}

async fn v1_every_other_outcome(world: World) {
    let outcomes = [
        ("ESITO-1", "Pagamento non eseguito"),
        ("ESITO-2", "Pagamento parzialmente eseguito"),
        ("ESITO-3", "Decorrenza termini"),
        ("ESITO-4", "Decorrenza termini parziale"),
    ];
    let debiti = outcomes.map(|(id, _)| Debito {
        id,
        dominio: VALTORBIDA,
        voci: &["40.00"],
    });
    let avvisi = carica(&world, &debiti).await;
    let browser = world.browser();
    for (avviso, (_, outcome)) in avvisi.iter().zip(outcomes) {
        let page = verifica(&world, &browser, &avviso.numero_avviso, VALTORBIDA).await;
        let partial = outcome.contains("parzial");
        let page = page.choose(outcome);
        let page = if partial {
            page.fill("Importo", "15.00")
        } else {
            page
        };

        browser.press(&page, "Invia la ricevuta").await;

        let text = ricevuta_sul_portale(&world, avviso).await;
        assert!(text.contains(&avviso.iuv), "{outcome}:\n{text}");
    }
}

async fn v2_a_refusal_makes_no_receipt(world: World) {
    let debito = Debito {
        id: "RIFIUTO",
        dominio: TERRE_ESEMPIO,
        voci: &["77.30"],
    };
    let avviso = carica(&world, &[debito]).await.remove(0);
    let browser = world.browser();
    let page = verifica(&world, &browser, &avviso.numero_avviso, TERRE_ESEMPIO).await;

    let done = browser.press(&page, "Annulla il pagamento").await;

    done.expect("nessuna ricevuta");
    world.advance_clock(31 * 60).await;
    let page = verifica(&world, &browser, &avviso.numero_avviso, TERRE_ESEMPIO).await;
    page.expect("77,30");
    let portal = cerca_avviso(&world, &world.browser(), &avviso).await;
    assert!(portal.link("Scarica Ricevuta Telematica").is_none());
}

async fn the_bank_says_what_is_wrong_with_an_avviso(world: World) {
    let browser = world.browser();
    let unknown = "301000000000004285";
    verifica(&world, &browser, unknown, VALTORBIDA)
        .await
        .expect("sconosciuto");
    verifica(&world, &browser, "30100000000000428", VALTORBIDA)
        .await
        .expect("18 cifre");
}
