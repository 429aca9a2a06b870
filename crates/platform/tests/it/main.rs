//! The plumbing against real stores and a real broker.

#![expect(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

mod bus;
mod fixture;
mod store;
