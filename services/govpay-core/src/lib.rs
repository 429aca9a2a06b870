//! govpay-core
