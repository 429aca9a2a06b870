//! The portal from outside: its pages through a browser without script, a fake core, WISP and PSP
//! that only listen, and real events on the bus.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod avviso;
mod conferma;
mod esito;
mod fixture;
mod home;
mod repliche;
mod ritorno;
