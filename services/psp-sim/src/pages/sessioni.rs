//! S4: the sessions, with what each waits for, and the tester's buttons.

use actix_web::web::{Data, Path};
use askama::Template;
use chrono::NaiveDateTime;
use platform::clock_api;
use platform::service::ServiceState;
use serde::Deserialize;
use web::{CsrfForm, FlashKind, Page, PageResult, render, see_other};

use super::sessione_sconosciuta;
use crate::app::App;
use crate::sessione::{Dettaglio, SessioneRow, StatoSessione, StatoToken};

/// Rows on the page: open sessions first.
const MAX_RIGHE: i64 = 100;
/// Step of the clock's button.
const PASSO_SECS: i64 = 300;

/// One line of the table.
struct Riga {
    sessione: SessioneRow,
    stato: StatoSessione,
    psp: String,
    /// What happens next by itself, and when.
    attesa: Option<Attesa>,
    /// What the receipt is doing.
    ricevuta: &'static str,
    errore: Option<String>,
    puo_rinviare: bool,
}

struct Attesa {
    key: &'static str,
    at: NaiveDateTime,
    /// `4:59`, or `0:00` when it is due.
    manca: String,
}

#[derive(Template)]
#[template(path = "sessioni.html")]
struct SessioniPage {
    page: Page,
    righe: Vec<Riga>,
    adesso: NaiveDateTime,
}

pub async fn elenco(page: Page, app: Data<App>) -> PageResult {
    let now = app.clock.now().naive_utc();
    let all = app.db.list_recenti(MAX_RIGHE).await?;
    let righe: Result<Vec<Riga>, platform::StoreError> = all
        .into_iter()
        .map(|dettaglio| riga(&app, dettaglio, now))
        .collect();
    let page = page.titled("sessioni");
    render(&SessioniPage {
        page,
        righe: righe?,
        adesso: now,
    })
}

fn riga(app: &App, dettaglio: Dettaglio, now: NaiveDateTime) -> Result<Riga, platform::StoreError> {
    let stato = dettaglio.sessione.stato()?;
    let psp = match app.registro.canale(&dettaglio.sessione.id_canale) {
        Some((psp, _)) => psp.denominazione.clone(),
        None => dettaglio.sessione.id_canale.clone(),
    };
    let pending = dettaglio.rt.iter().find(|rt| rt.delivered_at.is_none());
    let ricevuta = match pending {
        Some(rt) if rt.fermata_at.is_some() => "rt-fermata",
        Some(rt) if rt.due_at > now => "rt-programmata",
        Some(_) => "rt-in-invio",
        None if dettaglio.rt.is_empty() => "rt-nessuna",
        None => "rt-consegnata",
    };
    Ok(Riga {
        attesa: attesa(&dettaglio, stato, now),
        errore: pending.and_then(|rt| rt.ultimo_errore.clone()),
        puo_rinviare: dettaglio.rt.iter().any(|rt| rt.due_at <= now),
        ricevuta,
        psp,
        stato,
        sessione: dettaglio.sessione,
    })
}

fn attesa(dettaglio: &Dettaglio, stato: StatoSessione, now: NaiveDateTime) -> Option<Attesa> {
    let alive = [StatoToken::Richiesto.name(), StatoToken::Attivo.name()];
    let token = dettaglio
        .token
        .as_ref()
        .filter(|t| alive.contains(&t.stato.as_str()));
    let scheduled = dettaglio
        .rt
        .iter()
        .find(|rt| rt.delivered_at.is_none() && rt.due_at > now);
    let (key, at) = match (stato, scheduled, token) {
        (StatoSessione::Aperta, ..) if dettaglio.sessione.tipo == 2 => {
            ("attesa-esecuzione", dettaglio.sessione.scade_at)
        }
        (StatoSessione::Aperta | StatoSessione::Attivazione, ..) => {
            ("attesa-scadenza", dettaglio.sessione.scade_at)
        }
        (_, Some(rt), _) => ("attesa-rt", rt.due_at),
        (_, None, Some(token)) => ("attesa-token", token.scade_at),
        _ => return None,
    };
    let left = (at - now).num_seconds().max(0);
    Some(Attesa {
        key,
        at,
        manca: format!("{}:{:02}", left / 60, left % 60),
    })
}

#[derive(Deserialize)]
pub struct Niente {}

/// "Scade subito".
pub async fn scade(
    page: Page,
    app: Data<App>,
    id: Path<String>,
    _body: CsrfForm<Niente>,
) -> PageResult {
    let id = id.into_inner();
    let found = app.db.find(id.clone()).await?;
    found.ok_or_else(|| sessione_sconosciuta(&page))?;
    if app.db.scade_subito(id, app.clock.now()).await? {
        page.session()
            .flash(FlashKind::Success, page.t("scaduta-ora"));
    } else {
        page.session()
            .flash(FlashKind::Info, page.t("niente-da-scadere"));
    }
    Ok(see_other("/sessioni"))
}

/// "Invia di nuovo la RT": the same document again.
pub async fn rinvia(
    page: Page,
    app: Data<App>,
    id: Path<String>,
    _body: CsrfForm<Niente>,
) -> PageResult {
    let id = id.into_inner();
    let found = app.db.find(id.clone()).await?;
    found.ok_or_else(|| sessione_sconosciuta(&page))?;
    if app.db.rinvia(id, app.clock.now()).await? > 0 {
        page.session()
            .flash(FlashKind::Success, page.t("rt-rinviata"));
    } else {
        page.session()
            .flash(FlashKind::Info, page.t("niente-da-rinviare"));
    }
    Ok(see_other("/sessioni"))
}

/// "+5 min": the whole world's clock.
pub async fn avanti(page: Page, state: Data<ServiceState>, _body: CsrfForm<Niente>) -> PageResult {
    clock_api::advance(&state, PASSO_SECS).await?;
    page.session()
        .flash(FlashKind::Success, page.t("orologio-spostato"));
    Ok(see_other("/sessioni"))
}
