//! What people write must never prevent a document: a paid citizen has a right to the receipt.

use proptest::prelude::*;
use stampe::{avviso, ricevuta};

use crate::campioni::{self, soggetto};

/// Letters of any script, emoji, controls, private use, combining marks on their own.
const ANYTHING: &str =
    "\\PC{0,60}|.{0,60}|[\\u{0}-\\u{10ffff}]{0,60}|[a-z\\u{300}-\\u{36f}\\u{600}-\\u{e7f}]{0,60}";

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 24,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_text_at_all_can_be_printed(text in ANYTHING) {
        let debtor = soggetto(&text, "VRDGPP80A01H501U");
        let mut paid = campioni::ricevuta();
        paid.causale = text.clone();
        paid.ente.denominazione = text.clone();
        paid.voci[0].iur = Some(text.clone());
        paid.soggetto_pagatore = debtor.clone();
        let mut due = campioni::avviso();
        due.causale = text.clone();
        due.ente.denominazione = text.clone();
        due.destinatario = debtor;
        let printed = ricevuta(&paid).and(avviso(&due));
        prop_assert!(printed.is_ok(), "{text:?}: {printed:?}");
    }
}
