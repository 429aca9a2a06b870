//! govpay-lab
