//! Pendenze, as seen.

use std::collections::HashMap;

use diesel::prelude::*;
use platform::StoreResult;

use super::{Conn, ext};
use crate::filtri::{FiltroPendenze, Visibili};
use crate::schema::pendenze_viste as p;
use crate::visti::PendenzaVista;

type Query<'a> = p::BoxedQuery<'a, <Conn as diesel::Connection>::Backend>;

/// Takes news in; call it in a transaction.
pub fn merge_pendenza(c: &mut Conn, new: &PendenzaVista) -> StoreResult<()> {
    let inserted = diesel::insert_into(p::table)
        .values(new)
        .on_conflict_do_nothing()
        .execute(c)?;
    if inserted == 1 {
        return Ok(());
    }
    let key = (new.id_a2a.clone(), new.id_pendenza.clone());
    let found = p::table
        .find(key.clone())
        .select(PendenzaVista::as_select());
    let mut row: PendenzaVista = ext::lock!(found).first(c)?;
    if row.applica(new) {
        diesel::update(p::table.find(key)).set(&row).execute(c)?;
    }
    Ok(())
}

/// Takes in the news of many pendenze of one applicazione, each once; call it in a transaction. The
/// same as [`merge_pendenza`] of each.
pub fn merge_pendenze(c: &mut Conn, id_a2a: &str, news: &[PendenzaVista]) -> StoreResult<()> {
    let ids = news.iter().map(|new| new.id_pendenza.as_str());
    let found = p::table
        .filter(p::id_a2a.eq(id_a2a))
        .filter(p::id_pendenza.eq_any(ids))
        .order(p::id_pendenza)
        .select(PendenzaVista::as_select());
    let known: Vec<PendenzaVista> = ext::lock!(found).load(c)?;
    let mut known: HashMap<String, PendenzaVista> = known
        .into_iter()
        .map(|row| (row.id_pendenza.clone(), row))
        .collect();
    let mut fresh = Vec::with_capacity(news.len());
    for new in news {
        match known.get_mut(&new.id_pendenza) {
            None => fresh.push(new),
            Some(row) => {
                if row.applica(new) {
                    let key = (&new.id_a2a, &new.id_pendenza);
                    diesel::update(p::table.find(key)).set(&*row).execute(c)?;
                }
            }
        }
    }
    for rows in fresh.chunks(INSERT_ROWS) {
        let inserted = diesel::insert_into(p::table)
            .values(rows.to_vec())
            .on_conflict_do_nothing()
            .execute(c)?;
        if inserted < rows.len() {
            // Another replica was quicker with some of them.
            rows.iter().try_for_each(|new| merge_pendenza(c, new))?;
        }
    }
    Ok(())
}

/// Rows of one statement: ten values each, below the limits of both backends.
const INSERT_ROWS: usize = 1000;

fn visible<'a>(visibili: Visibili) -> Query<'a> {
    let query = p::table.into_boxed();
    match visibili {
        Visibili::Tutti => query,
        Visibili::Solo(domini) => query.filter(p::id_dominio.eq_any(domini)),
    }
}

pub fn find_pendenza(
    c: &mut Conn,
    id_a2a: String,
    id_pendenza: String,
) -> StoreResult<Option<PendenzaVista>> {
    Ok(p::table
        .find((id_a2a, id_pendenza))
        .select(PendenzaVista::as_select())
        .first(c)
        .optional()?)
}

pub fn list_pendenze(
    c: &mut Conn,
    visibili: Visibili,
    filtro: FiltroPendenze,
    limit: i64,
    offset: i64,
) -> StoreResult<Vec<PendenzaVista>> {
    let mut query = visible(visibili);
    if let Some(id) = filtro.id_dominio {
        query = query.filter(p::id_dominio.eq(id));
    }
    if let Some(stato) = filtro.stato {
        query = query.filter(p::stato.eq(stato));
    }
    if let Some(text) = filtro.testo {
        let is = p::id_pendenza.eq(text.clone());
        let is = is.or(p::iuv.eq(text.clone()));
        query = query.filter(is.or(p::numero_avviso.eq(text)));
    }
    Ok(query
        .order((p::ultima_at.desc(), p::id_pendenza))
        .limit(limit)
        .offset(offset)
        .select(PendenzaVista::as_select())
        .load(c)?)
}

pub fn search_pendenze(
    c: &mut Conn,
    visibili: Visibili,
    testo: String,
    limit: i64,
) -> StoreResult<Vec<PendenzaVista>> {
    let mut rows = Vec::new();
    for query in [
        visible(visibili.clone()).filter(p::numero_avviso.eq(testo.clone())),
        visible(visibili.clone()).filter(p::iuv.eq(testo.clone())),
        visible(visibili.clone()).filter(p::id_pendenza.eq(testo.clone())),
    ] {
        let query = query.order(p::ultima_at.desc()).limit(limit);
        rows.append(&mut query.select(PendenzaVista::as_select()).load(c)?);
    }
    Ok(rows)
}
