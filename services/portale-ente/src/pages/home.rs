//! P1: "Paga un avviso".

use actix_web::http::StatusCode;
use actix_web::web::{Data, Form as Body};
use askama::Template;
use domain::NumeroAvviso;
use serde::Deserialize;
use web::{FlashKind, Form, Page, PageResult, render, render_status, see_other};

use super::avviso_url;
use crate::app::App;
use crate::ricerca::{self, Errore};

/// An avviso that one click opens.
struct Esempio {
    url: String,
    numero: String,
    ente: String,
    causale: String,
    importo: domain::Importo,
}

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    page: Page,
    form: Form,
    /// Codice fiscale and name of the bodies of the tenant.
    enti: Vec<(String, String)>,
    esempi: Vec<Esempio>,
    /// How an avviso looks like: number and codice fiscale of the first body.
    facsimile: Option<(NumeroAvviso, String)>,
    /// The check digits do not match: looking all the same is offered.
    comunque: bool,
}

#[derive(Deserialize)]
pub struct Cerca {
    #[serde(default)]
    codice: String,
    #[serde(default)]
    ente: String,
    #[serde(default)]
    qr: String,
    comunque: Option<String>,
}

async fn page_with(app: &App, page: Page, form: Form, comunque: bool) -> Home {
    let mut page = page.titled("paga-un-avviso");
    page.invalid = !form.is_ok();
    let tenant = &app.tenant;
    let facsimile = tenant.domini.first().and_then(|dominio| {
        let code = tenant.stazione(&dominio.stazione)?.application_code();
        Some((ricerca::esempio(dominio, code)?, dominio.id.to_string()))
    });
    Home {
        esempi: esempi(app, &page).await,
        enti: tenant
            .domini
            .iter()
            .map(|d| (d.id.to_string(), d.ragione_sociale.clone()))
            .collect(),
        page,
        form,
        facsimile,
        comunque,
    }
}

/// Payable avvisi of the demo, from the core if it lists them; else the last ones of this browser.
async fn esempi(app: &App, page: &Page) -> Vec<Esempio> {
    if !app.demo {
        return vec![];
    }
    let listed = app.core.esempi(5).await;
    if !listed.is_empty() {
        let listed = listed.into_iter().filter_map(|p| {
            let numero = p.numero_avviso?;
            Some(Esempio {
                url: avviso_url(&p.dominio.id_dominio, &numero),
                numero,
                ente: p.dominio.ragione_sociale,
                causale: p.causale,
                importo: p.importo,
            })
        });
        return listed.collect();
    }
    let Some(browser) = page.session().existing_id() else {
        return vec![];
    };
    let last = app
        .db
        .list_by_browser(browser, 20)
        .await
        .unwrap_or_else(|error| {
            tracing::warn!(%error, "the last avvisi of the browser could not be read");
            vec![]
        });
    let mut esempi: Vec<Esempio> = Vec::new();
    for s in last {
        let url = avviso_url(&s.id_dominio, &s.numero_avviso);
        if esempi.len() < 5 && esempi.iter().all(|e| e.url != url) {
            let importo = s.importo();
            esempi.push(Esempio {
                url,
                numero: s.numero_avviso,
                ente: s.ente,
                causale: s.causale,
                importo,
            });
        }
    }
    esempi
}

pub async fn home(page: Page, app: Data<App>) -> PageResult {
    let mut form = Form::new();
    if let [only] = &app.tenant.domini[..] {
        form.set("ente", only.id.as_str());
    }
    render(&page_with(&app, page, form, false).await)
}

/// No token in this form: it changes nothing, and works in a browser without cookies.
pub async fn cerca(page: Page, app: Data<App>, body: Body<Cerca>) -> PageResult {
    let insists = body.comunque.is_some();
    match ricerca::leggi(&app.tenant, &body.codice, &body.ente, &body.qr, insists) {
        Ok(found) => {
            if let Some(digits) = found.da_iuv {
                let text = page.t2("da-iuv", "n", digits, "numero", found.numero.as_str());
                page.session().flash(FlashKind::Info, text);
            }
            Ok(see_other(avviso_url(
                found.dominio.as_str(),
                found.numero.as_str(),
            )))
        }
        Err(errori) => {
            let mut form = Form::new();
            form.set("codice", &*body.codice)
                .set("ente", &*body.ente)
                .set("qr", &*body.qr);
            let comunque = errori.contains(&Errore::CodiceControllo);
            for errore in errori {
                let (field, text) = words(&page, errore);
                form.error(field, text);
            }
            let home = page_with(&app, page, form, comunque).await;
            render_status(StatusCode::UNPROCESSABLE_ENTITY, &home)
        }
    }
}

fn words(page: &Page, errore: Errore) -> (&'static str, String) {
    match errore {
        Errore::CodiceMancante => ("codice", page.t("codice-mancante")),
        Errore::CodiceCaratteri => ("codice", page.t("codice-caratteri")),
        Errore::CodiceLunghezza(n @ (15 | 17)) => ("codice", page.t1("codice-forse-iuv", "n", n)),
        Errore::CodiceLunghezza(n) => ("codice", page.t1("codice-lunghezza", "n", n)),
        Errore::CodicePrimaCifra => ("codice", page.t("codice-prima-cifra")),
        Errore::CodiceControllo => ("codice", page.t("codice-controllo")),
        Errore::Ente => ("ente", page.t("ente-errato")),
        Errore::Qr(text) => ("qr", text),
    }
}

/// The form again, with what was looked for and why there is no such avviso.
pub async fn non_trovato(
    page: Page,
    app: &App,
    id_dominio: &str,
    numero_avviso: &str,
) -> PageResult {
    let mut form = Form::new();
    form.set("codice", numero_avviso).set("ente", id_dominio);
    let text = page.t("avviso-sconosciuto");
    form.error("codice", text);
    let home = page_with(app, page, form, false).await;
    render_status(StatusCode::NOT_FOUND, &home)
}
