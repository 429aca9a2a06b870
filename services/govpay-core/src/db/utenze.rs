//! Callers: the software of the bodies, the people, the roles.

use diesel::prelude::*;
use platform::StoreResult;

use super::{Conn, ext};
use crate::anagrafica::{ApplicazioneRow, OperatoreRow, RigaRuolo};
use crate::schema::{applicazioni, operatori, ruoli};

pub fn find_applicazione(c: &mut Conn, principal: String) -> StoreResult<Option<ApplicazioneRow>> {
    let row = applicazioni::table.filter(applicazioni::principal.eq(principal));
    Ok(row
        .select(ApplicazioneRow::as_select())
        .first(c)
        .optional()?)
}

pub fn find_applicazione_a2a(c: &mut Conn, id_a2a: String) -> StoreResult<Option<ApplicazioneRow>> {
    let row = applicazioni::table.find(id_a2a);
    Ok(row
        .select(ApplicazioneRow::as_select())
        .first(c)
        .optional()?)
}

pub fn find_operatore(c: &mut Conn, principal: String) -> StoreResult<Option<OperatoreRow>> {
    let row = operatori::table.find(principal);
    Ok(row.select(OperatoreRow::as_select()).first(c).optional()?)
}

/// A person with the roles that it has.
pub fn find_operatore_con_ruoli(
    c: &mut Conn,
    principal: String,
) -> StoreResult<Option<(OperatoreRow, Vec<RigaRuolo>)>> {
    let Some(row) = find_operatore(c, principal)? else {
        return Ok(None);
    };
    let nomi: Vec<String> =
        serde_json::from_str(&row.ruoli).map_err(platform::StoreError::corrupt)?;
    Ok(Some((row, ruoli_di(c, nomi)?)))
}

/// As [`find_operatore_con_ruoli`], of the software.
pub fn find_applicazione_con_ruoli(
    c: &mut Conn,
    principal: String,
) -> StoreResult<Option<(ApplicazioneRow, Vec<RigaRuolo>)>> {
    let Some(row) = find_applicazione(c, principal)? else {
        return Ok(None);
    };
    let nomi: Vec<String> =
        serde_json::from_str(&row.ruoli).map_err(platform::StoreError::corrupt)?;
    Ok(Some((row, ruoli_di(c, nomi)?)))
}

/// The roles with these names that there are.
pub fn ruoli_di(c: &mut Conn, nomi: Vec<String>) -> StoreResult<Vec<RigaRuolo>> {
    let rows = ruoli::table.filter(ruoli::id_ruolo.eq_any(nomi));
    Ok(rows
        .order(ruoli::id_ruolo)
        .select(RigaRuolo::as_select())
        .load(c)?)
}

pub fn list_applicazioni(c: &mut Conn) -> StoreResult<Vec<ApplicazioneRow>> {
    let rows = applicazioni::table.order(applicazioni::id_a2a);
    Ok(rows.select(ApplicazioneRow::as_select()).load(c)?)
}

pub fn list_operatori(c: &mut Conn) -> StoreResult<Vec<OperatoreRow>> {
    let rows = operatori::table.order(operatori::principal);
    Ok(rows.select(OperatoreRow::as_select()).load(c)?)
}

pub fn list_ruoli(c: &mut Conn) -> StoreResult<Vec<RigaRuolo>> {
    let rows = ruoli::table.order(ruoli::id_ruolo);
    Ok(rows.select(RigaRuolo::as_select()).load(c)?)
}

/// Writes the caller over the one with its key. `None`: somebody else has its principal; else whether
/// it is new.
pub fn put_applicazione(c: &mut Conn, row: ApplicazioneRow) -> StoreResult<Option<bool>> {
    ext::write_tx(c, |c| {
        let others = applicazioni::table
            .filter(applicazioni::principal.eq(&row.principal))
            .filter(applicazioni::id_a2a.ne(&row.id_a2a));
        let people = operatori::table.find(&row.principal);
        let taken = others.count().get_result::<i64>(c)? + people.count().get_result::<i64>(c)?;
        if taken > 0 {
            return Ok(None);
        }
        let known = applicazioni::table.find(&row.id_a2a).count();
        let known: i64 = known.get_result(c)?;
        diesel::insert_into(applicazioni::table)
            .values(&row)
            .on_conflict(applicazioni::id_a2a)
            .do_update()
            .set(&row)
            .execute(c)?;
        Ok(Some(known == 0))
    })
}

/// As [`put_applicazione`].
pub fn put_operatore(c: &mut Conn, row: OperatoreRow) -> StoreResult<Option<bool>> {
    ext::write_tx(c, |c| {
        let taken = applicazioni::table.filter(applicazioni::principal.eq(&row.principal));
        if taken.count().get_result::<i64>(c)? > 0 {
            return Ok(None);
        }
        let known = operatori::table.find(&row.principal).count();
        let known: i64 = known.get_result(c)?;
        diesel::insert_into(operatori::table)
            .values(&row)
            .on_conflict(operatori::principal)
            .do_update()
            .set(&row)
            .execute(c)?;
        Ok(Some(known == 0))
    })
}

/// Writes the role over the one with its name; whether it is new.
pub fn put_ruolo(c: &mut Conn, row: RigaRuolo) -> StoreResult<bool> {
    ext::write_tx(c, |c| {
        let known: i64 = ruoli::table.find(&row.id_ruolo).count().get_result(c)?;
        diesel::insert_into(ruoli::table)
            .values(&row)
            .on_conflict(ruoli::id_ruolo)
            .do_update()
            .set(&row)
            .execute(c)?;
        Ok(known == 0)
    })
}
