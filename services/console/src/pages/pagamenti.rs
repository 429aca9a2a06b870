//! C4, the monitor: all attempts that the console saw, waiting ones first.

use actix_web::web::Query;
use askama::Template;
use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::Deserialize;
use web::{Form, Page, PageResult, render};

use super::cruscotto::Riga;
use super::{some, with_query};
use crate::accesso::Banco;
use crate::filtri::{ATTESA_LUNGA, Cursore, Filtro, inizio_giorno, oggi};
use crate::visti::Gruppo;

const RIGHE: i64 = 25;

#[derive(Template)]
#[template(path = "pagamenti.html")]
struct Pagamenti {
    page: Page,
    cerca: String,
    form: Form,
    stati: Vec<(String, String)>,
    domini: Vec<(String, String)>,
    righe: Vec<Riga>,
    filtrato: bool,
    aggiorna: String,
    prima: Option<String>,
    dopo: Option<String>,
    ora: DateTime<Utc>,
}

/// The filters, as they are in the address.
#[derive(Deserialize)]
#[serde(default)]
pub struct Parametri {
    stato: String,
    dominio: String,
    testo: String,
    dal: String,
    al: String,
    dopo: String,
}

impl Default for Parametri {
    fn default() -> Self {
        let [stato, dominio, testo, dal, al, dopo] = <[String; 6]>::default();
        Self {
            stato,
            dominio,
            testo,
            dal,
            al,
            dopo,
        }
    }
}

/// Choices of the filter that are not one group: late receipts, ended badly today, anomalous.
const LUNGA: &str = "attesa-lunga";
const NEGATIVI: &str = "negativi-oggi";
const ANOMALI: &str = "anomali";

impl Parametri {
    fn filtro(&self, now: DateTime<Utc>, form: &mut Form, page: &Page) -> Filtro {
        for (name, value) in [
            ("stato", &self.stato),
            ("dominio", &self.dominio),
            ("testo", &self.testo),
            ("dal", &self.dal),
            ("al", &self.al),
        ] {
            form.set(name, value);
        }
        let mut filtro = Filtro {
            id_dominio: some(&self.dominio),
            testo: some(&self.testo).map(|text| text.replace(' ', "")),
            da: day(&self.dal, "dal", form, page).map(inizio_giorno),
            prima_di: day(&self.al, "al", form, page)
                .and_then(|day| day.checked_add_days(Days::new(1)))
                .map(inizio_giorno),
            ..Filtro::default()
        };
        match self.stato.as_str() {
            LUNGA => {
                filtro.gruppi = vec![Gruppo::Attesa];
                let late = (now - ATTESA_LUNGA).naive_utc();
                filtro.prima_di = Some(filtro.prima_di.map_or(late, |other| other.min(late)));
            }
            NEGATIVI => {
                filtro.gruppi = Gruppo::NEGATIVI.to_vec();
                filtro.novita_da = Some(oggi(now));
            }
            ANOMALI => filtro.anomale = true,
            name => filtro.gruppi.extend(Gruppo::parse(name)),
        }
        filtro
    }

    /// This list with another cursor.
    fn address(&self, dopo: &str) -> String {
        let pairs = [
            ("stato", self.stato.as_str()),
            ("dominio", &self.dominio),
            ("testo", &self.testo),
            ("dal", &self.dal),
            ("al", &self.al),
            ("dopo", dopo),
        ];
        with_query("/pagamenti", &pairs)
    }
}

/// A day of a filter; one that cannot be read is said under its field, and filters nothing.
fn day(text: &str, field: &str, form: &mut Form, page: &Page) -> Option<NaiveDate> {
    let text = some(text)?;
    match text.parse() {
        Ok(day) => Some(day),
        Err(_) => {
            form.error(field, page.t1("data-non-valida", "valore", text));
            None
        }
    }
}

pub async fn elenco(banco: Banco, query: Query<Parametri>) -> PageResult {
    let app = &banco.app;
    let now = app.clock.now();
    let mut form = Form::new();
    let filtro = query.filtro(now, &mut form, &banco.page);
    let dopo = Cursore::decode(&query.dopo);
    let visibili = banco.chi.visibili.clone();
    let (rows, more) = app.db.list_pagamenti(visibili, filtro, dopo, RIGHE).await?;
    let next = rows
        .last()
        .filter(|_| more)
        .map(|row| Cursore::of(row).encode());
    let page = banco.page.clone().titled("pagamenti");
    let stati = [
        "",
        "attesa",
        LUNGA,
        "eseguito",
        "parziale",
        "non-eseguito",
        "rifiutato",
        "scaduto",
        "annullato",
        NEGATIVI,
        ANOMALI,
    ];
    let stati = stati.map(|name| {
        let key = if name.is_empty() { "tutti" } else { name };
        (name.to_owned(), page.t(&format!("stato-{key}")))
    });
    let mut domini = vec![(String::new(), page.t("tutti-gli-enti"))];
    domini.extend(app.domini(&banco.chi.visibili));
    render(&Pagamenti {
        cerca: String::new(),
        stati: stati.to_vec(),
        domini,
        righe: rows.into_iter().map(|row| Riga::new(&banco, row)).collect(),
        filtrato: query.address("") != "/pagamenti",
        aggiorna: query.address(&query.dopo),
        prima: dopo.map(|_| query.address("")),
        dopo: next.map(|cursor| query.address(&cursor)),
        ora: now,
        page,
        form,
    })
}
