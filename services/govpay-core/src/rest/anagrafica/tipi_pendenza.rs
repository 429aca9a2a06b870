//! Kinds of debt, for all bodies and as each body changes them.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use govpay_api::anagrafica::{
    CaricamentoPendenza, NuovoTipoPendenza, NuovoTipoPendenzaDominio, Servizio,
    TipoPendenzaDettaglio, TipoPendenzaDominio,
};
use platform::{StoreError, StoreResult};
use serde_json::{Value, json};

use super::creditori::{Chiave, dominio};
use super::elenco::Elenco;
use super::{dettaglio, identificativo, scritta, unisci};
use crate::anagrafica::{RigaTipoPendenza, RigaTipoPendenzaDominio};
use crate::pagamenti::Errore;
use crate::rest::App;
use crate::rest::auth::Operatore;
use crate::rest::contratto::corpo;
use crate::rest::risposta::{Corpo, Parametri, Risposta, json as answer};

pub async fn put_tipo(
    app: web::Data<App>,
    caller: Operatore,
    id: web::Path<String>,
    body: Corpo,
) -> Risposta {
    caller.scrive(Servizio::AnagraficaCreditore)?;
    let id_tipo_pendenza = id.into_inner();
    identificativo("idTipoPendenza", &id_tipo_pendenza, true)?;
    let nuovo: NuovoTipoPendenza = corpo(&body)?;
    controlla([
        ("portaleBackoffice", nuovo.portale_backoffice.as_ref()),
        ("portalePagamento", nuovo.portale_pagamento.as_ref()),
    ])?;
    let row = RigaTipoPendenza {
        id_tipo_pendenza,
        dettaglio: dettaglio(&nuovo, &["descrizione", "abilitato"])?,
        descrizione: nuovo.descrizione,
        abilitato: nuovo.abilitato.unwrap_or(true),
    };
    Ok(scritta(app.pagamenti.db.put_tipo_pendenza(row).await?))
}

/// The kind of debt as it is for all bodies.
pub fn letto(row: &RigaTipoPendenza) -> StoreResult<TipoPendenzaDettaglio> {
    let fields = json!({
        "idTipoPendenza": row.id_tipo_pendenza, "descrizione": row.descrizione,
        "abilitato": row.abilitato,
    });
    unisci(&row.dettaglio, fields)
}

async fn tipo(app: &App, id: &str) -> Result<RigaTipoPendenza, Errore> {
    let found = app.pagamenti.db.find_tipo_pendenza(id.to_owned()).await?;
    found.ok_or_else(|| Errore::non_trovato(format!("nessun tipo pendenza '{id}'")))
}

pub async fn get_tipo(app: web::Data<App>, caller: Operatore, id: web::Path<String>) -> Risposta {
    caller.legge(Servizio::AnagraficaCreditore)?;
    Ok(answer(StatusCode::OK, &letto(&tipo(&app, &id).await?)?))
}

pub async fn list_tipi(
    app: web::Data<App>,
    caller: Operatore,
    q: Parametri<Elenco>,
    req: HttpRequest,
) -> Risposta {
    let caller = caller.legge(Servizio::AnagraficaCreditore)?;
    let db = &app.pagamenti.db;
    let mut rows = db.list_tipi_pendenza().await?;
    if q.associati == Some(true) {
        rows.retain(|row| caller.sees_tipo(&row.id_tipo_pendenza));
    }
    if let Some(id_dominio) = &q.non_associati {
        let own = db.list_tipi_pendenza_dominio(id_dominio.clone()).await?;
        let has = |id: &str| own.iter().any(|row| row.id_tipo_pendenza == id);
        rows.retain(|row| !has(&row.id_tipo_pendenza));
    }
    let rows: Vec<TipoPendenzaDettaglio> = rows.iter().map(letto).collect::<StoreResult<_>>()?;
    q.into_inner().risposta(rows, &req)
}

pub async fn put_del_dominio(
    app: web::Data<App>,
    caller: Operatore,
    key: Chiave,
    body: Corpo,
) -> Risposta {
    let caller = caller.scrive(Servizio::AnagraficaCreditore)?;
    let (id_dominio, id_tipo_pendenza) = key.into_inner();
    dominio(&app, &caller, &id_dominio).await?;
    tipo(&app, &id_tipo_pendenza).await?;
    let nuovo: NuovoTipoPendenzaDominio = corpo(&body)?;
    controlla([
        ("portaleBackoffice", nuovo.portale_backoffice.as_ref()),
        ("portalePagamento", nuovo.portale_pagamento.as_ref()),
    ])?;
    let row = RigaTipoPendenzaDominio {
        id_dominio,
        id_tipo_pendenza,
        abilitato: nuovo.abilitato.unwrap_or(true),
        dettaglio: dettaglio(&nuovo, &["abilitato"])?,
    };
    Ok(scritta(
        app.pagamenti.db.put_tipo_pendenza_dominio(row).await?,
    ))
}

/// What is in force: the values of the body over those of all; `valori` are the body's own.
fn in_vigore(
    row: &RigaTipoPendenzaDominio,
    tipo: &RigaTipoPendenza,
) -> StoreResult<TipoPendenzaDominio> {
    let own: Value = serde_json::from_str(&row.dettaglio).map_err(StoreError::corrupt)?;
    let mut valori = own.clone();
    valori["abilitato"] = row.abilitato.into();
    let mut fields = own;
    fields["idTipoPendenza"] = row.id_tipo_pendenza.clone().into();
    fields["descrizione"] = tipo.descrizione.clone().into();
    fields["abilitato"] = (row.abilitato && tipo.abilitato).into();
    fields["valori"] = valori;
    unisci(&tipo.dettaglio, fields)
}

/// A kind of debt of a body as it is in force, both enabled.
pub async fn tipo_in_vigore(
    app: &App,
    id_dominio: &str,
    id: &str,
) -> Result<TipoPendenzaDominio, Errore> {
    let db = &app.pagamenti.db;
    let own = db.find_tipo_pendenza_dominio(id_dominio.to_owned(), id.to_owned());
    let own = own.await?.ok_or_else(|| {
        let text = format!("il valore {id} non è tra i tipi pendenza del dominio {id_dominio}");
        let title = "Il tipo pendenza non è censito per il dominio";
        Errore::operazione("TVD_000", title, format!("idTipoPendenza: {text}"))
    })?;
    let found = in_vigore(&own, &tipo(app, id).await?)?;
    if found.abilitato == Some(false) {
        let text = format!("idTipoPendenza: il valore {id} è disabilitato");
        let title = "Il tipo pendenza non è abilitato per il dominio";
        return Err(Errore::operazione("TVD_001", title, text));
    }
    Ok(found)
}

/// The schemas of the forms can be used: whoever writes them is told, not whoever pays.
fn controlla(moduli: [(&str, Option<&CaricamentoPendenza>); 2]) -> Result<(), Errore> {
    for (campo, modulo) in moduli {
        let schema = modulo.and_then(|modulo| modulo.validazione.as_ref());
        if let Some(Err(error)) = schema.map(jsonschema::validator_for) {
            let text =
                format!("{campo}.validazione: non è un JSON Schema che si può usare ({error})");
            return Err(Errore::richiesta(text));
        }
    }
    Ok(())
}

/// The kinds of debt of a body, as they are in force.
pub async fn del_dominio(app: &App, id_dominio: &str) -> Result<Vec<TipoPendenzaDominio>, Errore> {
    let db = &app.pagamenti.db;
    let tipi = db.list_tipi_pendenza().await?;
    let rows = db.list_tipi_pendenza_dominio(id_dominio.to_owned()).await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in &rows {
        let tipo = tipi
            .iter()
            .find(|tipo| tipo.id_tipo_pendenza == row.id_tipo_pendenza);
        let tipo = tipo.ok_or_else(|| StoreError::corrupt(&row.id_tipo_pendenza))?;
        found.push(in_vigore(row, tipo)?);
    }
    Ok(found)
}

pub async fn get_del_dominio(app: web::Data<App>, caller: Operatore, key: Chiave) -> Risposta {
    let caller = caller.legge(Servizio::AnagraficaCreditore)?;
    let (id_dominio, id) = key.into_inner();
    dominio(&app, &caller, &id_dominio).await?;
    let found = app
        .pagamenti
        .db
        .find_tipo_pendenza_dominio(id_dominio, id.clone())
        .await?;
    let row = found.ok_or_else(|| Errore::non_trovato(format!("nessun tipo pendenza '{id}'")))?;
    Ok(answer(
        StatusCode::OK,
        &in_vigore(&row, &tipo(&app, &id).await?)?,
    ))
}

pub async fn list_del_dominio(
    app: web::Data<App>,
    caller: Operatore,
    id: web::Path<String>,
    q: Parametri<Elenco>,
    req: HttpRequest,
) -> Risposta {
    let caller = caller.legge(Servizio::AnagraficaCreditore)?;
    let row = dominio(&app, &caller, &id).await?;
    let mut rows = del_dominio(&app, &row.id_dominio).await?;
    if q.associati == Some(true) {
        rows.retain(|row| caller.sees_tipo(&row.id_tipo_pendenza));
    }
    q.into_inner().risposta(rows, &req)
}
