//! The giornale degli eventi.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use chrono::{NaiveDate, NaiveDateTime};
use govpay_api::anagrafica::Servizio;

use super::App;
use super::auth::Operatore;
use super::domanda::{Domanda, MAX_BACKOFFICE};
use super::risposta::{Risposta, json};
use crate::giornale::FiltroEventi;
use crate::pagamenti::letture;

pub async fn list(app: web::Data<App>, caller: Operatore, req: HttpRequest) -> Risposta {
    let d = Domanda::new(&req, MAX_BACKOFFICE);
    let livello = |nome| {
        let parse = |text: &str| text.parse().ok().filter(|n: &i32| (0..=5).contains(n));
        d.parola(nome, parse, &["0", "1", "2", "3", "4", "5"])
    };
    let filtro = FiltroEventi {
        domini: caller.legge(Servizio::Giornale)?.domini,
        id_dominio: d.testo("idDominio")?,
        iuv: d.testo("iuv")?,
        ccp: d.testo("ccp")?,
        id_a2a: d.testo("idA2A")?,
        id_pendenza: d.testo("idPendenza")?,
        id_pagamento: d.testo("idPagamento")?,
        esito: d.testo("esito")?,
        tipo: d.testo("tipoEvento")?,
        componente: d.testo("componente")?,
        ruolo: d.testo("ruolo")?,
        categoria: d.testo("categoriaEvento")?,
        severita_da: livello("severitaDa")?,
        severita_a: livello("severitaA")?,
        data_da: d.da("dataDa")?,
        data_a: d.fino_a("dataA")?,
    };
    d.rispondi(letture::eventi(&app.pagamenti, filtro, d.taglio()?).await?)
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
