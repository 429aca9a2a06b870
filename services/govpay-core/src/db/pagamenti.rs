//! Sessions of the portals: opened, answered by the Node, left by the browser, read.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::pagamento::CodiceStato;
use domain::rpt::{Origine, Ostacolo};
use domain::{StatoPagamento, StatoRpt};

use super::{Conn, ext, posizioni, tentativi};
use crate::documento_rpt::{self, Richiesta, cut};
use crate::posizione::Posizione;
use crate::schema::{pagamenti, rpt};
use crate::tentativo::{
    Apertura, EsitoInvio, NuovaSessione, NuovoRpt, PagamentoRow, Rifiuto, RptRow, Sessione,
};
use platform::{StoreError, StoreResult};

/// An answer of the Node is waited for at most half a minute: after a whole one nobody waits any
/// more, and the timer asks what became of the RPT.
const RECOVERY_AFTER: chrono::TimeDelta = chrono::TimeDelta::seconds(60);

/// Opens a session with one attempt for each pendenza; the RPTs are still to be sent.
pub fn apri_pagamento(c: &mut Conn, new: NuovaSessione) -> StoreResult<Apertura> {
    ext::write_tx(c, |c| {
        let mut ids = new.pendenze.clone();
        ids.sort_unstable(); // one order for all: no two transactions wait for each other
        for id in &ids {
            posizioni::lock(c, *id)?;
        }
        if let Some(sessione) = gia_aperta(c, &new)? {
            return Ok(Apertura::GiaAperta(Box::new(sessione)));
        }
        let mut checked = Vec::with_capacity(new.pendenze.len());
        for id in &new.pendenze {
            let posizione = posizioni::load(c, *id)?;
            match prepara(c, &new, &posizione)? {
                Ok((ostacoli, tentativo)) => checked.push((posizione, ostacoli, tentativo)),
                Err(rifiuto) => return Ok(Apertura::Rifiutata(rifiuto)),
            }
        }
        let Some((first, ..)) = checked.first() else {
            return Err(StoreError::corrupt("sessione di pagamento senza pendenze"));
        };
        let stazione = first.stazione.clone();
        let session = session_row(&new, checked.iter().map(|(posizione, ..)| posizione));
        diesel::insert_into(pagamenti::table)
            .values(&session)
            .execute(c)?;
        let mut attempts = Vec::with_capacity(checked.len());
        for (posizione, ostacoli, tentativo) in checked {
            tentativi::sostituisci(c, &posizione.pendenza, ostacoli, new.now)?;
            let row = tentativi::insert(c, &tentativo)?;
            tentativi::push_stato(c, &posizione.pendenza, &row, Some(&session), new.now)?;
            attempts.push(row);
        }
        Ok(Apertura::Nuova(Box::new(Sessione {
            pagamento: session,
            tentativi: attempts,
            stazione,
        })))
    })
}

/// The open session that the same portal session asked for before, for the same pendenze.
fn gia_aperta(c: &mut Conn, new: &NuovaSessione) -> StoreResult<Option<Sessione>> {
    let Some(id_sessione) = &new.id_sessione_portale else {
        return Ok(None);
    };
    let mine = pagamenti::table
        .filter(pagamenti::id_sessione_portale.eq(id_sessione))
        .filter(pagamenti::id_a2a_portale.eq(&new.id_a2a_portale))
        .filter(pagamenti::stato.eq(StatoPagamento::InCorso.name()))
        .order(pagamenti::created_at.desc())
        .select(PagamentoRow::as_select());
    let sessions: Vec<PagamentoRow> = match (&new.cittadino, new.id_a2a_portale.as_str()) {
        (Some(cittadino), _) => mine.filter(pagamenti::cittadino.eq(cittadino)).load(c)?,
        // Of two who are unknown nobody can tell that they are the same.
        (None, "") => vec![],
        (None, _) => mine.load(c)?,
    };
    for session in sessions {
        let sessione = with_attempts(c, session)?;
        let mut same: Vec<i64> = sessione.tentativi.iter().map(|t| t.pendenza).collect();
        let mut asked = new.pendenze.clone();
        same.sort_unstable();
        asked.sort_unstable();
        if same == asked {
            return Ok(Some(sessione));
        }
    }
    Ok(None)
}

fn with_attempts(c: &mut Conn, pagamento: PagamentoRow) -> StoreResult<Sessione> {
    let tentativi = rpt_of(c, pagamento.id.clone())?;
    let id_stazione = tentativi
        .first()
        .map(|t| t.id_stazione.clone())
        .unwrap_or_default();
    let stazione = posizioni::stazione_pagopa(c, id_stazione)?.ok_or_else(|| {
        StoreError::corrupt(format!("pagamento {}: senza stazione", pagamento.id))
    })?;
    Ok(Sessione {
        pagamento,
        tentativi,
        stazione,
    })
}

type Preparato = (Vec<(RptRow, Ostacolo)>, NuovoRpt);

/// Everything that may refuse the attempt, before anything is written.
fn prepara(
    c: &mut Conn,
    new: &NuovaSessione,
    posizione: &Posizione,
) -> StoreResult<Result<Preparato, Rifiuto>> {
    let row = &posizione.pendenza;
    let id_pendenza = || row.id_pendenza.clone();
    if let Err(motivo) = row.pagabile(new.verificate.contains(&row.id), new.now)? {
        let dettaglio = super::rpt::quando(c, row, motivo)?;
        return Ok(Err(Rifiuto::NonPagabile {
            id_pendenza: id_pendenza(),
            motivo,
            dettaglio,
        }));
    }
    let Some(iuv) = row.iuv()? else {
        return Ok(Err(Rifiuto::SenzaIuv {
            id_pendenza: id_pendenza(),
        }));
    };
    let ostacoli = tentativi::ostacoli(c, row.id, Origine::PortaleImmediato, new.now)?;
    if let Some(rifiuto) = tentativi::in_corso(row, &ostacoli) {
        return Ok(Err(rifiuto));
    }
    let (ccp, id_messaggio) = (new_id(), new_id());
    let richiesta = Richiesta {
        iuv: iuv.as_str(),
        ccp: &ccp,
        id_messaggio: &id_messaggio,
        tipo_versamento: new.canale.tipo_versamento,
        versante: new.versante.as_ref().map(documento_rpt::soggetto),
        autenticazione: &new.autenticazione,
        data_esecuzione: new.data_esecuzione,
        iban_addebito: new.iban_addebito.clone(),
        bic_addebito: new.bic_addebito.clone(),
        credenziali: new.credenziali.clone(),
        now: new.now,
    };
    let xml = match documento_rpt::documento(posizione, richiesta) {
        Ok(xml) => xml,
        Err(error) => {
            let errore = error.to_string();
            return Ok(Err(Rifiuto::Documento {
                id_pendenza: id_pendenza(),
                errore,
            }));
        }
    };
    let now = new.now.naive_utc();
    let tentativo = NuovoRpt {
        pendenza: row.id,
        pagamento: Some(new.id.clone()),
        id_dominio: row.id_dominio.clone(),
        iuv: iuv.as_str().to_owned(),
        ccp,
        id_stazione: posizione.stazione.stazione.id_stazione.clone(),
        versione: "V1",
        id_messaggio_richiesta: id_messaggio,
        stato: StatoRpt::RptAttivata.name(),
        id_psp: Some(new.canale.id_psp.clone()),
        id_intermediario_psp: Some(new.canale.id_intermediario_psp.clone()),
        id_canale: Some(new.canale.id_canale.clone()),
        tipo_versamento: Some(new.canale.tipo_versamento.as_str().to_owned()),
        importo: row.importo,
        xml_rpt: Some(xml),
        send_at: Some(now + RECOVERY_AFTER),
        send_attempts: 1,
        scade_at: None,
        created_at: now,
        updated_at: now,
    };
    Ok(Ok((ostacoli, tentativo)))
}

/// 32 hexadecimal digits, unguessable.
fn new_id() -> String {
    uuid::Uuid::new_v4().simple().to_string()
}

fn session_row<'a>(
    new: &NuovaSessione,
    posizioni: impl Iterator<Item = &'a Posizione>,
) -> PagamentoRow {
    let rows: Vec<_> = posizioni.map(|posizione| &posizione.pendenza).collect();
    let first = rows
        .first()
        .map(|row| row.nome.as_deref().unwrap_or(&row.causale));
    let nome = match (first.unwrap_or_default(), rows.len()) {
        (first, 0 | 1) => cut(first, 255),
        (first, 2) => format!("{} ed un'altra pendenza", cut(first, 220)),
        (first, n) => format!("{} ed altre {} pendenze", cut(first, 220), n - 1),
    };
    PagamentoRow {
        id: new.id.clone(),
        id_sessione_portale: new.id_sessione_portale.clone(),
        id_sessione_psp: None,
        nome,
        importo: rows.iter().map(|row| row.importo).sum(),
        stato: StatoPagamento::InCorso.name().to_owned(),
        codice_stato: CodiceStato::InAttesaDiEsito.name().to_owned(),
        descrizione_stato: None,
        psp_redirect_url: None,
        url_ritorno: new.url_ritorno.clone(),
        psp_esito: None,
        versante: new.versante.as_ref().map(ToString::to_string),
        id_a2a_portale: new.id_a2a_portale.clone(),
        id_psp: Some(new.canale.id_psp.clone()),
        id_canale: Some(new.canale.id_canale.clone()),
        tipo_versamento: Some(new.canale.tipo_versamento.as_str().to_owned()),
        tipo: 1,
        created_at: new.now.naive_utc(),
        updated_at: new.now.naive_utc(),
        verificato: false,
        cittadino: new.cittadino.clone(),
    }
}

/// Stores what came of sending the RPTs of a session. A receipt that arrived first has the last word:
/// only attempts that still wait for the answer are moved.
pub fn esito_invio(
    c: &mut Conn,
    id: String,
    esito: EsitoInvio,
    now: DateTime<Utc>,
) -> StoreResult<Sessione> {
    ext::write_tx(c, |c| {
        let mut ids: Vec<i64> = rpt_of(c, id.clone())?
            .iter()
            .map(|row| row.pendenza)
            .collect();
        ids.sort_unstable();
        for id in ids {
            posizioni::lock(c, id)?;
        }
        if let EsitoInvio::Accettata { url } = &esito {
            accettata(c, &id, url.as_deref(), now)?;
        }
        for row in rpt_of(c, id.clone())? {
            let waiting = matches!(
                row.stato()?,
                StatoRpt::RptAttivata | StatoRpt::RptErroreInvioANodo
            );
            if !waiting || row.rt_at.is_some() {
                continue;
            }
            let posizione = posizioni::load(c, row.pendenza)?.pendenza;
            super::rpt::segna_invio(c, &posizione, &row, &esito, now)?;
        }
        let session = pagamenti::table
            .find(&id)
            .select(PagamentoRow::as_select())
            .first(c)?;
        with_attempts(c, session)
    })
}

/// The address and the session of the PSP; without an address the channel is a deferred one.
fn accettata(c: &mut Conn, id: &str, url: Option<&str>, now: DateTime<Utc>) -> StoreResult<()> {
    let (tipo, codice) = match url {
        Some(_) => (1, CodiceStato::InCorsoAlPsp),
        None => (2, CodiceStato::InAttesaDiEsito),
    };
    let id_sessione = url.and_then(id_session).unwrap_or_else(|| id.to_owned());
    diesel::update(pagamenti::table.find(id))
        .set((
            pagamenti::psp_redirect_url.eq(url),
            pagamenti::id_sessione_psp.eq(id_sessione),
            pagamenti::tipo.eq(tipo),
            pagamenti::updated_at.eq(now.naive_utc()),
        ))
        .execute(c)?;
    // A session that a receipt already closed keeps its code.
    diesel::update(pagamenti::table.find(id))
        .filter(pagamenti::stato.eq(StatoPagamento::InCorso.name()))
        .filter(pagamenti::psp_esito.is_null())
        .set(pagamenti::codice_stato.eq(codice.name()))
        .execute(c)?;
    Ok(())
}

/// `idSession` of the address that the Node gave.
fn id_session(url: &str) -> Option<String> {
    let url = url::Url::parse(url).ok()?;
    let pair = url.query_pairs().find(|(name, _)| name == "idSession");
    pair.map(|(_, value)| value.into_owned())
        .filter(|id| !id.is_empty())
}

/// The browser came back from the PSP. Only the first return of an open session counts.
pub fn ritorno_dal_psp(
    c: &mut Conn,
    id_sessione: String,
    esito: String,
    now: DateTime<Utc>,
) -> StoreResult<Option<PagamentoRow>> {
    ext::write_tx(c, |c| {
        let row = pagamenti::table
            .filter(pagamenti::id_sessione_psp.eq(&id_sessione))
            .select(PagamentoRow::as_select());
        let Some(row): Option<PagamentoRow> = row.first(c).optional()? else {
            return Ok(None);
        };
        diesel::update(pagamenti::table.find(&row.id))
            .filter(pagamenti::psp_esito.is_null())
            .set((
                pagamenti::psp_esito.eq(esito),
                pagamenti::updated_at.eq(now.naive_utc()),
            ))
            .execute(c)?;
        diesel::update(pagamenti::table.find(&row.id))
            .filter(pagamenti::codice_stato.eq(CodiceStato::InCorsoAlPsp.name()))
            .set(pagamenti::codice_stato.eq(CodiceStato::InAttesaDiEsito.name()))
            .execute(c)?;
        Ok(pagamenti::table
            .find(&row.id)
            .select(PagamentoRow::as_select())
            .first(c)
            .optional()?)
    })
}

pub fn find_pagamento(c: &mut Conn, id: String) -> StoreResult<Option<Sessione>> {
    let row = pagamenti::table.find(id).select(PagamentoRow::as_select());
    let row: Option<PagamentoRow> = row.first(c).optional()?;
    row.map(|row| with_attempts(c, row)).transpose()
}

pub fn find_pagamento_by_sessione(c: &mut Conn, id: String) -> StoreResult<Option<Sessione>> {
    let row = pagamenti::table
        .filter(pagamenti::id_sessione_psp.eq(id))
        .select(PagamentoRow::as_select());
    let row: Option<PagamentoRow> = row.first(c).optional()?;
    row.map(|row| with_attempts(c, row)).transpose()
}

/// The attempts of a session, in the order of its pendenze.
pub fn rpt_of(c: &mut Conn, id: String) -> StoreResult<Vec<RptRow>> {
    Ok(rpt::table
        .filter(rpt::pagamento.eq(id))
        .order(rpt::id)
        .select(RptRow::as_select())
        .load(c)?)
}
