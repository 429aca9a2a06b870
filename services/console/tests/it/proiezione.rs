//! Events and the core's lists become rows, whatever the order and however often they come.

use domain::{EsitoPagamento, Event};
use serde_json::json;
use wiremock::MockServer;

use crate::fixture::*;

#[tokio::test]
async fn b175_b183_events_in_any_order_end_in_the_final_state() {
    let mondo = Mondo::start().await;
    let of = |ccp: &'static str| Tentativo { ccp, ..TENTATIVO };
    let news = |ccp| {
        [
            pagamento(of(ccp), ago(30), "IN_CORSO", "RPT_ATTIVATA"),
            pagamento(of(ccp), ago(29), "IN_CORSO", "RPT_ACCETTATA_NODO"),
            rt(of(ccp), ago(10), EsitoPagamento::Eseguito),
            pagamento(of(ccp), ago(10), "ESEGUITO", "RT_ACCETTATA_PA"),
        ]
    };
    mondo.hear_all(news("dritto")).await;
    let mut reversed = news("rovescio");
    reversed.reverse();
    mondo.hear_all(reversed).await;
    let [a, b, c, d] = news("misto");
    mondo.hear_all([c, a, d, b]).await;

    let rows = mondo.db.tentativi_di(A2A.into(), ID.into()).await.unwrap();
    assert_eq!(rows.len(), 3);
    for row in rows {
        assert_eq!(
            (row.gruppo.as_str(), row.in_attesa),
            ("eseguito", false),
            "{}",
            row.ccp
        );
        assert_eq!(
            row.stato_rpt.as_deref(),
            Some("RT_ACCETTATA_PA"),
            "{}",
            row.ccp
        );
        assert_eq!(row.importo_pagato, Some(123_450), "{}", row.ccp);
    }
    mondo.stop().await;
}

#[tokio::test]
async fn b181_an_event_delivered_twice_counts_once() {
    let mondo = Mondo::start().await;
    let event = pagamento(TENTATIVO, ago(5), "IN_CORSO", "RPT_ATTIVATA");
    mondo.hear_all([event.clone(), event.clone(), event]).await;
    let bus = mondo
        .db
        .eventi_di(A2A.into(), ID.into(), 100)
        .await
        .unwrap();
    assert_eq!(bus.len(), 1);
    assert_eq!(
        bus[0].trace_id.as_deref(),
        Some("4bf92f3577b34da6a3ce929d0e0e4736")
    );
    assert!(bus[0].dati.contains("RPT_ATTIVATA"));
    assert_eq!(
        mondo
            .db
            .tentativi_di(A2A.into(), ID.into())
            .await
            .unwrap()
            .len(),
        1
    );
    mondo.stop().await;
}

#[tokio::test]
async fn a_paid_pendenza_is_not_set_back_and_a_tracciato_keeps_its_end() {
    let mondo = Mondo::start().await;
    mondo
        .hear_all([
            pendenza_stato(DOMINIO, ID, ago(20), "ESEGUITA"),
            pendenza_stato(DOMINIO, ID, ago(10), "NON_ESEGUITA"),
        ])
        .await;
    let row = mondo
        .db
        .find_pendenza(A2A.into(), ID.into())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(row.stato, "ESEGUITA");

    let tracciato = |seconds, stato: &str| {
        envelope(
            ago(seconds),
            Event::TracciatoStato {
                id_tracciato: "t1".into(),
                nome_file: "tari.csv".into(),
                stato: stato.into(),
                righe: 10,
                righe_valide: 9,
                righe_caricate: 9,
                righe_in_errore: 1,
            },
        )
    };
    mondo
        .hear_all([
            tracciato(5, "CARICAMENTO_KO"),
            tracciato(3, "IN_CARICAMENTO"),
        ])
        .await;
    assert_eq!(mondo.db.conta_tracciati_con_errori().await.unwrap(), 1);
    let page = mondo.open("/tracciati").await;
    page.expect("tari.csv").expect("Caricamento KO");
    mondo.stop().await;
}

/// A core with two pages of attempts and one of pendenze.
async fn full_core() -> MockServer {
    let core = MockServer::start().await;
    core_is_empty(&core).await;
    let first = rpp(DOMINIO, "c1", "RT_ACCETTATA_PA", Some("ESEGUITO"));
    let second = rpp(DOMINIO, "c2", "RPT_ACCETTATA_NODO", None);
    core_has_page(&core, "rpp", 1, false, vec![first]).await;
    core_has_page(&core, "rpp", 2, true, vec![second]).await;
    core_has_page(
        &core,
        "pendenze",
        1,
        true,
        vec![pendenza(DOMINIO, "ESEGUITA", json!("/rpp"))],
    )
    .await;
    core
}

#[tokio::test]
async fn an_empty_projection_fills_itself_from_the_core_at_the_start() {
    let mondo = Mondo::start_on(full_core().await, tempfile::tempdir().unwrap(), |_| ()).await;
    let rows = test_support::wait_until("the projection is full", || async {
        let rows = mondo.db.tentativi_di(A2A.into(), ID.into()).await.unwrap();
        if rows.len() == 2 {
            Ok(rows)
        } else {
            Err(rows.len().to_string())
        }
    })
    .await;
    assert_eq!(rows.iter().filter(|row| row.in_attesa).count(), 1);
    assert_eq!(rows[0].primo_at.to_string(), "2026-01-15 10:00:00");
    let pendenza = mondo
        .db
        .find_pendenza(A2A.into(), ID.into())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (pendenza.stato.as_str(), pendenza.importo),
        ("ESEGUITA", 123_450)
    );
    mondo.stop().await;
}

#[tokio::test]
async fn the_projection_survives_a_restart_without_asking_the_core() {
    let mondo = Mondo::start().await;
    mondo
        .hear(pagamento(TENTATIVO, ago(5), "IN_CORSO", "RPT_ATTIVATA"))
        .await;
    let (core, folder) = mondo.stop().await;
    core.reset().await;
    let mondo = Mondo::start_on(core, folder, |_| ()).await;
    mondo.login(ADMIN).await;
    mondo.open("/pagamenti").await.expect("1.234,50");
    assert!(
        mondo
            .core
            .received_requests()
            .await
            .unwrap()
            .iter()
            .all(|r| !r.url.path().ends_with("/rpp"))
    );
    mondo.stop().await;
}

#[tokio::test]
async fn the_core_that_is_down_at_the_start_is_asked_again_until_it_answers() {
    let core = MockServer::start().await;
    let down = wiremock::ResponseTemplate::new(503);
    wiremock::Mock::given(wiremock::matchers::path(format!("{API}/rpp")))
        .respond_with(down)
        .with_priority(1)
        .up_to_n_times(1)
        .mount(&core)
        .await;
    core_is_empty(&core).await;
    let row = rpp(DOMINIO, "c1", "RPT_ACCETTATA_NODO", None);
    core_has_page(&core, "rpp", 1, true, vec![row]).await;
    let mondo = Mondo::start_on(core, tempfile::tempdir().unwrap(), |_| ()).await;
    test_support::wait_until("the projection is full", || async {
        let rows = mondo.db.tentativi_di(A2A.into(), ID.into()).await.unwrap();
        if rows.len() == 1 {
            Ok(())
        } else {
            Err("empty".to_owned())
        }
    })
    .await;
    mondo.stop().await;
}

/// Pendenze told of together are the same rows as pendenze told of one by one, in any order.
async fn together_is_the_same_as_one_by_one(mondo: &Mondo) {
    let (early, late, last) = (ago(30), ago(10), ago(5));
    mondo
        .hear_all([
            pendenze_caricate(
                DOMINIO,
                late,
                &[("T-1", "ANNULLATA"), ("T-2", "NON_ESEGUITA")],
            ),
            pendenze_caricate(
                DOMINIO,
                early,
                &[("T-1", "NON_ESEGUITA"), ("T-3", "NON_ESEGUITA")],
            ),
            pendenza_stato(DOMINIO, "T-2", early, "ANNULLATA"),
            pendenza_stato(DOMINIO, "T-3", late, "ESEGUITA"),
            pendenze_caricate(DOMINIO, last, &[("T-3", "NON_ESEGUITA")]),
        ])
        .await;
    mondo
        .hear_all([
            pendenza_stato(DOMINIO, "S-1", late, "ANNULLATA"),
            pendenza_stato(DOMINIO, "S-2", late, "NON_ESEGUITA"),
            pendenza_stato(DOMINIO, "S-1", early, "NON_ESEGUITA"),
            pendenza_stato(DOMINIO, "S-3", early, "NON_ESEGUITA"),
            pendenza_stato(DOMINIO, "S-2", early, "ANNULLATA"),
            pendenza_stato(DOMINIO, "S-3", late, "ESEGUITA"),
            pendenza_stato(DOMINIO, "S-3", last, "NON_ESEGUITA"),
        ])
        .await;
    for n in 1..=3 {
        let seen = |prefix: &str| mondo.db.find_pendenza(A2A.into(), format!("{prefix}-{n}"));
        let mut together = seen("T").await.unwrap().unwrap();
        let one_by_one = seen("S").await.unwrap().unwrap();
        // Two events have two ids; what they sort by first is the time.
        assert_eq!(together.ordine[..20], one_by_one.ordine[..20], "{n}");
        together.id_pendenza.clone_from(&one_by_one.id_pendenza);
        together.ordine.clone_from(&one_by_one.ordine);
        assert_eq!(together, one_by_one, "{n}");
    }
    // The story of a pendenza has the event that it came with.
    let story = mondo.db.eventi_di(A2A.into(), "T-2".into(), 100).await;
    let story = story.unwrap();
    let keys: Vec<&str> = story.iter().map(|row| row.chiave.as_str()).collect();
    assert_eq!(keys, ["pendenze.caricate", "pendenza.stato"]);
    assert_eq!(story[0].dati, r#"{"stato":"NON_ESEGUITA"}"#);
}

#[tokio::test]
async fn pendenze_told_of_together_become_the_same_rows() {
    let mondo = Mondo::start().await;
    together_is_the_same_as_one_by_one(&mondo).await;
    mondo.stop().await;
}

#[tokio::test]
async fn pendenze_told_of_together_become_the_same_rows_on_postgresql() {
    let database = test_support::servers::TestDatabase::create();
    let mondo = Mondo::start_on_pg(&database).await;
    together_is_the_same_as_one_by_one(&mondo).await;
    mondo.stop().await;
}
