//! Sessions of browsers: begun with a form, ended with a logout.
//!
//! The cookie is for us alone (`SameSite=Strict`, not for scripts), and a request that a page of another
//! site has caused is refused whatever its method: some operations of the contract act on a GET.

use ::web::session::random_id;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::{Method, header};
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::TimeDelta;
use platform::clock::real_now;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::App;
use super::accesso::Modo;
use super::risposta::{
    Corpo, Risposta, nessuna, non_autenticato, non_autorizzato, sintassi, troppe,
};
use crate::pagamenti::Errore;

/// A session that is not used for so long is over.
pub const INATTIVITA: TimeDelta = TimeDelta::minutes(30);
/// And however much it is used, after so long.
const DURATA: TimeDelta = TimeDelta::hours(8);

/// Name of the cookie: over https one that only this host can have set, for the whole of it.
fn nome(app: &App) -> &'static str {
    match app.accesso.https {
        true => "__Host-govpay_core_sessione",
        false => "govpay_core_sessione",
    }
}

fn cookie(app: &App, value: String) -> Cookie<'static> {
    Cookie::build(nome(app), value)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(app.accesso.https)
        .finish()
}

/// The store keeps no value that could be used as a cookie.
fn impronta(id: &str) -> String {
    let digest = Sha256::digest(id.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Who is logged in, if the request was caused by one of our own pages or by no page at all.
pub async fn principal(app: &App, req: &HttpRequest) -> Result<Option<String>, Errore> {
    let Some(cookie) = req.cookie(nome(app)) else {
        return Ok(None);
    };
    da_noi(req)?;
    let now = real_now();
    let (idle, born) = ((now - INATTIVITA).naive_utc(), (now - DURATA).naive_utc());
    let id = impronta(cookie.value());
    let db = &app.pagamenti.db;
    Ok(db.touch_accesso(id, idle, born, now.naive_utc()).await?)
}

/// Browsers say which site a request comes from (Fetch Metadata; the older ones with `Origin`, when it is
/// not a GET); who says nothing is a program.
fn da_noi(req: &HttpRequest) -> Result<(), Errore> {
    let text = |name: &str| req.headers().get(name).and_then(|v| v.to_str().ok());
    let ours = match (text("sec-fetch-site"), text("origin")) {
        (Some(site), _) => {
            site == "same-origin" || (site == "none" && *req.method() == Method::GET)
        }
        (None, Some(origin)) => {
            let host = origin.split_once("://").map(|(_, host)| host);
            host.is_some() && host == text("host")
        }
        (None, None) => true,
    };
    if ours {
        return Ok(());
    }
    Err(non_autorizzato(
        "la richiesta viene da una pagina di un altro sito",
    ))
}

#[derive(Deserialize)]
struct Modulo {
    username: String,
    password: String,
}

/// Begins a session: a form with `username` and `password`, the cookie in the answer.
pub async fn entra(app: web::Data<App>, req: HttpRequest, body: Corpo) -> Risposta {
    if Modo::of(&req) != Modo::Sessione {
        return Err(nessuna(&req).into());
    }
    da_noi(&req)?;
    let Modulo { username, password } = serde_urlencoded::from_bytes(&body)
        .map_err(|_| sintassi("attesi i campi username e password di un modulo"))?;
    app.accesso.tentativi.check(&username).map_err(troppe)?;
    let stored = password_di(&app, &username).await?;
    // An answer that does not come is a refusal, never a way in.
    let right = app.verified.check(stored, password).await;
    if !right.unwrap_or_default() {
        app.accesso.tentativi.failed(&username);
        tracing::warn!("login refused");
        return Err(non_autenticato().into());
    }
    app.accesso.tentativi.succeeded(&username);
    let db = &app.pagamenti.db;
    // Whoever had a session before leaves it.
    if let Some(old) = req.cookie(nome(&app)) {
        db.delete_accesso(impronta(old.value())).await?;
    }
    let id = random_id();
    db.insert_accesso(impronta(&id), username, real_now().naive_utc())
        .await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .cookie(cookie(&app, id))
        .finish())
}

/// The password of an utenza that is enabled.
async fn password_di(app: &App, principal: &str) -> Result<Option<String>, Errore> {
    let db = &app.pagamenti.db;
    if let Some(row) = db.find_operatore(principal.to_owned()).await? {
        return Ok(Some(row.password).filter(|_| row.abilitato));
    }
    let found = db.find_applicazione(principal.to_owned()).await?;
    Ok(found.filter(|row| row.abilitato).map(|row| row.password))
}

/// Ends the session, if the request is of one; those that bring their credentials have none to end.
pub async fn esci(app: &App, req: &HttpRequest) -> Risposta {
    let mut answer = HttpResponse::Ok();
    if let Some(old) = req
        .cookie(nome(app))
        .filter(|_| Modo::of(req) == Modo::Sessione)
    {
        let id = impronta(old.value());
        app.pagamenti.db.delete_accesso(id).await?;
        let mut gone = cookie(app, String::new());
        gone.set_max_age(Duration::ZERO);
        answer.cookie(gone);
    }
    Ok(answer.finish())
}
