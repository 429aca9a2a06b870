//! Brokers and stations.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use govpay_api::anagrafica::{
    Intermediario, IntermediarioElenco, NuovaStazione, NuovoIntermediario, Servizio, Stazione,
    StazioneElenco, VersioneStazione,
};
use platform::{StoreError, StoreResult};
use serde_json::json;

use super::creditori::riga_di_elenco;
use super::elenco::Elenco;
use super::{codice_ente, dettaglio, scritta, unisci};
use crate::anagrafica::{RigaIntermediario, RigaStazione};
use crate::pagamenti::Errore;
use crate::rest::App;
use crate::rest::auth::Operatore;
use crate::rest::contratto::corpo;
use crate::rest::risposta::{Corpo, Parametri, Risposta, json as answer};

/// Who the Node is for a broker that the tenant file declares.
const NODO: &str = "nodo-dei-pagamenti";

pub async fn put_intermediario(
    app: web::Data<App>,
    caller: Operatore,
    id: web::Path<String>,
    body: Corpo,
) -> Risposta {
    caller.scrive(Servizio::AnagraficaPagopa)?;
    let id_intermediario = id.into_inner();
    codice_ente("idIntermediario", &id_intermediario)?;
    let nuovo: NuovoIntermediario = corpo(&body)?;
    let row = RigaIntermediario {
        id_intermediario,
        denominazione: nuovo.denominazione.clone(),
        url_nodo: Some(nuovo.servizio_pago_pa.url_rpt.clone()),
        abilitato: nuovo.abilitato.unwrap_or(true),
        dettaglio: dettaglio(&nuovo, &["denominazione", "abilitato"])?,
    };
    Ok(scritta(app.pagamenti.db.put_intermediario(row).await?))
}

pub async fn get_intermediario(
    app: web::Data<App>,
    caller: Operatore,
    id: web::Path<String>,
) -> Risposta {
    caller.legge(Servizio::AnagraficaPagopa)?;
    let row = intermediario(&app, &id).await?;
    let stazioni = stazioni(&app, &id).await?;
    let stazioni: Vec<StazioneElenco> = stazioni
        .iter()
        .map(stazione_elenco)
        .collect::<StoreResult<_>>()?;
    let nodo = app.pagamenti.nodo.url(row.url_nodo.as_deref());
    let mut letto: serde_json::Value =
        serde_json::from_str(&row.dettaglio).map_err(StoreError::corrupt)?;
    if letto.get("servizioPagoPa").is_none() {
        letto = json!({ "principalPagoPa": NODO, "servizioPagoPa": { "urlRPT": nodo } });
    }
    let letto: Intermediario = unisci(
        &letto.to_string(),
        json!({
            "idIntermediario": row.id_intermediario, "denominazione": row.denominazione,
            "abilitato": row.abilitato, "stazioni": stazioni,
        }),
    )?;
    Ok(answer(StatusCode::OK, &letto))
}

pub async fn list_intermediari(
    app: web::Data<App>,
    caller: Operatore,
    q: Parametri<Elenco>,
    req: HttpRequest,
) -> Risposta {
    caller.legge(Servizio::AnagraficaPagopa)?;
    let rows = app.pagamenti.db.list_intermediari().await?.into_iter();
    let rows = rows.map(|row| IntermediarioElenco {
        id_intermediario: row.id_intermediario,
        denominazione: row.denominazione,
        abilitato: row.abilitato,
    });
    q.into_inner().risposta(rows.collect(), &req)
}

type ChiaveStazione = web::Path<(String, String)>;

pub async fn put_stazione(
    app: web::Data<App>,
    caller: Operatore,
    key: ChiaveStazione,
    body: Corpo,
) -> Risposta {
    caller.scrive(Servizio::AnagraficaPagopa)?;
    let (id_intermediario, id_stazione) = key.into_inner();
    let nuova: NuovaStazione = corpo(&body)?;
    let code = id_stazione
        .strip_prefix(&format!("{id_intermediario}_"))
        .filter(|code| code.len() == 2 && code.bytes().all(|b| b.is_ascii_digit()))
        .and_then(|code| code.parse().ok());
    let Some(application_code) = code else {
        return Err(Errore::richiesta(format!(
            "idStazione: il valore '{id_stazione}' deve essere {id_intermediario}_ e 2 cifre"
        ))
        .into());
    };
    intermediario(&app, &id_intermediario).await?;
    let known = app.pagamenti.db.find_stazione(id_stazione.clone()).await?;
    let row = RigaStazione {
        id_stazione,
        id_intermediario,
        versione: nuova.versione.name().to_owned(),
        password: nuova
            .password
            .or_else(|| known.map(|row| row.password))
            .unwrap_or_default(),
        application_code,
        abilitato: nuova.abilitato,
    };
    Ok(scritta(app.pagamenti.db.put_stazione(row).await?))
}

pub async fn get_stazione(app: web::Data<App>, caller: Operatore, key: ChiaveStazione) -> Risposta {
    caller.legge(Servizio::AnagraficaPagopa)?;
    let (id_intermediario, id_stazione) = key.into_inner();
    let found = app.pagamenti.db.find_stazione(id_stazione.clone()).await?;
    let row = found
        .filter(|row| row.id_intermediario == id_intermediario)
        .ok_or_else(|| Errore::non_trovato(format!("nessuna stazione '{id_stazione}'")))?;
    let domini = app.pagamenti.db.list_domini(None).await?;
    let domini = domini
        .iter()
        .filter(|dominio| dominio.id_stazione.as_deref() == Some(row.id_stazione.as_str()))
        .map(riga_di_elenco)
        .collect::<StoreResult<_>>()?;
    let letta = Stazione {
        versione: versione(&row)?,
        id_stazione: row.id_stazione,
        domini,
        abilitato: row.abilitato,
        password: Some(row.password),
    };
    Ok(answer(StatusCode::OK, &letta))
}

pub async fn list_stazioni(
    app: web::Data<App>,
    caller: Operatore,
    id: web::Path<String>,
    q: Parametri<Elenco>,
    req: HttpRequest,
) -> Risposta {
    caller.legge(Servizio::AnagraficaPagopa)?;
    intermediario(&app, &id).await?;
    let rows = stazioni(&app, &id).await?;
    let rows = rows
        .iter()
        .map(stazione_elenco)
        .collect::<StoreResult<_>>()?;
    q.into_inner().risposta(rows, &req)
}

async fn intermediario(app: &App, id: &str) -> Result<RigaIntermediario, Errore> {
    let found = app.pagamenti.db.find_intermediario(id.to_owned()).await?;
    found.ok_or_else(|| Errore::non_trovato(format!("nessun intermediario '{id}'")))
}

async fn stazioni(app: &App, id: &str) -> StoreResult<Vec<RigaStazione>> {
    let mut rows = app.pagamenti.db.list_stazioni().await?;
    rows.retain(|row| row.id_intermediario == id);
    Ok(rows)
}

fn versione(row: &RigaStazione) -> StoreResult<VersioneStazione> {
    VersioneStazione::parse(&row.versione).ok_or_else(|| StoreError::corrupt(&row.versione))
}

fn stazione_elenco(row: &RigaStazione) -> StoreResult<StazioneElenco> {
    Ok(StazioneElenco {
        versione: versione(row)?,
        id_stazione: row.id_stazione.clone(),
        abilitato: row.abilitato,
        password: Some(row.password.clone()),
        domini: format!("/domini?idStazione={}", row.id_stazione),
    })
}
