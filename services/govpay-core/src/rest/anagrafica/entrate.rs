//! Entrate, of all bodies and of each.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use govpay_api::anagrafica::{
    EntrataDominio, NuovaEntrata, NuovoTipoEntrata, Servizio, TipoEntrata,
};
use platform::{StoreError, StoreResult};
use serde_json::json;

use super::creditori::{Chiave, dominio};
use super::elenco::Elenco;
use super::{identificativo, manca, scritta, unisci};
use crate::anagrafica::{RigaEntrata, RigaTipoEntrata};
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
    let id_entrata = id.into_inner();
    identificativo("idEntrata", &id_entrata, true)?;
    let nuovo: NuovoTipoEntrata = corpo(&body)?;
    let row = RigaTipoEntrata {
        id_entrata,
        descrizione: nuovo.descrizione,
        tipo_contabilita: nuovo.tipo_contabilita.name().to_owned(),
        codice_contabilita: nuovo.codice_contabilita,
    };
    Ok(scritta(app.pagamenti.db.put_tipo_entrata(row).await?))
}

fn tipo_entrata_letto(row: &RigaTipoEntrata) -> StoreResult<TipoEntrata> {
    let fields = json!({
        "idEntrata": row.id_entrata, "descrizione": row.descrizione,
        "tipoContabilita": row.tipo_contabilita, "codiceContabilita": row.codice_contabilita,
    });
    unisci("{}", fields)
}

async fn tipo_entrata(app: &App, id: &str) -> Result<RigaTipoEntrata, Errore> {
    let found = app.pagamenti.db.find_tipo_entrata(id.to_owned()).await?;
    found.ok_or_else(|| Errore::non_trovato(format!("nessuna entrata '{id}'")))
}

pub async fn get_tipo(app: web::Data<App>, caller: Operatore, id: web::Path<String>) -> Risposta {
    caller.legge(Servizio::AnagraficaCreditore)?;
    let row = tipo_entrata(&app, &id).await?;
    Ok(answer(StatusCode::OK, &tipo_entrata_letto(&row)?))
}

pub async fn list_tipi(
    app: web::Data<App>,
    caller: Operatore,
    q: Parametri<Elenco>,
    req: HttpRequest,
) -> Risposta {
    caller.legge(Servizio::AnagraficaCreditore)?;
    let rows = app.pagamenti.db.list_tipi_entrata().await?;
    let rows: Vec<TipoEntrata> = rows
        .iter()
        .map(tipo_entrata_letto)
        .collect::<StoreResult<_>>()?;
    q.into_inner().risposta(rows, &req)
}

pub async fn put_entrata(
    app: web::Data<App>,
    caller: Operatore,
    key: Chiave,
    body: Corpo,
) -> Risposta {
    let caller = caller.scrive(Servizio::AnagraficaCreditore)?;
    let (id_dominio, id_entrata) = key.into_inner();
    dominio(&app, &caller, &id_dominio).await?;
    tipo_entrata(&app, &id_entrata).await?;
    let nuova: NuovaEntrata = corpo(&body)?;
    let db = &app.pagamenti.db;
    let conti = [
        ("ibanAccredito", "VER_020", Some(&nuova.iban_accredito)),
        ("ibanAppoggio", "VER_033", nuova.iban_appoggio.as_ref()),
    ];
    for (campo, codice, iban) in conti {
        let Some(iban) = iban else { continue };
        if db
            .find_conto(id_dominio.clone(), iban.clone())
            .await?
            .is_none()
        {
            let text =
                format!("{campo}: il valore {iban} non è tra i conti del dominio {id_dominio}");
            return Err(manca(codice, "Il conto non è censito", text).into());
        }
    }
    let row = RigaEntrata {
        id_dominio,
        id_entrata,
        tipo_contabilita: nuova.tipo_contabilita.map(|tipo| tipo.name().to_owned()),
        codice_contabilita: nuova.codice_contabilita,
        iban_accredito: nuova.iban_accredito,
        iban_appoggio: nuova.iban_appoggio,
        abilitato: nuova.abilitato.unwrap_or(true),
    };
    Ok(scritta(db.put_entrata(row).await?))
}

fn entrata_letta(row: &RigaEntrata, tipo: &RigaTipoEntrata) -> StoreResult<EntrataDominio> {
    let fields = json!({
        "idEntrata": row.id_entrata, "tipoEntrata": tipo_entrata_letto(tipo)?,
        "ibanAccredito": row.iban_accredito, "ibanAppoggio": row.iban_appoggio,
        "tipoContabilita": row.tipo_contabilita, "codiceContabilita": row.codice_contabilita,
        "abilitato": row.abilitato,
    });
    unisci("{}", fields)
}

/// The entrate of a body.
pub async fn del_dominio(app: &App, id_dominio: &str) -> Result<Vec<EntrataDominio>, Errore> {
    let db = &app.pagamenti.db;
    let tipi = db.list_tipi_entrata().await?;
    let rows = db.list_entrate(id_dominio.to_owned()).await?;
    let mut lette = Vec::with_capacity(rows.len());
    for row in &rows {
        let tipo = tipi.iter().find(|tipo| tipo.id_entrata == row.id_entrata);
        let tipo = tipo.ok_or_else(|| StoreError::corrupt(&row.id_entrata))?;
        lette.push(entrata_letta(row, tipo)?);
    }
    Ok(lette)
}

pub async fn get_entrata(app: web::Data<App>, caller: Operatore, key: Chiave) -> Risposta {
    let caller = caller.legge(Servizio::AnagraficaCreditore)?;
    let (id_dominio, id_entrata) = key.into_inner();
    dominio(&app, &caller, &id_dominio).await?;
    let found = app
        .pagamenti
        .db
        .find_entrata(id_dominio, id_entrata.clone())
        .await?;
    let row =
        found.ok_or_else(|| Errore::non_trovato(format!("nessuna entrata '{id_entrata}'")))?;
    let tipo = tipo_entrata(&app, &id_entrata).await?;
    Ok(answer(StatusCode::OK, &entrata_letta(&row, &tipo)?))
}

pub async fn list_entrate(
    app: web::Data<App>,
    caller: Operatore,
    id: web::Path<String>,
    q: Parametri<Elenco>,
    req: HttpRequest,
) -> Risposta {
    let caller = caller.legge(Servizio::AnagraficaCreditore)?;
    let row = dominio(&app, &caller, &id).await?;
    q.into_inner()
        .risposta(del_dominio(&app, &row.id_dominio).await?, &req)
}
