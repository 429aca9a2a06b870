//! The blocks of rows of a tracciato and what became of them.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use platform::StoreResult;

use super::{Conn, ext};
use crate::schema::{blocchi, segnalazioni, tracciati, tracciato_domini};
use crate::tracciato::{BloccoRow, Lotto, NuovaSegnalazione};

/// Forgets what an earlier validation of the tracciato had found: it begins again from the first
/// row. `false` when the claim was lost.
pub fn reset(c: &mut Conn, id: i64, worker: String) -> StoreResult<bool> {
    ext::write_tx(c, |c| {
        if !claimed(c, id, &worker, None)? {
            return Ok(false);
        }
        diesel::delete(blocchi::table.filter(blocchi::tracciato_id.eq(id))).execute(c)?;
        diesel::delete(segnalazioni::table.filter(segnalazioni::tracciato_id.eq(id))).execute(c)?;
        let bodies = tracciato_domini::table.filter(tracciato_domini::tracciato_id.eq(id));
        diesel::delete(bodies).execute(c)?;
        Ok(true)
    })
}

/// Whether the claim is still the worker's; holds the row until the transaction ends, and lengthens
/// the lease when asked.
fn claimed(
    c: &mut Conn,
    id: i64,
    worker: &str,
    lease_until: Option<NaiveDateTime>,
) -> StoreResult<bool> {
    let mine = tracciati::table
        .find(id)
        .filter(tracciati::worker.eq(worker));
    let found = match lease_until {
        Some(until) => diesel::update(mine)
            .set((
                tracciati::lease_until.eq(Some(until)),
                tracciati::versione.eq(tracciati::versione + 1),
            ))
            .execute(c)?,
        None => diesel::update(mine)
            .set(tracciati::versione.eq(tracciati::versione + 1))
            .execute(c)?,
    };
    Ok(found == 1)
}

/// Rows per statement: SQLite takes at most 32,766 parameters.
const PER_STATEMENT: usize = 1000;

/// Stores some validated blocks and counts their rows. `false` when the claim was lost.
pub fn insert_lotto(
    c: &mut Conn,
    id: i64,
    worker: String,
    lotto: Lotto,
    lease_until: NaiveDateTime,
) -> StoreResult<bool> {
    ext::write_tx(c, |c| {
        if !claimed(c, id, &worker, Some(lease_until))? {
            return Ok(false);
        }
        for parte in lotto.blocchi.chunks(PER_STATEMENT) {
            diesel::insert_into(blocchi::table)
                .values(parte)
                .execute(c)?;
        }
        insert_segnalazioni(c, &lotto.segnalazioni)?;
        for id_dominio in lotto.domini {
            diesel::insert_into(tracciato_domini::table)
                .values((
                    tracciato_domini::tracciato_id.eq(id),
                    tracciato_domini::id_dominio.eq(id_dominio),
                ))
                .on_conflict_do_nothing()
                .execute(c)?;
        }
        if let Some(ultimo) = lotto.blocchi.last() {
            diesel::update(tracciati::table.find(id))
                .set(tracciati::righe.eq(ultimo.prima + ultimo.righe - 1))
                .execute(c)?;
        }
        Ok(true)
    })
}

fn insert_segnalazioni(c: &mut Conn, trovate: &[NuovaSegnalazione]) -> StoreResult<()> {
    for parte in trovate.chunks(PER_STATEMENT) {
        diesel::insert_into(segnalazioni::table)
            .values(parte)
            .execute(c)?;
    }
    Ok(())
}

/// Faults found after their rows were stored, with the blocks as they become. `false` when the
/// claim was lost.
pub fn correggi(
    c: &mut Conn,
    id: i64,
    worker: String,
    lotto: Lotto,
    lease_until: NaiveDateTime,
) -> StoreResult<bool> {
    ext::write_tx(c, |c| {
        if !claimed(c, id, &worker, Some(lease_until))? {
            return Ok(false);
        }
        for blocco in &lotto.blocchi {
            set_esiti(c, blocco)?;
        }
        insert_segnalazioni(c, &lotto.segnalazioni)?;
        Ok(true)
    })
}

/// Stores what became of the rows of a block in place of what was there.
pub fn set_esiti(c: &mut Conn, blocco: &BloccoRow) -> StoreResult<()> {
    diesel::update(blocchi::table.find((blocco.tracciato_id, blocco.numero)))
        .set((
            blocchi::ok.eq(blocco.ok),
            blocchi::ko.eq(blocco.ko),
            blocchi::esiti.eq(&blocco.json_esiti),
        ))
        .execute(c)?;
    Ok(())
}

/// The next blocks with rows that have no outcome, from `dal` on, in order.
pub fn da_caricare(c: &mut Conn, id: i64, dal: i64, limit: i64) -> StoreResult<Vec<BloccoRow>> {
    Ok(blocchi::table
        .filter(blocchi::tracciato_id.eq(id))
        .filter(blocchi::numero.ge(dal))
        .filter((blocchi::ok + blocchi::ko).lt(blocchi::righe))
        .order(blocchi::numero)
        .limit(limit)
        .select(BloccoRow::as_select())
        .load(c)?)
}

/// Stores what became of the rows of a block, and counts them. `prima` is the block as it was: one
/// that somebody else has changed meanwhile is not written over. `false` when the claim was lost.
pub fn registra(
    c: &mut Conn,
    worker: String,
    prima: BloccoRow,
    dopo: BloccoRow,
    lease_until: NaiveDateTime,
) -> StoreResult<bool> {
    let id = dopo.tracciato_id;
    ext::write_tx(c, |c| {
        if !claimed(c, id, &worker, Some(lease_until))? {
            return Ok(false);
        }
        set_esiti(c, &dopo)?;
        diesel::update(tracciati::table.find(id))
            .set((
                tracciati::righe_caricate.eq(tracciati::righe_caricate + (dopo.ok - prima.ok)),
                tracciati::righe_in_errore.eq(tracciati::righe_in_errore + (dopo.ko - prima.ko)),
            ))
            .execute(c)?;
        Ok(true)
    })
}

/// Rows loaded, and rows not valid or refused.
pub fn conta(c: &mut Conn, id: i64) -> StoreResult<(i64, i64)> {
    use diesel::dsl::sql;
    use diesel::sql_types::BigInt;
    // The sum of BIGINT is NUMERIC on PostgreSQL, which SQLite does not have.
    Ok(blocchi::table
        .filter(blocchi::tracciato_id.eq(id))
        .select((
            sql::<BigInt>("CAST(COALESCE(SUM(ok), 0) AS BIGINT)"),
            sql::<BigInt>("CAST(COALESCE(SUM(ko), 0) AS BIGINT)"),
        ))
        .first(c)?)
}

/// The block of the row with this number, and those after it.
pub fn blocchi_da(c: &mut Conn, id: i64, riga: i64, limit: i64) -> StoreResult<Vec<BloccoRow>> {
    Ok(blocchi::table
        .filter(blocchi::tracciato_id.eq(id))
        .filter((blocchi::prima + blocchi::righe).gt(riga))
        .order(blocchi::numero)
        .limit(limit)
        .select(BloccoRow::as_select())
        .load(c)?)
}

/// Blocks with some rows that went wrong.
pub fn blocchi_ko(c: &mut Conn, id: i64, dal: i64, limit: i64) -> StoreResult<Vec<BloccoRow>> {
    Ok(blocchi::table
        .filter(blocchi::tracciato_id.eq(id))
        .filter(blocchi::numero.ge(dal))
        .filter(blocchi::ko.gt(0))
        .order(blocchi::numero)
        .limit(limit)
        .select(BloccoRow::as_select())
        .load(c)?)
}
