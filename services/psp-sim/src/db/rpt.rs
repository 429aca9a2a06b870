//! RPTs at the Node and their history.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::result::Error::RollbackTransaction;
use platform::{StoreError, StoreResult};

use super::super::{Accettazione, NuoveRpt, Pendenti};
use super::{Conn, ext, sessioni};
use crate::schema::{rpt_nodo, sessioni as table, storico_rpt};
use crate::sessione::{RptRow, StatoRptNodo, StoricoRow};

pub fn accetta(c: &mut Conn, nuove: NuoveRpt, now: DateTime<Utc>) -> StoreResult<Accettazione> {
    let mut outcome = None;
    let accepted = ext::write_tx(c, |c| {
        let refused = insert(c, &nuove, now)?;
        match refused {
            Accettazione::Accettata { .. } => Ok(refused),
            refused => {
                outcome = Some(refused);
                Err(StoreError::Query(RollbackTransaction))
            }
        }
    });
    outcome.map_or(accepted, Ok)
}

fn insert(c: &mut Conn, nuove: &NuoveRpt, now: DateTime<Utc>) -> StoreResult<Accettazione> {
    let sessione = &nuove.sessione;
    // Said before the cart: a repeated message is a duplicate of its RPTs.
    for rpt in &nuove.rpt {
        if by_key(c, &rpt.id_dominio, &rpt.iuv, &rpt.ccp)?.is_some() {
            return Ok(if sessione.carrello.is_some() && has_carrello(c, nuove)? {
                Accettazione::CarrelloDuplicato
            } else {
                Accettazione::RptDuplicata(rpt.posizione)
            });
        }
    }
    let id = if sessione.tipo == 3 {
        match sessioni::ricevi_rpt(c, sessione)? {
            Some(id) => id,
            None => return Ok(Accettazione::SenzaAttivazione),
        }
    } else {
        if sessione.carrello.is_some() && has_carrello(c, nuove)? {
            return Ok(Accettazione::CarrelloDuplicato);
        }
        let inserted = diesel::insert_into(table::table)
            .values(sessione.clone())
            .on_conflict_do_nothing()
            .execute(c)?;
        if inserted == 0 {
            return Ok(match sessione.carrello {
                Some(_) => Accettazione::CarrelloDuplicato,
                None => Accettazione::RptDuplicata(1),
            });
        }
        sessione.id.clone()
    };
    for rpt in &nuove.rpt {
        let row = RptRow {
            sessione: id.clone(),
            ..rpt.clone()
        };
        let inserted = diesel::insert_into(rpt_nodo::table)
            .values(row)
            .on_conflict_do_nothing()
            .execute(c)?;
        if inserted == 0 {
            return Ok(Accettazione::RptDuplicata(rpt.posizione));
        }
        for stato in [
            StatoRptNodo::RptRicevutaNodo,
            StatoRptNodo::RptAccettataNodo,
            StatoRptNodo::RptAccettataPsp,
        ] {
            push_storico(c, &rpt.id, stato, stato.descrizione(), now)?;
        }
    }
    Ok(Accettazione::Accettata { sessione: id })
}

fn has_carrello(c: &mut Conn, nuove: &NuoveRpt) -> StoreResult<bool> {
    let found = table::table
        .filter(table::id_stazione.eq(&nuove.sessione.id_stazione))
        .filter(table::carrello.eq(&nuove.sessione.carrello))
        .select(table::id)
        .first::<String>(c)
        .optional()?;
    Ok(found.is_some())
}

fn by_key(c: &mut Conn, dominio: &str, iuv: &str, ccp: &str) -> StoreResult<Option<RptRow>> {
    Ok(rpt_nodo::table
        .filter(rpt_nodo::id_dominio.eq(dominio))
        .filter(rpt_nodo::iuv.eq(iuv))
        .filter(rpt_nodo::ccp.eq(ccp))
        .select(RptRow::as_select())
        .first(c)
        .optional()?)
}

pub fn find_rpt(
    c: &mut Conn,
    id_dominio: String,
    iuv: String,
    ccp: String,
) -> StoreResult<Option<RptRow>> {
    by_key(c, &id_dominio, &iuv, &ccp)
}

pub fn storico(c: &mut Conn, id: String) -> StoreResult<Vec<StoricoRow>> {
    Ok(storico_rpt::table
        .filter(storico_rpt::rpt.eq(id))
        .order(storico_rpt::id)
        .select(StoricoRow::as_select())
        .load(c)?)
}

pub fn list_pendenti(c: &mut Conn, filtro: Pendenti) -> StoreResult<Vec<RptRow>> {
    Ok(rpt_nodo::table
        .filter(rpt_nodo::id_dominio.eq_any(filtro.domini))
        .filter(rpt_nodo::stato.ne(StatoRptNodo::RtAccettataPa.name()))
        .filter(rpt_nodo::creata_at.between(filtro.da, filtro.a))
        .order((rpt_nodo::creata_at, rpt_nodo::id))
        .limit(filtro.limit)
        .select(RptRow::as_select())
        .load(c)?)
}

/// The new state of an RPT, with its line of history. Nothing when there is no such RPT (a receipt
/// of the modello unico has none).
pub fn set_stato(
    c: &mut Conn,
    id: &str,
    stato: StatoRptNodo,
    descrizione: &str,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let changed = diesel::update(rpt_nodo::table.find(id))
        .set(rpt_nodo::stato.eq(stato.name()))
        .execute(c)?;
    if changed == 1 {
        push_storico(c, id, stato, descrizione, now)?;
    }
    Ok(())
}

fn push_storico(
    c: &mut Conn,
    rpt: &str,
    stato: StatoRptNodo,
    descrizione: &str,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    diesel::insert_into(storico_rpt::table)
        .values((
            storico_rpt::rpt.eq(rpt),
            storico_rpt::stato.eq(stato.name()),
            storico_rpt::descrizione.eq(descrizione),
            storico_rpt::at.eq(now.naive_utc()),
        ))
        .execute(c)?;
    Ok(())
}

/// The RPTs of these sessions, in order.
pub fn of_sessioni(c: &mut Conn, sessioni: &[String]) -> StoreResult<Vec<RptRow>> {
    Ok(rpt_nodo::table
        .filter(rpt_nodo::sessione.eq_any(sessioni))
        .order(rpt_nodo::posizione)
        .select(RptRow::as_select())
        .load(c)?)
}
