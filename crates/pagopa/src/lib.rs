//! The wire of pagoPA: SOAP messages and payment documents as plain typed structs, to bytes and back.
//!
//! Pure: no HTTP, no files, no clock, no state. What a message *means* for a position is decided in
//! `domain` and in the services; here it is only well formed or not.
//!
//! * [`soap`]: envelopes and SOAP faults, the way in and out of every message.
//! * [`ppt`]: the primitives of RPT and RT (`http://ws.pagamenti.telematici.gov/`).
//! * [`modello_unico`]: paForNode (Node to ente) and nodeForPsp (PSP to Node).
//! * [`documenti`]: the RPT and RT documents (PagInf 6.2.0) and the check of one against the other.
//! * [`codes`]: fault codes and their standard texts.
//!
//! Reading is strict about what the official schemas demand (names, order, lengths, patterns) and
//! indifferent to what they leave free (prefixes, charset, attributes of the envelope). Writing
//! applies the same rules, so a value that the schema refuses is an error here and not at the
//! counterpart.

pub mod codes;
pub mod common;
pub mod documenti;
pub mod modello_unico;
pub mod ppt;
pub mod soap;
pub mod tempo;
pub mod xml;

pub use codes::{FaultNodo, FaultPa};
pub use common::{Esito, FaultBean, Masked, TipoVersamento};
pub use soap::{Envelope, SoapFault};
pub use xml::{Message, Request, XmlError};
