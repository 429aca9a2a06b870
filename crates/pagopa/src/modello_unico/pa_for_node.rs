//! paVerifyPaymentNotice, paGetPayment(V2), paSendRT(V2).

mod get_payment;
mod send_rt;
mod verify;

pub use get_payment::*;
pub use send_rt::*;
pub use verify::*;
