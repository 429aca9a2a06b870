//! The documents as a reader sees them: text, tags, codes, taken out of the PDF by poppler and zbar.

#![expect(clippy::unwrap_used, reason = "in a test an unwrap is an assertion")]

mod any_text;
mod avviso;
mod campioni;
mod ricevuta;
mod strumenti;
