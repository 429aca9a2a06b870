//! XML as the pagoPA schemas use it: elements with a namespace and a text, nothing else.
//!
//! [`decode`] and [`Element::parse`] are the only way in for foreign bytes: size, node count and depth
//! are limited, a DTD is refused, entities other than the five of XML do not exist. Text is kept as it
//! was sent (line ends as XML 1.0 section 2.11 demands: CR LF becomes LF, `&#13;` stays CR).

mod codec;
mod complex;
mod element;
mod error;
pub(crate) mod shape;
mod values;

pub use complex::{Message, Request};
pub(crate) use element::printable;
pub use element::{Element, MAX_BYTES, MAX_DEPTH, MAX_NODES, decode};
pub use error::XmlError;
pub use values::Enumerated;

pub(crate) use codec::Codec;
pub(crate) use complex::{
    Complex, Cursor, Group, Nested, NestedAs, Writer, message, read_message, write_message,
    xml_struct,
};
pub(crate) use values::{
    AMOUNT, AMOUNT_NOT_ZERO, ANY_TEXT, BASE64, BOOL, DATE, DATE_TIME, Enum, EnumOf, Int, Text,
    ZeroOne,
};

/// A message as a document of its own, to be kept outside of its envelope.
///
/// # Errors
/// A value that the schema refuses, with the path of its element.
pub fn to_document<M: Message>(message: &M) -> Result<String, XmlError> {
    Ok(write_message(message)?.to_document())
}

/// Reads what [`to_document`] wrote.
///
/// # Errors
/// Another document, or one that the schema refuses.
pub fn from_document<M: Message>(text: &str) -> Result<M, XmlError> {
    read_message(&Element::parse(text)?)
}

/// Namespaces of the messages and documents, with the prefix that we write for each.
pub mod ns {
    pub const NONE: &str = "";
    pub const SOAP: &str = "http://schemas.xmlsoap.org/soap/envelope/";
    pub const PPT: &str = "http://ws.pagamenti.telematici.gov/";
    pub const PPT_HEAD: &str = "http://ws.pagamenti.telematici.gov/ppthead";
    pub const PAGAMENTI: &str = "http://www.digitpa.gov.it/schemas/2011/Pagamenti/";
    pub const PA_FOR_NODE: &str = "http://pagopa-api.pagopa.gov.it/pa/paForNode.xsd";
    pub const NODE_FOR_PSP: &str = "http://pagopa-api.pagopa.gov.it/node/nodeForPsp.xsd";
    pub(crate) const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";

    /// Any namespace that is not ours would come only from a value that was parsed; it is written
    /// with the prefix `x`.
    pub(crate) fn prefix(namespace: &str) -> &'static str {
        match namespace {
            SOAP => "soapenv",
            PPT => "ppt",
            PPT_HEAD => "ppthead",
            PAGAMENTI => "pay_i",
            PA_FOR_NODE => "paf",
            NODE_FOR_PSP => "nfp",
            _ => "x",
        }
    }
}
