//! Killed, stopped, left alone: the work goes on where it was, and once.

use std::net::TcpListener;
use std::time::Duration;

use chrono::TimeDelta;
use platform::clock::real_now;
use test_support::servers::TestDatabase;
use test_support::wait_until;

use crate::core::recita;
use crate::fixture::{Mondo, Opzioni, molte};

/// A Loader whose timers have looked once, at its start, and will not look again.
async fn addormentato() -> Mondo {
    Mondo::start_with(Opzioni {
        timer_secs: 3600,
        ..Opzioni::default()
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_file_is_taken_up_after_a_restart() {
    let mut mondo = addormentato().await;
    let id = mondo.carica("nuovo.csv", molte("N", 3)).await;
    assert_eq!(mondo.vedi(id).await["stato"], "NUOVO");
    mondo.spegni().await;
    mondo.accendi().await;
    mondo.attendi(id, "CARICAMENTO_OK").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_validation_that_died_begins_again_from_the_first_row() {
    let mut mondo = addormentato().await;
    let id = mondo.carica("morta.csv", molte("V", 3)).await;
    // A process takes it and dies: its lease ends a second later.
    let (now, until) = (real_now(), real_now() + TimeDelta::seconds(1));
    let db = mondo.db().await;
    let preso = db
        .claim_validazione("morto".into(), now.naive_utc(), until.naive_utc(), now)
        .await
        .unwrap();
    assert!(preso.is_some());
    assert_eq!(mondo.vedi(id).await["stato"], "IN_VALIDAZIONE");
    mondo.spegni().await;
    mondo.accendi().await;
    let vista = mondo.attendi(id, "CARICAMENTO_OK").await;
    assert_eq!(vista["righeCaricate"], 3);
    let stati = mondo.sentite.stati(id);
    assert_eq!(
        stati.iter().filter(|s| *s == "IN_VALIDAZIONE").count(),
        1,
        "{stati:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_takes_what_another_process_is_working_on() {
    let mondo = addormentato().await;
    mondo.carica("presa.csv", molte("P", 1)).await;
    let db = mondo.db().await;
    let claim = |chi: &str, secondi: i64| {
        let (now, until) = (real_now(), real_now() + TimeDelta::seconds(secondi));
        let (db, chi) = (db.clone(), chi.to_owned());
        async move {
            db.claim_validazione(chi, now.naive_utc(), until.naive_utc(), now)
                .await
                .unwrap()
        }
    };
    let primo = claim("a", 3600).await.expect("the first takes it");
    assert!(claim("b", 3600).await.is_none());
    let until = (real_now() - TimeDelta::seconds(1)).naive_utc();
    assert!(db.renew(primo.id, "a".into(), until).await.unwrap());
    assert!(
        claim("b", 3600).await.is_some(),
        "the lease of the first has ended"
    );
    assert!(
        !db.renew(primo.id, "a".into(), until).await.unwrap(),
        "and its claim is lost"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_loading_that_is_stopped_goes_on_from_the_rows_without_outcome() {
    let mut mondo = Mondo::start().await;
    *mondo.core.lento.lock().unwrap() = Duration::from_millis(400);
    let id = mondo.carica("fermata.csv", molte("F", 4000)).await;
    wait_until("some rows have an outcome", || async {
        let vista = mondo.vedi(id).await;
        if vista["righeCaricate"].as_i64().unwrap() > 0 {
            Ok(())
        } else {
            Err(vista.to_string())
        }
    })
    .await;
    mondo.spegni().await;
    let prima = mondo.core.messe().len();
    assert!(prima < 4000, "stopped in the middle");
    *mondo.core.lento.lock().unwrap() = Duration::ZERO;
    mondo.accendi().await;
    let vista = mondo.attendi(id, "CARICAMENTO_OK").await;
    assert_eq!(vista["righeCaricate"], 4000);
    let messe = mondo.core.messe();
    assert_eq!(messe.len(), 4000);
    // Only the blocks that were with the core at the stop are given again.
    let ripetute = messe.values().filter(|n| **n > 1).count();
    assert!(ripetute <= 1500, "{ripetute}");
    let righe = mondo
        .json(&format!("/api/v1/tracciati/{id}/righe?limite=1000"))
        .await;
    assert!(
        righe
            .as_array()
            .unwrap()
            .iter()
            .all(|r| r["esito"] == "ADD_OK")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_core_that_is_down_is_waited_for_and_nothing_is_lost() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = closed.local_addr().unwrap();
    drop(closed);
    let mondo = Mondo::start_with(Opzioni {
        core_url: Some(format!("http://{address}")),
        ..Opzioni::default()
    })
    .await;
    let id = mondo.carica("attesa.csv", molte("A", 20)).await;
    let vista = wait_until("the file waits with a note", || async {
        let vista = mondo.vedi(id).await;
        if vista["nota"].is_string() {
            Ok(vista)
        } else {
            Err(vista.to_string())
        }
    })
    .await;
    assert_eq!(vista["stato"], "IN_CARICAMENTO");
    assert!(
        vista["nota"].as_str().unwrap().contains("govpay-core"),
        "{vista}"
    );
    let _core = recita(&mondo.core, Some(TcpListener::bind(address).unwrap())).await;
    let vista = mondo.attendi(id, "CARICAMENTO_OK").await;
    assert_eq!(vista["righeCaricate"], 20);
    assert!(vista["nota"].is_null());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_core_that_says_503_in_the_middle_loses_no_row() {
    let mondo = Mondo::start().await;
    *mondo.core.lento.lock().unwrap() = Duration::from_millis(300);
    let id = mondo.carica("singhiozzo.csv", molte("S", 4000)).await;
    wait_until("some rows are loaded", || async {
        let vista = mondo.vedi(id).await;
        match vista["righeCaricate"].as_i64() {
            Some(n) if n > 0 => Ok(()),
            _ => Err(vista.to_string()),
        }
    })
    .await;
    *mondo.core.giu.lock().unwrap() = true;
    wait_until("the file waits", || async {
        let vista = mondo.vedi(id).await;
        if vista["nota"].is_string() {
            Ok(())
        } else {
            Err(vista.to_string())
        }
    })
    .await;
    *mondo.core.giu.lock().unwrap() = false;
    let vista = mondo.attendi(id, "CARICAMENTO_OK").await;
    assert_eq!(vista["righeCaricate"], 4000);
}

/// Two Loaders on one store: each row is given once, each state announced once.
async fn due_repliche(mut mondo: Mondo) {
    mondo.accendi().await;
    let mut ids = vec![];
    for n in 0..6 {
        let csv = molte(&format!("R{n}"), 50);
        ids.push(mondo.carica(&format!("replica-{n}.csv"), csv).await);
    }
    for id in &ids {
        mondo.attendi(*id, "CARICAMENTO_OK").await;
    }
    let messe = mondo.core.messe();
    assert_eq!(messe.len(), 300);
    assert!(messe.values().all(|n| *n == 1), "each row once");
    for id in ids {
        wait_until("the events arrive", || async {
            match mondo.sentite.stati(id).len() {
                5 => Ok(()),
                n => Err(format!("{n} events")),
            }
        })
        .await;
    }
    mondo.spegni().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn b025_two_replicas_share_the_files_and_every_row_is_done_once() {
    due_repliche(Mondo::start().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn b025_two_replicas_on_postgresql_do_every_row_once() {
    let database = TestDatabase::create();
    let mondo = Mondo::start_with(Opzioni {
        database: Some(database.url.clone()),
        ..Opzioni::default()
    });
    due_repliche(mondo.await).await;
}
