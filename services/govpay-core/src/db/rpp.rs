//! Attempts, listed.

use std::collections::HashMap;

use diesel::dsl::{exists, sql};
use diesel::prelude::*;
use diesel::sql_types::Bool;
use domain::StatoRpt;
use platform::{StoreError, StoreResult};

use super::Conn;
use crate::elenco::{Fetta, Taglio};
use crate::posizione::{EnteRow, PosizioneRow};
use crate::schema::{domini, pagamenti, pendenze, rpt};
use crate::tentativo::{FiltroRpt, RptRow};

type Backend = <Conn as diesel::Connection>::Backend;

fn filtra(filtro: &FiltroRpt) -> rpt::BoxedQuery<'_, Backend> {
    let mut query = rpt::table.into_boxed::<Backend>();
    match filtro.domini.as_deref() {
        None => {}
        Some([one]) => query = query.filter(rpt::id_dominio.eq(one)),
        Some(domini) => query = query.filter(rpt::id_dominio.eq_any(domini)),
    }
    if let Some(value) = &filtro.debitore {
        let of = pendenze::table.filter(pendenze::soggetto_identificativo.eq(value));
        query = query.filter(rpt::pendenza.eq_any(of.select(pendenze::id)));
    }
    if let Some(value) = &filtro.id_a2a_portale {
        let own = pagamenti::table
            .filter(pagamenti::id.nullable().eq(rpt::pagamento))
            .filter(pagamenti::id_a2a_portale.eq(value));
        query = query.filter(exists(own));
    }
    // A key names few pendenze, which are looked up first; those of an applicazione are looked at
    // attempt by attempt, in the order of the list.
    if let Some(value) = &filtro.id_pendenza {
        let mut of = pendenze::table
            .filter(pendenze::id_pendenza.eq(value))
            .select(pendenze::id)
            .into_boxed::<Backend>();
        if let Some(value) = &filtro.id_a2a {
            of = of.filter(pendenze::id_a2a.eq(value));
        }
        query = query.filter(rpt::pendenza.eq_any(of));
    } else if let Some(value) = &filtro.id_a2a {
        let own = pendenze::table
            .filter(pendenze::id.eq(rpt::pendenza))
            .filter(pendenze::id_a2a.eq(value));
        query = query.filter(exists(own));
    }
    if let Some(value) = &filtro.id_dominio {
        query = query.filter(rpt::id_dominio.eq(value));
    }
    if let Some(value) = &filtro.iuv {
        query = query.filter(rpt::iuv.eq(value));
    }
    if let Some(value) = &filtro.ccp {
        query = query.filter(rpt::ccp.eq(value));
    }
    if let Some(value) = &filtro.id_pagamento {
        query = query.filter(rpt::pagamento.eq(value));
    }
    match filtro.esito.as_deref() {
        None => {}
        Some("IN_CORSO") => {
            let refused = StatoRpt::RptRifiutataNodo.name();
            query = query
                .filter(rpt::esito.is_null())
                .filter(rpt::stato.ne(refused));
        }
        // As in the index of these rows only: SQLite knows it by its text.
        Some("RIFIUTATO") => query = query.filter(sql::<Bool>("rpt.stato = 'RPT_RIFIUTATA_NODO'")),
        Some(esito) => query = query.filter(rpt::esito.eq(esito)),
    }
    date(query, filtro)
}

fn date<'a>(
    mut query: rpt::BoxedQuery<'a, Backend>,
    filtro: &FiltroRpt,
) -> rpt::BoxedQuery<'a, Backend> {
    if let Some(value) = filtro.data_rpt_da {
        query = query.filter(rpt::created_at.ge(value));
    }
    if let Some(value) = filtro.data_rpt_a {
        query = query.filter(rpt::created_at.lt(value));
    }
    if let Some(value) = filtro.data_rt_da {
        query = query.filter(rpt::rt_at.ge(value));
    }
    if let Some(value) = filtro.data_rt_a {
        query = query.filter(rpt::rt_at.lt(value));
    }
    query
}

/// Newest first; when the receipts are asked about, by the receipt.
fn ordina<'a>(q: rpt::BoxedQuery<'a, Backend>, f: &FiltroRpt) -> rpt::BoxedQuery<'a, Backend> {
    let esito = f.esito.as_deref();
    let with_receipt = esito.is_some_and(|esito| !["IN_CORSO", "RIFIUTATO"].contains(&esito));
    if with_receipt || f.data_rt_da.is_some() || f.data_rt_a.is_some() {
        q.order((rpt::rt_at.desc(), rpt::id.desc()))
    } else {
        q.order((rpt::created_at.desc(), rpt::id.desc()))
    }
}

/// A page of attempts, each with its pendenza and the body of that.
pub fn list_rpt(
    c: &mut Conn,
    filtro: FiltroRpt,
    taglio: Taglio,
) -> StoreResult<Fetta<(RptRow, PosizioneRow, EnteRow)>> {
    let rows: Vec<RptRow> = ordina(filtra(&filtro), &filtro)
        .limit(taglio.da_leggere())
        .offset(taglio.offset)
        .select(RptRow::as_select())
        .load(c)?;
    let totale = conta!(
        c,
        taglio,
        rows.len(),
        rpt::id,
        filtra(&filtro),
        ordina(filtra(&filtro), &filtro)
    );
    let fetta = taglio.fetta(rows, totale);
    let of: Vec<(PosizioneRow, EnteRow)> = pendenze::table
        .inner_join(domini::table)
        .filter(pendenze::id.eq_any(fetta.rows.iter().map(|row| row.pendenza)))
        .select((PosizioneRow::as_select(), EnteRow::as_select()))
        .load(c)?;
    let of: HashMap<i64, (PosizioneRow, EnteRow)> =
        of.into_iter().map(|found| (found.0.id, found)).collect();
    let whole = |row: &RptRow| {
        let lost = || StoreError::corrupt(format!("rpt {}: senza pendenza", row.id));
        let (pendenza, ente) = of.get(&row.pendenza).cloned().ok_or_else(lost)?;
        Ok((row.clone(), pendenza, ente))
    };
    let rows = fetta.rows.iter().map(whole).collect::<StoreResult<_>>()?;
    Ok(fetta.con(rows))
}
