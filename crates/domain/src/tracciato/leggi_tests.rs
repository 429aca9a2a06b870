//! Rows read by header name and in the 2.x layout.

use super::*;
use crate::tracciato::COLONNE;
use crate::tracciato::riga::{Avvisatura, Rata, RiferimentoVoce};

const BUONA: [(&str, &str); 18] = [
    ("idA2A", "GESTIONALE"),
    ("idPendenza", "TARI-2026-1"),
    ("idDominio", "12345678903"),
    ("tipoPendenza", "TARI"),
    ("causale", "Tassa rifiuti 2026; rata unica, saldo"),
    ("importo", "30,00"),
    ("dataScadenza", "31/12/2030"),
    ("tipoSoggettoPagatore", "F"),
    ("identificativoPagatore", "vrdgpp80a01h501u"),
    ("anagraficaPagatore", "Giuseppe Verdi"),
    ("idVoce1", "V1"),
    ("importoVoce1", "10.00"),
    ("descrizioneVoce1", "Quota fissa"),
    ("tipoEntrataVoce1", "TARI"),
    ("idVoce2", "V2"),
    ("importoVoce2", "20.00"),
    ("descrizioneVoce2", "Quota variabile"),
    ("tipoEntrataVoce2", "TARI"),
];

/// The good row with some cells changed, read by the whole standard header.
fn leggi(cambi: &[(&str, &str)]) -> Letta {
    let nomi: Vec<String> = Colonna::tutte().map(Colonna::nome).collect();
    let (layout, _) = Layout::riconosci(&nomi).unwrap();
    let mut celle = vec![""; COLONNE];
    for (nome, valore) in BUONA.iter().chain(cambi) {
        celle[Colonna::cerca(nome).unwrap().posizione()] = valore;
    }
    layout.leggi(&celle, NaiveDate::from_ymd_opt(2026, 6, 30).unwrap())
}

fn pendenza(cambi: &[(&str, &str)]) -> RigaPendenza {
    let letta = leggi(cambi);
    match letta.riga {
        Some(Riga::Inserimento(pendenza)) => *pendenza,
        altro => panic!("{altro:?} {:?}", letta.segnalazioni),
    }
}

/// Column and problem of each error.
fn errori(cambi: &[(&str, &str)]) -> Vec<(String, String)> {
    let letta = leggi(cambi);
    let errori: Vec<_> = letta
        .segnalazioni
        .iter()
        .filter(|s| s.is_errore())
        .collect();
    assert_eq!(errori.is_empty(), letta.riga.is_some());
    errori
        .into_iter()
        .map(|s| (s.colonna.clone(), s.problema.clone()))
        .collect()
}

fn avvisi(cambi: &[(&str, &str)]) -> Vec<String> {
    let letta = leggi(cambi);
    assert!(letta.riga.is_some(), "{:?}", letta.segnalazioni);
    letta.segnalazioni.into_iter().map(|s| s.colonna).collect()
}

#[test]
fn a_good_row_has_typed_fields_and_nothing_to_report() {
    let p = pendenza(&[]);
    assert_eq!(p.importo.cents(), 3000);
    assert_eq!(p.data_scadenza, NaiveDate::from_ymd_opt(2030, 12, 31));
    assert_eq!(p.pagatore.identificativo.as_str(), "VRDGPP80A01H501U");
    assert_eq!(p.voci.len(), 2);
    assert_eq!(
        p.voci[1].riferimento,
        RiferimentoVoce::Entrata("TARI".into())
    );
    assert!(leggi(&[]).segnalazioni.is_empty());
}

#[test]
fn every_fault_of_a_row_is_reported_at_once() {
    let trovati = errori(&[
        ("idPendenza", ""),
        ("importo", "1.234"),
        ("dataScadenza", "2026-02-30"),
        ("tipoSoggettoPagatore", "X"),
        ("identificativoPagatore", "VRDGPP80A01H501X"),
        ("emailPagatore", "x@y..it"),
        ("importoVoce1", "abc"),
    ]);
    let colonne: Vec<&str> = trovati.iter().map(|(c, _)| c.as_str()).collect();
    assert_eq!(
        colonne,
        [
            "idPendenza",
            "importo",
            "dataScadenza",
            "tipoSoggettoPagatore",
            "identificativoPagatore",
            "emailPagatore",
            "importoVoce1"
        ]
    );
}

#[test]
fn b097_the_total_is_the_sum_of_the_voci() {
    let trovati = errori(&[("importoVoce2", "19.99")]);
    assert_eq!(trovati.len(), 1);
    assert!(
        trovati[0].1.contains("29.99") && trovati[0].1.contains("30.00"),
        "{trovati:?}"
    );
    let zero = errori(&[("importoVoce2", "0"), ("importo", "10")]);
    assert!(zero[0].1.contains("zero"), "{zero:?}");
}

#[test]
fn b009_an_importo_of_zero_annuls_and_only_the_keys_are_read() {
    let letta = leggi(&[("importo", "0,00"), ("causale", ""), ("idVoce1", "")]);
    assert!(letta.chiave.annullamento);
    let Some(Riga::Annullamento(riga)) = letta.riga else {
        panic!("{:?}", letta.segnalazioni)
    };
    assert_eq!(riga.id_pendenza, "TARI-2026-1");
    assert_eq!(errori(&[("importo", "-5.00")])[0].0, "importo");
    assert_eq!(errori(&[("importo", " ")])[0].0, "importo");
}

#[test]
fn b002_a_long_causale_is_refused_with_its_length() {
    let lunga = "x".repeat(141);
    let trovati = errori(&[("causale", &lunga)]);
    assert_eq!(trovati[0].0, "causale");
    assert!(trovati[0].1.contains("141") && trovati[0].1.contains("140"));
    // Characters, not bytes.
    assert_eq!(
        pendenza(&[("causale", &"è".repeat(140))])
            .causale
            .chars()
            .count(),
        140
    );
}

#[test]
fn b011_the_message_names_the_iban_that_is_wrong() {
    let trovati = errori(&[
        ("tipoEntrataVoce2", ""),
        ("ibanAccreditoVoce2", "IT42Q1234501600000000123456"),
        ("ibanAppoggioVoce2", "IT47S0760102800000012345678"),
        ("tipoContabilitaVoce2", "ALTRO"),
        ("codiceContabilitaVoce2", "TARI"),
    ]);
    assert_eq!(trovati.len(), 1, "{trovati:?}");
    assert_eq!(trovati[0].0, "ibanAccreditoVoce2");
    assert!(trovati[0].1.contains("cifre di controllo"));
}

#[test]
fn b015_a_row_with_a_field_too_many_says_how_many() {
    let nomi: Vec<String> = Colonna::tutte()
        .take(38)
        .map(Colonna::nome)
        .chain(["mia".into()])
        .collect();
    let (layout, _) = Layout::riconosci(&nomi).unwrap();
    let oggi = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
    let mut riga = vec!["x"; 40];
    let letta = layout.leggi(&riga, oggi);
    assert!(
        letta.segnalazioni[0]
            .problema
            .contains("40 campi, ne sono attesi 39")
    );
    assert_eq!(letta.segnalazioni.len(), 1);
    riga[39] = "";
    assert!(
        layout
            .leggi(&riga, oggi)
            .segnalazioni
            .iter()
            .all(|s| !s.problema.contains("campi"))
    );
}

#[test]
fn b014_a_row_cut_short_lacks_its_mandatory_cells_one_by_one() {
    let nomi: Vec<String> = Colonna::tutte().map(Colonna::nome).collect();
    let (layout, _) = Layout::riconosci(&nomi).unwrap();
    let oggi = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
    let letta = layout.leggi(&["GESTIONALE", "P1", "12345678903"], oggi);
    assert!(letta.riga.is_none());
    let colonne: Vec<&str> = letta
        .segnalazioni
        .iter()
        .map(|s| s.colonna.as_str())
        .collect();
    for attesa in ["causale", "importo", "identificativoPagatore", "idVoce1"] {
        assert!(colonne.contains(&attesa), "{colonne:?}");
    }
}

#[test]
fn b021_b051_odd_cap_and_phone_are_warnings_and_the_phone_is_left_out() {
    let cambi = [("capPagatore", "187"), ("cellularePagatore", "12345")];
    assert_eq!(avvisi(&cambi), ["capPagatore", "cellularePagatore"]);
    let p = pendenza(&cambi);
    assert_eq!(p.pagatore.cap.as_deref(), Some("00187"));
    assert_eq!(p.pagatore.cellulare, None);
}

#[test]
fn b088_a_past_due_date_and_dates_in_the_wrong_order_are_warnings() {
    assert_eq!(avvisi(&[("dataScadenza", "2026-06-29")]), ["dataScadenza"]);
    assert!(avvisi(&[("dataScadenza", "2026-06-30")]).is_empty());
    let cambi = [
        ("dataValidita", "2026-08-10"),
        ("dataScadenza", "2026-07-10"),
    ];
    assert_eq!(avvisi(&cambi), ["dataValidita"]);
}

#[test]
fn b093_a_blank_due_date_stays_blank() {
    assert_eq!(pendenza(&[("dataScadenza", "")]).data_scadenza, None);
}

#[test]
fn b037_b040_characters_of_every_alphabet_pass_and_undecodable_ones_do_not() {
    let p = pendenza(&[
        ("anagraficaPagatore", "Jože Černe"),
        ("causale", "L’acconto “estate” – 5€"),
    ]);
    assert_eq!(p.pagatore.anagrafica.as_str(), "Jože Černe");
    assert_eq!(p.causale, "L’acconto “estate” – 5€");
    let trovati = errori(&[("causale", "Nicol\u{81}")]);
    assert!(trovati[0].1.contains("carattere 6 (U+0081)"), "{trovati:?}");
    assert!(
        errori(&[("causale", "Nicol\u{fffd}")])[0]
            .1
            .contains("codifica")
    );
}

#[test]
fn a_line_break_in_a_text_becomes_a_blank_in_sight() {
    assert_eq!(avvisi(&[("causale", "Riga1\r\nRiga2")]), ["causale"]);
    assert_eq!(
        pendenza(&[("causale", "Riga1\r\nRiga2")]).causale,
        "Riga1 Riga2"
    );
}

#[test]
fn personal_values_are_masked_in_the_messages() {
    let letta = leggi(&[("identificativoPagatore", "VRDGPP80A01H501X")]);
    assert!(
        !letta.segnalazioni[0].valore.contains("GPP80"),
        "{:?}",
        letta.segnalazioni
    );
}

#[test]
fn documents_instalments_notices_and_second_language() {
    let p = pendenza(&[
        ("idDocumento", "DOC-1"),
        ("numeroRata", "entro30"),
        ("dataAvvisatura", "mai"),
        ("linguaSecondaria", "de|Müllgebühr"),
        ("tassonomiaAvviso", "IMU, TASI e altre tasse comunali"),
        ("datiAllegati", "{\"a\":1}"),
        ("annoRiferimento", "2026"),
    ]);
    let documento = p.documento.unwrap();
    assert_eq!(documento.rata, Some(Rata::Entro(30)));
    assert_eq!(
        documento.descrizione,
        "Tassa rifiuti 2026; rata unica, saldo"
    );
    assert_eq!(p.avvisatura, Some(Avvisatura::Mai));
    assert_eq!(p.lingua.unwrap().causale.as_deref(), Some("Müllgebühr"));
    assert_eq!(p.anno_riferimento, Some(2026));
    let trovati = errori(&[
        ("numeroRata", "ENTRO"),
        ("linguaSecondaria", "xx"),
        ("datiAllegati", "{"),
        ("annoRiferimento", "26"),
        ("tassonomiaAvviso", "Altro"),
    ]);
    assert_eq!(trovati.len(), 5, "{trovati:?}");
}

#[test]
fn a_voce_needs_an_account_an_entrata_or_a_bollo_and_ids_differ() {
    assert_eq!(
        errori(&[("tipoEntrataVoce2", "")])[0].0,
        "ibanAccreditoVoce2"
    );
    assert_eq!(errori(&[("idVoce2", "V1")])[0].0, "idVoce2");
    assert_eq!(errori(&[("idVoce2", "")])[0].0, "idVoce2");
    let p = pendenza(&[
        ("tipoEntrataVoce2", ""),
        ("tipoBolloVoce2", "1"),
        ("hashBolloVoce2", "aGFzaA=="),
        ("provinciaBolloVoce2", "ro"),
    ]);
    let RiferimentoVoce::Bollo {
        tipo, provincia, ..
    } = &p.voci[1].riferimento
    else {
        panic!("{:?}", p.voci[1])
    };
    assert_eq!((tipo.as_str(), provincia.as_str()), ("01", "RO"));
}

#[test]
fn b155_identifiers_are_kept_as_written_and_strange_characters_refused() {
    assert_eq!(pendenza(&[("idPendenza", "a1")]).id_pendenza, "a1");
    assert!(errori(&[("idPendenza", "a/1")])[0].1.contains("«/»"));
}

fn leggi_2x(riga: &str) -> Letta {
    let campi: Vec<&str> = riga.split(';').collect();
    let (layout, _) = Layout::riconosci(&["ADD"]).unwrap();
    layout.leggi(&campi, NaiveDate::from_ymd_opt(2026, 6, 30).unwrap())
}

#[test]
fn rows_of_the_two_x_layout_are_pendenze_with_one_voce() {
    let letta = leggi_2x(
        "ADD;GESTIONALE;P1;12345678903;VRDGPP80A01H501U;Giuseppe Verdi;TARI;12.50;Tassa;31/12/2030",
    );
    let Some(Riga::Inserimento(p)) = letta.riga else {
        panic!("{:?}", letta.segnalazioni)
    };
    assert_eq!((p.voci.len(), p.voci[0].id.as_str()), (1, "P1"));
    assert_eq!(
        p.voci[0].riferimento,
        RiferimentoVoce::Entrata("TARI".into())
    );
    let lunga = leggi_2x(
        "ADD;GESTIONALE;P1;12345678903;12345678903;Ditta;Via Roma;1;56099;Valtorbida;PI;TARI;12.50;Tassa;;;;",
    );
    let Some(Riga::Inserimento(p)) = lunga.riga else {
        panic!("{:?}", lunga.segnalazioni)
    };
    assert_eq!(p.pagatore.tipo, crate::TipoSoggetto::G);
    assert_eq!(p.pagatore.localita.as_deref(), Some("Valtorbida"));
}

#[test]
fn faults_of_the_two_x_layout_use_its_names() {
    let letta = leggi_2x("ADD;GESTIONALE;P1;12345678903;VRDGPP80A01H501X;Verdi;;1.234;Tassa");
    let colonne: Vec<&str> = letta
        .segnalazioni
        .iter()
        .map(|s| s.colonna.as_str())
        .collect();
    assert_eq!(colonne, ["importo", "cfDebitore", "codTributo"]);
    let del = leggi_2x("DEL;GESTIONALE;P1;Emessa per errore");
    assert!(matches!(del.riga, Some(Riga::Annullamento(_))), "{del:?}");
    assert_eq!(
        leggi_2x("DEL;GESTIONALE;P1").segnalazioni[0].colonna,
        "motivoAnnullamento"
    );
    assert!(leggi_2x("INC;1").segnalazioni[0].problema.contains("ADD"));
    assert!(
        leggi_2x("ADD;GESTIONALE;P1;12345678903;VRDGPP80A01H501U;V;TARI;0;T").segnalazioni[0]
            .problema
            .contains("zero")
    );
}
