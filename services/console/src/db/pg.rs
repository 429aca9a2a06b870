//! The query files compiled for PostgreSQL.

use platform::store::pg as ext;
pub use platform::store::pg::Conn;

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
