//! Settings of the whole archive. All are kept and held to their schema; what the core does not act on
//! yet is told in `proto-docs/differenze.md`.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use govpay_api::PatchOp;
use govpay_api::anagrafica::{Configurazione, Servizio};
use platform::StoreError;
use serde_json::{Map, Value, json};

use super::modifiche::applica;
use crate::pagamenti::Errore;
use crate::rest::App;
use crate::rest::auth::Operatore;
use crate::rest::contratto::{corpo, leggi};
use crate::rest::risposta::{Corpo, Risposta, corpo as letto_senza_schema, json as answer};

/// The sections, as the contract names them.
const SEZIONI: [&str; 8] = [
    "giornaleEventi",
    "servizioGDE",
    "tracciatoCsv",
    "hardening",
    "mailBatch",
    "avvisaturaMail",
    "avvisaturaAppIO",
    "appIOBatch",
];

/// What is in force of the sections that nobody wrote: nothing leaves, and the giornale has what
/// changes something.
fn predefinite() -> Value {
    let interfaccia = json!({
        "letture": {"log": "mai", "dump": "mai"}, "scritture": {"log": "sempre", "dump": "sempre"},
    });
    let interfacce = [
        "apiEnte",
        "apiPagamento",
        "apiRagioneria",
        "apiBackoffice",
        "apiPagoPA",
        "apiPendenze",
        "apiBackendIO",
        "apiMaggioliJPPA",
    ];
    let interfacce: Map<String, Value> = interfacce
        .into_iter()
        .map(|nome| (nome.to_owned(), interfaccia.clone()))
        .collect();
    let testo =
        |oggetto: &str| json!({"tipo": "freemarker", "oggetto": oggetto, "messaggio": oggetto});
    let con = |mut base: Value, nome: &str, valore: Value| {
        base[nome] = valore;
        base
    };
    let avvisatura = json!({
        "promemoriaAvviso": testo("Avviso di pagamento"),
        "promemoriaRicevuta": con(testo("Ricevuta di pagamento"), "soloEseguiti", true.into()),
        "promemoriaScadenza": con(testo("Promemoria di scadenza"), "preavviso", 10.into()),
    });
    json!({
        "giornaleEventi": {"interfacce": interfacce},
        "tracciatoCsv": {"tipo": "freemarker", "intestazione": "", "richiesta": "", "risposta": ""},
        "hardening": {"abilitato": false, "captcha": {
            "serverURL": "https://captcha.invalid", "siteKey": "nessuna", "secretKey": "nessuna",
            "soglia": 1.0, "parametro": "captcha", "denyOnFail": true, "connectionTimeout": 5000,
            "readTimeout": 5000,
        }},
        "mailBatch": {"abilitato": false, "mailserver": {
            "host": "localhost", "port": 25, "username": "nessuno", "password": "nessuna",
            "from": "nessuno@localhost", "readTimeout": 120_000, "connectionTimeout": 10000,
            "startTls": false,
        }},
        "avvisaturaMail": avvisatura, "avvisaturaAppIO": avvisatura,
        "appIOBatch": {"abilitato": false},
    })
}

async fn in_vigore(app: &App) -> Result<Value, Errore> {
    let mut all = predefinite();
    for (sezione, valore) in app.pagamenti.db.list_configurazioni().await? {
        all[sezione] = serde_json::from_str(&valore).map_err(StoreError::corrupt)?;
    }
    Ok(all)
}

/// Writes the sections that are there.
async fn scrivi(app: &App, nuova: &Configurazione) -> Result<(), Errore> {
    let value = serde_json::to_value(nuova).map_err(StoreError::corrupt)?;
    let sezioni = value.as_object().into_iter().flatten();
    let sezioni = sezioni.map(|(nome, valore)| (nome.clone(), valore.to_string()));
    Ok(app
        .pagamenti
        .db
        .put_configurazioni(sezioni.collect())
        .await?)
}

pub async fn get_configurazioni(app: web::Data<App>, caller: Operatore) -> Risposta {
    caller.legge(Servizio::Configurazione)?;
    Ok(answer(StatusCode::OK, &in_vigore(&app).await?))
}

pub async fn post_configurazioni(app: web::Data<App>, caller: Operatore, body: Corpo) -> Risposta {
    caller.scrive(Servizio::Configurazione)?;
    scrivi(&app, &corpo(&body)?).await?;
    Ok(HttpResponse::Ok().finish())
}

pub async fn patch_configurazioni(app: web::Data<App>, caller: Operatore, body: Corpo) -> Risposta {
    caller.scrive(Servizio::Configurazione)?;
    let ops: Vec<PatchOp> = letto_senza_schema(&body)?;
    let mut nuova = json!({});
    applica(&mut nuova, &ops, &SEZIONI)?;
    scrivi(&app, &leggi(nuova)?).await?;
    Ok(answer(StatusCode::OK, &in_vigore(&app).await?))
}
