//! The tables, equal on both backends.

diesel::table! {
    sessioni (id) {
        id -> Text,
        id_dominio -> Text,
        key_pa -> Text,
        ente_creditore -> Text,
        url_return -> Text,
        url_back -> Text,
        importo -> BigInt,
        bollo -> Bool,
        modello_2 -> Bool,
        conto_poste -> Bool,
        id_psp_richiesto -> Nullable<Text>,
        stato -> Text,
        key_wisp -> Nullable<Text>,
        id_psp -> Nullable<Text>,
        id_intermediario_psp -> Nullable<Text>,
        id_canale -> Nullable<Text>,
        tipo_versamento -> Nullable<Text>,
        created_at -> Timestamp,
        concluded_at -> Nullable<Timestamp>,
    }
}
