//! The rows of the tables. What may happen to a session is in `crate::sessione`.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::schema::{messaggi, sessioni};

/// A row of `sessioni`. No `Debug`: it holds an e-mail address.
#[derive(Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = sessioni)]
#[diesel(treat_none_as_null = true)]
#[diesel(treat_none_as_default_value = false)]
pub struct Sessione {
    pub id: String,
    pub browser: String,
    pub id_dominio: String,
    pub ente: String,
    pub numero_avviso: String,
    pub causale: String,
    /// Cents, as the citizen saw them last.
    pub importo: i64,
    pub stato: String,
    pub key_pa: String,
    pub key_wisp: Option<String>,
    pub id_psp: Option<String>,
    pub psp: Option<String>,
    pub id_canale: Option<String>,
    pub commissione: Option<i64>,
    pub email: Option<String>,
    pub id_pagamento: Option<String>,
    pub redirect: Option<String>,
    pub differito: bool,
    pub iuv: Option<String>,
    pub ccp: Option<String>,
    pub esito: Option<String>,
    pub importo_pagato: Option<i64>,
    pub anomala: bool,
    pub motivo: Option<String>,
    pub motivo_testo: Option<String>,
    pub altrove_iuv: Option<String>,
    pub altrove_ccp: Option<String>,
    pub creata_at: NaiveDateTime,
    pub scelta_at: Option<NaiveDateTime>,
    pub confermata_at: Option<NaiveDateTime>,
    pub inviata_at: Option<NaiveDateTime>,
    pub ritorno_at: Option<NaiveDateTime>,
    pub conclusa_at: Option<NaiveDateTime>,
    pub chiesta_at: Option<NaiveDateTime>,
    pub versione: i64,
}

/// A row of `messaggi`.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = messaggi)]
pub struct Messaggio {
    pub id: String,
    pub sessione_id: String,
    pub destinatario: String,
    pub oggetto: String,
    pub testo: String,
    pub creato_at: NaiveDateTime,
}
