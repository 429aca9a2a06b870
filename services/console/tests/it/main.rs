//! The console as its operators and the bus meet it: a real service on a real store, a fake core.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod accesso;
mod api;
mod cerca;
mod elenchi;
mod fixture;
mod live;
mod pendenza;
mod postgres;
mod proiezione;
