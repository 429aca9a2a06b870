//! What the script adds, in a real browser: the dialog, and pages that change by themselves.

use test_support::{Chromium, Script};

use crate::fixture::{ADMIN, Mondo, file, molte, riga};

#[tokio::test(flavor = "multi_thread")]
async fn the_dialog_uploads_and_the_list_follows_the_file_to_its_last_state() {
    let mondo = Mondo::start().await;
    let folder = tempfile::tempdir().unwrap();
    let percorso = folder.path().join("dal-vivo.csv");
    std::fs::write(&percorso, molte("DV", 3)).unwrap();
    let browser = Chromium::start(Script::On).await;
    browser.open(&format!("{}/login", mondo.url)).await;
    browser.fill("Nome utente", ADMIN.0).await;
    browser.fill("Password", ADMIN.1).await;
    browser.press("Accedi").await;
    browser.click("Tracciati").await;
    browser.expect("Qui vedrai i tracciati caricati").await;
    browser.click("Aggiungi un tracciato").await;
    browser.fill("File CSV", percorso.to_str().unwrap()).await;
    browser.press("Salva").await;
    browser
        .expect("Il file dal-vivo.csv è stato caricato")
        .await;
    assert!(browser.url().await.ends_with("/tracciati"));
    // Nobody reloads: the news come by themselves.
    browser.expect("Caricamento OK").await;
    browser.click("dal-vivo.csv").await;
    browser.expect("Caricamento delle pendenze").await;

    // The same for an open detail.
    let sbagliato = folder.path().join("sbagliato.csv");
    let csv = file(&[riga("DV-9").replacen("10,00", "1.250", 1), riga("DV-10")]);
    std::fs::write(&sbagliato, csv).unwrap();
    browser
        .open(&format!("{}/tracciati/nuovo", mondo.url))
        .await;
    browser.fill("File CSV", sbagliato.to_str().unwrap()).await;
    browser.press("Salva").await;
    browser.click("sbagliato.csv").await;
    browser.expect("Validazione KO").await;
    browser.expect("Scrivi 1250 se sono migliaia").await;
    browser.close().await;
}
