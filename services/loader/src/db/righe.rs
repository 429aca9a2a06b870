//! The rows of a tracciato, what the validation found in them, and their outcomes.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use platform::StoreResult;

use super::{Conn, ext};
use crate::schema::{righe, segnalazioni, tracciati, tracciato_domini};
use crate::tracciato::{EsitoRiga, Lotto, RigaRow, SegnalazioneRow};

/// Forgets what an earlier validation of the tracciato had found: it begins again from the first
/// row. `false` when the claim was lost.
pub fn reset(c: &mut Conn, id: i64, worker: String) -> StoreResult<bool> {
    ext::write_tx(c, |c| {
        if !claimed(c, id, &worker, None)? {
            return Ok(false);
        }
        diesel::delete(righe::table.filter(righe::tracciato_id.eq(id))).execute(c)?;
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
const PER_STATEMENT: usize = 500;

/// Stores some validated rows and counts them. `false` when the claim was lost.
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
        for parte in lotto.righe.chunks(PER_STATEMENT) {
            diesel::insert_into(righe::table).values(parte).execute(c)?;
        }
        for parte in lotto.segnalazioni.chunks(PER_STATEMENT) {
            diesel::insert_into(segnalazioni::table)
                .values(parte)
                .execute(c)?;
        }
        for id_dominio in lotto.domini {
            diesel::insert_into(tracciato_domini::table)
                .values((
                    tracciato_domini::tracciato_id.eq(id),
                    tracciato_domini::id_dominio.eq(id_dominio),
                ))
                .on_conflict_do_nothing()
                .execute(c)?;
        }
        if let Some(ultima) = lotto.righe.last() {
            diesel::update(tracciati::table.find(id))
                .set(tracciati::righe.eq(ultima.numero))
                .execute(c)?;
        }
        Ok(true)
    })
}

/// Numbers of the next rows without an outcome, in order.
pub fn da_caricare(c: &mut Conn, id: i64, limit: i64) -> StoreResult<Vec<i64>> {
    Ok(righe::table
        .filter(righe::tracciato_id.eq(id))
        .filter(righe::esito.is_null())
        .order(righe::numero)
        .limit(limit)
        .select(righe::numero)
        .load(c)?)
}

/// Stores outcomes of rows. `false` when the claim was lost.
pub fn registra_esiti(
    c: &mut Conn,
    id: i64,
    worker: String,
    esiti: Vec<EsitoRiga>,
    lease_until: NaiveDateTime,
) -> StoreResult<bool> {
    ext::write_tx(c, |c| {
        if !claimed(c, id, &worker, Some(lease_until))? {
            return Ok(false);
        }
        let (mut ok, mut ko) = (0i64, 0i64);
        for esito in esiti {
            let riga = righe::table
                .find((id, esito.numero))
                .filter(righe::esito.is_null());
            let is_ok = esito.esito.ends_with("_OK");
            let written = diesel::update(riga)
                .set((
                    righe::esito.eq(Some(esito.esito)),
                    righe::errore.eq(esito.errore),
                    righe::iuv.eq(esito.iuv),
                    righe::numero_avviso.eq(esito.numero_avviso),
                    righe::qrcode.eq(esito.qrcode),
                    righe::barcode.eq(esito.barcode),
                ))
                .execute(c)?;
            match (written, is_ok) {
                (0, _) => {}
                (_, true) => ok += 1,
                (_, false) => ko += 1,
            }
        }
        diesel::update(tracciati::table.find(id))
            .set((
                tracciati::righe_caricate.eq(tracciati::righe_caricate + ok),
                tracciati::righe_in_errore.eq(tracciati::righe_in_errore + ko),
            ))
            .execute(c)?;
        Ok(true)
    })
}

/// Rows after `dopo`, in order. `esito`: `OK` or `KO` only.
pub fn list_righe(
    c: &mut Conn,
    id: i64,
    dopo: i64,
    limit: i64,
    esito: Option<String>,
) -> StoreResult<Vec<RigaRow>> {
    let mut query = righe::table
        .filter(righe::tracciato_id.eq(id))
        .filter(righe::numero.gt(dopo))
        .order(righe::numero)
        .limit(limit)
        .select(RigaRow::as_select())
        .into_boxed();
    if let Some(esito) = esito {
        query = query.filter(righe::esito.like(format!("%\\_{esito}")).escape('\\'));
    }
    Ok(query.load(c)?)
}

/// What the validation found after `dopo` (an id), errors before warnings.
pub fn list_segnalazioni(
    c: &mut Conn,
    id: i64,
    gravita: &'static str,
    dopo: i64,
    limit: i64,
) -> StoreResult<Vec<SegnalazioneRow>> {
    Ok(segnalazioni::table
        .filter(segnalazioni::tracciato_id.eq(id))
        .filter(segnalazioni::gravita.eq(gravita))
        .filter(segnalazioni::id.gt(dopo))
        .order(segnalazioni::id)
        .limit(limit)
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
