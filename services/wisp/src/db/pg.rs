//! The query files compiled for PostgreSQL.

use platform::store::pg as ext;
pub use platform::store::pg::Conn;

#[path = "sessioni.rs"]
pub mod sessioni;
