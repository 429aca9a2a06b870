//! Bodies and callers: sown from the tenant file, then read.

use diesel::prelude::*;
use platform::StoreResult;

use super::{Conn, ext};
use crate::anagrafica::{ApplicazioneRow, OperatoreRow, Semina};
use crate::pendenza::DominioRow;
use crate::schema::{
    applicazioni, conti, domini, entrate, intermediari, operatori, stazioni, tipi_pendenza,
};
use crate::tentativo::Visibili;

/// Sows an empty archive, in one transaction; an archive with somebody in it is left as it is.
/// Returns whether it sowed.
pub fn semina(c: &mut Conn, semina: Semina) -> StoreResult<bool> {
    ext::write_tx(c, |c| {
        if operatori::table.count().get_result::<i64>(c)? > 0 {
            return Ok(false);
        }
        diesel::insert_into(intermediari::table)
            .values(&semina.intermediari)
            .execute(c)?;
        diesel::insert_into(stazioni::table)
            .values(&semina.stazioni)
            .execute(c)?;
        diesel::insert_into(domini::table)
            .values(&semina.domini)
            .execute(c)?;
        diesel::insert_into(conti::table)
            .values(&semina.conti)
            .execute(c)?;
        diesel::insert_into(entrate::table)
            .values(&semina.entrate)
            .execute(c)?;
        diesel::insert_into(tipi_pendenza::table)
            .values(&semina.tipi_pendenza)
            .execute(c)?;
        diesel::insert_into(applicazioni::table)
            .values(&semina.applicazioni)
            .execute(c)?;
        diesel::insert_into(operatori::table)
            .values(&semina.operatori)
            .execute(c)?;
        Ok(true)
    })
}

/// Whether nobody was sown yet.
pub fn is_empty(c: &mut Conn) -> StoreResult<bool> {
    Ok(operatori::table.count().get_result::<i64>(c)? == 0)
}

pub fn find_applicazione(c: &mut Conn, principal: String) -> StoreResult<Option<ApplicazioneRow>> {
    let row = applicazioni::table.filter(applicazioni::principal.eq(principal));
    Ok(row
        .select(ApplicazioneRow::as_select())
        .first(c)
        .optional()?)
}

pub fn find_operatore(c: &mut Conn, principal: String) -> StoreResult<Option<OperatoreRow>> {
    let row = operatori::table.find(principal);
    Ok(row.select(OperatoreRow::as_select()).first(c).optional()?)
}

pub fn list_applicazioni(c: &mut Conn) -> StoreResult<Vec<ApplicazioneRow>> {
    let rows = applicazioni::table.order(applicazioni::id_a2a);
    Ok(rows.select(ApplicazioneRow::as_select()).load(c)?)
}

pub fn list_domini(c: &mut Conn, visibili: Visibili) -> StoreResult<Vec<DominioRow>> {
    let mut rows = domini::table.order(domini::id_dominio).into_boxed();
    if let Some(ids) = visibili {
        rows = rows.filter(domini::id_dominio.eq_any(ids));
    }
    Ok(rows.select(DominioRow::as_select()).load(c)?)
}
