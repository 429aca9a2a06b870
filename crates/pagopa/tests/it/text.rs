//! Text survives the wire: special characters, line ends, blanks, any script.

use pagopa::documenti::Rpt;
use pagopa::modello_unico::pa_for_node::PaSendRtReq;
use pagopa::{Envelope, soap};
use proptest::prelude::*;

use crate::samples::rpt;
use crate::samples_unico::{receipt, send_rt_request};

fn through_the_wire(text: &str) -> (String, String) {
    let mut receipt = receipt();
    receipt.description = text.to_owned();
    receipt.debtor.full_name = text.chars().take(70).collect::<String>().into();
    let xml = soap::build(&send_rt_request(receipt)).unwrap();
    let read: PaSendRtReq = Envelope::parse(xml.as_bytes(), None)
        .unwrap()
        .body()
        .unwrap();
    let mut request = rpt();
    request.dati_versamento.singoli[0].causale = text.to_owned();
    let read_rpt = Rpt::parse(&request.build().unwrap()).unwrap();
    (
        read.receipt.description,
        read_rpt.dati_versamento.singoli[0].causale.clone(),
    )
}

#[test]
fn b040_b042_b044_known_hard_texts_survive() {
    for text in [
        "Riga1\r\nRiga2  con due spazi",
        " in testa e in coda ",
        "\n\t\r",
        "L’acconto “estate” – rata 1…",
        "Ulica Štefana 3, Jože Černe",
        "a < b && c > d ]]> \"x\" 'y' &amp; &#13;",
        "€ 日本 𝄞 🏛",
    ] {
        assert_eq!(
            through_the_wire(text),
            (text.to_owned(), text.to_owned()),
            "{text:?}"
        );
    }
}

#[test]
fn characters_that_xml_cannot_carry_are_an_error_at_building() {
    let mut receipt = receipt();
    receipt.description = "a\u{0}b".to_owned();
    let error = soap::build(&send_rt_request(receipt)).unwrap_err();
    assert_eq!(error.path(), Some("paSendRTReq/receipt/description"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_text_that_xml_can_carry_survives(
        text in proptest::collection::vec(
            prop_oneof![
                3 => proptest::sample::select(vec!['<', '>', '&', '"', '\'', '\r', '\n', '\t', ' ', ';', ']', '#']),
                3 => proptest::char::range(' ', '~'),
                1 => proptest::char::range('\u{a0}', '\u{d7ff}'),
                1 => proptest::char::range('\u{10000}', '\u{10ffff}'),
            ],
            1..=140,
        )
    ) {
        let text: String = text.into_iter().collect();
        prop_assert_eq!(through_the_wire(&text), (text.clone(), text));
    }

    #[test]
    fn any_bytes_are_read_or_refused_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = Envelope::parse(&bytes, None);
        let _ = Rpt::parse(&bytes);
    }
}
