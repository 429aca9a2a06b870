//! Sessions: born, listed, concluded.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::result::Error::RollbackTransaction;
use platform::{StoreError, StoreResult};

use super::{Conn, ext, rpt, rt, token};
use crate::decisione::{Decisione, VITA_SESSIONE};
use crate::schema::{sessioni, token as tokens};
use crate::sessione::{
    Dettaglio, RtRow, SessioneRow, StatoSessione, StatoToken, TokenRow, Versione,
};

pub fn insert_attivazione(c: &mut Conn, sessione: SessioneRow) -> StoreResult<Option<String>> {
    let chiave = sessione.chiave.clone();
    let inserted = diesel::insert_into(sessioni::table)
        .values(sessione)
        .on_conflict_do_nothing()
        .execute(c)?;
    if inserted == 1 {
        return Ok(None);
    }
    let found = by_chiave(c, chiave.as_deref())?;
    found
        .map(Some)
        .ok_or_else(|| StoreError::corrupt("sessione non inserita"))
}

/// The session that a form already began.
pub fn by_chiave(c: &mut Conn, chiave: Option<&str>) -> StoreResult<Option<String>> {
    let Some(chiave) = chiave else {
        return Ok(None);
    };
    Ok(sessioni::table
        .filter(sessioni::chiave.eq(chiave))
        .select(sessioni::id)
        .first(c)
        .optional()?)
}

pub fn delete_attivazione(c: &mut Conn, id: String) -> StoreResult<()> {
    diesel::delete(
        sessioni::table
            .find(id)
            .filter(sessioni::stato.eq(StatoSessione::Attivazione.name())),
    )
    .execute(c)?;
    Ok(())
}

/// The RPT of an activation has come: the session is open, with the amount and the life of the RPT.
pub fn ricevi_rpt(c: &mut Conn, arrivata: &SessioneRow) -> StoreResult<Option<String>> {
    let found = sessioni::table
        .filter(sessioni::id_dominio.eq(&arrivata.id_dominio))
        .filter(sessioni::iuv.eq(&arrivata.iuv))
        .filter(sessioni::ccp.eq(&arrivata.ccp))
        .filter(sessioni::id_canale.eq(&arrivata.id_canale))
        .filter(sessioni::stato.eq(StatoSessione::Attivazione.name()))
        .select((sessioni::id, sessioni::importo))
        .first::<(String, i64)>(c)
        .optional()?;
    let Some((id, verificato)) = found else {
        return Ok(None);
    };
    let changed = Some(verificato).filter(|importo| *importo != arrivata.importo);
    let updated = diesel::update(
        sessioni::table
            .find(&id)
            .filter(sessioni::stato.eq(StatoSessione::Attivazione.name())),
    )
    .set((
        sessioni::stato.eq(StatoSessione::Aperta.name()),
        sessioni::importo.eq(arrivata.importo),
        sessioni::importo_verificato.eq(changed),
        sessioni::scade_at.eq(arrivata.creata_at + VITA_SESSIONE),
    ))
    .execute(c)?;
    Ok((updated == 1).then_some(id))
}

pub fn find(c: &mut Conn, id: String) -> StoreResult<Option<Dettaglio>> {
    let row = sessioni::table.find(id).select(SessioneRow::as_select());
    let Some(row) = row.first(c).optional()? else {
        return Ok(None);
    };
    Ok(dettagli(c, vec![row])?.pop())
}

pub fn stato(c: &mut Conn, id: String) -> StoreResult<Option<String>> {
    Ok(sessioni::table
        .find(id)
        .select(sessioni::stato)
        .first(c)
        .optional()?)
}

pub fn list_recenti(c: &mut Conn, limit: i64) -> StoreResult<Vec<Dettaglio>> {
    let select = || {
        sessioni::table
            .order(sessioni::creata_at.desc())
            .limit(limit)
    };
    let mut rows: Vec<SessioneRow> = select()
        .filter(sessioni::conclusa_at.is_null())
        .select(SessioneRow::as_select())
        .load(c)?;
    let over: Vec<SessioneRow> = select()
        .filter(sessioni::conclusa_at.is_not_null())
        .select(SessioneRow::as_select())
        .load(c)?;
    rows.extend(over);
    rows.truncate(usize::try_from(limit).unwrap_or_default());
    dettagli(c, rows)
}

pub fn list_scadute(c: &mut Conn, now: DateTime<Utc>, limit: i64) -> StoreResult<Vec<Dettaglio>> {
    let rows: Vec<SessioneRow> = sessioni::table
        .filter(sessioni::conclusa_at.is_null())
        .filter(sessioni::scade_at.le(now.naive_utc()))
        .order(sessioni::scade_at)
        .limit(limit)
        .select(SessioneRow::as_select())
        .load(c)?;
    dettagli(c, rows)
}

fn dettagli(c: &mut Conn, rows: Vec<SessioneRow>) -> StoreResult<Vec<Dettaglio>> {
    let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
    if ids.is_empty() {
        return Ok(vec![]);
    }
    let rpts = rpt::of_sessioni(c, &ids)?;
    let tokens: Vec<TokenRow> = tokens::table
        .filter(tokens::sessione.eq_any(&ids))
        .select(TokenRow::as_select())
        .load(c)?;
    let rts = rt::of_sessioni(c, &ids)?;
    let dettaglio = |sessione: SessioneRow| Dettaglio {
        rpt: rpts
            .iter()
            .filter(|r| r.sessione == sessione.id)
            .cloned()
            .collect(),
        token: tokens.iter().find(|t| t.sessione == sessione.id).cloned(),
        rt: rts
            .iter()
            .filter(|r| r.sessione == sessione.id)
            .cloned()
            .collect(),
        sessione,
    };
    Ok(rows.into_iter().map(dettaglio).collect())
}

/// The receipts belong to the RPTs of the session in their order, or to its token.
pub fn concludi(
    c: &mut Conn,
    id: String,
    da: StatoSessione,
    decisione: Decisione,
    now: DateTime<Utc>,
) -> StoreResult<bool> {
    let done = ext::write_tx(c, |c| {
        let moved = diesel::update(
            sessioni::table
                .find(&id)
                .filter(sessioni::stato.eq(da.name())),
        )
        .set((
            sessioni::stato.eq(decisione.stato.name()),
            sessioni::esito.eq(decisione.esito.map(|esito| esito.name())),
            sessioni::conclusa_at.eq(now.naive_utc()),
        ))
        .execute(c)?;
        if moved == 0 || !token::segui(c, &id, decisione.token)? {
            return Err(StoreError::Query(RollbackTransaction));
        }
        insert_rt(c, &id, &decisione, now)
    });
    match done {
        Ok(()) => Ok(true),
        Err(StoreError::Query(RollbackTransaction)) => Ok(false),
        Err(error) => Err(error),
    }
}

fn insert_rt(c: &mut Conn, id: &str, decisione: &Decisione, now: DateTime<Utc>) -> StoreResult<()> {
    if decisione.quietanze.is_empty() {
        return Ok(());
    }
    let sessione: SessioneRow = sessioni::table
        .find(id)
        .select(SessioneRow::as_select())
        .first(c)?;
    let owners = match sessione.versione()? {
        Versione::V2 => vec![sessione.ccp.clone()],
        Versione::V1 => {
            let rpts = rpt::of_sessioni(c, &[id.to_owned()])?;
            rpts.into_iter().map(|rpt| rpt.id).collect()
        }
    };
    if owners.len() != decisione.quietanze.len() {
        let what = format!(
            "sessione {id}: {} RPT e {} RT",
            owners.len(),
            decisione.quietanze.len()
        );
        return Err(StoreError::corrupt(what));
    }
    for (owner, quietanza) in owners.into_iter().zip(&decisione.quietanze) {
        let importi: Vec<String> = quietanza
            .importi
            .iter()
            .map(|importo| importo.cents().to_string())
            .collect();
        rt::insert(
            c,
            RtRow {
                id: owner,
                sessione: id.to_owned(),
                versione: sessione.versione.clone(),
                esito: quietanza.esito.name().to_owned(),
                importi: importi.join(" "),
                motivo: quietanza.motivo.clone(),
                con_commissione: quietanza.con_commissione,
                deciso_at: now.naive_utc(),
                due_at: decisione.due_at.naive_utc(),
                next_at: decisione.due_at.naive_utc(),
                attempts: 0,
                rifiuti: 0,
                leased_until: None,
                documento: None,
                ultimo_errore: None,
                delivered_at: None,
                fermata_at: None,
            },
        )?;
    }
    Ok(())
}

pub fn scade_subito(c: &mut Conn, id: String, now: DateTime<Utc>) -> StoreResult<bool> {
    let at = now.naive_utc();
    ext::write_tx(c, |c| {
        let open = diesel::update(
            sessioni::table
                .find(&id)
                .filter(sessioni::conclusa_at.is_null())
                .filter(sessioni::scade_at.gt(at)),
        )
        .set(sessioni::scade_at.eq(at))
        .execute(c)?;
        let live = [StatoToken::Richiesto.name(), StatoToken::Attivo.name()];
        let held = diesel::update(
            tokens::table
                .filter(tokens::sessione.eq(&id))
                .filter(tokens::stato.eq_any(live))
                .filter(tokens::scade_at.gt(at)),
        )
        .set(tokens::scade_at.eq(at))
        .execute(c)?;
        let waiting = rt::anticipa(c, &id, at)?;
        Ok(open + held + waiting > 0)
    })
}
