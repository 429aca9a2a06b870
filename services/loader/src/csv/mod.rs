//! The bytes of a tracciato: encoding, separator, lines, records; and CSV on the way out.
//!
//! What a record means is the business of `domain::tracciato`.

mod controllo;
mod dialetto;
mod lettore;
mod record;
mod rifiuto;
mod scrittore;
mod sorgente;

pub use controllo::{Controllo, Esame, Limiti};
pub use dialetto::{Atteso, Codifica, Dialetto, Scelte};
pub use lettore::{Lettore, LettoreError};
pub use rifiuto::Rifiuto;
pub use scrittore::Scrittore;
pub use sorgente::Sorgente;
