//! The pages: the form of a body comes in, the citizen chooses, the browser goes back.

use std::collections::HashMap;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY};
use actix_web::web::{Data, Form as Urlencoded, Path, Query, ServiceConfig, get, post};
use askama::Template;
use domain::Importo;
use serde::Deserialize;
use tenant::Metodo;
use uuid::Uuid;
use web::{Form, Journey, Page, PageError, PageResult, render, render_status, see_other};

use crate::App;
use crate::catalogo::{self, Gruppo, Ordine};
use crate::richiesta::{CampoErrato, Richiesta};
use crate::sessione::{Sessione, StatoSessione};

pub fn routes(config: &mut ServiceConfig) {
    config
        .route("/", get().to(home))
        .route("/", post().to(entra))
        .route("/scelta/{id}", get().to(mostra))
        .route("/scelta/{id}", post().to(scegli))
        .route("/scelta/{id}/esci", post().to(esci));
}

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    page: Page,
    portale: String,
}

/// Whoever opens the address by hand is told what this site is.
async fn home(page: Page, app: Data<App>) -> PageResult {
    let portale = app.peers.portale.public.clone();
    render(&Home {
        page: page.titled("home-titolo"),
        portale,
    })
}

#[derive(Template)]
#[template(path = "richiesta_errata.html")]
struct RichiestaErrata {
    page: Page,
    faults: Vec<CampoErrato>,
}

/// The post of a body's portal: another site, so no cookie of ours and no token.
async fn entra(
    page: Page,
    app: Data<App>,
    campi: Urlencoded<HashMap<String, String>>,
) -> PageResult {
    let richiesta = match Richiesta::read(&campi, &app.tenant) {
        Ok(richiesta) => richiesta,
        Err(faults) => {
            let page = page.titled("richiesta-errata-titolo");
            return render_status(StatusCode::BAD_REQUEST, &RichiestaErrata { page, faults });
        }
    };
    let sessione = app.db.open(nuova_sessione(richiesta, &app)).await?;
    Ok(see_other(format!("/scelta/{}", sessione.id)))
}

fn nuova_sessione(richiesta: Richiesta, app: &App) -> Sessione {
    Sessione {
        id: Uuid::new_v4().simple().to_string(),
        id_dominio: richiesta.id_dominio.into(),
        key_pa: richiesta.key_pa,
        ente_creditore: richiesta.ente_creditore,
        url_return: richiesta.url_return,
        url_back: richiesta.url_back,
        importo: richiesta.importo.cents(),
        bollo: richiesta.bollo,
        modello_2: richiesta.modello_2,
        conto_poste: richiesta.conto_poste,
        id_psp_richiesto: richiesta.id_psp,
        stato: StatoSessione::Aperta.name().to_owned(),
        key_wisp: None,
        id_psp: None,
        id_intermediario_psp: None,
        id_canale: None,
        tipo_versamento: None,
        created_at: app.clock.now().naive_utc(),
        concluded_at: None,
    }
}

#[derive(Template)]
#[template(path = "scelta.html")]
struct Scelta {
    page: Page,
    form: Form,
    sessione: Sessione,
    importo: Importo,
    gruppi: Vec<Gruppo>,
    economica: Option<String>,
    per_nome: bool,
}

impl Scelta {
    fn new(
        page: Page,
        app: &App,
        form: Form,
        sessione: Sessione,
        ordine: Ordine,
    ) -> Result<Self, PageError> {
        let importo = sessione.importo()?;
        let gruppi = catalogo::offerte(&app.tenant, &sessione, importo, ordine);
        let economica = catalogo::piu_economica(&gruppi).map(str::to_owned);
        let mut page = page.titled("scelta-titolo").at_step(Journey::Ente, 2);
        page.invalid = !form.is_ok();
        let per_nome = ordine == Ordine::Nome;
        Ok(Self {
            page,
            form,
            sessione,
            importo,
            gruppi,
            economica,
            per_nome,
        })
    }

    fn metodo(&self, gruppo: &Gruppo) -> String {
        self.page.t(match gruppo.metodo {
            Metodo::Carta => "metodo-carta",
            Metodo::Conto => "metodo-conto",
            Metodo::Altro => "metodo-altro",
        })
    }

    fn is_economica(&self, canale: &str) -> bool {
        self.economica.as_deref() == Some(canale)
    }
}

#[derive(Deserialize)]
struct Ordinamento {
    #[serde(default)]
    ordina: String,
}

impl Ordinamento {
    fn ordine(&self) -> Ordine {
        if self.ordina == "nome" {
            Ordine::Nome
        } else {
            Ordine::Commissione
        }
    }
}

async fn mostra(
    page: Page,
    app: Data<App>,
    id: Path<String>,
    query: Query<Ordinamento>,
) -> PageResult {
    let sessione = find(&app, &page, id.into_inner()).await?;
    if sessione.stato()? != StatoSessione::Aperta {
        return torna(page, &sessione);
    }
    render(&Scelta::new(
        page,
        &app,
        Form::new(),
        sessione,
        query.ordine(),
    )?)
}

/// The session of the address. One that was left for too long ends here.
async fn find(app: &App, page: &Page, id: String) -> Result<Sessione, PageError> {
    let unknown = || {
        PageError::not_found()
            .title(page.t("sessione-sconosciuta-titolo"))
            .detail(page.t("sessione-sconosciuta-testo"))
            .action(page.t("vai-al-portale"), app.peers.portale.public.clone())
    };
    let sessione = app.db.find(id).await?.ok_or_else(unknown)?;
    let now = app.clock.now();
    if sessione.stato()? == StatoSessione::Aperta && sessione.is_overdue(now) {
        let closed = app
            .db
            .close(sessione.id, StatoSessione::Scaduta, now)
            .await?;
        return closed.ok_or_else(unknown);
    }
    Ok(sessione)
}

#[derive(Deserialize)]
struct Scelto {
    #[serde(default)]
    canale: String,
}

/// "Continua". The address is the secret that proves the citizen: a token would add nothing, and the
/// first post of a session comes without cookies.
async fn scegli(
    page: Page,
    app: Data<App>,
    id: Path<String>,
    body: Urlencoded<Scelto>,
) -> PageResult {
    let sessione = find(&app, &page, id.into_inner()).await?;
    if sessione.stato()? != StatoSessione::Aperta {
        return torna(page, &sessione);
    }
    let groups = catalogo::offerte(
        &app.tenant,
        &sessione,
        sessione.importo()?,
        Ordine::Commissione,
    );
    let Some(scelta) = catalogo::find(&groups, &body.canale) else {
        let mut form = Form::new();
        form.error("canale", page.t("scegli-un-psp"));
        let again = Scelta::new(page, &app, form, sessione, Ordine::Commissione)?;
        return render_status(StatusCode::UNPROCESSABLE_ENTITY, &again);
    };
    let key_wisp = Uuid::new_v4().simple().to_string();
    let chosen = app
        .db
        .choose(sessione.id, key_wisp, scelta, app.clock.now())
        .await?;
    match chosen {
        Some(sessione) => torna(page, &sessione),
        None => Err(PageError::not_found()),
    }
}

/// "Annulla".
async fn esci(page: Page, app: Data<App>, id: Path<String>) -> PageResult {
    let sessione = find(&app, &page, id.into_inner()).await?;
    let closed = app
        .db
        .close(sessione.id, StatoSessione::Annullata, app.clock.now())
        .await?;
    match closed {
        Some(sessione) => torna(page, &sessione),
        None => Err(PageError::not_found()),
    }
}

#[derive(Template)]
#[template(path = "ritorno.html")]
struct Ritorno {
    page: Page,
    testo: String,
    azione: String,
    campi: Vec<(&'static str, String)>,
}

/// The post back to the body, with the fields of WISP 1.3 and no other. The script presses the
/// button. Only here may a form reach the body's address.
fn torna(page: Page, sessione: &Sessione) -> PageResult {
    let mut campi = vec![
        ("idDominio", sessione.id_dominio.clone()),
        ("keyPA", sessione.key_pa.clone()),
    ];
    let (azione, testo) = match (sessione.stato()?.tipo_ritorno(), &sessione.key_wisp) {
        (Some(tipo), _) => {
            campi.push(("type", tipo.to_owned()));
            (
                &sessione.url_back,
                format!("ritorno-{}", tipo.to_ascii_lowercase()),
            )
        }
        (None, Some(key_wisp)) => {
            campi.push(("keyWISP", key_wisp.clone()));
            (&sessione.url_return, "ritorno-scelta".to_owned())
        }
        (None, None) => return Ok(see_other(format!("/scelta/{}", sessione.id))),
    };
    let csp = web::headers::content_security_policy(&page.shell().clone().posts_to(azione));
    let testo = page.t(&testo);
    let page = page.titled("ritorno-titolo").at_step(Journey::Ente, 2);
    let html = Ritorno {
        page,
        testo,
        azione: azione.clone(),
        campi,
    }
    .render()
    .map_err(|error| PageError::internal(error.into()))?;
    Ok(HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((CONTENT_SECURITY_POLICY, csp))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(html))
}
