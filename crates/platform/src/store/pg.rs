//! What differs on PostgreSQL, and the platform's queries compiled for it.

use diesel::prelude::*;

use super::{StoreError, StoreResult};

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

/// Rows below which a table needs no statistics.
const FEW_ROWS: i64 = 1000;

/// Brings the statistics of a table up to date when it has doubled since the last time. While many
/// rows arrive the server's own daemon is too late, and without statistics the planner reads a whole
/// body's rows for each list of keys. `last_id`: the key of the newest row.
pub fn refresh_statistics(conn: &mut Conn, table: &'static str, last_id: i64) -> StoreResult<()> {
    #[derive(QueryableByName)]
    struct Known {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        rows: i64,
    }
    if last_id < FEW_ROWS {
        return Ok(());
    }
    let query = "SELECT reltuples::bigint AS rows FROM pg_class WHERE oid = $1::regclass";
    let known: Known = diesel::sql_query(query)
        .bind::<diesel::sql_types::Text, _>(table)
        .get_result(conn)?;
    if last_id > known.rows.saturating_mul(2) {
        diesel::sql_query(format!("ANALYZE \"{table}\"")).execute(conn)?;
    }
    Ok(())
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

/// Writes many rows at once, all columns given (`treat_none_as_default_value = false`).
#[macro_export]
macro_rules! pg_insert_many {
    ($conn:expr, $table:expr, $rows:expr) => {
        ::diesel::copy_from($table)
            .from_insertable($rows)
            .execute($conn)
    };
}

/// Takes `count` keys out of the identity of the column `id` of a table, for rows to be written in
/// this transaction.
pub fn next_ids(conn: &mut Conn, table: &str, count: usize) -> StoreResult<Vec<i64>> {
    #[derive(QueryableByName)]
    struct Id {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        id: i64,
    }
    let query =
        "SELECT nextval(pg_get_serial_sequence($1, 'id')) AS id FROM generate_series(1, $2)";
    let rows: Vec<Id> = diesel::sql_query(query)
        .bind::<diesel::sql_types::Text, _>(table)
        .bind::<diesel::sql_types::BigInt, _>(i64::try_from(count).map_err(StoreError::corrupt)?)
        .load(conn)?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

pub use crate::pg_insert_many as insert_many;
pub use crate::pg_lock as lock;
pub use crate::pg_lock_skipping as lock_skipping;
