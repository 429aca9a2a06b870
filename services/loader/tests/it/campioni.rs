//! The files of `samples/`: the good one that is generated, and one per kind of error.

use reqwest::multipart::{Form, Part};
use serde_json::Value;

use crate::fixture::Mondo;

#[path = "../../examples/genera-tracciato/righe.rs"]
mod righe;

const MILLE: &str = include_str!("../../../../samples/mille-righe.csv");

macro_rules! errore {
    ($nome:literal) => {
        include_bytes!(concat!("../../../../samples/errori/", $nome)).as_slice()
    };
}

#[test]
fn the_thousand_rows_are_those_of_the_generator() {
    assert_eq!(righe::tracciato(1000, 7), MILLE);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_rows_load_each_once() {
    let mondo = Mondo::start().await;
    let id = mondo.carica("mille-righe.csv", MILLE).await;
    let vista = mondo.attendi(id, "CARICAMENTO_OK").await;
    assert_eq!(vista["righeCaricate"], 1000);
    let messe = mondo.core.messe();
    assert_eq!(messe.len(), 1000);
    assert!(messe.values().all(|n| *n == 1));
}

/// What each wrong file must say: line, column, a word of the problem.
type Attesi = &'static [(i64, &'static str, &'static str)];

const FILE: [(&str, &[u8], Attesi); 11] = [
    (
        "colonne-mancanti.csv",
        errore!("colonne-mancanti.csv"),
        &[(1, "causale", "manca la colonna causale; trovate: idA2A")],
    ),
    (
        "colonna-ripetuta.csv",
        errore!("colonna-ripetuta.csv"),
        &[(1, "importo", "in posizione 6 e 15")],
    ),
    (
        "campi-di-troppo.csv",
        errore!("campi-di-troppo.csv"),
        &[(3, "", "15 campi, ne sono attesi 14")],
    ),
    (
        "virgolette-aperte.csv",
        errore!("virgolette-aperte.csv"),
        &[(3, "", "virgolette")],
    ),
    (
        "importi.csv",
        errore!("importi.csv"),
        &[
            (2, "importo", "ambiguo"),
            (2, "importoVoce1", "ambiguo"),
            (3, "importo", "negativo"),
            (4, "importo", "manca"),
            (5, "importo", "spazio"),
            (6, "importo", "notazione scientifica"),
        ],
    ),
    (
        "somma-voci.csv",
        errore!("somma-voci.csv"),
        &[(2, "importo", "29.99, il totale è 30.00")],
    ),
    (
        "date.csv",
        errore!("date.csv"),
        &[
            (2, "dataScadenza", "non esiste"),
            (3, "dataScadenza", "non esiste"),
            (4, "dataScadenza", "numero di giorni"),
        ],
    ),
    (
        "codici-fiscali.csv",
        errore!("codici-fiscali.csv"),
        &[
            (2, "identificativoPagatore", "ultimo carattere"),
            (3, "identificativoPagatore", "notazione scientifica"),
            (4, "identificativoPagatore", "11 cifre"),
        ],
    ),
    (
        "ente-sconosciuto.csv",
        errore!("ente-sconosciuto.csv"),
        &[
            (2, "idDominio", "non esiste"),
            (3, "idA2A", "non esiste"),
            (4, "tipoPendenza", "non esiste"),
        ],
    ),
    (
        "righe-doppie.csv",
        errore!("righe-doppie.csv"),
        &[(4, "idPendenza", "già alla riga 2")],
    ),
    (
        "codifica.csv",
        errore!("codifica.csv"),
        &[(3, "anagraficaPagatore", "carattere 6 (U+0081)")],
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn b007_b011_b012_b015_b022_b033_b088_b094_every_wrong_file_says_line_column_and_rule_and_loads_nothing()
 {
    let mondo = Mondo::start().await;
    for (nome, bytes, attesi) in FILE {
        let id = mondo.carica(nome, bytes).await;
        let vista = mondo.attendi(id, "VALIDAZIONE_KO").await;
        assert!(!vista["motivo"].as_str().unwrap().is_empty(), "{nome}");
        let errori = mondo.errori(id).await;
        assert_eq!(errori.len(), attesi.len(), "{nome}: {errori:#?}");
        for ((riga, colonna, problema), (r, c, p)) in errori.iter().zip(attesi) {
            assert_eq!((riga, colonna.as_str()), (r, *c), "{nome}: {problema}");
            assert!(problema.contains(p), "{nome}: {problema}");
        }
        let csv = mondo.bytes(&format!("/api/v1/tracciati/{id}/errori")).await;
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(b';')
            .from_reader(csv.as_slice());
        assert_eq!(reader.records().count(), errori.len(), "{nome}");
    }
    assert!(mondo.core.messe().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn b004_files_that_are_not_tracciati_are_refused_at_once_and_nothing_is_kept() {
    let mondo = Mondo::start().await;
    for (nome, bytes, codice) in [
        ("non-csv.csv", errore!("non-csv.csv"), "NON_CSV"),
        ("vuoto.csv", errore!("vuoto.csv"), "FILE_VUOTO"),
        (
            "solo-intestazione.csv",
            errore!("solo-intestazione.csv"),
            "SOLO_INTESTAZIONE",
        ),
    ] {
        let part = Part::bytes(bytes).file_name(nome);
        let form = Form::new().part("file", part);
        let answer = mondo
            .post("/api/v1/tracciati")
            .multipart(form)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 422, "{nome}");
        let problema: Value = answer.json().await.unwrap();
        assert_eq!(problema["code"], codice, "{problema}");
    }
    assert_eq!(
        mondo.json("/api/v1/tracciati").await["tracciati"],
        serde_json::json!([])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn personal_values_do_not_leave_the_file() {
    let mondo = Mondo::start().await;
    let id = mondo.carica("cf.csv", errore!("codici-fiscali.csv")).await;
    mondo.attendi(id, "VALIDAZIONE_KO").await;
    let segnalazioni = mondo
        .json(&format!("/api/v1/tracciati/{id}/segnalazioni"))
        .await
        .to_string();
    assert!(!segnalazioni.contains("VRDGPP80A01"), "{segnalazioni}");
}
