//! The query files compiled for PostgreSQL.

use platform::store::pg as ext;
pub use platform::store::pg::Conn;

#[path = "rpt.rs"]
pub mod rpt;
#[path = "rt.rs"]
pub mod rt;
#[path = "sessioni.rs"]
pub mod sessioni;
#[path = "token.rs"]
pub mod token;
