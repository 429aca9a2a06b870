//! Payment sessions, attempts and receipts over REST. What they do is in `crate::pagamenti`.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use govpay_api::{CanaleScelto, Fault, NuovoPagamento, PagamentoCreato, SceltaWisp};
use serde::Deserialize;

use super::App;
use super::auth::{Applicazione, Operatore};
use super::eventi::day;
use super::risposta::{Impaginazione, Risposta, corpo, json};
use crate::pagamenti::letture::{self, Formato};
use crate::pagamenti::vista::Date;
use crate::pagamenti::{Chiamante, Errore, avvio, canale};
use crate::tentativo::{FiltroPagamenti, FiltroRpt};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateQuery {
    id_sessione_portale: Option<String>,
    #[serde(flatten)]
    scelto: CanaleScelto,
}

/// Opens a payment session. The PSP is that of the query, or the one chosen on WISP (`keyPA`,
/// `keyWISP`).
#[utoipa::path(
    tag = "API Pagamento v2",
    request_body = NuovoPagamento,
    responses((status = 201, body = PagamentoCreato), (status = "4XX", body = Fault), (status = 502, body = Fault)),
)]
#[post("/govpay/frontend/api/pagamento/rs/basic/v2/pagamenti")]
pub async fn create_pagamento(
    app: web::Data<App>,
    caller: Applicazione,
    query: web::Query<CreateQuery>,
    body: web::Bytes,
) -> Risposta {
    create(app, caller, query, body).await
}

pub async fn create(
    app: web::Data<App>,
    caller: Applicazione,
    query: web::Query<CreateQuery>,
    body: web::Bytes,
) -> Risposta {
    let caller = caller.may_pagamenti()?.chiamante();
    let nuovo: NuovoPagamento = corpo(&body)?;
    let query = query.into_inner();
    let id_sessione = query.id_sessione_portale;
    let created = avvio::crea(&app.pagamenti, &caller, id_sessione, &query.scelto, nuovo).await?;
    Ok(json(StatusCode::CREATED, &created))
}

/// The session with its attempts.
#[utoipa::path(
    tag = "API Pagamento v2",
    responses((status = 200, body = govpay_api::Pagamento), (status = "4XX", body = Fault)),
)]
#[get("/govpay/frontend/api/pagamento/rs/basic/v2/pagamenti/{id}")]
pub async fn get_pagamento(
    app: web::Data<App>,
    caller: Applicazione,
    id: web::Path<String>,
) -> Risposta {
    get_as_portale(app, caller, id).await
}

pub async fn get_as_portale(
    app: web::Data<App>,
    caller: Applicazione,
    id: web::Path<String>,
) -> Risposta {
    let caller = caller.may_pagamenti()?.chiamante();
    let found = letture::pagamento(&app.pagamenti, &caller, id.into_inner(), Date::Giorni).await?;
    Ok(json(StatusCode::OK, &found))
}

pub async fn by_session(
    app: web::Data<App>,
    caller: Applicazione,
    id: web::Path<String>,
) -> Risposta {
    let caller = caller.may_pagamenti()?.chiamante();
    let id = id.into_inner();
    let found = letture::pagamento_by_sessione(&app.pagamenti, &caller, id, Date::Giorni).await?;
    Ok(json(StatusCode::OK, &found))
}

pub async fn get_as_operatore(
    app: web::Data<App>,
    caller: Operatore,
    id: web::Path<String>,
) -> Risposta {
    let caller = caller.chiamante();
    let found = letture::pagamento(&app.pagamenti, &caller, id.into_inner(), Date::Istanti).await?;
    Ok(json(StatusCode::OK, &found))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListQuery {
    id_sessione_portale: Option<String>,
    id_sessione_psp: Option<String>,
    stato: Option<String>,
    id_dominio: Option<String>,
    iuv: Option<String>,
    #[serde(rename = "idA2A")]
    id_a2a: Option<String>,
    id_pendenza: Option<String>,
    id: Option<String>,
    data_da: Option<String>,
    data_a: Option<String>,
}

async fn list(
    app: &App,
    caller: Chiamante,
    q: ListQuery,
    page: Impaginazione,
    date: Date,
    req: &HttpRequest,
) -> Risposta {
    let (limit, offset) = page.limits()?;
    let filtro = FiltroPagamenti {
        domini: caller.domini,
        id_a2a_portale: caller.id_a2a,
        id_sessione_portale: q.id_sessione_portale,
        id_sessione_psp: q.id_sessione_psp,
        stato: q.stato,
        id_dominio: q.id_dominio,
        iuv: q.iuv,
        id_a2a: q.id_a2a,
        id_pendenza: q.id_pendenza,
        id_pagamento: q.id,
        data_da: day("dataDa", q.data_da.as_deref(), 0)?,
        data_a: day("dataA", q.data_a.as_deref(), 1)?,
        limit,
        offset,
    };
    let rows = letture::pagamenti(&app.pagamenti, filtro, date).await?;
    Ok(json(
        StatusCode::OK,
        &page.lista(rows, req.path(), req.query_string())?,
    ))
}

pub async fn list_as_portale(
    app: web::Data<App>,
    caller: Applicazione,
    q: web::Query<ListQuery>,
    page: web::Query<Impaginazione>,
    req: HttpRequest,
) -> Risposta {
    let caller = caller.may_pagamenti()?.chiamante();
    list(
        &app,
        caller,
        q.into_inner(),
        page.into_inner(),
        Date::Giorni,
        &req,
    )
    .await
}

pub async fn list_as_operatore(
    app: web::Data<App>,
    caller: Operatore,
    q: web::Query<ListQuery>,
    page: web::Query<Impaginazione>,
    req: HttpRequest,
) -> Risposta {
    list(
        &app,
        caller.chiamante(),
        q.into_inner(),
        page.into_inner(),
        Date::Istanti,
        &req,
    )
    .await
}

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
    q: web::Query<RppQuery>,
    page: web::Query<Impaginazione>,
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
    caller: Applicazione,
    q: web::Query<RppQuery>,
    page: web::Query<Impaginazione>,
    req: HttpRequest,
) -> Risposta {
    let caller = caller.may_pagamenti()?.chiamante();
    let filtro = FiltroRpt {
        domini: caller.domini,
        id_a2a_portale: caller.id_a2a,
        ..FiltroRpt::default()
    };
    list_rpp(&app, filtro, q.into_inner(), page.into_inner(), &req).await
}

pub async fn list_rpp_as_operatore(
    app: web::Data<App>,
    caller: Operatore,
    q: web::Query<RppQuery>,
    page: web::Query<Impaginazione>,
    req: HttpRequest,
) -> Risposta {
    let filtro = FiltroRpt {
        domini: caller.chiamante().domini,
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

pub async fn rpp_as_gestionale(app: web::Data<App>, caller: Applicazione, key: RppKey) -> Risposta {
    rpp(&app, &caller.may_pendenze()?.chiamante(), key).await
}

pub async fn rpp_as_portale(app: web::Data<App>, caller: Applicazione, key: RppKey) -> Risposta {
    rpp(&app, &caller.may_pagamenti()?.chiamante(), key).await
}

pub async fn rpp_as_operatore(app: web::Data<App>, caller: Operatore, key: RppKey) -> Risposta {
    rpp(&app, &caller.chiamante(), key).await
}

pub async fn rt_as_gestionale(
    app: web::Data<App>,
    caller: Applicazione,
    key: RppKey,
    req: HttpRequest,
) -> Risposta {
    rt(&app, &caller.may_pendenze()?.chiamante(), key, &req).await
}

pub async fn rt_as_portale(
    app: web::Data<App>,
    caller: Applicazione,
    key: RppKey,
    req: HttpRequest,
) -> Risposta {
    rt(&app, &caller.may_pagamenti()?.chiamante(), key, &req).await
}

pub async fn rt_as_operatore(
    app: web::Data<App>,
    caller: Operatore,
    key: RppKey,
    req: HttpRequest,
) -> Risposta {
    rt(&app, &caller.chiamante(), key, &req).await
}

/// The choice made on WISP, asked from the Node (nodoChiediSceltaWISP): for the confirmation page of
/// a portal. Our own endpoint.
#[utoipa::path(
    tag = "WISP",
    responses((status = 200, body = SceltaWisp), (status = "4XX", body = Fault), (status = 502, body = Fault)),
)]
#[get("/api/v1/domini/{idDominio}/scelte-wisp/{keyPA}/{keyWISP}")]
pub async fn get_scelta_wisp(app: web::Data<App>, caller: Applicazione, key: RppKey) -> Risposta {
    let caller = caller.may_pagamenti()?;
    let (id_dominio, key_pa, key_wisp) = key.into_inner();
    caller.sees(&id_dominio)?;
    let db = &app.pagamenti.db;
    let unknown = || Errore::non_trovato(format!("nessun dominio '{id_dominio}'"));
    let ente = db
        .ente_pagopa(id_dominio.clone())
        .await?
        .ok_or_else(unknown)?;
    let stazione = db
        .stazione_pagopa(ente.id_stazione)
        .await?
        .ok_or_else(unknown)?;
    let scelta =
        canale::scelta_wisp(&app.pagamenti, &stazione, &id_dominio, &key_pa, &key_wisp).await?;
    Ok(json(StatusCode::OK, &scelta))
}
