//! Attempts and their receipts over REST.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, get, web};
use govpay_api::anagrafica::Servizio;
use govpay_api::{Fault, Rpp};
use serde::Deserialize;

use super::App;
use super::auth::{Applicazione, Operatore, Pagante};
use super::eventi::day;
use super::risposta::{Impaginazione, Parametri, Risposta, json};
use crate::pagamenti::letture::{self, Formato};
use crate::pagamenti::{Chiamante, Errore};
use crate::tentativo::FiltroRpt;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RppQuery {
    id_dominio: Option<String>,
    iuv: Option<String>,
    ccp: Option<String>,
    #[serde(rename = "idA2A")]
    id_a2a: Option<String>,
    id_pendenza: Option<String>,
    id_pagamento: Option<String>,
    esito: Option<String>,
    data_rpt_da: Option<String>,
    data_rpt_a: Option<String>,
    data_rt_da: Option<String>,
    data_rt_a: Option<String>,
}

async fn list_rpp(
    app: &App,
    filtro: FiltroRpt,
    q: RppQuery,
    page: Impaginazione,
    req: &HttpRequest,
) -> Risposta {
    let (limit, offset) = page.limits()?;
    let filtro = FiltroRpt {
        id_dominio: q.id_dominio,
        iuv: q.iuv,
        ccp: q.ccp,
        id_a2a: q.id_a2a.or(filtro.id_a2a),
        id_pendenza: q.id_pendenza,
        id_pagamento: q.id_pagamento,
        esito: q.esito,
        data_rpt_da: day("dataRptDa", q.data_rpt_da.as_deref(), 0)?,
        data_rpt_a: day("dataRptA", q.data_rpt_a.as_deref(), 1)?,
        data_rt_da: day("dataRtDa", q.data_rt_da.as_deref(), 0)?,
        data_rt_a: day("dataRtA", q.data_rt_a.as_deref(), 1)?,
        limit,
        offset,
        domini: filtro.domini,
        debitore: filtro.debitore,
        id_a2a_portale: filtro.id_a2a_portale,
    };
    let rows = letture::rpps(&app.pagamenti, filtro).await?;
    Ok(json(
        StatusCode::OK,
        &page.lista(rows, req.path(), req.query_string())?,
    ))
}

pub async fn list_rpp_as_gestionale(
    app: web::Data<App>,
    caller: Applicazione,
    q: Parametri<RppQuery>,
    page: Parametri<Impaginazione>,
    req: HttpRequest,
) -> Risposta {
    let caller = caller.may_pendenze()?.chiamante();
    // A gestionale sees the attempts on its own pendenze only.
    let q = RppQuery {
        id_a2a: caller.id_a2a,
        ..q.into_inner()
    };
    let filtro = FiltroRpt {
        domini: caller.domini,
        ..FiltroRpt::default()
    };
    list_rpp(&app, filtro, q, page.into_inner(), &req).await
}

pub async fn list_rpp_as_portale(
    app: web::Data<App>,
    caller: Pagante,
    q: Parametri<RppQuery>,
    page: Parametri<Impaginazione>,
    req: HttpRequest,
) -> Risposta {
    let caller = caller.noto()?;
    let filtro = FiltroRpt {
        debitore: caller.debitore(),
        domini: caller.domini,
        id_a2a_portale: caller.id_a2a,
        ..FiltroRpt::default()
    };
    list_rpp(&app, filtro, q.into_inner(), page.into_inner(), &req).await
}

pub async fn list_rpp_as_operatore(
    app: web::Data<App>,
    caller: Operatore,
    q: Parametri<RppQuery>,
    page: Parametri<Impaginazione>,
    req: HttpRequest,
) -> Risposta {
    let filtro = FiltroRpt {
        domini: caller.legge(Servizio::Pagamenti)?.domini,
        ..FiltroRpt::default()
    };
    list_rpp(&app, filtro, q.into_inner(), page.into_inner(), &req).await
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
