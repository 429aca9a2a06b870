//! An event from one service to the others, over both transports.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use platform::Bus;
use test_support::servers::{TestBus, TestDatabase};
use test_support::wait_until;
use tokio::net::{TcpListener, TcpStream};

use crate::fixture::{Ear, Started, start};

/// A sender and a hearer with stores of their own, on the transport.
async fn pair(bus: &Bus, ear: &Arc<Ear>, database: &TestDatabase) -> (Started, Started) {
    let sender = start("loader", &database.url, bus.clone(), None).await;
    let hearer = start("console", &database.url, bus.clone(), Some(Arc::clone(ear))).await;
    (sender, hearer)
}

/// Something to hear that is not the clock: the platform keeps that event for itself.
async fn send(sender: &Started, id: &str) {
    let payload = serde_json::json!({
        "id": uuid::Uuid::now_v7(), "occurredAt": "2026-01-15T10:00:00Z", "source": "loader",
        "type": "tracciato.stato",
        "data": { "idTracciato": id, "nomeFile": "a.csv", "stato": "NUOVO", "righe": 0,
                  "righeValide": 0, "righeCaricate": 0, "righeInErrore": 0 }
    });
    let envelope: domain::Envelope = serde_json::from_value(payload).unwrap();
    push(&sender.store, envelope.event).await;
}

async fn push(store: &platform::Store, event: domain::Event) {
    use platform::store::{StoreResult, pg, run_blocking};
    let platform::Store::Pg(pool) = store.clone() else {
        panic!("the test uses PostgreSQL")
    };
    let pushed: StoreResult<_> = run_blocking(pool, move |conn| {
        pg::outbox::push(conn, "loader", event, platform::clock::real_now())
    })
    .await;
    pushed.unwrap();
}

async fn heard(ear: &Arc<Ear>, count: usize) {
    wait_until("the events are heard", || async {
        if ear.count() >= count {
            Ok(())
        } else {
            Err(format!("{} of {count}", ear.count()))
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_goes_through_rabbitmq_once_and_the_outbox_is_empty_after() {
    let (database, broker) = (TestDatabase::create(), TestBus::create());
    let bus = Bus::amqp(broker.url.clone(), broker.namespace.clone());
    let ear = Arc::new(Ear::default());
    let (sender, hearer) = pair(&bus, &ear, &database).await;

    for id in ["1", "2", "3"] {
        send(&sender, id).await;
    }

    heard(&ear, 3).await;
    wait_until("the outbox is empty", || async {
        match sender.store.outbox_waiting().await.unwrap() {
            0 => Ok(()),
            n => Err(n.to_string()),
        }
    })
    .await;
    assert_eq!(ear.count(), 3);
    sender.stop().await;
    hearer.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn b181_an_event_that_was_not_taken_comes_again() {
    let (database, broker) = (TestDatabase::create(), TestBus::create());
    let bus = Bus::amqp(broker.url.clone(), broker.namespace.clone());
    let ear = Arc::new(Ear {
        refusals_left: 2.into(),
        ..Default::default()
    });
    let (sender, hearer) = pair(&bus, &ear, &database).await;

    send(&sender, "1").await;

    heard(&ear, 1).await;
    sender.stop().await;
    hearer.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_that_can_never_be_applied_is_set_aside_with_its_reason() {
    let database = TestDatabase::create();
    let bus = Bus::in_process();
    let ear = Arc::new(Ear {
        rejects: true,
        ..Default::default()
    });
    let (sender, hearer) = pair(&bus, &ear, &database).await;

    send(&sender, "1").await;

    let dead = wait_until("the dead letter is kept", || async {
        let mut dead = hearer.store.dead_letters(10).await.unwrap();
        dead.pop().ok_or_else(|| "none".to_owned())
    })
    .await;
    assert_eq!(dead.reason, "non è per me");
    assert!(dead.envelope.contains("tracciato.stato"));
    sender.stop().await;
    hearer.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_clock_of_one_service_moves_the_clock_of_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let url = |name: &str| format!("sqlite:{}", folder.path().join(name).display());
    let bus = Bus::in_process();
    let one = start("loader", &url("a.db"), bus.clone(), None).await;
    let ear = Arc::new(Ear::default());
    let other = start("console", &url("b.db"), bus.clone(), Some(Arc::clone(&ear))).await;

    let answer = reqwest_post(&format!(
        "http://{}/api/v1/clock/advance",
        one.running.address
    ))
    .await;

    assert_eq!(answer["offsetSecs"], 300);
    wait_until("the other service follows", || async {
        match other.clock.offset_secs() {
            300 => Ok(()),
            offset => Err(offset.to_string()),
        }
    })
    .await;
    assert_eq!(
        other.store.read_clock().await.unwrap(),
        300,
        "and keeps it over a restart"
    );
    assert_eq!(ear.count(), 0, "the clock is the platform's own business");
    one.stop().await;
    other.stop().await;
}

async fn reqwest_post(url: &str) -> serde_json::Value {
    let client = platform::http::client(std::time::Duration::from_secs(10)).unwrap();
    let body = serde_json::json!({ "seconds": 300 });
    client
        .post(url)
        .json(&body)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn b176_a_consumer_works_again_after_the_broker_was_away() {
    let (database, broker) = (TestDatabase::create(), TestBus::create());
    let line = Line::to_broker(&broker.url).await;
    let bus = Bus::amqp(line.url.clone(), broker.namespace.clone());
    let ear = Arc::new(Ear::default());
    let (sender, hearer) = pair(&bus, &ear, &database).await;
    send(&sender, "before").await;
    heard(&ear, 1).await;

    line.cut(true);
    wait_until("the bus is seen as down", || async {
        if bus.is_up() {
            Err("up".to_owned())
        } else {
            Ok(())
        }
    })
    .await;
    send(&sender, "while away").await;
    line.cut(false);

    heard(&ear, 2).await;
    wait_until("the bus is seen as up", || async {
        if bus.is_up() {
            Ok(())
        } else {
            Err("down".to_owned())
        }
    })
    .await;
    sender.stop().await;
    hearer.stop().await;
}

/// A wire to the broker that can be cut.
struct Line {
    url: String,
    is_cut: Arc<AtomicBool>,
}

impl Line {
    async fn to_broker(broker: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut url = url::Url::parse(broker).unwrap();
        let target = (
            url.host_str().unwrap().to_owned(),
            url.port().unwrap_or(5672),
        );
        url.set_host(Some("127.0.0.1")).unwrap();
        url.set_port(Some(listener.local_addr().unwrap().port()))
            .unwrap();
        let is_cut = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&is_cut);
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                if flag.load(Ordering::Relaxed) {
                    continue;
                }
                let (flag, target) = (Arc::clone(&flag), target.clone());
                tokio::spawn(async move {
                    let Ok(mut far) = TcpStream::connect(target).await else {
                        return;
                    };
                    let cut = async {
                        while !flag.load(Ordering::Relaxed) {
                            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
                        }
                    };
                    tokio::select! {
                        _ = tokio::io::copy_bidirectional(&mut near, &mut far) => {}
                        () = cut => {}
                    }
                });
            }
        });
        Self {
            url: url.into(),
            is_cut,
        }
    }

    fn cut(&self, cut: bool) {
        self.is_cut.store(cut, Ordering::Relaxed);
    }
}
