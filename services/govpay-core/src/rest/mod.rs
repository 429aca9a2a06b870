//! GovPay's REST contract: Pendenze v2 for the software of a body, Pagamento v2 and v3 for portals,
//! Ragioneria v3 for who keeps the books, Backoffice v1 for people, under both spellings of each base
//! path; and our own endpoints.

mod accesso;
mod acquisizione;
mod allegati;
mod anagrafica;
mod auth;
mod avvisi;
mod blocchi;
mod caricamento;
mod certificato;
mod contratto;
mod convalida;
mod documenti;
mod domanda;
mod eventi;
mod flussi;
mod lettura;
pub mod lettura_v3;
mod login;
mod modifica;
mod notifiche;
mod operazioni;
mod pagamenti;
mod pendenze;
mod possesso;
mod quadrature;
mod ricevute;
pub mod riga;
mod riscossioni;
mod risposta;
#[cfg(test)]
mod rotte_tests;
mod rpp;
mod scambi;
mod tentativi;
mod tracciati;
mod v3;

use actix_web::HttpRequest;
use actix_web::dev::HttpServiceFactory;
use actix_web::middleware::from_fn;
use actix_web::web::{self, ServiceConfig, get, patch, post, put};
use utoipa_actix_web::service_config::ServiceConfig as ApiConfig;

pub use ::web::Verified;
pub use accesso::Accesso;
pub use blocchi::Turni;
pub use lettura::importo;
pub use login::INATTIVITA;
pub use tracciati::Inoltro;

use crate::invio::Pagamenti;
use accesso::{CITTADINI, Modo, PERSONE, PROGRAMMI};
use risposta::{Guasto, Risposta, nessuna, sintassi};

/// What the handlers share.
#[derive(Clone)]
pub struct App {
    pub pagamenti: Pagamenti,
    pub verified: Verified,
    pub accesso: Accesso,
    pub blocchi: Turni,
}

/// Both spellings of the base path of an API: today's and the one of the single archives. `{auth}` is how
/// the caller authenticates.
const PENDENZE: [&str; 2] = [
    "/govpay/backend/api/pendenze/rs/{auth}/v2",
    "/govpay-api-pendenze/rs/{auth}/v2",
];
const PAGAMENTO: [&str; 2] = [
    "/govpay/frontend/api/pagamento/rs/{auth}/v2",
    "/govpay-api-pagamento/rs/{auth}/v2",
];
const BACKOFFICE: [&str; 2] = [
    "/govpay/backend/api/backoffice/rs/{auth}/v1",
    "/govpay-api-backoffice/rs/{auth}/v1",
];

/// The routes with a place in the OpenAPI document: today's spelling of the three APIs.
pub fn documented(config: &mut ApiConfig<'_>) {
    config
        .service(pendenze::put_pendenza)
        .service(modifica::patch_pendenza)
        .service(pendenze::get_pendenza)
        .service(pendenze::get_pendenza_by_avviso)
        .service(avvisi::get_avviso)
        .service(rpp::get_rpp)
        .service(pagamenti::create_pagamento)
        .service(pagamenti::get_pagamento)
        .service(pagamenti::get_scelta_wisp)
        .service(blocchi::post_blocco)
        .service(riscossioni::list_riscossioni)
        .service(riscossioni::get_riscossione)
        .service(v3::list_riscossioni_v3)
        .service(v3::get_riscossione_v3)
        .service(v3::get_pendenza_v3_by_avviso)
        .service(ricevute::list_ricevute)
        .service(ricevute::get_ricevuta)
        .service(notifiche::get_notifica)
        .service(notifiche::post_rinvio)
        .service(anagrafica::Documento);
}

/// All routes of the contract, under both spellings.
pub fn routes(config: &mut ServiceConfig) {
    for base in PENDENZE {
        config.service(scope(base, PROGRAMMI, api_pendenze));
    }
    for base in PAGAMENTO {
        config.service(scope(base, CITTADINI, api_pagamento));
    }
    for base in BACKOFFICE {
        config.service(scope(base, PERSONE, api_backoffice));
    }
    v3::routes(config);
}

/// An API under a base path, for those who authenticate in one of these ways. An address that cannot be
/// read and an operation that is not there are told in GovPay's words, as everything else.
fn scope(
    base: &str,
    modi: &'static [Modo],
    api: fn(&mut ServiceConfig),
) -> impl HttpServiceFactory + use<> {
    web::scope(base)
        .app_data(
            web::PathConfig::default()
                .error_handler(|error, _| Guasto(sintassi(format!("indirizzo: {error}"))).into()),
        )
        .configure(api)
        .default_service(web::to(sconosciuta))
        .wrap(from_fn(move |req, next| accesso::entra(modi, req, next)))
}

async fn sconosciuta(req: HttpRequest) -> Risposta {
    Err(nessuna(&req).into())
}

fn api_pendenze(c: &mut ServiceConfig) {
    c.route("/pendenze", get().to(pendenze::list_as_gestionale))
        .route(
            "/pendenze/byAvviso/{dominio}/{numero}",
            get().to(pendenze::by_avviso_as_gestionale),
        )
        .route(
            "/pendenze/{a2a}/{id}",
            put().to(pendenze::put_as_gestionale),
        )
        .route(
            "/pendenze/{a2a}/{id}",
            patch().to(modifica::patch_as_gestionale),
        )
        .route(
            "/pendenze/{a2a}/{id}",
            get().to(pendenze::get_as_gestionale),
        )
        .route(
            "/avvisi/{dominio}/{numero}",
            get().to(avvisi::get_as_gestionale),
        )
        .route("/rpp", get().to(rpp::list_rpp_as_gestionale))
        .route(
            "/rpp/{dominio}/{iuv}/{ccp}",
            get().to(rpp::rpp_as_gestionale),
        )
        .route(
            "/rpp/{dominio}/{iuv}/{ccp}/rt",
            get().to(rpp::rt_as_gestionale),
        )
        .route(
            "/rpp/{dominio}/{iuv}/{ccp}/rpt",
            get().to(tentativi::rpt_as_gestionale),
        )
        .route(
            "/documenti/{dominio}/{documento}/avvisi",
            get().to(documenti::get_as_gestionale),
        )
        .route("/allegati/{id}", get().to(allegati::get_as_gestionale))
        .route("/profilo", get().to(anagrafica::profilo_as_gestionale));
}

fn api_pagamento(c: &mut ServiceConfig) {
    c.route("/pagamenti", post().to(pagamenti::create))
        .route("/pagamenti", get().to(pagamenti::list_as_portale))
        .route(
            "/pagamenti/byIdSession/{id}",
            get().to(pagamenti::by_session),
        )
        .route("/pagamenti/{id}", get().to(pagamenti::get_as_portale))
        .route("/pendenze", get().to(pendenze::list_as_portale))
        .route(
            "/pendenze/byAvviso/{dominio}/{numero}",
            get().to(pendenze::by_avviso_as_portale),
        )
        .route("/pendenze/{a2a}/{id}", get().to(pendenze::get_as_portale))
        .route(
            "/avvisi/{dominio}/{numero}",
            get().to(avvisi::get_as_portale),
        )
        .route("/rpp", get().to(rpp::list_rpp_as_portale))
        .route("/rpp/{dominio}/{iuv}/{ccp}", get().to(rpp::rpp_as_portale))
        .route(
            "/rpp/{dominio}/{iuv}/{ccp}/rt",
            get().to(rpp::rt_as_portale),
        )
        .route(
            "/rpp/{dominio}/{iuv}/{ccp}/rpt",
            get().to(tentativi::rpt_as_portale),
        )
        .route("/domini", get().to(anagrafica::domini_as_portale))
        .route(
            "/domini/{dominio}",
            get().to(anagrafica::dominio_as_portale),
        )
        .route(
            "/pendenze/{dominio}/{tipo}",
            post().to(caricamento::modulo_as_portale),
        )
        .route("/allegati/{id}", get().to(allegati::get_as_portale))
        .route("/profilo", get().to(anagrafica::profilo_as_portale))
        .route("/login", post().to(login::entra))
        .route("/logout", get().to(anagrafica::logout_as_portale));
}

fn api_backoffice(c: &mut ServiceConfig) {
    tracciati::routes(c);
    riscossioni::routes(c);
    c.route("/pendenze", get().to(pendenze::list_as_operatore))
        .route("/pendenze", post().to(caricamento::post_as_operatore))
        .route(
            "/pendenze/{dominio}/{tipo}",
            post().to(caricamento::modulo_as_operatore),
        )
        .route(
            "/pendenze/{a2a}/{id}",
            put().to(caricamento::put_as_operatore),
        )
        .route(
            "/documenti/{a2a}/{dominio}/{documento}/avvisi",
            get().to(documenti::get_as_operatore),
        )
        .route("/allegati/{id}", get().to(allegati::get_as_operatore))
        .route("/ricevute", post().to(acquisizione::post_ricevuta))
        .route(
            "/pendenze/byAvviso/{dominio}/{numero}",
            get().to(pendenze::by_avviso_as_operatore),
        )
        .route("/pendenze/{a2a}/{id}", get().to(pendenze::get_as_operatore))
        .route(
            "/pendenze/{a2a}/{id}",
            patch().to(modifica::patch_as_operatore),
        )
        .route(
            "/avvisi/{dominio}/{numero}",
            get().to(avvisi::get_as_operatore),
        )
        .route("/pagamenti", get().to(pagamenti::list_as_operatore))
        .route("/pagamenti/{id}", get().to(pagamenti::get_as_operatore))
        .route("/rpp", get().to(rpp::list_rpp_as_operatore))
        .route(
            "/rpp/{dominio}/{iuv}/{ccp}",
            get().to(rpp::rpp_as_operatore),
        )
        .route(
            "/rpp/{dominio}/{iuv}/{ccp}/rt",
            get().to(rpp::rt_as_operatore),
        )
        .route("/login", post().to(login::entra))
        .route("/eventi", get().to(eventi::list))
        .route("/eventi/{id}", get().to(eventi::get))
        .route("/notifiche", get().to(notifiche::list))
        .route("/notifiche/{id}", get().to(notifiche::get_one));
    anagrafica::routes(c);
    operazioni::routes(c);
}
