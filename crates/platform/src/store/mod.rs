//! A service's store: PostgreSQL or SQLite behind one type.
//!
//! Queries are written once as free functions over `super::Conn` and compiled once per backend: a
//! service has `db/pg.rs` and `db/sqlite.rs`, which include the same query files by `#[path]`, and
//! one [`facade!`](crate::facade) that makes an async method of each function. What really differs
//! between the backends is in [`pg`] and [`sqlite`], called `ext` by the query files.

pub mod pg;
mod schema;
pub mod sqlite;

use std::time::Duration;

use diesel::r2d2::{ConnectionManager, CustomizeConnection, Pool, PooledConnection};
use diesel::{PgConnection, SqliteConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

pub use rows::{DeadLetterRow, OutboxRow};

mod rows;

const PLATFORM_PG: EmbeddedMigrations = embed_migrations!("migrations/pg");
const PLATFORM_SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");

/// How long a caller waits for a free connection before hearing that the store is unavailable.
const CHECKOUT_TIMEOUT: Duration = Duration::from_secs(5);

pub type StoreResult<T> = Result<T, StoreError>;

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No connection in time: the database is down or overloaded.
    #[error("l'archivio non è raggiungibile")]
    Unavailable(#[source] diesel::r2d2::PoolError),
    #[error("operazione sull'archivio non riuscita")]
    Query(#[from] diesel::result::Error),
    /// A stored row breaks a rule that the code relies on.
    #[error("dati incoerenti nell'archivio: {0}")]
    Corrupt(String),
    #[error("migrazione dell'archivio non riuscita: {0}")]
    Migration(String),
    #[error("indirizzo dell'archivio non valido: {0}")]
    Address(String),
    #[error("il database non risponde: {0}")]
    Connect(String),
    #[error("operazione interrotta")]
    Task(#[from] tokio::task::JoinError),
}

impl StoreError {
    /// Whether trying again later may work, so that the caller says 503 and not 500.
    pub fn is_unavailable(&self) -> bool {
        use diesel::result::{DatabaseErrorKind as Kind, Error};
        match self {
            Self::Unavailable(_) | Self::Connect(_) => true,
            Self::Query(Error::DatabaseError(kind, info)) => {
                matches!(
                    kind,
                    Kind::ClosedConnection | Kind::UnableToSendCommand | Kind::SerializationFailure
                ) || info.message().contains("database is locked")
                    || info.message().contains("server closed the connection")
                    || info.message().contains("terminating connection")
            }
            Self::Query(Error::BrokenTransactionManager) => true,
            _ => false,
        }
    }

    /// For a value read from the store that makes no sense.
    pub fn corrupt(what: impl std::fmt::Display) -> Self {
        Self::Corrupt(what.to_string())
    }
}

type PgPool = Pool<ConnectionManager<PgConnection>>;
type SqlitePool = Pool<ConnectionManager<SqliteConnection>>;

#[derive(Clone)]
pub enum Store {
    Pg(PgPool),
    Sqlite(SqlitePool),
}

/// The migrations of a service, one set per backend.
pub struct Migrations {
    pub pg: EmbeddedMigrations,
    pub sqlite: EmbeddedMigrations,
}

#[derive(Debug)]
struct SqlitePragmas;

impl CustomizeConnection<SqliteConnection, diesel::r2d2::Error> for SqlitePragmas {
    fn on_acquire(&self, conn: &mut SqliteConnection) -> Result<(), diesel::r2d2::Error> {
        use diesel::connection::SimpleConnection as _;
        // Pragmas are per connection. With WAL and NORMAL a killed process loses nothing; only a
        // power cut may lose the last commits.
        conn.batch_execute(
            "PRAGMA busy_timeout=10000; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; \
             PRAGMA foreign_keys=ON;",
        )
        .map_err(diesel::r2d2::Error::QueryError)
    }
}

#[derive(Debug)]
struct PgSession {
    schema: &'static str,
}

impl CustomizeConnection<PgConnection, diesel::r2d2::Error> for PgSession {
    fn on_acquire(&self, conn: &mut PgConnection) -> Result<(), diesel::r2d2::Error> {
        use diesel::connection::SimpleConnection as _;
        conn.batch_execute(&format!(
            "SET search_path TO \"{}\"; SET timezone TO 'UTC'; SET statement_timeout TO '60s'; \
             SET idle_in_transaction_session_timeout TO '30s';",
            self.schema
        ))
        .map_err(diesel::r2d2::Error::QueryError)
    }
}

impl Store {
    /// Opens the store of `service` and brings its tables up to date.
    ///
    /// On PostgreSQL the tables live in the schema named after the service, made when missing; an
    /// advisory lock makes replicas that start together wait for each other. Blocks: call it from
    /// [`Store::open`].
    fn open_blocking(
        url: &str,
        service: &'static str,
        migrations: Migrations,
    ) -> StoreResult<Self> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let schema = service;
            prepare_pg(url, schema, migrations.pg)?;
            let pool = Pool::builder()
                .max_size(10)
                .min_idle(Some(1))
                .test_on_check_out(false)
                .connection_timeout(CHECKOUT_TIMEOUT)
                .connection_customizer(Box::new(PgSession { schema }))
                .build(ConnectionManager::<PgConnection>::new(url))
                .map_err(StoreError::Unavailable)?;
            return Ok(Self::Pg(pool));
        }
        let path = crate::settings::sqlite_path(url).ok_or_else(|| {
            StoreError::Address(format!("«{url}» non comincia con sqlite: o postgres://"))
        })?;
        if let Some(folder) = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
        {
            std::fs::create_dir_all(folder)
                .map_err(|e| StoreError::Address(format!("{}: {e}", folder.display())))?;
        }
        let pool = Pool::builder()
            .max_size(4)
            .min_idle(Some(1))
            .test_on_check_out(false)
            .connection_timeout(CHECKOUT_TIMEOUT)
            .connection_customizer(Box::new(SqlitePragmas))
            .build(ConnectionManager::<SqliteConnection>::new(
                path.to_string_lossy(),
            ))
            .map_err(StoreError::Unavailable)?;
        let mut conn = pool.get().map_err(StoreError::Unavailable)?;
        run_migrations(&mut *conn, PLATFORM_SQLITE)?;
        run_migrations(&mut *conn, migrations.sqlite)?;
        drop(conn);
        Ok(Self::Sqlite(pool))
    }

    /// See [`Store::open_blocking`]. The error is one sentence fit for the start of a program.
    pub async fn open(
        url: &str,
        service: &'static str,
        migrations: Migrations,
    ) -> StoreResult<Self> {
        let url = url.to_owned();
        tokio::task::spawn_blocking(move || Self::open_blocking(&url, service, migrations)).await?
    }

    pub async fn ping(&self) -> StoreResult<()> {
        self.read_clock().await.map(drop)
    }
}

/// Makes the schema and runs the migrations, under an advisory lock of the schema's name.
fn prepare_pg(url: &str, schema: &'static str, service: EmbeddedMigrations) -> StoreResult<()> {
    use diesel::connection::SimpleConnection as _;
    use diesel::{Connection as _, RunQueryDsl as _, sql_query};
    let mut conn = PgConnection::establish(url).map_err(|e| StoreError::Connect(e.to_string()))?;
    let key = format!("hashtext('govpay-lab.{schema}')");
    sql_query(format!("SELECT pg_advisory_lock({key})")).execute(&mut conn)?;
    let result = conn
        .batch_execute(&format!(
            "SET client_min_messages TO warning; CREATE SCHEMA IF NOT EXISTS \"{schema}\"; \
             SET search_path TO \"{schema}\";"
        ))
        .map_err(StoreError::Query)
        .and_then(|()| run_migrations(&mut conn, PLATFORM_PG))
        .and_then(|()| run_migrations(&mut conn, service));
    sql_query(format!("SELECT pg_advisory_unlock({key})")).execute(&mut conn)?;
    result
}

fn run_migrations<DB, C>(conn: &mut C, migrations: EmbeddedMigrations) -> StoreResult<()>
where
    C: MigrationHarness<DB>,
    DB: diesel::backend::Backend,
{
    conn.run_pending_migrations(migrations)
        .map(drop)
        .map_err(|e| StoreError::Migration(e.to_string()))
}

/// Runs a query function on a connection of the pool, off the async threads and inside the
/// caller's span. Used by [`facade!`](crate::facade).
pub async fn run_blocking<C, T, F>(pool: Pool<ConnectionManager<C>>, query: F) -> StoreResult<T>
where
    C: diesel::r2d2::R2D2Connection + 'static,
    F: FnOnce(&mut C) -> StoreResult<T> + Send + 'static,
    T: Send + 'static,
    PooledConnection<ConnectionManager<C>>: std::ops::DerefMut<Target = C>,
{
    let span = tracing::Span::current();
    tokio::task::spawn_blocking(move || {
        let _entered = span.enter();
        let mut conn = pool.get().map_err(StoreError::Unavailable)?;
        let answer = query(&mut conn);
        if answer.as_ref().is_err_and(StoreError::is_unavailable) {
            leave_if_lost(&mut *conn);
        }
        answer
    })
    .await?
}

/// A connection whose server is gone is not used again: the pool asks only whether its transactions are in
/// order, and would hand it out for ever.
fn leave_if_lost<C: diesel::r2d2::R2D2Connection>(conn: &mut C) {
    use diesel::connection::TransactionManager;
    if conn.ping().is_err() {
        C::TransactionManager::transaction_manager_status_mut(conn).set_in_error();
    }
}

/// Makes an async method of each query function: `facade!(Db { pendenze::find(id: i64) -> … ; })`.
///
/// `Db` is a tuple struct whose first field is a [`Store`]; `pg` and `sqlite` are the modules that
/// include the query files. An argument is moved into a blocking task, so it is owned.
#[macro_export]
macro_rules! facade {
    ($db:ident { $( $(#[$meta:meta])* $module:ident :: $name:ident ( $($arg:ident : $ty:ty),* $(,)? ) -> $ret:ty ; )* }) => {
        impl $db { $(
            $(#[$meta])*
            pub async fn $name(&self, $($arg: $ty),*) -> $crate::StoreResult<$ret> {
                match self.0.clone() {
                    $crate::Store::Pg(pool) => {
                        $crate::store::run_blocking(pool, move |c| pg::$module::$name(c, $($arg),*)).await
                    }
                    $crate::Store::Sqlite(pool) => {
                        $crate::store::run_blocking(pool, move |c| sqlite::$module::$name(c, $($arg),*)).await
                    }
                }
            }
        )* }
    };
}

macro_rules! own_facade {
    ($( $(#[$meta:meta])* $module:ident :: $query:ident as $name:ident ( $($arg:ident : $ty:ty),* ) -> $ret:ty ; )*) => {
        impl Store { $(
            $(#[$meta])*
            pub async fn $name(&self, $($arg: $ty),*) -> StoreResult<$ret> {
                match self.clone() {
                    Store::Pg(pool) => run_blocking(pool, move |c| pg::$module::$query(c, $($arg),*)).await,
                    Store::Sqlite(pool) => run_blocking(pool, move |c| sqlite::$module::$query(c, $($arg),*)).await,
                }
            }
        )* }
    };
}

own_facade! {
    /// Seconds that the world is ahead of real time.
    orologio::read as read_clock() -> i64;
    /// Adds to the offset and announces the new one, in one transaction; returns it.
    orologio::advance as advance_clock(source: &'static str, seconds: i64, real_now: chrono::DateTime<chrono::Utc>) -> i64;
    /// Raises the offset to one learned from the bus.
    orologio::raise as raise_clock(offset_secs: i64) -> ();
    /// The secret of that name; `candidate` becomes it when there is none.
    secrets::get_or_insert as secret(name: &'static str, candidate: String) -> String;
    /// Takes up to `limit` unpublished events for `lease` and counts the attempt.
    outbox::claim as outbox_claim(limit: i64, real_now: chrono::DateTime<chrono::Utc>, lease: chrono::TimeDelta) -> Vec<OutboxRow>;
    outbox::mark_published as outbox_mark_published(ids: Vec<i64>, real_now: chrono::DateTime<chrono::Utc>) -> ();
    /// Gives claimed events back, to be tried again from `retry_at` on.
    outbox::release as outbox_release(ids: Vec<i64>, retry_at: chrono::DateTime<chrono::Utc>) -> ();
    /// Unpublished events.
    outbox::count_waiting as outbox_waiting() -> i64;
    inbox::insert_dead_letter as dead_letter(row: DeadLetterRow) -> ();
    inbox::list_dead_letters as dead_letters(limit: i64) -> Vec<DeadLetterRow>;
}
