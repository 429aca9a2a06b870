//! The query files compiled for SQLite.

use platform::store::sqlite as ext;
pub use platform::store::sqlite::Conn;

#[path = "accessi.rs"]
pub mod accessi;
#[path = "contenuti.rs"]
pub mod contenuti;
#[path = "righe.rs"]
pub mod righe;
#[path = "stati.rs"]
pub mod stati;
#[path = "tracciati.rs"]
pub mod tracciati;

use super::lower;
