//! The store of the service: one file per noun, compiled once per backend.

mod pg;
mod sqlite;

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use platform::Store;
use platform::store::Migrations;

use crate::decisione::Decisione;
use crate::sessione::{Dettaglio, RptRow, RtRow, SessioneRow, StatoSessione, StoricoRow, TokenRow};

const PG: EmbeddedMigrations = embed_migrations!("migrations/pg");
const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");

pub fn migrations() -> Migrations {
    Migrations {
        pg: PG,
        sqlite: SQLITE,
    }
}

/// The store of this service; its methods are the query functions of this folder.
#[derive(Clone)]
pub struct Db(pub Store);

/// RPTs that an ente sent, checked and ready to be accepted together.
#[derive(Clone, Debug)]
pub struct NuoveRpt {
    /// The session to make; for a payment activated at the PSP the existing one is used instead.
    pub sessione: SessioneRow,
    pub rpt: Vec<RptRow>,
}

/// What became of [`NuoveRpt`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Accettazione {
    Accettata {
        sessione: String,
    },
    /// Position from 1 of an RPT that is already here.
    RptDuplicata(i32),
    CarrelloDuplicato,
    /// A channel of the modello 3, and nobody activated this payment.
    SenzaAttivazione,
}

/// Whether an avviso is free for a payer of the modello unico.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Prenotazione {
    Libera,
    /// The form was sent twice: the session that the first one made.
    StessaChiave(String),
    InCorso {
        until: NaiveDateTime,
    },
    Pagata,
}

/// Filters of nodoChiediListaPendentiRPT; times are UTC.
#[derive(Clone, Debug)]
pub struct Pendenti {
    pub domini: Vec<String>,
    pub da: NaiveDateTime,
    pub a: NaiveDateTime,
    pub limit: i64,
}

/// How a delivery failed.
#[derive(Clone, Debug)]
pub struct Insuccesso {
    pub errore: String,
    /// The ente answered, with a refusal.
    pub rifiuto: bool,
    pub next_at: DateTime<Utc>,
}

platform::facade!(Db {
    /// Accepts RPTs all together or not at all.
    rpt::accetta(nuove: NuoveRpt, now: DateTime<Utc>) -> Accettazione;
    rpt::find_rpt(id_dominio: String, iuv: String, ccp: String) -> Option<RptRow>;
    rpt::storico(id: String) -> Vec<StoricoRow>;
    rpt::list_pendenti(filtro: Pendenti) -> Vec<RptRow>;
    /// Begins a payment at the PSP with the old primitives; `Some`: the same form was sent before.
    sessioni::insert_attivazione(sessione: SessioneRow) -> Option<String>;
    /// Takes back a session that the ente refused to activate.
    sessioni::delete_attivazione(id: String) -> ();
    sessioni::find(id: String) -> Option<Dettaglio>;
    sessioni::stato(id: String) -> Option<String>;
    /// Open ones first, then the newest.
    sessioni::list_recenti(limit: i64) -> Vec<Dettaglio>;
    /// Open sessions whose time is over.
    sessioni::list_scadute(now: DateTime<Utc>, limit: i64) -> Vec<Dettaglio>;
    /// Moves a session out of `da` and stores its receipts; `false`: somebody else was faster.
    sessioni::concludi(id: String, da: StatoSessione, decisione: Decisione, now: DateTime<Utc>) -> bool;
    /// Whatever this session waits for is due now; `false`: it waits for nothing.
    sessioni::scade_subito(id: String, now: DateTime<Utc>) -> bool;
    /// Reserves an avviso for one payer, with a session to be completed by `attiva_token`.
    token::prenota(sessione: SessioneRow, token: TokenRow, now: DateTime<Utc>) -> Prenotazione;
    token::attiva(sessione: SessioneRow, token: TokenRow) -> bool;
    token::rilascia(id: String) -> ();
    token::scadi(now: DateTime<Utc>) -> usize;
    /// Takes receipts that are due, for `lease_until` of real time, and counts the attempt.
    rt::claim(now: DateTime<Utc>, real_now: DateTime<Utc>, lease_until: DateTime<Utc>, limit: i64) -> Vec<RtRow>;
    rt::find_rt(id: String) -> Option<RtRow>;
    /// Keeps the document that will be sent; returns the one that counts, the first.
    rt::set_documento(id: String, documento: Vec<u8>, now: DateTime<Utc>) -> Vec<u8>;
    rt::consegnata(id: String, now: DateTime<Utc>) -> ();
    rt::non_consegnata(id: String, insuccesso: Insuccesso, now: DateTime<Utc>) -> ();
    /// Sends again the receipts of a session that were made; says how many.
    rt::rinvia(sessione: String, now: DateTime<Utc>) -> usize;
});
