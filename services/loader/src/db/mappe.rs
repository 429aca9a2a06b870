//! The own columns of the bodies.

use diesel::prelude::*;
use platform::StoreResult;

use super::Conn;
use crate::schema::mappe;
use crate::tracciato::MappaRow;

/// Keeps a mapping, in place of the one that the tipo pendenza had.
pub fn put_mappa(c: &mut Conn, row: MappaRow) -> StoreResult<()> {
    diesel::insert_into(mappe::table)
        .values(&row)
        .on_conflict((mappe::id_dominio, mappe::id_tipo_pendenza))
        .do_update()
        .set((
            mappe::contenuto.eq(&row.contenuto),
            mappe::operatore.eq(&row.operatore),
            mappe::aggiornata_at.eq(row.aggiornata_at),
        ))
        .execute(c)?;
    Ok(())
}

pub fn find_mappa(c: &mut Conn, id_dominio: String, tipo: String) -> StoreResult<Option<MappaRow>> {
    Ok(mappe::table
        .find((id_dominio, tipo))
        .select(MappaRow::as_select())
        .first(c)
        .optional()?)
}

/// Those of these bodies; `None`: of all.
pub fn list_mappe(c: &mut Conn, domini: Option<Vec<String>>) -> StoreResult<Vec<MappaRow>> {
    let mut query = mappe::table
        .order((mappe::id_dominio, mappe::id_tipo_pendenza))
        .select(MappaRow::as_select())
        .into_boxed();
    if let Some(domini) = domini {
        query = query.filter(mappe::id_dominio.eq_any(domini));
    }
    Ok(query.load(c)?)
}

/// `false`: there was none.
pub fn delete_mappa(c: &mut Conn, id_dominio: String, tipo: String) -> StoreResult<bool> {
    Ok(diesel::delete(mappe::table.find((id_dominio, tipo))).execute(c)? > 0)
}
