//! The query files compiled for SQLite.

use platform::store::sqlite as ext;
pub use platform::store::sqlite::Conn;

#[path = "rpt.rs"]
pub mod rpt;
#[path = "rt.rs"]
pub mod rt;
#[path = "sessioni.rs"]
pub mod sessioni;
#[path = "token.rs"]
pub mod token;
