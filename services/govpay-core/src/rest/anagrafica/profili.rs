//! Bodies, callers and who the caller is.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use govpay_api::{Acl, Dominio, Info, Profilo};

use govpay_api::anagrafica::{Servizio, VersioneApiEnte};

use crate::pagamenti::{Chiamante, Errore};
use crate::pendenza::DominioRow;
use crate::rest::App;
use crate::rest::auth::{Applicazione, Operatore};
use crate::rest::lettura;
use crate::rest::risposta::{Impaginazione, Parametri, Risposta, json};
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
    caller: Applicazione,
    page: Parametri<Impaginazione>,
    req: HttpRequest,
) -> Risposta {
    list(&app, &caller.chiamante(), page.into_inner(), &req).await
}

pub async fn dominio_as_portale(
    app: web::Data<App>,
    caller: Applicazione,
    id: web::Path<String>,
) -> Risposta {
    detail(&app, &caller.chiamante(), &id).await
}

pub async fn profilo_as_gestionale(app: web::Data<App>, caller: Applicazione) -> Risposta {
    profilo(
        &app,
        &caller.chiamante(),
        caller.0.id_a2a.clone(),
        &["API Pendenze"],
    )
    .await
}

pub async fn profilo_as_portale(app: web::Data<App>, caller: Applicazione) -> Risposta {
    profilo(
        &app,
        &caller.chiamante(),
        caller.0.id_a2a.clone(),
        &["API Pagamenti"],
    )
    .await
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
        nome: caller.row.nome.clone(),
        domini: domini.iter().map(lettura::dominio).collect(),
        tipi_pendenza: vec![],
        acl: acl.collect(),
    };
    Ok(json(StatusCode::OK, &profilo))
}

/// Nothing to end: each request brings its own credentials.
pub async fn logout(_caller: Operatore) -> Risposta {
    Ok(HttpResponse::Ok().finish())
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
