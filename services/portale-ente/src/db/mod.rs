//! The store of the service: one file per noun, compiled once per backend.

mod pg;
pub mod righe;
mod sqlite;

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use domain::{Email, Envelope, Importo};
use platform::Store;
use platform::store::Migrations;

use crate::sessione::{Conferma, Messaggio, Psp, Risposta, Ritorno, Sessione};

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
    sessioni::insert_sessione(sessione: Sessione) -> ();
    sessioni::find(id: String) -> Option<Sessione>;
    sessioni::list_by_avviso(browser: String, id_dominio: String, numero_avviso: String) -> Vec<Sessione>;
    sessioni::list_by_browser(browser: String, limit: i64) -> Vec<Sessione>;
    sessioni::wisp_ritorno(id_dominio: String, key_pa: String, key_wisp: String, now: DateTime<Utc>) -> Option<(Sessione, Ritorno)>;
    sessioni::wisp_annullo(id_dominio: String, key_pa: String, tipo: String, now: DateTime<Utc>) -> Option<(Sessione, Ritorno)>;
    sessioni::set_psp(id: String, psp: Psp) -> Option<Sessione>;
    sessioni::cambia_psp(id: String, key_pa: String) -> Option<Sessione>;
    sessioni::aggiorna_importo(id: String, importo: Importo) -> Option<Sessione>;
    sessioni::conferma(id: String, browser: String, email: Email, now: DateTime<Utc>) -> Option<(Sessione, Conferma)>;
    sessioni::inviata(id: String, id_pagamento: String, redirect: String, differito: bool, now: DateTime<Utc>) -> Option<Sessione>;
    sessioni::rifiutata(id: String, codice: String, testo: String, now: DateTime<Utc>) -> Option<Sessione>;
    sessioni::torna_alla_scelta(id: String) -> Option<Sessione>;
    sessioni::tornata(id: String, now: DateTime<Utc>) -> Option<Sessione>;
    sessioni::prenota_domanda(id: String, now: DateTime<Utc>) -> bool;
    eventi::applica_risposta(id: String, risposta: Risposta, now: DateTime<Utc>) -> Option<Sessione>;
    eventi::applica_evento(envelope: Envelope, pagamenti_url: String, now: DateTime<Utc>) -> Vec<String>;
    sessioni::versions(ids: Vec<String>) -> Vec<(String, i64)>;
    sessioni::purge(before: NaiveDateTime) -> usize;
    messaggi::list_messaggi(browser: String, limit: i64) -> Vec<Messaggio>;
});
