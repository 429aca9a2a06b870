//! Pendenze annulled and revived, by their gestionale or by people.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, patch, web};
use domain::StatoPendenza;
use govpay_api::anagrafica::Servizio;
use govpay_api::{Fault, PatchOp, Pendenza};

use super::auth::{Applicazione, Operatore};
use super::pendenze::{Key, dettaglio, load, own_key};
use super::risposta::{Corpo, Guasto, Risposta, corpo};
use super::{App, scambi};
use crate::giornale::Scambio;
use crate::pagamenti::{Chiamante, Errore};

/// Annuls or revives a pendenza: an array of {op, path, value}.
#[utoipa::path(
    tag = "API Pendenze v2",
    request_body = Vec<PatchOp>,
    responses((status = 200, body = Pendenza), (status = "4XX", body = Fault)),
)]
#[patch("/govpay/backend/api/pendenze/rs/basic/v2/pendenze/{idA2A}/{idPendenza}")]
pub async fn patch_pendenza(
    app: web::Data<App>,
    caller: Applicazione,
    key: Key,
    req: HttpRequest,
    body: Corpo,
) -> Risposta {
    patch_as_gestionale(app, caller, key, req, body).await
}

pub async fn patch_as_gestionale(
    app: web::Data<App>,
    caller: Applicazione,
    key: Key,
    req: HttpRequest,
    body: Corpo,
) -> Risposta {
    let caller = caller.may_pendenze()?;
    let key = own_key(&caller, key)?;
    let scambio = scambi::begin(&app, "API_PENDENZE", "updatePendenza", &req, &body);
    apply(&app, &caller.gestionale(), key, &body, scambio).await
}

pub async fn patch_as_operatore(
    app: web::Data<App>,
    caller: Operatore,
    key: Key,
    req: HttpRequest,
    body: Corpo,
) -> Risposta {
    let scambio = scambi::begin(&app, "API_BACKOFFICE", "updatePendenza", &req, &body);
    apply(
        &app,
        &caller.scrive(Servizio::Pendenze)?,
        key.into_inner(),
        &body,
        scambio,
    )
    .await
}

async fn apply(
    app: &App,
    caller: &Chiamante,
    key: (String, String),
    body: &[u8],
    mut scambio: Scambio,
) -> Risposta {
    let changed = change(app, caller, key, body, &mut scambio).await;
    scambi::end(app, scambio, StatusCode::OK, changed).await
}

async fn change(
    app: &App,
    caller: &Chiamante,
    key: (String, String),
    body: &[u8],
    scambio: &mut Scambio,
) -> Result<Pendenza, Guasto> {
    let ops: Vec<PatchOp> = corpo(body)?;
    let (stato, motivo) = wanted(&ops)?;
    let found = load(app, caller, key).await?;
    let evento = &mut scambio.evento;
    evento.id_a2a = Some(found.row.id_a2a.clone());
    evento.id_pendenza = Some(found.row.id_pendenza.clone());
    evento.id_dominio = Some(found.row.id_dominio.clone());
    evento.iuv = found.row.iuv.clone();
    let now = app.pagamenti.now();
    let changed = app
        .pagamenti
        .db
        .set_stato(found.row.id, stato, motivo, now)
        .await?;
    Ok(dettaglio(app, &changed.map_err(Errore::from)?).await?)
}

/// The state that the operations ask for, with the reason.
fn wanted(ops: &[PatchOp]) -> Result<(StatoPendenza, Option<String>), Errore> {
    let (mut stato, mut motivo) = (None, None);
    for (i, op) in ops.iter().enumerate() {
        let text = op.value.as_str();
        match (op.path.as_str(), op.op.as_str(), text) {
            ("/stato", "REPLACE", Some("ANNULLATA")) => stato = Some(StatoPendenza::Annullato),
            ("/stato", "REPLACE", Some("NON_ESEGUITA")) => stato = Some(StatoPendenza::NonEseguito),
            ("/descrizioneStato", _, Some(text)) if text.chars().count() <= 255 => {
                motivo = Some(text.to_owned());
            }
            (path, op, _) => {
                return Err(Errore::richiesta(format!(
                    "[{i}]: {op} {path} non è un'operazione valida; sono ammesse REPLACE /stato (ANNULLATA, NON_ESEGUITA) e /descrizioneStato (al più 255 caratteri)"
                )));
            }
        }
    }
    let stato = stato.ok_or_else(|| Errore::richiesta("manca l'operazione REPLACE /stato"))?;
    Ok((stato, motivo))
}
