//! Receipts of RPTs, in every outcome, order and number.

use domain::EsitoPagamento as E;
use domain::{Event, Importo};
use futures_util::future::join_all;
use pagopa::documenti::Rpt;

use crate::mondo::{A, Avviso, Mondo, STAZIONE_A};
use crate::nodo::{intestazione, rt};
use crate::presso_psp::attiva;

/// An activated attempt and its RPT.
async fn attivata(mondo: &Mondo, n: u64, ccp: &str) -> (Avviso, Rpt) {
    let avviso = mondo.pendenza(A, n, &[1250]);
    let rpt = attiva_di_nuovo(mondo, &avviso, ccp).await;
    (avviso, rpt)
}

async fn attiva_di_nuovo(mondo: &Mondo, avviso: &Avviso, ccp: &str) -> Rpt {
    let before = mondo.nodo.rpt().len();
    let answer = mondo.chiama_v1(avviso, ccp, &attiva(1250)).await;
    assert!(answer.fault.is_none(), "{:?}", answer.fault);
    mondo.attendi_rpt(before + 1).await.pop().unwrap()
}

#[tokio::test]
async fn a_negative_receipt_closes_the_attempt_and_the_avviso_can_be_paid_again() {
    let mondo = Mondo::start().await;
    let (avviso, rpt) = attivata(&mondo, 1, "c1").await;
    assert_eq!(mondo.consegna(&rt(&rpt, E::NonEseguito, &[])).await, None);
    assert_eq!(mondo.stato(&avviso), "NON_ESEGUITO");
    assert_eq!(mondo.conta("riscossioni"), 0);
    let rpt = attiva_di_nuovo(&mondo, &avviso, "c2").await;
    assert_eq!(mondo.consegna(&rt(&rpt, E::Eseguito, &[])).await, None);
    assert_eq!(mondo.stato(&avviso), "ESEGUITO");
    assert_eq!(mondo.conta("riscossioni"), 1);
    mondo.stop().await;
}

#[tokio::test]
async fn the_other_outcomes_leave_or_mark_the_pendenza() {
    let mondo = Mondo::start().await;
    for (n, esito, stato) in [
        (1, E::Decorrenza, "NON_ESEGUITO"),
        (2, E::Eseguito, "ESEGUITO"),
        (3, E::NonEseguito, "NON_ESEGUITO"),
    ] {
        let (avviso, rpt) = attivata(&mondo, n, &format!("c{n}")).await;
        assert_eq!(mondo.consegna(&rt(&rpt, esito, &[])).await, None);
        assert_eq!(mondo.stato(&avviso), stato);
        let event = mondo.eventi("rt.acquisita").pop().unwrap().event;
        let Event::RtAcquisita { esito: told, .. } = event else {
            panic!("{event:?}")
        };
        assert_eq!(told, esito);
    }
    mondo.stop().await;
}

/// The same receipt, from twenty senders at the same instant.
async fn twenty_at_once(mondo: Mondo) {
    let (avviso, rpt) = attivata(&mondo, 1, "c1").await;
    let receipt = rt(&rpt, E::Eseguito, &[]);
    let answers = join_all((0..20).map(|_| mondo.consegna(&receipt))).await;
    let taken = answers.iter().filter(|code| code.is_none()).count();
    let duplicates = answers
        .iter()
        .filter(|code| code.as_deref() == Some("PAA_RT_DUPLICATA"))
        .count();
    assert_eq!((taken, duplicates), (1, 19), "{answers:?}");
    assert_eq!(mondo.stato(&avviso), "ESEGUITO");
    assert_eq!(mondo.conta("riscossioni"), 1);
    assert_eq!(mondo.eventi("rt.acquisita").len(), 1);
    assert_eq!(
        mondo.leggi("SELECT CAST(importo_pagato AS TEXT) AS v FROM pendenze"),
        "1250"
    );
    mondo.stop().await;
}

#[tokio::test]
async fn b124_same_receipt_twice_at_once_is_stored_once() {
    twenty_at_once(Mondo::start().await).await;
}

#[tokio::test]
async fn b124_same_receipt_twice_at_once_is_stored_once_on_postgresql() {
    twenty_at_once(Mondo::start_pg().await).await;
}

#[tokio::test]
async fn b128_another_debtor_in_the_receipt_does_not_block_it() {
    let mondo = Mondo::start().await;
    let (avviso, rpt) = attivata(&mondo, 1, "c1").await;
    let mut receipt = rt(&rpt, E::Eseguito, &[]);
    receipt.soggetto_pagatore.anagrafica = "VERDI  Giuséppe".into();
    receipt.soggetto_pagatore.indirizzo = Some("Altrove".into());
    assert_eq!(mondo.consegna(&receipt).await, None);
    assert_eq!(mondo.stato(&avviso), "ESEGUITO");
    let why = mondo.leggi("SELECT descrizione_stato AS v FROM rpt");
    assert!(why.contains("anagraficaPagatore"), "{why}");
    mondo.stop().await;
}

#[tokio::test]
async fn b129_a_late_negative_receipt_leaves_a_paid_pendenza_paid() {
    let mondo = Mondo::start().await;
    let (avviso, first) = attivata(&mondo, 1, "c1").await;
    mondo.avanza(301).await;
    let second = attiva_di_nuovo(&mondo, &avviso, "c2").await;
    assert_eq!(mondo.consegna(&rt(&second, E::Eseguito, &[])).await, None);
    assert_eq!(mondo.consegna(&rt(&first, E::NonEseguito, &[])).await, None);
    assert_eq!(mondo.stato(&avviso), "ESEGUITO");
    let same = mondo.consegna(&rt(&second, E::NonEseguito, &[])).await;
    assert_eq!(same.as_deref(), Some("PAA_RT_DUPLICATA"));
    assert_eq!(mondo.stato(&avviso), "ESEGUITO");
    mondo.stop().await;
}

#[tokio::test]
async fn b126_a_second_payment_is_taken_and_marked() {
    let mondo = Mondo::start().await;
    let (avviso, first) = attivata(&mondo, 1, "c1").await;
    mondo.avanza(301).await;
    let second = attiva_di_nuovo(&mondo, &avviso, "c2").await;
    assert_eq!(mondo.consegna(&rt(&second, E::Eseguito, &[])).await, None);
    assert_eq!(mondo.consegna(&rt(&first, E::Eseguito, &[])).await, None);
    assert_eq!(mondo.stato(&avviso), "ESEGUITO!");
    assert_eq!(mondo.conta("riscossioni"), 2);
    assert_eq!(
        mondo.leggi("SELECT CAST(importo_pagato AS TEXT) AS v FROM pendenze"),
        "2500"
    );
    mondo.stop().await;
}

#[tokio::test]
async fn money_that_arrives_after_a_negative_receipt_of_the_same_attempt_is_not_lost() {
    let mondo = Mondo::start().await;
    let (avviso, rpt) = attivata(&mondo, 1, "c1").await;
    assert_eq!(mondo.consegna(&rt(&rpt, E::NonEseguito, &[])).await, None);
    assert_eq!(mondo.consegna(&rt(&rpt, E::Eseguito, &[])).await, None);
    assert_eq!(mondo.stato(&avviso), "ESEGUITO");
    assert_eq!(mondo.eventi("rt.acquisita").len(), 2);
    mondo.stop().await;
}

#[tokio::test]
async fn a_receipt_for_an_annulled_pendenza_is_taken_and_marked() {
    let mondo = Mondo::start().await;
    let (avviso, rpt) = attivata(&mondo, 1, "c1").await;
    mondo.esegui("UPDATE pendenze SET stato = 'ANNULLATO'");
    assert_eq!(mondo.consegna(&rt(&rpt, E::Eseguito, &[])).await, None);
    assert_eq!(mondo.stato(&avviso), "ESEGUITO!");
    mondo.stop().await;
}

#[tokio::test]
async fn another_amount_is_taken_and_marked() {
    let mondo = Mondo::start().await;
    let (avviso, rpt) = attivata(&mondo, 1, "c1").await;
    let mut receipt = rt(&rpt, E::Eseguito, &[]);
    receipt.dati_pagamento.singoli[0].importo = Importo::from_cents(1000).unwrap();
    receipt.dati_pagamento.importo_totale_pagato = Importo::from_cents(1000).unwrap();
    assert_eq!(mondo.consegna(&receipt).await, None);
    assert_eq!(mondo.stato(&avviso), "ESEGUITO!");
    mondo.stop().await;
}

#[tokio::test]
async fn a_receipt_without_a_place_is_kept_and_refused_as_often_as_it_comes() {
    let mondo = Mondo::start().await;
    let (_, rpt) = attivata(&mondo, 1, "c1").await;
    let mut receipt = rt(&rpt, E::Eseguito, &[]);
    receipt.dati_pagamento.codice_contesto_pagamento = "mai-visto".to_owned();
    for _ in 0..2 {
        let code = mondo.consegna(&receipt).await;
        assert_eq!(code.as_deref(), Some("PAA_RPT_SCONOSCIUTA"));
    }
    assert_eq!(mondo.conta("rt_orfane"), 1);
    assert_eq!(
        mondo.conta("eventi WHERE tipo = 'paaInviaRT' AND severita = 4"),
        2
    );
    mondo.stop().await;
}

#[tokio::test]
async fn a_receipt_that_contradicts_itself_is_kept_and_the_right_one_is_taken_later() {
    let mondo = Mondo::start().await;
    let (avviso, rpt) = attivata(&mondo, 1, "c1").await;
    let mut wrong = rt(&rpt, E::Eseguito, &[]);
    wrong.dati_pagamento.importo_totale_pagato = Importo::from_cents(999).unwrap();
    assert_eq!(
        mondo.consegna(&wrong).await.as_deref(),
        Some("PAA_SEMANTICA")
    );
    assert_eq!(mondo.stato(&avviso), "NON_ESEGUITO");
    assert_eq!(mondo.tentativi(&avviso), ["RT_RIFIUTATA_PA"]);
    assert_eq!(mondo.conta("rt_orfane"), 1);
    assert_eq!(mondo.consegna(&rt(&rpt, E::Eseguito, &[])).await, None);
    assert_eq!(mondo.stato(&avviso), "ESEGUITO");
    mondo.stop().await;
}

#[tokio::test]
async fn a_receipt_under_the_keys_of_another_is_refused() {
    let mondo = Mondo::start().await;
    let (avviso, rpt) = attivata(&mondo, 1, "c1").await;
    let header = intestazione(STAZIONE_A, A, &avviso.iuv, "altro");
    let answer = mondo.invia_rt(&header, &rt(&rpt, E::Eseguito, &[])).await;
    assert_eq!(answer.fault.unwrap().fault_code, "PAA_SEMANTICA");
    assert_eq!(mondo.stato(&avviso), "NON_ESEGUITO");
    mondo.stop().await;
}

#[tokio::test]
async fn every_exchange_is_in_the_giornale_without_passwords() {
    let mondo = Mondo::start().await;
    let (avviso, rpt) = attivata(&mondo, 1, "c1").await;
    mondo.attendi_stato(&avviso, &["RPT_ACCETTATA_NODO"]).await;
    assert_eq!(mondo.consegna(&rt(&rpt, E::Eseguito, &[])).await, None);
    for operation in ["paaAttivaRPT", "nodoInviaRPT", "paaInviaRT"] {
        let of = format!(
            "eventi WHERE tipo = '{operation}' AND id_pendenza = '{}'",
            avviso.id_pendenza
        );
        assert_eq!(mondo.conta(&of), 1, "{operation}");
    }
    let sent = mondo.leggi("SELECT richiesta AS v FROM eventi WHERE tipo = 'nodoInviaRPT'");
    assert!(
        sent.contains("nodoInviaRPT") && !sent.contains("Stazione01pw"),
        "{sent}"
    );
    mondo.stop().await;
}
