//! Events from the bus: each once into the projection and into the log of the last ones.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use domain::{Envelope, Event, PendenzaCaricata};
use platform::{StoreError, StoreResult};

use super::{Conn, ext, pagamenti, pendenze, tracciati};
use crate::filtri::Visibili;
use crate::schema::{eventi_bus, pendenze_viste};
use crate::visti::{EventoBus, Notizia, PendenzaVista, Quando, Ricevuta, TracciatoVisto};

/// Envelopes kept, about; older ones go, a bundle at a time.
const KEPT: i64 = 20_000;
const BUNDLE: i64 = 200;

pub fn applica_evento(c: &mut Conn, envelope: Envelope, now: DateTime<Utc>) -> StoreResult<bool> {
    ext::write_tx(c, |c| {
        if !ext::inbox::first_time(c, envelope.id, now)? {
            return Ok(false);
        }
        let keys = keys_of(&envelope.event);
        insert_evento(c, &envelope, keys, now)?;
        let quando = Quando::new(envelope.occurred_at, &envelope.id.to_string());
        applica(c, envelope.event, &quando)?;
        Ok(true)
    })
}

fn applica(c: &mut Conn, event: Event, quando: &Quando) -> StoreResult<()> {
    match event {
        Event::TracciatoStato {
            id_tracciato,
            nome_file,
            stato,
            righe,
            righe_valide,
            righe_caricate,
            righe_in_errore,
        } => {
            let row = TracciatoVisto {
                id_tracciato,
                nome_file,
                stato,
                righe,
                righe_valide,
                righe_caricate,
                righe_in_errore,
                primo_at: quando.at,
                ultimo_at: quando.at,
                ordine: quando.ordine.clone(),
            };
            tracciati::merge_tracciato(c, &row)
        }
        Event::PendenzaStato {
            id_a2a,
            id_pendenza,
            id_dominio,
            numero_avviso,
            iuv,
            importo,
            stato,
        } => {
            let row = PendenzaVista {
                id_a2a,
                id_pendenza,
                id_dominio: id_dominio.into(),
                numero_avviso: numero_avviso.map(String::from),
                iuv: iuv.map(String::from),
                importo: importo.cents(),
                stato,
                prima_at: quando.at,
                ultima_at: quando.at,
                ordine: quando.ordine.clone(),
            };
            pendenze::merge_pendenza(c, &row)
        }
        Event::PendenzeCaricate {
            id_a2a,
            id_dominio,
            pendenze: news,
        } => {
            let rows: Vec<PendenzaVista> = news
                .into_iter()
                .map(|new| caricata(&id_a2a, id_dominio.as_str(), new, quando))
                .collect();
            pendenze::merge_pendenze(c, &id_a2a, &rows)
        }
        event @ (Event::PagamentoStato { .. } | Event::RtAcquisita { .. }) => {
            match notizia(event) {
                Some(notizia) => pagamenti::merge_pagamento(c, &notizia, quando),
                None => Ok(()),
            }
        }
        // The platform follows the clock by itself.
        Event::OrologioSpostato { .. } => Ok(()),
    }
}

/// One of the pendenze told of together.
fn caricata(
    id_a2a: &str,
    id_dominio: &str,
    new: PendenzaCaricata,
    quando: &Quando,
) -> PendenzaVista {
    PendenzaVista {
        id_a2a: id_a2a.to_owned(),
        id_pendenza: new.id_pendenza,
        id_dominio: id_dominio.to_owned(),
        iuv: new.numero_avviso.as_ref().map(|n| n.iuv().into()),
        numero_avviso: new.numero_avviso.map(String::from),
        importo: new.importo.cents(),
        stato: new.stato,
        prima_at: quando.at,
        ultima_at: quando.at,
        ordine: quando.ordine.clone(),
    }
}

/// What an event tells of an attempt.
fn notizia(event: Event) -> Option<Notizia> {
    match event {
        Event::PagamentoStato {
            id_pagamento,
            id_sessione_portale,
            id_a2a,
            id_pendenza,
            id_dominio,
            numero_avviso,
            iuv,
            ccp,
            stato,
            stato_rpt,
            tipo,
            id_psp,
            importo,
        } => Some(Notizia {
            id_dominio: id_dominio.into(),
            iuv: iuv.into(),
            ccp,
            id_a2a,
            id_pendenza,
            numero_avviso: numero_avviso.map(String::from),
            id_pagamento,
            id_sessione: id_sessione_portale,
            id_psp,
            tipo: Some(i32::from(tipo)),
            importo: Some(importo.cents()),
            stato: Some(stato),
            stato_rpt: Some(stato_rpt),
            ricevuta: None,
        }),
        Event::RtAcquisita {
            id_pagamento,
            id_sessione_portale,
            id_a2a,
            id_pendenza,
            id_dominio,
            numero_avviso,
            iuv,
            ccp,
            esito,
            importo_pagato,
            anomala,
        } => Some(Notizia {
            id_dominio: id_dominio.into(),
            iuv: iuv.into(),
            ccp,
            id_a2a,
            id_pendenza,
            numero_avviso: numero_avviso.map(String::from),
            id_pagamento,
            id_sessione: id_sessione_portale,
            ricevuta: Some(Ricevuta {
                esito: Some(esito.name().to_owned()),
                importo_pagato: Some(importo_pagato.cents()),
                anomala,
            }),
            ..Notizia::default()
        }),
        _ => None,
    }
}

/// idDominio, idA2A, idPendenza, IUV and CCP of an event.
type Keys = [Option<String>; 5];

fn keys_of(event: &Event) -> Keys {
    match event {
        Event::PendenzaStato {
            id_a2a,
            id_pendenza,
            id_dominio,
            iuv,
            ..
        } => [
            Some(id_dominio.to_string()),
            Some(id_a2a.clone()),
            Some(id_pendenza.clone()),
            iuv.as_ref().map(ToString::to_string),
            None,
        ],
        Event::PagamentoStato {
            id_a2a,
            id_pendenza,
            id_dominio,
            iuv,
            ccp,
            ..
        }
        | Event::RtAcquisita {
            id_a2a,
            id_pendenza,
            id_dominio,
            iuv,
            ccp,
            ..
        } => [
            Some(id_dominio.to_string()),
            Some(id_a2a.clone()),
            Some(id_pendenza.clone()),
            Some(iuv.to_string()),
            Some(ccp.clone()),
        ],
        Event::PendenzeCaricate {
            id_a2a, id_dominio, ..
        } => [
            Some(id_dominio.to_string()),
            Some(id_a2a.clone()),
            None,
            None,
            None,
        ],
        Event::TracciatoStato { .. } | Event::OrologioSpostato { .. } => Keys::default(),
    }
}

/// The data of an event as the log keeps them. Of pendenze told of together only their states: the
/// rest is in the projection, and the log keeps thousands of events.
fn dati_of(event: &Event) -> StoreResult<String> {
    if let Event::PendenzeCaricate { pendenze, .. } = event {
        let stati: BTreeMap<&str, &str> = pendenze
            .iter()
            .map(|p| (p.id_pendenza.as_str(), p.stato.as_str()))
            .collect();
        return serde_json::to_string(&stati).map_err(StoreError::corrupt);
    }
    let mut value = serde_json::to_value(event).map_err(StoreError::corrupt)?;
    Ok(value["data"].take().to_string())
}

/// The event as the story of one of its pendenze tells it, if it is one of them.
fn for_one(mut row: EventoBus, id_pendenza: &str) -> Option<EventoBus> {
    let mut stati: BTreeMap<String, String> = serde_json::from_str(&row.dati).ok()?;
    let stato = stati.remove(id_pendenza)?;
    row.dati = serde_json::json!({ "stato": stato }).to_string();
    Some(row)
}

fn insert_evento(
    c: &mut Conn,
    envelope: &Envelope,
    [id_dominio, id_a2a, id_pendenza, iuv, ccp]: Keys,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let dati = dati_of(&envelope.event)?;
    // 00-<trace id>-<span id>-<flags>
    let trace_id = envelope
        .traceparent
        .as_deref()
        .and_then(|t| t.split('-').nth(1));
    let id: i64 = diesel::insert_into(eventi_bus::table)
        .values((
            eventi_bus::event_id.eq(envelope.id.to_string()),
            eventi_bus::chiave.eq(envelope.event.key()),
            eventi_bus::source.eq(&envelope.source),
            eventi_bus::occurred_at.eq(Quando::new(envelope.occurred_at, "").at),
            eventi_bus::ricevuto_at.eq(now.naive_utc()),
            eventi_bus::id_dominio.eq(id_dominio),
            eventi_bus::id_a2a.eq(id_a2a),
            eventi_bus::id_pendenza.eq(id_pendenza),
            eventi_bus::iuv.eq(iuv),
            eventi_bus::ccp.eq(ccp),
            eventi_bus::trace_id.eq(trace_id),
            eventi_bus::dati.eq(dati),
        ))
        .returning(eventi_bus::id)
        .get_result(c)?;
    if id % BUNDLE == 0 {
        diesel::delete(eventi_bus::table.filter(eventi_bus::id.le(id - KEPT))).execute(c)?;
    }
    Ok(())
}

pub fn eventi_di(
    c: &mut Conn,
    id_a2a: String,
    id_pendenza: String,
    limit: i64,
) -> StoreResult<Vec<EventoBus>> {
    let mut rows: Vec<EventoBus> = eventi_bus::table
        .filter(eventi_bus::id_a2a.eq(&id_a2a))
        .filter(eventi_bus::id_pendenza.eq(&id_pendenza))
        .order(eventi_bus::id.desc())
        .limit(limit)
        .select(EventoBus::as_select())
        .load(c)?;
    // A pendenza loaded with others is not named in the log: its first and last news tell which
    // events they were.
    let seen: Option<(String, NaiveDateTime, NaiveDateTime)> = pendenze_viste::table
        .find((&id_a2a, &id_pendenza))
        .select((
            pendenze_viste::id_dominio,
            pendenze_viste::prima_at,
            pendenze_viste::ultima_at,
        ))
        .first(c)
        .optional()?;
    if let Some((id_dominio, first, last)) = seen {
        let together: Vec<EventoBus> = eventi_bus::table
            .filter(eventi_bus::chiave.eq("pendenze.caricate"))
            .filter(eventi_bus::id_a2a.eq(&id_a2a))
            .filter(eventi_bus::id_pendenza.is_null())
            .filter(eventi_bus::id_dominio.eq(id_dominio))
            .filter(eventi_bus::occurred_at.eq_any([first, last]))
            .order(eventi_bus::id.desc())
            .limit(limit)
            .select(EventoBus::as_select())
            .load(c)?;
        rows.extend(
            together
                .into_iter()
                .filter_map(|row| for_one(row, &id_pendenza)),
        );
        rows.sort_by_key(|row| std::cmp::Reverse(row.id));
    }
    rows.reverse();
    Ok(rows)
}

pub fn find_by_trace(
    c: &mut Conn,
    visibili: Visibili,
    trace_id: String,
) -> StoreResult<Vec<(String, String)>> {
    let rows: Vec<EventoBus> = eventi_bus::table
        .filter(eventi_bus::trace_id.eq(trace_id))
        .filter(eventi_bus::id_pendenza.is_not_null())
        .order(eventi_bus::id.desc())
        .limit(50)
        .select(EventoBus::as_select())
        .load(c)?;
    let visible = rows
        .into_iter()
        .filter(|row| visibili.sees_maybe(row.id_dominio.as_deref()))
        .filter_map(|row| Some((row.id_a2a?, row.id_pendenza?)));
    Ok(visible.collect())
}

pub fn eventi_dopo(c: &mut Conn, id: i64, limit: i64) -> StoreResult<Vec<EventoBus>> {
    Ok(eventi_bus::table
        .filter(eventi_bus::id.gt(id))
        .order(eventi_bus::id.desc())
        .limit(limit)
        .select(EventoBus::as_select())
        .load(c)?)
}

pub fn ultimo_evento(c: &mut Conn) -> StoreResult<i64> {
    let max: Option<i64> = eventi_bus::table
        .select(diesel::dsl::max(eventi_bus::id))
        .first(c)?;
    Ok(max.unwrap_or(0))
}
