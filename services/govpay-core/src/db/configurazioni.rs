//! Settings of the whole archive.

use diesel::prelude::*;
use platform::StoreResult;

use super::{Conn, ext};
use crate::schema::configurazioni;

/// The sections that were written, with their JSON.
pub fn list_configurazioni(c: &mut Conn) -> StoreResult<Vec<(String, String)>> {
    let rows = configurazioni::table.order(configurazioni::sezione);
    Ok(rows.load(c)?)
}

/// Writes these sections; the others stay as they are.
pub fn put_configurazioni(c: &mut Conn, sezioni: Vec<(String, String)>) -> StoreResult<()> {
    ext::write_tx(c, |c| {
        for (sezione, valore) in sezioni {
            diesel::insert_into(configurazioni::table)
                .values((
                    configurazioni::sezione.eq(sezione),
                    configurazioni::valore.eq(&valore),
                ))
                .on_conflict(configurazioni::sezione)
                .do_update()
                .set(configurazioni::valore.eq(&valore))
                .execute(c)?;
        }
        Ok(())
    })
}
