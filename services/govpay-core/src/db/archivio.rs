//! Pendenze listed, and the kinds of debt of a caller.

use std::collections::HashMap;

use diesel::prelude::*;
use domain::pendenza::StatoPendenzaShown;
use platform::{StoreError, StoreResult};

use super::{Conn, pendenze as shared};
use crate::archivio::ElencoPendenze;
use crate::elenco::Fetta;
use crate::pendenza::{DominioRow, FiltroPendenze, PendenzaRow};
use crate::schema::{domini, pendenze, tipi_pendenza, tipi_pendenza_dominio};
use crate::tentativo::Visibili;

type Backend = <Conn as diesel::Connection>::Backend;

/// Newest first; those past their scadenza by that, the latest first, since they are found by it.
fn ordina<'a>(
    q: pendenze::BoxedQuery<'a, Backend>,
    f: &FiltroPendenze,
) -> pendenze::BoxedQuery<'a, Backend> {
    match f.stato {
        Some(StatoPendenzaShown::Scaduta) => {
            q.order((pendenze::data_scadenza.desc(), pendenze::id.desc()))
        }
        _ => q.order((pendenze::created_at.desc(), pendenze::id.desc())),
    }
}

/// A page of pendenze, each with its body.
pub fn elenco_pendenze(
    c: &mut Conn,
    elenco: ElencoPendenze,
) -> StoreResult<Fetta<(PendenzaRow, DominioRow)>> {
    let taglio = elenco.taglio;
    let filtro = &elenco.filtro;
    let rows: Vec<PendenzaRow> = ordina(shared::filtered(filtro), filtro)
        .limit(taglio.da_leggere())
        .offset(taglio.offset)
        .select(PendenzaRow::as_select())
        .load(c)?;
    let totale = conta!(
        c,
        taglio,
        rows.len(),
        pendenze::id,
        shared::filtered(filtro),
        ordina(shared::filtered(filtro), filtro)
    );
    let fetta = taglio.fetta(rows, totale);
    let bodies: Vec<DominioRow> = domini::table
        .filter(domini::id_dominio.eq_any(fetta.rows.iter().map(|row| &row.id_dominio)))
        .select(DominioRow::as_select())
        .load(c)?;
    let bodies: HashMap<String, DominioRow> = bodies
        .into_iter()
        .map(|row| (row.id_dominio.clone(), row))
        .collect();
    let with_body = |row: &PendenzaRow| {
        let body = bodies.get(&row.id_dominio).cloned();
        let body = body.ok_or_else(|| StoreError::corrupt(&row.id_dominio))?;
        Ok((row.clone(), body))
    };
    let rows = fetta
        .rows
        .iter()
        .map(with_body)
        .collect::<StoreResult<_>>()?;
    Ok(fetta.con(rows))
}

/// The kinds of debt of the bodies that a caller sees, each once, with its description.
pub fn tipi_visibili(c: &mut Conn, visibili: Visibili) -> StoreResult<Vec<(String, String)>> {
    let mut del_dominio = tipi_pendenza_dominio::table
        .filter(tipi_pendenza_dominio::abilitato.eq(true))
        .select(tipi_pendenza_dominio::id_tipo_pendenza)
        .into_boxed::<<Conn as diesel::Connection>::Backend>();
    if let Some(ids) = visibili {
        del_dominio = del_dominio.filter(tipi_pendenza_dominio::id_dominio.eq_any(ids));
    }
    let rows = tipi_pendenza::table
        .filter(tipi_pendenza::abilitato.eq(true))
        .filter(tipi_pendenza::id_tipo_pendenza.eq_any(del_dominio))
        .order(tipi_pendenza::id_tipo_pendenza)
        .select((tipi_pendenza::id_tipo_pendenza, tipi_pendenza::descrizione))
        .load(c)?;
    Ok(rows)
}
