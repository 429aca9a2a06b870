//! The e-mails that would leave.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::Conn;
use crate::schema::{messaggi, sessioni};
use crate::sessione::{Messaggio, Sessione};
use platform::StoreResult;

/// Writes the message of a receipt that just arrived, if the citizen left an address. Called in the
/// transaction that stores the outcome.
pub fn insert_ricevuta(
    c: &mut Conn,
    sessione: &Sessione,
    link: &str,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let Some(messaggio) = crate::posta::ricevuta(sessione, link, now) else {
        return Ok(());
    };
    diesel::insert_into(messaggi::table)
        .values(messaggio)
        .execute(c)?;
    Ok(())
}

/// The messages for the sessions of this browser, newest first.
pub fn list_messaggi(c: &mut Conn, browser: String, limit: i64) -> StoreResult<Vec<Messaggio>> {
    Ok(messaggi::table
        .inner_join(sessioni::table)
        .filter(sessioni::browser.eq(browser))
        .order(messaggi::creato_at.desc())
        .limit(limit)
        .select(Messaggio::as_select())
        .load(c)?)
}
