//! A file is looked at, its reading corrected, its columns mapped, before anything is loaded.

use serde_json::Value;

use crate::fixture::{ADMIN, Mondo, VALTORBIDA, molte, riga};
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
    let file = crate::fixture::file(&[ambigua]);
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

const MAPPA: &str = r#"{"colonne": {"idPendenza": "Codice", "causale": "Oggetto", "importo": "Dovuto",
    "identificativoPagatore": "CF", "anagraficaPagatore": ["Cognome", "Nome"], "idVoce1": "Codice", "importoVoce1": "Dovuto",
    "descrizioneVoce1": "Oggetto"},
    "costanti": {"idA2A": "GESTIONALE", "idDominio": "12345678903", "tipoPendenza": "TARI", "tipoSoggettoPagatore": "F", "tipoEntrataVoce1": "TARI"},
    "decimale": ","}"#;

const PROPRIO: &str = "Codice;CF;Cognome;Nome;Oggetto;Dovuto\r\nX-1;VRDGPP80A01H501U;Verdi;Giuseppe;Rifiuti;1.234,50\r\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_body_s_own_columns_are_kept_tried_and_used() {
    let mondo = Mondo::start().await;
    let browser = entra(&mondo, ADMIN).await;
    let form = apri(&mondo, &browser, "/mappe/nuova").await;
    let sbagliata = form
        .clone()
        .fill("Tipo di pendenza", "TARI")
        .fill("Mappa (JSON)", r#"{"colonne": {"imposto": "X"}}"#);
    let vista = browser.press(&sbagliata, "Salva").await;
    assert_eq!(vista.status, 422);
    vista
        .expect("«imposto» non è un campo")
        .expect("manca il campo obbligatorio");
    let giusta = form
        .fill("Tipo di pendenza", "TARI")
        .fill("Mappa (JSON)", MAPPA)
        .fill("Campione", PROPRIO);
    let provata = browser.press(&giusta, "Prova sul campione").await;
    provata.expect("1 righe valide su 1").expect("X-1");
    let elenco = browser.press(&provata, "Salva").await;
    elenco.expect("Il formato è stato salvato").expect("TARI");
    let form = apri(&mondo, &browser, "/tracciati/nuovo").await;
    let form = form
        .attach("File CSV", "proprio.csv", PROPRIO.as_bytes())
        .fill("Formato delle colonne", "12345678903/TARI");
    browser.press(&form, "Salva").await;
    let dettaglio = attendi(&mondo, &browser, "proprio.csv", "Caricamento OK").await;
    dettaglio
        .expect("Colonne proprie dell'ente")
        .expect("1.234,50");
    let corpi = mondo.core.corpi.lock().unwrap().clone();
    assert_eq!(corpi[0]["soggettoPagatore"]["anagrafica"], "Verdi Giuseppe");
    browser
        .press(&apri(&mondo, &browser, "/mappe").await, "Togli")
        .await
        .expect("Il formato è stato tolto");
}

#[tokio::test(flavor = "multi_thread")]
async fn own_columns_by_api_are_those_of_the_operator_s_bodies() {
    let mondo = Mondo::start().await;
    let http = reqwest::Client::new();
    let call = |method: reqwest::Method,
                path: &str,
                chi: (&'static str, &'static str),
                body: &'static str| {
        let url = format!("{}/api/v1/mappe{path}", mondo.url);
        let request = http
            .request(method, url)
            .basic_auth(chi.0, Some(chi.1))
            .body(body);
        async move {
            let answer = request.send().await.unwrap();
            let status = answer.status().as_u16();
            (status, answer.json::<Value>().await.unwrap_or_default())
        }
    };
    let put = reqwest::Method::PUT;
    let (status, problema) = call(put.clone(), "/09876543217/SANZIONE", VALTORBIDA, MAPPA).await;
    assert_eq!(
        (status, &problema["code"]),
        (422, &"MAPPA_NON_AMMESSA".into())
    );
    let (status, problema) = call(put.clone(), "/12345678903/TARI", VALTORBIDA, "{}").await;
    assert_eq!(
        (status, &problema["code"]),
        (422, &"MAPPA_NON_VALIDA".into())
    );
    let (status, vista) = call(put, "/12345678903/TARI", VALTORBIDA, MAPPA).await;
    assert_eq!((status, &vista["mappa"]["decimale"]), (200, &",".into()));
    let (status, prova) = call(
        reqwest::Method::POST,
        "/12345678903/TARI/prova",
        VALTORBIDA,
        PROPRIO,
    )
    .await;
    assert_eq!((status, &prova["valide"]), (200, &1.into()));
    let path = "/api/v1/tracciati?nome=proprio.csv&mappa=12345678903/TARI";
    let answer = mondo.post(path).body(PROPRIO).send().await.unwrap();
    let id = answer.json::<Value>().await.unwrap()["id"]
        .as_i64()
        .unwrap();
    mondo.attendi(id, "CARICAMENTO_OK").await;
    let (status, _) = call(reqwest::Method::DELETE, "/12345678903/TARI", VALTORBIDA, "").await;
    assert_eq!(status, 204);
    let answer = mondo
        .post("/api/v1/tracciati?mappa=12345678903/TARI")
        .body(PROPRIO)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 422);
}
