//! The moves of a tracciato through its states. Each is one conditional update with its event: two
//! replicas never take the same tracciato, and one that lost its claim writes nothing more.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use domain::StatoTracciato;
use platform::{StoreError, StoreResult};

use super::blocchi::{conta, set_esiti};
use super::{Conn, ext};
use crate::schema::tracciati;
use crate::tracciato::{BloccoRow, Esito, Tracciato, Validato};

/// Takes the oldest tracciato that waits to be validated, or that a dead process was validating.
pub fn claim_validazione(
    c: &mut Conn,
    worker: String,
    real_now: NaiveDateTime,
    lease_until: NaiveDateTime,
    now: DateTime<Utc>,
) -> StoreResult<Option<Tracciato>> {
    let moves = (StatoTracciato::Nuovo, StatoTracciato::InValidazione);
    claim(c, moves, worker, (real_now, lease_until), now)
}

/// Takes the oldest tracciato that waits to be loaded, or that somebody left half loaded.
pub fn claim_caricamento(
    c: &mut Conn,
    worker: String,
    real_now: NaiveDateTime,
    lease_until: NaiveDateTime,
    now: DateTime<Utc>,
) -> StoreResult<Option<Tracciato>> {
    let moves = (StatoTracciato::ValidazioneOk, StatoTracciato::InCaricamento);
    claim(c, moves, worker, (real_now, lease_until), now)
}

fn claim(
    c: &mut Conn,
    (from, to): (StatoTracciato, StatoTracciato),
    worker: String,
    (real_now, lease_until): (NaiveDateTime, NaiveDateTime),
    now: DateTime<Utc>,
) -> StoreResult<Option<Tracciato>> {
    let free = tracciati::table
        .filter(tracciati::stato.eq_any([from.name(), to.name()]))
        .filter(
            tracciati::lease_until
                .is_null()
                .or(tracciati::lease_until.lt(real_now)),
        )
        // One that is only tried out stays as it is.
        .filter(
            tracciati::stato
                .ne(StatoTracciato::ValidazioneOk.name())
                .or(tracciati::prova.eq(false)),
        )
        .order(tracciati::id)
        .limit(1);
    // Most looks find nothing: they must not take a write lock.
    let waiting: Option<i64> = free.clone().select(tracciati::id).first(c).optional()?;
    if waiting.is_none() {
        return Ok(None);
    }
    ext::write_tx(c, |c| {
        let row = ext::lock_skipping!(free.select(Tracciato::as_select()));
        let Some(row) = row.first(c).optional()? else {
            return Ok(None);
        };
        let mine = tracciati::table.find(row.id);
        diesel::update(mine)
            .set((
                tracciati::stato.eq(to.name()),
                tracciati::worker.eq(Some(worker)),
                tracciati::lease_until.eq(Some(lease_until)),
                tracciati::nota.eq(None::<String>),
                tracciati::versione.eq(tracciati::versione + 1),
            ))
            .execute(c)?;
        if row.nome_stato == from.name() {
            begin(c, row.id, to, now)?;
            let row = mine.select(Tracciato::as_select()).first(c)?;
            ext::outbox::push(c, crate::NAME, row.event(), now)?;
        }
        Ok(Some(mine.select(Tracciato::as_select()).first(c)?))
    })
}

fn begin(c: &mut Conn, id: i64, to: StatoTracciato, now: DateTime<Utc>) -> StoreResult<()> {
    let row = tracciati::table.find(id);
    let at = Some(now.naive_utc());
    match to {
        StatoTracciato::InValidazione => diesel::update(row)
            .set(tracciati::validazione_at.eq(at))
            .execute(c)?,
        _ => diesel::update(row)
            .set(tracciati::caricamento_at.eq(at))
            .execute(c)?,
    };
    Ok(())
}

/// Keeps the claim; `false` when somebody else has it.
pub fn renew(
    c: &mut Conn,
    id: i64,
    worker: String,
    lease_until: NaiveDateTime,
) -> StoreResult<bool> {
    let renewed = diesel::update(
        tracciati::table
            .find(id)
            .filter(tracciati::worker.eq(worker)),
    )
    .set(tracciati::lease_until.eq(Some(lease_until)))
    .execute(c)?;
    Ok(renewed == 1)
}

/// Gives the claim back: free from `retry_at` on (at once when `None`), with a note for people.
pub fn release(
    c: &mut Conn,
    id: i64,
    worker: String,
    retry_at: Option<NaiveDateTime>,
    nota: Option<String>,
) -> StoreResult<()> {
    diesel::update(
        tracciati::table
            .find(id)
            .filter(tracciati::worker.eq(worker)),
    )
    .set((
        tracciati::worker.eq(None::<String>),
        tracciati::lease_until.eq(retry_at),
        tracciati::nota.eq(nota),
        tracciati::versione.eq(tracciati::versione + 1),
    ))
    .execute(c)?;
    Ok(())
}

/// Ends the validation. `false` when the claim was lost.
pub fn concludi_validazione(
    c: &mut Conn,
    id: i64,
    worker: String,
    validato: Validato,
    now: DateTime<Utc>,
) -> StoreResult<bool> {
    let stato = match validato.valido {
        true => StatoTracciato::ValidazioneOk,
        false => StatoTracciato::ValidazioneKo,
    };
    let at = Some(now.naive_utc());
    ext::write_tx(c, |c| {
        let mine = tracciati::table
            .find(id)
            .filter(tracciati::worker.eq(worker))
            .filter(tracciati::stato.eq(StatoTracciato::InValidazione.name()));
        let moved = diesel::update(mine)
            .set((
                tracciati::stato.eq(stato.name()),
                tracciati::formato.eq(validato.formato.map(|f| f.name())),
                tracciati::colonne.eq(validato.colonne),
                tracciati::righe.eq(validato.righe),
                tracciati::righe_valide.eq(validato.righe_valide),
                tracciati::righe_in_errore.eq(validato.righe - validato.righe_valide),
                tracciati::avvisi.eq(validato.avvisi),
                tracciati::importo_totale.eq(validato.importo_totale),
                tracciati::motivo.eq(validato.motivo),
                tracciati::validato_at.eq(at),
                tracciati::concluso_at.eq(at.filter(|_| stato.is_final())),
            ))
            .execute(c)?;
        conclude(c, id, moved, now)
    })
}

/// Ends the loading: OK when every row is. `false` when the claim was lost.
pub fn concludi_caricamento(
    c: &mut Conn,
    id: i64,
    worker: String,
    now: DateTime<Utc>,
) -> StoreResult<bool> {
    ext::write_tx(c, |c| {
        let (ok, ko) = conta(c, id)?;
        let stato = match ko {
            0 => StatoTracciato::CaricamentoOk,
            _ => StatoTracciato::CaricamentoKo,
        };
        let motivo = (ko > 0).then(|| format!("Righe non caricate: {ko} su {}.", ok + ko));
        let mine = tracciati::table
            .find(id)
            .filter(tracciati::worker.eq(worker))
            .filter(tracciati::stato.eq(StatoTracciato::InCaricamento.name()))
            .filter(tracciati::righe.eq(ok + ko));
        let moved = diesel::update(mine)
            .set((
                tracciati::stato.eq(stato.name()),
                tracciati::righe_caricate.eq(ok),
                tracciati::righe_in_errore.eq(ko),
                tracciati::motivo.eq(motivo),
                tracciati::concluso_at.eq(Some(now.naive_utc())),
            ))
            .execute(c)?;
        conclude(c, id, moved, now)
    })
}

/// Rows read again in one piece.
const INSIEME: i64 = 20;

/// Gives the refused rows of an ended tracciato back to the loading; those that are not valid stay
/// as they are. `false`: there is nothing to load again.
pub fn ricarica(c: &mut Conn, id: i64, now: DateTime<Utc>) -> StoreResult<bool> {
    ext::write_tx(c, |c| {
        let ended = tracciati::table
            .find(id)
            .filter(tracciati::stato.eq(StatoTracciato::CaricamentoKo.name()))
            .select(tracciati::id);
        if ext::lock!(ended).first::<i64>(c).optional()?.is_none() {
            return Ok(false);
        }
        let (mut dal, mut trovate) = (0, false);
        loop {
            let page = super::blocchi::blocchi_ko(c, id, dal, INSIEME)?;
            let Some(ultimo) = page.last() else { break };
            dal = ultimo.numero + 1;
            for blocco in page {
                trovate |= riapri(c, blocco)?;
            }
        }
        if !trovate {
            return Ok(false);
        }
        let (ok, ko) = conta(c, id)?;
        diesel::update(tracciati::table.find(id))
            .set((
                tracciati::stato.eq(StatoTracciato::ValidazioneOk.name()),
                tracciati::righe_caricate.eq(ok),
                tracciati::righe_in_errore.eq(ko),
                tracciati::motivo.eq(None::<String>),
                tracciati::concluso_at.eq(None::<NaiveDateTime>),
            ))
            .execute(c)?;
        conclude(c, id, 1, now)
    })
}

/// Forgets the refusals of a block; whether there were any.
fn riapri(c: &mut Conn, blocco: BloccoRow) -> StoreResult<bool> {
    let mut esiti = blocco.esiti()?;
    let prima = blocco.ko;
    for esito in &mut esiti {
        let rifiutata = |e: Esito| matches!(e, Esito::AddKo | Esito::DelKo);
        if esito.as_ref().is_some_and(|e| rifiutata(e.esito)) {
            *esito = None;
        }
    }
    let blocco = blocco.con_esiti(&esiti)?;
    set_esiti(c, &blocco)?;
    Ok(blocco.ko < prima)
}

/// Loads a tracciato that was only tried out. `false`: it is not one, or is not valid.
pub fn carica_prova(c: &mut Conn, id: i64, now: DateTime<Utc>) -> StoreResult<bool> {
    ext::write_tx(c, |c| {
        let tried = tracciati::table
            .find(id)
            .filter(tracciati::prova.eq(true))
            .filter(tracciati::stato.eq(StatoTracciato::ValidazioneOk.name()));
        let moved = diesel::update(tried)
            .set(tracciati::prova.eq(false))
            .execute(c)?;
        conclude(c, id, moved, now)
    })
}

/// Drops the claim and announces the new state.
fn conclude(c: &mut Conn, id: i64, moved: usize, now: DateTime<Utc>) -> Result<bool, StoreError> {
    if moved == 0 {
        return Ok(false);
    }
    let row = tracciati::table.find(id);
    diesel::update(row)
        .set((
            tracciati::worker.eq(None::<String>),
            tracciati::lease_until.eq(None::<NaiveDateTime>),
            tracciati::nota.eq(None::<String>),
            tracciati::versione.eq(tracciati::versione + 1),
        ))
        .execute(c)?;
    let row = row.select(Tracciato::as_select()).first(c)?;
    ext::outbox::push(c, crate::NAME, row.event(), now)?;
    Ok(true)
}
