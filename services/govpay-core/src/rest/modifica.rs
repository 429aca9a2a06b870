//! Pendenze annulled, revived, looked into, by their gestionale or by people.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, patch, web};
use domain::StatoPendenza;
use govpay_api::anagrafica::Servizio;
use govpay_api::{Fault, PatchOp, Pendenza};
use serde_json::Value;

use super::auth::{Applicazione, Operatore};
use super::pendenze::{Key, dettaglio, load, own_key};
use super::risposta::{Corpo, Guasto, Risposta, corpo};
use super::{App, scambi};
use crate::giornale::Scambio;
use crate::pagamenti::{Chiamante, Errore};
use crate::pendenza::ModificaPendenza;

/// Annuls or revives a pendenza, marks it as looked into, writes a note: an array of {op, path, value}.
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
    let voluto = wanted(&ops)?;
    let found = load(app, caller, key).await?;
    let evento = &mut scambio.evento;
    evento.id_a2a = Some(found.row.id_a2a.clone());
    evento.id_pendenza = Some(found.row.id_pendenza.clone());
    evento.id_dominio = Some(found.row.id_dominio.clone());
    evento.iuv = found.row.iuv.clone();
    let now = app.pagamenti.now();
    if let Some(nota) = voluto.nota {
        evento.categoria = "UTENTE";
        evento.sottotipo = Some("nota".to_owned());
        evento.dettaglio_esito = Some(nota);
    }
    let changed = app
        .pagamenti
        .db
        .modifica_pendenza(found.row.id, voluto.modifica, now)
        .await?;
    let changed = changed.map_err(Errore::from)?;
    let tentativi = app.pagamenti.db.rpt_of_pendenza(changed.row.id).await?;
    Ok(dettaglio(app, &changed, &tentativi)?)
}

/// What the operations ask for.
struct Voluto {
    modifica: ModificaPendenza,
    /// What somebody wants to be remembered of the pendenza, in the giornale.
    nota: Option<String>,
}

const AMMESSE: &str = "REPLACE /stato (ANNULLATA, NON_ESEGUITA), /descrizioneStato (al più 255 caratteri), REPLACE /ack (true, false) e ADD /nota (testo, oppure {oggetto, testo})";

fn wanted(ops: &[PatchOp]) -> Result<Voluto, Errore> {
    let (mut modifica, mut nota) = (ModificaPendenza::default(), None);
    if ops.is_empty() {
        let text = format!("nessuna operazione: sono ammesse {AMMESSE}");
        return Err(Errore::richiesta(text));
    }
    for (i, op) in ops.iter().enumerate() {
        match (op.path.as_str(), op.op.as_str(), &op.value) {
            ("/stato", "REPLACE", Value::String(name)) if name == "ANNULLATA" => {
                modifica.stato = Some(StatoPendenza::Annullato);
            }
            ("/stato", "REPLACE", Value::String(name)) if name == "NON_ESEGUITA" => {
                modifica.stato = Some(StatoPendenza::NonEseguito);
            }
            ("/descrizioneStato", _, Value::String(text)) if text.chars().count() <= 255 => {
                modifica.motivo = Some(text.clone());
            }
            ("/ack", "REPLACE", Value::Bool(ack)) => modifica.verificata = Some(*ack),
            ("/nota", "ADD", value) => nota = Some(testo_nota(i, value)?),
            (path, op, value) => {
                return Err(Errore::richiesta(format!(
                    "[{i}]: {op} {path} con il valore {value} non è un'operazione valida; sono ammesse {AMMESSE}"
                )));
            }
        }
    }
    if modifica.motivo.is_some() && modifica.stato.is_none() {
        let text = "/descrizioneStato accompagna una modifica di /stato, che manca";
        return Err(Errore::richiesta(text));
    }
    Ok(Voluto { modifica, nota })
}

/// The words of a note: a text, or an object with its subject beside it.
fn testo_nota(i: usize, value: &Value) -> Result<String, Errore> {
    let testo = match value {
        Value::String(testo) => Some(testo.clone()),
        value => value["testo"]
            .as_str()
            .map(|testo| match value["oggetto"].as_str() {
                Some(oggetto) => format!("{oggetto}: {testo}"),
                None => testo.to_owned(),
            }),
    };
    let testo = testo.filter(|testo| (1..=1024).contains(&testo.chars().count()));
    testo.ok_or_else(|| {
        let text = "/nota: serve un testo da 1 a 1024 caratteri, oppure {oggetto, testo}";
        Errore::richiesta(format!("[{i}]: {text}"))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn letto(ops: Value) -> Result<Voluto, Errore> {
        wanted(&serde_json::from_value::<Vec<PatchOp>>(ops).unwrap())
    }

    #[test]
    fn several_changes_go_together_and_a_wrong_one_is_quoted() {
        let voluto = letto(json!([
            {"op": "REPLACE", "path": "/stato", "value": "ANNULLATA"},
            {"op": "REPLACE", "path": "/descrizioneStato", "value": "errore"},
            {"op": "REPLACE", "path": "/ack", "value": true},
            {"op": "ADD", "path": "/nota", "value": {"oggetto": "Telefonata", "testo": "ha pagato"}},
        ]));
        let voluto = voluto.unwrap();
        assert_eq!(voluto.modifica.stato, Some(StatoPendenza::Annullato));
        assert_eq!(voluto.modifica.motivo.as_deref(), Some("errore"));
        assert_eq!(voluto.modifica.verificata, Some(true));
        assert_eq!(voluto.nota.as_deref(), Some("Telefonata: ha pagato"));
        for ops in [
            json!([]),
            json!([{"op": "REPLACE", "path": "/stato", "value": "ESEGUITA"}]),
            json!([{"op": "REPLACE", "path": "/stato", "value": 1}]),
            json!([{"op": "REPLACE", "path": "/descrizioneStato", "value": "x"}]),
            json!([{"op": "ADD", "path": "/nota", "value": ""}]),
            json!([{"op": "DELETE", "path": "/ack", "value": true}]),
        ] {
            let Err(Errore::Rifiuto { status: 400, .. }) = letto(ops.clone()) else {
                panic!("{ops} is not refused");
            };
        }
    }
}
