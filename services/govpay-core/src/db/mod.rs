//! The store of the service: one file per noun, compiled once per backend.

mod pg;
mod sqlite;

use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use platform::Store;
use platform::store::Migrations;

const PG: EmbeddedMigrations = embed_migrations!("migrations/pg");
const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");

pub fn migrations() -> Migrations {
    Migrations { pg: PG, sqlite: SQLITE }
}

/// The store of this service; its methods are the query functions of this folder.
#[derive(Clone)]
pub struct Db(pub Store);
