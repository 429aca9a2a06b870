//! GovPay's REST contract as Rust types, and a typed client.
//!
//! The same types are written by our core and read by whoever calls a core, ours or GovPay itself:
//! Pendenze v2, Pagamento v2 and Backoffice v1 differ little, so each noun is one type and what only
//! some of them carry is optional; version 3 of the APIs says other things and is in [`v3`]. Nothing
//! here decides anything. Money is [`domain::Importo`], written and read as the digits of the
//! contract's JSON numbers.

pub mod anagrafica;
pub mod blocco;
mod client;
mod client_error;
pub mod convalida;
pub mod ente;
mod evento;
mod fault;
mod filtri;
mod lista;
mod notifica;
mod pagamento;
mod pendenza;
mod pendenza_letta;
mod riscossione;
mod soggetto;
pub mod tracciato;
pub mod v3;

pub use anagrafica::{Acl, Applicazione, Dominio, Info, Profilo, TipoPendenza};
pub use client::{Api, FormatoRt, GovpayClient};
pub use client_error::{ClientError, ClientResult};
pub use evento::{DatiPagopa, Evento};
pub use fault::{Categoria, Fault};
pub use filtri::{FiltroEventi, FiltroPagamenti, FiltroPendenze, FiltroRpp};
pub use lista::{Elenco, Lista, ListaPaginata};
pub use notifica::NotificaIndex;
pub use pagamento::{
    CanaleScelto, Conto, NuovoPagamento, Pagamento, PagamentoCreato, PendenzaDaPagare, Rpp,
    SceltaWisp, Segnalazione,
};
pub use pendenza::{
    Allegato, Contabilita, DescrizioneImporto, Documento, MapEntry, Metadata, NuovaPendenza,
    NuovaVoce, PatchOp, ProprietaPendenza, QuotaContabilita, Soglia,
};
pub use pendenza_letta::{Avviso, Pendenza, PendenzaCreata, VocePendenza};
pub use riscossione::{
    AllegatoRiscossione, EntrataPrevista, Riscossione, StatisticaQuadratura, Totale, UnitaOperativa,
};
pub use soggetto::Soggetto;
