//! The tables, equal on both backends.

diesel::table! {
    pagamenti_visti (id) {
        id -> BigInt,
        id_dominio -> Text,
        iuv -> Text,
        ccp -> Text,
        id_a2a -> Text,
        id_pendenza -> Text,
        numero_avviso -> Nullable<Text>,
        importo -> BigInt,
        importo_pagato -> Nullable<BigInt>,
        tipo -> Nullable<Integer>,
        stato -> Nullable<Text>,
        stato_rpt -> Nullable<Text>,
        esito -> Nullable<Text>,
        anomala -> Bool,
        id_psp -> Nullable<Text>,
        id_pagamento -> Nullable<Text>,
        id_sessione -> Nullable<Text>,
        in_attesa -> Bool,
        gruppo -> Text,
        primo_at -> Timestamp,
        ultimo_at -> Timestamp,
        stato_ordine -> Text,
        rt_ordine -> Text,
    }
}

diesel::table! {
    pendenze_viste (id_a2a, id_pendenza) {
        id_a2a -> Text,
        id_pendenza -> Text,
        id_dominio -> Text,
        numero_avviso -> Nullable<Text>,
        iuv -> Nullable<Text>,
        importo -> BigInt,
        stato -> Text,
        prima_at -> Timestamp,
        ultima_at -> Timestamp,
        ordine -> Text,
    }
}

diesel::table! {
    tracciati_visti (id_tracciato) {
        id_tracciato -> Text,
        nome_file -> Text,
        stato -> Text,
        righe -> BigInt,
        righe_valide -> BigInt,
        righe_caricate -> BigInt,
        righe_in_errore -> BigInt,
        primo_at -> Timestamp,
        ultimo_at -> Timestamp,
        ordine -> Text,
    }
}

diesel::table! {
    eventi_bus (id) {
        id -> BigInt,
        event_id -> Text,
        chiave -> Text,
        source -> Text,
        occurred_at -> Timestamp,
        ricevuto_at -> Timestamp,
        id_dominio -> Nullable<Text>,
        id_a2a -> Nullable<Text>,
        id_pendenza -> Nullable<Text>,
        iuv -> Nullable<Text>,
        ccp -> Nullable<Text>,
        trace_id -> Nullable<Text>,
        dati -> Text,
    }
}

diesel::table! {
    accessi (id) {
        id -> Text,
        principal -> Text,
        entrato_at -> Timestamp,
    }
}
