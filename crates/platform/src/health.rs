//! `/healthz` (the process lives) and `/readyz` (it can do its work).

use actix_web::{HttpResponse, Responder, get, web};
use serde::Serialize;
use utoipa::ToSchema;

use crate::service::ServiceState;

/// State of one thing that the service depends on.
#[derive(Serialize, ToSchema)]
pub struct Check {
    pub name: &'static str,
    pub up: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Health {
    pub service: &'static str,
    pub version: &'static str,
    /// Differs for each start of the process, so that a test can prove that it talks to its own.
    pub instance: String,
    pub status: &'static str,
    pub checks: Vec<Check>,
}

/// The process answers. Never looks at database or broker.
#[utoipa::path(tag = "salute", responses((status = 200, body = Health)))]
#[get("/healthz")]
pub async fn healthz(state: web::Data<ServiceState>) -> impl Responder {
    HttpResponse::Ok().json(health(&state, vec![]))
}

/// The service can do its work: store and bus answer. 503 with the failing check otherwise.
#[utoipa::path(
    tag = "salute",
    responses((status = 200, body = Health), (status = 503, body = Health))
)]
#[get("/readyz")]
pub async fn readyz(state: web::Data<ServiceState>) -> impl Responder {
    let store = match state.store.ping().await {
        Ok(()) => Check {
            name: "store",
            up: true,
            detail: None,
        },
        Err(error) => Check {
            name: "store",
            up: false,
            detail: Some(format!("{error:#}")),
        },
    };
    let bus = Check {
        name: "bus",
        up: state.bus.is_up(),
        detail: (!state.bus.is_up()).then(|| "il broker non è raggiungibile".to_owned()),
    };
    let health = health(&state, vec![store, bus]);
    if health.checks.iter().all(|check| check.up) {
        HttpResponse::Ok().json(health)
    } else {
        HttpResponse::ServiceUnavailable().json(health)
    }
}

fn health(state: &ServiceState, checks: Vec<Check>) -> Health {
    let up = checks.iter().all(|check| check.up);
    Health {
        service: state.name,
        version: env!("CARGO_PKG_VERSION"),
        instance: state.instance.clone(),
        status: if up { "up" } else { "down" },
        checks,
    }
}
