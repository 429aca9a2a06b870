//! wisp
