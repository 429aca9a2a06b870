//! The home page: how many wait, the last ones, when the timers look again.

use actix_web::web::Data;
use askama::Template;
use chrono::{NaiveTime, TimeZone as _};
use chrono_tz::Europe::Rome;
use web::{Page, PageResult, render};

use super::accesso::Utente;
use crate::app::{App, Orari};
use crate::tracciato::{Contatori, Filtro, Tracciato};

#[derive(Template)]
#[template(path = "cruscotto.html")]
struct Cruscotto {
    page: Page,
    contatori: Contatori,
    ultimi: Vec<Tracciato>,
    validazione: Option<i64>,
    caricamento: Option<i64>,
}

impl Cruscotto {
    fn badge(&self, tracciato: &Tracciato) -> web::html::Html {
        super::badge(&self.page, tracciato)
    }

    /// When a timer looks again, in words.
    fn prossima(&self, secondi: &Option<i64>) -> String {
        match secondi {
            Some(secondi) => self.page.t1("tra-secondi", "n", *secondi),
            None => self.page.t("al-lavoro"),
        }
    }
}

pub async fn cruscotto(app: Data<App>, page: Page, utente: Utente) -> PageResult {
    let visibilita = utente.0.visibilita();
    let oggi = domain::tempo::giorno(app.clock.now()).and_time(NaiveTime::MIN);
    // Midnight exists in Rome: summer time begins at two.
    let oggi = Rome
        .from_local_datetime(&oggi)
        .earliest()
        .map_or(oggi, |at| at.naive_utc());
    let contatori = app.db.contatori(visibilita.clone(), oggi).await?;
    let ultimi = app.db.list(visibilita, Filtro::default(), 5).await?;
    render(&Cruscotto {
        page: page.titled("cruscotto"),
        contatori,
        ultimi,
        validazione: Orari::secondi(&app.orari.validazione),
        caricamento: Orari::secondi(&app.orari.caricamento),
    })
}
