//! The query files compiled for PostgreSQL.

use platform::store::pg as ext;
pub use platform::store::pg::Conn;

#[path = "eventi.rs"]
pub mod eventi;
#[path = "messaggi.rs"]
pub mod messaggi;
#[path = "sessioni.rs"]
pub mod sessioni;
