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
