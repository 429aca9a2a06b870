//! Payment sessions, listed and marked as looked into.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::Conn;
use crate::schema::{pagamenti, pendenze, rpt};
use crate::tentativo::{FiltroPagamenti, PagamentoRow, Pagina};
use platform::StoreResult;

type Backend = <Conn as diesel::Connection>::Backend;

/// A session belongs to the bodies of its attempts.
fn filtra(filtro: &FiltroPagamenti) -> pagamenti::BoxedQuery<'_, Backend> {
    let mut query = pagamenti::table.into_boxed::<Backend>();
    let sessions = || {
        rpt::table
            .inner_join(pendenze::table)
            .select(rpt::pagamento)
    };
    let id = pagamenti::id.nullable();
    if let Some(domini) = &filtro.domini {
        query = query.filter(id.eq_any(sessions().filter(rpt::id_dominio.eq_any(domini))));
    }
    if let Some(value) = &filtro.id_dominio {
        query = query.filter(id.eq_any(sessions().filter(rpt::id_dominio.eq(value))));
    }
    if let Some(value) = &filtro.iuv {
        query = query.filter(id.eq_any(sessions().filter(rpt::iuv.eq(value))));
    }
    if let Some(value) = &filtro.id_a2a {
        query = query.filter(id.eq_any(sessions().filter(pendenze::id_a2a.eq(value))));
    }
    if let Some(value) = &filtro.id_pendenza {
        query = query.filter(id.eq_any(sessions().filter(pendenze::id_pendenza.eq(value))));
    }
    if let Some(value) = &filtro.cittadino {
        query = query.filter(pagamenti::cittadino.eq(value));
    }
    if let Some(value) = &filtro.id_a2a_portale {
        query = query.filter(pagamenti::id_a2a_portale.eq(value));
    }
    if let Some(value) = &filtro.id_sessione_portale {
        query = query.filter(pagamenti::id_sessione_portale.eq(value));
    }
    if let Some(value) = &filtro.id_sessione_psp {
        query = query.filter(pagamenti::id_sessione_psp.eq(value));
    }
    if let Some(value) = &filtro.stato {
        query = query.filter(pagamenti::stato.eq(value));
    }
    if let Some(value) = &filtro.id_pagamento {
        query = query.filter(pagamenti::id.eq(value));
    }
    if let Some(value) = filtro.verificato {
        query = query.filter(pagamenti::verificato.eq(value));
    }
    if let Some(value) = filtro.data_da {
        query = query.filter(pagamenti::created_at.ge(value));
    }
    if let Some(value) = filtro.data_a {
        query = query.filter(pagamenti::created_at.le(value));
    }
    query
}

/// Newest first.
pub fn list_pagamenti(c: &mut Conn, filtro: FiltroPagamenti) -> StoreResult<Pagina<PagamentoRow>> {
    let totale = filtra(&filtro).count().get_result(c)?;
    let rows = filtra(&filtro)
        .order((pagamenti::created_at.desc(), pagamenti::id.desc()))
        .limit(filtro.limit)
        .offset(filtro.offset)
        .select(PagamentoRow::as_select())
        .load(c)?;
    Ok(Pagina { rows, totale })
}

/// A person has looked into what went wrong with a session, or takes that back.
pub fn set_verificato(
    c: &mut Conn,
    id: String,
    verificato: bool,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    diesel::update(pagamenti::table.find(id))
        .set((
            pagamenti::verificato.eq(verificato),
            pagamenti::updated_at.eq(now.naive_utc()),
        ))
        .execute(c)?;
    Ok(())
}
