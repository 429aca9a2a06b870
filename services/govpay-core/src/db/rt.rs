//! Receipts: taken in once, whatever happens around them.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::riscossione::{StatoRiscossione, TipoRiscossione};
use domain::rt::{Effetto, Voce, applica};
use domain::{Event, Iuv, StatoRpt};

use super::{Conn, ext, notifiche, posizioni, rpt as attempts, tentativi};
use crate::notifica::TipoNotifica;
use crate::posizione::{Accredito, Posizione, PosizioneRow, VocePosizione};
use crate::ricevuta::{Documento, Lettura, RtInArrivo, leggi_receipt, leggi_rt};
use crate::schema::{pendenze, riscossioni, rpt, rt_orfane, voci};
use crate::tentativo::{Acquisizione, NuovoRpt, OrfanaRow, RptRow};
use platform::{StoreError, StoreResult};

/// Takes a receipt in: receipt, collected amounts, states and events in one transaction. Two that come
/// at the same instant find each other at the lock of the pendenza.
pub fn acquisisci_rt(c: &mut Conn, rt: RtInArrivo) -> StoreResult<Acquisizione> {
    ext::write_tx(c, |c| {
        let Some(pendenza) = find_pendenza(c, &rt)? else {
            let motivo = "nessuna pendenza o RPT corrisponde alla ricevuta";
            let nuova = insert_orfana(c, &rt, motivo)?;
            return Ok(Acquisizione::Orfana { nuova });
        };
        posizioni::lock(c, pendenza)?;
        let posizione = posizioni::load(c, pendenza)?;
        let attempt = match &rt.documento {
            Documento::V1(_) => known(c, &rt)?,
            Documento::V2(_) => Some(scegli(c, &posizione, &rt)?),
        };
        let Some(attempt) = attempt else {
            let nuova = insert_orfana(c, &rt, "nessuna RPT con questo contesto di pagamento")?;
            return Ok(Acquisizione::Orfana { nuova });
        };
        if is_duplicate(&attempt, &rt)? {
            return Ok(Acquisizione::Duplicata {
                id_pendenza: posizione.pendenza.id_pendenza,
            });
        }
        let lettura = leggi(&posizione, &attempt, &rt)?;
        if let Some(motivo) = &lettura.fatale {
            insert_orfana(c, &rt, motivo)?;
            respingi(c, &posizione.pendenza, &attempt, motivo, rt.now)?;
            return Ok(Acquisizione::Respinta {
                motivo: motivo.clone(),
            });
        }
        applica_rt(c, posizione, attempt, lettura, &rt)
    })
}

fn known(c: &mut Conn, rt: &RtInArrivo) -> StoreResult<Option<RptRow>> {
    let (dominio, iuv, ccp) = rt.chiave();
    attempts::find_rpt(c, dominio.to_owned(), iuv.to_owned(), ccp.to_owned())
}

/// In the old protocol a receipt answers an RPT; in the modello unico it pays a notice, activated or
/// not (the Node may have answered in the place of the ente).
fn find_pendenza(c: &mut Conn, rt: &RtInArrivo) -> StoreResult<Option<i64>> {
    if let Some(attempt) = known(c, rt)? {
        return Ok(Some(attempt.pendenza));
    }
    let (dominio, iuv, _) = rt.chiave();
    let Documento::V2(_) = rt.documento else {
        return Ok(None);
    };
    Ok(pendenze::table
        .filter(pendenze::id_dominio.eq(dominio))
        .filter(pendenze::iuv.eq(iuv))
        .select(pendenze::id)
        .first(c)
        .optional()?)
}

/// The attempt that a receipt of the modello unico closes: the one it names, the open one, an expired
/// or replaced one, or a new one for a payment that never passed from here.
fn scegli(c: &mut Conn, posizione: &Posizione, rt: &RtInArrivo) -> StoreResult<RptRow> {
    let (_, iuv, receipt_id) = rt.chiave();
    let mut rows = attempts::rpt_of_pendenza(c, posizione.pendenza.id)?;
    if let Some(i) = rows.iter().position(|row| row.ccp == receipt_id) {
        return Ok(rows.swap_remove(i));
    }
    let rank = |row: &RptRow| match StatoRpt::parse(&row.stato) {
        Some(StatoRpt::RptAccettataNodo | StatoRpt::RtRifiutataPa) => 0,
        Some(StatoRpt::RptScaduta) => 1,
        _ => 2,
    };
    let free = rows
        .into_iter()
        .filter(|row| row.versione == "V2" && row.rt_at.is_none());
    if let Some(row) = free.min_by_key(|row| (rank(row), std::cmp::Reverse(row.id))) {
        return Ok(row);
    }
    let now = rt.now.naive_utc();
    tentativi::insert(
        c,
        &NuovoRpt {
            pendenza: posizione.pendenza.id,
            pagamento: None,
            id_dominio: posizione.pendenza.id_dominio.clone(),
            iuv: iuv.to_owned(),
            ccp: receipt_id.to_owned(),
            id_stazione: posizione.stazione.stazione.id_stazione.clone(),
            versione: "V2",
            id_messaggio_richiesta: uuid::Uuid::new_v4().simple().to_string(),
            stato: StatoRpt::RptAccettataNodo.name(),
            id_psp: None,
            id_intermediario_psp: None,
            id_canale: None,
            tipo_versamento: None,
            importo: posizione.pendenza.importo,
            xml_rpt: None,
            send_at: None,
            send_attempts: 0,
            scade_at: None,
            created_at: now,
            updated_at: now,
        },
    )
}

/// The same attempt with its receipt already in. One case is new all the same: a positive receipt
/// after a negative one, since the PSP may learn late that the money was taken.
fn is_duplicate(attempt: &RptRow, rt: &RtInArrivo) -> StoreResult<bool> {
    let Some(esito) = attempt.esito()? else {
        return Ok(false);
    };
    let late_money = rt.esito().money_moved() && !esito.money_moved();
    Ok(!late_money || attempt.id_messaggio_ricevuta.as_deref() == Some(rt.id_messaggio()))
}

fn leggi(posizione: &Posizione, attempt: &RptRow, rt: &RtInArrivo) -> StoreResult<Lettura> {
    let mut lettura = match &rt.documento {
        Documento::V1(document) => {
            let xml = attempt.xml_rpt.as_deref().unwrap_or_default();
            let request = pagopa::documenti::Rpt::parse(xml.as_bytes())
                .map_err(|e| StoreError::corrupt(format!("rpt {}: {e}", attempt.id)))?;
            leggi_rt(document, &request, posizione.voci.len())
        }
        Documento::V2(receipt) => {
            let amounts: Vec<_> = posizione.voci.iter().map(|voce| voce.importo).collect();
            leggi_receipt(receipt, &amounts, rt.now)
        }
    };
    lettura.id_psp = lettura.id_psp.or_else(|| attempt.id_psp.clone());
    lettura.id_canale = lettura.id_canale.or_else(|| attempt.id_canale.clone());
    Ok(lettura)
}

/// Money that finds no place is kept and shown. Returns whether it is new.
fn insert_orfana(c: &mut Conn, rt: &RtInArrivo, motivo: &str) -> StoreResult<bool> {
    let (dominio, iuv, ccp) = rt.chiave();
    let inserted = diesel::insert_into(rt_orfane::table)
        .values((
            rt_orfane::id_dominio.eq(dominio),
            rt_orfane::iuv.eq(iuv),
            rt_orfane::ccp.eq(ccp),
            rt_orfane::motivo.eq(motivo),
            rt_orfane::importo_pagato.eq(rt.importo().cents()),
            rt_orfane::xml.eq(&rt.xml),
            rt_orfane::received_at.eq(rt.now.naive_utc()),
        ))
        .on_conflict_do_nothing()
        .execute(c)?;
    Ok(inserted == 1)
}

fn respingi(
    c: &mut Conn,
    pendenza: &PosizioneRow,
    attempt: &RptRow,
    motivo: &str,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    if attempt.rt_at.is_some() || attempt.stato()? == StatoRpt::RtRifiutataPa {
        return Ok(());
    }
    let attempt: RptRow = diesel::update(rpt::table.find(attempt.id))
        .set((
            rpt::stato.eq(StatoRpt::RtRifiutataPa.name()),
            rpt::descrizione_stato.eq(motivo),
            rpt::updated_at.eq(now.naive_utc()),
        ))
        .returning(RptRow::as_returning())
        .get_result(c)?;
    let pagamento = tentativi::aggiorna_pagamento(c, &attempt, now)?;
    tentativi::push_stato(c, pendenza, &attempt, pagamento.as_ref(), now)
}

fn applica_rt(
    c: &mut Conn,
    posizione: Posizione,
    attempt: RptRow,
    lettura: Lettura,
    rt: &RtInArrivo,
) -> StoreResult<Acquisizione> {
    let new_rows = insert_riscossioni(c, &posizione, &attempt, &lettura, rt.now)?;
    let row = &posizione.pendenza;
    let before: Vec<Voce> = posizione
        .voci
        .iter()
        .map(|voce| Voce {
            stato: voce.stato,
            importo: voce.importo,
        })
        .collect();
    let irregular = lettura.irregolare || new_rows < lettura.riscossioni.len();
    let effetto = applica(
        row.stato()?,
        row.anomala,
        row.importo()?,
        &before,
        &lettura.incasso,
        irregular,
    );
    for (voce, stato) in posizione.voci.iter().zip(&effetto.voci) {
        if voce.stato != *stato {
            diesel::update(voci::table.find(voce.id))
                .set(voci::stato.eq(stato.name()))
                .execute(c)?;
        }
    }
    let attempt = chiudi_attempt(c, &attempt, &lettura, rt)?;
    let pagamento = tentativi::aggiorna_pagamento(c, &attempt, rt.now)?;
    update_pendenza(c, row, &effetto, &lettura, rt.now)?;
    let event = Event::RtAcquisita {
        id_pagamento: attempt.pagamento.clone(),
        id_sessione_portale: pagamento
            .as_ref()
            .and_then(|p| p.id_sessione_portale.clone()),
        id_a2a: row.id_a2a.clone(),
        id_pendenza: row.id_pendenza.clone(),
        id_dominio: row.dominio()?,
        numero_avviso: row.avviso()?,
        iuv: Iuv::parse(&attempt.iuv).map_err(StoreError::corrupt)?,
        ccp: attempt.ccp.clone(),
        esito: lettura.incasso.esito,
        importo_pagato: lettura.incasso.importo_pagato,
        anomala: effetto.pendenza.anomala,
    };
    ext::outbox::push(c, crate::NAME, event, rt.now)?;
    tentativi::push_stato(c, row, &attempt, pagamento.as_ref(), rt.now)?;
    notifiche::insert(c, row, &attempt, TipoNotifica::Ricevuta, None, rt.now)?;
    Ok(Acquisizione::Acquisita {
        id_a2a: row.id_a2a.clone(),
        id_pendenza: row.id_pendenza.clone(),
        id_pagamento: attempt.pagamento,
        anomala: effetto.pendenza.anomala,
        segnalazioni: lettura.segnalazioni,
    })
}

/// Returns how many rows are new: an amount with the same IUR was collected before otherwise.
fn insert_riscossioni(
    c: &mut Conn,
    posizione: &Posizione,
    attempt: &RptRow,
    lettura: &Lettura,
    now: DateTime<Utc>,
) -> StoreResult<usize> {
    let mut new_rows = 0;
    for riscossione in &lettura.riscossioni {
        let voce = riscossione.voce.and_then(|v| posizione.voci.get(v));
        new_rows += diesel::insert_into(riscossioni::table)
            .values((
                riscossioni::rpt.eq(attempt.id),
                riscossioni::pendenza.eq(posizione.pendenza.id),
                riscossioni::voce.eq(voce.map(|voce| voce.id)),
                riscossioni::id_dominio.eq(&posizione.pendenza.id_dominio),
                riscossioni::iuv.eq(&attempt.iuv),
                riscossioni::iur.eq(&riscossione.iur),
                riscossioni::indice.eq(riscossione.indice),
                riscossioni::importo.eq(riscossione.importo.cents()),
                riscossioni::commissioni.eq(riscossione.commissioni.map(|i| i.cents())),
                riscossioni::data_pagamento.eq(lettura.data_pagamento.naive_utc()),
                riscossioni::stato.eq(StatoRiscossione::Riscossa.stored()),
                riscossioni::created_at.eq(now.naive_utc()),
                riscossioni::tipo.eq(tipo(c, voce)?.name()),
            ))
            .on_conflict_do_nothing()
            .execute(c)?;
    }
    Ok(new_rows)
}

/// What kind of money an item brings; an amount that pays no item is an entrata all the same.
fn tipo(c: &mut Conn, voce: Option<&VocePosizione>) -> StoreResult<TipoRiscossione> {
    let Some(voce) = voce else {
        return Ok(TipoRiscossione::Entrata);
    };
    if matches!(voce.accredito, Accredito::Bollo { .. }) {
        return Ok(TipoRiscossione::Mbt);
    }
    Ok(match posizioni::ente_pagopa(c, voce.id_dominio.clone())? {
        Some(_) => TipoRiscossione::Entrata,
        None => TipoRiscossione::EntrataPaNonIntermediata,
    })
}

fn chiudi_attempt(
    c: &mut Conn,
    attempt: &RptRow,
    lettura: &Lettura,
    rt: &RtInArrivo,
) -> StoreResult<RptRow> {
    let (_, _, ccp) = rt.chiave();
    let descrizione = Some(lettura.segnalazioni.join("; ")).filter(|text| !text.is_empty());
    Ok(diesel::update(rpt::table.find(attempt.id))
        .set((
            rpt::ccp.eq(ccp), // the receiptId in the modello unico
            rpt::stato.eq(StatoRpt::RtAccettataPa.name()),
            rpt::descrizione_stato.eq(descrizione),
            rpt::send_at.eq(None::<chrono::NaiveDateTime>),
            rpt::scade_at.eq(None::<chrono::NaiveDateTime>),
            rpt::id_psp.eq(&lettura.id_psp),
            rpt::id_canale.eq(&lettura.id_canale),
            rpt::id_messaggio_ricevuta.eq(&lettura.id_messaggio),
            rpt::esito.eq(lettura.incasso.esito.name()),
            rpt::importo_pagato.eq(lettura.incasso.importo_pagato.cents()),
            rpt::denominazione_attestante.eq(&lettura.attestante),
            rpt::data_pagamento.eq(lettura.data_pagamento.naive_utc()),
            rpt::xml_rt.eq(&rt.xml),
            rpt::rt_at.eq(rt.now.naive_utc()),
            rpt::updated_at.eq(rt.now.naive_utc()),
        ))
        .returning(RptRow::as_returning())
        .get_result(c)?)
}

fn update_pendenza(
    c: &mut Conn,
    row: &PosizioneRow,
    effetto: &Effetto,
    lettura: &Lettura,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let paid = lettura.incasso.importo_pagato.cents();
    if paid > 0 {
        diesel::update(pendenze::table.find(row.id))
            .set((
                pendenze::stato.eq(effetto.pendenza.stato.name()),
                pendenze::anomala.eq(effetto.pendenza.anomala),
                pendenze::importo_pagato.eq(pendenze::importo_pagato + paid),
                pendenze::data_pagamento.eq(lettura.data_pagamento.naive_utc()),
                pendenze::updated_at.eq(now.naive_utc()),
            ))
            .execute(c)?;
    }
    let before = row.stato()?.shown(row.anomala, row.data_scadenza, now);
    let after = effetto
        .pendenza
        .stato
        .shown(effetto.pendenza.anomala, row.data_scadenza, now);
    if before == after {
        return Ok(());
    }
    let event = Event::PendenzaStato {
        id_a2a: row.id_a2a.clone(),
        id_pendenza: row.id_pendenza.clone(),
        id_dominio: row.dominio()?,
        numero_avviso: row.avviso()?,
        iuv: row.iuv()?,
        importo: row.importo()?,
        stato: after.name().to_owned(),
    };
    ext::outbox::push(c, crate::NAME, event, now)?;
    Ok(())
}

/// Receipts without a place, newest first.
pub fn list_orfane(c: &mut Conn, limit: i64) -> StoreResult<Vec<OrfanaRow>> {
    Ok(rt_orfane::table
        .order(rt_orfane::id.desc())
        .limit(limit)
        .select(OrfanaRow::as_select())
        .load(c)?)
}
