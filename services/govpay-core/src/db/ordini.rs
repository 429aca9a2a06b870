//! Orders of the gestionali: pendenze created and updated, one at a time.

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error};
use domain::{NumeroAvviso, StatoPendenza};
use platform::{StoreError, StoreResult};

use super::contatori::reserve;
use super::nomi::anagrafica_di;
use super::pendenze::{push, voci_of};
use super::{Conn, ext};
use crate::pendenza::{
    AllegatoRow, DominioRow, EsitoOrdine, Fermo, Ordine, PendenzaConVoci, PendenzaRow, Rifiuto,
    VoceRow,
};
use crate::rest::riga;
use crate::schema::{allegati, pendenze, voci};
use crate::verifica::{self, Anagrafica, avviso_usato};

/// Creates the pendenza or updates the one with the same key, with its event, in one transaction.
/// A refusal changes nothing. The number of a new one is reserved before it, so that orders of one
/// body do not wait for one another's commit.
pub fn put_pendenza(c: &mut Conn, ordine: Ordine) -> StoreResult<EsitoOrdine> {
    put_ordine(c, &ordine)
}

/// See [`put_pendenza`].
pub fn put_ordine(c: &mut Conn, ordine: &Ordine) -> StoreResult<EsitoOrdine> {
    let mut again = false;
    let result = loop {
        let result = put(c, ordine);
        let Some(index) = taken(&result) else {
            break result;
        };
        if ordine.corpo.numero_avviso.is_none() && di_numero(index) {
            continue; // a number that somebody supplied from outside is stepped over
        }
        // Somebody else wrote the same key at the same instant: it is there now, to be updated.
        if again {
            return Ok(EsitoOrdine::Rifiutata(duplicata(ordine, index)));
        }
        again = true;
    };
    match result {
        Ok(esito) => Ok(esito),
        Err(Fermo::Rifiuto(rifiuto)) => Ok(EsitoOrdine::Rifiutata(rifiuto)),
        Err(Fermo::Store(error)) => Err(error),
    }
}

/// What the index said that had the last word, when it had.
fn taken<T>(result: &Result<T, Fermo>) -> Option<&str> {
    match result {
        Err(Fermo::Store(StoreError::Query(Error::DatabaseError(
            DatabaseErrorKind::UniqueViolation,
            info,
        )))) => Some(info.message()),
        _ => None,
    }
}

/// Whether an index is one of the numbers, and not of the keys.
fn di_numero(index: &str) -> bool {
    index.contains("numero_avviso") || index.contains("iuv")
}

fn duplicata(ordine: &Ordine, index: &str) -> Rifiuto {
    if di_numero(index) {
        let numero = ordine
            .corpo
            .numero_avviso
            .as_ref()
            .map_or("", NumeroAvviso::as_str);
        return avviso_usato(numero);
    }
    Rifiuto::new(
        "VER_003",
        "La pendenza non si può aggiornare",
        format!(
            "un'altra richiesta sta scrivendo la pendenza {} di {}: riprova",
            ordine.id_pendenza, ordine.id_a2a
        ),
    )
}

fn put(c: &mut Conn, ordine: &Ordine) -> Result<EsitoOrdine, Fermo> {
    let anagrafica = anagrafica_di(c, &[ordine])?;
    let dominio = verifica::verifica(ordine, &anagrafica)?;
    let known: Option<i64> = pendenze::table
        .filter(pendenze::id_a2a.eq(&ordine.id_a2a))
        .filter(pendenze::id_pendenza.eq(&ordine.id_pendenza))
        .select(pendenze::id)
        .first(c)
        .optional()?;
    let whole = |(row, voci)| {
        Box::new(PendenzaConVoci {
            row,
            voci,
            dominio: dominio.clone(),
        })
    };
    match known {
        Some(id) => {
            let written = ext::write_tx(c, |c| aggiorna(c, ordine, id))?;
            Ok(EsitoOrdine::Aggiornata(whole(written)))
        }
        None => {
            let numero = numero(c, ordine, dominio, &anagrafica)?;
            let written = ext::write_tx(c, |c| insert(c, ordine, &numero))?;
            Ok(EsitoOrdine::Creata(whole(written)))
        }
    }
}

/// The pendenza of that id as the order wants it, with its event.
fn aggiorna(c: &mut Conn, ordine: &Ordine, id: i64) -> Result<(PendenzaRow, Vec<VoceRow>), Fermo> {
    let old = pendenze::table.find(id).select(PendenzaRow::as_select());
    let old: PendenzaRow = ext::lock!(old).first(c)?;
    let voci = voci_of(c, old.id)?;
    let row = update(c, ordine, &old, &voci)?;
    push(c, &row, ordine.now)?;
    let voci = voci_of(c, row.id)?;
    Ok((row, voci))
}

/// The number of a new pendenza: the one that is given, or the next of its body.
fn numero(
    c: &mut Conn,
    ordine: &Ordine,
    dominio: &DominioRow,
    anagrafica: &Anagrafica,
) -> Result<NumeroAvviso, Fermo> {
    let Some(numero) = &ordine.corpo.numero_avviso else {
        return generated(c, ordine, dominio, anagrafica);
    };
    verifica::numero_fornito(ordine, numero, dominio, anagrafica)??;
    if is_used(c, dominio, numero)? {
        return Err(avviso_usato(numero.as_str()).into());
    }
    Ok(numero.clone())
}

/// The rows of a new pendenza, with its event.
fn insert(
    c: &mut Conn,
    ordine: &Ordine,
    numero: &NumeroAvviso,
) -> Result<(PendenzaRow, Vec<VoceRow>), Fermo> {
    let id = ext::next_ids(c, "pendenze", 1)?[0];
    let allegati = allegati_di(c, ordine, id)?;
    let row = riga::nuova(ordine, id, numero, &allegati).map_err(StoreError::corrupt)?;
    diesel::insert_into(pendenze::table)
        .values(&row)
        .execute(c)?;
    insert_allegati(c, allegati)?;
    let voci = insert_voci(c, ordine, row.id, 0)?;
    push(c, &row, ordine.now)?;
    Ok((row, voci))
}

/// Rows for the files of an order, not yet written: the pendenza names them.
pub fn allegati_di(c: &mut Conn, ordine: &Ordine, pendenza: i64) -> StoreResult<Vec<AllegatoRow>> {
    let quanti = ordine.corpo.allegati.len();
    if quanti == 0 {
        return Ok(vec![]);
    }
    let ids = ext::next_ids(c, "allegati", quanti)?;
    riga::allegati(ordine, pendenza, ids)
}

/// One at a time: they are few, and each may be large.
pub fn insert_allegati(c: &mut Conn, rows: Vec<AllegatoRow>) -> StoreResult<()> {
    for row in rows {
        diesel::insert_into(allegati::table)
            .values(row)
            .execute(c)?;
    }
    Ok(())
}

/// Rows for the items of the order from the given position on. One statement each: it is prepared
/// once, and items are few.
fn insert_voci(
    c: &mut Conn,
    ordine: &Ordine,
    pendenza: i64,
    from: usize,
) -> StoreResult<Vec<VoceRow>> {
    let mut rows = Vec::with_capacity(ordine.corpo.voci.len());
    for (i, voce) in ordine.corpo.voci.iter().enumerate().skip(from) {
        let mut row = riga::voce(voce, pendenza, i).map_err(StoreError::corrupt)?;
        row.id = diesel::insert_into(voci::table)
            .values(&row)
            .returning(voci::id)
            .get_result(c)?;
        rows.push(row);
    }
    Ok(rows)
}

/// An update keeps IUV, avviso and items; importo, causale, dates and debtor change, items may be
/// added. The row is locked by the caller, who tells of it.
pub fn update(
    c: &mut Conn,
    ordine: &Ordine,
    old: &PendenzaRow,
    voci: &[VoceRow],
) -> Result<PendenzaRow, Fermo> {
    riga::check_update(ordine, old, voci)?;
    let allegati = allegati_di(c, ordine, old.id)?;
    let new = riga::aggiornata(ordine, old, &allegati).map_err(StoreError::corrupt)?;
    let row: PendenzaRow = diesel::update(pendenze::table.find(old.id))
        .set((
            pendenze::id_tipo_pendenza.eq(new.id_tipo_pendenza),
            pendenze::nome.eq(new.nome),
            pendenze::causale.eq(new.causale),
            pendenze::importo.eq(new.importo),
            pendenze::data_validita.eq(new.data_validita),
            pendenze::data_scadenza.eq(new.data_scadenza),
            pendenze::anno_riferimento.eq(new.anno_riferimento),
            pendenze::cartella_pagamento.eq(new.cartella_pagamento),
            pendenze::soggetto_tipo.eq(new.soggetto_tipo),
            pendenze::soggetto_identificativo.eq(new.soggetto_identificativo),
            pendenze::soggetto_anagrafica.eq(new.soggetto_anagrafica),
            pendenze::soggetto_altro.eq(new.soggetto_altro),
            pendenze::altro.eq(new.altro),
            pendenze::stato.eq(StatoPendenza::NonEseguito.name()),
            pendenze::descrizione_stato.eq(None::<String>),
            pendenze::updated_at.eq(new.updated_at),
            pendenze::id_documento.eq(new.id_documento),
        ))
        .returning(PendenzaRow::as_returning())
        .get_result(c)?;
    if old.altro.contains(r#""allegati""#) {
        diesel::delete(allegati::table.filter(allegati::pendenza.eq(old.id))).execute(c)?;
    }
    insert_allegati(c, allegati)?;
    for (i, voce) in ordine.corpo.voci.iter().enumerate().take(voci.len()) {
        let Some(kept) = voci
            .iter()
            .find(|v| v.id_voce_pendenza == voce.id_voce_pendenza)
        else {
            continue;
        };
        let new = riga::voce(voce, old.id, i).map_err(StoreError::corrupt)?;
        diesel::update(voci::table.find(kept.id))
            .set((
                voci::descrizione.eq(new.descrizione),
                voci::importo.eq(new.importo),
                voci::altro.eq(new.altro),
            ))
            .execute(c)?;
    }
    insert_voci(c, ordine, row.id, voci.len())?;
    Ok(row)
}

fn is_used(c: &mut Conn, dominio: &DominioRow, numero: &NumeroAvviso) -> StoreResult<bool> {
    let used: i64 = pendenze::table
        .filter(pendenze::id_dominio.eq(&dominio.id_dominio))
        .filter(pendenze::iuv.eq(numero.iuv().as_str()))
        .count()
        .get_result(c)?;
    Ok(used > 0)
}

/// The next number of the body. Whether it is free is told by the index when it is used.
fn generated(
    c: &mut Conn,
    ordine: &Ordine,
    dominio: &DominioRow,
    anagrafica: &Anagrafica,
) -> Result<NumeroAvviso, Fermo> {
    let numerazione = anagrafica.numerazione(dominio)?;
    let prefisso = verifica::prefisso(ordine, dominio, anagrafica)?;
    let progressivo = reserve(c, &dominio.id_dominio, &prefisso, 1)?;
    Ok(verifica::numero_generato(
        numerazione,
        &prefisso,
        progressivo,
    )?)
}
