//! What sessions and attempts have in common: the attempts that stand in the way of a new one, the
//! state of a session from its attempts, and the event that tells both. Whoever calls holds the
//! pendenza ([`super::posizioni::lock`]).

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::pagamento::{Attempt, CodiceStato};
use domain::rpt::{Origine, Ostacolo, Precedente};
use domain::{Event, StatoPagamento, StatoRpt};

use super::{Conn, ext, notifiche};
use crate::notifica::TipoNotifica;
use crate::posizione::{PosizioneRow, importo};
use crate::schema::{pagamenti, rpt};
use crate::tentativo::{NuovoRpt, PagamentoRow, Rifiuto, RptRow};
use platform::{StoreError, StoreResult};

/// States that [`StatoRpt::is_pending`] accepts, as a filter.
fn pending() -> Vec<&'static str> {
    StatoRpt::ALL
        .into_iter()
        .filter(|s| s.is_pending())
        .map(StatoRpt::name)
        .collect()
}

pub fn insert(c: &mut Conn, new: &NuovoRpt) -> StoreResult<RptRow> {
    Ok(diesel::insert_into(rpt::table)
        .values(new)
        .returning(RptRow::as_returning())
        .get_result(c)?)
}

/// The open attempts of a pendenza with what each means for a new one that begins in `new`.
pub fn ostacoli(
    c: &mut Conn,
    pendenza: i64,
    new: Origine,
    now: DateTime<Utc>,
) -> StoreResult<Vec<(RptRow, Ostacolo)>> {
    let rows: Vec<(RptRow, Option<i32>)> = rpt::table
        .left_join(pagamenti::table)
        .filter(rpt::pendenza.eq(pendenza))
        .filter(rpt::stato.eq_any(pending()))
        .filter(rpt::rt_at.is_null())
        .order(rpt::id)
        .select((RptRow::as_select(), pagamenti::tipo.nullable()))
        .load(c)?;
    let judge = |(row, tipo): (RptRow, Option<i32>)| {
        let precedente = Precedente {
            origine: row.origine(tipo),
            stato: row.stato()?,
            has_rt: false,
            bloccante: row.bloccante,
            begun_at: row.created_at.and_utc(),
        };
        Ok((row, precedente.against(new, now)))
    };
    rows.into_iter().map(judge).collect()
}

/// The first obstacle that keeps a new attempt out.
pub fn in_corso(pendenza: &PosizioneRow, ostacoli: &[(RptRow, Ostacolo)]) -> Option<Rifiuto> {
    ostacoli.iter().find_map(|(_, ostacolo)| match ostacolo {
        Ostacolo::InCorso { until } => Some(Rifiuto::InCorso {
            id_pendenza: pendenza.id_pendenza.clone(),
            until: *until,
        }),
        _ => None,
    })
}

/// Annuls the attempts that give way to a new one.
pub fn sostituisci(
    c: &mut Conn,
    pendenza: &PosizioneRow,
    ostacoli: Vec<(RptRow, Ostacolo)>,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    for (row, ostacolo) in ostacoli {
        if ostacolo == Ostacolo::Sostituibile {
            let why = "sostituita da un nuovo tentativo di pagamento";
            chiudi(c, pendenza, &row, StatoRpt::RptAnnullata, why, now)?;
        }
    }
    Ok(())
}

/// Closes an attempt without a receipt, with its session, and tells it.
pub fn chiudi(
    c: &mut Conn,
    pendenza: &PosizioneRow,
    row: &RptRow,
    stato: StatoRpt,
    descrizione: &str,
    now: DateTime<Utc>,
) -> StoreResult<RptRow> {
    let row: RptRow = diesel::update(rpt::table.find(row.id))
        .set((
            rpt::stato.eq(stato.name()),
            rpt::descrizione_stato.eq(descrizione),
            rpt::send_at.eq(None::<chrono::NaiveDateTime>),
            rpt::scade_at.eq(None::<chrono::NaiveDateTime>),
            rpt::updated_at.eq(now.naive_utc()),
        ))
        .returning(RptRow::as_returning())
        .get_result(c)?;
    let pagamento = aggiorna_pagamento(c, &row, now)?;
    push_stato(c, pendenza, &row, pagamento.as_ref(), now)?;
    let perche = Some((stato.name(), descrizione));
    notifiche::insert(c, pendenza, &row, TipoNotifica::Annullamento, perche, now)?;
    Ok(row)
}

/// The state of the session of this attempt, computed again from all its attempts.
pub fn aggiorna_pagamento(
    c: &mut Conn,
    row: &RptRow,
    now: DateTime<Utc>,
) -> StoreResult<Option<PagamentoRow>> {
    let Some(id) = &row.pagamento else {
        return Ok(None);
    };
    let session = ext::lock!(pagamenti::table.find(id).select(PagamentoRow::as_select()));
    let session: PagamentoRow = session.first(c)?;
    let rows: Vec<RptRow> = rpt::table
        .filter(rpt::pagamento.eq(id))
        .select(RptRow::as_select())
        .load(c)?;
    let attempts: Vec<Attempt> = rows
        .iter()
        .map(RptRow::attempt)
        .collect::<StoreResult<_>>()?;
    let stato = StatoPagamento::from_attempts(&attempts);
    if stato == session.stato()? {
        return Ok(Some(session));
    }
    let session = diesel::update(pagamenti::table.find(id))
        .set((
            pagamenti::stato.eq(stato.name()),
            pagamenti::codice_stato.eq(CodiceStato::of(stato).name()),
            pagamenti::descrizione_stato.eq(&row.descrizione_stato),
            pagamenti::updated_at.eq(now.naive_utc()),
        ))
        .returning(PagamentoRow::as_returning())
        .get_result(c)?;
    Ok(Some(session))
}

/// `pagamento.stato` of an attempt.
pub fn push_stato(
    c: &mut Conn,
    pendenza: &PosizioneRow,
    row: &RptRow,
    pagamento: Option<&PagamentoRow>,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let stato = match pagamento {
        Some(pagamento) => pagamento.stato()?,
        None => StatoPagamento::from_attempts(&[row.attempt()?]),
    };
    let tipo = match pagamento {
        Some(pagamento) => u8::try_from(pagamento.tipo).map_err(StoreError::corrupt)?,
        None => 3,
    };
    let event = Event::PagamentoStato {
        id_pagamento: row.pagamento.clone(),
        id_sessione_portale: pagamento.and_then(|p| p.id_sessione_portale.clone()),
        id_a2a: pendenza.id_a2a.clone(),
        id_pendenza: pendenza.id_pendenza.clone(),
        id_dominio: pendenza.dominio()?,
        numero_avviso: pendenza.avviso()?,
        iuv: domain::Iuv::parse(&row.iuv).map_err(StoreError::corrupt)?,
        ccp: row.ccp.clone(),
        stato: stato.name().to_owned(),
        stato_rpt: row.stato.clone(),
        tipo,
        id_psp: row.id_psp.clone(),
        importo: importo(row.importo)?,
    };
    ext::outbox::push(c, crate::NAME, event, now)?;
    Ok(())
}
