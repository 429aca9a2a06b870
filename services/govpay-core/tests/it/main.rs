//! The core at work, seen from outside.

#![expect(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

mod archivio;
mod blocchi;
mod lettore;
mod letture;
mod mondo;
mod nodo;
mod portale;
mod presso_psp;
mod rest;
mod ricevute;
mod ricevute_v3;
mod riscossioni;
mod unico;
mod viaggi;
