//! What can be downloaded of a tracciato.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, web};
use domain::tracciato::Formato;
use platform::Problem;

use super::errore::{ApiError, ApiResult};
use super::{Chiamante, trova};
use crate::app::App;
use crate::scarica::{self, Forma};
use crate::tracciato::Tracciato;

/// The file as it was uploaded, byte for byte.
#[utoipa::path(tag = "tracciati", responses((status = 200, body = String, content_type = "text/csv")))]
#[get("/api/v1/tracciati/{id}/originale")]
pub async fn originale(
    app: web::Data<App>,
    chiamante: Chiamante,
    id: web::Path<i64>,
) -> ApiResult<HttpResponse> {
    let tracciato = trova(&app, &chiamante.0, *id).await?;
    Ok(scarica::originale(&app, &tracciato))
}

/// The original columns, then outcome, error, IUV, numero avviso, texts of QR and bar code. 409 until
/// the loading has ended.
#[utoipa::path(
    tag = "tracciati",
    responses(
        (status = 200, body = String, content_type = "text/csv"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
    ),
)]
#[get("/api/v1/tracciati/{id}/elaborato")]
pub async fn elaborato(
    app: web::Data<App>,
    chiamante: Chiamante,
    id: web::Path<i64>,
    forma: web::Query<Forma>,
) -> ApiResult<HttpResponse> {
    let tracciato = trova(&app, &chiamante.0, *id).await?;
    pronto(&app, &tracciato).await?;
    scarica::elaborato(&app, &tracciato, *forma).map_err(ApiError::interno)
}

/// The avvisi of the pendenze that were loaded, as PDFs in a ZIP. 409 until the loading has ended; 404
/// when the upload did not want them.
#[utoipa::path(
    tag = "tracciati",
    responses(
        (status = 200, body = Vec<u8>, content_type = "application/zip"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
    ),
)]
#[get("/api/v1/tracciati/{id}/avvisi")]
pub async fn avvisi(
    app: web::Data<App>,
    chiamante: Chiamante,
    id: web::Path<i64>,
) -> ApiResult<HttpResponse> {
    let tracciato = trova(&app, &chiamante.0, *id).await?;
    if !tracciato.stampa_avvisi {
        let detail = format!("Il tracciato {id} è stato caricato senza stampa degli avvisi.");
        return Err(ApiError::new(
            StatusCode::NOT_FOUND,
            "AVVISI_NON_RICHIESTI",
            detail,
        ));
    }
    pronto(&app, &tracciato).await?;
    scarica::stampe::zip(&app, &tracciato).map_err(ApiError::interno)
}

/// Whether there is an elaborato to be downloaded.
pub async fn pronto(app: &App, tracciato: &Tracciato) -> ApiResult<()> {
    let id = tracciato.id;
    if !tracciato.is_elaborato() {
        let stato = tracciato.stato()?.label();
        let detail = format!(
            "Il tracciato {id} è nello stato «{stato}»: il Tracciato Elaborato c'è alla fine del caricamento."
        );
        return Err(ApiError::conflitto("ELABORATO_NON_PRONTO", detail));
    }
    if tracciato.righe > 0 && app.db.blocchi_da(id, 1, 1).await?.is_empty() {
        let detail = format!(
            "Il tracciato {id} è stato caricato con una versione precedente, di cui non si conservano gli esiti delle righe."
        );
        return Err(ApiError::new(
            StatusCode::GONE,
            "ESITI_NON_CONSERVATI",
            detail,
        ));
    }
    Ok(())
}

/// The file with what is certain put right; the rest as it was. In UTF-8.
#[utoipa::path(tag = "tracciati", responses((status = 200, body = String, content_type = "text/csv")))]
#[get("/api/v1/tracciati/{id}/corretto")]
pub async fn corretto(
    app: web::Data<App>,
    chiamante: Chiamante,
    id: web::Path<i64>,
) -> ApiResult<HttpResponse> {
    let tracciato = trova(&app, &chiamante.0, *id).await?;
    if matches!(tracciato.formato(), None | Some(Formato::Json)) {
        let detail = format!(
            "Il tracciato {id} non è un CSV che è stato letto: non c'è niente da correggere."
        );
        return Err(ApiError::conflitto("CORRETTO_NON_PRONTO", detail));
    }
    scarica::corretto(&app, &tracciato).map_err(ApiError::interno)
}

/// The faults that the validation found, as a CSV.
#[utoipa::path(tag = "tracciati", responses((status = 200, body = String, content_type = "text/csv")))]
#[get("/api/v1/tracciati/{id}/errori")]
pub async fn errori(
    app: web::Data<App>,
    chiamante: Chiamante,
    id: web::Path<i64>,
    forma: web::Query<Forma>,
) -> ApiResult<HttpResponse> {
    let tracciato = trova(&app, &chiamante.0, *id).await?;
    scarica::errori(&app, &tracciato, *forma).map_err(ApiError::interno)
}
