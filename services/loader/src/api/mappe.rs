//! `/api/v1/mappe`: the own columns of the bodies.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, delete, get, post, put, web};
use domain::tracciato::Mappa;
use platform::Problem;
use serde::Serialize;
use utoipa::ToSchema;

use super::Chiamante;
use super::errore::{ApiError, ApiResult};
use crate::app::App;
use crate::mappe::{self, CAMPIONE_MAX, Prova};
use crate::tracciato::MappaRow;

/// A kept mapping.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MappaView {
    pub id_dominio: String,
    pub id_tipo_pendenza: String,
    /// The mapping: see `proto-docs/tracciati.md`.
    #[schema(value_type = Object)]
    pub mappa: serde_json::Value,
    /// Who kept it.
    pub operatore: String,
    pub aggiornata_il: chrono::DateTime<chrono::Utc>,
}

impl TryFrom<MappaRow> for MappaView {
    type Error = ApiError;

    fn try_from(row: MappaRow) -> ApiResult<Self> {
        Ok(Self {
            mappa: serde_json::from_str(&row.contenuto)
                .map_err(|error| ApiError::interno(error.into()))?,
            id_dominio: row.id_dominio,
            id_tipo_pendenza: row.id_tipo_pendenza,
            operatore: row.operatore,
            aggiornata_il: row.aggiornata_at.and_utc(),
        })
    }
}

type Key = web::Path<(String, String)>;

fn assente(dominio: &str, tipo: &str) -> ApiError {
    let detail = format!("Nessuna mappa per il dominio {dominio} e il tipo {tipo}.");
    ApiError::App(platform::AppError::not_found("MAPPA_NON_TROVATA", detail))
}

async fn trova(
    app: &App,
    chiamante: &Chiamante,
    (dominio, tipo): (String, String),
) -> ApiResult<MappaRow> {
    let row = match chiamante.0.puo(&dominio) {
        true => app.db.find_mappa(dominio.clone(), tipo.clone()).await?,
        false => None,
    };
    row.ok_or_else(|| assente(&dominio, &tipo))
}

/// The mappings of the operator's bodies.
#[utoipa::path(tag = "mappe", responses((status = 200, body = Vec<MappaView>)))]
#[get("/api/v1/mappe")]
pub async fn elenco(
    app: web::Data<App>,
    chiamante: Chiamante,
) -> ApiResult<web::Json<Vec<MappaView>>> {
    let rows = app.db.list_mappe(chiamante.0.domini()).await?;
    let viste: ApiResult<Vec<MappaView>> = rows.into_iter().map(MappaView::try_from).collect();
    Ok(web::Json(viste?))
}

/// One mapping.
#[utoipa::path(
    tag = "mappe",
    responses((status = 200, body = MappaView), (status = 404, body = Problem, content_type = "application/problem+json")),
)]
#[get("/api/v1/mappe/{idDominio}/{idTipoPendenza}")]
pub async fn leggi(
    app: web::Data<App>,
    chiamante: Chiamante,
    key: Key,
) -> ApiResult<web::Json<MappaView>> {
    let row = trova(&app, &chiamante, key.into_inner()).await?;
    Ok(web::Json(row.try_into()?))
}

/// Keeps a mapping, in place of the one that was there. Everything wrong with it is told at once.
#[utoipa::path(
    tag = "mappe",
    request_body(content = String, content_type = "application/json"),
    responses(
        (status = 200, body = MappaView),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ),
)]
#[put("/api/v1/mappe/{idDominio}/{idTipoPendenza}")]
pub async fn scrivi(
    app: web::Data<App>,
    chiamante: Chiamante,
    key: Key,
    body: web::Bytes,
) -> ApiResult<web::Json<MappaView>> {
    let (dominio, tipo) = key.into_inner();
    mappe::chiave_valida(&app, &chiamante.0, &dominio, &tipo)
        .map_err(|motivo| ApiError::invalid("MAPPA_NON_AMMESSA", motivo))?;
    let non_valida = |errori: Vec<String>| ApiError::invalid("MAPPA_NON_VALIDA", errori.join("; "));
    let mappa = Mappa::parse(&String::from_utf8_lossy(&body)).map_err(non_valida)?;
    let incoerenze = mappe::incoerenze(&mappa, &dominio, &tipo);
    if !incoerenze.is_empty() {
        return Err(non_valida(incoerenze));
    }
    let chiave = (dominio, tipo);
    mappe::tieni(&app, &chiamante.0, chiave.clone(), &mappa).await?;
    let row = trova(&app, &chiamante, chiave).await?;
    Ok(web::Json(row.try_into()?))
}

/// Forgets a mapping. Tracciati that were read with it keep it.
#[utoipa::path(
    tag = "mappe",
    responses((status = 204), (status = 404, body = Problem, content_type = "application/problem+json")),
)]
#[delete("/api/v1/mappe/{idDominio}/{idTipoPendenza}")]
pub async fn togli(app: web::Data<App>, chiamante: Chiamante, key: Key) -> ApiResult<HttpResponse> {
    let (dominio, tipo) = key.into_inner();
    let tolta =
        chiamante.0.puo(&dominio) && app.db.delete_mappa(dominio.clone(), tipo.clone()).await?;
    if tolta {
        return Ok(HttpResponse::NoContent().finish());
    }
    Err(assente(&dominio, &tipo))
}

/// What a kept mapping makes of a sample (at most 1 MiB). Nothing is loaded.
#[utoipa::path(
    tag = "mappe",
    request_body(content = String, content_type = "text/csv"),
    responses(
        (status = 200, body = Prova),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
    ),
)]
#[post("/api/v1/mappe/{idDominio}/{idTipoPendenza}/prova")]
pub async fn prova(
    app: web::Data<App>,
    chiamante: Chiamante,
    key: Key,
    body: web::Payload,
) -> ApiResult<web::Json<Prova>> {
    let row = trova(&app, &chiamante, key.into_inner()).await?;
    let campione = body.to_bytes_limited(CAMPIONE_MAX).await;
    let campione = campione.map_err(|_| troppo_grande())?.map_err(|error| {
        let detail = format!("Il campione non è arrivato per intero: {error}.");
        ApiError::new(StatusCode::BAD_REQUEST, "CAMPIONE_INTERROTTO", detail)
    })?;
    let mappa: Mappa =
        serde_json::from_str(&row.contenuto).map_err(|error| ApiError::interno(error.into()))?;
    let lavoro = move || mappe::prova(&app, &chiamante.0, &mappa, &campione);
    let provata = web::block(lavoro).await;
    let provata = provata.map_err(|error| ApiError::interno(error.into()))?;
    Ok(web::Json(provata.map_err(ApiError::interno)?))
}

fn troppo_grande() -> ApiError {
    let detail = "Il campione supera 1 MiB: bastano le prime righe.";
    ApiError::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "CAMPIONE_TROPPO_GRANDE",
        detail,
    )
}
