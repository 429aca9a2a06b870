//! The tracciati: born, seen, counted. Their moves through the states are in `stati.rs`.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error};
use domain::StatoTracciato;
use platform::StoreResult;

use super::{Conn, ext};
use crate::schema::{tracciati, tracciato_domini};
use crate::tracciato::{Caricato, Contatori, Filtro, NuovoTracciato, Tracciato, Visibilita};

type Query<'a> = tracciati::BoxedQuery<'a, <Conn as diesel::Connection>::Backend>;

fn visible<'a>(visibilita: Visibilita) -> Query<'a> {
    let query = tracciati::table.into_boxed();
    let Visibilita::Limitata { principal, domini } = visibilita else {
        return query;
    };
    let bodies = tracciato_domini::table.filter(tracciato_domini::tracciato_id.eq(tracciati::id));
    let foreign = bodies.filter(tracciato_domini::id_dominio.ne_all(domini));
    // While the file is being read its bodies are not all known yet.
    let reading = [
        StatoTracciato::Nuovo.name(),
        StatoTracciato::InValidazione.name(),
    ];
    let of_my_bodies = tracciati::stato
        .ne_all(reading)
        .and(exists(bodies))
        .and(not(exists(foreign)));
    query.filter(tracciati::operatore.eq(principal).or(of_my_bodies))
}

/// Stores a new tracciato and announces it, or finds the one that this key was used for.
pub fn insert_tracciato(
    c: &mut Conn,
    nuovo: NuovoTracciato,
    now: DateTime<Utc>,
) -> StoreResult<Caricato> {
    if let Some(id) = find_by_chiave(c, &nuovo)? {
        return Ok(Caricato::GiaFatto(id));
    }
    let key = nuovo.clone();
    let inserted = ext::write_tx(c, |c| insert(c, nuovo, now));
    match inserted {
        Ok(tracciato) => Ok(Caricato::Nuovo(tracciato.id)),
        // The other half of a double click was quicker.
        Err(platform::StoreError::Query(Error::DatabaseError(
            DatabaseErrorKind::UniqueViolation,
            info,
        ))) => match find_by_chiave(c, &key)? {
            Some(id) => Ok(Caricato::GiaFatto(id)),
            None => Err(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, info).into()),
        },
        Err(error) => Err(error),
    }
}

fn insert(c: &mut Conn, nuovo: NuovoTracciato, now: DateTime<Utc>) -> StoreResult<Tracciato> {
    let zero = (
        tracciati::colonne.eq(0),
        tracciati::righe.eq(0),
        tracciati::righe_valide.eq(0),
        tracciati::righe_caricate.eq(0),
        tracciati::righe_in_errore.eq(0),
        tracciati::avvisi.eq(0),
        tracciati::importo_totale.eq(0),
        tracciati::versione.eq(1),
    );
    let tracciato = diesel::insert_into(tracciati::table)
        .values((
            nuovo,
            tracciati::stato.eq(StatoTracciato::Nuovo.name()),
            tracciati::caricato_at.eq(now.naive_utc()),
            zero,
        ))
        .returning(Tracciato::as_returning())
        .get_result(c)?;
    ext::outbox::push(c, crate::NAME, tracciato.event(), now)?;
    Ok(tracciato)
}

fn find_by_chiave(c: &mut Conn, nuovo: &NuovoTracciato) -> StoreResult<Option<i64>> {
    let Some(chiave) = &nuovo.chiave else {
        return Ok(None);
    };
    Ok(tracciati::table
        .filter(tracciati::operatore.eq(&nuovo.operatore))
        .filter(tracciati::chiave.eq(chiave))
        .select(tracciati::id)
        .first(c)
        .optional()?)
}

/// The tracciato that an idempotency key was used for.
pub fn find_by_key(
    c: &mut Conn,
    operatore: String,
    chiave: String,
) -> StoreResult<Option<Tracciato>> {
    Ok(tracciati::table
        .filter(tracciati::operatore.eq(operatore))
        .filter(tracciati::chiave.eq(chiave))
        .select(Tracciato::as_select())
        .first(c)
        .optional()?)
}

pub fn find(c: &mut Conn, id: i64, visibilita: Visibilita) -> StoreResult<Option<Tracciato>> {
    Ok(visible(visibilita)
        .filter(tracciati::id.eq(id))
        .select(Tracciato::as_select())
        .first(c)
        .optional()?)
}

/// The last tracciato with the same bytes.
pub fn find_by_sha256(
    c: &mut Conn,
    sha256: String,
    visibilita: Visibilita,
) -> StoreResult<Option<Tracciato>> {
    Ok(visible(visibilita)
        .filter(tracciati::sha256.eq(sha256))
        .order(tracciati::id.desc())
        .select(Tracciato::as_select())
        .first(c)
        .optional()?)
}

/// Those that a filter lets through, without its places in the list.
fn filtered<'a>(visibilita: Visibilita, filtro: &Filtro) -> Query<'a> {
    let mut query = visible(visibilita);
    if let Some(nome) = &filtro.nome {
        // Without case on both backends, and with the wildcards of the reader taken as text.
        let pattern = nome
            .to_lowercase()
            .replace('\\', "\\\\")
            .replace('%', "\\%")
            .replace('_', "\\_");
        let nome_file = super::lower(tracciati::nome_file);
        query = query.filter(nome_file.like(format!("%{pattern}%")).escape('\\'));
    }
    if !filtro.stati.is_empty() {
        let stati: Vec<&str> = filtro.stati.iter().map(|stato| stato.name()).collect();
        query = query.filter(tracciati::stato.eq_any(stati));
    }
    if let Some(id_dominio) = filtro.id_dominio.clone() {
        let of_body = tracciato_domini::table
            .filter(tracciato_domini::tracciato_id.eq(tracciati::id))
            .filter(tracciato_domini::id_dominio.eq(id_dominio));
        query = query.filter(exists(of_body));
    }
    if let Some(dal) = filtro.dal {
        query = query.filter(tracciati::caricato_at.ge(dal));
    }
    if let Some(al) = filtro.al {
        query = query.filter(tracciati::caricato_at.lt(al));
    }
    query
}

/// How many there are.
pub fn count_tracciati(c: &mut Conn, visibilita: Visibilita, filtro: Filtro) -> StoreResult<i64> {
    Ok(filtered(visibilita, &filtro).count().get_result(c)?)
}

/// Newest first, at most `limit`, without the first `offset`.
pub fn list_da(
    c: &mut Conn,
    visibilita: Visibilita,
    filtro: Filtro,
    offset: i64,
    limit: i64,
) -> StoreResult<Vec<Tracciato>> {
    Ok(filtered(visibilita, &filtro)
        .order(tracciati::id.desc())
        .offset(offset)
        .limit(limit)
        .select(Tracciato::as_select())
        .load(c)?)
}

/// Newest first, at most `limit`.
pub fn list(
    c: &mut Conn,
    visibilita: Visibilita,
    filtro: Filtro,
    limit: i64,
) -> StoreResult<Vec<Tracciato>> {
    let mut query = filtered(visibilita, &filtro).limit(limit);
    if let Some(dopo_di) = filtro.dopo_di {
        let query = query
            .filter(tracciati::id.gt(dopo_di))
            .order(tracciati::id.asc());
        let mut page: Vec<Tracciato> = query.select(Tracciato::as_select()).load(c)?;
        page.reverse();
        return Ok(page);
    }
    if let Some(prima_di) = filtro.prima_di {
        query = query.filter(tracciati::id.lt(prima_di));
    }
    Ok(query
        .order(tracciati::id.desc())
        .select(Tracciato::as_select())
        .load(c)?)
}

/// The bodies of each of these tracciati.
pub fn domini_of(c: &mut Conn, ids: Vec<i64>) -> StoreResult<Vec<(i64, String)>> {
    Ok(tracciato_domini::table
        .filter(tracciato_domini::tracciato_id.eq_any(ids))
        .order((tracciato_domini::tracciato_id, tracciato_domini::id_dominio))
        .select((tracciato_domini::tracciato_id, tracciato_domini::id_dominio))
        .load(c)?)
}

/// `oggi` is the beginning of the day in Rome.
pub fn contatori(
    c: &mut Conn,
    visibilita: Visibilita,
    oggi: NaiveDateTime,
) -> StoreResult<Contatori> {
    use StatoTracciato as S;
    let mut count = |stati: &[S], since: Option<NaiveDateTime>| -> StoreResult<i64> {
        let nomi: Vec<&str> = stati.iter().map(|stato| stato.name()).collect();
        let mut query = visible(visibilita.clone()).filter(tracciati::stato.eq_any(nomi));
        // One that is only tried out waits for nothing.
        let in_attesa = tracciati::stato.ne(S::ValidazioneOk.name());
        query = query.filter(in_attesa.or(tracciati::prova.eq(false)));
        if let Some(since) = since {
            query = query.filter(tracciati::concluso_at.ge(since));
        }
        Ok(query.count().get_result(c)?)
    };
    Ok(Contatori {
        da_validare: count(&[S::Nuovo, S::InValidazione], None)?,
        da_caricare: count(&[S::ValidazioneOk, S::InCaricamento], None)?,
        con_errori_oggi: count(&[S::ValidazioneKo, S::CaricamentoKo], Some(oggi))?,
        caricati_oggi: count(&[S::CaricamentoOk], Some(oggi))?,
    })
}

/// Id and version of the newest and of those still moving: what the live pages compare.
pub fn versioni(c: &mut Conn) -> StoreResult<Vec<(i64, i64)>> {
    let finali = StatoTracciato::ALL
        .into_iter()
        .filter(|stato| stato.is_final())
        .map(StatoTracciato::name);
    let mut versioni: Vec<(i64, i64)> = tracciati::table
        .filter(tracciati::stato.ne_all(finali))
        .select((tracciati::id, tracciati::versione))
        .load(c)?;
    let ultimi: Vec<(i64, i64)> = tracciati::table
        .order(tracciati::id.desc())
        .limit(50)
        .select((tracciati::id, tracciati::versione))
        .load(c)?;
    versioni.extend(ultimi);
    Ok(versioni)
}
