//! What the gestionali were told, and what they are still to be told: listed, read, sent again.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, get, post, web};
use govpay_api::anagrafica::Servizio;
use govpay_api::{Fault, NotificaIndex};
use platform::StoreResult;

use super::App;
use super::auth::Operatore;
use super::domanda::{Domanda, MAX_BACKOFFICE};
use super::risposta::{Risposta, json};
use crate::notifica::{ElencoNotifiche, NotificaRow, StatoNotifica, TipoNotifica};
use crate::pagamenti::{Chiamante, Errore};

/// Newest first. ANNULLATA are also those that failed, which `FALLITA` shows alone.
pub async fn list(app: web::Data<App>, caller: Operatore, req: HttpRequest) -> Risposta {
    let caller = caller.legge(Servizio::Configurazione)?;
    let d = Domanda::new(&req, MAX_BACKOFFICE);
    let stato = d.parola(
        "stato",
        StatoNotifica::parse,
        &StatoNotifica::TUTTI.map(StatoNotifica::name),
    )?;
    let elenco = ElencoNotifiche {
        domini: caller.domini,
        stati: match stato {
            Some(StatoNotifica::Annullata) => {
                vec![StatoNotifica::Annullata, StatoNotifica::Fallita]
            }
            stato => stato.into_iter().collect(),
        },
        tipo: d.parola(
            "tipo",
            TipoNotifica::parse,
            &TipoNotifica::TUTTI.map(TipoNotifica::name),
        )?,
        data_da: d.da("dataDa")?,
        data_a: d.fino_a("dataA")?,
        taglio: d.taglio()?,
    };
    let fetta = app.pagamenti.db.list_notifiche(elenco).await?;
    let rows = fetta.rows.iter().map(letta);
    d.rispondi(fetta.con(rows.collect::<StoreResult<Vec<_>>>()?))
}

/// One notification. The contract has the list alone: this is ours.
pub async fn get_one(app: web::Data<App>, caller: Operatore, id: web::Path<String>) -> Risposta {
    let caller = caller.legge(Servizio::Configurazione)?;
    let row = trova(&app, &caller, &id).await?;
    Ok(json(StatusCode::OK, &letta(&row)?))
}

/// Sends a notification again that was not delivered, now and for another fifteen days. It keeps its
/// id. Our own endpoint.
#[utoipa::path(
    tag = "Notifiche",
    responses((status = 200, body = NotificaIndex), (status = "4XX", body = Fault)),
)]
#[post("/api/v1/notifiche/{id}/rinvio")]
pub async fn post_rinvio(
    app: web::Data<App>,
    caller: Operatore,
    id: web::Path<String>,
) -> Risposta {
    let caller = caller.scrive(Servizio::Configurazione)?;
    let row = trova(&app, &caller, &id).await?;
    let (id, p) = (row.id, &app.pagamenti);
    let Some(row) = p.db.rinvia_notifica(id, p.now()).await? else {
        let text = format!(
            "la notifica {id} è già stata consegnata all'applicazione {}",
            row.id_a2a
        );
        return Err(Errore::operazione("422000", "Notifica già consegnata", text).into());
    };
    p.ente.sveglia();
    Ok(json(StatusCode::OK, &letta(&row)?))
}

/// The same reading under our own path, with a place in the OpenAPI document.
#[utoipa::path(
    tag = "Notifiche",
    responses((status = 200, body = NotificaIndex), (status = "4XX", body = Fault)),
)]
#[get("/api/v1/notifiche/{id}")]
pub async fn get_notifica(
    app: web::Data<App>,
    caller: Operatore,
    id: web::Path<String>,
) -> Risposta {
    get_one(app, caller, id).await
}

async fn trova(app: &App, caller: &Chiamante, id: &str) -> Result<NotificaRow, Errore> {
    let sconosciuta = || Errore::non_trovato(format!("nessuna notifica '{id}'"));
    let key: i64 = id.parse().map_err(|_| sconosciuta())?;
    let found = app.pagamenti.db.find_notifica(key).await?;
    found
        .filter(|row| caller.sees(&row.id_dominio))
        .ok_or_else(sconosciuta)
}

fn letta(row: &NotificaRow) -> StoreResult<NotificaIndex> {
    let stato = row.stato()?;
    let shown = match stato {
        StatoNotifica::Fallita => StatoNotifica::Annullata,
        stato => stato,
    };
    Ok(NotificaIndex {
        tipo: row.tipo.clone(),
        data_creazione: row.created_at.and_utc(),
        stato: shown.name().to_owned(),
        descrizione_stato: row.descrizione_stato.clone(),
        data_ultimo_aggiornamento: Some(row.updated_at.and_utc()),
        data_prossima_spedizione: row.prossima_at.map(|at| at.and_utc()),
        numero_tentativi: row.tentativi,
        id_a2a: Some(row.id_a2a.clone()),
        id: Some(row.id),
        fallita: stato == StatoNotifica::Fallita,
        id_evento: Some(row.evento.clone()),
        id_dominio: Some(row.id_dominio.clone()),
        iuv: Some(row.iuv.clone()),
        ccp: Some(row.ccp.clone()),
    })
}
