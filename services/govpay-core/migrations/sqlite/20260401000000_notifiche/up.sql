-- What the gestionale of a pendenza has to be told, written with the state that it tells. `evento` goes
-- with every sending, however often. `prossima_at` is the due time in the world's clock, null when there
-- is nothing to send; `presa_fino_a` is in real time: until then it is in somebody's hands.
CREATE TABLE notifiche (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    evento TEXT NOT NULL UNIQUE,
    tipo TEXT NOT NULL,
    stato TEXT NOT NULL,
    descrizione_stato TEXT,
    id_a2a TEXT NOT NULL,
    pendenza INTEGER NOT NULL,
    rpt INTEGER NOT NULL,
    id_dominio TEXT NOT NULL,
    iuv TEXT NOT NULL,
    ccp TEXT NOT NULL,
    codice TEXT,
    motivazione TEXT,
    tentativi INTEGER NOT NULL,
    prossima_at TEXT,
    presa_fino_a TEXT,
    scade_at TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CHECK (tipo IN ('ATTIVAZIONE', 'RICEVUTA', 'FALLIMENTO', 'ANNULLAMENTO')),
    CHECK (stato IN ('DA_SPEDIRE', 'SPEDITA', 'ANNULLATA', 'FALLITA')),
    CHECK ((stato = 'DA_SPEDIRE') = (prossima_at IS NOT NULL)),
    FOREIGN KEY (pendenza) REFERENCES pendenze (id),
    FOREIGN KEY (rpt) REFERENCES rpt (id)
) STRICT;
CREATE INDEX notifiche_da_spedire ON notifiche (id_a2a, prossima_at, id) WHERE prossima_at IS NOT NULL;
CREATE INDEX notifiche_in_ordine ON notifiche (pendenza, id) WHERE prossima_at IS NOT NULL;
CREATE INDEX notifiche_by_data ON notifiche (created_at, id);
CREATE INDEX notifiche_by_stato ON notifiche (stato, created_at, id);

-- How the connector of an applicazione fares. While `prova_at` is not null it fails: nobody calls before
-- that time, and then one notification is tried.
CREATE TABLE integrazioni (
    id_a2a TEXT PRIMARY KEY,
    guasti INTEGER NOT NULL,
    ultima INTEGER,
    prova_at TEXT
) STRICT;
