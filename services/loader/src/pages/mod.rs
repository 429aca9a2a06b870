//! The pages. Handlers read top to bottom: who asks, what the store says, show.

mod accesso;
mod anteprima;
mod cruscotto;
mod dettaglio;
mod elenco;
mod mappe;
mod nuovo;
pub mod scelta;

pub use accesso::INATTIVITA;

use actix_web::HttpResponse;
use actix_web::web::{ServiceConfig, get, post};
use web::badge::{self, Badge};
use web::html::Html;
use web::{Page, PageError};

use crate::app::App;
use crate::operatore::Operatore;
use crate::tracciato::Tracciato;

pub fn routes(config: &mut ServiceConfig) {
    config
        .route("/login", get().to(accesso::mostra))
        .route("/login", post().to(accesso::entra))
        .route("/esci", post().to(accesso::esci))
        .route("/", get().to(cruscotto::cruscotto))
        .route("/esempio.csv", get().to(esempio))
        .route("/tracciati", get().to(elenco::elenco))
        .route("/tracciati", post().to(nuovo::carica))
        .route("/tracciati/nuovo", get().to(nuovo::mostra))
        .route("/tracciati/comunque", post().to(nuovo::comunque))
        .route(
            "/tracciati/anteprima/{contenuto}",
            get().to(anteprima::mostra),
        )
        .route(
            "/tracciati/anteprima/{contenuto}",
            post().to(anteprima::aggiorna),
        )
        .route(
            "/tracciati/anteprima/{contenuto}/scarta",
            post().to(anteprima::scarta),
        )
        .route("/mappe", get().to(mappe::elenco))
        .route("/mappe", post().to(mappe::salva))
        .route("/mappe/nuova", get().to(mappe::nuova))
        .route("/mappe/{dominio}/{tipo}", get().to(mappe::modifica))
        .route("/mappe/{dominio}/{tipo}/togli", get().to(mappe::chiedi))
        .route("/mappe/{dominio}/{tipo}/togli", post().to(mappe::togli))
        .route("/tracciati/eventi", get().to(elenco::eventi))
        .route("/tracciati/{id}", get().to(dettaglio::dettaglio))
        .route("/tracciati/{id}/eventi", get().to(dettaglio::eventi))
        .route("/tracciati/{id}/originale", get().to(dettaglio::originale))
        .route("/tracciati/{id}/elaborato", get().to(dettaglio::elaborato))
        .route("/tracciati/{id}/errori", get().to(dettaglio::errori))
        .route("/tracciati/{id}/corretto", get().to(dettaglio::corretto))
        .route("/tracciati/{id}/ricarica", post().to(dettaglio::ricarica))
        .route("/tracciati/{id}/carica", post().to(dettaglio::carica_prova));
}

/// The sample file: a good one for the demo tenant.
const ESEMPIO: &str = include_str!("../../../../samples/cinque-righe.csv");

async fn esempio() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((
            "content-disposition",
            "attachment; filename=\"cinque-righe.csv\"",
        ))
        .body(ESEMPIO)
}

/// The badge of a tracciato. One that nothing more will happen to stands still: so does a dry run that
/// has ended, whose state would move on otherwise.
fn badge(page: &Page, tracciato: &Tracciato) -> Html {
    match badge::by_name("tracciato", &tracciato.nome_stato) {
        Some(badge) => page.badge(Badge {
            moving: !tracciato.is_concluso(),
            ..badge
        }),
        None => page.badge_named("tracciato", &tracciato.nome_stato),
    }
}

/// The tracciato of the address, if the person may see it.
async fn tracciato(
    app: &App,
    page: &Page,
    chi: &Operatore,
    id: i64,
) -> Result<Tracciato, PageError> {
    let found = app.db.find(id, chi.visibilita()).await?;
    found.ok_or_else(|| {
        PageError::not_found()
            .title(page.t("tracciato-sconosciuto-titolo"))
            .detail(page.t("tracciato-sconosciuto-testo"))
            .action(page.t("torna-elenco"), "/tracciati")
    })
}
