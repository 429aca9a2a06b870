//! A refusal of the Node on its way to whoever asked.

use pagopa::{FaultBean, FaultNodo};

/// Boxed, because it is large and rare.
pub type Fault = Box<FaultBean>;

/// A fault of the Node. The description says what, which value, which rule.
pub fn ppt(code: FaultNodo, description: impl AsRef<str>) -> Fault {
    Box::new(FaultBean::ppt(code, description))
}
