//! From a file to pendenze, and back as an elaborato.

use std::time::Duration;

use serde_json::json;
use test_support::servers::TestDatabase;
use test_support::wait_until;

use crate::fixture::{Mondo, Opzioni, TESTA, file, molte, riga};

const CINQUE: &[u8] = include_bytes!("../../../../samples/cinque-righe.csv");

#[tokio::test(flavor = "multi_thread")]
async fn five_rows_become_pendenze_and_come_back_with_their_codes() {
    let mondo = Mondo::start().await;
    let id = mondo.carica("cinque-righe.csv", CINQUE).await;
    let vista = mondo.attendi(id, "CARICAMENTO_OK").await;
    assert_eq!(
        (
            &vista["righe"],
            &vista["righeCaricate"],
            &vista["righeInErrore"]
        ),
        (&json!(5), &json!(5), &json!(0))
    );
    assert_eq!(vista["importoTotale"], "1530.89");
    assert_eq!(vista["formato"], "STANDARD_87");
    assert_eq!(
        mondo
            .bytes(&format!("/api/v1/tracciati/{id}/originale"))
            .await,
        CINQUE
    );

    let elaborato = mondo
        .bytes(&format!("/api/v1/tracciati/{id}/elaborato"))
        .await;
    let mut reader = csv::Reader::from_reader(elaborato.as_slice());
    let testa = reader.headers().unwrap().clone();
    let aggiunte: Vec<&str> = testa.iter().skip(38).collect();
    assert_eq!(
        aggiunte,
        [
            "esito",
            "errore",
            "IUV",
            "numeroAvvisoAssegnato",
            "QR",
            "barcode"
        ]
    );
    let originali: Vec<csv::StringRecord> = csv::Reader::from_reader(CINQUE)
        .records()
        .map(Result::unwrap)
        .collect();
    let righe: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(righe.len(), 5);
    for (riga, originale) in righe.iter().zip(&originali) {
        let telefono = 19;
        for i in (0..38).filter(|i| *i != telefono) {
            assert_eq!(riga[i], originale[i], "the original cells, in order");
        }
        assert_eq!((&riga[38], &riga[39]), ("ADD_OK", ""));
        assert_eq!(riga[41][1..], riga[40], "aux digit 3: the IUV is the rest");
        assert_eq!(
            riga[42],
            format!("PAGOPA|002|{}|{}|1000", &riga[41], &riga[2])
        );
        assert!(riga[43].starts_with("415"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_state_is_announced_once_and_in_order() {
    let mondo = Mondo::start().await;
    let id = mondo.carica("cinque-righe.csv", CINQUE).await;
    let sentite = || async {
        let stati = mondo.sentite.stati(id);
        if stati.last().is_some_and(|s| s == "CARICAMENTO_OK") {
            Ok(stati)
        } else {
            Err(format!("{stati:?}"))
        }
    };
    assert_eq!(
        wait_until("the events arrive", sentite).await,
        [
            "NUOVO",
            "IN_VALIDAZIONE",
            "VALIDAZIONE_OK",
            "IN_CARICAMENTO",
            "CARICAMENTO_OK"
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_on_postgresql() {
    let database = TestDatabase::create();
    let mut mondo = Mondo::start_with(Opzioni {
        database: Some(database.url.clone()),
        ..Opzioni::default()
    })
    .await;
    let id = mondo.carica("due.csv", molte("PG", 2)).await;
    mondo.attendi(id, "CARICAMENTO_OK").await;
    let lista = mondo
        .json("/api/v1/tracciati?nome=DU&stato=CARICAMENTO_OK&idDominio=12345678903")
        .await;
    assert_eq!(lista["tracciati"][0]["id"], id);
    mondo.spegni().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_core_receives_is_what_the_row_says() {
    let mondo = Mondo::start().await;
    let id = mondo.carica("cinque.csv", CINQUE).await;
    mondo.attendi(id, "CARICAMENTO_OK").await;
    let corpi = mondo.core.corpi.lock().unwrap().clone();
    let corpo = |causale: &str| {
        corpi
            .iter()
            .find(|c| c["causale"].as_str().unwrap().contains(causale))
            .unwrap()
    };
    let tassa = corpo("rata unica");
    assert_eq!(tassa["importo"].to_string(), "128.4");
    assert_eq!(
        tassa["soggettoPagatore"]["identificativo"],
        "VRDGPP80A01H501U"
    );
    assert_eq!(tassa["soggettoPagatore"]["cellulare"], "+39 333-0000001");
    assert_eq!(tassa["voci"].as_array().unwrap().len(), 2);
    let canone = corpo("Štefana");
    assert_eq!(
        canone["soggettoPagatore"]["anagrafica"], "Jože Černe",
        "b040"
    );
    assert_eq!(
        canone["voci"][0]["ibanAccredito"],
        "IT71E5432103200000000777001"
    );
    assert_eq!(
        corpo("attività")["soggettoPagatore"]["anagrafica"],
        "Ditta \"Il Sole\" di Neri"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn b001_b035_the_elaborato_has_one_line_per_row_and_no_formulas() {
    let mondo = Mondo::start().await;
    let strana = riga("F-1")
        .replace("Tassa rifiuti", "=cmd|'/c calc'!A1")
        .replace("Quota", "\"Mensa; turno \"\"A\"\"\"");
    let csv = format!("{TESTA}\r\n{strana}\r\n\r\n{}\r\n\r\n", riga("F-2"));
    let id = mondo.carica("formule.csv", csv).await;
    mondo.attendi(id, "CARICAMENTO_OK").await;
    let elaborato = mondo
        .bytes(&format!("/api/v1/tracciati/{id}/elaborato"))
        .await;
    let testo = String::from_utf8(elaborato).unwrap();
    let righe: Vec<&str> = testo.split("\r\n").collect();
    assert_eq!(righe.len(), 4, "header, two rows, the end: {testo}");
    assert_eq!(
        righe[0],
        format!("{TESTA};esito;errore;IUV;numeroAvviso;QR;barcode")
    );
    assert!(
        righe[1].starts_with("GESTIONALE;F-1;12345678903;TARI;'=cmd|'/c calc'!A1;10,00;2030-12-31;F;VRDGPP80A01H501U;Giuseppe Verdi;V1;10,00;\"Mensa; turno \"\"A\"\"\";TARI;ADD_OK;;0"),
        "{}",
        righe[1]
    );
    let grezzo = mondo
        .bytes(&format!(
            "/api/v1/tracciati/{id}/elaborato?grezzo=true&bom=true"
        ))
        .await;
    assert!(grezzo.starts_with(b"\xef\xbb\xbfidA2A"), "b039");
    assert!(String::from_utf8(grezzo).unwrap().contains(";=cmd"));
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_the_core_refuses_are_told_and_the_good_ones_stay() {
    let mondo = Mondo::start().await;
    let motivo = "IBAN non censito".to_owned();
    mondo
        .core
        .rifiutate
        .lock()
        .unwrap()
        .insert("R-2".into(), motivo);
    let id = mondo.carica("tre.csv", molte("R", 3)).await;
    let vista = mondo.attendi(id, "CARICAMENTO_KO").await;
    assert_eq!(
        (&vista["righeCaricate"], &vista["righeInErrore"]),
        (&json!(2), &json!(1))
    );
    assert!(
        vista["motivo"].as_str().unwrap().contains("1 su 3"),
        "{vista}"
    );
    let righe = mondo.json(&format!("/api/v1/tracciati/{id}/righe")).await;
    let esiti: Vec<&str> = righe
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["esito"].as_str().unwrap())
        .collect();
    assert_eq!(esiti, ["ADD_OK", "ADD_KO", "ADD_OK"]);
    assert_eq!(righe[1]["errore"], "VER_023: IBAN non censito");
    let elaborato = mondo
        .bytes(&format!("/api/v1/tracciati/{id}/elaborato"))
        .await;
    assert!(
        String::from_utf8(elaborato)
            .unwrap()
            .contains(";ADD_KO;VER_023: IBAN non censito;;;;\r\n")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn b009_zero_annuls_what_exists_and_is_not_paid() {
    let mondo = Mondo::start().await;
    {
        let mut stati = mondo.core.stati.lock().unwrap();
        stati.insert("A-1".into(), "NON_ESEGUITA".into());
        stati.insert("A-2".into(), "ESEGUITA".into());
    }
    let zero = |id: &str| riga(id).replacen("10,00", "0", 1);
    let csv = file(&[zero("A-1"), zero("A-2"), zero("A-3"), riga("A-4")]);
    let id = mondo.carica("annulla.csv", csv.clone()).await;
    mondo.attendi(id, "VALIDAZIONE_KO").await;
    let errori = mondo.errori(id).await;
    let righe: Vec<i64> = errori.iter().map(|e| e.0).collect();
    assert_eq!(righe, [3, 4], "{errori:?}");
    assert!(errori[0].2.contains("VER_009") && errori[1].2.contains("VER_008"));
    assert!(mondo.core.annullate.lock().unwrap().is_empty());
    let path = "/api/v1/tracciati?politica=RIGA_PER_RIGA&doppio=true&nome=annulla.csv";
    let answer = mondo.post(path).body(csv).send().await.unwrap();
    let answer: serde_json::Value = answer.json().await.unwrap();
    let id = answer["id"].as_i64().unwrap();
    mondo.attendi(id, "CARICAMENTO_KO").await;
    let righe = mondo.json(&format!("/api/v1/tracciati/{id}/righe")).await;
    let esiti: Vec<&str> = (0..4)
        .map(|i| righe[i]["esito"].as_str().unwrap())
        .collect();
    assert_eq!(esiti, ["DEL_OK", "NON_VALIDO", "NON_VALIDO", "ADD_OK"]);
    assert!(righe[1]["errore"].as_str().unwrap().contains("VER_009"));
    assert_eq!(*mondo.core.annullate.lock().unwrap(), ["A-1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_core_of_somebody_else_gets_the_rows_one_at_a_time() {
    let mondo = Mondo::start().await;
    *mondo.core.senza_blocchi.lock().unwrap() = true;
    mondo
        .core
        .stati
        .lock()
        .unwrap()
        .insert("A-1".into(), "ESEGUITA".into());
    mondo
        .core
        .rifiutate
        .lock()
        .unwrap()
        .insert("A-2".into(), "Il conto è cambiato".into());
    let zero = riga("A-1").replacen("10,00", "0", 1);
    let csv = file(&[zero, riga("A-2"), riga("A-3")]);
    let id = mondo.carica("altrui.csv", csv).await;
    mondo.attendi(id, "CARICAMENTO_KO").await;
    let righe = mondo.json(&format!("/api/v1/tracciati/{id}/righe")).await;
    let esiti: Vec<&str> = (0..3)
        .map(|i| righe[i]["esito"].as_str().unwrap())
        .collect();
    assert_eq!(esiti, ["DEL_KO", "ADD_KO", "ADD_OK"]);
    assert_eq!(righe[0]["codice"], "VER_009");
    assert_eq!(righe[1]["codice"], "VER_023");
    assert!(
        righe[2]["qrcode"]
            .as_str()
            .unwrap()
            .starts_with("PAGOPA|002|")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_refused_rows_are_loaded_again() {
    let mondo = Mondo::start().await;
    let rifiuta = |id: &str| {
        let mut rifiutate = mondo.core.rifiutate.lock().unwrap();
        rifiutate.insert(id.to_owned(), "Il conto non è più attivo".into());
    };
    rifiuta("R-2");
    rifiuta("R-700");
    let id = mondo.carica("rifiutate.csv", molte("R", 1200)).await;
    let vista = mondo.attendi(id, "CARICAMENTO_KO").await;
    assert_eq!(
        (&vista["righeCaricate"], &vista["righeInErrore"]),
        (&1198.into(), &2.into())
    );
    let ko = mondo
        .json(&format!("/api/v1/tracciati/{id}/righe?esito=KO"))
        .await;
    assert_eq!(ko[1]["idPendenza"], "R-700");
    assert_eq!(ko[1]["riga"], 701);
    mondo.core.rifiutate.lock().unwrap().clear();
    let path = format!("/api/v1/tracciati/{id}/ricarica");
    assert_eq!(mondo.post(&path).send().await.unwrap().status(), 202);
    let vista = mondo.attendi(id, "CARICAMENTO_OK").await;
    assert_eq!(
        (&vista["righeCaricate"], &vista["righeInErrore"]),
        (&1200.into(), &0.into())
    );
    assert!(
        mondo.core.messe().values().all(|n| *n == 1),
        "each row once"
    );
    assert_eq!(mondo.post(&path).send().await.unwrap().status(), 409);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_loads_nothing_until_somebody_says_so() {
    let mondo = Mondo::start().await;
    let path = "/api/v1/tracciati?prova=true&nome=prova.csv";
    let answer = mondo.post(path).body(molte("D", 3)).send().await.unwrap();
    let id = answer.json::<serde_json::Value>().await.unwrap()["id"]
        .as_i64()
        .unwrap();
    let vista = mondo.json(&format!("/api/v1/tracciati/{id}?wait=30")).await;
    assert_eq!(vista["stato"], "VALIDAZIONE_OK");
    assert_eq!(
        (&vista["prova"], &vista["concluso"]),
        (&true.into(), &true.into())
    );
    // A second file passes by it and is loaded.
    let altro = mondo.carica("vera.csv", molte("E", 1)).await;
    mondo.attendi(altro, "CARICAMENTO_OK").await;
    assert_eq!(mondo.vedi(id).await["stato"], "VALIDAZIONE_OK");
    assert_eq!(mondo.core.messe().len(), 1);
    let path = format!("/api/v1/tracciati/{id}/carica");
    assert_eq!(mondo.post(&path).send().await.unwrap().status(), 202);
    mondo.attendi(id, "CARICAMENTO_OK").await;
    assert_eq!(mondo.core.messe().len(), 4);
    assert_eq!(mondo.post(&path).send().await.unwrap().status(), 409);
}

#[tokio::test(flavor = "multi_thread")]
async fn row_by_row_the_good_rows_go_on_and_the_others_are_told() {
    let mondo = Mondo::start().await;
    let doppia = riga("M-1");
    let senza = riga("M-2").replace("VRDGPP80A01H501U", "VRDGPP80A01H501X");
    let csv = file(&[riga("M-1"), senza, doppia, riga("M-3")]);
    let path = "/api/v1/tracciati?politica=RIGA_PER_RIGA&nome=misto.csv";
    let answer = mondo.post(path).body(csv).send().await.unwrap();
    let id = answer.json::<serde_json::Value>().await.unwrap()["id"]
        .as_i64()
        .unwrap();
    let vista = mondo.attendi(id, "CARICAMENTO_KO").await;
    assert_eq!(
        (
            &vista["righeValide"],
            &vista["righeCaricate"],
            &vista["righeInErrore"]
        ),
        (&2.into(), &2.into(), &2.into())
    );
    assert_eq!(vista["importoTotale"], "20.00");
    let righe = mondo.json(&format!("/api/v1/tracciati/{id}/righe")).await;
    assert_eq!(righe[2]["esito"], "NON_VALIDO");
    assert!(
        righe[2]["errore"]
            .as_str()
            .unwrap()
            .contains("già alla riga 2")
    );
    // The rows that are not valid are not asked for again.
    let path = format!("/api/v1/tracciati/{id}/ricarica");
    assert_eq!(mondo.post(&path).send().await.unwrap().status(), 409);
    let ndjson = mondo
        .bytes(&format!("/api/v1/tracciati/{id}/elaborato?formato=ndjson"))
        .await;
    let ndjson = String::from_utf8(ndjson).unwrap();
    let righe: Vec<serde_json::Value> = ndjson
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    assert_eq!(righe.len(), 4);
    assert_eq!(
        (&righe[0]["esito"], &righe[1]["codice"]),
        (&"ADD_OK".into(), &"400000".into())
    );
    assert_eq!(righe[3]["riga"], 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_certain_is_put_right_in_a_copy_of_the_file() {
    let mondo = Mondo::start().await;
    let testa = format!("{};capPagatore;nazionePagatore", crate::fixture::TESTA);
    let cap = format!("{};187;IT", riga("C-1"));
    let data = format!(
        "{};00187;IT",
        riga("C-2").replace("2030-12-31", "12/31/2030")
    );
    let dubbia = format!("{};00187;IT", riga("C-3").replace("10,00", "1.000"));
    let csv = format!("{testa}\r\n{cap}\r\n{data}\r\n{dubbia}\r\n");
    let id = mondo.carica("sbagliato.csv", csv).await;
    mondo.attendi(id, "VALIDAZIONE_KO").await;
    let corretto = mondo
        .bytes(&format!("/api/v1/tracciati/{id}/corretto"))
        .await;
    let corretto = String::from_utf8(corretto).unwrap();
    let righe: Vec<&str> = corretto.lines().collect();
    assert_eq!(righe[0], testa);
    assert!(righe[1].ends_with(";00187;IT"));
    assert!(righe[2].contains(";2030-12-31;"));
    assert_eq!(righe[3], dubbia, "what is not certain stays");
    // The errors carry the row as it is in the file.
    let errori = mondo
        .bytes(&format!("/api/v1/tracciati/{id}/errori?grezzo=true"))
        .await;
    let mut errori = csv::ReaderBuilder::new()
        .delimiter(b';')
        .from_reader(errori.as_slice());
    let record = errori.records().next().unwrap().unwrap();
    assert_eq!((&record[0], &record[6]), ("3", data.as_str()));
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_of_the_two_x_layout_load_without_a_header() {
    let mondo = Mondo::start().await;
    mondo
        .core
        .stati
        .lock()
        .unwrap()
        .insert("V2".into(), "NON_ESEGUITA".into());
    let csv = "# commento\nADD;GESTIONALE;V1;12345678903;VRDGPP80A01H501U;Giuseppe Verdi;TARI;12.50;Tassa;31/12/2030\n\
               DEL;GESTIONALE;V2;emessa per errore\n";
    let id = mondo.carica("vecchio.csv", csv).await;
    let vista = mondo.attendi(id, "CARICAMENTO_OK").await;
    assert_eq!(vista["formato"], "ADD_DEL");
    let elaborato = mondo
        .bytes(&format!("/api/v1/tracciati/{id}/elaborato"))
        .await;
    let testo = String::from_utf8(elaborato).unwrap();
    let righe: Vec<&str> = testo.lines().collect();
    assert_eq!(righe.len(), 2);
    assert!(righe[0].contains(";ADD_OK;;"), "{testo}");
    assert!(righe[1].ends_with(";DEL_OK;;;;;"), "{testo}");
}

#[tokio::test(flavor = "multi_thread")]
async fn b017_b018_b019_every_dialect_of_the_same_rows_loads() {
    let mondo = Mondo::start().await;
    let base = String::from_utf8(molte("D", 2)).unwrap();
    let con = |separatore: char| {
        base.replace("10,00", "10.00")
            .replace(';', &separatore.to_string())
    };
    let file = [
        con(','),
        con('\t'),
        con('|'),
        format!("sep=;\r\n{base}"),
        format!("\u{feff}{}", base.replacen("idA2A", "\"idA2A\"", 1)),
        base.replace("\r\n", "\n"),
    ];
    for (i, testo) in file.into_iter().enumerate() {
        let id = mondo
            .carica(&format!("dialetto-{i}.csv"), testo.clone())
            .await;
        let vista = mondo.attendi(id, "CARICAMENTO_OK").await;
        assert_eq!(vista["righeCaricate"], 2, "{i}");
        let originale = mondo
            .bytes(&format!("/api/v1/tracciati/{id}/originale"))
            .await;
        assert_eq!(originale, testo.as_bytes(), "byte for byte, mark included");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn b037_windows_1252_is_stored_as_the_right_text() {
    let mondo = Mondo::start().await;
    let testo = String::from_utf8(molte("W", 1)).unwrap();
    let (prima, dopo) = testo.split_once("Giuseppe Verdi").unwrap();
    let csv = [
        prima.as_bytes(),
        b"Nicol\xf2 D\x92Am\xe9lio \x96 5\x80",
        dopo.as_bytes(),
    ]
    .concat();
    let id = mondo.carica("windows.csv", csv.clone()).await;
    let vista = mondo.attendi(id, "CARICAMENTO_OK").await;
    assert_eq!(vista["codifica"], "windows-1252");
    let corpi = mondo.core.corpi.lock().unwrap().clone();
    assert_eq!(
        corpi[0]["soggettoPagatore"]["anagrafica"],
        "Nicolò D’Amélio – 5€"
    );
    assert_eq!(
        mondo
            .bytes(&format!("/api/v1/tracciati/{id}/originale"))
            .await,
        csv
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn b027_progress_is_seen_while_the_rows_are_loaded() {
    let mondo = Mondo::start().await;
    *mondo.core.lento.lock().unwrap() = Duration::from_millis(400);
    let id = mondo.carica("lento.csv", molte("L", 3000)).await;
    let a_meta = wait_until("some rows are loaded and some are not", || async {
        let vista = mondo.vedi(id).await;
        let caricate = vista["righeCaricate"].as_i64().unwrap();
        if vista["stato"] == "IN_CARICAMENTO" && (1..3000).contains(&caricate) {
            Ok(vista)
        } else {
            Err(vista.to_string())
        }
    })
    .await;
    assert_eq!(a_meta["righe"], 3000);
    let path = format!("/api/v1/tracciati/{id}/elaborato");
    let answer = mondo.get(&path).send().await.unwrap();
    assert_eq!(answer.status(), 409);
    let problema: serde_json::Value = answer.json().await.unwrap();
    assert_eq!(problema["code"], "ELABORATO_NON_PRONTO");
    mondo.attendi(id, "CARICAMENTO_OK").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn b039_the_elaborato_opens_in_a_spreadsheet_or_is_plain() {
    let mondo = Mondo::start().await;
    let csv = file(&[riga("F-1").replace("Giuseppe Verdi", "Nicolò Forlì")]);
    let csv = String::from_utf8(csv).unwrap().replace(';', "\t");
    let id = mondo.carica("forli.csv", csv).await;
    mondo.attendi(id, "CARICAMENTO_OK").await;
    let path = format!("/api/v1/tracciati/{id}/elaborato");
    let excel = mondo.bytes(&format!("{path}?bom=true&separatore=;")).await;
    assert!(excel.starts_with(b"\xef\xbb\xbfidA2A;idPendenza;"));
    assert!(String::from_utf8(excel).unwrap().contains(";Nicolò Forlì;"));
    let semplice = mondo.bytes(&format!("{path}?separatore=,")).await;
    assert!(semplice.starts_with(b"idA2A,idPendenza,"));
    let originale = mondo.bytes(&path).await;
    assert!(originale.starts_with(b"idA2A\tidPendenza\t"));
}
