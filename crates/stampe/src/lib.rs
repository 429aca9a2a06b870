//! stampe
