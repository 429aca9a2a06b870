//! A file is looked at and its reading corrected before anything is loaded.

use test_support::{Browser, Page};

use crate::fixture::{ADMIN, Mondo, VALTORBIDA, file, molte, riga};
use crate::pagine::{apri, attendi, entra};

#[tokio::test(flavor = "multi_thread")]
async fn b017_the_preview_shows_how_the_file_was_read_and_changes_nothing() {
    let mondo = Mondo::start().await;
    let browser = entra(&mondo, ADMIN).await;
    let form = apri(&mondo, &browser, "/tracciati/nuovo").await;
    let vista = browser
        .press(
            &form.attach("File CSV", "conto.csv", &molte("AN", 7)),
            "Anteprima",
        )
        .await;
    vista
        .expect("Anteprima: conto.csv")
        .expect("idPendenza")
        .expect("AN-1")
        .expect("AN-5")
        .expect("70,00");
    assert!(!vista.shows("AN-6"), "five rows");
    assert!(
        mondo.json("/api/v1/tracciati").await["tracciati"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    let lista = browser.press(&vista, "Salva").await;
    lista.expect("conto.csv");
    attendi(&mondo, &browser, "conto.csv", "Caricamento OK").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reading_that_is_wrong_is_corrected_before_saving() {
    let mondo = Mondo::start().await;
    let browser = entra(&mondo, ADMIN).await;
    let ambigua = riga("AMB-1").replace("10,00", "1.250");
    let file = file(&[ambigua]);
    let form = apri(&mondo, &browser, "/tracciati/nuovo").await;
    let vista = browser
        .press(&form.attach("File CSV", "ambiguo.csv", &file), "Anteprima")
        .await;
    vista.expect("ambiguo").expect("2 errori da correggere");
    let corretta = browser
        .press(
            &vista.fill("Separatore dei decimali", ","),
            "Aggiorna anteprima",
        )
        .await;
    corretta.expect("1.250,00");
    assert!(!corretta.shows("da correggere"));
    browser.press(&corretta, "Salva").await;
    let dettaglio = attendi(&mondo, &browser, "ambiguo.csv", "Caricamento OK").await;
    dettaglio.expect("1.250,00");
    // Another operator does not see what this one has not saved.
    let altra = apri(&mondo, &browser, "/tracciati/nuovo").await;
    let vista = browser
        .press(
            &altra.attach("File CSV", "altro.csv", &molte("ALT", 1)),
            "Anteprima",
        )
        .await;
    let estraneo = entra(&mondo, VALTORBIDA).await;
    assert_eq!(estraneo.open(vista.url.as_str()).await.status, 410);
    let scartato = browser.press(&vista, "Annulla").await;
    scartato.expect("Il file è stato scartato");
    assert_eq!(browser.open(vista.url.as_str()).await.status, 410);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_and_a_reload_by_page() {
    let mondo = Mondo::start().await;
    let browser = entra(&mondo, ADMIN).await;
    let form = apri(&mondo, &browser, "/tracciati/nuovo").await;
    let form = form
        .attach("File CSV", "prova.csv", &molte("PV", 2))
        .choose("Solo prova");
    browser.press(&form, "Salva").await;
    let dettaglio = attendi(&mondo, &browser, "prova.csv", "La prova è riuscita").await;
    assert!(mondo.core.messe().is_empty());
    // It has ended: nothing moves, wherever it is shown.
    for path in [dettaglio.url.path(), "/tracciati", "/"] {
        let vista = apri(&mondo, &browser, path).await;
        vista.expect("Validazione OK");
        assert!(!vista.text().contains("in-moto"), "{path}");
    }
    let home = apri(&mondo, &browser, "/").await.visible_text();
    assert!(home.contains("0 Da caricare"), "{home}");
    mondo
        .core
        .rifiutate
        .lock()
        .unwrap()
        .insert("PV-2".into(), "Non adesso".into());
    browser
        .press(&dettaglio, "Carica adesso")
        .await
        .expect("verrà caricato tra poco");
    let dettaglio = attendi(&mondo, &browser, "prova.csv", "Caricamento KO").await;
    mondo.core.rifiutate.lock().unwrap().clear();
    browser
        .press(&dettaglio, "Ricarica solo le righe rifiutate")
        .await;
    attendi(&mondo, &browser, "prova.csv", "Caricamento OK").await;
    assert!(mondo.core.messe().values().all(|n| *n == 1));
}

async fn guarda(mondo: &Mondo, browser: &Browser, nome: &str, bytes: &[u8]) -> Page {
    let form = apri(mondo, browser, "/tracciati/nuovo").await;
    let form = form.attach("File CSV", nome, bytes);
    browser.press(&form, "Anteprima").await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_chosen_in_the_preview_is_what_is_saved() {
    let mondo = Mondo::start().await;
    let browser = entra(&mondo, ADMIN).await;
    let csv = file(&[
        riga("SC-1"),
        riga("SC-2").replacen("10,00", "dieci", 1),
        riga("SC-3"),
    ]);
    let vista = guarda(&mondo, &browser, "parte.csv", &csv).await;
    vista.expect("dieci").expect("20,00");
    // Without an update of the preview in between.
    let vista = vista.fill("Se ci sono righe errate", "RIGA_PER_RIGA");
    browser.press(&vista, "Salva").await;
    let dettaglio = attendi(&mondo, &browser, "parte.csv", "Caricamento KO").await;
    dettaglio
        .expect("Carica le righe buone")
        .expect("Righe valide caricate: 2; righe da correggere: 1")
        .expect("dieci");
    let righe = browser.click(&dettaglio, "Righe del file").await;
    let rifiutate = browser.click(&righe, "Rifiutate").await;
    rifiutate.expect("GESTIONALE / SC-2");
    assert!(!rifiutate.shows("GESTIONALE / SC-1"));
    let corretto = browser.click(&dettaglio, "Copia corretta").await;
    assert_eq!(corretto.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_is_one_button_away_from_the_preview() {
    let mondo = Mondo::start().await;
    let browser = entra(&mondo, ADMIN).await;
    let vista = guarda(&mondo, &browser, "asciutto.csv", &molte("AS", 2)).await;
    let elenco = browser.press(&vista, "Solo prova").await;
    assert_eq!(elenco.url.path(), "/tracciati");
    attendi(&mondo, &browser, "asciutto.csv", "La prova è riuscita").await;
    assert!(mondo.core.messe().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_cannot_be_understood_says_why_and_can_be_read_otherwise() {
    let mondo = Mondo::start().await;
    let browser = entra(&mondo, ADMIN).await;
    let form = apri(&mondo, &browser, "/tracciati/nuovo").await;
    let form = form
        .attach("File CSV", "storto.csv", &molte("ST", 2))
        .fill("Separatore delle colonne", "|");
    let vista = browser.press(&form, "Anteprima").await;
    assert_eq!(vista.status, 200);
    vista
        .expect("Intestazione non valida: la prima riga ha una sola colonna")
        .expect("scegli il separatore giusto");
    let giusta = browser
        .press(
            &vista.fill("Separatore delle colonne", ""),
            "Aggiorna anteprima",
        )
        .await;
    giusta.expect("ST-2");
    assert!(!giusta.shows("Intestazione non valida"));
    // Bytes that are not UTF-8, said to be UTF-8.
    let mut latino = molte("LA", 1);
    let via = latino.iter().rposition(|b| *b == b'T').unwrap();
    latino[via] = 0xe8;
    let vista = guarda(&mondo, &browser, "latino.csv", &latino).await;
    vista.expect("windows-1252");
    let ostinata = browser
        .press(
            &vista.fill("Codifica dei caratteri", "UTF-8"),
            "Aggiorna anteprima",
        )
        .await;
    ostinata.expect("Alcuni caratteri non sono UTF-8");
    assert!(!ostinata.shows("Salva"));
    let come = browser
        .press(
            &ostinata.fill("Codifica dei caratteri", "windows-1252"),
            "Aggiorna anteprima",
        )
        .await;
    come.expect("LA-1").expect("Salva");
    // Words that no form offers.
    let url = format!("{}&decimale=x", come.url.path().to_owned() + "?nome=a.csv");
    assert_eq!(apri(&mondo, &browser, &url).await.status, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_choices_survive_the_question_about_the_same_bytes() {
    let mondo = Mondo::start().await;
    let browser = entra(&mondo, ADMIN).await;
    let csv = molte("DO", 1);
    let form = apri(&mondo, &browser, "/tracciati/nuovo").await;
    browser
        .press(&form.attach("File CSV", "prima.csv", &csv), "Salva")
        .await;
    attendi(&mondo, &browser, "prima.csv", "Caricamento OK").await;
    let vista = guarda(&mondo, &browser, "seconda.csv", &csv).await;
    let vista = vista
        .fill("Se ci sono righe errate", "RIGA_PER_RIGA")
        .fill("Forma delle date", "aaaa-mm-gg");
    let domanda = browser.press(&vista, "Solo prova").await;
    assert_eq!(domanda.status, 409);
    browser.press(&domanda, "Carica comunque").await;
    let dettaglio = attendi(&mondo, &browser, "seconda.csv", "La prova è riuscita").await;
    dettaglio
        .expect("Carica le righe buone")
        .expect("aaaa-mm-gg");
}
