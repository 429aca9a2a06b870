//! Events that came in: each is applied once.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use super::Conn;
use crate::store::schema::{dead_letters, inbox};
use crate::store::{DeadLetterRow, StoreResult};

/// Whether this event comes for the first time. Call it inside the transaction that applies the
/// event, and do nothing when it says no.
pub fn first_time(conn: &mut Conn, event_id: Uuid, now: DateTime<Utc>) -> StoreResult<bool> {
    let inserted = diesel::insert_into(inbox::table)
        .values((
            inbox::event_id.eq(event_id.to_string()),
            inbox::processed_at.eq(now.naive_utc()),
        ))
        .on_conflict_do_nothing()
        .execute(conn)?;
    Ok(inserted == 1)
}

pub fn insert_dead_letter(conn: &mut Conn, row: DeadLetterRow) -> StoreResult<()> {
    diesel::insert_into(dead_letters::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(conn)?;
    Ok(())
}

pub fn list_dead_letters(conn: &mut Conn, limit: i64) -> StoreResult<Vec<DeadLetterRow>> {
    Ok(dead_letters::table
        .order(dead_letters::dead_at.desc())
        .limit(limit)
        .select(DeadLetterRow::as_select())
        .load(conn)?)
}
