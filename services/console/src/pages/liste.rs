//! Two short lists: tracciati that the console heard of, and events that it could not apply.

use askama::Template;
use platform::store::DeadLetterRow;
use web::{Page, PageResult, render};

use super::cruscotto::MORTE;
use crate::accesso::Banco;
use crate::filtri::Visibili;
use crate::visti::TracciatoVisto;

const TRACCIATI: i64 = 100;

#[derive(Template)]
#[template(path = "tracciati.html")]
struct Tracciati {
    page: Page,
    cerca: String,
    righe: Vec<TracciatoVisto>,
    loader: String,
    /// The operator sees some bodies only, and an event of a tracciato names none.
    riservato: bool,
}

pub async fn tracciati(banco: Banco) -> PageResult {
    let riservato = banco.chi.visibili != Visibili::Tutti;
    let righe = if riservato {
        vec![]
    } else {
        banco.app.db.list_tracciati(TRACCIATI).await?
    };
    render(&Tracciati {
        cerca: String::new(),
        righe,
        riservato,
        loader: banco.app.peers.loader.public.clone(),
        page: banco.page.titled("tracciati"),
    })
}

#[derive(Template)]
#[template(path = "code.html")]
struct Code {
    page: Page,
    cerca: String,
    righe: Vec<DeadLetterRow>,
}

pub async fn code(banco: Banco) -> PageResult {
    let banco = banco.administrator()?;
    let righe = banco.app.db.0.dead_letters(MORTE).await?;
    let page = banco.page.titled("code-morte");
    render(&Code {
        page,
        cerca: String::new(),
        righe,
    })
}
