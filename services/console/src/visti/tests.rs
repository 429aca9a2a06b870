//! Every order of the same news ends in the same row.

use super::*;

fn at(ms: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(1_768_471_200_000 + ms).unwrap()
}

fn quando(ms: i64) -> Quando {
    Quando::new(at(ms), &format!("evento-{ms}"))
}

fn nuova() -> PagamentoVisto {
    PagamentoVisto::unseen(
        "12345678903",
        "01000000000004285",
        "n/a",
        at(1_000_000).naive_utc(),
    )
}

fn stato(stato: &str, rpt: &str) -> Notizia {
    Notizia {
        stato: Some(stato.into()),
        stato_rpt: Some(rpt.into()),
        importo: Some(1250),
        ..Notizia::default()
    }
}

fn rt(esito: &str) -> Notizia {
    Notizia {
        ricevuta: Some(Ricevuta {
            esito: Some(esito.into()),
            importo_pagato: Some(1250),
            anomala: false,
        }),
        ..Notizia::default()
    }
}

/// All orders of `n` things.
fn orders(n: usize) -> Vec<Vec<usize>> {
    if n == 0 {
        return vec![vec![]];
    }
    let mut all = Vec::new();
    for order in orders(n - 1) {
        for place in 0..=order.len() {
            let mut order = order.clone();
            order.insert(place, n - 1);
            all.push(order);
        }
    }
    all
}

#[test]
fn b175_b183_whatever_the_order_of_the_events_the_row_ends_the_same() {
    let news = [
        (stato("IN_CORSO", "RPT_ATTIVATA"), quando(1)),
        (stato("IN_CORSO", "RPT_ACCETTATA_NODO"), quando(2)),
        (rt("ESEGUITO"), quando(3)),
        (stato("ESEGUITO", "RT_ACCETTATA_PA"), quando(3)),
    ];
    let mut rows = Vec::new();
    for order in orders(news.len()) {
        let mut row = nuova();
        for i in order {
            row.applica(&news[i].0, &news[i].1);
        }
        rows.push(row);
    }
    assert_eq!(rows.len(), 24);
    assert!(rows.iter().all(|row| *row == rows[0]));
    assert_eq!(rows[0].badge(), ("esito", "ESEGUITO"));
    assert_eq!(rows[0].stato.as_deref(), Some("ESEGUITO"));
    assert_eq!(rows[0].primo_at, at(1).naive_utc());
    assert!(!rows[0].in_attesa);
}

#[test]
fn the_same_news_again_changes_nothing() {
    let mut row = nuova();
    assert!(row.applica(&rt("NON_ESEGUITO"), &quando(5)));
    assert!(!row.applica(&rt("NON_ESEGUITO"), &quando(5)));
    assert_eq!(row.gruppo, "non-eseguito");
}

#[test]
fn a_receipt_for_an_expired_attempt_wins_and_nothing_brings_the_wait_back() {
    let mut row = nuova();
    row.applica(&stato("NON_ESEGUITO", "RPT_SCADUTA"), &quando(5));
    assert_eq!((row.gruppo.as_str(), row.in_attesa), ("scaduto", false));
    row.applica(&stato("IN_CORSO", "RPT_ACCETTATA_NODO"), &quando(9));
    assert_eq!(row.gruppo, "scaduto");
    row.applica(&rt("ESEGUITO"), &quando(10));
    assert_eq!(row.gruppo, "eseguito");
}

#[test]
fn every_state_falls_in_a_group_and_only_pending_ones_wait() {
    for stato in StatoRpt::ALL {
        let gruppo = Gruppo::of(None, Some(stato.name()), Some("IN_CORSO"));
        let waits = stato.is_pending() || stato == StatoRpt::RtAccettataPa;
        assert_eq!(gruppo == Gruppo::Attesa, waits, "{stato:?}");
    }
    for esito in EsitoPagamento::ALL {
        let gruppo = Gruppo::of(Some(esito.name()), Some("RPT_ACCETTATA_NODO"), None);
        assert_ne!(gruppo, Gruppo::Attesa, "{esito:?}");
    }
    assert_eq!(
        Gruppo::of(None, Some("RPT_DI_DOMANI"), None),
        Gruppo::Attesa
    );
    for gruppo in Gruppo::ALL {
        assert_eq!(Gruppo::parse(gruppo.name()), Some(gruppo));
    }
}

fn pendenza(stato: &str, ms: i64) -> PendenzaVista {
    PendenzaVista {
        id_a2a: "GESTIONALE".into(),
        id_pendenza: "TARI-1".into(),
        id_dominio: "12345678903".into(),
        numero_avviso: None,
        iuv: None,
        importo: 1250,
        stato: stato.into(),
        prima_at: at(ms).naive_utc(),
        ultima_at: at(ms).naive_utc(),
        ordine: quando(ms).ordine,
    }
}

#[test]
fn a_pendenza_follows_its_last_state_and_a_paid_one_stays_paid() {
    let mut row = pendenza("NON_ESEGUITA", 1);
    assert!(row.applica(&pendenza("ANNULLATA", 3)));
    row.applica(&pendenza("NON_ESEGUITA", 2));
    assert_eq!(row.stato, "ANNULLATA");
    row.applica(&pendenza("NON_ESEGUITA", 4));
    assert_eq!(row.stato, "NON_ESEGUITA");
    row.applica(&pendenza("ESEGUITA", 3));
    row.applica(&pendenza("SCADUTA", 9));
    assert_eq!(row.stato, "ESEGUITA");
    row.applica(&pendenza("ANOMALA", 10));
    assert_eq!(row.stato, "ANOMALA");
}

#[test]
fn a_tracciato_that_ended_does_not_start_again() {
    let tracciato = |stato: &str, ms: i64| TracciatoVisto {
        id_tracciato: "1".into(),
        nome_file: "tari.csv".into(),
        stato: stato.into(),
        righe: 10,
        righe_valide: 10,
        righe_caricate: 0,
        righe_in_errore: 0,
        primo_at: at(ms).naive_utc(),
        ultimo_at: at(ms).naive_utc(),
        ordine: quando(ms).ordine,
    };
    let mut row = tracciato("CARICAMENTO_KO", 5);
    row.applica(&tracciato("IN_CARICAMENTO", 4));
    row.applica(&tracciato("IN_CARICAMENTO", 9));
    assert_eq!(row.stato, "CARICAMENTO_KO");
    assert_eq!(row.primo_at, at(4).naive_utc());
    assert!(row.has_errors() && ERRORI.iter().all(|s| StatoTracciato::parse(s).is_some()));
}
