//! Attempts beyond their reading: the RPT as a document, and what a person changes of an attempt or
//! of a session.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use govpay_api::anagrafica::Servizio;
use govpay_api::{Categoria, Pagamento, PatchOp, Rpp};
use serde_json::Value;

use super::auth::{Applicazione, Operatore, Pagante};
use super::risposta::{Corpo, Guasto, Risposta, corpo};
use super::{App, scambi};
use crate::giornale::Scambio;
use crate::pagamenti::vista::{self, Date};
use crate::pagamenti::{Chiamante, Errore, letture};

type Key = web::Path<(String, String, String)>;

/// `Accept` of a request.
pub fn accept(req: &HttpRequest) -> Option<&str> {
    let value = req.headers().get(header::ACCEPT)?;
    value.to_str().ok().filter(|text| !text.trim().is_empty())
}

/// The first of `forme` (media type, and what it stands for) that the caller takes, in the caller's
/// order; the first of all when it does not say or takes anything.
pub fn forma<T: Copy>(req: &HttpRequest, forme: &[(&str, T)]) -> Result<T, Errore> {
    let wanted = accept(req).unwrap_or("*/*");
    let found = wanted.split(',').find_map(|range| {
        let range = range.split(';').next().unwrap_or_default().trim();
        let taken =
            |(name, _): &&(&str, T)| range == "*/*" || range == *name || range == "application/*";
        forme.iter().find(taken)
    });
    found.map(|(_, forma)| *forma).ok_or_else(|| {
        let names: Vec<&str> = forme.iter().map(|(name, _)| *name).collect();
        let text = format!(
            "Accept: il valore '{wanted}' non è tra {}",
            names.join(", ")
        );
        let title = "Formato non disponibile";
        Errore::new(406, Categoria::Richiesta, "406000", title, text)
    })
}

/// The request of payment as it went to pagoPA: XML unless JSON is asked for.
async fn rpt(app: &App, caller: &Chiamante, key: Key, req: &HttpRequest) -> Risposta {
    let json = forma(
        req,
        &[
            ("application/xml", false),
            ("text/xml", false),
            ("application/json", true),
        ],
    )?;
    let (dominio, iuv, ccp) = key.into_inner();
    let (row, _) = letture::attempt(&app.pagamenti, caller, [dominio, iuv, ccp]).await?;
    let Some(xml) = row.xml_rpt else {
        let text = format!(
            "il tentativo {} non ha una richiesta: è noto dalla sua ricevuta",
            row.ccp
        );
        return Err(Errore::non_trovato(text).into());
    };
    if json {
        return Ok(HttpResponse::Ok().json(vista::documento(&xml)?));
    }
    Ok(HttpResponse::Ok()
        .content_type("application/xml; charset=utf-8")
        .body(xml))
}

pub async fn rpt_as_gestionale(
    app: web::Data<App>,
    caller: Applicazione,
    key: Key,
    req: HttpRequest,
) -> Risposta {
    rpt(&app, &caller.may_pendenze()?.gestionale(), key, &req).await
}

pub async fn rpt_as_portale(
    app: web::Data<App>,
    caller: Pagante,
    key: Key,
    req: HttpRequest,
) -> Risposta {
    rpt(&app, &caller.noto()?, key, &req).await
}

pub async fn rpt_as_operatore(
    app: web::Data<App>,
    caller: Operatore,
    key: Key,
    req: HttpRequest,
) -> Risposta {
    rpt(&app, &caller.legge(Servizio::Pagamenti)?, key, &req).await
}

/// Lets an attempt keep others out, or not: `/bloccante`.
pub async fn patch_rpp(
    app: web::Data<App>,
    caller: Operatore,
    key: Key,
    req: HttpRequest,
    body: Corpo,
) -> Risposta {
    let mut scambio = scambi::begin(&app, "API_BACKOFFICE", "updateRpp", &req, &body);
    let changed = change_rpp(
        &app,
        &caller.scrive(Servizio::Pagamenti)?,
        key,
        &body,
        &mut scambio,
    )
    .await;
    scambi::end(&app, scambio, StatusCode::OK, changed).await
}

async fn change_rpp(
    app: &App,
    caller: &Chiamante,
    key: Key,
    body: &[u8],
    scambio: &mut Scambio,
) -> Result<Rpp, Guasto> {
    let bloccante = acceso(&corpo::<Vec<PatchOp>>(body)?, &["/bloccante"])?;
    let (dominio, iuv, ccp) = key.into_inner();
    let key = [dominio, iuv, ccp];
    let (row, posizione) = letture::attempt(&app.pagamenti, caller, key.clone()).await?;
    let evento = &mut scambio.evento;
    evento.id_a2a = Some(posizione.pendenza.id_a2a);
    evento.id_pendenza = Some(posizione.pendenza.id_pendenza);
    evento.id_dominio = Some(row.id_dominio);
    evento.iuv = Some(row.iuv);
    evento.ccp = Some(row.ccp);
    let now = app.pagamenti.now();
    app.pagamenti
        .db
        .set_bloccante(row.id, bloccante, now)
        .await?;
    Ok(letture::rpp(&app.pagamenti, caller, key).await?)
}

/// Marks a session as looked into, or takes that back: `/verificato` (`/ack` is the same).
pub async fn patch_pagamento(
    app: web::Data<App>,
    caller: Operatore,
    id: web::Path<String>,
    req: HttpRequest,
    body: Corpo,
) -> Risposta {
    let mut scambio = scambi::begin(&app, "API_BACKOFFICE", "updatePagamento", &req, &body);
    let id = id.into_inner();
    let changed = change_pagamento(
        &app,
        &caller.scrive(Servizio::Pagamenti)?,
        id,
        &body,
        &mut scambio,
    )
    .await;
    scambi::end(&app, scambio, StatusCode::OK, changed).await
}

async fn change_pagamento(
    app: &App,
    caller: &Chiamante,
    id: String,
    body: &[u8],
    scambio: &mut Scambio,
) -> Result<Pagamento, Guasto> {
    let verificato = acceso(&corpo::<Vec<PatchOp>>(body)?, &["/verificato", "/ack"])?;
    let p = &app.pagamenti;
    // It says whether there is such a session for this caller.
    letture::pagamento(p, caller, id.clone(), Date::Istanti).await?;
    scambio.evento.id_pagamento = Some(id.clone());
    p.db.set_verificato(id.clone(), verificato, p.now()).await?;
    Ok(letture::pagamento(p, caller, id, Date::Istanti).await?)
}

/// The value that the operations give to the one field that may change; the last one wins.
fn acceso(ops: &[PatchOp], paths: &[&str]) -> Result<bool, Errore> {
    let mut wanted = None;
    for (i, op) in ops.iter().enumerate() {
        match (paths.contains(&op.path.as_str()), op.op.as_str(), &op.value) {
            (true, "REPLACE", Value::Bool(value)) => wanted = Some(*value),
            _ => {
                return Err(Errore::richiesta(format!(
                    "[{i}]: {} {} non è un'operazione valida; è ammessa REPLACE {} con valore true o false",
                    op.op, op.path, paths[0]
                )));
            }
        }
    }
    wanted.ok_or_else(|| Errore::richiesta(format!("manca l'operazione REPLACE {}", paths[0])))
}
