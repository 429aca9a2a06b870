//! The tables, equal on both backends.

diesel::table! {
    contenuti (id) {
        id -> Text,
        creato_at -> Timestamp,
        operatore -> Nullable<Text>,
    }
}

diesel::table! {
    tracciato_chunks (contenuto_id, numero) {
        contenuto_id -> Text,
        numero -> BigInt,
        contenuto -> Binary,
        inizio -> BigInt,
    }
}

diesel::table! {
    tracciati (id) {
        id -> BigInt,
        contenuto_id -> Text,
        nome_file -> Text,
        operatore -> Text,
        dimensione -> BigInt,
        sha256 -> Text,
        codifica -> Text,
        separatore -> Text,
        formato -> Nullable<Text>,
        colonne -> BigInt,
        stato -> Text,
        righe -> BigInt,
        righe_valide -> BigInt,
        righe_caricate -> BigInt,
        righe_in_errore -> BigInt,
        avvisi -> BigInt,
        importo_totale -> BigInt,
        motivo -> Nullable<Text>,
        nota -> Nullable<Text>,
        chiave -> Nullable<Text>,
        caricato_at -> Timestamp,
        validazione_at -> Nullable<Timestamp>,
        validato_at -> Nullable<Timestamp>,
        caricamento_at -> Nullable<Timestamp>,
        concluso_at -> Nullable<Timestamp>,
        worker -> Nullable<Text>,
        lease_until -> Nullable<Timestamp>,
        versione -> BigInt,
        lettura -> Text,
        politica -> Text,
        prova -> Bool,
        origine -> Text,
        stampa_avvisi -> Bool,
        id_dominio -> Nullable<Text>,
    }
}

diesel::table! {
    tracciato_domini (tracciato_id, id_dominio) {
        tracciato_id -> BigInt,
        id_dominio -> Text,
    }
}

diesel::table! {
    blocchi (tracciato_id, numero) {
        tracciato_id -> BigInt,
        numero -> BigInt,
        prima -> BigInt,
        righe -> BigInt,
        inizio -> BigInt,
        linea -> BigInt,
        ok -> BigInt,
        ko -> BigInt,
        esiti -> Nullable<Text>,
    }
}

diesel::table! {
    segnalazioni (id) {
        id -> BigInt,
        tracciato_id -> BigInt,
        riga -> BigInt,
        colonna -> Text,
        valore -> Text,
        gravita -> Text,
        problema -> Text,
        suggerimento -> Text,
    }
}

diesel::table! {
    mappe (id_dominio, id_tipo_pendenza) {
        id_dominio -> Text,
        id_tipo_pendenza -> Text,
        contenuto -> Text,
        operatore -> Text,
        aggiornata_at -> Timestamp,
    }
}

diesel::table! {
    accessi (id) {
        id -> Text,
        principal -> Text,
        creato_at -> Timestamp,
        visto_at -> Timestamp,
    }
}

diesel::allow_tables_to_appear_in_same_query!(contenuti, tracciati, tracciato_domini);
