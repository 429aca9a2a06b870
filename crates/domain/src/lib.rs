//! The words and the rules of pagoPA as pure types: no I/O, no clock, no async.
//!
//! A value that obeys a rule is a type with one way in. What may happen to a thing is a function
//! here; making it happen is the business of the services.

pub mod avviso;
pub mod dominio;
pub mod esito;
pub mod event;
pub mod importo;
pub mod numero_avviso;
pub mod pagamento;
pub mod pendenza;
pub mod prefisso_iuv;
pub mod riscossione;
pub mod rpt;
pub mod rt;
pub mod soggetto;
pub mod tempo;
pub mod tracciato;

pub use dominio::{CodDominio, CodDominioError};
pub use esito::EsitoPagamento;
pub use event::{Envelope, Event, PendenzaCaricata};
pub use importo::{Importo, ImportoError};
pub use numero_avviso::{Iuv, NumeroAvviso, NumeroAvvisoError};
pub use pagamento::StatoPagamento;
pub use pendenza::StatoPendenza;
pub use rpt::StatoRpt;
pub use soggetto::{Anagrafica, CodiceFiscale, Email, TipoSoggetto};
pub use tracciato::StatoTracciato;
