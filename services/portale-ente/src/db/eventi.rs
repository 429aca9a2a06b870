//! What events and the core's answers do to the sessions, each in one transaction.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{Envelope, Event, StatoPagamento, StatoRpt};
use platform::StoreResult;

use super::sessioni::with_row;
use super::{Conn, ext, messaggi};
use crate::schema::sessioni;
use crate::sessione::{Ricevuta, Risposta, Sessione, StatoSessione};

/// What the core answered about a payment, when the citizen asked: the same rules as for events.
pub fn applica_risposta(
    c: &mut Conn,
    id: String,
    risposta: Risposta,
    now: DateTime<Utc>,
) -> StoreResult<Option<Sessione>> {
    ext::write_tx(c, |c| {
        let mut receipt_is_new = false;
        let row = with_row(c, &id, |s| {
            for rt in &risposta.ricevute {
                receipt_is_new |= s.applica_rt(rt, now);
            }
            let mut changed = receipt_is_new;
            if risposta.ricevute.is_empty() {
                changed |= s.applica_stato(risposta.stato, risposta.stato_rpt, now);
            }
            if let Some((iuv, ccp)) = &risposta.altrove {
                changed |= s.pagata_altrove(iuv, ccp);
            }
            (changed, ())
        })?;
        let Some((row, ())) = row else {
            return Ok(None);
        };
        if receipt_is_new {
            messaggi::insert_ricevuta(c, &row, &risposta.link, now)?;
            for rt in risposta.ricevute.iter().filter(|rt| rt.esito.money_moved()) {
                close_others(c, &row.id_dominio, &row.numero_avviso, Some(id.clone()), rt)?;
            }
        }
        Ok(Some(row))
    })
}

/// Applies an event once. Returns the sessions that changed.
pub fn applica_evento(
    c: &mut Conn,
    envelope: Envelope,
    pagamenti_url: String,
    now: DateTime<Utc>,
) -> StoreResult<Vec<String>> {
    ext::write_tx(c, |c| {
        if !ext::inbox::first_time(c, envelope.id, now)? {
            return Ok(vec![]);
        }
        match envelope.event {
            Event::RtAcquisita {
                id_pagamento,
                id_sessione_portale,
                id_dominio,
                numero_avviso,
                iuv,
                ccp,
                esito,
                importo_pagato,
                anomala,
                ..
            } => {
                let rt = Ricevuta {
                    iuv: iuv.into(),
                    ccp,
                    esito,
                    importo_pagato: Some(importo_pagato),
                    anomala,
                };
                let own = own_session(c, id_sessione_portale, id_pagamento)?;
                let mut changed = apply_rt(c, own.as_deref(), &rt, &pagamenti_url, now)?;
                if let Some(numero) = numero_avviso.filter(|_| esito.money_moved()) {
                    changed.extend(close_others(
                        c,
                        id_dominio.as_str(),
                        numero.as_str(),
                        own,
                        &rt,
                    )?);
                }
                Ok(changed)
            }
            Event::PagamentoStato {
                id_pagamento,
                id_sessione_portale,
                iuv,
                ccp,
                stato,
                stato_rpt,
                ..
            } => {
                let Some(id) = own_session(c, id_sessione_portale, id_pagamento.clone())? else {
                    return Ok(vec![]);
                };
                let row = with_row(c, &id, |s| {
                    let mut changed =
                        s.applica_tentativo(id_pagamento.as_deref(), iuv.as_str(), &ccp);
                    if let Some(stato) = StatoPagamento::parse(&stato) {
                        changed |= s.applica_stato(stato, StatoRpt::parse(&stato_rpt), now);
                    }
                    (changed, changed)
                })?;
                Ok(row
                    .filter(|(_, changed)| *changed)
                    .map(|(row, _)| row.id)
                    .into_iter()
                    .collect())
            }
            _ => Ok(vec![]),
        }
    })
}

/// The session that an event is about: by the id that we gave to the core, else by the core's.
fn own_session(
    c: &mut Conn,
    id_sessione: Option<String>,
    id_pagamento: Option<String>,
) -> StoreResult<Option<String>> {
    if let Some(id) = id_sessione {
        let found = sessioni::table
            .find(id)
            .select(sessioni::id)
            .first(c)
            .optional()?;
        if found.is_some() {
            return Ok(found);
        }
    }
    let Some(id_pagamento) = id_pagamento else {
        return Ok(None);
    };
    let id = sessioni::table
        .filter(sessioni::id_pagamento.eq(id_pagamento))
        .select(sessioni::id);
    Ok(id.first(c).optional()?)
}

fn apply_rt(
    c: &mut Conn,
    id: Option<&str>,
    rt: &Ricevuta,
    pagamenti_url: &str,
    now: DateTime<Utc>,
) -> StoreResult<Vec<String>> {
    let Some(id) = id else {
        return Ok(vec![]);
    };
    let row = with_row(c, id, |s| {
        let changed = s.applica_rt(rt, now);
        (changed, changed)
    })?;
    let Some((row, true)) = row else {
        return Ok(vec![]);
    };
    messaggi::insert_ricevuta(c, &row, &format!("{pagamenti_url}/{}", row.id), now)?;
    Ok(vec![row.id])
}

/// The other sessions that wait for the same avviso.
fn close_others(
    c: &mut Conn,
    id_dominio: &str,
    numero_avviso: &str,
    own: Option<String>,
    rt: &Ricevuta,
) -> StoreResult<Vec<String>> {
    let waiting = [
        StatoSessione::Confermata.name(),
        StatoSessione::Inviata.name(),
    ];
    let ids: Vec<String> = sessioni::table
        .filter(sessioni::id_dominio.eq(id_dominio))
        .filter(sessioni::numero_avviso.eq(numero_avviso))
        .filter(sessioni::stato.eq_any(waiting))
        .select(sessioni::id)
        .load(c)?;
    let mut changed = Vec::new();
    for id in ids.into_iter().filter(|id| own.as_ref() != Some(id)) {
        let row = with_row(c, &id, |s| {
            let closed = s.pagata_altrove(&rt.iuv, &rt.ccp);
            (closed, closed)
        })?;
        if matches!(row, Some((_, true))) {
            changed.push(id);
        }
    }
    Ok(changed)
}
