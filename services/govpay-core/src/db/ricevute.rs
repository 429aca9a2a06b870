//! Receipts as version 3 of the APIs lists and reads them, and what they collected.

use diesel::prelude::*;
use platform::StoreResult;

use super::{Conn, pendenze as pendenze_intere, rpt as attempts};
use crate::archivio::{ElencoRicevute, PendenzaPagata, RicevutaIntera, TentativoIntero};
use crate::elenco::Fetta;
use crate::pendenza::{DominioRow, PendenzaConVoci};
use crate::riscossione::RiscossioneRow;
use crate::schema::{domini, pagamenti, pendenze, riscossioni, rpt};
use crate::tentativo::{PagamentoRow, RptRow};

type Backend = <Conn as diesel::Connection>::Backend;

fn filtra(f: &ElencoRicevute) -> rpt::BoxedQuery<'_, Backend> {
    let mut q = rpt::table
        .filter(rpt::rt_at.is_not_null())
        .into_boxed::<Backend>();
    match f.domini.as_deref() {
        None => {}
        Some([one]) => q = q.filter(rpt::id_dominio.eq(one)),
        Some(domini) => q = q.filter(rpt::id_dominio.eq_any(domini)),
    }
    if let Some(v) = &f.debitore {
        let of = pendenze::table.filter(pendenze::soggetto_identificativo.eq(v));
        q = q.filter(rpt::pendenza.eq_any(of.select(pendenze::id)));
    }
    if let Some(v) = &f.id_dominio {
        q = q.filter(rpt::id_dominio.eq(v));
    }
    if let Some(v) = &f.iuv {
        q = q.filter(rpt::iuv.eq(v));
    }
    if let Some(v) = &f.id_ricevuta {
        q = q.filter(rpt::ccp.eq(v));
    }
    if let Some(v) = &f.esito {
        q = q.filter(rpt::esito.eq(v));
    }
    if let Some(v) = f.data_da {
        q = q.filter(rpt::rt_at.ge(v));
    }
    if let Some(v) = f.data_a {
        q = q.filter(rpt::rt_at.lt(v));
    }
    if let Some(v) = &f.numero_avviso {
        let of = pendenze::table
            .filter(pendenze::numero_avviso.eq(v))
            .select(pendenze::id);
        q = q.filter(rpt::pendenza.eq_any(of));
    }
    q
}

fn ordina<'a>(q: rpt::BoxedQuery<'a, Backend>, f: &ElencoRicevute) -> rpt::BoxedQuery<'a, Backend> {
    match f.discendente {
        true => q.order((rpt::rt_at.desc(), rpt::id.desc())),
        false => q.order((rpt::rt_at.asc(), rpt::id.asc())),
    }
}

/// A page of receipts, each with the name of its body.
pub fn list_ricevute(
    c: &mut Conn,
    elenco: ElencoRicevute,
) -> StoreResult<Fetta<(RptRow, Option<String>)>> {
    let taglio = elenco.taglio;
    let rows: Vec<RptRow> = ordina(filtra(&elenco), &elenco)
        .limit(taglio.da_leggere())
        .offset(taglio.offset)
        .select(RptRow::as_select())
        .load(c)?;
    let totale = conta!(
        c,
        taglio,
        rows.len(),
        rpt::id,
        filtra(&elenco),
        ordina(filtra(&elenco), &elenco)
    );
    let fetta = taglio.fetta(rows, totale);
    let names: Vec<(String, String)> = domini::table
        .filter(domini::id_dominio.eq_any(fetta.rows.iter().map(|row| &row.id_dominio)))
        .select((domini::id_dominio, domini::ragione_sociale))
        .load(c)?;
    let name = |row: &RptRow| {
        let found = names.iter().find(|(id, _)| *id == row.id_dominio);
        (row.clone(), found.map(|(_, name)| name.clone()))
    };
    let rows = fetta.rows.iter().map(name).collect();
    Ok(fetta.con(rows))
}

/// An attempt with its receipt; `None` also for one that has none yet.
pub fn find_ricevuta(c: &mut Conn, key: [String; 3]) -> StoreResult<Option<RicevutaIntera>> {
    let [id_dominio, iuv, id_ricevuta] = key;
    let found = attempts::find_rpt(c, id_dominio, iuv, id_ricevuta)?;
    let Some(rpt) = found.filter(|row| row.rt_at.is_some()) else {
        return Ok(None);
    };
    intera(c, rpt).map(Some)
}

/// An attempt, with its receipt or without, as it is told to its gestionale.
pub fn tentativo_intero(c: &mut Conn, id: i64) -> StoreResult<TentativoIntero> {
    let row: RptRow = rpt::table.find(id).select(RptRow::as_select()).first(c)?;
    let together: i64 = match &row.pagamento {
        Some(id) => rpt::table
            .filter(rpt::pagamento.eq(id))
            .count()
            .get_result(c)?,
        None => 1,
    };
    Ok(TentativoIntero {
        intera: intera(c, row)?,
        carrello: together > 1,
    })
}

fn intera(c: &mut Conn, rpt: RptRow) -> StoreResult<RicevutaIntera> {
    let pagamento: Option<PagamentoRow> = match &rpt.pagamento {
        Some(id) => pagamenti::table
            .find(id)
            .select(PagamentoRow::as_select())
            .first(c)
            .optional()?,
        None => None,
    };
    let collected = riscossioni::table
        .filter(riscossioni::rpt.eq(rpt.id))
        .order(riscossioni::indice)
        .select(RiscossioneRow::as_select())
        .load(c)?;
    let pendenza = pendenze_intere::pendenza_by_id(c, rpt.pendenza)?;
    Ok(RicevutaIntera {
        pendenza: pagata(c, pendenza, collected)?,
        rpt,
        pagamento,
    })
}

/// All that was collected of a pendenza.
pub fn pendenza_pagata(c: &mut Conn, pendenza: PendenzaConVoci) -> StoreResult<PendenzaPagata> {
    let collected = riscossioni::table
        .filter(riscossioni::pendenza.eq(pendenza.row.id))
        .order(riscossioni::id)
        .select(RiscossioneRow::as_select())
        .load(c)?;
    pagata(c, pendenza, collected)
}

fn pagata(
    c: &mut Conn,
    pendenza: PendenzaConVoci,
    riscossioni: Vec<RiscossioneRow>,
) -> StoreResult<PendenzaPagata> {
    let others: Vec<&String> = pendenza
        .voci
        .iter()
        .filter_map(|voce| voce.id_dominio.as_ref())
        .collect();
    let altri_domini = match others.is_empty() {
        true => vec![],
        false => domini::table
            .filter(domini::id_dominio.eq_any(others))
            .select(DominioRow::as_select())
            .load(c)?,
    };
    Ok(PendenzaPagata {
        pendenza,
        riscossioni,
        altri_domini,
    })
}
