//! Who is logged in.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use platform::StoreResult;

use super::Conn;
use crate::schema::accessi;

pub fn insert_accesso(
    c: &mut Conn,
    id: String,
    principal: String,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    diesel::insert_into(accessi::table)
        .values((
            accessi::id.eq(id),
            accessi::principal.eq(principal),
            accessi::entrato_at.eq(now.naive_utc()),
        ))
        .execute(c)?;
    Ok(())
}

pub fn find_accesso(c: &mut Conn, id: String, since: DateTime<Utc>) -> StoreResult<Option<String>> {
    Ok(accessi::table
        .find(id)
        .filter(accessi::entrato_at.ge(since.naive_utc()))
        .select(accessi::principal)
        .first(c)
        .optional()?)
}

pub fn delete_accesso(c: &mut Conn, id: String) -> StoreResult<()> {
    diesel::delete(accessi::table.find(id)).execute(c)?;
    Ok(())
}

pub fn purge_accessi(c: &mut Conn, before: DateTime<Utc>) -> StoreResult<usize> {
    let old = accessi::table.filter(accessi::entrato_at.lt(before.naive_utc()));
    Ok(diesel::delete(old).execute(c)?)
}
