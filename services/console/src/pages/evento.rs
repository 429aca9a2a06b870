//! One exchange of the giornale: who, what, request and response.

use actix_web::web::{Path, Query};
use askama::Template;
use govpay_api::Evento;
use serde::Deserialize;
use web::{Page, PageError, PageResult, render};

use super::{core_says, pendenza_url};
use crate::accesso::Banco;
use crate::letture::Messaggio;
use crate::storia::{Passo, storia};

#[derive(Template)]
#[template(path = "evento.html")]
struct Scambio {
    page: Page,
    cerca: String,
    passo: Passo,
    evento: Evento,
    /// Title key and message.
    messaggi: [(&'static str, Option<Messaggio>); 2],
    /// Page of the pendenza, to go back to.
    indietro: Option<String>,
}

/// The page that the reader came from: an exchange need not say its pendenza.
#[derive(Deserialize)]
pub struct Da {
    #[serde(default)]
    a2a: String,
    #[serde(default)]
    pendenza: String,
}

pub async fn evento(banco: Banco, path: Path<i64>, da: Query<Da>) -> PageResult {
    let evento = banco.app.core.get_evento(*path).await.map_err(|error| {
        if error.is_not_found() {
            return PageError::not_found();
        }
        let detail = core_says(&banco.page, &error);
        PageError::unavailable(error.into()).detail(detail)
    })?;
    if !banco.chi.visibili.sees_maybe(evento.id_dominio.as_deref()) {
        return Err(PageError::not_found());
    }
    let Some(passo) = storia(std::slice::from_ref(&evento), &[]).pop() else {
        return Err(PageError::not_found());
    };
    let id_a2a = evento.id_a2a.as_deref().unwrap_or(&da.a2a);
    let id_pendenza = evento.id_pendenza.as_deref().unwrap_or(&da.pendenza);
    let known = !id_a2a.is_empty() && !id_pendenza.is_empty();
    let indietro = known.then(|| pendenza_url(id_a2a, id_pendenza));
    let mut page = banco.page;
    page.title = evento.tipo_evento.clone();
    let page = match &indietro {
        Some(href) => page.clone().crumb(page.t("pendenza-titolo"), href),
        None => page,
    };
    let messaggi = [
        (
            "richiesta",
            Messaggio::read(evento.parametri_richiesta.as_ref()),
        ),
        (
            "risposta",
            Messaggio::read(evento.parametri_risposta.as_ref()),
        ),
    ];
    render(&Scambio {
        page,
        cerca: String::new(),
        passo,
        evento,
        messaggi,
        indietro,
    })
}
