//! Pendenze by the filters of API Pagamento v3, and the kinds of debt of a caller.

use std::collections::HashMap;

use diesel::prelude::*;
use platform::{StoreError, StoreResult};

use super::{Conn, pendenze as shared};
use crate::archivio::ElencoPendenze;
use crate::elenco::Fetta;
use crate::pendenza::{DominioRow, PendenzaRow};
use crate::schema::{domini, pendenze, tipi_pendenza, tipi_pendenza_dominio};
use crate::tentativo::Visibili;

/// Newest first, each with its body.
pub fn elenco_pendenze(
    c: &mut Conn,
    elenco: ElencoPendenze,
) -> StoreResult<Fetta<(PendenzaRow, DominioRow)>> {
    let taglio = elenco.taglio;
    let totale = conta!(c, taglio, pendenze::id, shared::filtered(&elenco.filtro));
    let rows: Vec<PendenzaRow> = shared::filtered(&elenco.filtro)
        .order(pendenze::id.desc())
        .limit(taglio.da_leggere())
        .offset(taglio.offset)
        .select(PendenzaRow::as_select())
        .load(c)?;
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
