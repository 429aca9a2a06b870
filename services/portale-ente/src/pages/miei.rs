//! P7: the payments of this browser, and the e-mails that would have left.

use actix_web::web::Data;
use askama::Template;
use domain::Email;
use web::badge::Badge;
use web::{Page, PageResult, render};

use crate::app::App;
use crate::sessione::{Messaggio, Sessione, StatoSessione};

/// Rows shown at most; a browser that pays more is a test.
const RIGHE: i64 = 100;

#[derive(Template)]
#[template(path = "miei.html")]
struct Miei {
    page: Page,
    sessioni: Vec<Sessione>,
}

impl Miei {
    /// How the state of a session looks in the list.
    fn badge(&self, sessione: &Sessione) -> Badge {
        let still = |it, en, class| Badge {
            it,
            en,
            class,
            moving: false,
        };
        if let Some(esito) = sessione.esito() {
            return web::badge::Stato::badge(&esito);
        }
        if sessione.altrove_ccp.is_some() {
            return still("Pagato altrove", "Paid elsewhere", "bg-success");
        }
        match sessione.stato() {
            StatoSessione::Aperta | StatoSessione::Scelta => {
                still("Da confermare", "To confirm", "bg-secondary")
            }
            StatoSessione::Confermata | StatoSessione::Inviata => Badge {
                it: "In corso",
                en: "In progress",
                class: "bg-primary",
                moving: true,
            },
            StatoSessione::Conclusa => still("Concluso", "Finished", "bg-secondary"),
            StatoSessione::Fallita => still("Fallito", "Failed", "bg-danger"),
            StatoSessione::Annullata => still("Annullato", "Cancelled", "bg-secondary"),
            StatoSessione::Scaduta => still("Scaduto", "Expired", "bg-warning"),
        }
    }
}

#[derive(Template)]
#[template(path = "posta.html")]
struct Posta {
    page: Page,
    messaggi: Vec<Messaggio>,
}

impl Posta {
    fn destinatario(&self, messaggio: &Messaggio) -> String {
        Email::parse(&messaggio.destinatario).map_or_else(|_| "•••".to_owned(), |e| e.masked())
    }
}

/// The sessions that went at least to WISP and back.
pub async fn elenco(page: Page, app: Data<App>) -> PageResult {
    let sessioni = match page.session().existing_id() {
        Some(browser) => app.db.list_by_browser(browser, RIGHE).await?,
        None => vec![],
    };
    let sessioni = sessioni
        .into_iter()
        .filter(|s| s.stato() != StatoSessione::Aperta)
        .collect();
    render(&Miei {
        page: page.titled("miei-pagamenti"),
        sessioni,
    })
}

pub async fn posta(page: Page, app: Data<App>) -> PageResult {
    let messaggi = match page.session().existing_id() {
        Some(browser) => app.db.list_messaggi(browser, RIGHE).await?,
        None => vec![],
    };
    render(&Posta {
        page: page.titled("posta"),
        messaggi,
    })
}
