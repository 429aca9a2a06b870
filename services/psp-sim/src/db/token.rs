//! Payment tokens: one payer at a time for each avviso of the modello unico.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use platform::StoreResult;

use super::super::Prenotazione;
use super::{Conn, ext, sessioni};
use crate::schema::{sessioni as sessions, token};
use crate::sessione::{SessioneRow, StatoSessione, StatoToken, TokenRow};

const VIVI: [&str; 2] = ["RICHIESTO", "ATTIVO"];

pub fn prenota(
    c: &mut Conn,
    sessione: SessioneRow,
    nuovo: TokenRow,
    now: DateTime<Utc>,
) -> StoreResult<Prenotazione> {
    ext::write_tx(c, |c| {
        if let Some(id) = sessioni::by_chiave(c, sessione.chiave.as_deref())? {
            return Ok(Prenotazione::StessaChiave(id));
        }
        expire(c, now)?;
        if let Some(found) = ostacolo(c, &nuovo)? {
            return Ok(found);
        }
        let chiave = sessione.chiave.clone();
        let inserted = diesel::insert_into(sessions::table)
            .values(sessione.clone())
            .on_conflict_do_nothing()
            .execute(c)?;
        if inserted == 0 {
            // The same form, at the same moment: the unique index made us wait for the other one.
            let id = sessioni::by_chiave(c, chiave.as_deref())?.unwrap_or(sessione.id);
            return Ok(Prenotazione::StessaChiave(id));
        }
        let until = nuovo.scade_at;
        let reserved = diesel::insert_into(token::table)
            .values(nuovo.clone())
            .on_conflict_do_nothing()
            .execute(c)?;
        if reserved == 1 {
            return Ok(Prenotazione::Libera);
        }
        diesel::delete(sessions::table.find(&sessione.id)).execute(c)?;
        Ok(ostacolo(c, &nuovo)?.unwrap_or(Prenotazione::InCorso { until }))
    })
}

/// Another payer who holds the avviso, or who has paid it.
fn ostacolo(c: &mut Conn, nuovo: &TokenRow) -> StoreResult<Option<Prenotazione>> {
    let states = [StatoToken::Pagato.name(), VIVI[0], VIVI[1]];
    let found: Vec<TokenRow> = token::table
        .filter(token::id_dominio.eq(&nuovo.id_dominio))
        .filter(token::numero_avviso.eq(&nuovo.numero_avviso))
        .filter(token::stato.eq_any(states))
        .select(TokenRow::as_select())
        .load(c)?;
    if found.iter().any(|t| t.stato == StatoToken::Pagato.name()) {
        return Ok(Some(Prenotazione::Pagata));
    }
    Ok(found
        .first()
        .map(|t| Prenotazione::InCorso { until: t.scade_at }))
}

pub fn attiva(c: &mut Conn, sessione: SessioneRow, attivo: TokenRow) -> StoreResult<bool> {
    ext::write_tx(c, |c| {
        let activated = diesel::update(
            token::table
                .find(&attivo.id)
                .filter(token::stato.eq(StatoToken::Richiesto.name())),
        )
        .set((
            token::stato.eq(StatoToken::Attivo.name()),
            token::risposta.eq(&attivo.risposta),
            token::scade_at.eq(attivo.scade_at),
        ))
        .execute(c)?;
        if activated == 0 {
            return Ok(false);
        }
        diesel::update(sessions::table.find(&sessione.id))
            .set((
                sessions::stato.eq(StatoSessione::Aperta.name()),
                sessions::importo.eq(sessione.importo),
                sessions::importo_verificato.eq(sessione.importo_verificato),
                sessions::ente.eq(&sessione.ente),
                sessions::iuv.eq(&sessione.iuv),
                sessions::scade_at.eq(sessione.scade_at),
            ))
            .execute(c)?;
        Ok(true)
    })
}

/// The ente refused: the avviso is free again and the session never was.
pub fn rilascia(c: &mut Conn, id: String) -> StoreResult<()> {
    ext::write_tx(c, |c| {
        let sessione: Option<String> = token::table
            .find(&id)
            .filter(token::stato.eq(StatoToken::Richiesto.name()))
            .select(token::sessione)
            .first(c)
            .optional()?;
        if let Some(sessione) = sessione {
            diesel::delete(token::table.find(&id)).execute(c)?;
            sessioni::delete_attivazione(c, sessione)?;
        }
        Ok(())
    })
}

pub fn scadi(c: &mut Conn, now: DateTime<Utc>) -> StoreResult<usize> {
    // Most looks find nothing: they must not take a write lock.
    let due = token::table
        .filter(token::stato.eq_any(VIVI))
        .filter(token::scade_at.le(now.naive_utc()))
        .select(token::id)
        .first::<String>(c)
        .optional()?;
    if due.is_none() {
        return Ok(0);
    }
    expire(c, now)
}

fn expire(c: &mut Conn, now: DateTime<Utc>) -> StoreResult<usize> {
    Ok(diesel::update(
        token::table
            .filter(token::stato.eq_any(VIVI))
            .filter(token::scade_at.le(now.naive_utc())),
    )
    .set(token::stato.eq(StatoToken::Scaduto.name()))
    .execute(c)?)
}

/// Moves the token of a session along. `false`: it is not alive any more, so nothing can be paid
/// with it; whether an expired session had a live token does not matter.
pub fn segui(c: &mut Conn, sessione: &str, stato: Option<StatoToken>) -> StoreResult<bool> {
    let Some(stato) = stato else {
        return Ok(true);
    };
    let moved = diesel::update(
        token::table
            .filter(token::sessione.eq(sessione))
            .filter(token::stato.eq_any(VIVI)),
    )
    .set(token::stato.eq(stato.name()))
    .execute(c)?;
    Ok(moved == 1 || stato != StatoToken::Pagato)
}
