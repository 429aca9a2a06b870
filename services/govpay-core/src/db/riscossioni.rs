//! Collected amounts: listed, read, summed.

use std::collections::HashMap;

use diesel::dsl::{exists, sql};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use platform::{StoreError, StoreResult};

use super::{Conn, TASSONOMIA};
use crate::elenco::{Fetta, Taglio};
use crate::pendenza::{DominioRow, PendenzaRow, VoceRow};
use crate::riscossione::{
    Campo, ElencoRiscossioni, FiltroPendenza, FiltroRiscossioni, Gruppo, Riscossa, RiscossioneRow,
    Somma,
};
use crate::schema::{domini, pendenze, riscossioni, rpt, voci};

type Backend = <Conn as diesel::Connection>::Backend;
type Query<'a> = riscossioni::BoxedQuery<'a, Backend>;

fn filtra(f: &FiltroRiscossioni) -> Query<'_> {
    let mut q = riscossioni::table.into_boxed::<Backend>();
    match f.domini.as_deref() {
        None => {}
        Some([one]) => q = q.filter(riscossioni::id_dominio.eq(one)),
        Some(domini) => q = q.filter(riscossioni::id_dominio.eq_any(domini)),
    }
    if let Some(v) = &f.id_dominio {
        q = q.filter(riscossioni::id_dominio.eq(v));
    }
    if let Some(v) = &f.iuv {
        q = q.filter(riscossioni::iuv.eq(v));
    }
    if let Some(v) = &f.iur {
        q = q.filter(riscossioni::iur.eq(v));
    }
    if let Some(v) = f.stato {
        q = q.filter(riscossioni::stato.eq(v.stored()));
    }
    match f.tipi.as_slice() {
        [] => {}
        [one] => q = q.filter(riscossioni::tipo.eq(one.name())),
        tipi => q = q.filter(riscossioni::tipo.eq_any(tipi.iter().map(|tipo| tipo.name()))),
    }
    if let Some(v) = f.data_da {
        q = q.filter(riscossioni::data_pagamento.ge(v));
    }
    if let Some(v) = f.data_a {
        q = q.filter(riscossioni::data_pagamento.lt(v));
    }
    della_pendenza(q, &f.pendenza)
}

/// What is asked of the pendenza. A key names few, which are looked up first; the rest is looked at
/// row by row, in the order of the list.
fn della_pendenza<'a>(mut q: Query<'a>, f: &'a FiltroPendenza) -> Query<'a> {
    if let Some(v) = &f.id_pendenza {
        let of = pendenze::table.filter(pendenze::id_pendenza.eq(v));
        q = q.filter(riscossioni::pendenza.eq_any(of.select(pendenze::id)));
    }
    macro_rules! own {
        ($condition:expr) => {{
            let own = pendenze::table.filter(pendenze::id.eq(riscossioni::pendenza));
            q = q.filter(exists(own.filter($condition)));
        }};
    }
    if let Some(v) = &f.id_a2a {
        own!(pendenze::id_a2a.eq(v));
    }
    if let Some(v) = &f.id_unita {
        own!(pendenze::id_unita_operativa.eq(v));
    }
    if let Some(v) = &f.id_tipo_pendenza {
        own!(pendenze::id_tipo_pendenza.eq(v));
    }
    if !f.direzioni.is_empty() {
        own!(pendenze::direzione.eq_any(&f.direzioni));
    }
    if !f.divisioni.is_empty() {
        own!(pendenze::divisione.eq_any(&f.divisioni));
    }
    if !f.tassonomie.is_empty() {
        own!(sql::<Nullable<Text>>(TASSONOMIA).eq_any(&f.tassonomie));
    }
    q
}

fn ordina<'a>(mut q: Query<'a>, elenco: &ElencoRiscossioni) -> Query<'a> {
    for ordine in &elenco.ordine {
        q = match (ordine.campo, ordine.discendente) {
            (Campo::Data, false) => q.then_order_by(riscossioni::data_pagamento.asc()),
            (Campo::Data, true) => q.then_order_by(riscossioni::data_pagamento.desc()),
            (Campo::Stato, false) => q.then_order_by(riscossioni::stato.asc()),
            (Campo::Stato, true) => q.then_order_by(riscossioni::stato.desc()),
            (Campo::Iuv, false) => q.then_order_by(riscossioni::iuv.asc()),
            (Campo::Iuv, true) => q.then_order_by(riscossioni::iuv.desc()),
        };
    }
    if elenco.ordine.is_empty() {
        q = q.then_order_by(riscossioni::data_pagamento.asc());
    }
    // The last word is the key's, so that no row is on two pages. It goes the way of the first field,
    // so that one index serves both.
    match elenco.ordine.first() {
        Some(ordine) if ordine.discendente => q.then_order_by(riscossioni::id.desc()),
        _ => q.then_order_by(riscossioni::id.asc()),
    }
}

pub fn list_riscossioni(c: &mut Conn, elenco: ElencoRiscossioni) -> StoreResult<Fetta<Riscossa>> {
    let taglio = elenco.taglio;
    let rows: Vec<RiscossioneRow> = ordina(filtra(&elenco.filtro), &elenco)
        .limit(taglio.da_leggere())
        .offset(taglio.offset)
        .select(RiscossioneRow::as_select())
        .load(c)?;
    let totale = conta!(
        c,
        taglio,
        rows.len(),
        riscossioni::id,
        filtra(&elenco.filtro),
        ordina(filtra(&elenco.filtro), &elenco)
    );
    let fetta = taglio.fetta(rows, totale);
    let rows = intere(c, &fetta.rows)?;
    Ok(fetta.con(rows))
}

/// The one of that receipt (key: dominio, IUV, IUR, indice).
pub fn find_riscossione(
    c: &mut Conn,
    key: [String; 3],
    indice: i32,
) -> StoreResult<Option<Riscossa>> {
    let [id_dominio, iuv, iur] = key;
    let rows: Vec<RiscossioneRow> = riscossioni::table
        .filter(riscossioni::id_dominio.eq(id_dominio))
        .filter(riscossioni::iuv.eq(iuv))
        .filter(riscossioni::iur.eq(iur))
        .filter(riscossioni::indice.eq(indice))
        .select(RiscossioneRow::as_select())
        .load(c)?;
    Ok(intere(c, &rows)?.pop())
}

/// What a page of riscossioni pays, in one query per table.
fn intere(c: &mut Conn, rows: &[RiscossioneRow]) -> StoreResult<Vec<Riscossa>> {
    let of: Vec<PendenzaRow> = pendenze::table
        .filter(pendenze::id.eq_any(rows.iter().map(|row| row.pendenza)))
        .select(PendenzaRow::as_select())
        .load(c)?;
    let of: HashMap<i64, PendenzaRow> = of.into_iter().map(|row| (row.id, row)).collect();
    let items: Vec<VoceRow> = voci::table
        .filter(voci::id.eq_any(rows.iter().filter_map(|row| row.voce)))
        .select(VoceRow::as_select())
        .load(c)?;
    let items: HashMap<i64, VoceRow> = items.into_iter().map(|row| (row.id, row)).collect();
    let attempts: Vec<(i64, String)> = rpt::table
        .filter(rpt::id.eq_any(rows.iter().map(|row| row.rpt)))
        .select((rpt::id, rpt::ccp))
        .load(c)?;
    let attempts: HashMap<i64, String> = attempts.into_iter().collect();
    let bodies: Vec<DominioRow> = domini::table
        .filter(domini::id_dominio.eq_any(rows.iter().map(|row| &row.id_dominio)))
        .select(DominioRow::as_select())
        .load(c)?;
    let whole = |row: &RiscossioneRow| {
        let lost = |what| StoreError::corrupt(format!("riscossione {}: {what}", row.id));
        let dominio = bodies.iter().find(|d| d.id_dominio == row.id_dominio);
        Ok(Riscossa {
            row: row.clone(),
            pendenza: of
                .get(&row.pendenza)
                .cloned()
                .ok_or_else(|| lost("pendenza"))?,
            voce: row.voce.and_then(|id| items.get(&id).cloned()),
            id_ricevuta: attempts.get(&row.rpt).cloned().ok_or_else(|| lost("rpt"))?,
            dominio: dominio.cloned().ok_or_else(|| lost("dominio"))?,
        })
    };
    rows.iter().map(whole).collect()
}

type Gruppi = (
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
);

/// The column of a group; a group that is not asked for is the same for all rows.
fn colonna(gruppi: &[Gruppo], gruppo: Gruppo) -> &'static str {
    match gruppo {
        _ if !gruppi.contains(&gruppo) => "CAST(NULL AS TEXT)",
        Gruppo::Dominio => "riscossioni.id_dominio",
        Gruppo::UnitaOperativa => "pendenze.id_unita_operativa",
        Gruppo::TipoPendenza => "pendenze.id_tipo_pendenza",
        Gruppo::Divisione => "pendenze.divisione",
        Gruppo::Direzione => "pendenze.direzione",
        Gruppo::Tassonomia => TASSONOMIA,
        Gruppo::Applicazione => "pendenze.id_a2a",
    }
}

/// Sums per group, in the order of the groups' values. Counting them costs nothing, so they are
/// always counted.
pub fn somma_riscossioni(
    c: &mut Conn,
    filtro: FiltroRiscossioni,
    gruppi: Vec<Gruppo>,
    taglio: Taglio,
) -> StoreResult<Fetta<Somma>> {
    let column = |gruppo| sql::<Nullable<Text>>(colonna(&gruppi, gruppo));
    let somme = |limit: i64, offset: i64| {
        riscossioni::table
            .inner_join(pendenze::table.on(pendenze::id.eq(riscossioni::pendenza)))
            .filter(riscossioni::id.eq_any(filtra(&filtro).select(riscossioni::id)))
            .group_by(sql::<Text>("1, 2, 3, 4, 5, 6, 7"))
            .order_by(sql::<Text>("1, 2, 3, 4, 5, 6, 7"))
            .select((
                (
                    column(Gruppo::Dominio),
                    column(Gruppo::UnitaOperativa),
                    column(Gruppo::TipoPendenza),
                    column(Gruppo::Divisione),
                    column(Gruppo::Direzione),
                    column(Gruppo::Tassonomia),
                    column(Gruppo::Applicazione),
                ),
                sql::<Text>("MAX(pendenze.tipo)"),
                sql::<BigInt>("COUNT(*)"),
                sql::<BigInt>("CAST(SUM(riscossioni.importo) AS BIGINT)"),
                sql::<BigInt>("COUNT(*) OVER ()"),
            ))
            .limit(limit)
            .offset(offset)
    };
    type Row = (Gruppi, String, i64, i64, i64);
    let mut rows: Vec<Row> = somme(taglio.da_leggere(), taglio.offset).load(c)?;
    let mut totale = rows.first().map_or(0, |row| row.4);
    if rows.is_empty() && taglio.offset > 0 {
        // Beyond the last page there is no row that tells how many there are.
        let first: Vec<Row> = somme(1, 0).load(c)?;
        totale = first.first().map_or(0, |row| row.4);
    }
    let somme = rows.drain(..).map(|(g, tipo, numero, importo, _)| Somma {
        gruppi: [g.0, g.1, g.2, g.3, g.4, g.5, g.6],
        tipo,
        numero,
        importo,
    });
    Ok(taglio.fetta(somme.collect(), Some(totale)))
}
