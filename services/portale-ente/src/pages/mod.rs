//! The pages, one file per step of the citizen's way. Handlers read top to bottom: find the session,
//! ask the core, let `sessione` decide, show.

mod attesa;
mod avviso;
mod conferma;
mod home;
mod miei;
mod pagamento;
mod wisp;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION};
use actix_web::web::{ServiceConfig, get, post};
use govpay_api::{ClientError, FormatoRt};
use url::form_urlencoded;
use web::{Page, PageError};

use crate::app::App;
use crate::core::{CoreError, CoreResult};
use crate::sessione::Sessione;

pub fn routes(config: &mut ServiceConfig) {
    config
        .route("/", get().to(home::home))
        .route("/avvisi/cerca", post().to(home::cerca))
        .route(
            "/avvisi/{id_dominio}/{numero_avviso}",
            get().to(avviso::avviso),
        )
        .route(
            "/avvisi/{id_dominio}/{numero_avviso}/avviso.pdf",
            get().to(avviso::stampa),
        )
        .route(
            "/avvisi/{id_dominio}/{numero_avviso}/ricevuta.{formato}",
            get().to(avviso::ricevuta),
        )
        .route("/wisp/ritorno", get().to(wisp::solo_post))
        .route("/wisp/annullo", get().to(wisp::solo_post))
        .route("/wisp/ritorno", post().to(wisp::ritorno))
        .route("/wisp/annullo", post().to(wisp::annullo))
        .route("/pagamenti", get().to(miei::elenco))
        .route("/posta", get().to(miei::posta))
        .route("/pagamenti/{id}", get().to(pagamento::dettaglio))
        .route("/pagamenti/{id}/conferma", get().to(conferma::mostra))
        .route("/pagamenti/{id}/conferma", post().to(conferma::conferma))
        .route("/pagamenti/{id}/cambia", post().to(wisp::cambia))
        .route("/pagamenti/{id}/riprendi", get().to(conferma::riprendi))
        .route("/pagamenti/{id}/eventi", get().to(attesa::eventi))
        .route("/pagamenti/{id}/stato", get().to(attesa::stato))
        .route(
            "/pagamenti/{id}/ricevuta.{formato}",
            get().to(pagamento::ricevuta),
        );
}

/// The session of the address; an unknown one is told without echoing it.
async fn sessione(app: &App, page: &Page, id: String) -> Result<Sessione, PageError> {
    let found = app.db.find(id).await?;
    found.ok_or_else(|| {
        PageError::not_found()
            .title(page.t("pagamento-sconosciuto-titolo"))
            .detail(page.t("pagamento-sconosciuto-testo"))
            .action(page.t("torna-alla-ricerca"), "/")
    })
}

/// Why the core did not help, told to a citizen. `retry`: where "Riprova" leads.
fn core_error(page: &Page, error: CoreError, retry: &str) -> PageError {
    let detail = match &error {
        CoreError::NotConfigured => page.t("core-non-configurato"),
        CoreError::Client(ClientError::Fault { fault, .. }) => {
            page.t1("core-rifiuta", "motivo", &fault.descrizione)
        }
        CoreError::Client(_) => page.t("core-non-risponde"),
    };
    PageError::unavailable(error.into())
        .title(page.t("core-non-risponde-titolo"))
        .detail(detail)
        .action(page.t("riprova"), retry)
}

/// A document of the core handed over as a download.
fn document(
    page: &Page,
    bytes: CoreResult<Vec<u8>>,
    formato: FormatoRt,
    name: &str,
) -> web::PageResult {
    let bytes = bytes.map_err(|error| {
        if error.is_not_found() {
            documento_assente(page)
        } else {
            core_error(page, error, page.path())
        }
    })?;
    Ok(HttpResponse::build(StatusCode::OK)
        .content_type(formato.media_type())
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ))
        .body(bytes))
}

fn documento_assente(page: &Page) -> PageError {
    PageError::not_found()
        .title(page.t("documento-assente-titolo"))
        .detail(page.t("documento-assente-testo"))
}

fn formato(page: &Page, extension: &str) -> Result<FormatoRt, PageError> {
    match extension {
        "pdf" => Ok(FormatoRt::Pdf),
        "xml" => Ok(FormatoRt::Xml),
        _ => Err(documento_assente(page)),
    }
}

/// Address of an avviso's page.
fn avviso_url(id_dominio: &str, numero_avviso: &str) -> String {
    format!("/avvisi/{id_dominio}/{numero_avviso}")
}

/// Address of a receipt of an avviso, whoever paid it.
fn ricevuta_url(
    id_dominio: &str,
    numero_avviso: &str,
    formato: &str,
    iuv: &str,
    ccp: &str,
) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("iuv", iuv)
        .append_pair("ccp", ccp)
        .finish();
    format!(
        "{}/ricevuta.{formato}?{query}",
        avviso_url(id_dominio, numero_avviso)
    )
}
