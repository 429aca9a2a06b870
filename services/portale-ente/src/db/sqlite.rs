//! The query files compiled for SQLite.

use platform::store::sqlite as ext;
pub use platform::store::sqlite::Conn;

#[path = "eventi.rs"]
pub mod eventi;
#[path = "messaggi.rs"]
pub mod messaggi;
#[path = "sessioni.rs"]
pub mod sessioni;
