//! Attempts to pay, as seen.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use platform::StoreResult;

use super::{Conn, ext};
use crate::filtri::{ATTESA_LUNGA, Conteggi, Cursore, Filtro, Visibili, oggi};
use crate::schema::pagamenti_visti as p;
use crate::visti::{Gruppo, Notizia, PagamentoVisto, Quando};

type Query<'a> = p::BoxedQuery<'a, <Conn as diesel::Connection>::Backend>;

/// Takes news of an attempt in; the row is made when it is the first. Call it in a transaction.
pub fn merge_pagamento(c: &mut Conn, notizia: &Notizia, quando: &Quando) -> StoreResult<()> {
    let paid = notizia.ricevuta.as_ref().and_then(|r| r.importo_pagato);
    diesel::insert_into(p::table)
        .values((
            p::id_dominio.eq(&notizia.id_dominio),
            p::iuv.eq(&notizia.iuv),
            p::ccp.eq(&notizia.ccp),
            p::id_a2a.eq(&notizia.id_a2a),
            p::id_pendenza.eq(&notizia.id_pendenza),
            p::importo.eq(notizia.importo.or(paid).unwrap_or(0)),
            p::anomala.eq(false),
            p::in_attesa.eq(true),
            p::gruppo.eq(Gruppo::Attesa.name()),
            p::primo_at.eq(quando.at),
            p::ultimo_at.eq(quando.at),
            p::stato_ordine.eq(""),
            p::rt_ordine.eq(""),
        ))
        .on_conflict_do_nothing()
        .execute(c)?;
    let found = p::table
        .filter(p::id_dominio.eq(&notizia.id_dominio))
        .filter(p::iuv.eq(&notizia.iuv))
        .filter(p::ccp.eq(&notizia.ccp))
        .select(PagamentoVisto::as_select());
    let mut row: PagamentoVisto = ext::lock!(found).first(c)?;
    if row.applica(notizia, quando) {
        diesel::update(p::table.find(row.id)).set(&row).execute(c)?;
    }
    Ok(())
}

fn visible<'a>(visibili: Visibili) -> Query<'a> {
    let query = p::table.into_boxed();
    match visibili {
        Visibili::Tutti => query,
        Visibili::Solo(domini) => query.filter(p::id_dominio.eq_any(domini)),
    }
}

pub fn list_pagamenti(
    c: &mut Conn,
    visibili: Visibili,
    filtro: Filtro,
    dopo: Option<Cursore>,
    limit: i64,
) -> StoreResult<(Vec<PagamentoVisto>, bool)> {
    let mut query = visible(visibili);
    if !filtro.gruppi.is_empty() {
        let names: Vec<&str> = filtro.gruppi.iter().map(|g| g.name()).collect();
        query = query.filter(p::gruppo.eq_any(names));
    }
    if filtro.anomale {
        query = query.filter(p::anomala.eq(true));
    }
    if let Some(id) = filtro.id_dominio {
        query = query.filter(p::id_dominio.eq(id));
    }
    if let Some(text) = filtro.testo {
        let is = p::numero_avviso.eq(text.clone());
        query = query.filter(is.or(p::iuv.eq(text.clone())).or(p::ccp.eq(text)));
    }
    if let Some(da) = filtro.da {
        query = query.filter(p::primo_at.ge(da));
    }
    if let Some(prima_di) = filtro.prima_di {
        query = query.filter(p::primo_at.lt(prima_di));
    }
    if let Some(da) = filtro.novita_da {
        query = query.filter(p::ultimo_at.ge(da));
    }
    if let Some(dopo) = dopo {
        let older = p::primo_at
            .lt(dopo.primo_at)
            .or(p::primo_at.eq(dopo.primo_at).and(p::id.lt(dopo.id)));
        query = if dopo.in_attesa {
            query.filter(p::in_attesa.eq(false).or(older))
        } else {
            query.filter(p::in_attesa.eq(false).and(older))
        };
    }
    let mut rows: Vec<PagamentoVisto> = query
        .order((p::in_attesa.desc(), p::primo_at.desc(), p::id.desc()))
        .limit(limit + 1)
        .select(PagamentoVisto::as_select())
        .load(c)?;
    let more = i64::try_from(rows.len()).is_ok_and(|n| n > limit);
    if more {
        rows.pop();
    }
    Ok((rows, more))
}

pub fn conta_pagamenti(
    c: &mut Conn,
    visibili: Visibili,
    now: DateTime<Utc>,
) -> StoreResult<Conteggi> {
    let negative: Vec<&str> = Gruppo::NEGATIVI.iter().map(|g| g.name()).collect();
    let late = (now - ATTESA_LUNGA).naive_utc();
    let waiting = || visible(visibili.clone()).filter(p::in_attesa.eq(true));
    Ok(Conteggi {
        in_attesa: waiting().count().get_result(c)?,
        attesa_lunga: waiting()
            .filter(p::primo_at.lt(late))
            .count()
            .get_result(c)?,
        negativi_oggi: visible(visibili.clone())
            .filter(p::gruppo.eq_any(negative))
            .filter(p::ultimo_at.ge(oggi(now)))
            .count()
            .get_result(c)?,
        anomali: visible(visibili.clone())
            .filter(p::anomala.eq(true))
            .count()
            .get_result(c)?,
    })
}

pub fn tentativi_di(
    c: &mut Conn,
    id_a2a: String,
    id_pendenza: String,
) -> StoreResult<Vec<PagamentoVisto>> {
    Ok(p::table
        .filter(p::id_a2a.eq(id_a2a))
        .filter(p::id_pendenza.eq(id_pendenza))
        .order((p::primo_at.desc(), p::id.desc()))
        .limit(100)
        .select(PagamentoVisto::as_select())
        .load(c)?)
}

pub fn search_pagamenti(
    c: &mut Conn,
    visibili: Visibili,
    testo: String,
    limit: i64,
) -> StoreResult<Vec<PagamentoVisto>> {
    let text = || testo.clone();
    let mut rows = Vec::new();
    // One look per index: together they would be one look at the whole table.
    for query in [
        visible(visibili.clone()).filter(p::numero_avviso.eq(text())),
        visible(visibili.clone()).filter(p::iuv.eq(text())),
        visible(visibili.clone()).filter(p::ccp.eq(text())),
        visible(visibili.clone()).filter(p::id_pendenza.eq(text())),
        visible(visibili.clone()).filter(p::id_pagamento.eq(text())),
        visible(visibili.clone()).filter(p::id_sessione.eq(text())),
    ] {
        let query = query.order(p::id.desc()).limit(limit);
        rows.append(&mut query.select(PagamentoVisto::as_select()).load(c)?);
    }
    Ok(rows)
}
