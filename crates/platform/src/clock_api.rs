//! Reading and moving the world's clock.

use actix_web::{get, post, web};
use chrono::{DateTime, Utc};
use domain::Event;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::problem::{AppError, AppResult, Problem};
use crate::service::ServiceState;

/// Longest step of the clock: one year.
pub const MAX_STEP_SECS: i64 = 366 * 24 * 3600;

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClockView {
    /// Now in this world.
    pub now: DateTime<Utc>,
    /// Seconds ahead of real time.
    pub offset_secs: i64,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClockAdvance {
    /// Seconds to move forward, from 1 to one year.
    pub seconds: i64,
}

/// Time in this world.
#[utoipa::path(tag = "orologio", responses((status = 200, body = ClockView)))]
#[get("/api/v1/clock")]
pub async fn get_clock(state: web::Data<ServiceState>) -> web::Json<ClockView> {
    web::Json(ClockView {
        now: state.clock.now(),
        offset_secs: state.clock.offset_secs(),
    })
}

/// Moves the world's clock forward. The other services learn it from the bus; timers that become
/// due fire at their next look.
#[utoipa::path(
    tag = "orologio",
    responses(
        (status = 200, body = ClockView),
        (status = 400, body = String, content_type = "text/plain"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ),
)]
#[post("/api/v1/clock/advance")]
pub async fn advance_clock(
    state: web::Data<ServiceState>,
    body: web::Json<ClockAdvance>,
) -> AppResult<web::Json<ClockView>> {
    advance(&state, body.seconds).await?;
    Ok(web::Json(ClockView {
        now: state.clock.now(),
        offset_secs: state.clock.offset_secs(),
    }))
}

/// Moves the clock of this service and announces it. Shared by the endpoint and the pages' button.
pub async fn advance(state: &ServiceState, seconds: i64) -> AppResult<()> {
    if !(1..=MAX_STEP_SECS).contains(&seconds) {
        return Err(AppError::invalid(
            "OROLOGIO_PASSO",
            format!("seconds vale {seconds}: deve essere tra 1 e {MAX_STEP_SECS}."),
        ));
    }
    let offset_secs = state
        .store
        .advance_clock(state.name, seconds, crate::clock::real_now())
        .await?;
    state.clock.raise_offset(offset_secs);
    tracing::info!(
        offset_secs,
        "{}",
        Event::OrologioSpostato { offset_secs }.key()
    );
    Ok(())
}
