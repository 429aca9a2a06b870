//! Ruoli: rights under a name.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use govpay_api::PatchOp;
use govpay_api::anagrafica::{NuovaAcl, NuovoRuolo, Ruolo, Servizio};
use platform::StoreResult;
use serde_json::json;

use super::elenco::Elenco;
use super::modifiche::applica;
use super::scritta;
use super::utenze::{array, testo};
use crate::anagrafica::RigaRuolo;
use crate::pagamenti::Errore;
use crate::rest::App;
use crate::rest::auth::Operatore;
use crate::rest::contratto::{corpo, leggi};
use crate::rest::risposta::{
    Corpo, Parametri, Risposta, corpo as letto_senza_schema, json as answer,
};

/// The role as it is read.
pub fn letto(row: &RigaRuolo) -> StoreResult<Ruolo> {
    Ok(Ruolo {
        id: row.id_ruolo.clone(),
        acl: array(&row.acl)?,
    })
}

async fn ruolo(app: &App, id: &str) -> Result<RigaRuolo, Errore> {
    let found = app.pagamenti.db.ruoli_di(vec![id.to_owned()]).await?;
    let found = found.into_iter().next();
    found.ok_or_else(|| Errore::non_trovato(format!("nessun ruolo '{id}'")))
}

pub async fn put_ruolo(
    app: web::Data<App>,
    caller: Operatore,
    id: web::Path<String>,
    body: Corpo,
) -> Risposta {
    caller.scrive(Servizio::AnagraficaRuoli)?;
    let nuovo: NuovoRuolo = corpo(&body)?;
    let row = RigaRuolo {
        id_ruolo: id.into_inner(),
        acl: testo(&nuovo.acl)?,
    };
    Ok(scritta(app.pagamenti.db.put_ruolo(row).await?))
}

pub async fn get_ruolo(app: web::Data<App>, caller: Operatore, id: web::Path<String>) -> Risposta {
    caller.legge(Servizio::AnagraficaRuoli)?;
    Ok(answer(StatusCode::OK, &letto(&ruolo(&app, &id).await?)?))
}

pub async fn patch_ruolo(
    app: web::Data<App>,
    caller: Operatore,
    id: web::Path<String>,
    body: Corpo,
) -> Risposta {
    caller.scrive(Servizio::AnagraficaRuoli)?;
    let ops: Vec<PatchOp> = letto_senza_schema(&body)?;
    let row = ruolo(&app, &id).await?;
    let mut nuovo = json!({ "acl": array::<NuovaAcl>(&row.acl)? });
    applica(&mut nuovo, &ops, &["acl"])?;
    let nuovo: NuovoRuolo = leggi(nuovo)?;
    let row = RigaRuolo {
        id_ruolo: row.id_ruolo,
        acl: testo(&nuovo.acl)?,
    };
    app.pagamenti.db.put_ruolo(row.clone()).await?;
    Ok(answer(StatusCode::OK, &letto(&row)?))
}

pub async fn list_ruoli(
    app: web::Data<App>,
    caller: Operatore,
    q: Parametri<Elenco>,
    req: HttpRequest,
) -> Risposta {
    caller.legge(Servizio::AnagraficaRuoli)?;
    let rows = app.pagamenti.db.list_ruoli().await?;
    let rows: Vec<Ruolo> = rows.iter().map(letto).collect::<StoreResult<_>>()?;
    q.into_inner().risposta(rows, &req)
}
