//! The query files compiled for PostgreSQL.

use platform::store::pg as ext;
pub use platform::store::pg::Conn;

/// `tassonomia` of a pendenza, which is kept in its JSON.
pub const TASSONOMIA: &str = "(CAST(pendenze.altro AS json) ->> 'tassonomia')";

#[path = "accessi.rs"]
pub mod accessi;
/// Part of an UPDATE, with which its transaction does not wait for the disk.
pub const SENZA_ATTESA: &str =
    " FROM (SELECT set_config('synchronous_commit', 'off', TRUE)) AS senza_attesa";

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
