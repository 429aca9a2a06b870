//! The sessions: found by id, by the key given to WISP, by browser, by event.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use diesel::prelude::*;
use domain::{Email, Importo};

use super::{Conn, ext};
use crate::schema::sessioni;
use crate::sessione::{Conferma, Psp, Ritorno, Sessione, StatoSessione};
use platform::StoreResult;

/// A repeated question about one payment asks the core at most this often.
const RESPIRO: TimeDelta = TimeDelta::seconds(3);

pub fn insert_sessione(c: &mut Conn, sessione: Sessione) -> StoreResult<()> {
    diesel::insert_into(sessioni::table)
        .values(sessione)
        .execute(c)?;
    Ok(())
}

pub fn find(c: &mut Conn, id: String) -> StoreResult<Option<Sessione>> {
    let row = sessioni::table.find(id).select(Sessione::as_select());
    Ok(row.first(c).optional()?)
}

/// The sessions of this browser for this avviso, newest first.
pub fn list_by_avviso(
    c: &mut Conn,
    browser: String,
    id_dominio: String,
    numero_avviso: String,
) -> StoreResult<Vec<Sessione>> {
    Ok(sessioni::table
        .filter(sessioni::browser.eq(browser))
        .filter(sessioni::id_dominio.eq(id_dominio))
        .filter(sessioni::numero_avviso.eq(numero_avviso))
        .order(sessioni::creata_at.desc())
        .limit(20)
        .select(Sessione::as_select())
        .load(c)?)
}

/// The sessions of this browser, newest first.
pub fn list_by_browser(c: &mut Conn, browser: String, limit: i64) -> StoreResult<Vec<Sessione>> {
    Ok(sessioni::table
        .filter(sessioni::browser.eq(browser))
        .order(sessioni::creata_at.desc())
        .limit(limit)
        .select(Sessione::as_select())
        .load(c)?)
}

/// For the other query files: locks the row, lets `change` work on it, writes it if `change` says so. `None`: no such row.
pub fn with_row<T>(
    c: &mut Conn,
    id: &str,
    change: impl FnOnce(&mut Sessione) -> (bool, T),
) -> StoreResult<Option<(Sessione, T)>> {
    let row = ext::lock!(sessioni::table.find(id).select(Sessione::as_select()));
    let Some(mut row) = row.first(c).optional()? else {
        return Ok(None);
    };
    let (changed, result) = change(&mut row);
    if changed {
        row.versione += 1;
        diesel::update(sessioni::table.find(id))
            .set(row.clone())
            .execute(c)?;
    }
    Ok(Some((row, result)))
}

/// The row whose keyPA was given to WISP. `None`: never given, or replaced since.
fn id_by_key(c: &mut Conn, id_dominio: &str, key_pa: &str) -> StoreResult<Option<String>> {
    let id = sessioni::table
        .filter(sessioni::key_pa.eq(key_pa))
        .filter(sessioni::id_dominio.eq(id_dominio))
        .select(sessioni::id);
    Ok(id.first(c).optional()?)
}

pub fn wisp_ritorno(
    c: &mut Conn,
    id_dominio: String,
    key_pa: String,
    key_wisp: String,
    now: DateTime<Utc>,
) -> StoreResult<Option<(Sessione, Ritorno)>> {
    ext::write_tx(c, |c| {
        let Some(id) = id_by_key(c, &id_dominio, &key_pa)? else {
            return Ok(None);
        };
        with_row(c, &id, |s| {
            let ritorno = s.ritorno(&key_wisp, now);
            (ritorno == Ritorno::Registrato, ritorno)
        })
    })
}

pub fn wisp_annullo(
    c: &mut Conn,
    id_dominio: String,
    key_pa: String,
    tipo: String,
    now: DateTime<Utc>,
) -> StoreResult<Option<(Sessione, Ritorno)>> {
    ext::write_tx(c, |c| {
        let Some(id) = id_by_key(c, &id_dominio, &key_pa)? else {
            return Ok(None);
        };
        with_row(c, &id, |s| {
            let ritorno = s.annullo(&tipo, now);
            (ritorno == Ritorno::Registrato, ritorno)
        })
    })
}

pub fn set_psp(c: &mut Conn, id: String, psp: Psp) -> StoreResult<Option<Sessione>> {
    change(c, &id, |s| s.set_psp(psp))
}

pub fn cambia_psp(c: &mut Conn, id: String, key_pa: String) -> StoreResult<Option<Sessione>> {
    change(c, &id, |s| s.cambia_psp(&key_pa))
}

pub fn aggiorna_importo(
    c: &mut Conn,
    id: String,
    importo: Importo,
) -> StoreResult<Option<Sessione>> {
    change(c, &id, |s| s.aggiorna_importo(importo))
}

/// Moves SCELTA to CONFERMATA: of any number of callers one gets [`Conferma::Vinta`]. The browser
/// that confirms is the owner from now on.
pub fn conferma(
    c: &mut Conn,
    id: String,
    browser: String,
    email: Email,
    now: DateTime<Utc>,
) -> StoreResult<Option<(Sessione, Conferma)>> {
    ext::write_tx(c, |c| {
        with_row(c, &id, |s| {
            let conferma = s.conferma(&email, now);
            if conferma == Conferma::Vinta {
                s.browser = browser;
            }
            (conferma != Conferma::Persa, conferma)
        })
    })
}

pub fn inviata(
    c: &mut Conn,
    id: String,
    id_pagamento: String,
    redirect: String,
    differito: bool,
    now: DateTime<Utc>,
) -> StoreResult<Option<Sessione>> {
    change(c, &id, |s| {
        s.inviata(&id_pagamento, &redirect, differito, now)
    })
}

pub fn rifiutata(
    c: &mut Conn,
    id: String,
    codice: String,
    testo: String,
    now: DateTime<Utc>,
) -> StoreResult<Option<Sessione>> {
    change(c, &id, |s| s.rifiutata(&codice, testo, now))
}

pub fn torna_alla_scelta(c: &mut Conn, id: String) -> StoreResult<Option<Sessione>> {
    change(c, &id, Sessione::torna_alla_scelta)
}

pub fn tornata(c: &mut Conn, id: String, now: DateTime<Utc>) -> StoreResult<Option<Sessione>> {
    change(c, &id, |s| s.tornata(now))
}

/// Whether the core may be asked about this payment now; remembers that it was.
pub fn prenota_domanda(c: &mut Conn, id: String, now: DateTime<Utc>) -> StoreResult<bool> {
    let before = (now - RESPIRO).naive_utc();
    let free = sessioni::chiesta_at
        .is_null()
        .or(sessioni::chiesta_at.lt(before));
    let asked = diesel::update(sessioni::table.find(id))
        .filter(free)
        .set(sessioni::chiesta_at.eq(now.naive_utc()))
        .execute(c)?;
    Ok(asked == 1)
}

fn change(
    c: &mut Conn,
    id: &str,
    work: impl FnOnce(&mut Sessione) -> bool,
) -> StoreResult<Option<Sessione>> {
    ext::write_tx(c, |c| {
        let row = with_row(c, id, |s| (work(s), ()))?;
        Ok(row.map(|(row, ())| row))
    })
}

/// Version of each of these sessions, for who waits in another process than the one that heard the
/// event.
pub fn versions(c: &mut Conn, ids: Vec<String>) -> StoreResult<Vec<(String, i64)>> {
    Ok(sessioni::table
        .filter(sessioni::id.eq_any(ids))
        .select((sessioni::id, sessioni::versione))
        .load(c)?)
}

/// Deletes sessions that never went beyond the data of the pendenza.
pub fn purge(c: &mut Conn, before: NaiveDateTime) -> StoreResult<usize> {
    let old = sessioni::table
        .filter(sessioni::stato.eq(StatoSessione::Aperta.name()))
        .filter(sessioni::creata_at.lt(before));
    Ok(diesel::delete(old).execute(c)?)
}
