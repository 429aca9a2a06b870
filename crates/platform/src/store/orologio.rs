//! The offset of the world's clock.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::Event;

use super::{Conn, outbox, write_tx};
use crate::store::StoreResult;
use crate::store::schema::orologio;

pub fn read(conn: &mut Conn) -> StoreResult<i64> {
    Ok(orologio::table
        .find(1)
        .select(orologio::offset_secs)
        .first(conn)?)
}

pub fn advance(
    conn: &mut Conn,
    source: &'static str,
    seconds: i64,
    real_now: DateTime<Utc>,
) -> StoreResult<i64> {
    write_tx(conn, |conn| {
        diesel::update(orologio::table.find(1))
            .set(orologio::offset_secs.eq(orologio::offset_secs + seconds))
            .execute(conn)?;
        let offset_secs = read(conn)?;
        let now = real_now + chrono::TimeDelta::seconds(offset_secs);
        outbox::push(conn, source, Event::OrologioSpostato { offset_secs }, now)?;
        Ok(offset_secs)
    })
}

pub fn raise(conn: &mut Conn, offset_secs: i64) -> StoreResult<()> {
    diesel::update(
        orologio::table
            .find(1)
            .filter(orologio::offset_secs.lt(offset_secs)),
    )
    .set(orologio::offset_secs.eq(offset_secs))
    .execute(conn)?;
    Ok(())
}
