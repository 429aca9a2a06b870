//! Own columns: what a mapping may say, and how rows are read through it.

use chrono::NaiveDate;

use super::*;
use crate::tracciato::{Layout, Riga};

const MAPPA: &str = r#"{
    "colonne": {"idPendenza": "Codice", "causale": "Oggetto", "importo": "Dovuto", "dataScadenza": "Scade il",
        "identificativoPagatore": "CF", "anagraficaPagatore": ["Cognome", "Nome"],
        "idVoce1": "Codice", "importoVoce1": "Dovuto", "descrizioneVoce1": "Oggetto"},
    "costanti": {"idA2A": "GESTIONALE", "idDominio": "12345678903", "tipoSoggettoPagatore": "F",
        "tipoPendenza": "TARI", "tipoEntrataVoce1": "TARI"},
    "decimale": ",", "data": "gg/mm/aaaa"}"#;

const TESTA: [&str; 8] = [
    "Codice",
    "CF",
    "Cognome",
    "Nome",
    " oggetto ",
    "Dovuto",
    "Scade il",
    "Note",
];

fn layout() -> Layout {
    let mappa = Mappa::parse(MAPPA).unwrap();
    let (layout, avvisi) = Layout::con_mappa(&TESTA, &mappa).unwrap();
    assert!(avvisi.is_empty());
    layout
}

#[test]
fn a_body_s_own_columns_become_a_pendenza() {
    let riga = [
        "A-1",
        "VRDGPP80A01H501U",
        "Verdi",
        "Giuseppe",
        "Rifiuti 2026",
        "1.234,50",
        "31/12/2030",
        "x",
    ];
    let letta = layout().leggi(&riga, NaiveDate::from_ymd_opt(2026, 1, 1).unwrap());
    let Some(Riga::Inserimento(p)) = letta.riga else {
        panic!("{:?}", letta.segnalazioni)
    };
    assert_eq!(p.importo.cents(), 123_450);
    assert_eq!(p.pagatore.anagrafica.as_str(), "Verdi Giuseppe");
    assert_eq!(p.id_dominio.as_str(), "12345678903");
    assert_eq!(p.data_scadenza, NaiveDate::from_ymd_opt(2030, 12, 31));
}

#[test]
fn the_values_of_a_row_are_those_of_the_mapping_even_when_wrong() {
    let riga = ["A-1", "?", "Verdi", "Giuseppe", "Rifiuti", "dodici"];
    let colonne = [
        Colonna::ID_PENDENZA,
        Colonna::ID_DOMINIO,
        Colonna::ANAGRAFICA,
        Colonna::IMPORTO,
        Colonna::DATA_SCADENZA,
    ];
    assert_eq!(
        layout().valori(&riga, &colonne),
        ["A-1", "12345678903", "Verdi Giuseppe", "dodici", ""]
    );
}

#[test]
fn faults_name_the_body_s_own_column() {
    let riga = [
        "A-1",
        "VRDGPP80A01H501U",
        "",
        "",
        "Rifiuti",
        "12.50.3",
        "2030-12-31",
    ];
    let letta = layout().leggi(&riga, NaiveDate::from_ymd_opt(2026, 1, 1).unwrap());
    let colonne: Vec<&str> = letta
        .segnalazioni
        .iter()
        .map(|s| s.colonna.as_str())
        .collect();
    assert_eq!(colonne, ["Dovuto", "Scade il", "Cognome + Nome", "Dovuto"]);
    assert!(
        letta.segnalazioni[1].suggerimento.contains("gg/mm/aaaa"),
        "{letta:?}"
    );
}

#[test]
fn a_missing_or_repeated_column_is_named() {
    let mappa = Mappa::parse(MAPPA).unwrap();
    let errori = Layout::con_mappa(&TESTA[1..], &mappa).unwrap_err();
    assert!(errori[0].problema.contains("«Codice»"), "{errori:?}");
    let mut doppia = TESTA;
    doppia[7] = "CF";
    let errori = Layout::con_mappa(&doppia, &mappa).unwrap_err();
    assert!(errori[0].problema.contains("2 e 8"), "{errori:?}");
}

#[test]
fn everything_wrong_with_a_mapping_is_told_at_once() {
    let errori = Mappa::parse(
        r#"{"colonne": {"idPendenza": "A", "imposto": "B", "causale": 0, "importo": [], "idDominio": "D"},
            "costanti": {"idDominio": "12345678903"}}"#,
    )
    .unwrap_err();
    for parola in [
        "«imposto»",
        "«causale»",
        "«importo»",
        "«idDominio» è sia",
        "«idA2A»",
        "prima voce",
    ] {
        assert!(
            errori.iter().any(|e| e.contains(parola)),
            "{parola}: {errori:?}"
        );
    }
    let senza = Mappa::parse(&MAPPA.replacen('{', r#"{"intestazione": false,"#, 1)).unwrap_err();
    assert!(senza.iter().any(|e| e.contains("per nome")), "{senza:?}");
    assert!(Mappa::parse("{").unwrap_err()[0].contains("riga 1"));
    assert!(Mappa::parse(r#"{"colonne": {}, "altro": 1}"#).is_err());
}

#[test]
fn a_mapping_survives_its_own_json() {
    let mappa = Mappa::parse(MAPPA).unwrap();
    let json = serde_json::to_string(&mappa).unwrap();
    assert_eq!(Mappa::parse(&json).unwrap(), mappa);
}
