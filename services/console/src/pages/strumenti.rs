//! C11: the world's clock, and the projection made again.

use actix_web::web::Data;
use askama::Template;
use chrono::{DateTime, Utc};
use platform::clock_api;
use platform::service::ServiceState;
use serde::Deserialize;
use web::{CsrfForm, FlashKind, Page, PageResult, render, see_other};

use crate::accesso::Banco;
use crate::ricostruzione::{self, RicostruzioneError};

/// What the buttons add, in seconds, and the key of their words.
const PASSI: [(i64, &str); 3] = [
    (300, "piu-5-minuti"),
    (3600, "piu-1-ora"),
    (86_400, "piu-1-giorno"),
];

#[derive(Template)]
#[template(path = "strumenti.html")]
struct Strumenti {
    page: Page,
    cerca: String,
    ora: DateTime<Utc>,
    avanti_secs: i64,
    passi: [(i64, &'static str); 3],
    amministratore: bool,
}

pub async fn strumenti(banco: Banco) -> PageResult {
    render(&Strumenti {
        cerca: String::new(),
        ora: banco.app.clock.now(),
        avanti_secs: banco.app.clock.offset_secs(),
        passi: PASSI,
        amministratore: banco.chi.amministratore,
        page: banco.page.titled("strumenti"),
    })
}

#[derive(Deserialize)]
pub struct Passo {
    secondi: i64,
}

/// Moves the clock of the whole world: the other services learn it from the bus.
pub async fn orologio(
    banco: Banco,
    state: Data<ServiceState>,
    body: CsrfForm<Passo>,
) -> PageResult {
    let banco = banco.administrator()?;
    clock_api::advance(&state, body.0.secondi).await?;
    banco.app.wake(None, None);
    let text = banco.page.t("orologio-spostato");
    banco.page.session().flash(FlashKind::Success, text);
    Ok(see_other("/strumenti"))
}

#[derive(Deserialize)]
pub struct Niente {}

pub async fn ricostruzione(banco: Banco, _: CsrfForm<Niente>) -> PageResult {
    let banco = banco.administrator()?;
    let session = banco.page.session();
    match ricostruzione::ricostruisci(&banco.app, true).await {
        Ok(done) => {
            let key = if done.parziale {
                "ricostruita-in-parte"
            } else {
                "ricostruita"
            };
            let text = banco
                .page
                .t2(key, "pagamenti", done.pagamenti, "pendenze", done.pendenze);
            session.flash(FlashKind::Success, text);
        }
        Err(RicostruzioneError::Core(error)) => {
            let text = banco
                .page
                .t1("ricostruzione-fallita", "motivo", error.to_string());
            session.flash(FlashKind::Danger, text);
        }
        Err(RicostruzioneError::Store(error)) => return Err(error.into()),
    }
    Ok(see_other("/strumenti"))
}
