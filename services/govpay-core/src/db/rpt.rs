//! Attempts: sent to the Node, expired, read; what keeps a new one out.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use domain::StatoRpt;
use domain::pagamento::NonPagabile;
use domain::rpt::Origine;

use super::{Conn, ext, notifiche, posizioni, tentativi};
use crate::notifica::TipoNotifica;
use crate::posizione::PosizioneRow;
use crate::schema::{pendenze, rpt};
use crate::tentativo::{EsitoInvio, Rifiuto, RptRow};
use platform::StoreResult;

/// Whether something keeps a new attempt that begins in `new` out, without writing anything.
pub fn ostacolo_pagamento(
    c: &mut Conn,
    pendenza: i64,
    verificata: bool,
    new: Origine,
    now: DateTime<Utc>,
) -> StoreResult<Option<Rifiuto>> {
    let row = pendenze::table
        .find(pendenza)
        .select(PosizioneRow::as_select())
        .first(c)?;
    if let Some(rifiuto) = non_pagabile(c, &row, verificata, now)? {
        return Ok(Some(rifiuto));
    }
    let ostacoli = tentativi::ostacoli(c, pendenza, new, now)?;
    Ok(tentativi::in_corso(&row, &ostacoli))
}

pub fn non_pagabile(
    c: &mut Conn,
    row: &PosizioneRow,
    verificata: bool,
    now: DateTime<Utc>,
) -> StoreResult<Option<Rifiuto>> {
    let Err(motivo) = row.pagabile(verificata, now)? else {
        return Ok(None);
    };
    let dettaglio = quando(c, row, motivo)?;
    Ok(Some(Rifiuto::NonPagabile {
        id_pendenza: row.id_pendenza.clone(),
        motivo,
        dettaglio,
    }))
}

/// Since when, and by which payment, a pendenza cannot be paid: words for people.
pub fn quando(c: &mut Conn, row: &PosizioneRow, motivo: NonPagabile) -> StoreResult<String> {
    let giorno = |day: Option<chrono::NaiveDate>| {
        day.map(|d| d.format("%d/%m/%Y").to_string())
            .unwrap_or_default()
    };
    Ok(match motivo {
        NonPagabile::Annullata => "la pendenza è stata annullata dall'ente".to_owned(),
        NonPagabile::Scaduta => format!("scaduta il {}", giorno(row.data_scadenza)),
        NonPagabile::NonPiuValida => format!("non più valida dal {}", giorno(row.data_validita)),
        NonPagabile::Pagata => {
            use crate::schema::riscossioni;
            let last: Option<(String, chrono::NaiveDateTime)> = riscossioni::table
                .filter(riscossioni::pendenza.eq(row.id))
                .order(riscossioni::id.desc())
                .select((riscossioni::iur, riscossioni::data_pagamento))
                .first(c)
                .optional()?;
            match last {
                Some((iur, at)) => {
                    let day = giorno(Some(domain::tempo::giorno(at.and_utc())));
                    format!("pagata il {day}, identificativo di riscossione {iur}")
                }
                None => "la pendenza è già pagata".to_owned(),
            }
        }
    })
}

/// Moves an attempt by what the Node answered, and tells it. The pendenza is held by the caller.
pub fn segna_invio(
    c: &mut Conn,
    pendenza: &PosizioneRow,
    row: &RptRow,
    esito: &EsitoInvio,
    now: DateTime<Utc>,
) -> StoreResult<RptRow> {
    let (stato, descrizione, send_at) = match esito {
        EsitoInvio::Accettata { .. } => (StatoRpt::RptAccettataNodo, None, None),
        EsitoInvio::Rifiutata {
            codice,
            descrizione,
        } => (
            StatoRpt::RptRifiutataNodo,
            Some(format!("{codice}: {descrizione}")),
            None,
        ),
        EsitoInvio::Incerta {
            descrizione,
            retry_at,
        } => (
            StatoRpt::RptErroreInvioANodo,
            Some(descrizione.clone()),
            Some(retry_at.naive_utc()),
        ),
    };
    let changed = row.stato()? != stato;
    let row: RptRow = diesel::update(rpt::table.find(row.id))
        .set((
            rpt::stato.eq(stato.name()),
            rpt::descrizione_stato.eq(descrizione),
            rpt::send_at.eq(send_at),
            rpt::updated_at.eq(now.naive_utc()),
        ))
        .returning(RptRow::as_returning())
        .get_result(c)?;
    let pagamento = tentativi::aggiorna_pagamento(c, &row, now)?;
    if changed {
        tentativi::push_stato(c, pendenza, &row, pagamento.as_ref(), now)?;
        racconta(c, pendenza, &row, esito, now)?;
    }
    Ok(row)
}

/// Tells the gestionale what the Node answered for good.
fn racconta(
    c: &mut Conn,
    pendenza: &PosizioneRow,
    row: &RptRow,
    esito: &EsitoInvio,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let (tipo, perche) = match esito {
        EsitoInvio::Accettata { .. } => (TipoNotifica::Attivazione, None),
        EsitoInvio::Rifiutata {
            codice,
            descrizione,
        } => (
            TipoNotifica::Fallimento,
            Some((codice.as_str(), descrizione.as_str())),
        ),
        EsitoInvio::Incerta { .. } => return Ok(()),
    };
    notifiche::insert(c, pendenza, row, tipo, perche, now)
}

/// What came of sending the RPT of an activation at the PSP.
pub fn esito_attivata(
    c: &mut Conn,
    id: i64,
    esito: EsitoInvio,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    ext::write_tx(c, |c| {
        let pendenza: i64 = rpt::table.find(id).select(rpt::pendenza).first(c)?;
        posizioni::lock(c, pendenza)?;
        let row: RptRow = rpt::table.find(id).select(RptRow::as_select()).first(c)?;
        let posizione = posizioni::load(c, pendenza)?.pendenza;
        let waiting = matches!(
            row.stato()?,
            StatoRpt::RptAttivata | StatoRpt::RptErroreInvioANodo
        );
        if row.rt_at.is_none() && waiting {
            segna_invio(c, &posizione, &row, &esito, now)?;
        } else {
            // Sent again after it was accepted, or overtaken by its receipt: nothing to learn.
            diesel::update(rpt::table.find(id))
                .set(rpt::send_at.eq(None::<chrono::NaiveDateTime>))
                .execute(c)?;
        }
        Ok(())
    })
}

/// Takes one attempt whose RPT is due, for `lease`: nobody else takes it until then. `only` takes that
/// one whether or not it is due, if it has not been sent meanwhile.
pub fn claim_rpt(
    c: &mut Conn,
    only: Option<i64>,
    lease: TimeDelta,
    now: DateTime<Utc>,
) -> StoreResult<Option<RptRow>> {
    let candidates: Vec<RptRow> = match only {
        Some(id) => rpt::table
            .find(id)
            .filter(rpt::send_at.is_not_null())
            .select(RptRow::as_select())
            .load(c)?,
        None => rpt::table
            .filter(rpt::send_at.le(now.naive_utc()))
            .order(rpt::send_at)
            .limit(10)
            .select(RptRow::as_select())
            .load(c)?,
    };
    for row in candidates {
        // The condition on the old value decides between replicas.
        let claimed = diesel::update(rpt::table.find(row.id))
            .filter(rpt::send_at.eq(row.send_at))
            .filter(rpt::send_attempts.eq(row.send_attempts))
            .set((
                rpt::send_at.eq((now + lease).naive_utc()),
                rpt::send_attempts.eq(row.send_attempts + 1),
            ))
            .returning(RptRow::as_returning())
            .get_result(c)
            .optional()?;
        if claimed.is_some() {
            return Ok(claimed);
        }
    }
    Ok(None)
}

/// Closes the attempts whose life is over; returns how many.
pub fn scadi_rpt(c: &mut Conn, now: DateTime<Utc>) -> StoreResult<usize> {
    let due: Vec<(i64, i64)> = rpt::table
        .filter(rpt::scade_at.le(now.naive_utc()))
        .order(rpt::scade_at)
        .limit(50)
        .select((rpt::id, rpt::pendenza))
        .load(c)?;
    let mut closed = 0;
    for (id, pendenza) in due {
        closed += ext::write_tx(c, |c| -> StoreResult<usize> {
            posizioni::lock(c, pendenza)?;
            let row: RptRow = rpt::table.find(id).select(RptRow::as_select()).first(c)?;
            if row.scade_at.is_none_or(|at| at > now.naive_utc()) {
                return Ok(0); // another replica, or a receipt, was faster
            }
            let posizione = posizioni::load(c, pendenza)?.pendenza;
            let why = "nessuna ricevuta entro la durata del tentativo";
            tentativi::chiudi(c, &posizione, &row, StatoRpt::RptScaduta, why, now)?;
            Ok(1)
        })?;
    }
    Ok(closed)
}

pub fn find_rpt(
    c: &mut Conn,
    id_dominio: String,
    iuv: String,
    ccp: String,
) -> StoreResult<Option<RptRow>> {
    Ok(rpt::table
        .filter(rpt::id_dominio.eq(id_dominio))
        .filter(rpt::iuv.eq(iuv))
        .filter(rpt::ccp.eq(ccp))
        .select(RptRow::as_select())
        .first(c)
        .optional()?)
}

/// Lets an open attempt keep others out, or not. It says nothing to other services: no state changes
/// until a new attempt comes.
pub fn set_bloccante(
    c: &mut Conn,
    id: i64,
    bloccante: bool,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    diesel::update(rpt::table.find(id))
        .set((
            rpt::bloccante.eq(bloccante),
            rpt::updated_at.eq(now.naive_utc()),
        ))
        .execute(c)?;
    Ok(())
}

/// All attempts of a pendenza, oldest first.
pub fn rpt_of_pendenza(c: &mut Conn, pendenza: i64) -> StoreResult<Vec<RptRow>> {
    Ok(rpt::table
        .filter(rpt::pendenza.eq(pendenza))
        .order(rpt::id)
        .select(RptRow::as_select())
        .load(c)?)
}
