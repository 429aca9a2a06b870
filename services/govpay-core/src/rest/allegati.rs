//! The files of pendenze.

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use govpay_api::anagrafica::Servizio;

use super::App;
use super::auth::{Applicazione, Operatore};
use super::risposta::Risposta;
use crate::pagamenti::{Chiamante, Errore};
use crate::pendenza::AllegatoRow;

type Key = web::Path<String>;

/// The file, to be saved and never shown: what it holds is somebody else's.
async fn answer(app: &App, caller: &Chiamante, id: &str) -> Risposta {
    let sconosciuto = || Errore::non_trovato(format!("nessun allegato '{id}'"));
    let key: i64 = id.parse().map_err(|_| sconosciuto())?;
    let found = app.pagamenti.db.find_allegato(key).await?;
    let visible =
        found.filter(|(_, [dominio, a2a, tipo])| caller.sees_pendenza(dominio, a2a, tipo));
    let (row, _) = visible.ok_or_else(sconosciuto)?;
    let AllegatoRow {
        nome,
        tipo,
        contenuto,
        ..
    } = row;
    let tipo = header::HeaderValue::from_str(&tipo)
        .unwrap_or(header::HeaderValue::from_static("application/octet-stream"));
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, tipo))
        .insert_header((header::CONTENT_DISPOSITION, ::web::attachment(&nome)))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .body(contenuto))
}

pub async fn get_as_gestionale(app: web::Data<App>, caller: Applicazione, id: Key) -> Risposta {
    answer(&app, &caller.may_pendenze()?.gestionale(), &id).await
}

pub async fn get_as_portale(app: web::Data<App>, caller: Applicazione, id: Key) -> Risposta {
    answer(&app, &caller.may_pagamenti()?.chiamante(), &id).await
}

pub async fn get_as_ragioneria(app: web::Data<App>, caller: Applicazione, id: Key) -> Risposta {
    answer(&app, &caller.may_ragioneria()?.chiamante(), &id).await
}

pub async fn get_as_operatore(app: web::Data<App>, caller: Operatore, id: Key) -> Risposta {
    answer(&app, &caller.legge(Servizio::Pendenze)?, &id).await
}
