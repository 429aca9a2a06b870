//! The rules of a session.

use domain::{Email, EsitoPagamento, Importo, StatoPagamento, StatoRpt};

use super::*;

fn at(secs: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_770_000_000 + secs, 0).unwrap()
}

fn nuova() -> Sessione {
    let avviso = Avviso {
        id_dominio: "12345678903".into(),
        ente: "Comune di Valtorbida".into(),
        numero_avviso: "301000000000004285".into(),
        causale: "Mensa scolastica".into(),
        importo: Importo::parse("12.50").unwrap(),
    };
    Sessione::nuova("s".into(), "pa".into(), "b".into(), avviso, at(0))
}

fn email() -> Email {
    Email::parse("laura@esempio.it").unwrap()
}

fn confermata() -> Sessione {
    let mut s = nuova();
    s.ritorno("w", at(10));
    assert_eq!(s.conferma(&email(), at(20)), Conferma::Vinta);
    s
}

fn rt(esito: EsitoPagamento) -> Ricevuta {
    Ricevuta {
        iuv: "01000000000004285".into(),
        ccp: "c1".into(),
        esito,
        importo_pagato: Some(Importo::parse("12.50").unwrap()),
        anomala: false,
    }
}

#[test]
fn b104_only_the_first_confirm_may_ask_the_core() {
    let mut s = confermata();
    assert_eq!(s.conferma(&email(), at(20)), Conferma::Persa);
    assert!(s.inviata("p1", "http://psp/", false, at(21)));
    assert_eq!(s.conferma(&email(), at(22)), Conferma::Persa);
    assert!(!s.inviata("p2", "http://psp/", false, at(23)));
    assert_eq!(s.id_pagamento.as_deref(), Some("p1"));
}

#[test]
fn b111_a_choice_confirmed_too_late_expires_and_nothing_is_asked() {
    let mut s = nuova();
    s.ritorno("w", at(0));
    assert_eq!(s.conferma(&email(), at(30 * 60 + 1)), Conferma::Scaduta);
    assert_eq!(s.stato(), StatoSessione::Scaduta);
    assert!(s.is_over() && !s.is_pending() && s.email.is_none());
}

#[test]
fn a_return_from_wisp_counts_once_and_never_reopens_what_is_past() {
    let mut s = nuova();
    assert_eq!(s.ritorno("w1", at(1)), Ritorno::Registrato);
    assert_eq!(s.ritorno("w1", at(2)), Ritorno::GiaRegistrato);
    assert_eq!(s.ritorno("w2", at(3)), Ritorno::Registrato);
    assert_eq!(s.annullo("ANNULLO", at(4)), Ritorno::Registrato);
    assert_eq!(s.ritorno("w2", at(5)), Ritorno::GiaRegistrato);
    assert_eq!(s.stato(), StatoSessione::Annullata);
    let mut s = confermata();
    assert_eq!(s.annullo("ANNULLO", at(30)), Ritorno::GiaRegistrato);
    assert_eq!(s.stato(), StatoSessione::Confermata);
}

#[test]
fn b136_a_receipt_that_comes_before_the_answer_of_the_core_is_kept() {
    let mut s = confermata();
    assert!(s.applica_rt(&rt(EsitoPagamento::Eseguito), at(30)));
    assert!(s.inviata("p1", "http://psp/", false, at(31)));
    assert_eq!(s.stato(), StatoSessione::Conclusa);
    assert_eq!(s.redirect.as_deref(), Some("http://psp/"));
}

#[test]
fn b129_a_late_negative_receipt_does_not_take_a_payment_back() {
    let mut s = confermata();
    s.applica_rt(&rt(EsitoPagamento::Eseguito), at(30));
    assert!(!s.applica_rt(&rt(EsitoPagamento::NonEseguito), at(31)));
    assert!(!s.applica_rt(&rt(EsitoPagamento::Eseguito), at(32)));
    assert_eq!(s.esito(), Some(EsitoPagamento::Eseguito));
}

#[test]
fn b131_money_that_comes_after_the_end_is_shown() {
    let mut s = confermata();
    assert!(s.applica_stato(
        StatoPagamento::NonEseguito,
        Some(StatoRpt::RptScaduta),
        at(30)
    ));
    assert_eq!(s.motivo.as_deref(), Some("RPT_SCADUTA"));
    assert!(s.applica_rt(&rt(EsitoPagamento::Eseguito), at(31)));
    assert_eq!((s.stato(), s.motivo), (StatoSessione::Conclusa, None));
}

#[test]
fn a_state_that_a_receipt_brings_waits_for_the_receipt() {
    let mut s = confermata();
    let rpt = Some(StatoRpt::RtAccettataPa);
    assert!(!s.applica_stato(StatoPagamento::NonEseguito, rpt, at(30)));
    assert!(!s.applica_stato(
        StatoPagamento::InCorso,
        Some(StatoRpt::RptAccettataNodo),
        at(30)
    ));
    assert!(s.is_pending());
}

#[test]
fn b110_a_waiting_session_ends_when_the_avviso_is_paid_elsewhere() {
    let mut s = confermata();
    s.inviata("p1", "http://psp/", false, at(21));
    assert!(s.pagata_altrove("01000000000004285", "x"));
    assert!(s.is_over() && !s.is_pending());
    assert!(!nuova().pagata_altrove("01000000000004285", "x"));
}

#[test]
fn a_refusal_is_told_with_the_words_of_the_core_even_after_the_event() {
    let mut s = confermata();
    s.applica_stato(StatoPagamento::Fallito, None, at(30));
    assert!(s.rifiutata("PAG_006", "Il PSP non è attivo.".into(), at(31)));
    assert_eq!(s.motivo_testo.as_deref(), Some("Il PSP non è attivo."));
    assert!(!s.torna_alla_scelta());
}

#[test]
fn changing_the_psp_kills_the_old_key_and_is_not_possible_once_confirmed() {
    let mut s = nuova();
    s.ritorno("w", at(1));
    assert!(s.cambia_psp("pa2"));
    assert_eq!(
        (s.stato(), s.key_pa.as_str()),
        (StatoSessione::Aperta, "pa2")
    );
    assert!(!confermata().cambia_psp("pa3"));
}

#[test]
fn names_of_the_states_go_there_and_back() {
    for stato in StatoSessione::ALL {
        assert_eq!(StatoSessione::parse(stato.name()), Some(stato));
    }
}
