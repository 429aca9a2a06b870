//! What the Node asks when a body calls nodoChiediSceltaWISP.

use actix_web::{get, web};
use platform::{AppError, AppResult, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::App;

/// The choice of a citizen, with the field names of nodoChiediSceltaWISP.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SceltaView {
    /// `SI`: a PSP was chosen. (`NO` and `PO` exist in the protocol; this WISP never answers them.)
    pub effettuazione_scelta: String,
    #[serde(rename = "identificativoPSP")]
    pub identificativo_psp: String,
    #[serde(rename = "identificativoIntermediarioPSP")]
    pub identificativo_intermediario_psp: String,
    pub identificativo_canale: String,
    pub tipo_versamento: String,
}

/// The PSP chosen in the session with these keys. May be asked again until 30 minutes after the
/// choice, of the world's clock.
#[utoipa::path(
    tag = "scelte",
    responses(
        (status = 200, body = SceltaView),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ),
)]
#[get("/api/v1/scelte/{idDominio}/{keyPA}/{keyWISP}")]
pub async fn get_scelta(
    app: web::Data<App>,
    path: web::Path<(String, String, String)>,
) -> AppResult<web::Json<SceltaView>> {
    let (id_dominio, key_pa, key_wisp) = path.into_inner();
    let unknown = || {
        AppError::not_found(
            "WISP_SESSIONE_SCONOSCIUTA",
            "Nessuna scelta con queste chiavi: idDominio, keyPA e keyWISP devono essere quelle del ritorno.",
        )
    };
    let sessione = app
        .db
        .find_scelta(id_dominio, key_pa, key_wisp)
        .await?
        .ok_or_else(unknown)?;
    if !sessione.is_recoverable(app.clock.now()) {
        return Err(AppError::invalid(
            "WISP_TIMEOUT_RECUPERO_SCELTA",
            "La scelta è di oltre 30 minuti fa e non si può più chiedere: il cittadino deve sceglierne un'altra.",
        ));
    }
    let (Some(id_psp), Some(intermediario), Some(canale), Some(tipo)) = (
        sessione.id_psp,
        sessione.id_intermediario_psp,
        sessione.id_canale,
        sessione.tipo_versamento,
    ) else {
        return Err(unknown());
    };
    Ok(web::Json(SceltaView {
        effettuazione_scelta: "SI".to_owned(),
        identificativo_psp: id_psp,
        identificativo_intermediario_psp: intermediario,
        identificativo_canale: canale,
        tipo_versamento: tipo,
    }))
}
