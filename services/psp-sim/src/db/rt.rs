//! Receipts to be delivered.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use platform::StoreResult;

use super::super::Insuccesso;
use super::{Conn, ext, rpt};
use crate::schema::rt_da_inviare as rt;
use crate::sessione::{RtRow, StatoRptNodo};

/// Refusals of the ente after which a receipt waits for a person (SANP 3: 48 attempts).
const MAX_RIFIUTI: i32 = 48;

/// One receipt for each RPT or token: a second decision would be a second row with the same id.
pub fn insert(c: &mut Conn, row: RtRow) -> StoreResult<()> {
    diesel::insert_into(rt::table).values(row).execute(c)?;
    Ok(())
}

/// The lease, not a lock, keeps two replicas apart: no network call happens inside a transaction,
/// and the rows of a process that died come back when its lease ends.
pub fn claim(
    c: &mut Conn,
    now: DateTime<Utc>,
    real_now: DateTime<Utc>,
    lease_until: DateTime<Utc>,
    limit: i64,
) -> StoreResult<Vec<RtRow>> {
    let free = rt::leased_until
        .is_null()
        .or(rt::leased_until.lt(real_now.naive_utc()));
    let waiting = rt::table
        .filter(rt::delivered_at.is_null())
        .filter(rt::fermata_at.is_null())
        .filter(rt::next_at.le(now.naive_utc()))
        .filter(free)
        .order((rt::next_at, rt::id))
        .limit(limit)
        .select(RtRow::as_select());
    // Most looks find nothing: they must not take a write lock.
    if waiting.limit(1).load::<RtRow>(c)?.is_empty() {
        return Ok(vec![]);
    }
    ext::write_tx(c, |c| {
        let mut rows: Vec<RtRow> = ext::lock_skipping!(waiting).load(c)?;
        let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
        diesel::update(rt::table.filter(rt::id.eq_any(ids)))
            .set((
                rt::leased_until.eq(lease_until.naive_utc()),
                rt::attempts.eq(rt::attempts + 1),
            ))
            .execute(c)?;
        for row in &mut rows {
            row.attempts += 1;
        }
        Ok(rows)
    })
}

pub fn find_rt(c: &mut Conn, id: String) -> StoreResult<Option<RtRow>> {
    Ok(rt::table
        .find(id)
        .select(RtRow::as_select())
        .first(c)
        .optional()?)
}

pub fn set_documento(
    c: &mut Conn,
    id: String,
    documento: Vec<u8>,
    now: DateTime<Utc>,
) -> StoreResult<Vec<u8>> {
    ext::write_tx(c, |c| {
        let first = diesel::update(rt::table.find(&id).filter(rt::documento.is_null()))
            .set(rt::documento.eq(&documento))
            .execute(c)?;
        if first == 0 {
            let kept: Option<Vec<u8>> = rt::table.find(&id).select(rt::documento).first(c)?;
            return Ok(kept.unwrap_or(documento));
        }
        let stato = match rt::table
            .find(&id)
            .select(rt::motivo)
            .first::<String>(c)?
            .as_str()
        {
            crate::decisione::SESSIONE_SCADUTA => StatoRptNodo::RtGenerataNodo,
            _ => StatoRptNodo::RtRicevutaNodo,
        };
        rpt::set_stato(c, &id, stato, stato.descrizione(), now)?;
        Ok(documento)
    })
}

pub fn consegnata(c: &mut Conn, id: String, now: DateTime<Utc>) -> StoreResult<()> {
    ext::write_tx(c, |c| {
        diesel::update(rt::table.find(&id))
            .set((
                rt::delivered_at.eq(now.naive_utc()),
                rt::leased_until.eq(None::<NaiveDateTime>),
                rt::ultimo_errore.eq(None::<String>),
            ))
            .execute(c)?;
        let stato = StatoRptNodo::RtAccettataPa;
        rpt::set_stato(c, &id, stato, stato.descrizione(), now)
    })
}

pub fn non_consegnata(
    c: &mut Conn,
    id: String,
    insuccesso: Insuccesso,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    ext::write_tx(c, |c| {
        let rifiuti: i32 = rt::table.find(&id).select(rt::rifiuti).first(c)?;
        let rifiuti = rifiuti + i32::from(insuccesso.rifiuto);
        let fermata = (rifiuti >= MAX_RIFIUTI).then(|| now.naive_utc());
        diesel::update(rt::table.find(&id).filter(rt::delivered_at.is_null()))
            .set((
                rt::leased_until.eq(None::<NaiveDateTime>),
                rt::next_at.eq(insuccesso.next_at.naive_utc()),
                rt::rifiuti.eq(rifiuti),
                rt::fermata_at.eq(fermata),
                rt::ultimo_errore.eq(&insuccesso.errore),
            ))
            .execute(c)?;
        let stato = if insuccesso.rifiuto {
            StatoRptNodo::RtRifiutataPa
        } else {
            StatoRptNodo::RtEsitoSconosciutoPa
        };
        rpt::set_stato(c, &id, stato, &insuccesso.errore, now)
    })
}

/// A receipt on its way is left alone.
pub fn rinvia(c: &mut Conn, sessione: String, now: DateTime<Utc>) -> StoreResult<usize> {
    let at = now.naive_utc();
    Ok(diesel::update(
        rt::table
            .filter(rt::sessione.eq(sessione))
            .filter(rt::due_at.le(at))
            .filter(rt::leased_until.is_null()),
    )
    .set((
        rt::delivered_at.eq(None::<NaiveDateTime>),
        rt::fermata_at.eq(None::<NaiveDateTime>),
        rt::rifiuti.eq(0),
        rt::next_at.eq(at),
    ))
    .execute(c)?)
}

/// Receipts that wait for their time are due now.
pub fn anticipa(c: &mut Conn, sessione: &str, at: NaiveDateTime) -> StoreResult<usize> {
    Ok(diesel::update(
        rt::table
            .filter(rt::sessione.eq(sessione))
            .filter(rt::delivered_at.is_null())
            .filter(rt::due_at.gt(at)),
    )
    .set((rt::due_at.eq(at), rt::next_at.eq(at)))
    .execute(c)?)
}

pub fn of_sessioni(c: &mut Conn, sessioni: &[String]) -> StoreResult<Vec<RtRow>> {
    Ok(rt::table
        .filter(rt::sessione.eq_any(sessioni))
        .order((rt::deciso_at, rt::id))
        .select(RtRow::as_select())
        .load(c)?)
}
