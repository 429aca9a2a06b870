//! Payment sessions, listed and marked as looked into.

use chrono::{DateTime, Utc};
use diesel::dsl::{exists, not};
use diesel::prelude::*;

use super::Conn;
use crate::elenco::{Fetta, Taglio};
use crate::schema::{pagamenti, pendenze, rpt};
use crate::tentativo::{FiltroPagamenti, PagamentoRow};
use platform::StoreResult;

type Backend = <Conn as diesel::Connection>::Backend;

/// A session belongs to the bodies of its attempts.
fn filtra(filtro: &FiltroPagamenti) -> pagamenti::BoxedQuery<'_, Backend> {
    let mut query = pagamenti::table.into_boxed::<Backend>();
    // What names few attempts is looked up first; the rest is looked at session by session, in the
    // order of the list.
    let of_session = || rpt::table.filter(rpt::pagamento.eq(pagamenti::id.nullable()));
    let named = |f: &FiltroPagamenti| f.iuv.is_some() || f.id_pendenza.is_some();
    if named(filtro) {
        let mut attempts = rpt::table
            .inner_join(pendenze::table)
            .into_boxed::<Backend>();
        if let Some(value) = &filtro.iuv {
            attempts = attempts.filter(rpt::iuv.eq(value));
        }
        if let Some(value) = &filtro.id_pendenza {
            attempts = attempts.filter(pendenze::id_pendenza.eq(value));
        }
        query = query.filter(
            pagamenti::id
                .nullable()
                .eq_any(attempts.select(rpt::pagamento)),
        );
    }
    if let Some(domini) = &filtro.domini {
        query = query.filter(exists(of_session().filter(rpt::id_dominio.eq_any(domini))));
    }
    if let Some(value) = &filtro.id_dominio {
        query = query.filter(exists(of_session().filter(rpt::id_dominio.eq(value))));
    }
    if let Some(value) = &filtro.id_a2a {
        let of = rpt::table
            .inner_join(pendenze::table)
            .filter(rpt::pagamento.eq(pagamenti::id.nullable()))
            .filter(pendenze::id_a2a.eq(value));
        query = query.filter(exists(of));
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
    match filtro.verificato {
        None => {}
        Some(true) => query = query.filter(pagamenti::verificato),
        Some(false) => query = query.filter(not(pagamenti::verificato)),
    }
    if let Some(value) = filtro.data_da {
        query = query.filter(pagamenti::created_at.ge(value));
    }
    if let Some(value) = filtro.data_a {
        query = query.filter(pagamenti::created_at.lt(value));
    }
    query
}

/// Newest first.
pub fn list_pagamenti(
    c: &mut Conn,
    filtro: FiltroPagamenti,
    taglio: Taglio,
) -> StoreResult<Fetta<PagamentoRow>> {
    let newest = (pagamenti::created_at.desc(), pagamenti::id.desc());
    let rows: Vec<PagamentoRow> = filtra(&filtro)
        .order(newest)
        .limit(taglio.da_leggere())
        .offset(taglio.offset)
        .select(PagamentoRow::as_select())
        .load(c)?;
    let totale = conta!(
        c,
        taglio,
        rows.len(),
        pagamenti::id,
        filtra(&filtro),
        filtra(&filtro).order(newest)
    );
    Ok(taglio.fetta(rows, totale))
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
