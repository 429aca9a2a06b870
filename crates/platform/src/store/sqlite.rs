//! What differs on SQLite, and the platform's queries compiled for it.

use diesel::prelude::*;

pub type Conn = SqliteConnection;

#[path = "inbox.rs"]
pub mod inbox;
#[path = "orologio.rs"]
pub mod orologio;
#[path = "outbox.rs"]
pub mod outbox;
#[path = "secrets.rs"]
pub mod secrets;

/// A transaction that will write: it takes the write lock at once, since a read transaction that
/// turns into a write fails as busy however long it may wait.
pub fn write_tx<T, E>(conn: &mut Conn, work: impl FnOnce(&mut Conn) -> Result<T, E>) -> Result<T, E>
where
    E: From<diesel::result::Error>,
{
    conn.immediate_transaction(work)
}

/// Nothing to do: [`write_tx`] holds the whole file.
#[macro_export]
macro_rules! sqlite_lock {
    ($query:expr) => {
        $query
    };
}

pub use crate::sqlite_lock as lock;
pub use crate::sqlite_lock as lock_skipping;
