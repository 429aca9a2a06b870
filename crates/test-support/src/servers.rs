//! The PostgreSQL and the RabbitMQ of the tests. Their addresses come from the environment; the
//! standard ports are the default. A server that is missing fails the test that needs it.

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection};
use lapin::options::{ExchangeDeleteOptions, QueueDeleteOptions};
use lapin::{Connection, ConnectionProperties};
use platform::bus::topology;

fn variable(name: &str, default: &str) -> String {
    #[expect(
        clippy::disallowed_methods,
        reason = "the environment of a test run has no config.rs"
    )]
    std::env::var(name).unwrap_or_else(|_| default.to_owned())
}

/// Address of the server's maintenance database.
pub fn postgres_url() -> String {
    variable(
        "TEST_DATABASE_URL",
        "postgres://postgres@127.0.0.1:5432/postgres",
    )
}

pub fn amqp_url() -> String {
    variable("TEST_AMQP_URL", "amqp://guest:guest@127.0.0.1:5672/%2f")
}

/// A database of its own, dropped at the end of the test.
pub struct TestDatabase {
    name: String,
    pub url: String,
}

impl TestDatabase {
    pub fn create() -> Self {
        let name = format!("govpay_test_{}", uuid::Uuid::new_v4().simple());
        let mut url = url::Url::parse(&postgres_url()).expect("TEST_DATABASE_URL is an address");
        maintenance()
            .batch_execute(&format!("CREATE DATABASE {name}"))
            .expect("CREATE DATABASE");
        url.set_path(&name);
        Self {
            name,
            url: url.into(),
        }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let dropped = maintenance().batch_execute(&format!(
            "DROP DATABASE IF EXISTS {} WITH (FORCE)",
            self.name
        ));
        if let Err(error) = dropped {
            eprintln!("database {} was not dropped: {error}", self.name);
        }
    }
}

fn maintenance() -> PgConnection {
    PgConnection::establish(&postgres_url()).unwrap_or_else(|error| {
        panic!(
            "PostgreSQL is needed at {} (TEST_DATABASE_URL): {error}",
            postgres_url()
        )
    })
}

/// Exchange and queues of one world, deleted at the end of the test.
pub struct TestBus {
    pub namespace: String,
    pub url: String,
}

impl TestBus {
    pub fn create() -> Self {
        let namespace = format!("test-{}", uuid::Uuid::new_v4().simple());
        Self {
            namespace,
            url: amqp_url(),
        }
    }
}

impl Drop for TestBus {
    fn drop(&mut self) {
        let (namespace, url) = (self.namespace.clone(), self.url.clone());
        // Drop is not async, and may run inside a runtime: a thread of its own has neither problem.
        let deleted = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            runtime.block_on(delete_topology(&namespace, &url))
        })
        .join();
        if !matches!(deleted, Ok(Ok(()))) {
            eprintln!("queues of {} were not deleted: {deleted:?}", self.namespace);
        }
    }
}

async fn delete_topology(namespace: &str, url: &str) -> anyhow::Result<()> {
    let connection = Connection::connect(url, ConnectionProperties::default()).await?;
    let channel = connection.create_channel().await?;
    let mut queues = vec![topology::dead_queue(namespace)];
    queues.extend(topology::SUBSCRIPTIONS.map(|(service, _)| topology::queue(namespace, service)));
    for queue in queues {
        channel
            .queue_delete(queue.as_str().into(), QueueDeleteOptions::default())
            .await?;
    }
    for exchange in [
        topology::exchange(namespace),
        topology::dead_exchange(namespace),
    ] {
        channel
            .exchange_delete(exchange.as_str().into(), ExchangeDeleteOptions::default())
            .await?;
    }
    connection.close(200, "".into()).await?;
    Ok(())
}
