//! The query files compiled for PostgreSQL.

use platform::store::pg as ext;
pub use platform::store::pg::Conn;

#[path = "accessi.rs"]
pub mod accessi;
#[path = "blocchi.rs"]
pub mod blocchi;
#[path = "contenuti.rs"]
pub mod contenuti;
#[path = "mappe.rs"]
pub mod mappe;
#[path = "segnalazioni.rs"]
pub mod segnalazioni;
#[path = "stati.rs"]
pub mod stati;
#[path = "tracciati.rs"]
pub mod tracciati;

use super::lower;
