//! The pages of the PSP: pay an avviso, choose an outcome, watch the sessions.

mod home;
mod pagamento;
mod parole;
mod scelta;
mod sessioni;

use actix_web::web::{ServiceConfig, get, post};
use web::{Page, PageError};

pub fn routes(config: &mut ServiceConfig) {
    config
        .route("/", get().to(home::mostra))
        .route("/verifica", post().to(home::verifica))
        .route("/verifica", get().to(home::torna))
        .route("/pagamento", get().to(pagamento::mostra))
        .route("/pagamento", post().to(scelta::scegli))
        .route("/sessioni", get().to(sessioni::elenco))
        .route("/sessioni/{id}/scade", post().to(sessioni::scade))
        .route("/sessioni/{id}/rinvia", post().to(sessioni::rinvia))
        .route("/orologio", post().to(sessioni::avanti));
}

/// No session with that id.
fn sessione_sconosciuta(page: &Page) -> PageError {
    PageError::not_found()
        .title(page.t("sessione-sconosciuta-titolo"))
        .detail(page.t("sessione-sconosciuta-testo"))
        .action(page.t("vai-alle-sessioni"), "/sessioni")
}
