//! A receipt against its request.

use domain::{EsitoPagamento, Importo};
use pagopa::documenti::{Rt, Severity, check_rt, match_voci};

use crate::samples::{euro, rpt, rpt_full, rt};

/// Paths of the differences with this severity.
fn differences(rt: &Rt, severity: Severity) -> Vec<String> {
    let found = check_rt(rt, &rpt_full()).into_iter();
    found
        .filter(|d| d.severity == severity)
        .map(|d| d.path)
        .collect()
}

fn paid() -> Rt {
    rt(&rpt_full(), EsitoPagamento::Eseguito)
}

#[test]
fn every_outcome_has_a_receipt_without_differences() {
    for esito in [
        EsitoPagamento::Eseguito,
        EsitoPagamento::NonEseguito,
        EsitoPagamento::Decorrenza,
    ] {
        assert_eq!(check_rt(&rt(&rpt_full(), esito), &rpt_full()), []);
    }
    for (esito, cents) in [
        (EsitoPagamento::EseguitoParziale, 1_000),
        (EsitoPagamento::DecorrenzaParziale, 1_000),
    ] {
        let mut partial = rt(&rpt_full(), esito);
        partial.dati_pagamento.singoli[0].importo = euro(cents);
        partial.dati_pagamento.importo_totale_pagato = euro(cents);
        assert_eq!(check_rt(&partial, &rpt_full()), []);
    }
    let mut without_rows = rt(&rpt_full(), EsitoPagamento::NonEseguito);
    without_rows.dati_pagamento.singoli.clear();
    assert_eq!(check_rt(&without_rows, &rpt_full()), []);
}

#[test]
fn another_key_is_fatal() {
    type Change = fn(&mut Rt);
    let changes: [(Change, &str); 4] = [
        (
            |rt| rt.dominio.identificativo_dominio = "09876543217".into(),
            "dominio/identificativoDominio",
        ),
        (
            |rt| rt.dati_pagamento.identificativo_univoco_versamento = "1".into(),
            "datiPagamento/identificativoUnivocoVersamento",
        ),
        (
            |rt| rt.dati_pagamento.codice_contesto_pagamento = "1".into(),
            "datiPagamento/CodiceContestoPagamento",
        ),
        (
            |rt| rt.riferimento_messaggio_richiesta = "1".into(),
            "riferimentoMessaggioRichiesta",
        ),
    ];
    for (change, path) in changes {
        let mut rt = paid();
        change(&mut rt);
        assert_eq!(differences(&rt, Severity::Fatal), [path]);
    }
}

#[test]
fn amounts_that_contradict_each_other_are_fatal() {
    let total = "datiPagamento/importoTotalePagato";
    let mut rt = paid();
    rt.dati_pagamento.importo_totale_pagato = euro(4_600);
    assert_eq!(differences(&rt, Severity::Fatal), [total]);

    let mut rt = paid();
    rt.dati_pagamento.esito = EsitoPagamento::NonEseguito;
    assert_eq!(differences(&rt, Severity::Fatal), [total]);

    let mut rt = paid();
    let dati = &mut rt.dati_pagamento;
    dati.importo_totale_pagato = Importo::ZERO;
    dati.singoli
        .iter_mut()
        .for_each(|s| s.importo = Importo::ZERO);
    assert_eq!(differences(&rt, Severity::Fatal), [total]);

    let mut rt = paid();
    let last = rt.dati_pagamento.singoli.pop().unwrap();
    rt.dati_pagamento.importo_totale_pagato = euro(4_599 - last.importo.cents());
    assert_eq!(
        differences(&rt, Severity::Fatal),
        ["datiPagamento/datiSingoloPagamento"]
    );

    let mut rt = paid();
    rt.dati_pagamento.singoli.clear();
    assert_eq!(
        differences(&rt, Severity::Fatal),
        ["datiPagamento/datiSingoloPagamento"]
    );
}

#[test]
fn another_amount_than_the_one_asked_is_a_flag_because_the_money_was_taken() {
    let mut rt = paid();
    rt.dati_pagamento.singoli[0].importo = euro(1_001);
    rt.dati_pagamento.importo_totale_pagato = euro(4_600);
    assert_eq!(differences(&rt, Severity::Fatal), Vec::<String>::new());
    assert_eq!(
        differences(&rt, Severity::Flag),
        [
            "datiPagamento/importoTotalePagato",
            "datiPagamento/datiSingoloPagamento[1]/singoloImportoPagato"
        ]
    );
}

#[test]
fn b128_debtor_data_that_differ_are_a_flag_without_the_data() {
    let request = rpt();
    let mut rt = rt(&request, EsitoPagamento::Eseguito);
    rt.soggetto_pagatore.anagrafica = "GIUSEPPE VERDI".into();
    rt.soggetto_pagatore.email = None;
    assert_eq!(check_rt(&rt, &request), []);
    rt.soggetto_pagatore.anagrafica = "Verdi Giuseppe".into();
    let found = check_rt(&rt, &request);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].severity, Severity::Flag);
    assert!(!found[0].message.contains("Verdi"));
}

#[test]
fn b102_payments_in_another_order_are_not_a_difference() {
    let mut rt = paid();
    rt.dati_pagamento.singoli.swap(0, 2);
    assert_eq!(match_voci(&rt, &rpt_full()), [Some(2), Some(1), Some(0)]);
    assert_eq!(check_rt(&rt, &rpt_full()), []);
}

#[test]
fn payments_with_changed_texts_keep_their_place() {
    let mut rt = paid();
    rt.dati_pagamento.singoli[1].causale = "cambiata".to_owned();
    assert_eq!(match_voci(&rt, &rpt_full()), [Some(0), Some(1), Some(2)]);
    assert_eq!(
        differences(&rt, Severity::Flag),
        ["datiPagamento/datiSingoloPagamento[2]/causaleVersamento"]
    );
    let extra = rt.dati_pagamento.singoli[1].clone();
    rt.dati_pagamento.singoli.push(extra);
    assert_eq!(match_voci(&rt, &rpt_full()).last(), Some(&None));
}
