//! The query files compiled for SQLite.

use platform::store::sqlite as ext;
pub use platform::store::sqlite::Conn;

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
