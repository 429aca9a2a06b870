//! The tables, equal on both backends.

diesel::table! {
    sessioni (id) {
        id -> Text,
        browser -> Text,
        id_dominio -> Text,
        ente -> Text,
        numero_avviso -> Text,
        causale -> Text,
        importo -> BigInt,
        stato -> Text,
        key_pa -> Text,
        key_wisp -> Nullable<Text>,
        id_psp -> Nullable<Text>,
        psp -> Nullable<Text>,
        id_canale -> Nullable<Text>,
        commissione -> Nullable<BigInt>,
        email -> Nullable<Text>,
        id_pagamento -> Nullable<Text>,
        redirect -> Nullable<Text>,
        differito -> Bool,
        iuv -> Nullable<Text>,
        ccp -> Nullable<Text>,
        esito -> Nullable<Text>,
        importo_pagato -> Nullable<BigInt>,
        anomala -> Bool,
        motivo -> Nullable<Text>,
        motivo_testo -> Nullable<Text>,
        altrove_iuv -> Nullable<Text>,
        altrove_ccp -> Nullable<Text>,
        creata_at -> Timestamp,
        scelta_at -> Nullable<Timestamp>,
        confermata_at -> Nullable<Timestamp>,
        inviata_at -> Nullable<Timestamp>,
        ritorno_at -> Nullable<Timestamp>,
        conclusa_at -> Nullable<Timestamp>,
        chiesta_at -> Nullable<Timestamp>,
        versione -> BigInt,
    }
}

diesel::table! {
    messaggi (id) {
        id -> Text,
        sessione_id -> Text,
        destinatario -> Text,
        oggetto -> Text,
        testo -> Text,
        creato_at -> Timestamp,
    }
}

diesel::joinable!(messaggi -> sessioni (sessione_id));
diesel::allow_tables_to_appear_in_same_query!(messaggi, sessioni);
