//! The "modello unico": root element qualified, children unqualified, irregular names.
//!
//! * [`pa_for_node`]: the Node calls the ente (`http://pagopa-api.pagopa.gov.it/pa/paForNode.xsd`).
//! * [`node_for_psp`]: the PSP calls the Node (`http://pagopa-api.pagopa.gov.it/node/nodeForPsp.xsd`).
//!
//! Responses: `outcome`, then `fault` when it is KO.

mod common;
pub mod node_for_psp;
pub mod pa_for_node;

pub use common::*;
