//! The table `sessioni`.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use platform::StoreResult;

use super::{Conn, ext};
use crate::schema::sessioni;
use crate::sessione::{SceltaPsp, Sessione, StatoSessione};

/// Opens the session, or finds the one that the same body opened with the same keyPA: a citizen who
/// comes back with the browser's button goes on where they were.
pub fn open(c: &mut Conn, sessione: Sessione) -> StoreResult<Sessione> {
    let (id_dominio, key_pa) = (sessione.id_dominio.clone(), sessione.key_pa.clone());
    diesel::insert_into(sessioni::table)
        .values(sessione)
        .on_conflict_do_nothing()
        .execute(c)?;
    Ok(by_key(id_dominio, key_pa)
        .select(Sessione::as_select())
        .first(c)?)
}

pub fn find(c: &mut Conn, id: String) -> StoreResult<Option<Sessione>> {
    Ok(sessioni::table
        .find(id)
        .select(Sessione::as_select())
        .first(c)
        .optional()?)
}

/// The choice that a body asks for with both keys.
pub fn find_scelta(
    c: &mut Conn,
    id_dominio: String,
    key_pa: String,
    key_wisp: String,
) -> StoreResult<Option<Sessione>> {
    let row = by_key(id_dominio, key_pa).filter(sessioni::key_wisp.eq(key_wisp));
    Ok(row.select(Sessione::as_select()).first(c).optional()?)
}

/// Stores the choice if none was made yet. Either way the session as it is now: a second click
/// finds the first choice.
pub fn choose(
    c: &mut Conn,
    id: String,
    key_wisp: String,
    scelta: SceltaPsp,
    now: DateTime<Utc>,
) -> StoreResult<Option<Sessione>> {
    ext::write_tx(c, |c| {
        diesel::update(
            sessioni::table
                .find(&id)
                .filter(sessioni::stato.eq("APERTA")),
        )
        .set((
            sessioni::stato.eq(StatoSessione::Scelta.name()),
            sessioni::key_wisp.eq(key_wisp),
            sessioni::id_psp.eq(scelta.id_psp),
            sessioni::id_intermediario_psp.eq(scelta.id_intermediario_psp),
            sessioni::id_canale.eq(scelta.id_canale),
            sessioni::tipo_versamento.eq(scelta.tipo_versamento),
            sessioni::concluded_at.eq(now.naive_utc()),
        ))
        .execute(c)?;
        find(c, id)
    })
}

/// Ends an open session without a choice. The session as it is now.
pub fn close(
    c: &mut Conn,
    id: String,
    stato: StatoSessione,
    now: DateTime<Utc>,
) -> StoreResult<Option<Sessione>> {
    ext::write_tx(c, |c| {
        diesel::update(
            sessioni::table
                .find(&id)
                .filter(sessioni::stato.eq("APERTA")),
        )
        .set((
            sessioni::stato.eq(stato.name()),
            sessioni::concluded_at.eq(now.naive_utc()),
        ))
        .execute(c)?;
        find(c, id)
    })
}

#[diesel::dsl::auto_type(no_type_alias)]
fn by_key(id_dominio: String, key_pa: String) -> _ {
    sessioni::table
        .filter(sessioni::id_dominio.eq(id_dominio))
        .filter(sessioni::key_pa.eq(key_pa))
}
