//! Events in the transaction of the state they tell, and their way to the relay.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use domain::{Envelope, Event};
use uuid::Uuid;

use super::{Conn, lock_skipping, write_tx};
use crate::store::schema::outbox;
use crate::store::{OutboxRow, StoreError, StoreResult};
use crate::telemetry;

/// Writes the event. Call it inside the transaction that writes the new state: the event is
/// published if and only if that transaction is committed.
pub fn push(
    conn: &mut Conn,
    source: &'static str,
    event: Event,
    now: DateTime<Utc>,
) -> StoreResult<Envelope> {
    let envelope = Envelope {
        id: Uuid::now_v7(),
        occurred_at: now,
        source: source.to_owned(),
        traceparent: telemetry::current_traceparent(),
        event,
    };
    let payload = serde_json::to_string(&envelope).map_err(StoreError::corrupt)?;
    diesel::insert_into(outbox::table)
        .values((
            outbox::event_id.eq(envelope.id.to_string()),
            outbox::routing_key.eq(envelope.event.key()),
            outbox::payload.eq(payload),
            outbox::occurred_at.eq(now.naive_utc()),
        ))
        .execute(conn)?;
    Ok(envelope)
}

/// The lease, not a lock, keeps two relays apart: no network call happens inside a transaction, and
/// the rows of a relay that died come back when its lease ends.
pub fn claim(
    conn: &mut Conn,
    limit: i64,
    real_now: DateTime<Utc>,
    lease: TimeDelta,
) -> StoreResult<Vec<OutboxRow>> {
    let waiting = outbox::table
        .filter(outbox::published_at.is_null())
        .filter(
            outbox::leased_until
                .is_null()
                .or(outbox::leased_until.lt(real_now.naive_utc())),
        )
        .order(outbox::id)
        .limit(limit)
        .select(OutboxRow::as_select());
    // Most looks find nothing: they must not take a write lock.
    if waiting.limit(1).load::<OutboxRow>(conn)?.is_empty() {
        return Ok(vec![]);
    }
    write_tx(conn, |conn| {
        let rows: Vec<OutboxRow> = lock_skipping!(waiting).load(conn)?;
        let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
        diesel::update(outbox::table.filter(outbox::id.eq_any(ids)))
            .set((
                outbox::leased_until.eq((real_now + lease).naive_utc()),
                outbox::attempts.eq(outbox::attempts + 1),
            ))
            .execute(conn)?;
        Ok(rows)
    })
}

pub fn mark_published(conn: &mut Conn, ids: Vec<i64>, real_now: DateTime<Utc>) -> StoreResult<()> {
    diesel::update(outbox::table.filter(outbox::id.eq_any(ids)))
        .set(outbox::published_at.eq(real_now.naive_utc()))
        .execute(conn)?;
    Ok(())
}

pub fn release(conn: &mut Conn, ids: Vec<i64>, retry_at: DateTime<Utc>) -> StoreResult<()> {
    diesel::update(outbox::table.filter(outbox::id.eq_any(ids)))
        .set(outbox::leased_until.eq(retry_at.naive_utc()))
        .execute(conn)?;
    Ok(())
}

pub fn count_waiting(conn: &mut Conn) -> StoreResult<i64> {
    Ok(outbox::table
        .filter(outbox::published_at.is_null())
        .count()
        .get_result(conn)?)
}
