//! P4: the summary with the chosen PSP, the e-mail, "Conferma"; then the payment is opened, once.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use askama::Template;
use domain::pendenza::StatoPendenzaShown;
use domain::{CodDominio, Email, Importo, NumeroAvviso};
use govpay_api::ClientError;
use platform::{StoreError, StoreResult};
use serde::Deserialize;
use std::time::Duration;
use web::{CsrfForm, FlashKind, Form, Journey, Page, PageError, PageResult, TestBar};
use web::{render, render_status, see_other};

use super::{attesa, avviso_url, core_error};
use crate::app::App;
use crate::core::{Chiavi, CoreError, stato_pendenza};
use crate::sessione::{Conferma, Psp, Sessione, StatoSessione};

/// How long a second "Conferma" waits for the answer that the first one gets.
const ATTESA_DEL_PRIMO: Duration = Duration::from_secs(45);

#[derive(Template)]
#[template(path = "conferma.html")]
struct ConfermaPage {
    page: Page,
    form: Form,
    sessione: Sessione,
    /// The amount that the citizen had seen, when it is no longer so.
    importo_prima: Option<Importo>,
}

impl ConfermaPage {
    fn new(page: Page, mut form: Form, sessione: Sessione) -> Self {
        let mut page = page
            .titled("conferma-pagamento")
            .at_step(Journey::Ente, 3)
            .about(TestBar {
                iuv: iuv(&sessione),
                ..TestBar::default()
            });
        page.invalid = !form.is_ok();
        form.set("importo", sessione.importo().to_string());
        Self {
            page,
            form,
            sessione,
            importo_prima: None,
        }
    }

    /// What the PSP will ask for: the amount and its commission.
    fn totale(&self) -> Option<Importo> {
        let commissione = self.sessione.commissione()?;
        self.sessione.importo().checked_add(commissione).ok()
    }
}

fn iuv(sessione: &Sessione) -> Option<String> {
    let numero = domain::NumeroAvviso::parse(&sessione.numero_avviso).ok()?;
    Some(numero.iuv().to_string())
}

#[derive(Deserialize)]
pub struct ConfermaBody {
    #[serde(default)]
    email: String,
    #[serde(default)]
    importo: String,
}

pub async fn mostra(page: Page, app: Data<App>, id: Path<String>) -> PageResult {
    let sessione = super::sessione(&app, &page, id.into_inner()).await?;
    match sessione.stato() {
        StatoSessione::Scelta => {}
        StatoSessione::Aperta => {
            return Ok(see_other(avviso_url(
                &sessione.id_dominio,
                &sessione.numero_avviso,
            )));
        }
        _ => return Ok(see_other(format!("/pagamenti/{}", sessione.id))),
    }
    let before = sessione.importo();
    let sessione = match rileggi(&app, &page, sessione).await? {
        Ok(sessione) => sessione,
        Err(elsewhere) => return Ok(see_other(elsewhere)),
    };
    let sessione = match sessione.psp {
        Some(_) => sessione,
        None => match chiedi_scelta(&app, &page, sessione).await? {
            Ok(sessione) => sessione,
            Err(elsewhere) => return Ok(see_other(elsewhere)),
        },
    };
    let changed = sessione.importo() != before;
    let mut template = ConfermaPage::new(page, Form::new(), sessione);
    template.importo_prima = changed.then_some(before);
    render(&template)
}

/// Reads the pendenza again: the amount may have changed since the citizen saw it, and somebody else
/// may have paid. `Err`: the page to go to instead.
async fn rileggi(
    app: &App,
    page: &Page,
    sessione: Sessione,
) -> Result<Result<Sessione, String>, PageError> {
    let pendenza = app
        .core
        .pendenza(&sessione.id_dominio, &sessione.numero_avviso)
        .await;
    let pendenza = pendenza.map_err(|error| core_error(page, error, page.path()))?;
    if stato_pendenza(&pendenza) != StatoPendenzaShown::NonEseguita {
        return Ok(Err(avviso_url(
            &sessione.id_dominio,
            &sessione.numero_avviso,
        )));
    }
    let row = app
        .db
        .aggiorna_importo(sessione.id.clone(), pendenza.importo)
        .await?;
    Ok(Ok(row.unwrap_or(sessione)))
}

/// Asks which PSP was chosen, and gives it the name and the commission of the tenant's list.
async fn chiedi_scelta(
    app: &App,
    page: &Page,
    sessione: Sessione,
) -> Result<Result<Sessione, String>, PageError> {
    let again = avviso_url(&sessione.id_dominio, &sessione.numero_avviso);
    let lost = || {
        PageError::gone(page.t("scelta-persa-testo"))
            .title(page.t("scelta-persa-titolo"))
            .action(page.t("ricomincia"), &again)
    };
    let scelta = match app
        .core
        .scelta(&sessione.id_dominio, chiavi(&sessione))
        .await
    {
        Ok(scelta) => scelta,
        Err(error) if error.is_choice_lost() => return Err(lost()),
        Err(error) => return Err(core_error(page, error, page.path())),
    };
    if scelta.effettuazione_scelta == "PO" {
        page.session()
            .flash(FlashKind::Info, page.t("scelta-stampa"));
        return Ok(Err(again));
    }
    let (Some(id_psp), Some(id_canale)) = (scelta.id_psp, scelta.id_canale) else {
        return Err(lost());
    };
    let known = app.tenant.canale(&id_canale);
    let psp = Psp {
        denominazione: known.map_or_else(|| id_psp.clone(), |(psp, _)| psp.denominazione.clone()),
        commissione: known.map(|(_, canale)| canale.commissione),
        id_psp,
        id_canale,
    };
    let row = app.db.set_psp(sessione.id.clone(), psp).await?;
    Ok(Ok(row.unwrap_or(sessione)))
}

pub async fn conferma(
    page: Page,
    app: Data<App>,
    id: Path<String>,
    body: CsrfForm<ConfermaBody>,
) -> PageResult {
    let sessione = super::sessione(&app, &page, id.into_inner()).await?;
    // A second click: whoever came first has the payment.
    if sessione.stato() != StatoSessione::Scelta {
        return prosegui(&app, page, aspetta_il_primo(&app, sessione).await?);
    }
    let mut form = Form::new();
    form.set("email", &*body.0.email);
    let Ok(email) = Email::parse(&body.0.email) else {
        form.error("email", page.t("email-errata"));
        let template = ConfermaPage::new(page, form, sessione);
        return render_status(StatusCode::UNPROCESSABLE_ENTITY, &template);
    };
    let sessione = match rileggi(&app, &page, sessione).await? {
        Ok(sessione) => sessione,
        Err(elsewhere) => return Ok(see_other(elsewhere)),
    };
    let seen = Importo::parse(&body.0.importo).ok();
    if seen != Some(sessione.importo()) {
        let mut template = ConfermaPage::new(page, form, sessione);
        template.importo_prima = seen;
        return render_status(StatusCode::CONFLICT, &template);
    }
    let browser = page.session().id();
    let moved = app
        .db
        .conferma(sessione.id, browser, email, app.clock.now())
        .await?;
    let Some((sessione, esito)) = moved else {
        return Err(PageError::not_found());
    };
    let sessione = match esito {
        Conferma::Vinta => apri_comunque(&app, sessione).await?,
        Conferma::Persa => aspetta_il_primo(&app, sessione).await?,
        Conferma::Scaduta => sessione,
    };
    if sessione.stato() == StatoSessione::Scelta {
        form.error("", page.t("core-non-risponde"));
        let template = ConfermaPage::new(page, form, sessione);
        return render_status(StatusCode::SERVICE_UNAVAILABLE, &template);
    }
    prosegui(&app, page, sessione)
}

/// Opens the payment in a task of its own: a browser that goes away must not leave half of it.
async fn apri_comunque(app: &App, sessione: Sessione) -> Result<Sessione, PageError> {
    use tracing::Instrument as _;
    let app = app.clone();
    let task = async move { apri(&app, sessione).await };
    let task = tokio::spawn(task.instrument(tracing::Span::current()));
    let opened = task
        .await
        .map_err(|error| PageError::internal(error.into()))?;
    Ok(opened?)
}

/// Asks the core for the payment and writes down what it said. When no answer comes the session
/// stays CONFERMATA: the citizen's next look asks what became of it.
async fn apri(app: &App, sessione: Sessione) -> StoreResult<Sessione> {
    let dominio = CodDominio::parse(&sessione.id_dominio).map_err(StoreError::corrupt)?;
    let numero = NumeroAvviso::parse(&sessione.numero_avviso).map_err(StoreError::corrupt)?;
    let url_ritorno = format!("{}/{}?attendi=8", app.pagamenti_url(), sessione.id);
    let opened = app
        .core
        .crea_pagamento(
            &sessione.id,
            chiavi(&sessione),
            (dominio, numero),
            url_ritorno,
        )
        .await;
    let (id, now) = (sessione.id.clone(), app.clock.now());
    let row = match opened {
        Ok(creato) => {
            let differito = attesa::is_differito(&creato.redirect);
            app.db
                .inviata(id, creato.id, creato.redirect, differito, now)
                .await?
        }
        Err(error) if error.is_uncertain() => {
            tracing::warn!(%error, "no answer about a payment; it will be asked for by session");
            None
        }
        Err(CoreError::Client(ClientError::Fault { status, fault })) => {
            tracing::info!(fault.codice, status, "the core refused a payment");
            let words = [Some(fault.descrizione), fault.dettaglio];
            let words: Vec<String> = words.into_iter().flatten().collect();
            app.db
                .rifiutata(id, fault.codice, words.join(". "), now)
                .await?
        }
        Err(error) => {
            tracing::warn!(%error, "a payment could not be asked for");
            app.db.torna_alla_scelta(id).await?
        }
    };
    let sessione = row.unwrap_or(sessione);
    app.wake(&sessione);
    Ok(sessione)
}

fn chiavi(sessione: &Sessione) -> Chiavi<'_> {
    Chiavi {
        key_pa: &sessione.key_pa,
        key_wisp: sessione.key_wisp.as_deref().unwrap_or_default(),
    }
}

async fn aspetta_il_primo(app: &App, sessione: Sessione) -> Result<Sessione, PageError> {
    let asking = |s: &Sessione| s.stato() == StatoSessione::Confermata;
    Ok(attesa::finche(app, sessione, ATTESA_DEL_PRIMO, asking).await?)
}

/// Where the browser goes after "Conferma".
fn prosegui(app: &App, page: Page, sessione: Sessione) -> PageResult {
    let own = format!("/pagamenti/{}", sessione.id);
    if sessione.is_over() {
        return Ok(see_other(own));
    }
    let Some(redirect) = sessione.redirect.filter(|_| !sessione.differito) else {
        let esito = if sessione.differito {
            "?esito=DIFFERITO"
        } else {
            ""
        };
        return Ok(see_other(format!("{own}{esito}")));
    };
    // The policy of our pages lets forms end at known sites only; for others there is a link.
    let known = [&app.peers.psp.public, &app.peers.portale.public];
    if known
        .iter()
        .any(|site| redirect == **site || redirect.starts_with(&format!("{site}/")))
    {
        return Ok(see_other(redirect));
    }
    let page = page.titled("vai-alla-banca").at_step(Journey::Ente, 4);
    render(&VaiAllaBanca { page, redirect })
}

#[derive(Template)]
#[template(path = "vai.html")]
struct VaiAllaBanca {
    page: Page,
    redirect: String,
}

/// Back to the PSP's page of a payment that is still open.
pub async fn riprendi(page: Page, app: Data<App>, id: Path<String>) -> PageResult {
    let sessione = super::sessione(&app, &page, id.into_inner()).await?;
    if sessione.stato() != StatoSessione::Inviata || sessione.is_over() {
        return Ok(see_other(format!("/pagamenti/{}", sessione.id)));
    }
    prosegui(&app, page, sessione)
}
