//! The own columns of a body: kept, tried on a sample, used; by page and by API.

use serde_json::Value;

use crate::fixture::{ADMIN, Mondo, VALTORBIDA};
use crate::pagine::{apri, attendi, entra};

const MAPPA: &str = r#"{"colonne": {"idPendenza": "Codice", "causale": "Oggetto", "importo": "Dovuto",
    "identificativoPagatore": "CF", "anagraficaPagatore": ["Cognome", "Nome"], "idVoce1": "Codice", "importoVoce1": "Dovuto",
    "descrizioneVoce1": "Oggetto"},
    "costanti": {"idA2A": "GESTIONALE", "idDominio": "12345678903", "tipoPendenza": "TARI", "tipoSoggettoPagatore": "F", "tipoEntrataVoce1": "TARI"},
    "decimale": ","}"#;

const PROPRIO: &str = "Codice;CF;Cognome;Nome;Oggetto;Dovuto\r\nX-1;VRDGPP80A01H501U;Verdi;Giuseppe;Rifiuti;1.234,50\r\n";

const CAMPIONE: &[u8] = include_bytes!("../../../../samples/colonne-proprie.csv");

#[tokio::test(flavor = "multi_thread")]
async fn a_body_s_own_columns_are_kept_and_used() {
    let mondo = Mondo::start().await;
    let browser = entra(&mondo, ADMIN).await;
    apri(&mondo, &browser, "/mappe")
        .await
        .expect("Non c'è ancora nessun formato proprio");
    let form = apri(&mondo, &browser, "/mappe/nuova").await;
    let form = form.fill("Ente e tipo di pendenza", "12345678903/TARI");
    let sbagliata = form
        .clone()
        .fill("Mappa (JSON)", r#"{"colonne": {"imposto": "X"}}"#);
    let vista = browser.press(&sbagliata, "Salva").await;
    assert_eq!(vista.status, 422);
    vista
        .expect("«imposto» non è un campo")
        .expect("manca il campo obbligatorio «importo»");
    let elenco = browser
        .press(&form.fill("Mappa (JSON)", MAPPA), "Salva")
        .await;
    elenco.expect("Il formato è stato salvato").expect("TARI");
    let form = apri(&mondo, &browser, "/tracciati/nuovo").await;
    let form = form
        .attach("File CSV", "proprio.csv", PROPRIO.as_bytes())
        .fill("Formato delle colonne", "12345678903/TARI");
    browser
        .press(&form, "Anteprima")
        .await
        .expect("Verdi Giuseppe")
        .expect("12345678903");
    browser.press(&form, "Salva").await;
    let dettaglio = attendi(&mondo, &browser, "proprio.csv", "Caricamento OK").await;
    dettaglio
        .expect("Colonne proprie dell'ente")
        .expect("\"Dovuto\"")
        .expect("1.234,50");
    let corpi = mondo.core.corpi.lock().unwrap().clone();
    assert_eq!(corpi[0]["soggettoPagatore"]["anagrafica"], "Verdi Giuseppe");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kept_mapping_is_changed_on_purpose_and_removed_after_a_question() {
    let mondo = Mondo::start().await;
    let browser = entra(&mondo, ADMIN).await;
    let nuova = apri(&mondo, &browser, "/mappe/nuova").await;
    let nuova = nuova
        .fill("Ente e tipo di pendenza", "12345678903/TARI")
        .fill("Mappa (JSON)", MAPPA);
    browser.press(&nuova, "Salva").await;
    let ancora = browser.press(&nuova, "Salva").await;
    assert_eq!(ancora.status, 422);
    ancora.expect("C'è già un formato per questo ente");
    let elenco = apri(&mondo, &browser, "/mappe").await;
    let modifica = browser.click(&elenco, "TARI").await;
    modifica.expect("Comune di Valtorbida, TARI");
    let cambiata = MAPPA.replace("\"Dovuto\"", "\"Totale\"");
    let elenco = browser
        .press(&modifica.fill("Mappa (JSON)", &cambiata), "Salva")
        .await;
    let modifica = browser.click(&elenco, "TARI").await;
    modifica.expect("Totale");
    let domanda = browser.click(&elenco, "Togli").await;
    domanda.expect("Vuoi togliere il formato di Comune di Valtorbida per il tipo TARI?");
    // Nothing happens until it is confirmed.
    let elenco = browser.click(&domanda, "Annulla").await;
    elenco.expect("TARI");
    browser
        .press(&domanda, "Togli il formato")
        .await
        .expect("Il formato è stato tolto")
        .expect("Non c'è ancora nessun formato proprio");
    assert_eq!(
        browser.press(&domanda, "Togli il formato").await.status,
        404
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mapping_is_tried_on_a_sample_that_is_kept_nowhere() {
    let mondo = Mondo::start().await;
    let browser = entra(&mondo, ADMIN).await;
    // The example of the page, with its own file.
    let form = apri(&mondo, &browser, "/mappe/nuova").await;
    let senza = browser.press(&form, "Prova su un campione").await;
    assert_eq!(senza.status, 422);
    senza.expect("Scegli un file, o incolla qualche riga");
    let provata = form.clone().attach("File del campione", "c.csv", CAMPIONE);
    let provata = browser.press(&provata, "Prova su un campione").await;
    provata
        .expect("2 righe valide su 2")
        .expect("Giuseppe Verdi")
        .expect("1.234,00");
    // The same sample, without choosing it again, with another mapping.
    let storta = MAPPA.replace("\"CF\"", "\"Codice fiscale\"");
    let ancora = browser
        .press(
            &provata.fill("Mappa (JSON)", &storta.replace("Dovuto", "Importo")),
            "Prova su un campione",
        )
        .await;
    ancora.expect("manca la colonna «Importo»");
    // Pasted lines with a wrong amount.
    let incollata = form.clone().fill("Mappa (JSON)", MAPPA).fill(
        "Oppure incolla qui le prime righe",
        &PROPRIO.replace("1.234,50", "tanti"),
    );
    let incollata = browser.press(&incollata, "Prova su un campione").await;
    incollata.expect("0 righe valide su una").expect("tanti");
    let enorme = vec![b'x'; 1024 * 1024 + 1];
    let enorme = form.attach("File del campione", "e.csv", &enorme);
    let enorme = browser.press(&enorme, "Prova su un campione").await;
    assert_eq!(enorme.status, 422);
    enorme.expect("Il campione supera 1 MiB");
    apri(&mondo, &browser, "/mappe")
        .await
        .expect("Non c'è ancora nessun formato proprio");
    apri(&mondo, &browser, "/tracciati")
        .await
        .expect("Qui vedrai i tracciati caricati");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_sees_and_keeps_the_mappings_of_the_own_bodies_only() {
    let mondo = Mondo::start().await;
    let admin = entra(&mondo, ADMIN).await;
    let nuova = apri(&mondo, &admin, "/mappe/nuova").await;
    let nuova = nuova
        .fill("Ente e tipo di pendenza", "09876543217/SANZIONE")
        .fill("Mappa (JSON)", MAPPA);
    let altrui = admin.press(&nuova, "Salva").await;
    assert_eq!(altrui.status, 422);
    altrui
        .expect("La mappa ha 2 errori")
        .expect("la costante «idDominio» vale «12345678903»")
        .expect("la costante «tipoPendenza» vale «TARI»");
    let sua = MAPPA.replace("12345678903", "09876543217").replace(
        "\"tipoPendenza\": \"TARI\"",
        "\"tipoPendenza\": \"SANZIONE\"",
    );
    let nuova = nuova.fill("Mappa (JSON)", &sua);
    assert_eq!(admin.press(&nuova, "Salva").await.status, 200);
    let suo = entra(&mondo, VALTORBIDA).await;
    apri(&mondo, &suo, "/mappe")
        .await
        .expect("Non c'è ancora nessun formato proprio");
    for path in ["", "/togli"] {
        let path = format!("/mappe/09876543217/SANZIONE{path}");
        assert_eq!(apri(&mondo, &suo, &path).await.status, 404, "{path}");
    }
    let form = apri(&mondo, &suo, "/mappe/nuova").await;
    assert!(!form.shows("SANZIONE"));
    let form = form.fill("Ente e tipo di pendenza", "09876543217/SANZIONE");
    let rifiutata = suo.press(&form, "Salva").await;
    assert_eq!(rifiutata.status, 422);
    rifiutata.expect("non sei abilitato");
    let form = apri(&mondo, &suo, "/tracciati/nuovo").await;
    assert!(!form.shows("SANZIONE"));
    let form = form
        .attach("File CSV", "altrui.csv", PROPRIO.as_bytes())
        .fill("Formato delle colonne", "09876543217/SANZIONE");
    let rifiutata = suo.press(&form, "Salva").await;
    assert_eq!(rifiutata.status, 422);
    rifiutata.expect("Questo formato non c'è più, oppure non puoi usarlo");
}

#[tokio::test(flavor = "multi_thread")]
async fn own_columns_by_api_are_those_of_the_operator_s_bodies() {
    let mondo = Mondo::start().await;
    let http = platform::http::client(std::time::Duration::from_secs(30)).unwrap();
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
    let (status, problema) = call(put.clone(), "/12345678903/MENSA", VALTORBIDA, MAPPA).await;
    assert_eq!(status, 422);
    let detail = problema["detail"].as_str().unwrap();
    assert!(
        detail.contains("«tipoPendenza» vale «TARI»") && detail.contains("scrivi «MENSA»"),
        "{detail}"
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
    assert_eq!(prova["campi"][2], "anagraficaPagatore");
    assert_eq!(prova["prime"][0]["riga"], 2);
    assert_eq!(prova["prime"][0]["valori"][2], "Verdi Giuseppe");
    let enorme = mondo
        .post("/api/v1/mappe/12345678903/TARI/prova")
        .body(vec![b'x'; 1024 * 1024 + 1])
        .send()
        .await
        .unwrap();
    assert_eq!(enorme.status(), 413);
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

/// The same columns, in a file without header.
const POSIZIONI: &str = r#"{"colonne": {"idPendenza": 1, "identificativoPagatore": 2, "anagraficaPagatore": [3, 4], "causale": 5,
    "importo": 6, "idVoce1": 1, "importoVoce1": 6, "descrizioneVoce1": 5},
    "costanti": {"idA2A": "GESTIONALE", "idDominio": "12345678903", "tipoPendenza": "TARI", "tipoSoggettoPagatore": "F", "tipoEntrataVoce1": "TARI"},
    "intestazione": false, "decimale": ","}"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_single_row_without_header_is_a_row_when_the_mapping_says_so() {
    let mondo = Mondo::start().await;
    let (testa, riga) = PROPRIO.split_once("\r\n").unwrap();
    let browser = entra(&mondo, ADMIN).await;
    let form = apri(&mondo, &browser, "/mappe/nuova").await;
    let form = form.fill("Ente e tipo di pendenza", "12345678903/TARI");
    let form = form.fill("Mappa (JSON)", POSIZIONI);
    let campione = form
        .clone()
        .fill("Oppure incolla qui le prime righe", riga.trim_end());
    browser
        .press(&campione, "Prova su un campione")
        .await
        .expect("Una riga valida su una")
        .expect("Verdi Giuseppe");
    browser.press(&form, "Salva").await;

    let nuovo = apri(&mondo, &browser, "/tracciati/nuovo").await;
    let nuovo = nuovo
        .attach("File CSV", "una.csv", riga.as_bytes())
        .fill("Formato delle colonne", "12345678903/TARI");
    browser
        .press(&nuovo, "Anteprima")
        .await
        .expect("Verdi Giuseppe");
    browser.press(&nuovo, "Salva").await;
    attendi(&mondo, &browser, "una.csv", "Caricamento OK").await;
    assert_eq!(mondo.core.messe()["X-1"], 1);

    // Without the mapping the line is not known, and is no row.
    let nuovo = apri(&mondo, &browser, "/tracciati/nuovo").await;
    let nuovo = nuovo.attach("File CSV", "ignota.csv", testa.as_bytes());
    let rifiutata = browser.press(&nuovo, "Salva").await;
    assert_eq!(rifiutata.status, 422);
    rifiutata.expect("solo l'intestazione");
}
