//! Who is at the console: login, logout, and the extractor that every page of an operator begins with.

use actix_web::dev::Payload;
use actix_web::error::InternalError;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Query};
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use askama::Template;
use chrono::TimeDelta;
use futures_util::future::LocalBoxFuture;
use platform::clock::real_now;
use serde::Deserialize;
use url::form_urlencoded;
use web::login::verify_password;
use web::{
    CsrfForm, Form, Page, PageError, PageResult, Session, local_path, render_status, see_other,
};

use crate::app::{App, Operatore};

/// How long a login lasts.
pub const DURATA: TimeDelta = TimeDelta::hours(12);

/// An operator and the page being made for them. Whoever is not logged in goes to the login page and
/// comes back.
pub struct Banco {
    pub page: Page,
    pub chi: Operatore,
    pub app: Data<App>,
}

impl FromRequest for Banco {
    type Error = actix_web::Error;
    type Future = LocalBoxFuture<'static, Result<Self, Self::Error>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let page = Page::from_request(req, payload).into_inner();
        let req = req.clone();
        Box::pin(async move {
            let page = page?;
            let app = app(&req)?;
            let Some(chi) = logged_in(&app, page.session()).await? else {
                let error = std::io::Error::other("not logged in");
                return Err(InternalError::from_response(error, to_login(&req)).into());
            };
            page.session().set_user(&chi.nome);
            Ok(Self { page, chi, app })
        })
    }
}

impl Banco {
    /// 403 unless the operator is an administrator.
    pub fn administrator(self) -> Result<Self, PageError> {
        if self.chi.amministratore {
            Ok(self)
        } else {
            let detail = self.page.t("solo-amministratori");
            Err(PageError::forbidden().detail(detail))
        }
    }

    /// 404 for an object of a body that the operator does not see: it does not exist for them.
    pub fn must_see(&self, id_dominio: &str) -> Result<(), PageError> {
        if self.chi.visibili.sees(id_dominio) {
            Ok(())
        } else {
            Err(PageError::not_found())
        }
    }
}

fn app(req: &HttpRequest) -> Result<Data<App>, PageError> {
    let missing = || PageError::internal(anyhow::anyhow!("Data<App> is not in the app's data"));
    req.app_data::<Data<App>>().cloned().ok_or_else(missing)
}

async fn logged_in(app: &App, session: &Session) -> Result<Option<Operatore>, PageError> {
    let Some(id) = session.existing_id() else {
        return Ok(None);
    };
    let principal = app.db.find_accesso(id, real_now() - DURATA).await?;
    Ok(principal.and_then(|principal| app.operatore(&principal).cloned()))
}

/// To the login page; a page that was asked for is opened after it, a form that was sent is lost.
fn to_login(req: &HttpRequest) -> HttpResponse {
    let back = match req.uri().path_and_query() {
        Some(wanted) if req.method().is_safe() && wanted.as_str() != "/" => {
            let mut query = form_urlencoded::Serializer::new(String::from("?"));
            query.append_pair("torna", wanted.as_str()).finish()
        }
        _ => String::new(),
    };
    see_other(format!("/accedi{back}"))
}

#[derive(Template)]
#[template(path = "accedi.html")]
struct Accedi {
    page: Page,
    form: Form,
    demo: Vec<(String, String)>,
}

#[derive(Deserialize)]
pub struct Torna {
    #[serde(default)]
    torna: String,
}

pub async fn login_page(page: Page, app: Data<App>, query: Query<Torna>) -> PageResult {
    let mut form = Form::new();
    form.set("torna", &query.torna);
    show(page, &app, form, StatusCode::OK)
}

fn show(page: Page, app: &App, form: Form, status: StatusCode) -> PageResult {
    let mut page = page.titled("accedi");
    page.invalid = !form.is_ok();
    // The credentials of the demo tenant are in its public file; those of others are not shown.
    let demo = if app.demo {
        app.operatori
            .iter()
            .map(|o| (o.principal.clone(), o.password.clone()))
            .collect()
    } else {
        vec![]
    };
    render_status(status, &Accedi { page, form, demo })
}

#[derive(Deserialize)]
pub struct Credenziali {
    #[serde(default)]
    utente: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    torna: String,
}

pub async fn login(page: Page, app: Data<App>, body: CsrfForm<Credenziali>) -> PageResult {
    let given = body.0;
    let mut form = Form::new();
    form.set("utente", &given.utente).set("torna", &given.torna);
    match check(&app, &given.utente, given.password).await? {
        Esito::Entra(chi) => {
            let id = page.session().rotate();
            app.db.insert_accesso(id, chi.principal, real_now()).await?;
            Ok(see_other(local_path(&given.torna).unwrap_or("/")))
        }
        Esito::Aspetta(seconds) => {
            form.error("", page.t1("troppi-tentativi", "n", seconds));
            show(page, &app, form, StatusCode::TOO_MANY_REQUESTS)
        }
        Esito::Sbagliato => {
            form.error("", page.t("credenziali-errate"));
            show(page, &app, form, StatusCode::UNAUTHORIZED)
        }
    }
}

#[derive(Deserialize)]
pub struct Niente {}

pub async fn logout(page: Page, app: Data<App>, _: CsrfForm<Niente>) -> PageResult {
    if let Some(id) = page.session().existing_id() {
        app.db.delete_accesso(id).await?;
    }
    page.session().forget();
    Ok(see_other("/accedi"))
}

/// What a pair of user and password is worth.
pub enum Esito {
    Entra(Operatore),
    Sbagliato,
    /// Seconds.
    Aspetta(u64),
}

/// Checks a pair, counting the failures of each name.
pub async fn check(app: &App, user: &str, password: String) -> anyhow::Result<Esito> {
    if let Err(seconds) = app.throttle.check(user) {
        return Ok(Esito::Aspetta(seconds));
    }
    let operatore = app.operatore(user);
    let stored = operatore.map(|o| o.password.clone());
    let right = verify_password(stored, password).await?;
    match operatore.filter(|_| right) {
        Some(operatore) => {
            app.throttle.succeeded(user);
            Ok(Esito::Entra(operatore.clone()))
        }
        None => {
            app.throttle.failed(user);
            Ok(Esito::Sbagliato)
        }
    }
}
