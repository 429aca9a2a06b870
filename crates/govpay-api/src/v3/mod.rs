//! What version 3 of the APIs (Pagamento, Ragioneria) says: other shapes than version 2 for the same
//! nouns. Bodies and profiles are those of the root, with fewer fields.

mod pendenza;
mod ricevuta;
mod riconciliazione;
mod riscossione;

pub use pendenza::{Pendenza, VocePendenza};
pub use ricevuta::{IstitutoAttestante, Messaggio, Ricevuta, RicevutaInElenco};
pub use riconciliazione::NuovaRiconciliazione;
pub use riscossione::{Riscossione, RiscossioneVoce};
