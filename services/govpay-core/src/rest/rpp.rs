//! Attempts and their receipts over REST.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, get, web};
use govpay_api::anagrafica::Servizio;
use govpay_api::{Fault, Rpp};

use super::App;
use super::auth::{Applicazione, Operatore, Pagante};
use super::domanda::{Domanda, MAX_BACKOFFICE};
use super::risposta::{Risposta, json};
use crate::pagamenti::letture::{self, Formato};
use crate::pagamenti::{Chiamante, Errore};
use crate::tentativo::FiltroRpt;

/// The attempts of a caller that the query asks for. `filtro`: what the caller may see.
async fn list_rpp(app: &App, filtro: FiltroRpt, req: &HttpRequest) -> Risposta {
    let d = Domanda::new(req, MAX_BACKOFFICE);
    let asked = d.testo("idA2A")?;
    let filtro = FiltroRpt {
        id_dominio: d.testo("idDominio")?,
        iuv: d.testo("iuv")?,
        ccp: d.testo("ccp")?,
        id_a2a: filtro.id_a2a.or(asked),
        id_pendenza: d.testo("idPendenza")?,
        id_pagamento: d.testo("idPagamento")?,
        esito: d.testo("esito")?,
        data_rpt_da: d.da("dataRptDa")?,
        data_rpt_a: d.fino_a("dataRptA")?,
        data_rt_da: d.da("dataRtDa")?,
        data_rt_a: d.fino_a("dataRtA")?,
        domini: filtro.domini,
        debitore: filtro.debitore,
        id_a2a_portale: filtro.id_a2a_portale,
    };
    d.rispondi(letture::rpps(&app.pagamenti, filtro, d.taglio()?).await?)
}

pub async fn list_rpp_as_gestionale(
    app: web::Data<App>,
    caller: Applicazione,
    req: HttpRequest,
) -> Risposta {
    let caller = caller.may_pendenze()?.chiamante();
    let filtro = FiltroRpt {
        domini: caller.domini,
        // A gestionale sees the attempts on its own pendenze only.
        id_a2a: caller.id_a2a,
        ..FiltroRpt::default()
    };
    list_rpp(&app, filtro, &req).await
}

pub async fn list_rpp_as_portale(
    app: web::Data<App>,
    caller: Pagante,
    req: HttpRequest,
) -> Risposta {
    let caller = caller.noto()?;
    let filtro = FiltroRpt {
        debitore: caller.debitore(),
        domini: caller.domini,
        id_a2a_portale: caller.id_a2a,
        ..FiltroRpt::default()
    };
    list_rpp(&app, filtro, &req).await
}

pub async fn list_rpp_as_operatore(
    app: web::Data<App>,
    caller: Operatore,
    req: HttpRequest,
) -> Risposta {
    let filtro = FiltroRpt {
        domini: caller.legge(Servizio::Pagamenti)?.domini,
        ..FiltroRpt::default()
    };
    list_rpp(&app, filtro, &req).await
}

type RppKey = web::Path<(String, String, String)>;

async fn rpp(app: &App, caller: &Chiamante, key: RppKey) -> Risposta {
    let (dominio, iuv, ccp) = key.into_inner();
    let found = letture::rpp(&app.pagamenti, caller, [dominio, iuv, ccp]).await?;
    Ok(json(StatusCode::OK, &found))
}

async fn rt(app: &App, caller: &Chiamante, key: RppKey, req: &HttpRequest) -> Risposta {
    let accept = req
        .headers()
        .get(header::ACCEPT)
        .and_then(|v| v.to_str().ok());
    let Some(formato) = Formato::from_accept(accept) else {
        let text = format!(
            "Accept: il valore '{}' non è tra application/pdf, application/xml, application/json",
            accept.unwrap_or_default()
        );
        let categoria = govpay_api::Categoria::Richiesta;
        return Err(Errore::new(406, categoria, "406000", "Formato non disponibile", text).into());
    };
    let (dominio, iuv, ccp) = key.into_inner();
    let (bytes, name) =
        letture::ricevuta(&app.pagamenti, caller, [dominio, iuv, ccp], formato).await?;
    Ok(HttpResponse::Ok()
        .content_type(formato.content_type())
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ))
        .body(bytes))
}

/// An attempt with its request and its receipt.
#[utoipa::path(
    tag = "API Pendenze v2",
    responses((status = 200, body = Rpp), (status = "4XX", body = Fault)),
)]
#[get("/govpay/backend/api/pendenze/rs/basic/v2/rpp/{idDominio}/{iuv}/{ccp}")]
pub async fn get_rpp(app: web::Data<App>, caller: Applicazione, key: RppKey) -> Risposta {
    rpp_as_gestionale(app, caller, key).await
}

pub async fn rpp_as_gestionale(app: web::Data<App>, caller: Applicazione, key: RppKey) -> Risposta {
    rpp(&app, &caller.may_pendenze()?.gestionale(), key).await
}

pub async fn rpp_as_portale(app: web::Data<App>, caller: Pagante, key: RppKey) -> Risposta {
    rpp(&app, &caller.noto()?, key).await
}

pub async fn rpp_as_operatore(app: web::Data<App>, caller: Operatore, key: RppKey) -> Risposta {
    rpp(&app, &caller.legge(Servizio::Pagamenti)?, key).await
}

pub async fn rt_as_gestionale(
    app: web::Data<App>,
    caller: Applicazione,
    key: RppKey,
    req: HttpRequest,
) -> Risposta {
    rt(&app, &caller.may_pendenze()?.gestionale(), key, &req).await
}

pub async fn rt_as_portale(
    app: web::Data<App>,
    caller: Pagante,
    key: RppKey,
    req: HttpRequest,
) -> Risposta {
    rt(&app, &caller.noto()?, key, &req).await
}

pub async fn rt_as_operatore(
    app: web::Data<App>,
    caller: Operatore,
    key: RppKey,
    req: HttpRequest,
) -> Risposta {
    rt(&app, &caller.legge(Servizio::Pagamenti)?, key, &req).await
}
