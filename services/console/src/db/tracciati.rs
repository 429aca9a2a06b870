//! Tracciati, as seen.

use diesel::prelude::*;
use platform::StoreResult;

use super::{Conn, ext};
use crate::schema::tracciati_visti as t;
use crate::visti::{ERRORI, TracciatoVisto};

/// Takes news in; call it in a transaction.
pub fn merge_tracciato(c: &mut Conn, new: &TracciatoVisto) -> StoreResult<()> {
    let inserted = diesel::insert_into(t::table)
        .values(new)
        .on_conflict_do_nothing()
        .execute(c)?;
    if inserted == 1 {
        return Ok(());
    }
    let found = t::table
        .find(new.id_tracciato.clone())
        .select(TracciatoVisto::as_select());
    let mut row: TracciatoVisto = ext::lock!(found).first(c)?;
    if row.applica(new) {
        diesel::update(t::table.find(new.id_tracciato.clone()))
            .set(&row)
            .execute(c)?;
    }
    Ok(())
}

pub fn list_tracciati(c: &mut Conn, limit: i64) -> StoreResult<Vec<TracciatoVisto>> {
    Ok(t::table
        .order((t::ultimo_at.desc(), t::id_tracciato))
        .limit(limit)
        .select(TracciatoVisto::as_select())
        .load(c)?)
}

pub fn conta_tracciati_con_errori(c: &mut Conn) -> StoreResult<i64> {
    Ok(t::table
        .filter(t::stato.eq_any(ERRORI))
        .count()
        .get_result(c)?)
}
