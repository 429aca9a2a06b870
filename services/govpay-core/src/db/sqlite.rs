//! The query files compiled for SQLite.

use platform::store::sqlite as ext;
pub use platform::store::sqlite::Conn;

/// `tassonomia` of a pendenza, which is kept in its JSON.
pub const TASSONOMIA: &str = "(pendenze.altro ->> '$.tassonomia')";

#[path = "accessi.rs"]
pub mod accessi;
/// With `synchronous=NORMAL` no commit waits for the disk.
pub const SENZA_ATTESA: &str = "";

#[path = "anagrafica.rs"]
pub mod anagrafica;
#[path = "archivio.rs"]
pub mod archivio;
#[path = "attivazioni.rs"]
pub mod attivazioni;
#[path = "blocchi.rs"]
pub mod blocchi;
#[path = "configurazioni.rs"]
pub mod configurazioni;
#[path = "contatori.rs"]
pub mod contatori;
#[path = "creditori.rs"]
pub mod creditori;
#[path = "eventi.rs"]
pub mod eventi;
#[path = "giudizi.rs"]
pub mod giudizi;
#[path = "nomi.rs"]
pub mod nomi;
#[path = "notifiche.rs"]
pub mod notifiche;
#[path = "ordini.rs"]
pub mod ordini;
#[path = "pagamenti.rs"]
pub mod pagamenti;
#[path = "pendenze.rs"]
pub mod pendenze;
#[path = "posizioni.rs"]
pub mod posizioni;
#[path = "ricevute.rs"]
pub mod ricevute;
#[path = "riscossioni.rs"]
pub mod riscossioni;
#[path = "rpp.rs"]
pub mod rpp;
#[path = "rpt.rs"]
pub mod rpt;
#[path = "rt.rs"]
pub mod rt;
#[path = "sessioni.rs"]
pub mod sessioni;
#[path = "tentativi.rs"]
pub mod tentativi;
#[path = "utenze.rs"]
pub mod utenze;
