//! What differs on PostgreSQL, and the platform's queries compiled for it.

use diesel::prelude::*;

pub type Conn = PgConnection;

#[path = "inbox.rs"]
pub mod inbox;
#[path = "orologio.rs"]
pub mod orologio;
#[path = "outbox.rs"]
pub mod outbox;
#[path = "secrets.rs"]
pub mod secrets;

/// A transaction that will write.
pub fn write_tx<T, E>(conn: &mut Conn, work: impl FnOnce(&mut Conn) -> Result<T, E>) -> Result<T, E>
where
    E: From<diesel::result::Error>,
{
    conn.transaction(work)
}

/// Holds the given rows until the transaction ends; rows that somebody else holds are left out.
#[macro_export]
macro_rules! pg_lock_skipping {
    ($query:expr) => {
        $query.for_update().skip_locked()
    };
}

/// Holds the given rows until the transaction ends, waiting for whoever holds them.
#[macro_export]
macro_rules! pg_lock {
    ($query:expr) => {
        $query.for_update()
    };
}

pub use crate::pg_lock as lock;
pub use crate::pg_lock_skipping as lock_skipping;
