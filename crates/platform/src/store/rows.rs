//! Rows of the platform's tables that leave this module.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::schema::{dead_letters, outbox};

/// An event to be published.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = outbox)]
pub struct OutboxRow {
    pub id: i64,
    pub event_id: String,
    pub routing_key: String,
    /// The envelope as JSON.
    pub payload: String,
    pub attempts: i32,
}

/// An event that could not be applied.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = dead_letters)]
pub struct DeadLetterRow {
    pub event_id: String,
    pub envelope: String,
    pub reason: String,
    pub dead_at: NaiveDateTime,
}
