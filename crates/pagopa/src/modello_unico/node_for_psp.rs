//! verifyPaymentNotice, activatePaymentNotice(V2), sendPaymentOutcome(V2).

mod activate;
mod outcome;
mod verify;

pub use activate::*;
pub use outcome::*;
pub use verify::*;
