//! The query files compiled for SQLite.

use platform::store::sqlite as ext;
pub use platform::store::sqlite::Conn;

#[path = "sessioni.rs"]
pub mod sessioni;
