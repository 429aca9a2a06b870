//! The store of the service: one file per noun, compiled once per backend.

mod pg;
mod sqlite;

use chrono::{DateTime, Utc};
use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use platform::Store;
use platform::store::Migrations;

use crate::sessione::{SceltaPsp, Sessione, StatoSessione};

const PG: EmbeddedMigrations = embed_migrations!("migrations/pg");
const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");

pub fn migrations() -> Migrations {
    Migrations {
        pg: PG,
        sqlite: SQLITE,
    }
}

/// The store of this service; its methods are the query functions of this folder.
#[derive(Clone)]
pub struct Db(pub Store);

platform::facade!(Db {
    sessioni::open(sessione: Sessione) -> Sessione;
    sessioni::find(id: String) -> Option<Sessione>;
    sessioni::find_scelta(id_dominio: String, key_pa: String, key_wisp: String) -> Option<Sessione>;
    sessioni::choose(id: String, key_wisp: String, scelta: SceltaPsp, now: DateTime<Utc>) -> Option<Sessione>;
    sessioni::close(id: String, stato: StatoSessione, now: DateTime<Utc>) -> Option<Sessione>;
});
