//! Pendenze read, annulled and listed.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{Event, Importo, NumeroAvviso, PendenzaCaricata, StatoPendenza};
use platform::{StoreError, StoreResult};

use super::{Conn, ext};
use crate::pendenza::{
    AllegatoRow, DominioRow, FiltroPendenze, ModificaPendenza, PendenzaConVoci, PendenzaRow,
    Rifiuto, VoceRow,
};
use crate::rest::riga;
use crate::schema::{allegati, domini, pendenze, rpt, voci};
use crate::tentativo::Pagina;

/// Tells the other services the state of the pendenza.
pub fn push(c: &mut Conn, row: &PendenzaRow, now: DateTime<Utc>) -> StoreResult<()> {
    let stato = StatoPendenza::parse(&row.stato).ok_or_else(|| StoreError::corrupt(&row.stato))?;
    let numero = row.avviso()?;
    let event = Event::PendenzaStato {
        id_a2a: row.id_a2a.clone(),
        id_pendenza: row.id_pendenza.clone(),
        id_dominio: row.dominio()?,
        iuv: numero.as_ref().map(NumeroAvviso::iuv),
        numero_avviso: numero,
        importo: Importo::from_cents(row.importo).map_err(StoreError::corrupt)?,
        stato: stato
            .shown(row.anomala, row.data_scadenza, now)
            .name()
            .to_owned(),
    };
    ext::outbox::push(c, crate::NAME, event, now).map(drop)
}

/// The same of many pendenze of one applicazione at once: one event per body.
pub fn push_caricate(c: &mut Conn, rows: &[PendenzaRow], now: DateTime<Utc>) -> StoreResult<()> {
    let mut per_dominio: Vec<(&PendenzaRow, Vec<PendenzaCaricata>)> = vec![];
    for row in rows {
        let stato = StatoPendenza::parse(&row.stato);
        let stato = stato.ok_or_else(|| StoreError::corrupt(&row.stato))?;
        let stato = stato.shown(row.anomala, row.data_scadenza, now);
        let caricata = PendenzaCaricata {
            id_pendenza: row.id_pendenza.clone(),
            numero_avviso: row.avviso()?,
            importo: Importo::from_cents(row.importo).map_err(StoreError::corrupt)?,
            stato: stato.name().to_owned(),
        };
        let gruppo = per_dominio
            .iter_mut()
            .find(|(primo, _)| primo.id_dominio == row.id_dominio);
        match gruppo {
            Some((_, pendenze)) => pendenze.push(caricata),
            None => per_dominio.push((row, vec![caricata])),
        }
    }
    for (primo, pendenze) in per_dominio {
        let event = Event::PendenzeCaricate {
            id_a2a: primo.id_a2a.clone(),
            id_dominio: primo.dominio()?,
            pendenze,
        };
        ext::outbox::push(c, crate::NAME, event, now)?;
    }
    Ok(())
}

pub fn voci_of(c: &mut Conn, pendenza: i64) -> StoreResult<Vec<VoceRow>> {
    Ok(voci::table
        .filter(voci::pendenza.eq(pendenza))
        .order(voci::indice)
        .select(VoceRow::as_select())
        .load(c)?)
}

fn whole(c: &mut Conn, row: PendenzaRow) -> StoreResult<PendenzaConVoci> {
    let voci = voci_of(c, row.id)?;
    let dominio = domini::table
        .find(&row.id_dominio)
        .select(DominioRow::as_select())
        .first(c)?;
    Ok(PendenzaConVoci { row, voci, dominio })
}

/// A pendenza that is known to exist.
pub fn pendenza_by_id(c: &mut Conn, id: i64) -> StoreResult<PendenzaConVoci> {
    let row = pendenze::table.find(id).select(PendenzaRow::as_select());
    let row = row.first(c)?;
    whole(c, row)
}

pub fn pendenza_by_key(
    c: &mut Conn,
    id_a2a: String,
    id_pendenza: String,
) -> StoreResult<Option<PendenzaConVoci>> {
    let row: Option<PendenzaRow> = pendenze::table
        .filter(pendenze::id_a2a.eq(id_a2a))
        .filter(pendenze::id_pendenza.eq(id_pendenza))
        .select(PendenzaRow::as_select())
        .first(c)
        .optional()?;
    row.map(|row| whole(c, row)).transpose()
}

pub fn pendenza_by_avviso(
    c: &mut Conn,
    id_dominio: String,
    numero_avviso: String,
) -> StoreResult<Option<PendenzaConVoci>> {
    let row: Option<PendenzaRow> = pendenze::table
        .filter(pendenze::id_dominio.eq(id_dominio))
        .filter(pendenze::numero_avviso.eq(numero_avviso))
        .select(PendenzaRow::as_select())
        .first(c)
        .optional()?;
    row.map(|row| whole(c, row)).transpose()
}

/// The parts of a documento, at most `limit`.
pub fn pendenze_del_documento(
    c: &mut Conn,
    id_a2a: String,
    id_dominio: String,
    id_documento: String,
    limit: i64,
) -> StoreResult<Vec<PendenzaConVoci>> {
    let rows: Vec<PendenzaRow> = pendenze::table
        .filter(pendenze::id_dominio.eq(id_dominio))
        .filter(pendenze::id_documento.eq(id_documento))
        .filter(pendenze::id_a2a.eq(id_a2a))
        .order(pendenze::id)
        .limit(limit)
        .select(PendenzaRow::as_select())
        .load(c)?;
    rows.into_iter().map(|row| whole(c, row)).collect()
}

/// A file with body, applicazione and kind of its pendenza.
pub fn find_allegato(c: &mut Conn, id: i64) -> StoreResult<Option<(AllegatoRow, [String; 3])>> {
    let found: Option<(AllegatoRow, (String, String, String))> = allegati::table
        .inner_join(pendenze::table)
        .filter(allegati::id.eq(id))
        .select((
            AllegatoRow::as_select(),
            (
                pendenze::id_dominio,
                pendenze::id_a2a,
                pendenze::id_tipo_pendenza,
            ),
        ))
        .first(c)
        .optional()?;
    Ok(found.map(|(row, (dominio, a2a, tipo))| (row, [dominio, a2a, tipo])))
}

/// Changes a pendenza; annulling twice is fine. A refusal changes nothing.
pub fn modifica_pendenza(
    c: &mut Conn,
    id: i64,
    modifica: ModificaPendenza,
    now: DateTime<Utc>,
) -> StoreResult<Result<PendenzaConVoci, Rifiuto>> {
    ext::write_tx(c, |c| {
        let query = pendenze::table.find(id).select(PendenzaRow::as_select());
        let mut row: PendenzaRow = ext::lock!(query).first(c)?;
        if let Some(stato) = modifica.stato {
            if let Err(rifiuto) = riga::check_stato(&row, stato) {
                return Ok(Err(rifiuto));
            }
            row = scrivi_stato(c, id, stato, modifica.motivo.as_deref(), now)?;
            push(c, &row, now)?;
        }
        if let Some(verificata) = modifica.verificata {
            row = diesel::update(pendenze::table.find(id))
                .set(pendenze::verificata.eq(verificata))
                .returning(PendenzaRow::as_returning())
                .get_result(c)?;
        }
        Ok(Ok(whole(c, row)?))
    })
}

/// The pendenza in its new state, which the rules have let it take; its event is the caller's.
pub fn scrivi_stato(
    c: &mut Conn,
    id: i64,
    stato: StatoPendenza,
    motivo: Option<&str>,
    now: DateTime<Utc>,
) -> StoreResult<PendenzaRow> {
    Ok(diesel::update(pendenze::table.find(id))
        .set((
            pendenze::stato.eq(stato.name()),
            pendenze::descrizione_stato.eq(motivo),
            pendenze::updated_at.eq(now.naive_utc()),
        ))
        .returning(PendenzaRow::as_returning())
        .get_result(c)?)
}

pub fn list_pendenze(
    c: &mut Conn,
    filtro: FiltroPendenze,
) -> StoreResult<Pagina<(PendenzaRow, DominioRow)>> {
    let totale = filtered(&filtro).count().get_result(c)?;
    let rows: Vec<PendenzaRow> = filtered(&filtro)
        .order(pendenze::id.desc())
        .limit(filtro.limit)
        .offset(filtro.offset)
        .select(PendenzaRow::as_select())
        .load(c)?;
    let ids: HashSet<&String> = rows.iter().map(|row| &row.id_dominio).collect();
    let known: Vec<DominioRow> = domini::table
        .filter(domini::id_dominio.eq_any(ids))
        .select(DominioRow::as_select())
        .load(c)?;
    let with_dominio = |row: PendenzaRow| {
        let dominio = known
            .iter()
            .find(|d| d.id_dominio == row.id_dominio)
            .cloned();
        let dominio = dominio.ok_or_else(|| StoreError::corrupt(&row.id_dominio))?;
        Ok((row, dominio))
    };
    let rows = rows
        .into_iter()
        .map(with_dominio)
        .collect::<StoreResult<_>>()?;
    Ok(Pagina { rows, totale })
}

type Backend = <Conn as diesel::Connection>::Backend;

/// The pendenze that a filter means.
pub fn filtered(f: &FiltroPendenze) -> pendenze::BoxedQuery<'_, Backend> {
    let mut q = pendenze::table.into_boxed();
    if let Some(ids) = &f.domini {
        q = q.filter(pendenze::id_dominio.eq_any(ids));
    }
    if let Some(v) = &f.debitore {
        q = q.filter(pendenze::soggetto_identificativo.eq(v));
    }
    if let Some(v) = &f.id_dominio {
        q = q.filter(pendenze::id_dominio.eq(v));
    }
    if let Some(v) = &f.id_a2a {
        q = q.filter(pendenze::id_a2a.eq(v));
    }
    if let Some(v) = &f.id_pendenza {
        q = q.filter(pendenze::id_pendenza.eq(v));
    }
    if let Some(v) = &f.id_debitore {
        q = q.filter(pendenze::soggetto_identificativo.eq(v));
    }
    if let Some(v) = &f.iuv {
        q = q.filter(pendenze::iuv.eq(v));
    }
    if let Some(v) = f.data_da {
        q = q.filter(pendenze::created_at.ge(v));
    }
    if let Some(v) = f.data_a {
        q = q.filter(pendenze::created_at.lt(v));
    }
    if let Some(tipi) = &f.tipi {
        q = q.filter(pendenze::id_tipo_pendenza.eq_any(tipi));
    }
    if let Some(v) = &f.id_tipo_pendenza {
        q = q.filter(pendenze::id_tipo_pendenza.eq(v));
    }
    if let Some(v) = &f.direzione {
        q = q.filter(pendenze::direzione.eq(v));
    }
    if let Some(v) = &f.divisione {
        q = q.filter(pendenze::divisione.eq(v));
    }
    if let Some(v) = &f.id_pagamento {
        let paid = rpt::table.filter(rpt::pagamento.eq(v));
        q = q.filter(pendenze::id.eq_any(paid.select(rpt::pendenza)));
    }
    if f.spontanei_non_pagati {
        q = q
            .filter(pendenze::tipo.eq("spontaneo"))
            .filter(pendenze::stato.eq("NON_ESEGUITO"));
    }
    nello_stato(q, f)
}

/// Those that the contract shows in that state.
fn nello_stato<'a>(
    q: pendenze::BoxedQuery<'a, Backend>,
    f: &'a FiltroPendenze,
) -> pendenze::BoxedQuery<'a, Backend> {
    match f.stato.as_deref() {
        None => q,
        Some("ANOMALA") => q.filter(pendenze::anomala.eq(true)),
        Some("SCADUTA") => q
            .filter(pendenze::anomala.eq(false))
            .filter(pendenze::stato.eq("NON_ESEGUITO"))
            .filter(pendenze::data_scadenza.lt(f.oggi)),
        // A pendenza without a scadenza never expires.
        Some("NON_ESEGUITA") => q
            .filter(pendenze::anomala.eq(false))
            .filter(pendenze::stato.eq("NON_ESEGUITO"))
            .filter(
                pendenze::data_scadenza
                    .is_null()
                    .or(pendenze::data_scadenza.ge(f.oggi)),
            ),
        Some("ESEGUITA") => q
            .filter(pendenze::anomala.eq(false))
            .filter(pendenze::stato.eq("ESEGUITO")),
        Some("ESEGUITA_PARZIALE") => q
            .filter(pendenze::anomala.eq(false))
            .filter(pendenze::stato.eq("PARZIALMENTE_ESEGUITO")),
        Some(_) => q
            .filter(pendenze::anomala.eq(false))
            .filter(pendenze::stato.eq("ANNULLATO")),
    }
}
