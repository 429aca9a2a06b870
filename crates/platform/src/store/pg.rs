//! What differs on PostgreSQL, and the platform's queries compiled for it.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Text};

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
    let count = i64::try_from(count).map_err(StoreError::corrupt)?;
    Ok(NextIds { table, count }.load(conn)?)
}

/// A type of its own, since statements written as text are prepared again each time.
struct NextIds<'a> {
    table: &'a str,
    count: i64,
}

impl QueryId for NextIds<'_> {
    type QueryId = NextIds<'static>;
}

impl Query for NextIds<'_> {
    type SqlType = BigInt;
}

impl RunQueryDsl<Conn> for NextIds<'_> {}

impl QueryFragment<Pg> for NextIds<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("SELECT nextval(pg_get_serial_sequence(");
        out.push_bind_param::<Text, _>(self.table)?;
        out.push_sql(", 'id')) FROM generate_series(1, ");
        out.push_bind_param::<BigInt, _>(&self.count)?;
        out.push_sql(")");
        Ok(())
    }
}

pub use crate::pg_insert_many as insert_many;
pub use crate::pg_lock as lock;
pub use crate::pg_lock_skipping as lock_skipping;
