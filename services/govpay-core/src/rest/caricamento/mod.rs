//! Pendenze loaded by people and by portals: whole, or made of the data of a form.

mod dati;
mod modulo;
mod pagamento;

use actix_web::http::StatusCode;
use actix_web::web;
use base64::Engine as _;
use govpay_api::anagrafica::Servizio;
use govpay_api::{Categoria, NuovaPendenza, PendenzaCreata};
use serde::Deserialize;

pub use modulo::{modulo_as_operatore, modulo_as_portale};
pub use pagamento::da_pagare;

use super::auth::{Applicazione, Operatore, lavora_per};
use super::contratto::corpo_svelto;
use super::pendenze::Key;
use super::risposta::{Corpo, Parametri, Risposta, json};
use super::{App, avvisi, convalida};
use crate::pagamenti::Errore;
use crate::pendenza::{EsitoOrdine, Ordine, OrigineOrdine, PendenzaConVoci};
use crate::verifica;
use dati::Dati;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StampaQuery {
    pub stampa_avviso: Option<bool>,
}

/// Writes the pendenza and answers: 201 for a new one, 200 for one that was there. `stampa`: with its
/// avviso in the answer.
pub async fn scrivi(app: &App, ordine: Ordine, stampa: Option<bool>) -> Risposta {
    let (status, pendenza) = match app.pagamenti.db.put_pendenza(ordine).await? {
        EsitoOrdine::Creata(pendenza) => (StatusCode::CREATED, pendenza),
        EsitoOrdine::Aggiornata(pendenza) => (StatusCode::OK, pendenza),
        EsitoOrdine::Rifiutata(rifiuto) => return Err(rifiuto.into()),
    };
    let mut created = creata(&pendenza);
    if stampa == Some(true) {
        let pdf = avvisi::stampa(*pendenza).await?;
        created.pdf = Some(base64::engine::general_purpose::STANDARD.encode(pdf));
    }
    Ok(json(status, &created))
}

fn creata(pendenza: &PendenzaConVoci) -> PendenzaCreata {
    let row = &pendenza.row;
    PendenzaCreata {
        id_a2a: Some(row.id_a2a.clone()),
        id_pendenza: Some(row.id_pendenza.clone()),
        id_dominio: row.id_dominio.clone(),
        numero_avviso: row.numero_avviso.clone(),
        uuid: Some(row.uuid.clone()),
        pdf: None,
    }
}

/// The applicazione that somebody else loads a pendenza for.
async fn titolare(app: &App, id_a2a: &str) -> Result<Applicazione, Errore> {
    let db = &app.pagamenti.db;
    let rifiuto = |codice, descrizione, text| {
        Err(Errore::new(
            400,
            Categoria::Richiesta,
            codice,
            descrizione,
            text,
        ))
    };
    match db.find_applicazione_a2a(id_a2a.to_owned()).await? {
        None => {
            let text = format!("idA2A: il valore {id_a2a} non è tra le applicazioni");
            rifiuto("APP_000", "Applicazione sconosciuta", text)
        }
        Some(row) if !row.abilitato => {
            let text = format!("idA2A: l'applicazione {id_a2a} non è abilitata");
            rifiuto("APP_001", "Applicazione non abilitata", text)
        }
        Some(row) => Ok(Applicazione(row)),
    }
}

/// The order of a pendenza for that applicazione, which may own it.
async fn ordine(
    app: &App,
    (id_a2a, id_pendenza): (String, String),
    corpo: NuovaPendenza,
    origine: OrigineOrdine,
) -> Result<Ordine, Errore> {
    convalida::identificativo("idA2A", &id_a2a, false)?;
    convalida::identificativo("idPendenza", &id_pendenza, false)?;
    convalida::pendenza(&corpo)?;
    let titolare = titolare(app, &id_a2a).await?;
    titolare.sees(corpo.id_dominio.as_str())?;
    titolare.usa_tipo(verifica::tipo_di(&corpo))?;
    Ok(Ordine {
        codifica: titolare.codifica()?,
        id_a2a,
        id_pendenza,
        corpo,
        origine,
        now: app.pagamenti.now(),
    })
}

/// A person loads a pendenza of an applicazione.
async fn carica(
    app: &App,
    caller: &Operatore,
    key: (String, String),
    corpo: NuovaPendenza,
    stampa: Option<bool>,
) -> Risposta {
    let chiamante = caller.scrive(Servizio::Pendenze)?;
    lavora_per(&chiamante, corpo.id_dominio.as_str())?;
    caller.usa_tipo(verifica::tipo_di(&corpo))?;
    let ordine = ordine(app, key, corpo, OrigineOrdine::Dovuto).await?;
    scrivi(app, ordine, stampa).await
}

pub async fn put_as_operatore(
    app: web::Data<App>,
    caller: Operatore,
    key: Key,
    query: Parametri<StampaQuery>,
    body: Corpo,
) -> Risposta {
    caller.scrive(Servizio::Pendenze)?;
    let pendenza: NuovaPendenza = corpo_svelto(&body)?;
    carica(
        &app,
        &caller,
        key.into_inner(),
        pendenza,
        query.stampa_avviso,
    )
    .await
}

pub async fn post_as_operatore(
    app: web::Data<App>,
    caller: Operatore,
    query: Parametri<StampaQuery>,
    body: Corpo,
) -> Risposta {
    caller.scrive(Servizio::Pendenze)?;
    let mut dati = Dati::leggi(&body)?;
    let key = dati.chiave(None, None)?;
    let pendenza = dati.pendenza()?;
    carica(&app, &caller, key, pendenza, query.stampa_avviso).await
}
