//! The documents as a reader sees them: text, tags, codes, taken out of the PDF by poppler and zbar.

mod avviso;
mod campioni;
mod ricevuta;
mod strumenti;
