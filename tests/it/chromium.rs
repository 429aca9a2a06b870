//! The journeys in a real browser, with script and without.

use test_support::tools::pdf_text;
use test_support::{Chromium, Mode, Script, World};

use crate::steps::{Caricata, Debito, OPERATORE, VALTORBIDA, carica, elaborato, tracciato};

macro_rules! with_and_without_script {
    ($($journey:ident),* $(,)?) => {
        mod script_on {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $journey() {
                super::$journey(test_support::Script::On).await;
            })*
        }
        mod script_off {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $journey() {
                super::$journey(test_support::Script::Off).await;
            })*
        }
    };
}

with_and_without_script!(upload, tipo_1, tipo_3, annullo);

async fn upload(script: Script) {
    let world = World::start(Mode::Embedded).await;
    let browser = Chromium::start(script).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("dal-browser.csv");
    let csv = tracciato(&[Debito {
        id: "WEB-1",
        dominio: VALTORBIDA,
        voci: &["12.50"],
    }]);
    std::fs::write(&file, csv).unwrap();

    browser
        .open(&format!("{}/login", world.url("loader")))
        .await;
    browser.fill("Nome utente", OPERATORE.0).await;
    browser.fill("Password", OPERATORE.1).await;
    browser.press("Accedi").await;
    browser.click("Tracciati").await;
    browser.click("Aggiungi un tracciato").await;
    browser.fill("File CSV", file.to_str().unwrap()).await;
    browser.press("Salva").await;
    browser.expect("dal-browser.csv").await;
    browser.click("dal-browser.csv").await;
    reload_until(&browser, "Caricamento OK").await;
    browser.click("Tracciato Elaborato").await;
    let rows = elaborato(&browser.downloaded().await);

    assert_eq!(rows.len(), 1);
    assert!(rows[0].qr.ends_with("|1250"), "{rows:?}");
    browser.close().await;
}

async fn tipo_1(script: Script) {
    let world = World::start(Mode::Embedded).await;
    let avviso = un_avviso(&world, "WEB-T1").await;
    let browser = Chromium::start(script).await;

    fino_alla_banca(&world, &browser, &avviso, script).await;
    browser.choose("Pagamento eseguito").await;
    browser.press("Invia la ricevuta").await;
    scarica_ricevuta(&browser, &avviso).await;
    browser.close().await;
}

async fn tipo_3(script: Script) {
    let world = World::start(Mode::Embedded).await;
    let avviso = un_avviso(&world, "WEB-T3").await;
    let browser = Chromium::start(script).await;

    browser.open(&world.url("psp-sim")).await;
    browser.fill("Codice avviso", &avviso.numero_avviso).await;
    browser.fill("ente creditore", &avviso.dominio).await;
    browser.press("Verifica").await;
    browser.expect("23,40").await;
    browser.choose("Pagamento eseguito").await;
    browser.press("Invia la ricevuta").await;
    browser.click("portale").await;
    reload_until(&browser, "Scarica Ricevuta Telematica").await;
    scarica_ricevuta(&browser, &avviso).await;
    browser.close().await;
}

async fn annullo(script: Script) {
    let world = World::start(Mode::Embedded).await;
    let avviso = un_avviso(&world, "WEB-ANN").await;
    let browser = Chromium::start(script).await;

    fino_alla_banca(&world, &browser, &avviso, script).await;
    browser.press("Annulla il pagamento").await;
    browser.expect("Aggiorna ora").await;
    world.advance_clock(301).await;
    if script == Script::Off {
        browser.click("Aggiorna ora").await;
    }
    browser.expect("non eseguito").await;
    scarica_ricevuta(&browser, &avviso).await;
    browser.close().await;
}

async fn un_avviso(world: &World, id: &'static str) -> Caricata {
    carica(
        world,
        &[Debito {
            id,
            dominio: VALTORBIDA,
            voci: &["23.40"],
        }],
    )
    .await
    .remove(0)
}

async fn fino_alla_banca(world: &World, browser: &Chromium, avviso: &Caricata, script: Script) {
    browser.open(&world.url("portale-ente")).await;
    browser.fill("Codice avviso", &avviso.numero_avviso).await;
    browser.fill("ente creditore", &avviso.dominio).await;
    browser.press("Cerca l'avviso").await;
    browser.expect("23,40").await;
    browser.press("Paga").await;
    browser.choose("Banca Link.it").await;
    browser.press("Continua").await;
    if script == Script::Off {
        browser.press("Torna").await;
    }
    browser
        .fill("Email", "giuseppe.verdi@esempio.example")
        .await;
    browser.press("Conferma").await;
    browser.expect("Simula il pagamento").await;
}

/// The waiting page opens the detail by itself, or a click does; then the PDF is read back.
async fn scarica_ricevuta(browser: &Chromium, avviso: &Caricata) {
    browser.click("Scarica Ricevuta Telematica").await;
    let text = pdf_text(&browser.downloaded().await);
    assert!(text.contains(&avviso.iuv), "{text}");
    assert!(text.contains("Comune di Valtorbida"), "{text}");
}

/// For pages that a person reloads by hand.
async fn reload_until(browser: &Chromium, words: &str) {
    test_support::wait_until(&format!("«{words}» after reloading"), || async {
        if browser.text().await.contains(words) {
            return Ok(());
        }
        browser.client.refresh().await.map_err(|e| e.to_string())?;
        Err(browser.text().await)
    })
    .await;
}
