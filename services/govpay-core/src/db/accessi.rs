//! Browsers with somebody logged in, and what those without a password at hand are found by.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use platform::StoreResult;

use super::{Conn, ext};
use crate::schema::{accessi, applicazioni, operatori};

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

/// The new password of an utenza; whoever is logged in as it is out.
pub fn set_password(c: &mut Conn, principal: String, hash: String) -> StoreResult<()> {
    ext::write_tx(c, |c| {
        diesel::update(operatori::table.find(&principal))
            .set(operatori::password.eq(&hash))
            .execute(c)?;
        let software = applicazioni::table.filter(applicazioni::principal.eq(&principal));
        diesel::update(software)
            .set(applicazioni::password.eq(&hash))
            .execute(c)?;
        diesel::delete(accessi::table.filter(accessi::principal.eq(&principal))).execute(c)?;
        Ok(())
    })
}

/// The principals that are names of certificates: those with a `=`.
pub fn principal_di_certificati(c: &mut Conn) -> StoreResult<Vec<String>> {
    let software = applicazioni::table.filter(applicazioni::principal.like("%=%"));
    let mut found: Vec<String> = software.select(applicazioni::principal).load(c)?;
    let people = operatori::table.filter(operatori::principal.like("%=%"));
    found.extend(people.select(operatori::principal).load::<String>(c)?);
    Ok(found)
}
