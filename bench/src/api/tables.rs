//! The tables that the bare transaction writes: as the core's, in whatever schema the connection looks
//! into.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

diesel::table! {
    pendenze (id) {
        id -> BigInt,
        id_a2a -> Text,
        id_pendenza -> Text,
        id_dominio -> Text,
        id_unita_operativa -> Nullable<Text>,
        id_tipo_pendenza -> Text,
        nome -> Nullable<Text>,
        causale -> Text,
        importo -> BigInt,
        numero_avviso -> Nullable<Text>,
        iuv -> Nullable<Text>,
        data_validita -> Nullable<Date>,
        data_scadenza -> Nullable<Date>,
        anno_riferimento -> Nullable<Text>,
        cartella_pagamento -> Nullable<Text>,
        direzione -> Nullable<Text>,
        divisione -> Nullable<Text>,
        soggetto_tipo -> Nullable<Text>,
        soggetto_identificativo -> Nullable<Text>,
        soggetto_anagrafica -> Nullable<Text>,
        soggetto_altro -> Nullable<Text>,
        altro -> Text,
        uuid -> Text,
        tipo -> Text,
        stato -> Text,
        anomala -> Bool,
        descrizione_stato -> Nullable<Text>,
        importo_pagato -> BigInt,
        data_pagamento -> Nullable<Timestamp>,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        id_documento -> Nullable<Text>,
        verificata -> Bool,
    }
}

diesel::table! {
    voci (id) {
        id -> BigInt,
        pendenza -> BigInt,
        indice -> Integer,
        id_voce_pendenza -> Text,
        descrizione -> Text,
        importo -> BigInt,
        id_dominio -> Nullable<Text>,
        id_entrata -> Nullable<Text>,
        iban_accredito -> Nullable<Text>,
        iban_appoggio -> Nullable<Text>,
        tipo_contabilita -> Nullable<Text>,
        codice_contabilita -> Nullable<Text>,
        tipo_bollo -> Nullable<Text>,
        hash_documento -> Nullable<Text>,
        provincia_residenza -> Nullable<Text>,
        altro -> Text,
        stato -> Text,
    }
}

diesel::table! {
    outbox (id) {
        id -> BigInt,
        event_id -> Text,
        routing_key -> Text,
        payload -> Text,
        occurred_at -> Timestamp,
    }
}

/// One row of `pendenze`. It holds personal data, hence no `Debug`.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = pendenze, treat_none_as_default_value = false)]
pub struct Pendenza {
    #[diesel(skip_insertion)]
    pub id: i64,
    pub id_a2a: String,
    pub id_pendenza: String,
    pub id_dominio: String,
    pub id_unita_operativa: Option<String>,
    pub id_tipo_pendenza: String,
    pub nome: Option<String>,
    pub causale: String,
    pub importo: i64,
    pub numero_avviso: Option<String>,
    pub iuv: Option<String>,
    pub data_validita: Option<NaiveDate>,
    pub data_scadenza: Option<NaiveDate>,
    pub anno_riferimento: Option<String>,
    pub cartella_pagamento: Option<String>,
    pub direzione: Option<String>,
    pub divisione: Option<String>,
    pub soggetto_tipo: Option<String>,
    pub soggetto_identificativo: Option<String>,
    pub soggetto_anagrafica: Option<String>,
    pub soggetto_altro: Option<String>,
    pub altro: String,
    pub uuid: String,
    pub tipo: String,
    pub stato: String,
    pub anomala: bool,
    pub descrizione_stato: Option<String>,
    pub importo_pagato: i64,
    pub data_pagamento: Option<NaiveDateTime>,
    pub created_at: NaiveDateTime,
    pub updated_at: NaiveDateTime,
    pub id_documento: Option<String>,
    pub verificata: bool,
}

/// One row of `voci`. It holds personal data, hence no `Debug`.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = voci, treat_none_as_default_value = false)]
pub struct Voce {
    #[diesel(skip_insertion)]
    pub id: i64,
    pub pendenza: i64,
    pub indice: i32,
    pub id_voce_pendenza: String,
    pub descrizione: String,
    pub importo: i64,
    pub id_dominio: Option<String>,
    pub id_entrata: Option<String>,
    pub iban_accredito: Option<String>,
    pub iban_appoggio: Option<String>,
    pub tipo_contabilita: Option<String>,
    pub codice_contabilita: Option<String>,
    pub tipo_bollo: Option<String>,
    pub hash_documento: Option<String>,
    pub provincia_residenza: Option<String>,
    pub altro: String,
    pub stato: String,
}

/// What is written of an event.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = outbox)]
pub struct Evento {
    pub event_id: String,
    pub routing_key: String,
    pub payload: String,
    pub occurred_at: NaiveDateTime,
}
