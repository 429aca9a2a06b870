//! The pages. Handlers read top to bottom: who is it, what may they see, ask, show.

mod cerca;
mod cruscotto;
mod evento;
mod flussi;
mod liste;
mod pagamenti;
mod pendenza;
mod pendenze;
mod ricevute;
mod strumenti;

use actix_web::web::{ServiceConfig, get, post};
use govpay_api::ClientError;
use url::form_urlencoded;
use web::Page;

use crate::accesso;

pub fn routes(config: &mut ServiceConfig) {
    config
        .route("/accedi", get().to(accesso::login_page))
        .route("/accedi", post().to(accesso::login))
        .route("/esci", post().to(accesso::logout))
        .route("/", get().to(cruscotto::cruscotto))
        .route("/cerca", get().to(cerca::cerca))
        .route("/pagamenti", get().to(pagamenti::elenco))
        .route("/pendenze", get().to(pendenze::elenco))
        .route(
            "/pendenze/{id_a2a}/{id_pendenza}",
            get().to(pendenza::dettaglio),
        )
        .route(
            "/pendenze/{id_a2a}/{id_pendenza}/stato",
            post().to(pendenza::cambia_stato),
        )
        .route("/ricevute/rt.{formato}", get().to(ricevute::ricevuta))
        .route("/eventi/{id}", get().to(evento::evento))
        .route("/flusso", get().to(flussi::elenchi))
        .route(
            "/flusso/pendenze/{id_a2a}/{id_pendenza}",
            get().to(flussi::pendenza),
        )
        .route("/tracciati", get().to(liste::tracciati))
        .route("/code", get().to(liste::code))
        .route("/strumenti", get().to(strumenti::strumenti))
        .route("/strumenti/orologio", post().to(strumenti::orologio))
        .route(
            "/strumenti/ricostruzione",
            post().to(strumenti::ricostruzione),
        );
}

/// Address of the page of a pendenza.
fn pendenza_url(id_a2a: &str, id_pendenza: &str) -> String {
    let part = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    // In a path a space is %20.
    format!("/pendenze/{}/{}", part(id_a2a), part(id_pendenza)).replace('+', "%20")
}

/// A path with a query; empty values are left out.
fn with_query(path: &str, pairs: &[(&str, &str)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
        query.append_pair(name, value);
    }
    match query.finish() {
        query if query.is_empty() => path.to_owned(),
        query => format!("{path}?{query}"),
    }
}

/// The core did not help: what it said, or that it does not answer.
fn core_says(page: &Page, error: &ClientError) -> String {
    match error {
        ClientError::Fault { .. } => page.t1("core-rifiuta", "motivo", error.to_string()),
        _ => page.t1("core-non-risponde", "motivo", error.to_string()),
    }
}

/// A text of a form or of an address, if anything was written.
fn some(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_escape_what_they_are_made_of() {
        assert_eq!(pendenza_url("A b", "x/ù"), "/pendenze/A%20b/x%2F%C3%B9");
        let pairs = [("a", "1&2"), ("b", ""), ("c", "è")];
        assert_eq!(with_query("/p", &pairs), "/p?a=1%262&c=%C3%A8");
        assert_eq!(with_query("/p", &[("a", "")]), "/p");
    }
}
