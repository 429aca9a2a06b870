//! The query files compiled for SQLite.

use platform::store::sqlite as ext;
pub use platform::store::sqlite::Conn;

#[path = "accessi.rs"]
pub mod accessi;
#[path = "eventi.rs"]
pub mod eventi;
#[path = "pagamenti.rs"]
pub mod pagamenti;
#[path = "pendenze.rs"]
pub mod pendenze;
#[path = "ricostruzione.rs"]
pub mod ricostruzione;
#[path = "tracciati.rs"]
pub mod tracciati;
