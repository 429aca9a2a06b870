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

/// The width of the page, that of what is in it, and the labels of cards that are cut inside a word.
const TELEFONO: &str = "const c = document.createElement('canvas').getContext('2d');
    const cut = (e) => {
        const s = getComputedStyle(e, '::before');
        c.font = `${s.fontWeight} ${s.fontSize} ${s.fontFamily}`;
        const longest = Math.max(...e.dataset.titolo.split(' ').map((w) => c.measureText(w).width));
        return parseFloat(s.width) + 1 < longest;
    };
    const labels = [...document.querySelectorAll('.schede [data-titolo]')];
    return [innerWidth, document.documentElement.scrollWidth, labels.length, labels.filter(cut).map((e) => e.dataset.titolo)];";

#[tokio::test(flavor = "multi_thread")]
async fn b202_on_a_phone_nothing_is_cut_and_nothing_scrolls_sideways() {
    let mondo = Mondo::start().await;
    let lungo = "un-nome-di-file-molto-lungo-senza-spazi-di-aprile-2026-definitivo.csv";
    let csv = file(&[riga("T-1").replacen("10,00", "1.250", 1)]);
    let id = mondo.carica(lungo, csv).await;
    mondo.attendi(id, "VALIDAZIONE_KO").await;
    let browser = Chromium::start(Script::On).await;
    browser.open(&format!("{}/login", mondo.url)).await;
    browser.fill("Nome utente", ADMIN.0).await;
    browser.fill("Password", ADMIN.1).await;
    browser.press("Accedi").await;
    browser.expect("Cruscotto").await;
    let dettaglio = format!("/tracciati/{id}");
    let righe = format!("{dettaglio}?scheda=operazioni");
    for width in [320, 360] {
        browser.client.set_window_size(width, 900).await.unwrap();
        for path in ["/tracciati", dettaglio.as_str(), righe.as_str()] {
            browser.open(&format!("{}{path}", mondo.url)).await;
            let visto = browser.client.execute(TELEFONO, vec![]).await.unwrap();
            assert_eq!(visto[0], width, "{path}");
            assert!(
                visto[1].as_i64() <= Some(i64::from(width)),
                "{path} at {width}: {visto}"
            );
            assert!(visto[2].as_i64() > Some(0), "{path} has cards: {visto}");
            assert_eq!(visto[3], serde_json::json!([]), "{path} at {width}");
        }
    }
    browser.close().await;
}
