//! What the gestionali are told: written with the state that it tells, taken for sending one after the
//! other for each pendenza, settled, read.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use diesel::dsl::{exists, not};
use diesel::prelude::*;

use super::{Conn, ext};
use crate::elenco::Fetta;
use crate::ente::connettore::{self, Connettore};
use crate::notifica::{
    Circuito, ElencoNotifiche, NotificaRow, Spedizione, StatoNotifica, TipoNotifica, VITA,
    descrizione, prossima,
};
use crate::posizione::PosizioneRow;
use crate::schema::{applicazioni, integrazioni, notifiche};
use crate::tentativo::RptRow;
use platform::StoreResult;

/// Notifications that are looked at to take one: others may be taking the first.
const CANDIDATE: i64 = 8;

/// Writes what the gestionale of the pendenza has to be told of an attempt, in the transaction of the
/// state that it tells. `perche`: code and reason of an attempt that is over. Without a connector, or
/// when its API foresees nothing, the row says so and nobody sends it.
pub fn insert(
    c: &mut Conn,
    pendenza: &PosizioneRow,
    attempt: &RptRow,
    tipo: TipoNotifica,
    perche: Option<(&str, &str)>,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let impedimento = match connettore_di(c, &pendenza.id_a2a)? {
        None => Some(connettore::ASSENTE),
        Some(connettore) => connettore.impedimento(tipo, attempt.esito()?),
    };
    let stato = match impedimento {
        None => StatoNotifica::DaSpedire,
        Some(_) => StatoNotifica::Annullata,
    };
    let (codice, motivazione) = perche.unzip();
    diesel::insert_into(notifiche::table)
        .values((
            notifiche::evento.eq(uuid::Uuid::now_v7().to_string()),
            notifiche::tipo.eq(tipo.name()),
            notifiche::stato.eq(stato.name()),
            notifiche::descrizione_stato.eq(impedimento),
            notifiche::id_a2a.eq(&pendenza.id_a2a),
            notifiche::pendenza.eq(pendenza.id),
            notifiche::rpt.eq(attempt.id),
            notifiche::id_dominio.eq(&attempt.id_dominio),
            notifiche::iuv.eq(&attempt.iuv),
            notifiche::ccp.eq(&attempt.ccp),
            notifiche::codice.eq(codice),
            notifiche::motivazione.eq(motivazione),
            notifiche::tentativi.eq(0),
            notifiche::prossima_at.eq(impedimento.is_none().then(|| now.naive_utc())),
            notifiche::scade_at.eq((now + VITA).naive_utc()),
            notifiche::created_at.eq(now.naive_utc()),
            notifiche::updated_at.eq(now.naive_utc()),
        ))
        .execute(c)?;
    Ok(())
}

/// The connector of the applicazione, as it is now.
fn connettore_di(c: &mut Conn, id_a2a: &str) -> StoreResult<Option<Connettore>> {
    let dettaglio: Option<String> = applicazioni::table
        .find(id_a2a)
        .select(applicazioni::dettaglio)
        .first(c)
        .optional()?;
    match dettaglio {
        Some(dettaglio) => connettore::del_dettaglio(&dettaglio),
        None => Ok(None),
    }
}

diesel::alias!(notifiche as prima: Prima);

/// Notifications that may be sent now: due, in nobody's hands, the first of their pendenza. A macro
/// because the type of such a query cannot be written.
macro_rules! pronte {
    ($now:expr, $real_now:expr) => {
        notifiche::table
            .filter(notifiche::prossima_at.le($now.naive_utc()))
            .filter(
                notifiche::presa_fino_a
                    .is_null()
                    .or(notifiche::presa_fino_a.lt($real_now.naive_utc())),
            )
            .filter(not(exists(
                prima
                    .filter(prima.field(notifiche::pendenza).eq(notifiche::pendenza))
                    .filter(prima.field(notifiche::id).lt(notifiche::id))
                    .filter(prima.field(notifiche::prossima_at).is_not_null()),
            )))
    };
}

/// Applicazioni with something to be told now.
pub fn notifiche_dovute(
    c: &mut Conn,
    now: DateTime<Utc>,
    real_now: DateTime<Utc>,
) -> StoreResult<Vec<String>> {
    let di_chi = pronte!(now, real_now).filter(notifiche::id_a2a.eq(applicazioni::id_a2a));
    Ok(applicazioni::table
        .left_join(integrazioni::table.on(integrazioni::id_a2a.eq(applicazioni::id_a2a)))
        .filter(
            integrazioni::prova_at
                .is_null()
                .or(integrazioni::prova_at.le(now.naive_utc())),
        )
        .filter(exists(di_chi))
        .order(applicazioni::id_a2a)
        .select(applicazioni::id_a2a)
        .load(c)?)
}

/// Takes the notification of the applicazione that is due first, for `lease`: nobody else takes it until
/// then. While its connector is at fault, one at a time, and none before the time of the next probe.
pub fn claim_notifica(
    c: &mut Conn,
    id_a2a: String,
    lease: TimeDelta,
    now: DateTime<Utc>,
    real_now: DateTime<Utc>,
) -> StoreResult<Option<NotificaRow>> {
    let circuito = circuito(c, &id_a2a)?;
    if circuito
        .prova_at
        .is_some_and(|prova| prova > now.naive_utc())
    {
        return Ok(None);
    }
    let ready: Vec<NotificaRow> = pronte!(now, real_now)
        .filter(notifiche::id_a2a.eq(&id_a2a))
        .order((notifiche::prossima_at, notifiche::id))
        .limit(CANDIDATE)
        .select(NotificaRow::as_select())
        .load(c)?;
    if ready.is_empty() || !prova(c, &id_a2a, &circuito, now + lease)? {
        return Ok(None);
    }
    for row in ready {
        // The condition on the old value decides between replicas.
        let claimed = diesel::update(notifiche::table.find(row.id))
            .filter(notifiche::prossima_at.is_not_null())
            .filter(
                notifiche::presa_fino_a
                    .is_null()
                    .or(notifiche::presa_fino_a.lt(real_now.naive_utc())),
            )
            .set((
                notifiche::presa_fino_a.eq((real_now + lease).naive_utc()),
                notifiche::tentativi.eq(notifiche::tentativi + 1),
            ))
            .returning(NotificaRow::as_returning())
            .get_result(c)
            .optional()?;
        if claimed.is_some() {
            return Ok(claimed);
        }
    }
    Ok(None)
}

fn circuito(c: &mut Conn, id_a2a: &str) -> StoreResult<Circuito> {
    let row = integrazioni::table
        .find(id_a2a)
        .select(Circuito::as_select());
    Ok(row.first(c).optional()?.unwrap_or_default())
}

/// Whether this call may probe a connector at fault: of several replicas one may, and while it does
/// (until `next`) the others wait.
fn prova(
    c: &mut Conn,
    id_a2a: &str,
    circuito: &Circuito,
    next: DateTime<Utc>,
) -> StoreResult<bool> {
    let Some(prova_at) = circuito.prova_at else {
        return Ok(true);
    };
    let won = diesel::update(integrazioni::table.find(id_a2a))
        .filter(integrazioni::prova_at.eq(prova_at))
        .set(integrazioni::prova_at.eq(next.naive_utc()))
        .execute(c)?;
    Ok(won == 1)
}

/// Settles a notification that was taken, with the state of its connector.
pub fn esito_notifica(
    c: &mut Conn,
    taken: NotificaRow,
    esito: Spedizione,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    ext::write_tx(c, |c| {
        let known = ext::lock!(
            integrazioni::table
                .find(&taken.id_a2a)
                .select(Circuito::as_select())
        );
        let known: Circuito = known.first(c).optional()?.unwrap_or_default();
        let circuito = match &esito {
            Spedizione::Fallita { .. } => known.dopo_guasto(taken.id, now),
            // Whoever answers is there.
            Spedizione::Presa | Spedizione::Rifiutata(_) => Circuito::default(),
            Spedizione::Annullata(_) | Spedizione::Impossibile(_) => known.clone(),
        };
        if circuito != known {
            set_circuito(c, &taken.id_a2a, &circuito)?;
        }
        let (stato, testo, prossima_at) = destino(&taken, esito, &circuito, now);
        let row = diesel::update(notifiche::table.find(taken.id))
            .filter(notifiche::prossima_at.is_not_null());
        let change = (
            notifiche::stato.eq(stato.name()),
            notifiche::descrizione_stato.eq(testo),
            notifiche::prossima_at.eq(prossima_at),
            notifiche::presa_fino_a.eq(None::<NaiveDateTime>),
            notifiche::updated_at.eq(now.naive_utc()),
        );
        if stato == StatoNotifica::Spedita {
            row.set(change).execute(c)?;
        } else {
            // Somebody else may have taken it meanwhile: what comes of that sending counts.
            row.filter(notifiche::presa_fino_a.eq(taken.presa_fino_a))
                .set(change)
                .execute(c)?;
        }
        Ok(())
    })
}

/// Where a sending leads: the new state, its words, and when the next one is.
fn destino(
    taken: &NotificaRow,
    esito: Spedizione,
    circuito: &Circuito,
    now: DateTime<Utc>,
) -> (StatoNotifica, Option<String>, Option<NaiveDateTime>) {
    match esito {
        Spedizione::Presa => (StatoNotifica::Spedita, None, None),
        Spedizione::Annullata(text) => (StatoNotifica::Annullata, Some(descrizione(text)), None),
        Spedizione::Rifiutata(text) | Spedizione::Impossibile(text) => {
            (StatoNotifica::Fallita, Some(descrizione(text)), None)
        }
        Spedizione::Fallita { motivo, .. } if taken.scade_at <= now.naive_utc() => {
            let days = VITA.num_days();
            let text = format!("non consegnata in {days} giorni, ultimo tentativo: {motivo}");
            (StatoNotifica::Fallita, Some(descrizione(text)), None)
        }
        Spedizione::Fallita { motivo, dopo } => {
            let next = prossima(taken.tentativi, dopo, circuito, now);
            (
                StatoNotifica::DaSpedire,
                Some(descrizione(motivo)),
                Some(next),
            )
        }
    }
}

fn set_circuito(c: &mut Conn, id_a2a: &str, circuito: &Circuito) -> StoreResult<()> {
    let change = (
        integrazioni::guasti.eq(circuito.guasti),
        integrazioni::ultima.eq(circuito.ultima),
        integrazioni::prova_at.eq(circuito.prova_at),
    );
    diesel::insert_into(integrazioni::table)
        .values((integrazioni::id_a2a.eq(id_a2a), change))
        .on_conflict(integrazioni::id_a2a)
        .do_update()
        .set(change)
        .execute(c)?;
    Ok(())
}

/// Gives a notification that is not delivered another life, from now on, and its connector a chance.
/// `None`: it is not there, or was delivered.
pub fn rinvia_notifica(
    c: &mut Conn,
    id: i64,
    now: DateTime<Utc>,
) -> StoreResult<Option<NotificaRow>> {
    ext::write_tx(c, |c| {
        let row: Option<NotificaRow> = diesel::update(notifiche::table.find(id))
            .filter(notifiche::stato.ne(StatoNotifica::Spedita.name()))
            .set((
                notifiche::stato.eq(StatoNotifica::DaSpedire.name()),
                notifiche::tentativi.eq(0),
                notifiche::prossima_at.eq(now.naive_utc()),
                notifiche::scade_at.eq((now + VITA).naive_utc()),
                notifiche::updated_at.eq(now.naive_utc()),
            ))
            .returning(NotificaRow::as_returning())
            .get_result(c)
            .optional()?;
        if let Some(row) = &row {
            diesel::update(integrazioni::table.find(&row.id_a2a))
                .filter(integrazioni::prova_at.gt(now.naive_utc()))
                .set(integrazioni::prova_at.eq(now.naive_utc()))
                .execute(c)?;
        }
        Ok(row)
    })
}

pub fn find_notifica(c: &mut Conn, id: i64) -> StoreResult<Option<NotificaRow>> {
    let row = notifiche::table.find(id).select(NotificaRow::as_select());
    Ok(row.first(c).optional()?)
}

type Backend = <Conn as diesel::Connection>::Backend;

fn filtra(elenco: &ElencoNotifiche) -> notifiche::BoxedQuery<'_, Backend> {
    let mut query = notifiche::table.into_boxed::<Backend>();
    if let Some(domini) = &elenco.domini {
        query = query.filter(notifiche::id_dominio.eq_any(domini));
    }
    if !elenco.stati.is_empty() {
        let stati = elenco.stati.iter().map(|stato| stato.name());
        query = query.filter(notifiche::stato.eq_any(stati));
    }
    if let Some(tipo) = elenco.tipo {
        query = query.filter(notifiche::tipo.eq(tipo.name()));
    }
    if let Some(value) = elenco.data_da {
        query = query.filter(notifiche::created_at.ge(value));
    }
    if let Some(value) = elenco.data_a {
        query = query.filter(notifiche::created_at.lt(value));
    }
    query
}

/// Newest first.
pub fn list_notifiche(c: &mut Conn, elenco: ElencoNotifiche) -> StoreResult<Fetta<NotificaRow>> {
    let taglio = elenco.taglio;
    let newest = (notifiche::created_at.desc(), notifiche::id.desc());
    let rows: Vec<NotificaRow> = filtra(&elenco)
        .order(newest)
        .limit(taglio.da_leggere())
        .offset(taglio.offset)
        .select(NotificaRow::as_select())
        .load(c)?;
    let totale = conta!(
        c,
        taglio,
        rows.len(),
        notifiche::id,
        filtra(&elenco),
        filtra(&elenco).order(newest)
    );
    Ok(taglio.fetta(rows, totale))
}
