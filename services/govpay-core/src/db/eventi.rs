//! The giornale degli eventi.

use diesel::prelude::*;

use super::Conn;
use crate::elenco::{Fetta, Taglio};
use crate::giornale::{Evento, EventoRow, FiltroEventi};
use crate::schema::{eventi, pendenze};
use platform::StoreResult;

/// An exchange that names a position by its IUV only gets the keys of the gestionale too, so that it
/// is found from the pendenza.
pub fn insert_evento(c: &mut Conn, mut evento: Evento) -> StoreResult<()> {
    if evento.id_a2a.is_none()
        && let (Some(dominio), Some(iuv)) = (&evento.id_dominio, &evento.iuv)
    {
        let key: Option<(String, String)> = pendenze::table
            .filter(pendenze::id_dominio.eq(dominio))
            .filter(pendenze::iuv.eq(iuv))
            .select((pendenze::id_a2a, pendenze::id_pendenza))
            .first(c)
            .optional()?;
        (evento.id_a2a, evento.id_pendenza) = key.unzip();
    }
    diesel::insert_into(eventi::table)
        .values(evento)
        .execute(c)?;
    Ok(())
}

type Backend = <Conn as diesel::Connection>::Backend;

fn filtra(filtro: &FiltroEventi) -> eventi::BoxedQuery<'_, Backend> {
    let mut query = eventi::table.into_boxed::<Backend>();
    macro_rules! equal {
        ($($field:ident),*) => { $(
            if let Some(value) = &filtro.$field {
                query = query.filter(eventi::$field.eq(value));
            }
        )* };
    }
    equal!(
        id_dominio,
        iuv,
        ccp,
        id_a2a,
        id_pendenza,
        id_pagamento,
        esito,
        tipo
    );
    equal!(componente, ruolo, categoria);
    match filtro.domini.as_deref() {
        None => {}
        Some([one]) => query = query.filter(eventi::id_dominio.eq(one)),
        Some(domini) => query = query.filter(eventi::id_dominio.eq_any(domini)),
    }
    if let Some(value) = filtro.severita_da {
        query = query.filter(eventi::severita.ge(value));
    }
    if let Some(value) = filtro.severita_a {
        query = query.filter(eventi::severita.le(value));
    }
    if let Some(value) = filtro.data_da {
        query = query.filter(eventi::data.ge(value));
    }
    if let Some(value) = filtro.data_a {
        query = query.filter(eventi::data.lt(value));
    }
    query
}

/// Newest first.
pub fn list_eventi(
    c: &mut Conn,
    filtro: FiltroEventi,
    taglio: Taglio,
) -> StoreResult<Fetta<EventoRow>> {
    let newest = (eventi::data.desc(), eventi::id.desc());
    let rows: Vec<EventoRow> = filtra(&filtro)
        .order(newest)
        .limit(taglio.da_leggere())
        .offset(taglio.offset)
        .select(EventoRow::as_select())
        .load(c)?;
    let totale = conta!(
        c,
        taglio,
        rows.len(),
        eventi::id,
        filtra(&filtro),
        filtra(&filtro).order(newest)
    );
    Ok(taglio.fetta(rows, totale))
}

pub fn find_evento(c: &mut Conn, id: i64) -> StoreResult<Option<EventoRow>> {
    Ok(eventi::table
        .find(id)
        .select(EventoRow::as_select())
        .first(c)
        .optional()?)
}
