//! Several processes, several deliveries, the other store.

use std::time::{Duration, Instant};

use domain::{Envelope, EsitoPagamento};
use portale_ente::db::Db;
use serde_json::json;

use crate::fixture::{Mondo, NUMERO, now, rt, stato};

/// Held answers last at most 25 s: one that ends well before was woken.
const WOKEN: Duration = Duration::from_secs(15);

/// The store as another replica uses it: no notification reaches this process.
async fn elsewhere(mondo: &Mondo, envelope: Envelope) -> Vec<String> {
    let db = Db(mondo.store.clone());
    db.applica_evento(envelope, format!("{}/pagamenti", mondo.url), now())
        .await
        .unwrap()
}

fn envelope(event: domain::Event) -> Envelope {
    let json = json!({
        "id": "0190d3a0-0000-7000-8000-000000000001", "occurredAt": "2026-01-15T10:00:00Z", "source": "govpay-core"
    });
    let mut value = serde_json::to_value(event).unwrap();
    value
        .as_object_mut()
        .unwrap()
        .extend(json.as_object().unwrap().clone());
    serde_json::from_value(value).unwrap()
}

#[tokio::test]
async fn an_event_heard_by_another_replica_wakes_held_answers_and_streams() {
    let mondo = Mondo::start().await;
    let (_, id) = mondo.paga().await;
    let begun = Instant::now();
    let client = reqwest::Client::builder().build().unwrap();
    let stream = client
        .get(format!("{}/pagamenti/{id}/eventi", mondo.url))
        .send()
        .await
        .unwrap();
    let back = format!("/pagamenti/{id}?attendi=25");

    let (page, changed) = tokio::join!(
        mondo.open(&back),
        elsewhere(
            &mondo,
            envelope(rt(Some(&id), "c1", EsitoPagamento::Eseguito, "12.50"))
        )
    );

    assert_eq!(changed, [id]);
    page.expect("Pagamento eseguito");
    assert!(stream.text().await.unwrap().contains("event: fine"));
    assert!(begun.elapsed() < WOKEN, "{:?}", begun.elapsed());
    mondo.stop().await;
}

#[tokio::test]
async fn b124_the_same_event_twice_counts_once() {
    let mondo = Mondo::start().await;
    let (_, id) = mondo.paga().await;
    let event = envelope(rt(Some(&id), "c1", EsitoPagamento::Eseguito, "12.50"));

    let (a, b) = tokio::join!(elsewhere(&mondo, event.clone()), elsewhere(&mondo, event));

    assert_eq!(a.len() + b.len(), 1);
    let mail = mondo.open("/posta").await.text();
    assert_eq!(mail.matches("<article").count(), 1, "one message");
    mondo.stop().await;
}

#[tokio::test]
async fn the_whole_way_works_on_postgresql() {
    let database = test_support::servers::TestDatabase::create();
    let mondo = Mondo::on_postgresql(&database).await;
    let (bank, id) = mondo.paga().await;
    assert_eq!(bank.url.as_str(), mondo.bank());
    mondo.send(stato(&id, "IN_CORSO", "RPT_ACCETTATA_NODO"));
    let event = envelope(rt(Some(&id), "c1", EsitoPagamento::Eseguito, "12.50"));
    let back = format!("/pagamenti/{id}?attendi=25&esito=OK");
    let (page, a, b) = tokio::join!(
        mondo.open(&back),
        elsewhere(&mondo, event.clone()),
        elsewhere(&mondo, event)
    );
    assert_eq!(a.len() + b.len(), 1, "the same event at once counts once");
    page.expect("Pagamento eseguito");
    mondo
        .open("/posta")
        .await
        .expect("Ricevuta Telematica dell'avviso");
    mondo.open("/pagamenti").await.expect(NUMERO);
    mondo.stop().await;
}
