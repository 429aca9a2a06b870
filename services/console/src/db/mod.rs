//! The store of the service: one file per noun, compiled once per backend.

mod pg;
mod sqlite;

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use domain::Envelope;
use platform::Store;
use platform::store::Migrations;

use crate::filtri::{Conteggi, Cursore, Filtro, FiltroPendenze, Visibili};
use crate::visti::{EventoBus, Notizia, PagamentoVisto, PendenzaVista, Quando, TracciatoVisto};

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

platform::facade!(Db {
    /// Applies an event once, in one transaction. `false`: it was known already.
    eventi::applica_evento(envelope: Envelope, now: DateTime<Utc>) -> bool;
    /// What passed by the bus about a pendenza, oldest first.
    eventi::eventi_di(id_a2a: String, id_pendenza: String, limit: i64) -> Vec<EventoBus>;
    /// The pendenze (idA2A, idPendenza) that a trace touched.
    eventi::find_by_trace(visibili: Visibili, trace_id: String) -> Vec<(String, String)>;
    /// The newest `limit` events after that one.
    eventi::eventi_dopo(id: i64, limit: i64) -> Vec<EventoBus>;
    /// Grows with each event kept.
    eventi::ultimo_evento() -> i64;

    /// A page of attempts, waiting ones first, then newest, and whether there are more.
    pagamenti::list_pagamenti(visibili: Visibili, filtro: Filtro, dopo: Option<Cursore>, limit: i64) -> (Vec<PagamentoVisto>, bool);
    pagamenti::conta_pagamenti(visibili: Visibili, now: DateTime<Utc>) -> Conteggi;
    pagamenti::tentativi_di(id_a2a: String, id_pendenza: String) -> Vec<PagamentoVisto>;
    /// Attempts one of whose identifiers is this text, newest first.
    pagamenti::search_pagamenti(visibili: Visibili, testo: String, limit: i64) -> Vec<PagamentoVisto>;

    pendenze::find_pendenza(id_a2a: String, id_pendenza: String) -> Option<PendenzaVista>;
    pendenze::list_pendenze(visibili: Visibili, filtro: FiltroPendenze, limit: i64, offset: i64) -> Vec<PendenzaVista>;
    pendenze::search_pendenze(visibili: Visibili, testo: String, limit: i64) -> Vec<PendenzaVista>;

    tracciati::list_tracciati(limit: i64) -> Vec<TracciatoVisto>;
    tracciati::conta_tracciati_con_errori() -> i64;

    ricostruzione::proiezione_vuota() -> bool;
    /// Replaces what was known before `quando` with what the core says, unless `svuota` is false:
    /// then it only adds. News heard meanwhile stays.
    ricostruzione::ricostruisci(svuota: bool, tentativi: Vec<(Notizia, NaiveDateTime)>, pendenze: Vec<PendenzaVista>, quando: Quando) -> ();

    accessi::insert_accesso(id: String, principal: String, now: DateTime<Utc>) -> ();
    /// Who is logged in with that session, if the login is younger than `since`.
    accessi::find_accesso(id: String, since: DateTime<Utc>) -> Option<String>;
    accessi::delete_accesso(id: String) -> ();
    accessi::purge_accessi(before: DateTime<Utc>) -> usize;
});
