//! The avviso, read back.

use domain::{Importo, NumeroAvviso};
use stampe::{Avviso, Indirizzo, Soggetto, avviso};

use crate::campioni::{self, euro, soggetto, some};
use crate::strumenti::{Pdf, assert_accessible_and_archival, assert_in_order};

fn pdf(dati: &Avviso) -> Pdf {
    Pdf::new(&avviso(dati).unwrap())
}

#[test]
fn every_field_is_printed_in_reading_order_on_one_page() {
    let pdf = pdf(&campioni::avviso());
    let expected = [
        "AVVISO DI PAGAMENTO",
        "Mensa scolastica, novembre 2026",
        "ENTE CREDITORE Cod. Fiscale 12345678903",
        "Comune di Valtorbida",
        "Ufficio Tributi",
        "Piazza della Libertà 1 · 00100 Valtorbida (RM)",
        "www.comune.valtorbida.example · tributi@comune.valtorbida.example",
        "DESTINATARIO AVVISO Cod. Fiscale CRNJZO90D05L424E",
        "Jože Černe",
        "Ulica Štefana 3",
        "34100 Trieste (TS)",
        "QUANTO E QUANDO PAGARE?",
        "DOVE PAGARE?",
        "12,50 Euro",
        "entro il 31/12/2026",
        "www.pagopa.gov.it",
        "BANCHE E ALTRI CANALI",
        "RATA UNICA entro il 31/12/2026",
        "Destinatario Jože Černe",
        "Euro 12,50",
        "Ente Creditore Comune di Valtorbida",
        "Oggetto del pagamento Mensa scolastica, novembre 2026",
        "Codice CBILL ABCDE",
        "Codice Avviso 3010 0000 0000 0042 85",
        "Cod. Fiscale Ente Creditore 12345678903",
    ];
    assert_in_order(&pdf.text(), &expected);
    assert_eq!(pdf.pages(), 1);
}

#[test]
fn it_is_tagged_titled_and_carries_its_fonts() {
    let pdf = pdf(&campioni::avviso());
    assert_accessible_and_archival(&pdf, "Avviso di pagamento 3010 0000 0000 0042 85");
    let structure = pdf.structure();
    let tags: Vec<&str> = structure.lines().map(str::trim).collect();
    let count = |tag: &str| tags.iter().filter(|t| t.starts_with(tag)).count();
    assert_eq!((count("H1"), count("H2")), (1, 5), "{structure}");
    assert_eq!(count("Figure"), 1, "{structure}");
}

#[test]
fn the_same_data_give_the_same_bytes() {
    let first = avviso(&campioni::avviso()).unwrap();
    assert!(avviso(&campioni::avviso()).unwrap() == first);
}

#[test]
fn b064_b073_amounts_are_whole_on_paper_and_in_the_code() {
    for (importo, printed, cents) in [
        ("0.05", "0,05", "0005"),
        ("1.00", "1,00", "0100"),
        ("99999.99", "99.999,99", "9999999"),
        ("100000.00", "100.000,00", "10000000"),
        ("1000000.00", "1.000.000,00", "100000000"),
        ("999999900.00", "999.999.900,00", "99999990000"),
        ("999999999.99", "999.999.999,99", "99999999999"),
    ] {
        let mut dati = campioni::avviso();
        dati.importo = euro(importo);
        let pdf = pdf(&dati);
        let first = format!("{printed} Euro entro il 31/12/2026");
        assert_in_order(&pdf.text(), &[&first, &format!("Euro {printed}")]);
        // Each in its own place: the date does not run into the amount.
        assert_eq!(pdf.text_in(10, 103, 54, 10), format!("{printed} Euro"));
        assert_eq!(pdf.text_in(65, 103, 38, 10), "entro il 31/12/2026");
        let qr = format!("PAGOPA|002|301000000000004285|12345678903|{cents}\n");
        assert_eq!(pdf.codes(), qr);
    }
}

#[test]
fn b053_the_codes_of_a_body_with_aux_digit_0_agree() {
    let mut dati = campioni::avviso();
    dati.numero_avviso = NumeroAvviso::parse("001000000000000747").unwrap();
    let pdf = pdf(&dati);
    assert_in_order(&pdf.text(), &["Codice Avviso 0010 0000 0000 0007 47"]);
    assert_eq!(
        pdf.codes(),
        "PAGOPA|002|001000000000000747|12345678903|1250\n"
    );
}

#[test]
fn b074_long_texts_stay_in_their_boxes_and_the_code_still_scans() {
    let causale = "Causale".repeat(20);
    let ente = "EnteDalNomeMoltoLungo".repeat(7)[..140].to_owned();
    let nome = "Nome lungo ".repeat(7)[..70].trim().to_owned();
    let mut dati = campioni::avviso();
    dati.causale = causale.clone();
    dati.ente.denominazione = ente.clone();
    dati.settore_ente = some(&"Settore".repeat(9)[..60]);
    dati.info_ente = some(&"informazioni ".repeat(8));
    dati.destinatario = soggetto(&nome, "VRDGPP80A01H501U");
    dati.indirizzo_destinatario.via = some(&"Via dei Lunghi Nomi ".repeat(4));
    let pdf = pdf(&dati);
    assert_eq!(pdf.pages(), 1);
    let within = |x, y, w, h| pdf.text_in(x, y, w, h).replace(' ', "");
    assert_eq!(within(10, 22, 152, 20), causale);
    assert!(within(10, 52, 94, 13).contains(&ente));
    assert_eq!(pdf.text_in(112, 52, 88, 13), nome);
    assert_eq!(within(119, 175, 81, 7), ente);
    assert_eq!(within(119, 182, 81, 7), causale);
    // The white margin of the code is white, and the code is readable.
    assert_eq!(pdf.text_in(60, 168, 31, 31), "");
    assert_eq!(
        pdf.codes(),
        "PAGOPA|002|301000000000004285|12345678903|1250\n"
    );
}

#[test]
fn b074_a_text_beyond_every_limit_ends_with_an_ellipsis() {
    let mut dati = campioni::avviso();
    dati.causale = "parola ".repeat(600);
    let pdf = pdf(&dati);
    assert_eq!(pdf.pages(), 1);
    assert!(pdf.text_in(10, 22, 152, 20).ends_with('…'));
}

#[test]
fn b078_an_anonimo_or_unknown_debtor_leaves_empty_boxes() {
    for unknown in [soggetto("ANONIMO", "ANONIMO"), Soggetto::default()] {
        let mut dati = campioni::avviso();
        dati.destinatario = unknown;
        dati.indirizzo_destinatario = Indirizzo::default();
        let pdf = pdf(&dati);
        assert_eq!(pdf.text_in(112, 44, 88, 48), "DESTINATARIO AVVISO");
        let text = pdf.text();
        for absent in ["ANONIMO", "null", "none", ", ,"] {
            assert!(!text.contains(absent), "{absent}: {text}");
        }
    }
}

#[test]
fn b084_markup_in_a_text_is_printed_as_it_is() {
    let hostile = r##"O'Brien <b>"x"</b> {{7*7}} ${7*7} #panic() $x$ *a* _b_"##;
    let mut dati = campioni::avviso();
    dati.causale = hostile.to_owned();
    dati.destinatario = soggetto(hostile, "VRDGPP80A01H501U");
    let pdf = pdf(&dati);
    assert!(pdf.text().matches(hostile).count() >= 4, "{}", pdf.text());
}

#[test]
fn what_is_not_known_is_not_printed() {
    let mut dati = campioni::avviso();
    dati.data_scadenza = None;
    dati.cbill = some(" ");
    dati.settore_ente = None;
    dati.info_ente = None;
    dati.ente.indirizzo = Indirizzo::default();
    dati.importo = Importo::ZERO;
    let pdf = pdf(&dati);
    let text = pdf.text();
    for absent in ["entro il", "QUANDO", "CBILL", "0,00", "null"] {
        assert!(!text.contains(absent), "{absent}: {text}");
    }
    assert_in_order(&text, &["QUANTO PAGARE?", "Importo da calcolare"]);
    assert_eq!(
        pdf.codes(),
        "PAGOPA|002|301000000000004285|12345678903|0000\n"
    );
}
