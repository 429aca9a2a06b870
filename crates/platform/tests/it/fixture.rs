//! Services that do nothing but send and hear events.

use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use domain::Envelope;
use platform::bus::{ConsumeError, Consumer};
use platform::store::Migrations;
use platform::{Boot, Bus, Peers, Running, Service, Settings, Store};
use tokio_util::sync::CancellationToken;

const PG: EmbeddedMigrations = embed_migrations!("tests/migrations/pg");
const SQLITE: EmbeddedMigrations = embed_migrations!("tests/migrations/sqlite");

pub fn migrations() -> Migrations {
    Migrations {
        pg: PG,
        sqlite: SQLITE,
    }
}

/// Remembers what it heard; fails as often as it is told to.
#[derive(Default)]
pub struct Ear {
    pub heard: Mutex<Vec<Envelope>>,
    pub refusals_left: Mutex<u32>,
    pub rejects: bool,
}

#[async_trait]
impl Consumer for Ear {
    async fn consume(&self, envelope: Envelope) -> Result<(), ConsumeError> {
        if self.rejects {
            return Err(ConsumeError::Reject("non è per me".into()));
        }
        let mut refusals = self.refusals_left.lock().unwrap();
        if *refusals > 0 {
            *refusals -= 1;
            return Err(ConsumeError::Retry(anyhow::anyhow!("sono occupato")));
        }
        self.heard.lock().unwrap().push(envelope);
        Ok(())
    }
}

impl Ear {
    pub fn count(&self) -> usize {
        self.heard.lock().unwrap().len()
    }
}

/// A service at work, with its store to look into.
pub struct Started {
    pub store: Store,
    pub clock: platform::Clock,
    pub stop: CancellationToken,
    pub running: Running,
}

impl Started {
    pub async fn stop(self) {
        self.stop.cancel();
        self.running.wait().await.unwrap();
    }
}

pub async fn start(name: &'static str, url: &str, bus: Bus, ear: Option<Arc<Ear>>) -> Started {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let mut settings = Settings::embedded(None, None, None, std::time::Duration::from_secs(1));
    settings.database_url = url.to_owned();
    let stop = CancellationToken::new();
    let boot = Boot {
        settings,
        peers: Peers::local([address; 6]),
        bus,
        listener,
        stop: stop.clone(),
    };
    let mut service = Service::open(name, boot, migrations).await.unwrap();
    if let Some(ear) = ear {
        service.consume(ear);
    }
    let (store, clock) = (service.store.clone(), service.clock.clone());
    let running = service.serve(name, |_| {}).unwrap();
    Started {
        store,
        clock,
        stop,
        running,
    }
}
