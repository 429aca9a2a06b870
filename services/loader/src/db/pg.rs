//! The query files compiled for PostgreSQL.

use platform::store::pg as ext;
pub use platform::store::pg::Conn;

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
