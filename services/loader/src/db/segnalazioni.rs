//! What the validation found.

use diesel::prelude::*;
use platform::StoreResult;

use super::Conn;
use crate::schema::segnalazioni;
use crate::tracciato::SegnalazioneRow;

/// What the validation found, by line of the file; after the one with the id `dopo`.
pub fn list_segnalazioni(
    c: &mut Conn,
    id: i64,
    gravita: &'static str,
    dopo: i64,
    limit: i64,
) -> StoreResult<Vec<SegnalazioneRow>> {
    let mut query = segnalazioni::table
        .filter(segnalazioni::tracciato_id.eq(id))
        .filter(segnalazioni::gravita.eq(gravita))
        .order((segnalazioni::riga, segnalazioni::id))
        .limit(limit)
        .select(SegnalazioneRow::as_select())
        .into_boxed();
    if dopo > 0 {
        let riga: Option<i64> = segnalazioni::table
            .find(dopo)
            .select(segnalazioni::riga)
            .first(c)
            .optional()?;
        let riga = riga.unwrap_or_default();
        let same = segnalazioni::riga.eq(riga).and(segnalazioni::id.gt(dopo));
        query = query.filter(segnalazioni::riga.gt(riga).or(same));
    }
    Ok(query.load(c)?)
}

/// Those of the lines from `dalla` to `alla`, errors and warnings.
pub fn segnalazioni_fra(
    c: &mut Conn,
    id: i64,
    dalla: i64,
    alla: i64,
) -> StoreResult<Vec<SegnalazioneRow>> {
    Ok(segnalazioni::table
        .filter(segnalazioni::tracciato_id.eq(id))
        .filter(segnalazioni::riga.between(dalla, alla))
        .order((segnalazioni::riga, segnalazioni::id))
        .select(SegnalazioneRow::as_select())
        .load(c)?)
}

pub fn count_segnalazioni(c: &mut Conn, id: i64, gravita: &'static str) -> StoreResult<i64> {
    Ok(segnalazioni::table
        .filter(segnalazioni::tracciato_id.eq(id))
        .filter(segnalazioni::gravita.eq(gravita))
        .count()
        .get_result(c)?)
}
