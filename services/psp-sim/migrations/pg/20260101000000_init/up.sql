-- Payments as the PSP's pages see them: one session holds one or more RPTs, or one token.
CREATE TABLE sessioni (
    id TEXT NOT NULL PRIMARY KEY,
    tipo INTEGER NOT NULL,
    versione TEXT NOT NULL,
    stato TEXT NOT NULL,
    chiave TEXT UNIQUE,
    carrello TEXT,
    id_stazione TEXT NOT NULL,
    id_dominio TEXT NOT NULL,
    ente TEXT NOT NULL,
    iuv TEXT NOT NULL,
    ccp TEXT NOT NULL,
    numero_avviso TEXT,
    id_canale TEXT NOT NULL,
    importo BIGINT NOT NULL,
    importo_verificato BIGINT,
    commissione BIGINT NOT NULL,
    esito TEXT,
    creata_at TIMESTAMP NOT NULL,
    scade_at TIMESTAMP NOT NULL,
    conclusa_at TIMESTAMP,
    UNIQUE (id_dominio, iuv, ccp),
    UNIQUE (id_stazione, carrello)
);
CREATE INDEX sessioni_scadenze ON sessioni (scade_at) WHERE conclusa_at IS NULL;
CREATE INDEX sessioni_recenti ON sessioni (creata_at);

-- RPTs that the Node accepted.
CREATE TABLE rpt_nodo (
    id TEXT NOT NULL PRIMARY KEY,
    sessione TEXT NOT NULL REFERENCES sessioni (id),
    posizione INTEGER NOT NULL,
    id_dominio TEXT NOT NULL,
    iuv TEXT NOT NULL,
    ccp TEXT NOT NULL,
    id_stazione TEXT NOT NULL,
    importo BIGINT NOT NULL,
    documento BYTEA NOT NULL,
    stato TEXT NOT NULL,
    creata_at TIMESTAMP NOT NULL,
    UNIQUE (id_dominio, iuv, ccp)
);
CREATE INDEX rpt_nodo_sessione ON rpt_nodo (sessione);
CREATE INDEX rpt_nodo_pendenti ON rpt_nodo (id_dominio, creata_at);

CREATE TABLE storico_rpt (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    rpt TEXT NOT NULL REFERENCES rpt_nodo (id),
    stato TEXT NOT NULL,
    descrizione TEXT NOT NULL,
    at TIMESTAMP NOT NULL
);
CREATE INDEX storico_rpt_rpt ON storico_rpt (rpt);

-- Payment tokens of the modello unico: one payer at a time for each avviso.
CREATE TABLE token (
    id TEXT NOT NULL PRIMARY KEY,
    sessione TEXT NOT NULL REFERENCES sessioni (id) ON DELETE CASCADE,
    id_dominio TEXT NOT NULL,
    numero_avviso TEXT NOT NULL,
    stato TEXT NOT NULL,
    risposta TEXT,
    creato_at TIMESTAMP NOT NULL,
    scade_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX token_vivo ON token (id_dominio, numero_avviso) WHERE stato IN ('RICHIESTO', 'ATTIVO');
CREATE INDEX token_avviso ON token (id_dominio, numero_avviso);
CREATE INDEX token_sessione ON token (sessione);
CREATE INDEX token_scadenze ON token (stato, scade_at);

-- Receipts decided and to be delivered: one for each RPT (its id) or token.
CREATE TABLE rt_da_inviare (
    id TEXT NOT NULL PRIMARY KEY,
    sessione TEXT NOT NULL REFERENCES sessioni (id),
    versione TEXT NOT NULL,
    esito TEXT NOT NULL,
    importi TEXT NOT NULL,
    motivo TEXT NOT NULL,
    con_commissione BOOLEAN NOT NULL,
    deciso_at TIMESTAMP NOT NULL,
    due_at TIMESTAMP NOT NULL,
    next_at TIMESTAMP NOT NULL,
    attempts INTEGER NOT NULL,
    rifiuti INTEGER NOT NULL,
    leased_until TIMESTAMP,
    documento BYTEA,
    ultimo_errore TEXT,
    delivered_at TIMESTAMP,
    fermata_at TIMESTAMP
);
CREATE INDEX rt_da_inviare_sessione ON rt_da_inviare (sessione);
CREATE INDEX rt_da_inviare_attese ON rt_da_inviare (next_at) WHERE delivered_at IS NULL AND fermata_at IS NULL;
