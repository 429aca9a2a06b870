//! The store of the service: one file per noun, compiled once per backend.

mod pg;
mod sqlite;

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use platform::Store;
use platform::store::Migrations;

use crate::tracciato::{
    BloccoRow, Caricato, Contatori, Filtro, Lotto, MappaRow, NuovoTracciato, SegnalazioneRow,
    Tracciato, Validato, Visibilita,
};

const PG: EmbeddedMigrations = embed_migrations!("migrations/pg");
const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");

pub fn migrations() -> Migrations {
    Migrations {
        pg: PG,
        sqlite: SQLITE,
    }
}

diesel::define_sql_function! {
    /// Lower case, for searches.
    fn lower(text: diesel::sql_types::Text) -> diesel::sql_types::Text;
}

/// The store of this service; its methods are the query functions of this folder.
#[derive(Clone)]
pub struct Db(pub Store);

platform::facade!(Db {
    contenuti::insert_contenuto(id: String, operatore: String, real_now: NaiveDateTime) -> ();
    contenuti::insert_chunk(id: String, numero: i64, inizio: i64, bytes: Vec<u8>) -> ();
    contenuti::find_chunk(id: String, numero: i64) -> Option<Vec<u8>>;
    contenuti::find_chunk_at(id: String, posizione: i64) -> Option<(i64, i64)>;
    contenuti::is_in_attesa(id: String, operatore: String) -> bool;
    contenuti::delete_contenuto(id: String) -> ();
    contenuti::purge_contenuti(before: NaiveDateTime) -> usize;
    tracciati::insert_tracciato(nuovo: NuovoTracciato, now: DateTime<Utc>) -> Caricato;
    tracciati::find_by_key(operatore: String, chiave: String) -> Option<Tracciato>;
    tracciati::find(id: i64, visibilita: Visibilita) -> Option<Tracciato>;
    tracciati::find_by_sha256(sha256: String, visibilita: Visibilita) -> Option<Tracciato>;
    tracciati::list(visibilita: Visibilita, filtro: Filtro, limit: i64) -> Vec<Tracciato>;
    tracciati::list_da(visibilita: Visibilita, filtro: Filtro, offset: i64, limit: i64) -> Vec<Tracciato>;
    tracciati::count_tracciati(visibilita: Visibilita, filtro: Filtro) -> i64;
    tracciati::domini_of(ids: Vec<i64>) -> Vec<(i64, String)>;
    tracciati::contatori(visibilita: Visibilita, oggi: NaiveDateTime) -> Contatori;
    tracciati::versioni() -> Vec<(i64, i64)>;
    stati::claim_validazione(worker: String, real_now: NaiveDateTime, lease_until: NaiveDateTime, now: DateTime<Utc>) -> Option<Tracciato>;
    stati::claim_caricamento(worker: String, real_now: NaiveDateTime, lease_until: NaiveDateTime, now: DateTime<Utc>) -> Option<Tracciato>;
    stati::renew(id: i64, worker: String, lease_until: NaiveDateTime) -> bool;
    stati::release(id: i64, worker: String, retry_at: Option<NaiveDateTime>, nota: Option<String>) -> ();
    stati::concludi_validazione(id: i64, worker: String, validato: Validato, now: DateTime<Utc>) -> bool;
    stati::concludi_caricamento(id: i64, worker: String, now: DateTime<Utc>) -> bool;
    stati::ricarica(id: i64, now: DateTime<Utc>) -> bool;
    stati::carica_prova(id: i64, now: DateTime<Utc>) -> bool;
    blocchi::reset(id: i64, worker: String) -> bool;
    blocchi::insert_lotto(id: i64, worker: String, lotto: Lotto, lease_until: NaiveDateTime) -> bool;
    blocchi::correggi(id: i64, worker: String, lotto: Lotto, lease_until: NaiveDateTime) -> bool;
    blocchi::da_caricare(id: i64, dal: i64, limit: i64) -> Vec<BloccoRow>;
    blocchi::registra(worker: String, prima: BloccoRow, dopo: BloccoRow, lease_until: NaiveDateTime) -> bool;
    blocchi::blocchi_da(id: i64, riga: i64, limit: i64) -> Vec<BloccoRow>;
    blocchi::blocchi_ko(id: i64, dal: i64, limit: i64) -> Vec<BloccoRow>;
    segnalazioni::list_segnalazioni(id: i64, gravita: &'static str, dopo: i64, limit: i64) -> Vec<SegnalazioneRow>;
    segnalazioni::segnalazioni_fra(id: i64, dalla: i64, alla: i64) -> Vec<SegnalazioneRow>;
    segnalazioni::count_segnalazioni(id: i64, gravita: &'static str) -> i64;
    mappe::put_mappa(row: MappaRow) -> ();
    mappe::find_mappa(id_dominio: String, tipo: String) -> Option<MappaRow>;
    mappe::list_mappe(domini: Option<Vec<String>>) -> Vec<MappaRow>;
    mappe::delete_mappa(id_dominio: String, tipo: String) -> bool;
    accessi::insert_accesso(id: String, principal: String, real_now: NaiveDateTime) -> ();
    accessi::touch_accesso(id: String, idle_since: NaiveDateTime, born_since: NaiveDateTime, real_now: NaiveDateTime) -> Option<String>;
    accessi::delete_accesso(id: String) -> ();
    accessi::purge_accessi(idle_since: NaiveDateTime) -> usize;
});
