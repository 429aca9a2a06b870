//! The sessions: found by id, by the key given to WISP, by browser, by event.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use diesel::prelude::*;
use domain::{Email, Envelope, Event, Importo, StatoPagamento, StatoRpt};

use super::{Conn, ext, messaggi};
use crate::schema::sessioni;
use crate::sessione::{Conferma, Psp, Ricevuta, Risposta, Ritorno, Sessione, StatoSessione};
use platform::StoreResult;

/// A repeated question about one payment asks the core at most this often.
const RESPIRO: TimeDelta = TimeDelta::seconds(3);

pub fn insert_sessione(c: &mut Conn, sessione: Sessione) -> StoreResult<()> {
    diesel::insert_into(sessioni::table)
        .values(sessione)
        .execute(c)?;
    Ok(())
}

pub fn find(c: &mut Conn, id: String) -> StoreResult<Option<Sessione>> {
    let row = sessioni::table.find(id).select(Sessione::as_select());
    Ok(row.first(c).optional()?)
}

/// The sessions of this browser for this avviso, newest first.
pub fn list_by_avviso(
    c: &mut Conn,
    browser: String,
    id_dominio: String,
    numero_avviso: String,
) -> StoreResult<Vec<Sessione>> {
    Ok(sessioni::table
        .filter(sessioni::browser.eq(browser))
        .filter(sessioni::id_dominio.eq(id_dominio))
        .filter(sessioni::numero_avviso.eq(numero_avviso))
        .order(sessioni::creata_at.desc())
        .limit(20)
        .select(Sessione::as_select())
        .load(c)?)
}

/// The sessions of this browser, newest first.
pub fn list_by_browser(c: &mut Conn, browser: String, limit: i64) -> StoreResult<Vec<Sessione>> {
    Ok(sessioni::table
        .filter(sessioni::browser.eq(browser))
        .order(sessioni::creata_at.desc())
        .limit(limit)
        .select(Sessione::as_select())
        .load(c)?)
}

/// Locks the row, lets `change` work on it, writes it if `change` says so. `None`: no such row.
fn with_row<T>(
    c: &mut Conn,
    id: &str,
    change: impl FnOnce(&mut Sessione) -> (bool, T),
) -> StoreResult<Option<(Sessione, T)>> {
    let row = ext::lock!(sessioni::table.find(id).select(Sessione::as_select()));
    let Some(mut row) = row.first(c).optional()? else {
        return Ok(None);
    };
    let (changed, result) = change(&mut row);
    if changed {
        row.versione += 1;
        diesel::update(sessioni::table.find(id))
            .set(row.clone())
            .execute(c)?;
    }
    Ok(Some((row, result)))
}

/// The row whose keyPA was given to WISP. `None`: never given, or replaced since.
fn id_by_key(c: &mut Conn, id_dominio: &str, key_pa: &str) -> StoreResult<Option<String>> {
    let id = sessioni::table
        .filter(sessioni::key_pa.eq(key_pa))
        .filter(sessioni::id_dominio.eq(id_dominio))
        .select(sessioni::id);
    Ok(id.first(c).optional()?)
}

pub fn wisp_ritorno(
    c: &mut Conn,
    id_dominio: String,
    key_pa: String,
    key_wisp: String,
    now: DateTime<Utc>,
) -> StoreResult<Option<(Sessione, Ritorno)>> {
    ext::write_tx(c, |c| {
        let Some(id) = id_by_key(c, &id_dominio, &key_pa)? else {
            return Ok(None);
        };
        with_row(c, &id, |s| {
            let ritorno = s.ritorno(&key_wisp, now);
            (ritorno == Ritorno::Registrato, ritorno)
        })
    })
}

pub fn wisp_annullo(
    c: &mut Conn,
    id_dominio: String,
    key_pa: String,
    tipo: String,
    now: DateTime<Utc>,
) -> StoreResult<Option<(Sessione, Ritorno)>> {
    ext::write_tx(c, |c| {
        let Some(id) = id_by_key(c, &id_dominio, &key_pa)? else {
            return Ok(None);
        };
        with_row(c, &id, |s| {
            let ritorno = s.annullo(&tipo, now);
            (ritorno == Ritorno::Registrato, ritorno)
        })
    })
}

pub fn set_psp(c: &mut Conn, id: String, psp: Psp) -> StoreResult<Option<Sessione>> {
    change(c, &id, |s| s.set_psp(psp))
}

pub fn cambia_psp(c: &mut Conn, id: String, key_pa: String) -> StoreResult<Option<Sessione>> {
    change(c, &id, |s| s.cambia_psp(&key_pa))
}

pub fn aggiorna_importo(
    c: &mut Conn,
    id: String,
    importo: Importo,
) -> StoreResult<Option<Sessione>> {
    change(c, &id, |s| s.aggiorna_importo(importo))
}

/// Moves SCELTA to CONFERMATA: of any number of callers one gets [`Conferma::Vinta`]. The browser
/// that confirms is the owner from now on.
pub fn conferma(
    c: &mut Conn,
    id: String,
    browser: String,
    email: Email,
    now: DateTime<Utc>,
) -> StoreResult<Option<(Sessione, Conferma)>> {
    ext::write_tx(c, |c| {
        with_row(c, &id, |s| {
            let conferma = s.conferma(&email, now);
            if conferma == Conferma::Vinta {
                s.browser = browser;
            }
            (conferma != Conferma::Persa, conferma)
        })
    })
}

pub fn inviata(
    c: &mut Conn,
    id: String,
    id_pagamento: String,
    redirect: String,
    differito: bool,
    now: DateTime<Utc>,
) -> StoreResult<Option<Sessione>> {
    change(c, &id, |s| {
        s.inviata(&id_pagamento, &redirect, differito, now)
    })
}

pub fn rifiutata(
    c: &mut Conn,
    id: String,
    codice: String,
    testo: String,
    now: DateTime<Utc>,
) -> StoreResult<Option<Sessione>> {
    change(c, &id, |s| s.rifiutata(&codice, testo, now))
}

pub fn torna_alla_scelta(c: &mut Conn, id: String) -> StoreResult<Option<Sessione>> {
    change(c, &id, Sessione::torna_alla_scelta)
}

pub fn tornata(c: &mut Conn, id: String, now: DateTime<Utc>) -> StoreResult<Option<Sessione>> {
    change(c, &id, |s| s.tornata(now))
}

/// Whether the core may be asked about this payment now; remembers that it was.
pub fn prenota_domanda(c: &mut Conn, id: String, now: DateTime<Utc>) -> StoreResult<bool> {
    let before = (now - RESPIRO).naive_utc();
    let free = sessioni::chiesta_at
        .is_null()
        .or(sessioni::chiesta_at.lt(before));
    let asked = diesel::update(sessioni::table.find(id))
        .filter(free)
        .set(sessioni::chiesta_at.eq(now.naive_utc()))
        .execute(c)?;
    Ok(asked == 1)
}

fn change(
    c: &mut Conn,
    id: &str,
    work: impl FnOnce(&mut Sessione) -> bool,
) -> StoreResult<Option<Sessione>> {
    ext::write_tx(c, |c| {
        let row = with_row(c, id, |s| (work(s), ()))?;
        Ok(row.map(|(row, ())| row))
    })
}

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
                changed |= s.applica_stato(risposta.stato, None, now);
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

/// Version of each of these sessions, for who waits in another process than the one that heard the
/// event.
pub fn versions(c: &mut Conn, ids: Vec<String>) -> StoreResult<Vec<(String, i64)>> {
    Ok(sessioni::table
        .filter(sessioni::id.eq_any(ids))
        .select((sessioni::id, sessioni::versione))
        .load(c)?)
}

/// Deletes sessions that never went beyond the data of the pendenza.
pub fn purge(c: &mut Conn, before: NaiveDateTime) -> StoreResult<usize> {
    let old = sessioni::table
        .filter(sessioni::stato.eq(StatoSessione::Aperta.name()))
        .filter(sessioni::creata_at.lt(before));
    Ok(diesel::delete(old).execute(c)?)
}
