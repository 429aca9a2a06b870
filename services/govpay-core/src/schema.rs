//! The tables, equal on both backends.

diesel::table! {
    accessi (id) {
        id -> Text,
        principal -> Text,
        creato_at -> Timestamp,
        visto_at -> Timestamp,
    }
}

diesel::table! {
    intermediari (id_intermediario) {
        id_intermediario -> Text,
        denominazione -> Text,
        url_nodo -> Nullable<Text>,
        abilitato -> Bool,
        dettaglio -> Text,
    }
}

diesel::table! {
    stazioni (id_stazione) {
        id_stazione -> Text,
        id_intermediario -> Text,
        versione -> Text,
        password -> Text,
        application_code -> Integer,
        abilitato -> Bool,
    }
}

diesel::table! {
    domini (id_dominio) {
        id_dominio -> Text,
        ragione_sociale -> Text,
        gln -> Nullable<Text>,
        aux_digit -> Integer,
        segregation_code -> Nullable<Integer>,
        iuv_prefix -> Text,
        id_stazione -> Nullable<Text>,
        cbill -> Nullable<Text>,
        indirizzo -> Nullable<Text>,
        civico -> Nullable<Text>,
        cap -> Nullable<Text>,
        localita -> Nullable<Text>,
        provincia -> Nullable<Text>,
        web -> Nullable<Text>,
        pec -> Nullable<Text>,
        tel -> Nullable<Text>,
        abilitato -> Bool,
        logo -> Nullable<Text>,
        dettaglio -> Text,
    }
}

diesel::table! {
    conti (id_dominio, iban) {
        id_dominio -> Text,
        iban -> Text,
        postale -> Bool,
        descrizione -> Nullable<Text>,
        abilitato -> Bool,
        dettaglio -> Text,
    }
}

diesel::table! {
    entrate (id_dominio, id_entrata) {
        id_dominio -> Text,
        id_entrata -> Text,
        tipo_contabilita -> Nullable<Text>,
        codice_contabilita -> Nullable<Text>,
        iban_accredito -> Text,
        iban_appoggio -> Nullable<Text>,
        abilitato -> Bool,
    }
}

diesel::table! {
    unita_operative (id_dominio, id_unita) {
        id_dominio -> Text,
        id_unita -> Text,
        ragione_sociale -> Text,
        abilitato -> Bool,
        dettaglio -> Text,
    }
}

diesel::table! {
    tipi_entrata (id_entrata) {
        id_entrata -> Text,
        descrizione -> Text,
        tipo_contabilita -> Text,
        codice_contabilita -> Text,
    }
}

diesel::table! {
    tipi_pendenza (id_tipo_pendenza) {
        id_tipo_pendenza -> Text,
        descrizione -> Text,
        abilitato -> Bool,
        dettaglio -> Text,
    }
}

diesel::table! {
    tipi_pendenza_dominio (id_dominio, id_tipo_pendenza) {
        id_dominio -> Text,
        id_tipo_pendenza -> Text,
        abilitato -> Bool,
        dettaglio -> Text,
    }
}

diesel::table! {
    configurazioni (sezione) {
        sezione -> Text,
        valore -> Text,
    }
}

diesel::table! {
    ruoli (id_ruolo) {
        id_ruolo -> Text,
        acl -> Text,
    }
}

diesel::table! {
    applicazioni (id_a2a) {
        id_a2a -> Text,
        principal -> Text,
        password -> Text,
        domini -> Text,
        api_pendenze -> Bool,
        api_pagamenti -> Bool,
        api_ragioneria -> Bool,
        abilitato -> Bool,
        tipi_pendenza -> Text,
        acl -> Text,
        ruoli -> Text,
        dettaglio -> Text,
    }
}

diesel::table! {
    operatori (principal) {
        principal -> Text,
        nome -> Text,
        password -> Text,
        domini -> Text,
        abilitato -> Bool,
        tipi_pendenza -> Text,
        acl -> Text,
        ruoli -> Text,
    }
}

diesel::table! {
    contatori_iuv (id_dominio, prefisso) {
        id_dominio -> Text,
        prefisso -> Text,
        prossimo -> BigInt,
    }
}

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
    allegati (id) {
        id -> BigInt,
        pendenza -> BigInt,
        nome -> Text,
        tipo -> Text,
        descrizione -> Nullable<Text>,
        contenuto -> Binary,
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
    pagamenti (id) {
        id -> Text,
        id_sessione_portale -> Nullable<Text>,
        id_sessione_psp -> Nullable<Text>,
        nome -> Text,
        importo -> BigInt,
        stato -> Text,
        codice_stato -> Text,
        descrizione_stato -> Nullable<Text>,
        psp_redirect_url -> Nullable<Text>,
        url_ritorno -> Nullable<Text>,
        psp_esito -> Nullable<Text>,
        versante -> Nullable<Text>,
        id_a2a_portale -> Text,
        id_psp -> Nullable<Text>,
        id_canale -> Nullable<Text>,
        tipo_versamento -> Nullable<Text>,
        tipo -> Integer,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        verificato -> Bool,
        cittadino -> Nullable<Text>,
    }
}

diesel::table! {
    rpt (id) {
        id -> BigInt,
        pendenza -> BigInt,
        pagamento -> Nullable<Text>,
        id_dominio -> Text,
        iuv -> Text,
        ccp -> Text,
        id_stazione -> Text,
        versione -> Text,
        id_messaggio_richiesta -> Text,
        stato -> Text,
        descrizione_stato -> Nullable<Text>,
        id_psp -> Nullable<Text>,
        id_intermediario_psp -> Nullable<Text>,
        id_canale -> Nullable<Text>,
        tipo_versamento -> Nullable<Text>,
        importo -> BigInt,
        xml_rpt -> Nullable<Text>,
        send_at -> Nullable<Timestamp>,
        send_attempts -> Integer,
        scade_at -> Nullable<Timestamp>,
        id_messaggio_ricevuta -> Nullable<Text>,
        esito -> Nullable<Text>,
        importo_pagato -> Nullable<BigInt>,
        denominazione_attestante -> Nullable<Text>,
        data_pagamento -> Nullable<Timestamp>,
        xml_rt -> Nullable<Text>,
        rt_at -> Nullable<Timestamp>,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        bloccante -> Bool,
    }
}

diesel::table! {
    riscossioni (id) {
        id -> BigInt,
        rpt -> BigInt,
        pendenza -> BigInt,
        voce -> Nullable<BigInt>,
        id_dominio -> Text,
        iuv -> Text,
        iur -> Text,
        indice -> Integer,
        importo -> BigInt,
        commissioni -> Nullable<BigInt>,
        data_pagamento -> Timestamp,
        stato -> Text,
        created_at -> Timestamp,
        tipo -> Text,
    }
}

diesel::table! {
    rt_orfane (id) {
        id -> BigInt,
        id_dominio -> Text,
        iuv -> Text,
        ccp -> Text,
        motivo -> Text,
        importo_pagato -> BigInt,
        xml -> Text,
        received_at -> Timestamp,
    }
}

diesel::table! {
    eventi (id) {
        id -> BigInt,
        componente -> Text,
        categoria -> Text,
        ruolo -> Nullable<Text>,
        tipo -> Text,
        sottotipo -> Nullable<Text>,
        data -> Timestamp,
        durata_ms -> BigInt,
        esito -> Text,
        sottotipo_esito -> Nullable<Text>,
        dettaglio_esito -> Nullable<Text>,
        id_dominio -> Nullable<Text>,
        iuv -> Nullable<Text>,
        ccp -> Nullable<Text>,
        id_a2a -> Nullable<Text>,
        id_pendenza -> Nullable<Text>,
        id_pagamento -> Nullable<Text>,
        id_psp -> Nullable<Text>,
        id_canale -> Nullable<Text>,
        id_stazione -> Nullable<Text>,
        severita -> Integer,
        trace_id -> Nullable<Text>,
        richiesta -> Nullable<Text>,
        risposta -> Nullable<Text>,
    }
}

diesel::table! {
    notifiche (id) {
        id -> BigInt,
        evento -> Text,
        tipo -> Text,
        stato -> Text,
        descrizione_stato -> Nullable<Text>,
        id_a2a -> Text,
        pendenza -> BigInt,
        rpt -> BigInt,
        id_dominio -> Text,
        iuv -> Text,
        ccp -> Text,
        codice -> Nullable<Text>,
        motivazione -> Nullable<Text>,
        tentativi -> Integer,
        prossima_at -> Nullable<Timestamp>,
        presa_fino_a -> Nullable<Timestamp>,
        scade_at -> Timestamp,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    integrazioni (id_a2a) {
        id_a2a -> Text,
        guasti -> Integer,
        ultima -> Nullable<BigInt>,
        prova_at -> Nullable<Timestamp>,
    }
}

diesel::joinable!(entrate -> tipi_entrata (id_entrata));
diesel::allow_tables_to_appear_in_same_query!(entrate, tipi_entrata);
diesel::joinable!(tipi_pendenza_dominio -> tipi_pendenza (id_tipo_pendenza));
diesel::allow_tables_to_appear_in_same_query!(tipi_pendenza, tipi_pendenza_dominio);
diesel::joinable!(allegati -> pendenze (pendenza));
diesel::allow_tables_to_appear_in_same_query!(allegati, pendenze);
diesel::joinable!(pendenze -> domini (id_dominio));
diesel::joinable!(voci -> pendenze (pendenza));
diesel::joinable!(rpt -> pendenze (pendenza));
diesel::joinable!(rpt -> pagamenti (pagamento));
diesel::joinable!(riscossioni -> rpt (rpt));
diesel::allow_tables_to_appear_in_same_query!(pendenze, voci, pagamenti, rpt, riscossioni, domini);
diesel::allow_tables_to_appear_in_same_query!(notifiche, integrazioni, applicazioni);
