//! The giornale degli eventi.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use chrono::{NaiveDate, NaiveDateTime};
use govpay_api::anagrafica::Servizio;
use serde::Deserialize;

use super::App;
use super::auth::Operatore;
use super::risposta::{Impaginazione, Parametri, Risposta, json};
use crate::giornale::FiltroEventi;
use crate::pagamenti::letture;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Query {
    id_dominio: Option<String>,
    iuv: Option<String>,
    ccp: Option<String>,
    #[serde(rename = "idA2A")]
    id_a2a: Option<String>,
    id_pendenza: Option<String>,
    id_pagamento: Option<String>,
    esito: Option<String>,
    tipo_evento: Option<String>,
    componente: Option<String>,
    categoria_evento: Option<String>,
    ruolo: Option<String>,
    severita_da: Option<i32>,
    severita_a: Option<i32>,
    data_da: Option<String>,
    data_a: Option<String>,
}

pub async fn list(
    app: web::Data<App>,
    caller: Operatore,
    q: Parametri<Query>,
    page: Parametri<Impaginazione>,
    req: HttpRequest,
) -> Risposta {
    let (page, q) = (page.into_inner(), q.into_inner());
    let (limit, offset) = page.limits()?;
    let filtro = FiltroEventi {
        domini: caller.legge(Servizio::Giornale)?.domini,
        id_dominio: q.id_dominio,
        iuv: q.iuv,
        ccp: q.ccp,
        id_a2a: q.id_a2a,
        id_pendenza: q.id_pendenza,
        id_pagamento: q.id_pagamento,
        esito: q.esito,
        tipo: q.tipo_evento,
        componente: q.componente,
        ruolo: q.ruolo,
        categoria: q.categoria_evento,
        severita_da: q.severita_da,
        severita_a: q.severita_a,
        data_da: day("dataDa", q.data_da.as_deref(), 0)?,
        data_a: day("dataA", q.data_a.as_deref(), 1)?,
        limit,
        offset,
    };
    let rows = letture::eventi(&app.pagamenti, filtro).await?;
    Ok(json(
        StatusCode::OK,
        &page.lista(rows, req.path(), req.query_string())?,
    ))
}

pub async fn get(app: web::Data<App>, caller: Operatore, id: web::Path<i64>) -> Risposta {
    let evento = letture::evento(&app.pagamenti, &caller.legge(Servizio::Giornale)?, *id).await?;
    Ok(json(StatusCode::OK, &evento))
}

/// A bound of a period: a day of Rome, or a moment. `after`: days to add to a day, so that the last
/// one is included.
pub fn day(
    campo: &str,
    text: Option<&str>,
    after: i64,
) -> Result<Option<NaiveDateTime>, crate::pagamenti::Errore> {
    use chrono::TimeZone as _;
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    if let Ok(at) = chrono::DateTime::parse_from_rfc3339(text) {
        return Ok(Some(at.naive_utc()));
    }
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|_| {
        crate::pagamenti::Errore::richiesta(format!(
            "{campo}: il valore '{text}' deve essere una data aaaa-mm-gg"
        ))
    })?;
    let midnight = (day + chrono::TimeDelta::days(after)).and_time(chrono::NaiveTime::MIN);
    Ok(chrono_tz::Europe::Rome
        .from_local_datetime(&midnight)
        .earliest()
        .map(|at| at.naive_utc()))
}
