-- Anagrafica.
CREATE TABLE intermediari (
    id_intermediario TEXT NOT NULL PRIMARY KEY,
    denominazione TEXT NOT NULL,
    url_nodo TEXT,
    abilitato INTEGER NOT NULL
) STRICT;
CREATE TABLE stazioni (
    id_stazione TEXT NOT NULL PRIMARY KEY,
    id_intermediario TEXT NOT NULL,
    versione TEXT NOT NULL,
    password TEXT NOT NULL,
    application_code INTEGER NOT NULL,
    abilitato INTEGER NOT NULL,
    FOREIGN KEY (id_intermediario) REFERENCES intermediari (id_intermediario),
    CHECK (versione IN ('V1', 'V2'))
) STRICT;
CREATE TABLE domini (
    id_dominio TEXT NOT NULL PRIMARY KEY,
    ragione_sociale TEXT NOT NULL,
    gln TEXT,
    aux_digit INTEGER NOT NULL,
    segregation_code INTEGER,
    iuv_prefix TEXT NOT NULL,
    id_stazione TEXT NOT NULL,
    cbill TEXT,
    indirizzo TEXT,
    civico TEXT,
    cap TEXT,
    localita TEXT,
    provincia TEXT,
    web TEXT,
    pec TEXT,
    tel TEXT,
    abilitato INTEGER NOT NULL,
    FOREIGN KEY (id_stazione) REFERENCES stazioni (id_stazione),
    CHECK (aux_digit BETWEEN 0 AND 3)
) STRICT;
CREATE TABLE conti (
    id_dominio TEXT NOT NULL,
    iban TEXT NOT NULL,
    postale INTEGER NOT NULL,
    descrizione TEXT,
    abilitato INTEGER NOT NULL,
    PRIMARY KEY (id_dominio, iban),
    FOREIGN KEY (id_dominio) REFERENCES domini (id_dominio)
) STRICT;
CREATE TABLE entrate (
    id_dominio TEXT NOT NULL,
    id_entrata TEXT NOT NULL,
    descrizione TEXT NOT NULL,
    tipo_contabilita TEXT NOT NULL,
    codice_contabilita TEXT NOT NULL,
    iban_accredito TEXT NOT NULL,
    iban_appoggio TEXT,
    abilitato INTEGER NOT NULL,
    PRIMARY KEY (id_dominio, id_entrata),
    FOREIGN KEY (id_dominio) REFERENCES domini (id_dominio)
) STRICT;
CREATE TABLE tipi_pendenza (
    id_dominio TEXT NOT NULL,
    id_tipo_pendenza TEXT NOT NULL,
    descrizione TEXT NOT NULL,
    abilitato INTEGER NOT NULL,
    PRIMARY KEY (id_dominio, id_tipo_pendenza),
    FOREIGN KEY (id_dominio) REFERENCES domini (id_dominio)
) STRICT;

-- `domini` of the two tables below is a JSON array of idDominio, or ["*"].
CREATE TABLE applicazioni (
    id_a2a TEXT NOT NULL PRIMARY KEY,
    principal TEXT NOT NULL UNIQUE,
    password TEXT NOT NULL,
    domini TEXT NOT NULL,
    api_pendenze INTEGER NOT NULL,
    api_pagamenti INTEGER NOT NULL,
    api_ragioneria INTEGER NOT NULL,
    abilitato INTEGER NOT NULL
) STRICT;
CREATE TABLE operatori (
    principal TEXT NOT NULL PRIMARY KEY,
    nome TEXT NOT NULL,
    password TEXT NOT NULL,
    domini TEXT NOT NULL,
    amministratore INTEGER NOT NULL,
    abilitato INTEGER NOT NULL
) STRICT;

-- Next progressive of generated IUVs, per dominio and prefix.
CREATE TABLE contatori_iuv (
    id_dominio TEXT NOT NULL,
    prefisso TEXT NOT NULL,
    prossimo INTEGER NOT NULL,
    PRIMARY KEY (id_dominio, prefisso)
) STRICT;

-- Debts. `soggetto_altro` and `altro` hold the fields that no query needs, as JSON.
CREATE TABLE pendenze (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    id_a2a TEXT NOT NULL,
    id_pendenza TEXT NOT NULL,
    id_dominio TEXT NOT NULL,
    id_unita_operativa TEXT,
    id_tipo_pendenza TEXT NOT NULL,
    nome TEXT,
    causale TEXT NOT NULL,
    importo INTEGER NOT NULL,
    numero_avviso TEXT,
    iuv TEXT,
    data_validita TEXT,
    data_scadenza TEXT,
    anno_riferimento TEXT,
    cartella_pagamento TEXT,
    direzione TEXT,
    divisione TEXT,
    soggetto_tipo TEXT,
    soggetto_identificativo TEXT,
    soggetto_anagrafica TEXT,
    soggetto_altro TEXT,
    altro TEXT NOT NULL,
    uuid TEXT NOT NULL UNIQUE,
    tipo TEXT NOT NULL,
    stato TEXT NOT NULL,
    anomala INTEGER NOT NULL,
    descrizione_stato TEXT,
    importo_pagato INTEGER NOT NULL,
    data_pagamento TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    UNIQUE (id_a2a, id_pendenza),
    UNIQUE (id_dominio, iuv),
    UNIQUE (id_dominio, numero_avviso),
    CHECK (stato IN ('NON_ESEGUITO', 'ESEGUITO', 'PARZIALMENTE_ESEGUITO', 'ANNULLATO')),
    CHECK (importo > 0),
    FOREIGN KEY (id_dominio) REFERENCES domini (id_dominio)
) STRICT;
CREATE INDEX pendenze_by_debitore ON pendenze (soggetto_identificativo);
CREATE INDEX pendenze_by_dominio ON pendenze (id_dominio, id);
CREATE INDEX pendenze_by_stato ON pendenze (stato, id);

-- Items of a debt. `altro` as above.
CREATE TABLE voci (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    pendenza INTEGER NOT NULL,
    indice INTEGER NOT NULL,
    id_voce_pendenza TEXT NOT NULL,
    descrizione TEXT NOT NULL,
    importo INTEGER NOT NULL,
    id_dominio TEXT,
    id_entrata TEXT,
    iban_accredito TEXT,
    iban_appoggio TEXT,
    tipo_contabilita TEXT,
    codice_contabilita TEXT,
    tipo_bollo TEXT,
    hash_documento TEXT,
    provincia_residenza TEXT,
    altro TEXT NOT NULL,
    stato TEXT NOT NULL,
    UNIQUE (pendenza, indice),
    UNIQUE (pendenza, id_voce_pendenza),
    CHECK (indice BETWEEN 1 AND 5),
    CHECK (importo > 0),
    FOREIGN KEY (pendenza) REFERENCES pendenze (id)
) STRICT;

-- Payment sessions opened by a portal.
CREATE TABLE pagamenti (
    id TEXT NOT NULL PRIMARY KEY,
    id_sessione_portale TEXT,
    id_sessione_psp TEXT,
    nome TEXT NOT NULL,
    importo INTEGER NOT NULL,
    stato TEXT NOT NULL,
    codice_stato TEXT NOT NULL,
    descrizione_stato TEXT,
    psp_redirect_url TEXT,
    url_ritorno TEXT,
    psp_esito TEXT,
    versante TEXT,
    id_a2a_portale TEXT NOT NULL,
    id_psp TEXT,
    id_canale TEXT,
    tipo_versamento TEXT,
    tipo INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CHECK (stato IN ('IN_CORSO', 'ANNULLATO', 'FALLITO', 'ESEGUITO', 'NON_ESEGUITO', 'ESEGUITO_PARZIALE'))
) STRICT;
CREATE INDEX pagamenti_by_sessione ON pagamenti (id_sessione_portale);
CREATE INDEX pagamenti_by_stato ON pagamenti (stato, created_at);

-- Attempts (RPT) with their receipt (RT). `versione`: V1 old primitives, V2 modello unico. `send_at`: when to send the RPT (again); null when there is nothing to send.
CREATE TABLE rpt (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    pendenza INTEGER NOT NULL,
    pagamento TEXT,
    id_dominio TEXT NOT NULL,
    iuv TEXT NOT NULL,
    ccp TEXT NOT NULL,
    id_stazione TEXT NOT NULL,
    versione TEXT NOT NULL,
    id_messaggio_richiesta TEXT NOT NULL,
    stato TEXT NOT NULL,
    descrizione_stato TEXT,
    id_psp TEXT,
    id_intermediario_psp TEXT,
    id_canale TEXT,
    tipo_versamento TEXT,
    importo INTEGER NOT NULL,
    xml_rpt TEXT,
    send_at TEXT,
    send_attempts INTEGER NOT NULL,
    scade_at TEXT,
    id_messaggio_ricevuta TEXT,
    esito TEXT,
    importo_pagato INTEGER,
    denominazione_attestante TEXT,
    data_pagamento TEXT,
    xml_rt TEXT,
    rt_at TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    UNIQUE (id_dominio, iuv, ccp),
    CHECK (versione IN ('V1', 'V2')),
    CHECK ((xml_rt IS NULL) = (rt_at IS NULL)),
    FOREIGN KEY (pendenza) REFERENCES pendenze (id),
    FOREIGN KEY (pagamento) REFERENCES pagamenti (id)
) STRICT;
CREATE INDEX rpt_by_pendenza ON rpt (pendenza);
CREATE INDEX rpt_by_pagamento ON rpt (pagamento);
CREATE INDEX rpt_to_send ON rpt (send_at) WHERE send_at IS NOT NULL;
CREATE INDEX rpt_to_expire ON rpt (scade_at) WHERE scade_at IS NOT NULL;

-- Money collected, one row per paid item.
CREATE TABLE riscossioni (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    rpt INTEGER NOT NULL,
    pendenza INTEGER NOT NULL,
    voce INTEGER,
    id_dominio TEXT NOT NULL,
    iuv TEXT NOT NULL,
    iur TEXT NOT NULL,
    indice INTEGER NOT NULL,
    importo INTEGER NOT NULL,
    commissioni INTEGER,
    data_pagamento TEXT NOT NULL,
    stato TEXT NOT NULL,
    created_at TEXT NOT NULL,
    UNIQUE (id_dominio, iuv, iur, indice),
    FOREIGN KEY (rpt) REFERENCES rpt (id),
    FOREIGN KEY (pendenza) REFERENCES pendenze (id)
) STRICT;
CREATE INDEX riscossioni_by_pendenza ON riscossioni (pendenza);

-- Receipts that match no debt: money that arrived all the same, kept and shown.
CREATE TABLE rt_orfane (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    id_dominio TEXT NOT NULL,
    iuv TEXT NOT NULL,
    ccp TEXT NOT NULL,
    motivo TEXT NOT NULL,
    importo_pagato INTEGER NOT NULL,
    xml TEXT NOT NULL,
    received_at TEXT NOT NULL,
    UNIQUE (id_dominio, iuv, ccp)
) STRICT;

-- Giornale degli eventi: every exchange with the outside. `richiesta` and `risposta` are JSON.
CREATE TABLE eventi (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    componente TEXT NOT NULL,
    categoria TEXT NOT NULL,
    ruolo TEXT,
    tipo TEXT NOT NULL,
    sottotipo TEXT,
    data TEXT NOT NULL,
    durata_ms INTEGER NOT NULL,
    esito TEXT NOT NULL,
    sottotipo_esito TEXT,
    dettaglio_esito TEXT,
    id_dominio TEXT,
    iuv TEXT,
    ccp TEXT,
    id_a2a TEXT,
    id_pendenza TEXT,
    id_pagamento TEXT,
    id_psp TEXT,
    id_canale TEXT,
    id_stazione TEXT,
    severita INTEGER NOT NULL,
    trace_id TEXT,
    richiesta TEXT,
    risposta TEXT
) STRICT;
CREATE INDEX eventi_by_iuv ON eventi (id_dominio, iuv, id);
CREATE INDEX eventi_by_pendenza ON eventi (id_a2a, id_pendenza, id);
CREATE INDEX eventi_by_pagamento ON eventi (id_pagamento, id);
