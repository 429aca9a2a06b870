//! Our own API: the projection made again.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, post};
use platform::{AppError, AppResult, Problem};

use crate::accesso::{self, Esito};
use crate::app::App;
use crate::ricostruzione::{self, Ricostruita};

/// Empties the projection and fills it again from the lists of the core. HTTP basic, as an
/// administrator of the tenant.
#[utoipa::path(
    tag = "proiezione",
    responses(
        (status = 200, body = Ricostruita),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json"),
    ),
)]
#[post("/api/v1/rebuild")]
pub async fn rebuild(req: HttpRequest, app: Data<App>) -> AppResult<HttpResponse> {
    let Some((user, password)) = web::http_basic(&req) else {
        return Err(AppError::unauthorized(
            "Servono utente e password di un operatore (HTTP basic).",
        ));
    };
    match accesso::check(&app, &user, password).await? {
        Esito::Entra(chi) if chi.amministratore => {
            let done = ricostruzione::ricostruisci(&app, true).await?;
            Ok(HttpResponse::Ok().json(done))
        }
        Esito::Entra(_) => Err(AppError::Forbidden {
            code: "SOLO_AMMINISTRATORI",
            detail: "La proiezione si ricostruisce da amministratore.".to_owned(),
        }),
        Esito::Sbagliato => Err(AppError::unauthorized("Utente o password non corretti.")),
        Esito::Aspetta(seconds) => {
            let detail = format!("Troppi tentativi non riusciti: riprova tra {seconds} secondi.");
            Err(AppError::unauthorized(detail))
        }
    }
}
