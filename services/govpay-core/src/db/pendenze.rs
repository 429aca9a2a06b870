//! Pendenze read and annulled; which of them a list means.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::{exists, not, sql};
use diesel::prelude::*;
use diesel::sql_types::Bool;
use domain::pendenza::StatoPendenzaShown;
use domain::{Event, Importo, NumeroAvviso, PendenzaCaricata, StatoPendenza};
use platform::{StoreError, StoreResult};

use super::{Conn, ext};
use crate::pendenza::{
    AllegatoRow, DominioRow, FiltroPendenze, ModificaPendenza, PendenzaConTentativi,
    PendenzaConVoci, PendenzaRow, Rifiuto, VoceRow,
};
use crate::rest::riga;
use crate::schema::{allegati, domini, pendenze, rpt, voci};

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

/// Pendenze with their bodies, one row per item, and whether there are attempts: one query, since this
/// is what portals and gestionali ask most.
macro_rules! intera {
    () => {
        pendenze::table
            .inner_join(domini::table)
            .left_join(voci::table)
            .order(voci::indice)
            .select((
                PendenzaRow::as_select(),
                DominioRow::as_select(),
                Option::<VoceRow>::as_select(),
                exists(rpt::table.filter(rpt::pendenza.eq(pendenze::id))),
            ))
    };
}

type Riga = (PendenzaRow, DominioRow, Option<VoceRow>, bool);

/// The pendenza of such rows, and whether it has attempts.
fn composta(rows: Vec<Riga>) -> Option<(PendenzaConVoci, bool)> {
    let mut rows = rows.into_iter();
    let (row, dominio, first, tentata) = rows.next()?;
    let mut voci: Vec<VoceRow> = first.into_iter().collect();
    voci.extend(rows.filter_map(|(_, _, voce, _)| voce));
    Some((PendenzaConVoci { row, voci, dominio }, tentata))
}

/// A pendenza that is known to exist.
pub fn pendenza_by_id(c: &mut Conn, id: i64) -> StoreResult<PendenzaConVoci> {
    let rows = intera!().filter(pendenze::id.eq(id)).load(c)?;
    let found = composta(rows).ok_or(diesel::result::Error::NotFound)?;
    Ok(found.0)
}

fn by_key(
    c: &mut Conn,
    id_a2a: String,
    id_pendenza: String,
) -> StoreResult<Option<(PendenzaConVoci, bool)>> {
    let rows = intera!()
        .filter(pendenze::id_a2a.eq(id_a2a))
        .filter(pendenze::id_pendenza.eq(id_pendenza))
        .load(c)?;
    Ok(composta(rows))
}

fn by_avviso(
    c: &mut Conn,
    id_dominio: String,
    numero_avviso: String,
) -> StoreResult<Option<(PendenzaConVoci, bool)>> {
    let rows = intera!()
        .filter(pendenze::id_dominio.eq(id_dominio))
        .filter(pendenze::numero_avviso.eq(numero_avviso))
        .load(c)?;
    Ok(composta(rows))
}

pub fn pendenza_by_key(
    c: &mut Conn,
    id_a2a: String,
    id_pendenza: String,
) -> StoreResult<Option<PendenzaConVoci>> {
    Ok(by_key(c, id_a2a, id_pendenza)?.map(|(pendenza, _)| pendenza))
}

pub fn pendenza_by_avviso(
    c: &mut Conn,
    id_dominio: String,
    numero_avviso: String,
) -> StoreResult<Option<PendenzaConVoci>> {
    Ok(by_avviso(c, id_dominio, numero_avviso)?.map(|(pendenza, _)| pendenza))
}

/// A pendenza by its key, with its attempts.
pub fn dettaglio_by_key(
    c: &mut Conn,
    id_a2a: String,
    id_pendenza: String,
) -> StoreResult<Option<PendenzaConTentativi>> {
    let found = by_key(c, id_a2a, id_pendenza)?;
    found.map(|found| con_tentativi(c, found)).transpose()
}

/// A pendenza by its avviso, with its attempts.
pub fn dettaglio_by_avviso(
    c: &mut Conn,
    id_dominio: String,
    numero_avviso: String,
) -> StoreResult<Option<PendenzaConTentativi>> {
    let found = by_avviso(c, id_dominio, numero_avviso)?;
    found.map(|found| con_tentativi(c, found)).transpose()
}

fn con_tentativi(
    c: &mut Conn,
    (pendenza, tentata): (PendenzaConVoci, bool),
) -> StoreResult<PendenzaConTentativi> {
    let tentativi = match tentata {
        true => super::rpt::rpt_of_pendenza(c, pendenza.row.id)?,
        false => vec![],
    };
    Ok((pendenza, tentativi))
}

/// The parts of a documento, at most `limit`.
pub fn pendenze_del_documento(
    c: &mut Conn,
    id_a2a: String,
    id_dominio: String,
    id_documento: String,
    limit: i64,
) -> StoreResult<Vec<PendenzaConVoci>> {
    let ids: Vec<i64> = pendenze::table
        .filter(pendenze::id_dominio.eq(id_dominio))
        .filter(pendenze::id_documento.eq(id_documento))
        .filter(pendenze::id_a2a.eq(id_a2a))
        .order(pendenze::id)
        .limit(limit)
        .select(pendenze::id)
        .load(c)?;
    ids.into_iter().map(|id| pendenza_by_id(c, id)).collect()
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
        Ok(Ok(pendenza_by_id(c, row.id)?))
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

type Backend = <Conn as diesel::Connection>::Backend;

/// The pendenze that a filter means. What the indexes of some rows only are made for is written as it
/// is there, and not as a value: SQLite knows them by their text.
pub fn filtered(f: &FiltroPendenze) -> pendenze::BoxedQuery<'_, Backend> {
    let mut q = pendenze::table.into_boxed();
    match f.domini.as_deref() {
        None => {}
        // One body is in the order of its index; of several the rows are put in order.
        Some([one]) => q = q.filter(pendenze::id_dominio.eq(one)),
        Some(ids) => q = q.filter(pendenze::id_dominio.eq_any(ids)),
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
            .filter(sql::<Bool>("pendenze.tipo = 'spontaneo'"))
            .filter(pendenze::stato.eq("NON_ESEGUITO"));
    }
    match f.stato {
        Some(stato) => di_stato(q, stato, f.oggi),
        None => q,
    }
}

fn di_stato<'a>(
    q: pendenze::BoxedQuery<'a, Backend>,
    stato: StatoPendenzaShown,
    oggi: NaiveDate,
) -> pendenze::BoxedQuery<'a, Backend> {
    use StatoPendenzaShown as Shown;
    if stato == Shown::Anomala {
        return q.filter(pendenze::anomala);
    }
    let q = q.filter(not(pendenze::anomala));
    let kept = |stato: StatoPendenza| pendenze::stato.eq(stato.name());
    match stato {
        Shown::Anomala => q,
        Shown::Scaduta => q
            .filter(sql::<Bool>("pendenze.stato = 'NON_ESEGUITO'"))
            .filter(pendenze::data_scadenza.lt(oggi)),
        // A pendenza without a scadenza never expires.
        Shown::NonEseguita => q.filter(kept(StatoPendenza::NonEseguito)).filter(
            pendenze::data_scadenza
                .is_null()
                .or(pendenze::data_scadenza.ge(oggi)),
        ),
        Shown::Eseguita => q.filter(kept(StatoPendenza::Eseguito)),
        Shown::EseguitaParziale => q.filter(kept(StatoPendenza::ParzialmenteEseguito)),
        Shown::Annullata => q.filter(kept(StatoPendenza::Annullato)),
    }
}
