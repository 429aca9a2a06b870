//! The browser comes back from the PSP, and goes on to the portal. What it says is only a hint: the
//! outcome is in the receipt.

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use url::Url;

use crate::invio::Pagamenti;

/// Path of the page; the default of `stazione.url_redirect` is the core's public address with it.
pub const PATH: &str = "/govpay/frontend/web/connector/psp";

#[derive(Deserialize)]
struct Ritorno {
    #[serde(rename = "idSession")]
    id_session: Option<String>,
    esito: Option<String>,
}

pub fn routes(config: &mut web::ServiceConfig) {
    config.service(web::resource(PATH).route(web::get().to(endpoint)));
}

async fn endpoint(query: web::Query<Ritorno>, pagamenti: web::Data<Pagamenti>) -> HttpResponse {
    let Ritorno { id_session, esito } = query.into_inner();
    let Some(id_session) = id_session.filter(|id| !id.is_empty()) else {
        return page(
            400,
            "Manca l'identificativo della sessione di pagamento (idSession).",
        );
    };
    let esito = match esito.as_deref() {
        Some(esito @ ("OK" | "ERROR" | "DIFFERITO")) => esito.to_owned(),
        _ => "ERROR".to_owned(),
    };
    let found = pagamenti
        .db
        .ritorno_dal_psp(id_session.clone(), esito.clone(), pagamenti.now());
    let pagamento = match found.await {
        Ok(Some(pagamento)) => pagamento,
        Ok(None) => {
            return page(404, "Questa sessione di pagamento non è conosciuta.");
        }
        Err(error) => {
            tracing::error!(%error, "return from the PSP not stored");
            return page(
                503,
                "Il servizio non è disponibile: riprova tra poco ricaricando la pagina.",
            );
        }
    };
    let url = pagamento
        .url_ritorno
        .as_deref()
        .and_then(|url| Url::parse(url).ok());
    match url {
        Some(url) => HttpResponse::SeeOther()
            .insert_header((
                header::LOCATION,
                con_esito(url, &pagamento.id, &id_session, &esito),
            ))
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .finish(),
        None => page(
            422,
            "Il portale non ha indicato dove tornare dopo il pagamento (PAG_013).",
        ),
    }
}

/// The portal's address with what it needs to go on; its own query stays.
pub fn con_esito(mut url: Url, id_pagamento: &str, id_session: &str, esito: &str) -> String {
    url.query_pairs_mut()
        .append_pair("idPagamento", id_pagamento)
        .append_pair("idSession", id_session)
        .append_pair("esito", esito);
    url.into()
}

/// No portal to go to: a page of plain words, since a person reads it.
fn page(status: u16, text: &str) -> HttpResponse {
    let status = actix_web::http::StatusCode::from_u16(status)
        .unwrap_or(actix_web::http::StatusCode::INTERNAL_SERVER_ERROR);
    let html = format!(
        "<!doctype html><html lang=\"it\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width\"><title>Ritorno dal pagamento</title></head><body><main>\
         <h1>Ritorno dal pagamento</h1><p>{text}</p><p>Lo stato del pagamento dipende dalla ricevuta \
         che la banca invia all'ente: cerca di nuovo l'avviso sul portale dell'ente.</p></main></body>\
         </html>"
    );
    HttpResponse::build(status)
        .insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'none'"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .content_type("text/html; charset=utf-8")
        .body(html)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_query_of_the_portal_is_kept() {
        let with = |url: &str| con_esito(Url::parse(url).unwrap(), "p1", "s1", "OK");
        let added = "idPagamento=p1&idSession=s1&esito=OK";
        assert_eq!(
            with("http://a.example/x?attendi=8"),
            format!("http://a.example/x?attendi=8&{added}")
        );
        assert_eq!(
            with("http://a.example/x"),
            format!("http://a.example/x?{added}")
        );
    }
}
