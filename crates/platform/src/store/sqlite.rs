//! What differs on SQLite, and the platform's queries compiled for it.

use diesel::prelude::*;

use super::StoreResult;

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

/// Nothing to do: SQLite needs no statistics to find a key by its index.
pub fn refresh_statistics(_: &mut Conn, _: &'static str, _: i64) -> StoreResult<()> {
    Ok(())
}

/// Nothing to do: [`write_tx`] holds the whole file.
#[macro_export]
macro_rules! sqlite_lock {
    ($query:expr) => {
        $query
    };
}

/// Rows of one statement: with the 31 columns of the widest table they stay well below SQLite's 32 766
/// values, and a statement with so many is compiled in a few MiB.
pub const INSERT_ROWS: usize = 200;

/// Writes many rows at once, all columns given (`treat_none_as_default_value = false`).
#[macro_export]
macro_rules! sqlite_insert_many {
    ($conn:expr, $table:expr, $rows:expr) => {{
        let mut done: ::diesel::QueryResult<usize> = Ok(0);
        for rows in $rows.chunks($crate::store::sqlite::INSERT_ROWS) {
            let inserted = ::diesel::insert_into($table).values(rows).execute($conn);
            done = done.and_then(|before| Ok(before + inserted?));
            if done.is_err() {
                break;
            }
        }
        done
    }};
}

/// Takes `count` keys of a table whose `id` is `INTEGER PRIMARY KEY AUTOINCREMENT`, for rows to be
/// written in this transaction, which is a [`write_tx`].
pub fn next_ids(conn: &mut Conn, table: &str, count: usize) -> StoreResult<Vec<i64>> {
    #[derive(QueryableByName)]
    struct Last {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        seq: i64,
    }
    let last: Option<Last> = diesel::sql_query("SELECT seq FROM sqlite_sequence WHERE name = ?")
        .bind::<diesel::sql_types::Text, _>(table)
        .get_result(conn)
        .optional()?;
    let first = last.map_or(0, |last| last.seq) + 1;
    Ok((first..).take(count).collect())
}

pub use crate::sqlite_insert_many as insert_many;
pub use crate::sqlite_lock as lock;
pub use crate::sqlite_lock as lock_skipping;
