//! GovPay's Backoffice operations on tracciati, as a client of GovPay uses them.

use std::io::{Cursor, Read as _};

use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use test_support::wait_until;
use zip::ZipArchive;

use crate::fixture::{Mondo, TESTA, VALTORBIDA, file, molte, riga};
use crate::json as tracciato_json;

const BASE: &str = "/govpay/backend/api/backoffice/rs/basic/v1/pendenze/tracciati";
const ENTE: &str = "12345678903";

/// Uploads a CSV for the first body; the answer.
async fn posta(mondo: &Mondo, csv: impl Into<Vec<u8>>) -> Value {
    posta_su(mondo, &format!("{BASE}/{ENTE}"), ("text/csv", csv.into())).await
}

async fn posta_su(mondo: &Mondo, path: &str, (tipo, corpo): (&str, Vec<u8>)) -> Value {
    let request = mondo.post(path).header("content-type", tipo);
    let answer = request.body(corpo).send().await.unwrap();
    assert_eq!(answer.status(), 201, "{path}");
    let location = answer.headers()["location"].to_str().unwrap().to_owned();
    let index: Value = answer.json().await.unwrap();
    assert_eq!(location, format!("{BASE}/{}", index["id"]));
    index
}

async fn attendi(mondo: &Mondo, id: &Value, stato: &str) -> Value {
    wait_until(&format!("tracciato {id} is {stato}"), || async {
        let vista = mondo.json(&format!("{BASE}/{id}")).await;
        match vista["stato"] == stato {
            true => Ok(vista),
            false => Err(vista.to_string()),
        }
    })
    .await
}

/// Status and fault of a request.
async fn guasto(request: reqwest::RequestBuilder) -> (u16, String, String) {
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    let fault: Value = answer.json().await.unwrap();
    assert!(
        fault["descrizione"].is_string() && fault["dettaglio"].is_string(),
        "{fault}"
    );
    let testo = |nome: &str| fault[nome].as_str().unwrap().to_owned();
    (status, testo("categoria"), testo("codice"))
}

async fn csv(mondo: &Mondo, path: &str) -> Vec<csv::StringRecord> {
    let answer = mondo
        .get(path)
        .header("accept", "text/csv")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200, "{path}");
    let bytes = answer.bytes().await.unwrap();
    let mut lettore = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(&bytes[..]);
    lettore.records().map(Result::unwrap).collect()
}

/// Names and contents of a ZIP.
async fn zip(mondo: &Mondo, path: &str) -> Vec<(String, String)> {
    let bytes = mondo.bytes(path).await;
    let mut archivio = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut file = vec![];
    for i in 0..archivio.len() {
        let mut uno = archivio.by_index(i).unwrap();
        let mut testo = String::new();
        uno.read_to_string(&mut testo).unwrap();
        file.push((uno.name().unwrap().into_owned(), testo));
    }
    file
}

#[tokio::test(flavor = "multi_thread")]
async fn a_csv_is_taken_named_and_told_under_both_spellings() {
    let mondo = Mondo::start().await;
    let bytes = molte("B", 2);
    let primo = posta(&mondo, bytes.clone()).await;
    assert_eq!(primo["nomeFile"], ENTE);
    // The timer may be quick.
    let stato = primo["stato"].as_str().unwrap();
    assert!(["IN_ATTESA", "IN_ELABORAZIONE"].contains(&stato), "{primo}");
    assert_eq!(primo["dominio"]["ragioneSociale"], "Comune di Valtorbida");
    let vista = attendi(&mondo, &primo["id"], "ESEGUITO").await;
    assert_eq!(vista["numeroOperazioniTotali"], 2);
    assert_eq!(vista["numeroOperazioniEseguite"], 2);
    assert_eq!(vista["numeroOperazioniFallite"], 0);
    assert_eq!(vista["stampaAvvisi"], true);
    assert_eq!(
        vista["contenuto"],
        json!({"idTracciato": primo["id"].to_string(), "idDominio": ENTE})
    );
    for campo in ["dataOraCaricamento", "dataOraUltimoAggiornamento"] {
        let data = vista[campo].as_str().unwrap();
        assert!(data.ends_with('Z') && data.len() >= 20, "{data}");
    }
    // The same bytes again, of a tipo pendenza, under the other spelling, with a name of their own.
    let altra = BASE.replace("govpay/backend/api/backoffice", "govpay-api-backoffice");
    let con_tipo = format!("{altra}/{ENTE}/TARI?stampaAvvisi=false");
    let secondo = posta_su(
        &mondo,
        &con_tipo,
        ("text/csv; charset=utf-8", bytes.clone()),
    )
    .await;
    assert_eq!(secondo["nomeFile"], format!("{ENTE}_TARI"));
    assert_eq!(secondo["stampaAvvisi"], false);
    attendi(&mondo, &secondo["id"], "ESEGUITO").await;
    let request = mondo
        .post(&format!("{altra}/{ENTE}"))
        .header("content-type", "text/csv");
    let nominato = request
        .header("X-GOVPAY-FILENAME", "tari 2026.csv")
        .body(bytes.clone());
    let nominato: Value = nominato.send().await.unwrap().json().await.unwrap();
    assert_eq!(nominato["nomeFile"], "tari 2026.csv");
    attendi(&mondo, &nominato["id"], "ESEGUITO").await;
    assert!(
        mondo.core.messe().values().all(|n| *n == 3),
        "the same file updates"
    );
    let richiesta = mondo
        .bytes(&format!("{altra}/{}/richiesta", primo["id"]))
        .await;
    assert_eq!(richiesta, bytes);
}

/// Uploads rows of every kind: good, blank, repeated, refused, wrong, an annulment; the id.
async fn misti(mondo: &Mondo) -> Value {
    mondo
        .core
        .rifiutate
        .lock()
        .unwrap()
        .insert("B-4".into(), "occupato".into());
    mondo
        .core
        .stati
        .lock()
        .unwrap()
        .insert("B-6".into(), "NON_ESEGUITA".into());
    let storta = riga("B-5").replace("VRDGPP80A01H501U", "");
    let annulla = riga("B-6").replacen("10,00", "0", 1);
    let righe = [
        riga("B-1"),
        String::new(),
        riga("B-1"),
        riga("B-4"),
        storta,
        annulla,
    ];
    let id = posta(mondo, file(&righe)).await["id"].clone();
    let vista = attendi(mondo, &id, "ESEGUITO_CON_ERRORI").await;
    assert_eq!(vista["numeroOperazioniTotali"], 6);
    assert_eq!(vista["numeroOperazioniEseguite"], 2);
    assert_eq!(vista["numeroOperazioniFallite"], 4);
    assert_eq!(mondo.core.messe()["B-1"], 1);
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_fail_one_by_one_and_each_says_what_became_of_it() {
    let mondo = Mondo::start().await;
    let id = misti(&mondo).await;
    let lista = mondo.json(&format!("{BASE}/{id}/operazioni")).await;
    let operazioni = lista["risultati"].as_array().unwrap();
    let in_breve: Vec<String> = operazioni
        .iter()
        .map(|o| format!("{} {} {}", o["numero"], o["tipoOperazione"], o["stato"]).replace('"', ""))
        .collect();
    let attese = [
        "1 ADD ESEGUITO",
        "2 NON_VALIDA NON_VALIDO",
        "3 NON_VALIDA NON_VALIDO",
        "4 ADD SCARTATO",
        "5 NON_VALIDA NON_VALIDO",
        "6 DEL ESEGUITO",
    ];
    assert_eq!(in_breve, attese);
    let (prima, quarta) = (&operazioni[0], &operazioni[3]);
    assert_eq!(prima["applicazione"], "GESTIONALE");
    assert_eq!(prima["identificativoPendenza"], "B-1");
    assert_eq!(prima["enteCreditore"]["idDominio"], ENTE);
    assert_eq!(prima["soggettoPagatore"]["anagrafica"], "Giuseppe Verdi");
    assert_eq!(
        prima["risposta"]["dati"]["numeroAvviso"],
        prima["numeroAvviso"]
    );
    assert!(
        operazioni[1]["descrizioneStato"]
            .as_str()
            .unwrap()
            .contains("vuota")
    );
    assert!(
        operazioni[2]["descrizioneStato"]
            .as_str()
            .unwrap()
            .contains("già alla riga 2")
    );
    let fault = json!({"categoria": "OPERAZIONE", "codice": "VER_023", "descrizione": "occupato"});
    assert_eq!(quarta["risposta"]["dati"], fault);
    assert_eq!(quarta["risposta"]["esito"], "ADD_KO");
}

#[tokio::test(flavor = "multi_thread")]
async fn failed_rows_of_the_csv_keep_what_can_be_read_of_them() {
    let mondo = Mondo::start().await;
    let id = misti(&mondo).await;
    let righe = csv(&mondo, &format!("{BASE}/{id}/esito")).await;
    let testa: Vec<&str> = righe[0].iter().collect();
    let nomi = "idA2A,idPendenza,idDominio,tipoPendenza,numeroAvviso,pdfAvviso,tipoSoggettoPagatore,identificativoPagatore,anagraficaPagatore,indirizzoPagatore,civicoPagatore,capPagatore,localitaPagatore,provinciaPagatore,nazionePagatore,emailPagatore,cellularePagatore,errore";
    assert_eq!(testa.join(","), nomi);
    assert_eq!(righe.len(), 7);
    let (buona, vuota, rifiutata, storta) = (&righe[1], &righe[2], &righe[4], &righe[5]);
    let numero = &buona[4];
    assert_eq!(numero.len(), 18);
    assert_eq!(
        (&buona[5], &buona[17]),
        (format!("{ENTE}_{numero}.pdf").as_str(), "")
    );
    assert!(vuota[0].is_empty() && vuota[17].contains("vuota"));
    assert_eq!(
        (&rifiutata[1], &rifiutata[8], &rifiutata[17]),
        ("B-4", "Giuseppe Verdi", "VER_023: occupato")
    );
    assert_eq!((&storta[1], &storta[3], &storta[7]), ("B-5", "TARI", ""));
    assert!(storta[17].contains("identificativoPagatore"), "{storta:?}");
    assert_eq!(&righe[6][17], "Pendenza annullata");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_json_of_a_csv_has_its_rows_in_two_lists() {
    let mondo = Mondo::start().await;
    let id = misti(&mondo).await;
    let request = mondo
        .get(&format!("{BASE}/{id}/esito"))
        .header("accept", "application/json");
    let esito: Value = request.send().await.unwrap().json().await.unwrap();
    assert_eq!(esito["stato"], "ESEGUITO_CON_ERRORI");
    let (add, del) = (
        &esito["esito"]["inserimenti"],
        &esito["esito"]["annullamenti"],
    );
    assert_eq!(
        (add.as_array().unwrap().len(), del.as_array().unwrap().len()),
        (5, 1)
    );
    assert_eq!(del[0]["numero"], 6);
    assert_eq!(del[0]["esito"], "DEL_OK");
    assert_eq!(add[1]["dati"]["codice"], "400000");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_file_is_thrown_away_and_a_header_alone_is_done() {
    let mondo = Mondo::start().await;
    let vuoto = posta(&mondo, "").await["id"].clone();
    let vista = attendi(&mondo, &vuoto, "SCARTATO").await;
    assert_eq!(vista["numeroOperazioniTotali"], 0);
    assert!(
        vista["descrizioneStato"]
            .as_str()
            .unwrap()
            .contains("non contiene righe")
    );
    for path in ["esito", "stampe"] {
        let detto = guasto(mondo.get(&format!("{BASE}/{vuoto}/{path}"))).await;
        assert_eq!(detto, (404, "OPERAZIONE".into(), "404000".into()), "{path}");
    }
    assert!(
        mondo
            .bytes(&format!("{BASE}/{vuoto}/richiesta"))
            .await
            .is_empty()
    );

    let testa = posta(&mondo, format!("{TESTA}\r\n")).await["id"].clone();
    let vista = attendi(&mondo, &testa, "ESEGUITO").await;
    assert_eq!(vista["numeroOperazioniTotali"], 0);
    assert_eq!(csv(&mondo, &format!("{BASE}/{testa}/esito")).await.len(), 1);
    let zip = zip(&mondo, &format!("{BASE}/{testa}/stampe")).await;
    assert_eq!(zip.len(), 1);
    assert!(zip[0].0 == "errore.txt" && zip[0].1.contains("non ha avvisi"));
    let lista = mondo.json(&format!("{BASE}/{testa}/operazioni")).await;
    assert_eq!(
        (&lista["numRisultati"], &lista["risultati"]),
        (&json!(0), &json!([]))
    );
}

const A: &str = "AUTORIZZAZIONE";
const R: &str = "RICHIESTA";
const O: &str = "OPERAZIONE";

/// What becomes of an upload to this place under the base path, of this type, by an operator of the
/// first body only.
const UPLOAD: [(&str, &str, u16, &str, &str); 8] = [
    ("/09876543217", "text/csv", 403, A, "403000"),
    ("/09876543217/SANZIONE", "text/csv", 403, A, "403000"),
    ("/123", "text/csv", 400, R, "400000"),
    ("/12345678903/SANZIONE", "text/csv", 422, O, "TVD_000"),
    ("/12345678903", "application/json", 415, R, "415000"),
    ("", "text/csv", 415, R, "415000"),
    ("", "application/json", 400, R, "400000"),
    (
        "/12345678903?stampaAvvisi=forse",
        "text/csv",
        400,
        R,
        "SINTASSI",
    ),
];

/// What becomes of a reading.
const LETTURE: [(&str, u16, &str, &str); 4] = [
    ("/12345", 404, O, "404000"),
    ("/abc", 400, R, "400000"),
    ("?pagina=0", 400, R, "400000"),
    ("?statoTracciatoPendenza=BOH", 400, R, "SINTASSI"),
];

#[tokio::test(flavor = "multi_thread")]
async fn refusals_are_faults_with_govpays_codes() {
    let mondo = Mondo::start().await;
    for (dove, tipo, status, categoria, codice) in UPLOAD {
        let request = mondo.post_as(VALTORBIDA, &format!("{BASE}{dove}"));
        let request = request.header("content-type", tipo).body(molte("B", 1));
        let atteso = (status, categoria.to_owned(), codice.to_owned());
        assert_eq!(guasto(request).await, atteso, "{dove} {tipo}");
    }
    for (dove, status, categoria, codice) in LETTURE {
        let atteso = (status, categoria.to_owned(), codice.to_owned());
        let detto = guasto(mondo.get(&format!("{BASE}{dove}"))).await;
        assert_eq!(detto, atteso, "{dove}");
    }
    let ignoto = mondo.post(&format!("{BASE}/99999999990"));
    let detto = guasto(ignoto.header("content-type", "text/csv")).await;
    assert_eq!(detto, (422, O.into(), "DOM_000".into()));
    let detto = guasto(mondo.get_as(("gpadmin", "sbagliata"), BASE)).await;
    assert_eq!(detto, (401, A.into(), "401000".into()));
    let id = posta(&mondo, molte("B", 1)).await["id"].clone();
    attendi(&mondo, &id, "ESEGUITO").await;
    let pdf = mondo
        .get(&format!("{BASE}/{id}/esito"))
        .header("accept", "application/pdf");
    assert_eq!(
        guasto(pdf).await,
        (406, "RICHIESTA".into(), "406000".into())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_json_tracciato_comes_back_with_its_content_and_its_outcome() {
    let mondo = Mondo::start().await;
    mondo
        .core
        .stati
        .lock()
        .unwrap()
        .insert("V".into(), "NON_ESEGUITA".into());
    let inserimenti = [
        tracciato_json::pendenza("J-1"),
        json!({"idA2A": "GESTIONALE"}),
    ];
    let testo = tracciato_json::file(&inserimenti, &[tracciato_json::annullamento("V")]);
    let json_ = ("application/json", testo.clone().into_bytes());
    let index = posta_su(&mondo, BASE, json_).await;
    assert_eq!(index["nomeFile"], "tracciato.json");
    let id = &index["id"];
    let vista = attendi(&mondo, id, "ESEGUITO_CON_ERRORI").await;
    assert_eq!(
        vista["contenuto"],
        serde_json::from_str::<Value>(&testo).unwrap()
    );
    let answer = mondo
        .get(&format!("{BASE}/{id}/richiesta"))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.headers()["content-type"], "application/json");
    // Any form will do: that of the tracciato.
    let tutto = mondo.json(&format!("{BASE}/{id}/esito")).await;
    let esito = &tutto["esito"];
    assert_eq!((&tutto["id"], &esito["idTracciato"]), (id, &json!("T-1")));
    let buono = &esito["inserimenti"][0];
    let numero = buono["dati"]["numeroAvviso"].as_str().unwrap();
    assert_eq!(
        *buono,
        json!({
            "idA2A": "GESTIONALE", "idPendenza": "J-1", "tipoOperazione": "ADD", "stato": "ESEGUITO",
            "esito": "ADD_OK", "descrizioneEsito": "Pendenza caricata", "numero": 1,
            "dati": {
                "stato": "Non pagato", "importo": 10.5, "idDominio": ENTE, "numeroAvviso": numero,
                "dataScadenza": "2030-12-31", "descrizione": "Tassa rifiuti",
                "qrcode": format!("PAGOPA|002|{numero}|{ENTE}|1000"),
                "barcode": format!("4158088888000017 8020{numero}39021000").replace(' ', ""),
            },
        })
    );
    let rotto = &esito["inserimenti"][1];
    assert_eq!(
        (&rotto["stato"], &rotto["esito"]),
        (&json!("NON_VALIDO"), &json!("400000"))
    );
    assert_eq!(rotto["dati"]["categoria"], "RICHIESTA");
    let annullato = &esito["annullamenti"][0];
    assert_eq!(
        (&annullato["numero"], &annullato["dati"]["stato"]),
        (&json!(3), &json!("Annullato"))
    );
    assert_eq!(csv(&mondo, &format!("{BASE}/{id}/esito")).await.len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_avvisi_are_a_zip_of_their_pdfs() {
    let mondo = Mondo::start().await;
    let form = |csv: Vec<u8>| {
        let part = Part::bytes(csv).file_name("tari.csv");
        Form::new().text("altro", "x").part("fileName", part)
    };
    let request = mondo
        .post(&format!("{BASE}/{ENTE}"))
        .multipart(form(molte("B", 9)));
    let index: Value = request.send().await.unwrap().json().await.unwrap();
    assert_eq!(index["nomeFile"], "tari.csv");
    let id = &index["id"];
    attendi(&mondo, id, "ESEGUITO").await;
    let righe = csv(&mondo, &format!("{BASE}/{id}/esito")).await;
    let nomi: Vec<&str> = righe[1..].iter().map(|r| &r[5]).collect();
    let stampe = zip(&mondo, &format!("{BASE}/{id}/stampe")).await;
    let trovati: Vec<&str> = stampe.iter().map(|(nome, _)| nome.as_str()).collect();
    assert_eq!(trovati, nomi);
    let numero = &righe[9][4];
    assert_eq!(stampe[8].1, format!("%PDF {ENTE} {numero}"));
    // One that the core does not print does not hold the others.
    mondo
        .core
        .rifiutate
        .lock()
        .unwrap()
        .insert(numero.to_owned(), String::new());
    let nostre = zip(&mondo, &format!("/api/v1/tracciati/{id}/avvisi")).await;
    assert_eq!(nostre.len(), 9);
    assert_eq!(nostre[..8], stampe[..8]);
    assert!(
        nostre[8].0 == "errore.txt" && nostre[8].1.contains(nomi[8]),
        "{:?}",
        nostre[8]
    );

    let senza = format!("{BASE}/{ENTE}?stampaAvvisi=false");
    let request = mondo.post(&senza).multipart(form(molte("C", 1)));
    let index: Value = request.send().await.unwrap().json().await.unwrap();
    attendi(&mondo, &index["id"], "ESEGUITO").await;
    let detto = guasto(mondo.get(&format!("{BASE}/{}/stampe", index["id"]))).await;
    assert_eq!(detto, (404, "OPERAZIONE".into(), "404000".into()));
    let nostre = mondo.get(&format!("/api/v1/tracciati/{}/avvisi", index["id"]));
    assert_eq!(nostre.send().await.unwrap().status(), 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_have_pages_counts_and_filters() {
    let mondo = Mondo::start().await;
    let mut ids = vec![];
    for i in 0..3 {
        ids.push(posta(&mondo, molte(&format!("L{i}"), 3)).await["id"].clone());
    }
    let vuoto = posta(&mondo, "").await["id"].clone();
    for id in &ids {
        attendi(&mondo, id, "ESEGUITO").await;
    }
    attendi(&mondo, &vuoto, "SCARTATO").await;
    let ids_di = |lista: &Value| -> Vec<Value> {
        lista["risultati"]
            .as_array()
            .unwrap()
            .iter()
            .map(|t| t["id"].clone())
            .collect()
    };
    let prima = mondo
        .json(&format!(
            "{BASE}?risultatiPerPagina=3&idDominio={ENTE}&statoTracciatoPendenza=ESEGUITO"
        ))
        .await;
    assert_eq!(
        ids_di(&prima),
        [ids[2].clone(), ids[1].clone(), ids[0].clone()]
    );
    assert!(prima.get("prossimiRisultati").is_none());
    let lista = mondo.json(&format!("{BASE}?risultatiPerPagina=3")).await;
    assert_eq!(
        (
            &lista["numRisultati"],
            &lista["numPagine"],
            &lista["pagina"],
            &lista["risultatiPerPagina"],
            &lista["maxRisultati"]
        ),
        (&json!(4), &json!(2), &json!(1), &json!(3), &json!(10000))
    );
    let resto = mondo
        .json(lista["prossimiRisultati"].as_str().unwrap())
        .await;
    assert_eq!(
        (ids_di(&resto), &resto["pagina"]),
        (vec![ids[0].clone()], &json!(2))
    );
    let senza = mondo
        .json(&format!(
            "{BASE}?metadatiPaginazione=false&statoTracciatoPendenza=SCARTATO"
        ))
        .await;
    assert_eq!(ids_di(&senza), [vuoto]);
    assert!(senza.get("numRisultati").is_none() && senza.get("maxRisultati").is_none());
    let stampa = mondo
        .json(&format!(
            "{BASE}?statoTracciatoPendenza=ELABORAZIONE_STAMPA"
        ))
        .await;
    assert_eq!(stampa["numRisultati"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn operations_have_pages() {
    let mondo = Mondo::start().await;
    let id = posta(&mondo, molte("L", 3)).await["id"].clone();
    attendi(&mondo, &id, "ESEGUITO").await;
    let operazioni = format!("{BASE}/{id}/operazioni?risultatiPerPagina=2");
    let lista = mondo.json(&operazioni).await;
    assert_eq!(
        (
            &lista["numRisultati"],
            lista["risultati"].as_array().unwrap().len()
        ),
        (&json!(3), 2)
    );
    let resto = mondo
        .json(lista["prossimiRisultati"].as_str().unwrap())
        .await;
    assert_eq!(resto["risultati"][0]["numero"], 3);
    assert!(resto.get("prossimiRisultati").is_none());
}
