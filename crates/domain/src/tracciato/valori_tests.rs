//! Cells, one rule at a time.

use super::*;
use crate::Importo;
use crate::tracciato::forme::Decimale;

#[test]
fn b094_decimals_with_comma_or_point_and_nothing_guessed() {
    for (text, cents) in [
        ("10,00", 1000),
        ("10.00", 1000),
        ("10,5", 1050),
        ("10", 1000),
        ("1000", 100_000),
        ("1.000,50", 100_050),
        ("1,000.50", 100_050),
        ("1.234.567,89", 123_456_789),
        ("1.234.567", 123_456_700),
        ("0,00", 0),
        (" 12,50 ", 1250),
        ("€ 12,50", 1250),
        ("12.50 €", 1250),
        ("EUR 1.234,56", 123_456),
        ("1 234,56", 123_456),
        ("1\u{a0}234\u{a0}567", 123_456_700),
        ("1'234.56", 123_456),
    ] {
        assert_eq!(importo(text, None).map(Importo::cents), Ok(cents), "{text}");
    }
    let (cosa, rimedio) = importo("1.234", None).unwrap_err();
    assert!(cosa.contains("ambiguo"), "{cosa}");
    assert!(
        rimedio.contains("1234") && rimedio.contains("1,23"),
        "{rimedio}"
    );
    assert!(importo("1,000", None).unwrap_err().0.contains("ambiguo"));
}

#[test]
fn b009_negative_blank_and_malformed_amounts_are_refused_each_with_its_reason() {
    for (text, parola) in [
        ("", "manca"),
        ("-5.00", "negativo"),
        ("12 50", "spazio"),
        ("£ 12", "«£»"),
        ("12,345", "ambiguo"),
        ("1,5E+03", "notazione scientifica"),
        ("1.2.3", "non è un numero"),
        ("1.23,456.78", "non è un numero"),
        ("12.3456", "due decimali"),
        ("9999999999", "compreso"),
        (",50", "due decimali"),
    ] {
        let (cosa, rimedio) = importo(text, None).unwrap_err();
        assert!(cosa.contains(parola), "{text}: {cosa}");
        assert!(!rimedio.is_empty(), "{text}");
    }
}

#[test]
fn b088_dates_in_two_forms_and_impossible_ones_refused() {
    let fine = NaiveDate::from_ymd_opt(2030, 12, 31).unwrap();
    for text in ["2030-12-31", "31/12/2030", " 31/12/2030 "] {
        assert_eq!(data(text, None), Ok(fine), "{text}");
    }
    assert_eq!(
        data("1/2/2030", None),
        Ok(NaiveDate::from_ymd_opt(2030, 2, 1).unwrap())
    );
    for (text, parola) in [
        ("2026-02-30", "non esiste"),
        ("12/31/2026", "non esiste"),
        ("46387", "numero di giorni"),
        ("0001-01-01", "fuori dai limiti"),
        ("9999-12-31", "fuori dai limiti"),
        ("31/12/30", "forma"),
        ("2026-2-3", "forma"),
        ("domani", "forma"),
        ("2026-12-31T00:00:00", "forma"),
        ("31è12è2030", "forma"),
    ] {
        let (cosa, _) = data(text, None).unwrap_err();
        assert!(cosa.contains(parola), "{text}: {cosa}");
    }
    assert!(
        data("12/31/2026", None)
            .unwrap_err()
            .1
            .contains("giorno viene prima")
    );
}

#[test]
fn b022_scientific_notation_is_named() {
    for text in ["3,01E+17", "3.01e17", "1,23457E+10"] {
        assert!(notazione_scientifica(text), "{text}");
    }
    assert!(!notazione_scientifica("VRDGPP80A01H501U"));
    assert!(!notazione_scientifica("E12"));
    assert!(
        numero_avviso("3,01E+17")
            .unwrap_err()
            .0
            .contains("notazione scientifica")
    );
    assert!(
        identificativo("1,23457E+10", None)
            .unwrap_err()
            .0
            .contains("notazione scientifica")
    );
}

#[test]
fn b021_lost_leading_zeros_are_suspected_or_repaired_in_sight() {
    let (cosa, rimedio) = numero_avviso("01000000000000747").unwrap_err();
    assert!(
        cosa.contains("17") && rimedio.contains("zeri iniziali"),
        "{cosa} {rimedio}"
    );
    let (_, rimedio) = identificativo("987654321", None).unwrap_err();
    assert!(rimedio.contains("zeri iniziali"), "{rimedio}");
    let (valore, avviso) = cap("187", None);
    assert_eq!(valore, "00187");
    assert!(avviso.unwrap().0.contains("zeri iniziali"));
    assert_eq!(cap("00187", Some("IT")), ("00187".to_owned(), None));
    assert_eq!(cap("SW1A 1AA", Some("GB")), ("SW1A 1AA".to_owned(), None));
    assert!(cap("1234567", None).1.is_some());
}

#[test]
fn a_wrong_check_digit_of_the_numero_avviso_is_a_warning_and_says_the_right_one() {
    let (numero, avviso) = numero_avviso("301000000000000145").unwrap();
    assert_eq!(numero.as_str(), "301000000000000145");
    assert!(avviso.unwrap().0.contains("44"));
    assert_eq!(numero_avviso("301000000000000144").unwrap().1, None);
}

#[test]
fn b046_b047_codes_of_people_with_collision_letters_and_lower_case() {
    for (text, codice) in [
        ("NREGNN71C15L2MVE", "NREGNN71C15L2MVE"),
        ("vrdgpp80a01h501u", "VRDGPP80A01H501U"),
        ("12345678903", "12345678903"),
        ("anonimo", "ANONIMO"),
    ] {
        assert_eq!(identificativo(text, None).unwrap().as_str(), codice);
    }
    for wrong in ["VRDGPP80A01H501X", "12345678901", "PIPPO", "VRD GPP"] {
        assert!(
            identificativo(wrong, Some(TipoSoggetto::F)).is_err(),
            "{wrong}"
        );
    }
}

#[test]
fn b011_an_iban_with_wrong_check_digits_is_told_so() {
    assert_eq!(
        iban("it41 q123 4501 6000 0000 0123 456"),
        Ok("IT41Q1234501600000000123456".to_owned())
    );
    let (cosa, _) = iban("IT42Q1234501600000000123456").unwrap_err();
    assert!(cosa.contains("cifre di controllo"), "{cosa}");
    assert!(iban("IT41").is_err() && iban("").is_err());
}

#[test]
fn b051_phones_take_the_form_of_the_contract() {
    for text in [
        "+39 333 000 0000",
        "0039-3330000000",
        "333.0000000",
        "3330000000",
    ] {
        assert_eq!(
            cellulare(text).as_deref(),
            Some("+39 333-0000000"),
            "{text}"
        );
    }
    for text in ["12345", "tel 3330000000", ""] {
        assert_eq!(cellulare(text), None, "{text}");
    }
}

#[test]
fn b094_a_declared_decimal_sign_leaves_nothing_ambiguous() {
    let (virgola, punto) = (Some(Decimale::Virgola), Some(Decimale::Punto));
    assert_eq!(importo("1.234", virgola).unwrap().cents(), 123_400);
    assert_eq!(importo("1,234", punto).unwrap().cents(), 123_400);
    assert_eq!(
        importo("1.234.567,8", virgola).unwrap().cents(),
        123_456_780
    );
    assert_eq!(importo("12,50", virgola).unwrap().cents(), 1250);
    for (text, decimale) in [
        ("12.50", virgola),
        ("12,50", punto),
        ("1,234", virgola),
        ("1.23.456,00", virgola),
        ("1234.567", virgola),
    ] {
        assert!(importo(text, decimale).is_err(), "{text}");
    }
    let (cosa, rimedio) = importo("12.50", virgola).unwrap_err();
    assert!(
        cosa.contains("«,»") && rimedio.contains("1234,50"),
        "{cosa} {rimedio}"
    );
}

#[test]
fn b088_a_declared_form_of_dates_is_the_only_one() {
    let forma = FormaData::parse("gg/mm/aaaa").unwrap();
    assert!(data("31/12/2030", Some(&forma)).is_ok());
    let (_, rimedio) = data("2030-12-31", Some(&forma)).unwrap_err();
    assert!(rimedio.contains("gg/mm/aaaa"));
}

#[test]
fn b021_what_a_spreadsheet_took_away_is_given_back_only_when_a_check_digit_proves_it() {
    assert_eq!(con_zeri("9876543217"), Some("09876543217".into()));
    assert_eq!(con_zeri("9876543218"), None);
    assert_eq!(con_zeri("12345678903"), None);
    assert_eq!(data_certa("12/31/2030", None), Some("2030-12-31".into()));
    assert_eq!(data_certa("30/02/2030", None), None);
    let numero = NumeroAvviso::generate(
        crate::numero_avviso::Numbering::Aux0 {
            application_code: 1,
        },
        "",
        747,
    )
    .unwrap();
    let perso = numero.as_str().trim_start_matches('0');
    assert_eq!(avviso_con_zero(perso).as_deref(), Some(numero.as_str()));
    assert_eq!(avviso_con_zero("01000000000000748"), None);
}

#[test]
fn a_year_of_any_length_is_read_to_its_end_and_refused() {
    for text in [
        "098765432173020-12-31",
        "99999999999999999999-01-01",
        "1-01-01",
        "-01-01",
    ] {
        assert_eq!(iso_o_italiana(text), None, "{text}");
    }
}
