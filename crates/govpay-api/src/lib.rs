//! govpay-api
