//! Bodies, callers and who the caller is.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use govpay_api::{Acl, Dominio, Info, PatchOp, Profilo};

use govpay_api::anagrafica::{Servizio, VersioneApiEnte};

use super::utenze::cifrata;
use crate::pagamenti::{Chiamante, Errore};
use crate::pendenza::DominioRow;
use crate::rest::auth::{Applicazione, Operatore, Pagante};
use crate::rest::risposta::{Corpo, Impaginazione, Parametri, Risposta, corpo, json};
use crate::rest::{App, lettura, login};
use crate::tentativo::Pagina;

async fn visible(app: &App, chiamante: &Chiamante) -> Result<Vec<DominioRow>, Errore> {
    Ok(app.pagamenti.db.list_enti(chiamante.domini.clone()).await?)
}

async fn list(
    app: &App,
    chiamante: &Chiamante,
    page: Impaginazione,
    req: &HttpRequest,
) -> Risposta {
    let (size, offset) = page.limits()?;
    let all = visible(app, chiamante).await?;
    let totale = i64::try_from(all.len()).unwrap_or(i64::MAX);
    let (skip, take) = (
        usize::try_from(offset).unwrap_or(usize::MAX),
        usize::try_from(size).unwrap_or(0),
    );
    let rows: Vec<Dominio> = all
        .iter()
        .skip(skip)
        .take(take)
        .map(lettura::dominio)
        .collect();
    let lista = page.lista(Pagina { rows, totale }, req.path(), req.query_string())?;
    Ok(json(StatusCode::OK, &lista))
}

async fn detail(app: &App, chiamante: &Chiamante, id: &str) -> Risposta {
    let found = visible(app, chiamante)
        .await?
        .into_iter()
        .find(|row| row.id_dominio == id);
    let row = found.ok_or_else(|| Errore::non_trovato(format!("nessun dominio '{id}'")))?;
    Ok(json(StatusCode::OK, &lettura::dominio(&row)))
}

async fn profilo(app: &App, chiamante: &Chiamante, nome: String, servizi: &[&str]) -> Risposta {
    let domini = visible(app, chiamante)
        .await?
        .iter()
        .map(lettura::dominio)
        .collect();
    let acl = servizi.iter().map(|servizio| Acl {
        servizio: (*servizio).to_owned(),
        autorizzazioni: vec!["R".to_owned(), "W".to_owned()],
    });
    let profilo = Profilo {
        nome,
        domini,
        tipi_pendenza: vec![],
        acl: acl.collect(),
    };
    Ok(json(StatusCode::OK, &profilo))
}

pub async fn domini_as_portale(
    app: web::Data<App>,
    caller: Pagante,
    page: Parametri<Impaginazione>,
    req: HttpRequest,
) -> Risposta {
    list(&app, &caller.chiunque()?, page.into_inner(), &req).await
}

pub async fn dominio_as_portale(
    app: web::Data<App>,
    caller: Pagante,
    id: web::Path<String>,
) -> Risposta {
    detail(&app, &caller.chiunque()?, &id).await
}

pub async fn profilo_as_gestionale(app: web::Data<App>, caller: Applicazione) -> Risposta {
    let caller = caller.may_pendenze()?.chiamante();
    profilo(&app, &caller, nome(&caller), &["API Pendenze"]).await
}

pub async fn profilo_as_portale(app: web::Data<App>, caller: Pagante) -> Risposta {
    let caller = caller.noto()?;
    profilo(&app, &caller, nome(&caller), &["API Pagamenti"]).await
}

/// Of the utenza: of a citizen, the codice fiscale.
pub fn nome(caller: &Chiamante) -> String {
    let citizen = || caller.debitore();
    caller.id_a2a.clone().or_else(citizen).unwrap_or_default()
}

/// The caller, with what it may do: its own rights and those of its roles.
pub async fn profilo_as_operatore(app: web::Data<App>, caller: Operatore) -> Risposta {
    let domini = visible(&app, &caller.chiamante()).await?;
    let acl = caller.acl.iter().map(|acl| Acl {
        servizio: acl.servizio.name().to_owned(),
        autorizzazioni: acl
            .autorizzazioni
            .iter()
            .map(|right| format!("{right:?}"))
            .collect(),
    });
    let profilo = Profilo {
        nome: caller.nome.clone(),
        domini: domini.iter().map(lettura::dominio).collect(),
        tipi_pendenza: vec![],
        acl: acl.collect(),
    };
    Ok(json(StatusCode::OK, &profilo))
}

/// What the caller changes of itself: `REPLACE /password`. Whoever is logged in with the old one is out.
pub async fn patch_profilo(app: web::Data<App>, caller: Operatore, body: Corpo) -> Risposta {
    let ops: Vec<PatchOp> = corpo(&body)?;
    let [PatchOp { op, path, value }] = ops.as_slice() else {
        let text = "attesa una sola modifica: REPLACE di /password";
        return Err(Errore::richiesta(text).into());
    };
    if op != "REPLACE" || path.trim_start_matches('/') != "password" {
        let text = format!("{op} {path}: del proprio profilo si cambia solo REPLACE di /password");
        return Err(Errore::richiesta(text).into());
    }
    let password = value.as_str().unwrap_or_default();
    check_password(password)?;
    let (principal, hash) = (caller.principal.clone(), cifrata(password)?);
    app.pagamenti.db.set_password(principal, hash).await?;
    profilo_as_operatore(app, caller).await
}

/// At least 8 characters, at most 128, with a small and a capital letter and a digit, without blanks.
fn check_password(password: &str) -> Result<(), Errore> {
    let has = |kind: fn(char) -> bool| password.chars().any(kind);
    let long_enough = (8..=128).contains(&password.chars().count());
    if long_enough
        && has(char::is_lowercase)
        && has(char::is_uppercase)
        && has(char::is_numeric)
        && !has(char::is_whitespace)
    {
        return Ok(());
    }
    Err(Errore::richiesta(
        "password: da 8 a 128 caratteri senza spazi, con una minuscola, una maiuscola e una cifra",
    ))
}

/// Ends the session of a browser; who brings its credentials with each request has none.
pub async fn logout(app: web::Data<App>, _caller: Operatore, req: HttpRequest) -> Risposta {
    login::esci(&app, &req).await
}

/// As [`logout`], of API Pagamento.
pub async fn logout_as_portale(app: web::Data<App>, caller: Pagante, req: HttpRequest) -> Risposta {
    caller.noto()?;
    login::esci(&app, &req).await
}

pub async fn servizi_acl(_caller: Operatore) -> Risposta {
    Ok(json(StatusCode::OK, &Servizio::TUTTI.map(Servizio::name)))
}

/// Versions of the API Ente, as an applicazione may speak them.
pub async fn versioni_connettore(_caller: Operatore) -> Risposta {
    let versioni = [VersioneApiEnte::RestV1, VersioneApiEnte::RestV2];
    Ok(json(StatusCode::OK, &versioni))
}

pub async fn info(_caller: Operatore) -> Risposta {
    let info = Info {
        app_name: "GovPay Lab".to_owned(),
        versione: env!("CARGO_PKG_VERSION").to_owned(),
        build: env!("CARGO_PKG_VERSION").to_owned(),
        ambiente: "simulazione".to_owned(),
    };
    Ok(json(StatusCode::OK, &info))
}
