//! Documenti: the pendenze of one debt in parts, printed together.

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use govpay_api::anagrafica::Servizio;
use serde::Deserialize;

use super::App;
use super::auth::{Applicazione, Operatore};
use super::avvisi::stampa_insieme;
use super::risposta::{Parametri, Risposta};
use crate::pagamenti::{Chiamante, Errore};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AvvisiQuery {
    /// Only these, separated by commas.
    lista_numeri_avviso: Option<String>,
}

/// Avvisi of a documento at most in one PDF.
const AVVISI_MAX: i64 = 200;

/// The avvisi of a documento, rate first by their number, as one PDF.
async fn answer(
    app: &App,
    caller: &Chiamante,
    id_a2a: &str,
    (id_dominio, documento): (String, String),
    query: AvvisiQuery,
) -> Risposta {
    let text = format!("nessun documento {documento} di {id_a2a} per il dominio {id_dominio}");
    let db = &app.pagamenti.db;
    let found = db
        .pendenze_del_documento(
            id_a2a.to_owned(),
            id_dominio.clone(),
            documento.clone(),
            AVVISI_MAX,
        )
        .await?;
    let chiesti = query.lista_numeri_avviso.unwrap_or_default();
    let chiesti: Vec<&str> = chiesti
        .split(',')
        .map(str::trim)
        .filter(|n| !n.is_empty())
        .collect();
    let mut found: Vec<_> = found
        .into_iter()
        .filter(|p| caller.sees_pendenza(&p.row.id_dominio, &p.row.id_a2a, &p.row.id_tipo_pendenza))
        .collect();
    if found.is_empty() {
        return Err(Errore::non_trovato(text).into());
    }
    if !chiesti.is_empty() {
        let ha = |numero: &str| {
            let mut numeri = found.iter().filter_map(|p| p.row.numero_avviso.as_deref());
            numeri.any(|n| n == numero)
        };
        if let Some(altro) = chiesti.iter().find(|numero| !ha(numero)) {
            let text =
                format!("listaNumeriAvviso: l'avviso {altro} non è del documento {documento}");
            return Err(Errore::richiesta(text).into());
        }
        found.retain(|p| {
            let numero = p.row.numero_avviso.as_deref();
            numero.is_some_and(|numero| chiesti.contains(&numero))
        });
    }
    let pdf = stampa_insieme(found).await?;
    let name = format!("{id_dominio}_DOC_{documento}.pdf");
    Ok(HttpResponse::Ok()
        .content_type("application/pdf")
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ))
        .body(pdf))
}

pub async fn get_as_gestionale(
    app: web::Data<App>,
    caller: Applicazione,
    key: web::Path<(String, String)>,
    query: Parametri<AvvisiQuery>,
) -> Risposta {
    let caller = caller.may_pendenze()?;
    let id_a2a = caller.0.id_a2a.clone();
    answer(
        &app,
        &caller.gestionale(),
        &id_a2a,
        key.into_inner(),
        query.into_inner(),
    )
    .await
}

pub async fn get_as_operatore(
    app: web::Data<App>,
    caller: Operatore,
    key: web::Path<(String, String, String)>,
    query: Parametri<AvvisiQuery>,
) -> Risposta {
    let (id_a2a, id_dominio, documento) = key.into_inner();
    let caller = caller.legge(Servizio::Pendenze)?;
    answer(
        &app,
        &caller,
        &id_a2a,
        (id_dominio, documento),
        query.into_inner(),
    )
    .await
}
