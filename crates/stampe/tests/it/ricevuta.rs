//! The ricevuta, read back.

use domain::{EsitoPagamento, Importo};
use stampe::{IdRicevuta, Ricevuta, Soggetto, ricevuta};

use crate::campioni::{self, euro, soggetto, some};
use crate::strumenti::{Pdf, assert_accessible_and_archival, assert_in_order};

fn pdf(dati: &Ricevuta) -> Pdf {
    Pdf::new(&ricevuta(dati).unwrap())
}

#[test]
fn every_field_of_a_payment_is_printed_in_reading_order() {
    let pdf = pdf(&campioni::ricevuta());
    let expected = [
        "Comune di Valtorbida",
        "Codice fiscale 12345678903",
        "Piazza della Libertà 1 · 00100 Valtorbida (RM)",
        "Ricevuta Telematica",
        "Tassa sui rifiuti 2026, rata unica – utenza di via Garibaldi 3",
        "Pagamento eseguito",
        "Il pagamento è stato eseguito",
        "Importo pagato 1.312,50 €",
        "Dati del pagamento",
        "Data e ora dell'operazione 01/07/2026 00:05",
        "Data applicativa 02/07/2026",
        "Codice avviso 3010 0000 0000 0042 85",
        "Codice IUV 01000000000004285",
        "Codice contesto pagamento (CCP) c94f2b6d0a7e4c1fb1d35a9e0f8c7d21",
        "Commissioni del prestatore, non comprese 1,20 €",
        "Soggetti",
        "Ente creditore Comune di Valtorbida Codice fiscale 12345678903",
        "Soggetto pagatore Giuseppe Verdi Codice fiscale VRDGPP80A01H501U",
        "Soggetto versante Laura Bianchi Codice fiscale BNCLRA85M41F205C",
        "Istituto attestante (PSP) Banca Link.it Identificativo LNKITIT1XXX",
        "Voci del pagamento",
        "N. Descrizione IUR Esito Importo",
        "1 TARI 2026, quota fissa e quota variabile IUR2026063000000001 Eseguito 1.250,00 €",
        "2 Tributo provinciale per l'ambiente (TEFA) IUR2026063000000002 Eseguito 62,50 €",
        "Totale pagato 1.312,50 €",
        "prodotta da Banca Link.it",
    ];
    assert_in_order(&pdf.text(), &expected);
    assert_eq!(pdf.pages(), 1);
}

#[test]
fn it_is_tagged_titled_and_carries_its_fonts() {
    let pdf = pdf(&campioni::ricevuta());
    assert_accessible_and_archival(&pdf, "Ricevuta Telematica 01000000000004285");
    let structure = pdf.structure();
    let tags: Vec<&str> = structure.lines().map(str::trim).collect();
    let count = |tag: &str| tags.iter().filter(|t| t.starts_with(tag)).count();
    assert_eq!((count("H1"), count("H2")), (1, 3), "{structure}");
    assert_eq!((count("TH "), count("Table")), (5, 1), "{structure}");
}

#[test]
fn the_same_data_give_the_same_bytes_whoever_asks_at_the_same_time() {
    let first = ricevuta(&campioni::ricevuta()).unwrap();
    let threads: Vec<_> = (0..4)
        .map(|_| std::thread::spawn(|| ricevuta(&campioni::ricevuta()).unwrap()))
        .collect();
    for thread in threads {
        assert!(thread.join().unwrap() == first, "the bytes differ");
    }
    let mut other = campioni::ricevuta();
    other.causale.push('.');
    assert!(ricevuta(&other).unwrap() != first);
}

#[test]
fn each_outcome_has_plain_words() {
    let nothing = "nessun importo è stato incassato dall'ente";
    let rest = "le altre restano da pagare";
    for (esito, title, words) in [
        (
            EsitoPagamento::NonEseguito,
            "Pagamento non eseguito",
            nothing,
        ),
        (EsitoPagamento::Decorrenza, "Decorrenza termini", nothing),
        (
            EsitoPagamento::EseguitoParziale,
            "Pagamento parzialmente eseguito",
            rest,
        ),
        (
            EsitoPagamento::DecorrenzaParziale,
            "Decorrenza termini parziale",
            rest,
        ),
    ] {
        let text = pdf(&campioni::ricevuta_negativa(esito)).text();
        assert_in_order(
            &text,
            &[title, words, "Importo pagato 0,00 €", "Non eseguito"],
        );
        assert!(!text.contains("n/a"), "{text}");
    }
}

#[test]
fn the_words_of_the_psp_on_a_voce_are_kept() {
    let mut dati = campioni::ricevuta_negativa(EsitoPagamento::EseguitoParziale);
    dati.voci[0].importo = euro("10.00");
    dati.voci[0].iur = some("IUR1");
    dati.voci[1].esito = some("Fondi insufficienti");
    dati.importo = euro("10.00");
    let expected = [
        "IUR1 Eseguito 10,00 €",
        "– Fondi insufficienti 0,00 €",
        "Totale pagato 10,00 €",
    ];
    assert_in_order(&pdf(&dati).text(), &expected);
}

#[test]
fn the_ccp_or_receipt_id_is_printed_whole_at_its_longest() {
    let id = "R".repeat(35);
    let mut dati = campioni::ricevuta();
    dati.id_ricevuta = IdRicevuta::ReceiptId(id.clone());
    let text = pdf(&dati).text();
    assert_in_order(&text, &[&format!("Identificativo della ricevuta {id}")]);
}

#[test]
fn without_voci_or_optional_data_nothing_is_invented() {
    let mut dati = campioni::ricevuta_negativa(EsitoPagamento::Decorrenza);
    dati.voci.clear();
    dati.numero_avviso = None;
    dati.soggetto_versante = None;
    let text = pdf(&dati).text();
    for absent in [
        "Voci del pagamento",
        "Codice avviso",
        "versante",
        "null",
        "none",
    ] {
        assert!(!text.contains(absent), "{absent}: {text}");
    }
}

#[test]
fn b040_b044_b076_slavic_letters_typographic_marks_and_euro_sign_are_selectable() {
    let mut dati = campioni::ricevuta();
    dati.soggetto_pagatore = soggetto("Jože Černe Šuštar", "CRNJZO90D05L424E");
    dati.causale = "L’acconto “estate” – rata 1… Rata 50€".to_owned();
    let text = pdf(&dati).text();
    let expected = ["L’acconto “estate” – rata 1… Rata 50€", "Jože Černe Šuštar"];
    assert_in_order(&text, &expected);
}

#[test]
fn accents_typed_as_separate_marks_and_other_alphabets_are_printed() {
    let mut dati = campioni::ricevuta();
    dati.causale = "Liberta\u{300} e C\u{30c}erne, Ελλάδα, Україна".to_owned();
    let text = pdf(&dati).text();
    assert!(!text.contains('□'), "{text}");
    assert!(text.contains("Ελλάδα, Україна"), "{text}");
    assert!(
        text.contains("Libertà") || text.contains("Liberta\u{300}"),
        "{text}"
    );
}

#[test]
fn what_no_font_can_draw_becomes_a_box_and_the_ricevuta_exists() {
    // The letters of the second can be drawn one by one, but not together: only the engine knows.
    for odd in ["🎉", "،\u{345}؋"] {
        let mut dati = campioni::ricevuta();
        dati.causale = odd.to_owned();
        dati.ente.denominazione = odd.to_owned();
        dati.soggetto_pagatore = soggetto(odd, "VRDGPP80A01H501U");
        dati.voci[0].iur = some(odd);
        assert_in_order(
            &pdf(&dati).text(),
            &["□", "Pagamento eseguito", "Laura Bianchi"],
        );
    }
}

#[test]
fn b078_a_debtor_that_is_anonimo_or_unknown_is_not_printed_as_a_tax_code() {
    for unknown in [soggetto("ANONIMO", "ANONIMO"), Soggetto::default()] {
        let mut dati = campioni::ricevuta();
        dati.soggetto_pagatore = unknown;
        let text = pdf(&dati).text();
        assert!(
            !text.contains("ANONIMO") && !text.contains("null"),
            "{text}"
        );
        assert_in_order(&text, &["Soggetto pagatore Non indicato Soggetto versante"]);
    }
}

#[test]
fn b084_markup_in_a_text_is_printed_as_it_is() {
    let hostile = r##"O'Brien <b>"x"</b> {{7*7}} ${7*7} #panic() $x^2$ *forte* _corsivo_ = T \ @a `c` // --"##;
    let mut dati = campioni::ricevuta();
    dati.causale = hostile.to_owned();
    dati.ente.denominazione = hostile.to_owned();
    dati.soggetto_pagatore = soggetto(hostile, "VRDGPP80A01H501U");
    dati.voci[0].descrizione = hostile.to_owned();
    let pdf = pdf(&dati);
    let text = pdf.text_without_blanks(); // poppler sees a blank between two slashes
    let found = text.matches(&hostile.replace(' ', "")).count();
    assert!(found >= 4, "{found} times in {text}");
}

#[test]
fn b074_the_longest_texts_and_amounts_stay_whole_inside_the_page() {
    let causale = "Causale".repeat(20);
    let nome = "NomeLunghissimo".repeat(5)[..70].to_owned();
    let mut dati = campioni::ricevuta();
    dati.ente.denominazione = "E".repeat(140);
    dati.causale = causale.clone();
    dati.soggetto_pagatore = soggetto(&nome, "VRDGPP80A01H501U");
    dati.importo = Importo::from_cents(Importo::MAX_CENTS).unwrap();
    let mut voce = dati.voci.remove(0);
    voce.descrizione = causale.clone();
    voce.importo = dati.importo;
    voce.iur = some(&"I".repeat(35));
    dati.voci = vec![voce; 5];
    let pdf = pdf(&dati);
    let inside = pdf.text_in(17, 10, 176, 270).replace(' ', "");
    assert_eq!(inside, pdf.text_in(0, 0, 210, 280).replace(' ', ""));
    let text = pdf.text_without_blanks();
    assert!(text.matches(&causale).count() >= 5, "{text}");
    assert_in_order(
        &text,
        &[
            &causale,
            "999.999.999,99€",
            &nome,
            &"I".repeat(35),
            "Totalepagato999.999.999,99€",
        ],
    );
}

#[test]
fn many_voci_go_on_to_further_pages_with_the_header_again() {
    let mut dati = campioni::ricevuta();
    dati.voci = (1..=60)
        .map(|indice| {
            let mut voce = dati.voci[0].clone();
            voce.indice = indice;
            voce
        })
        .collect();
    let pdf = pdf(&dati);
    assert!(pdf.pages() > 1);
    let text = pdf.text();
    let headers = text.matches("N. Descrizione IUR Esito Importo").count();
    assert!(headers >= 2, "{text}");
    assert_in_order(
        &text,
        &[
            "60 TARI",
            "Totale pagato",
            &format!("Pagina {0} di {0}", pdf.pages()),
        ],
    );
}
