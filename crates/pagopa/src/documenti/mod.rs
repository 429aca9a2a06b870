//! The documents of a payment: RPT and RT, PagInf 6.2.0, namespace
//! `http://www.digitpa.gov.it/schemas/2011/Pagamenti/`, all elements qualified.
//!
//! They travel in base64 inside the messages of [`crate::ppt`]. The bytes of a received document are
//! what counts in law: keep them as they came, and use these structs to read them.

mod check;
mod rpt;
mod rt;
mod soggetti;

pub use check::{Difference, Severity, check_rt, match_voci};
pub use rpt::*;
pub use rt::*;
pub use soggetti::*;

use crate::xml::{Element, Message, XmlError, decode, read_message, write_message};

/// `versioneOggetto` of the documents that we write.
pub const VERSIONE: &str = "6.2.0";

/// Reads a document.
fn parse<M: Message>(bytes: &[u8]) -> Result<M, XmlError> {
    read_message(&Element::parse(&decode(bytes, None)?)?)
}

/// Writes a document, with its XML declaration, in UTF-8.
fn build<M: Message>(document: &M) -> Result<Vec<u8>, XmlError> {
    Ok(write_message(document)?.to_document().into_bytes())
}
