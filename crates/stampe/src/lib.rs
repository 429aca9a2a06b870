//! The printed documents: ricevuta telematica and avviso di pagamento, as PDF.
//!
//! Pure: data in, bytes out. No I/O, no clock, no database; the only crate that links typst. Every
//! document obeys PDF/A-2a and PDF/UA-1 together (the engine refuses to write one that does not), is
//! in Italian, carries its fonts, and the same data always give the same bytes.
//!
//! A document takes some milliseconds of CPU (tens in a debug build): call from a blocking thread.

mod avviso;
mod engine;
mod parti;
mod ricevuta;
mod testo;

pub use avviso::{Avviso, avviso, insieme};
pub use engine::StampaError;
pub use parti::{Ente, Indirizzo, Soggetto};
pub use ricevuta::{IdRicevuta, IstitutoAttestante, Ricevuta, VoceRicevuta, ricevuta};
