//! The Loader at work, with a payment core that is played.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod anteprima;
mod api;
mod backoffice;
mod campioni;
mod carico;
mod core;
mod dal_vivo;
mod fixture;
mod json;
mod mappe;
mod memoria;
mod pagine;
mod proprieta;
mod rifiuti;
mod ripresa;
mod versioni;
