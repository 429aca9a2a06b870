//! Operatori: the people of the bodies.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use govpay_api::PatchOp;
use govpay_api::anagrafica::{
    NuovaAcl, NuovoOperatore, OperatoreDettaglio, OperatoreElenco, Servizio,
};
use serde_json::json;

use super::elenco::Elenco;
use super::modifiche::applica;
use super::scritta;
use super::utenze::{
    Autorizzazioni, array, cifrata, domini_profilo, esito, ruoli_letti, tipi_profilo,
};
use crate::anagrafica::OperatoreRow;
use crate::pagamenti::Errore;
use crate::rest::App;
use crate::rest::auth::Operatore;
use crate::rest::contratto::{corpo, leggi};
use crate::rest::risposta::{
    Corpo, Parametri, Risposta, corpo as letto_senza_schema, json as answer,
};

pub async fn put_operatore(
    app: web::Data<App>,
    caller: Operatore,
    id: web::Path<String>,
    body: Corpo,
) -> Risposta {
    caller.scrive(Servizio::AnagraficaRuoli)?;
    let nuovo: NuovoOperatore = corpo(&body)?;
    Ok(scritta(
        scrivi_operatore(&app, id.into_inner(), nuovo).await?,
    ))
}

async fn scrivi_operatore(
    app: &App,
    principal: String,
    nuovo: NuovoOperatore,
) -> Result<bool, Errore> {
    let db = &app.pagamenti.db;
    let known = db.find_operatore(principal.clone()).await?;
    let password = match (&nuovo.password, known) {
        (Some(password), _) => cifrata(password)?,
        (None, Some(known)) => known.password,
        (None, None) => String::new(),
    };
    let parti = Autorizzazioni::new(
        app,
        nuovo.domini,
        nuovo.tipi_pendenza,
        nuovo.acl,
        nuovo.ruoli,
    );
    let parti = parti.await?;
    let row = OperatoreRow {
        nome: nuovo.ragione_sociale.unwrap_or_else(|| principal.clone()),
        principal: principal.clone(),
        password,
        domini: parti.domini,
        abilitato: nuovo.abilitato.unwrap_or(true),
        tipi_pendenza: parti.tipi_pendenza,
        acl: parti.acl,
        ruoli: parti.ruoli,
    };
    esito(db.put_operatore(row).await?, &principal)
}

async fn operatore(app: &App, id: &str) -> Result<OperatoreRow, Errore> {
    let found = app.pagamenti.db.find_operatore(id.to_owned()).await?;
    found.ok_or_else(|| Errore::non_trovato(format!("nessun operatore '{id}'")))
}

async fn leggi_operatore(app: &App, id: &str) -> Risposta {
    let row = operatore(app, id).await?;
    let letto = OperatoreDettaglio {
        password: !row.password.is_empty(),
        domini: domini_profilo(app, &row.domini).await?,
        tipi_pendenza: tipi_profilo(app, &row.tipi_pendenza).await?,
        acl: array(&row.acl)?,
        ruoli: ruoli_letti(app, &row.ruoli).await?,
        principal: row.principal,
        ragione_sociale: row.nome,
        abilitato: row.abilitato,
    };
    Ok(answer(StatusCode::OK, &letto))
}

pub async fn get_operatore(
    app: web::Data<App>,
    caller: Operatore,
    id: web::Path<String>,
) -> Risposta {
    caller.legge(Servizio::AnagraficaRuoli)?;
    leggi_operatore(&app, &id).await
}

pub async fn patch_operatore(
    app: web::Data<App>,
    caller: Operatore,
    id: web::Path<String>,
    body: Corpo,
) -> Risposta {
    caller.scrive(Servizio::AnagraficaRuoli)?;
    let ops: Vec<PatchOp> = letto_senza_schema(&body)?;
    let row = operatore(&app, &id).await?;
    let mut nuovo = json!({
        "ragioneSociale": row.nome, "domini": array::<String>(&row.domini)?,
        "tipiPendenza": array::<String>(&row.tipi_pendenza)?,
        "acl": array::<NuovaAcl>(&row.acl)?, "ruoli": array::<String>(&row.ruoli)?,
        "abilitato": row.abilitato,
    });
    let campi = [
        "ragioneSociale",
        "password",
        "domini",
        "tipiPendenza",
        "acl",
        "ruoli",
        "abilitato",
    ];
    applica(&mut nuovo, &ops, &campi)?;
    scrivi_operatore(&app, row.principal.clone(), leggi(nuovo)?).await?;
    leggi_operatore(&app, &row.principal).await
}

pub async fn list_operatori(
    app: web::Data<App>,
    caller: Operatore,
    q: Parametri<Elenco>,
    req: HttpRequest,
) -> Risposta {
    caller.legge(Servizio::AnagraficaRuoli)?;
    let rows = app.pagamenti.db.list_operatori().await?.into_iter();
    let rows = rows.map(|row| OperatoreElenco {
        principal: row.principal,
        ragione_sociale: row.nome,
        abilitato: row.abilitato,
    });
    q.into_inner().risposta(rows.collect(), &req)
}
