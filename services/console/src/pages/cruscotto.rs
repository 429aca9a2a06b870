//! C1: the numbers that somebody has to look at, the services, the last attempts.

use askama::Template;
use web::badge::{Badge, DOWN, UP};
use web::{Page, PageResult, render};

use super::pendenza_url;
use crate::accesso::Banco;
use crate::filtri::{Conteggi, Filtro, Visibili};
use crate::salute::Servizio;
use crate::visti::PagamentoVisto;

/// Attempts shown.
const ULTIMI: i64 = 8;
/// More dead letters than these are "more than".
pub const MORTE: i64 = 1000;

#[derive(Template)]
#[template(path = "cruscotto.html")]
struct Cruscotto {
    page: Page,
    cerca: String,
    conti: Conteggi,
    /// For who sees all bodies: a tracciato is not of one.
    tracciati: Option<i64>,
    /// For administrators.
    morte: Option<usize>,
    servizi: Vec<Servizio>,
    ultimi: Vec<Riga>,
    core_giu: bool,
}

/// An attempt in a list.
pub struct Riga {
    pub visto: PagamentoVisto,
    pub ente: String,
    pub href: String,
}

impl Riga {
    pub fn new(banco: &Banco, visto: PagamentoVisto) -> Self {
        Self {
            ente: banco.app.ente(&visto.id_dominio).to_owned(),
            href: pendenza_url(&visto.id_a2a, &visto.id_pendenza),
            visto,
        }
    }
}

impl Servizio {
    fn badge(&self) -> Badge {
        match self.pronto {
            Some(true) => UP,
            Some(false) => DOWN,
            None => Badge {
                it: "Da verificare",
                en: "Not checked yet",
                class: "bg-secondary",
                moving: true,
            },
        }
    }
}

pub async fn cruscotto(banco: Banco) -> PageResult {
    let app = &banco.app;
    let visibili = &banco.chi.visibili;
    let conti = app
        .db
        .conta_pagamenti(visibili.clone(), app.clock.now())
        .await?;
    let last = app
        .db
        .list_pagamenti(visibili.clone(), Filtro::default(), None, ULTIMI)
        .await?;
    let ultimi = last
        .0
        .into_iter()
        .map(|row| Riga::new(&banco, row))
        .collect();
    let tracciati = match visibili {
        Visibili::Tutti => Some(app.db.conta_tracciati_con_errori().await?),
        Visibili::Solo(_) => None,
    };
    let morte = if banco.chi.amministratore {
        Some(app.db.0.dead_letters(MORTE).await?.len())
    } else {
        None
    };
    let servizi = app.salute.servizi();
    let core_giu = servizi
        .iter()
        .any(|s| s.nome == "govpay-core" && s.pronto == Some(false));
    let page = banco.page.titled("cruscotto");
    let cerca = String::new();
    render(&Cruscotto {
        page,
        cerca,
        conti,
        tracciati,
        morte,
        servizi,
        ultimi,
        core_giu,
    })
}
