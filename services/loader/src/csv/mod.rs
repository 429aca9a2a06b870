//! The bytes of a tracciato: encoding, separator, lines, records; and CSV on the way out.
//!
//! What a record means is the business of `domain::tracciato`.

mod controllo;
mod dialetto;
mod lettore;
mod record;
mod scrittore;
mod sorgente;

pub use controllo::{Controllo, Esame, Rifiuto};
pub use dialetto::{Codifica, Dialetto, Scelte};
pub use lettore::{Letto, Lettore, LettoreError};
pub use scrittore::Scrittore;
pub use sorgente::Sorgente;

use domain::tracciato::{Formato, Layout};

use crate::tracciato::Tracciato;

/// A reader of a stored file, as it was judged at its upload.
pub fn apri(tracciato: &Tracciato, sorgente: Sorgente) -> Result<Lettore<Sorgente>, LettoreError> {
    let dialetto = Dialetto {
        codifica: Codifica::parse(&tracciato.codifica).unwrap_or(Codifica::Utf8),
        separatore: tracciato.separatore(),
    };
    Lettore::new(sorgente, dialetto)
}

/// Whether a record is a comment, which only the 2.x layout has; before the layout is known, any
/// record that begins like one.
pub fn commento(layout: Option<&Layout>, letto: &Letto) -> bool {
    let primo = letto.campi.first().map_or("", |c| c.trim_start());
    layout.is_none_or(|layout| layout.formato == Formato::AddDel) && primo.starts_with('#')
}
