//! Browsers with an operator logged in.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use platform::StoreResult;

use super::Conn;
use crate::schema::accessi;

pub fn insert_accesso(
    c: &mut Conn,
    id: String,
    principal: String,
    real_now: NaiveDateTime,
) -> StoreResult<()> {
    diesel::insert_into(accessi::table)
        .values((
            accessi::id.eq(id),
            accessi::principal.eq(principal),
            accessi::creato_at.eq(real_now),
            accessi::visto_at.eq(real_now),
        ))
        .execute(c)?;
    Ok(())
}

/// Who is logged in: `None` when the access is unknown, was not used since `idle_since`, or is older
/// than `born_since`. Remembers that it was seen, at most once a minute.
pub fn touch_accesso(
    c: &mut Conn,
    id: String,
    idle_since: NaiveDateTime,
    born_since: NaiveDateTime,
    real_now: NaiveDateTime,
) -> StoreResult<Option<String>> {
    let found: Option<(String, NaiveDateTime)> = accessi::table
        .find(&id)
        .filter(accessi::visto_at.ge(idle_since))
        .filter(accessi::creato_at.ge(born_since))
        .select((accessi::principal, accessi::visto_at))
        .first(c)
        .optional()?;
    let Some((principal, visto_at)) = found else {
        return Ok(None);
    };
    if real_now - visto_at > chrono::TimeDelta::minutes(1) {
        diesel::update(accessi::table.find(id))
            .set(accessi::visto_at.eq(real_now))
            .execute(c)?;
    }
    Ok(Some(principal))
}

pub fn delete_accesso(c: &mut Conn, id: String) -> StoreResult<()> {
    diesel::delete(accessi::table.find(id)).execute(c)?;
    Ok(())
}

/// Forgets those that nobody can use any more.
pub fn purge_accessi(c: &mut Conn, idle_since: NaiveDateTime) -> StoreResult<usize> {
    Ok(diesel::delete(accessi::table.filter(accessi::visto_at.lt(idle_since))).execute(c)?)
}
