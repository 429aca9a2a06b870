//! The primitives of RPT and RT: namespace `http://ws.pagamenti.telematici.gov/`, unqualified
//! children, SOAP headers in `…/ppthead`.
//!
//! * `invio`: the ente sends RPTs to the Node (NodoPerPa).
//! * `interrogazioni`: the ente asks the Node (NodoPerPa).
//! * `pa`: the Node calls the ente (PaPerNodo, PaPerNodoPagamentoPsp).
//!
//! `password` is that of the station. Calls of the Node to the ente carry none.

mod interrogazioni;
mod intestazione;
mod invio;
mod pa;

pub use interrogazioni::*;
pub use intestazione::*;
pub use invio::*;
pub use pa::*;
