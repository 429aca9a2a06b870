//! The tables, equal on both backends.

diesel::table! {
    sessioni (id) {
        id -> Text,
        tipo -> Integer,
        versione -> Text,
        stato -> Text,
        chiave -> Nullable<Text>,
        carrello -> Nullable<Text>,
        id_stazione -> Text,
        id_dominio -> Text,
        ente -> Text,
        iuv -> Text,
        ccp -> Text,
        numero_avviso -> Nullable<Text>,
        id_canale -> Text,
        importo -> BigInt,
        importo_verificato -> Nullable<BigInt>,
        commissione -> BigInt,
        esito -> Nullable<Text>,
        creata_at -> Timestamp,
        scade_at -> Timestamp,
        conclusa_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    rpt_nodo (id) {
        id -> Text,
        sessione -> Text,
        posizione -> Integer,
        id_dominio -> Text,
        iuv -> Text,
        ccp -> Text,
        id_stazione -> Text,
        importo -> BigInt,
        documento -> Binary,
        stato -> Text,
        creata_at -> Timestamp,
    }
}

diesel::table! {
    storico_rpt (id) {
        id -> BigInt,
        rpt -> Text,
        stato -> Text,
        descrizione -> Text,
        at -> Timestamp,
    }
}

diesel::table! {
    token (id) {
        id -> Text,
        sessione -> Text,
        id_dominio -> Text,
        numero_avviso -> Text,
        stato -> Text,
        risposta -> Nullable<Text>,
        creato_at -> Timestamp,
        scade_at -> Timestamp,
    }
}

diesel::table! {
    rt_da_inviare (id) {
        id -> Text,
        sessione -> Text,
        versione -> Text,
        esito -> Text,
        importi -> Text,
        motivo -> Text,
        con_commissione -> Bool,
        deciso_at -> Timestamp,
        due_at -> Timestamp,
        next_at -> Timestamp,
        attempts -> Integer,
        rifiuti -> Integer,
        leased_until -> Nullable<Timestamp>,
        documento -> Nullable<Binary>,
        ultimo_errore -> Nullable<Text>,
        delivered_at -> Nullable<Timestamp>,
        fermata_at -> Nullable<Timestamp>,
    }
}

diesel::joinable!(rpt_nodo -> sessioni (sessione));
diesel::joinable!(token -> sessioni (sessione));
diesel::joinable!(rt_da_inviare -> sessioni (sessione));
diesel::allow_tables_to_appear_in_same_query!(
    sessioni,
    rpt_nodo,
    storico_rpt,
    token,
    rt_da_inviare
);
