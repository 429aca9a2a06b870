//! The bytes of the files, in chunks.

use chrono::NaiveDateTime;
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use platform::StoreResult;

use super::{Conn, ext};
use crate::schema::{contenuti, tracciati, tracciato_chunks};

pub fn insert_contenuto(
    c: &mut Conn,
    id: String,
    operatore: String,
    real_now: NaiveDateTime,
) -> StoreResult<()> {
    diesel::insert_into(contenuti::table)
        .values((
            contenuti::id.eq(id),
            contenuti::creato_at.eq(real_now),
            contenuti::operatore.eq(Some(operatore)),
        ))
        .execute(c)?;
    Ok(())
}

/// `inizio`: bytes of the file before the chunk.
pub fn insert_chunk(
    c: &mut Conn,
    id: String,
    numero: i64,
    inizio: i64,
    bytes: Vec<u8>,
) -> StoreResult<()> {
    diesel::insert_into(tracciato_chunks::table)
        .values((
            tracciato_chunks::contenuto_id.eq(id),
            tracciato_chunks::numero.eq(numero),
            tracciato_chunks::inizio.eq(inizio),
            tracciato_chunks::contenuto.eq(bytes),
        ))
        .execute(c)?;
    Ok(())
}

/// `None` after the last one.
pub fn find_chunk(c: &mut Conn, id: String, numero: i64) -> StoreResult<Option<Vec<u8>>> {
    Ok(tracciato_chunks::table
        .find((id, numero))
        .select(tracciato_chunks::contenuto)
        .first(c)
        .optional()?)
}

/// Number and beginning of the chunk that holds the byte at `posizione`.
pub fn find_chunk_at(c: &mut Conn, id: String, posizione: i64) -> StoreResult<Option<(i64, i64)>> {
    Ok(tracciato_chunks::table
        .filter(tracciato_chunks::contenuto_id.eq(id))
        .filter(tracciato_chunks::inizio.le(posizione))
        .order(tracciato_chunks::numero.desc())
        .select((tracciato_chunks::numero, tracciato_chunks::inizio))
        .first(c)
        .optional()?)
}

/// Whether the file is there and not used yet, and this operator brought it.
pub fn is_in_attesa(c: &mut Conn, id: String, operatore: String) -> StoreResult<bool> {
    let used = tracciati::table.filter(tracciati::contenuto_id.eq(contenuti::id));
    let found = contenuti::table
        .filter(contenuti::id.eq(id))
        .filter(contenuti::operatore.eq(operatore))
        .filter(not(exists(used)));
    Ok(found.count().get_result::<i64>(c)? > 0)
}

/// Forgets an upload that came to nothing; the bytes of a tracciato are never touched.
pub fn delete_contenuto(c: &mut Conn, id: String) -> StoreResult<()> {
    ext::write_tx(c, |c| {
        let used = tracciati::table.filter(tracciati::contenuto_id.eq(&id));
        if used.count().get_result::<i64>(c)? > 0 {
            return Ok(());
        }
        let chunks = tracciato_chunks::table.filter(tracciato_chunks::contenuto_id.eq(&id));
        diesel::delete(chunks).execute(c)?;
        diesel::delete(contenuti::table.find(&id)).execute(c)?;
        Ok(())
    })
}

/// Forgets uploads that broke off before this moment.
pub fn purge_contenuti(c: &mut Conn, before: NaiveDateTime) -> StoreResult<usize> {
    let used = tracciati::table.filter(tracciati::contenuto_id.eq(contenuti::id));
    let orphans: Vec<String> = contenuti::table
        .filter(contenuti::creato_at.lt(before))
        .filter(not(exists(used)))
        .select(contenuti::id)
        .limit(100)
        .load(c)?;
    let count = orphans.len();
    for id in orphans {
        delete_contenuto(c, id)?;
    }
    Ok(count)
}
