//! The rows of a tracciato, and what was found in them.

use actix_web::{get, web};
use domain::tracciato::Gravita;

use super::errore::{ApiError, ApiResult};
use super::viste::{PaginaQuery, RigaView, SegnalazioneView};
use super::{Chiamante, limite, trova};
use crate::app::App;
use crate::righe::{self, Quali};

/// The rows with their outcomes, in the order of the file.
#[utoipa::path(tag = "tracciati", params(PaginaQuery), responses((status = 200, body = Vec<RigaView>)))]
#[get("/api/v1/tracciati/{id}/righe")]
pub async fn lista_righe(
    app: web::Data<App>,
    chiamante: Chiamante,
    id: web::Path<i64>,
    query: web::Query<PaginaQuery>,
) -> ApiResult<web::Json<Vec<RigaView>>> {
    let tracciato = trova(&app, &chiamante.0, *id).await?;
    let limite = limite(query.limite)?;
    let quali = match query.esito.as_deref() {
        None => Quali::Tutte,
        Some("OK") => Quali::Riuscite,
        Some("KO") => Quali::Rifiutate,
        Some(altro) => {
            let detail = format!("esito vale «{altro}»: i valori sono OK e KO.");
            return Err(ApiError::invalid("PARAMETRO_NON_VALIDO", detail));
        }
    };
    let dopo = query.dopo.unwrap_or(0);
    let righe = righe::elenco(&app, &tracciato, (dopo, limite), quali).await;
    let righe = righe.map_err(ApiError::interno)?;
    Ok(web::Json(righe.into_iter().map(RigaView::from).collect()))
}

/// The errors that the validation found; values of personal columns are masked.
#[utoipa::path(tag = "tracciati", params(PaginaQuery), responses((status = 200, body = Vec<SegnalazioneView>)))]
#[get("/api/v1/tracciati/{id}/segnalazioni")]
pub async fn segnalazioni(
    app: web::Data<App>,
    chiamante: Chiamante,
    id: web::Path<i64>,
    query: web::Query<PaginaQuery>,
) -> ApiResult<web::Json<Vec<SegnalazioneView>>> {
    trova(&app, &chiamante.0, *id).await?;
    let (limite, dopo) = (limite(query.limite)?, query.dopo.unwrap_or(0));
    let gravita = if query.avvisi {
        Gravita::Avviso
    } else {
        Gravita::Errore
    };
    let trovate = app
        .db
        .list_segnalazioni(*id, gravita.name(), dopo, limite)
        .await?;
    Ok(web::Json(
        trovate.into_iter().map(SegnalazioneView::from).collect(),
    ))
}
