//! API Ente: what a core asks of the software of a body, and what it tells it. The core is the client;
//! whoever writes a gestionale, or a test one, answers with these types.
//!
//! Version 1 and version 2 differ in their paths and in the shape of the answers; both begin under the
//! address of the connector:
//!
//! | | v1 | v2 |
//! | --- | --- | --- |
//! | a debt, by avviso | `GET /avvisi/{idDominio}/{iuv}` | `GET /avvisi/{idDominio}/{numeroAvviso}` |
//! | a debt, by key | `GET /pendenze/{idA2A}/{idPendenza}` | the same |
//! | a debt, out of the data of a form | `POST /pendenze/{idDominio}/{idTipoPendenza}` | the same |
//! | a receipt | `POST /pagamenti/{idDominio}/{iuv}` | `PUT /ricevute/{idDominio}/{iuv}/{idRicevuta}` |
//! | an activation | `POST /pagamenti/{idDominio}/{iuv}` | – |
//! | a failure, an annulment | `POST /pagamenti/{idDominio}/{iuv}/{ccp}/annulla` | – |
//!
//! A receipt of version 2 is a [`crate::v3::Ricevuta`].

mod notifica;
mod verifica;

pub use notifica::{Notifica, NotificaAnnullamento, RiscossioneNotificata};
pub use verifica::{
    PendenzaVerificata, RispostaIllegibile, StatoVerifica, Verifica, VersioneEnte, VoceVerificata,
};

/// Header that goes with each notification: the identity of the event, the same however often it is
/// sent. Whoever has seen it answers 2xx and does nothing.
pub const ID_EVENTO: &str = "Idempotency-Key";
