//! Login and logout.

use actix_web::dev::Payload;
use actix_web::error::InternalError;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Query};
use actix_web::{FromRequest, HttpRequest};
use askama::Template;
use chrono::TimeDelta;
use futures_util::future::LocalBoxFuture;
use platform::clock::real_now;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use web::{CsrfForm, Form, Page, PageError, PageResult, Session};
use web::{local_path, render, render_status, see_other};

use crate::app::App;
use crate::operatore::Operatore;

/// An access that is not used for so long is over.
pub const INATTIVITA: TimeDelta = TimeDelta::minutes(30);
/// And however much it is used, after so long.
const DURATA: TimeDelta = TimeDelta::hours(8);

/// The operator who is logged in; whoever is not goes to the login, and comes back after.
pub struct Utente(pub Operatore);

impl FromRequest for Utente {
    type Error = actix_web::Error;
    type Future = LocalBoxFuture<'static, Result<Self, actix_web::Error>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let session = Session::from_request(req, payload).into_inner();
        let req = req.clone();
        Box::pin(async move {
            let session = session?;
            let app = req.app_data::<Data<App>>().ok_or_else(|| {
                PageError::internal(anyhow::anyhow!("web::Data<App> is not in the app's data"))
            })?;
            if let Some(operatore) = chi(app, &session).await? {
                session.set_user(operatore.nome.clone());
                return Ok(Self(operatore));
            }
            let torna = req.uri().path_and_query().map_or("/", |p| p.as_str());
            let torna: String = url::form_urlencoded::byte_serialize(torna.as_bytes()).collect();
            let answer = see_other(format!("/login?torna={torna}"));
            Err(InternalError::from_response("login", answer).into())
        })
    }
}

async fn chi(app: &App, session: &Session) -> Result<Option<Operatore>, PageError> {
    let Some(id) = session.existing_id() else {
        return Ok(None);
    };
    let now = real_now();
    let (idle, born) = ((now - INATTIVITA).naive_utc(), (now - DURATA).naive_utc());
    let found = app
        .db
        .touch_accesso(impronta(&id), idle, born, now.naive_utc())
        .await?;
    Ok(found.and_then(|principal| app.operatori.find(&principal).cloned()))
}

/// The store keeps no value that could be used as a cookie.
fn impronta(id: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::new();
    for byte in Sha256::digest(id.as_bytes()) {
        // Writing to a String does not fail.
        let _ = write!(out, "{byte:02x}");
    }
    out
}

#[derive(Template)]
#[template(path = "login.html")]
struct Login {
    page: Page,
    form: Form,
    torna: String,
    errore: Option<String>,
    demo: Vec<(String, String)>,
}

#[derive(Default, Deserialize)]
pub struct Torna {
    #[serde(default)]
    torna: String,
}

#[derive(Deserialize)]
pub struct Credenziali {
    utente: String,
    password: String,
    #[serde(default)]
    torna: String,
}

fn login(app: &App, page: Page, torna: &str, form: Form, errore: Option<String>) -> Login {
    let mut page = page.titled("accesso");
    page.invalid = errore.is_some();
    let demo = app.tenant.operatori.iter().filter(|_| app.demo);
    Login {
        page,
        form,
        torna: local_path(torna).unwrap_or("/").to_owned(),
        errore,
        demo: demo
            .map(|o| (o.principal.clone(), o.password.reveal().to_owned()))
            .collect(),
    }
}

pub async fn mostra(app: Data<App>, page: Page, query: Query<Torna>) -> PageResult {
    if chi(&app, page.session()).await?.is_some() {
        return Ok(see_other(local_path(&query.torna).unwrap_or("/")));
    }
    render(&login(&app, page, &query.torna, Form::new(), None))
}

pub async fn entra(app: Data<App>, page: Page, body: CsrfForm<Credenziali>) -> PageResult {
    let body = body.0;
    let mut form = Form::new();
    form.set("utente", &body.utente);
    let user = body.utente.trim();
    if let Err(secondi) = app.throttle.check(user) {
        let testo = page.t1("troppi-tentativi", "n", secondi);
        let pagina = login(&app, page, &body.torna, form, Some(testo));
        return render_status(StatusCode::TOO_MANY_REQUESTS, &pagina);
    }
    let Some(operatore) = app.operatori.login(user, &body.password).await? else {
        app.throttle.failed(user);
        let testo = page.t("credenziali-errate");
        let pagina = login(&app, page, &body.torna, form, Some(testo));
        return render_status(StatusCode::UNAUTHORIZED, &pagina);
    };
    app.throttle.succeeded(user);
    let id = impronta(&page.session().rotate());
    let now = real_now().naive_utc();
    app.db.insert_accesso(id, operatore.principal, now).await?;
    Ok(see_other(local_path(&body.torna).unwrap_or("/")))
}

#[derive(Deserialize)]
pub struct Vuoto {}

pub async fn esci(app: Data<App>, session: Session, _body: CsrfForm<Vuoto>) -> PageResult {
    if let Some(id) = session.existing_id() {
        app.db.delete_accesso(impronta(&id)).await?;
    }
    session.forget();
    Ok(see_other("/login"))
}
