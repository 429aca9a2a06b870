//! Outbox, inbox and clock on both backends.

use chrono::TimeDelta;
use domain::Event;
use platform::clock::real_now;
use platform::{Store, StoreError};
use test_support::servers::TestDatabase;

use crate::fixture::migrations;

/// Runs the check on SQLite and on PostgreSQL.
async fn on_both<F, W>(check: F)
where
    F: Fn(Store) -> W,
    W: Future<Output = ()>,
{
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("prova.db").display());
    check(Store::open(&url, "loader", migrations()).await.unwrap()).await;
    let database = TestDatabase::create();
    check(
        Store::open(&database.url, "loader", migrations())
            .await
            .unwrap(),
    )
    .await;
}

#[tokio::test]
async fn a_claimed_event_is_not_claimed_again_until_its_lease_ends() {
    on_both(|store| async move {
        store.advance_clock("loader", 60, real_now()).await.unwrap();
        let lease = TimeDelta::seconds(30);

        let first = store.outbox_claim(10, real_now(), lease).await.unwrap();
        let second = store.outbox_claim(10, real_now(), lease).await.unwrap();
        let later = real_now() + TimeDelta::seconds(31);
        let after_the_lease = store.outbox_claim(10, later, lease).await.unwrap();

        assert_eq!(
            (first.len(), second.len(), after_the_lease.len()),
            (1, 0, 1)
        );
        assert_eq!(first[0].routing_key, "orologio.spostato");
        store
            .outbox_mark_published(vec![first[0].id], later)
            .await
            .unwrap();
        assert_eq!(store.outbox_waiting().await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn the_clock_only_moves_forward_and_announces_each_step() {
    on_both(|store| async move {
        assert_eq!(
            store
                .advance_clock("loader", 300, real_now())
                .await
                .unwrap(),
            300
        );
        assert_eq!(
            store.advance_clock("loader", 60, real_now()).await.unwrap(),
            360
        );
        store.raise_clock(100).await.unwrap();
        assert_eq!(store.read_clock().await.unwrap(), 360);

        let rows = store
            .outbox_claim(10, real_now(), TimeDelta::seconds(1))
            .await
            .unwrap();
        let events: Vec<Event> = rows
            .iter()
            .map(|row| {
                serde_json::from_str::<domain::Envelope>(&row.payload)
                    .unwrap()
                    .event
            })
            .collect();
        let step = |offset_secs| Event::OrologioSpostato { offset_secs };
        assert_eq!(events, [step(300), step(360)]);
    })
    .await;
}

#[tokio::test]
async fn a_secret_is_made_once() {
    on_both(|store| async move {
        let first = store.secret("chiave", "a".into()).await.unwrap();
        let second = store.secret("chiave", "b".into()).await.unwrap();
        assert_eq!((first.as_str(), second.as_str()), ("a", "a"));
    })
    .await;
}

#[tokio::test]
async fn replicas_that_start_together_wait_for_each_other() {
    let database = TestDatabase::create();
    let starts = (0..4).map(|_| Store::open(&database.url, "console", migrations()));
    for opened in futures_util::future::join_all(starts).await {
        opened.unwrap().ping().await.unwrap();
    }
}

#[tokio::test]
async fn a_database_that_does_not_answer_is_unavailable_and_a_bad_address_is_not() {
    let refused = Store::open("postgres://postgres@127.0.0.1:1/x", "wisp", migrations()).await;
    assert!(refused.err().unwrap().is_unavailable());
    let wrong = Store::open("mysql://127.0.0.1/x", "wisp", migrations())
        .await
        .err()
        .unwrap();
    assert!(
        matches!(&wrong, StoreError::Address(text) if text.contains("mysql")),
        "{wrong}"
    );
}
