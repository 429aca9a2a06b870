-- The anagrafica as the Backoffice writes it. `dettaglio` holds the fields that no query needs, as the
-- JSON of the contract.
ALTER TABLE intermediari ADD COLUMN dettaglio TEXT NOT NULL DEFAULT '{}';
-- The way that SQLite's documents give to lift a NOT NULL without writing the table again, which others
-- refer to.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, 'id_stazione TEXT NOT NULL', 'id_stazione TEXT')
WHERE type = 'table' AND name = 'domini';
PRAGMA writable_schema = RESET;
ALTER TABLE domini ADD COLUMN logo TEXT;
ALTER TABLE domini ADD COLUMN dettaglio TEXT NOT NULL DEFAULT '{}';
ALTER TABLE conti ADD COLUMN dettaglio TEXT NOT NULL DEFAULT '{}';
CREATE TABLE unita_operative (
    id_dominio TEXT NOT NULL,
    id_unita TEXT NOT NULL,
    ragione_sociale TEXT NOT NULL,
    abilitato BOOLEAN NOT NULL,
    dettaglio TEXT NOT NULL,
    PRIMARY KEY (id_dominio, id_unita),
    FOREIGN KEY (id_dominio) REFERENCES domini (id_dominio)
);

-- Entrate of all bodies; what a body changes, or null.
CREATE TABLE tipi_entrata (
    id_entrata TEXT NOT NULL PRIMARY KEY,
    descrizione TEXT NOT NULL,
    tipo_contabilita TEXT NOT NULL,
    codice_contabilita TEXT NOT NULL
);
INSERT INTO tipi_entrata
SELECT id_entrata, min(descrizione), min(tipo_contabilita), min(codice_contabilita)
FROM entrate GROUP BY id_entrata;
ALTER TABLE entrate RENAME TO entrate_prima;
CREATE TABLE entrate (
    id_dominio TEXT NOT NULL,
    id_entrata TEXT NOT NULL,
    tipo_contabilita TEXT,
    codice_contabilita TEXT,
    iban_accredito TEXT NOT NULL,
    iban_appoggio TEXT,
    abilitato BOOLEAN NOT NULL,
    PRIMARY KEY (id_dominio, id_entrata),
    FOREIGN KEY (id_dominio) REFERENCES domini (id_dominio),
    FOREIGN KEY (id_entrata) REFERENCES tipi_entrata (id_entrata)
);
INSERT INTO entrate
SELECT id_dominio, id_entrata, tipo_contabilita, codice_contabilita, iban_accredito, iban_appoggio, abilitato
FROM entrate_prima;
DROP TABLE entrate_prima;

-- Kinds of debt of all bodies; what a body changes.
ALTER TABLE tipi_pendenza RENAME TO tipi_pendenza_prima;
CREATE TABLE tipi_pendenza (
    id_tipo_pendenza TEXT NOT NULL PRIMARY KEY,
    descrizione TEXT NOT NULL,
    abilitato BOOLEAN NOT NULL,
    dettaglio TEXT NOT NULL
);
INSERT INTO tipi_pendenza
SELECT id_tipo_pendenza, min(descrizione), TRUE, '{}' FROM tipi_pendenza_prima GROUP BY id_tipo_pendenza;
CREATE TABLE tipi_pendenza_dominio (
    id_dominio TEXT NOT NULL,
    id_tipo_pendenza TEXT NOT NULL,
    abilitato BOOLEAN NOT NULL,
    dettaglio TEXT NOT NULL,
    PRIMARY KEY (id_dominio, id_tipo_pendenza),
    FOREIGN KEY (id_dominio) REFERENCES domini (id_dominio),
    FOREIGN KEY (id_tipo_pendenza) REFERENCES tipi_pendenza (id_tipo_pendenza)
);
INSERT INTO tipi_pendenza_dominio
SELECT id_dominio, id_tipo_pendenza, abilitato, '{}' FROM tipi_pendenza_prima;
DROP TABLE tipi_pendenza_prima;

-- Rights under a name, and those of callers: JSON arrays of the contract. `tipi_pendenza` is an array of
-- names, or ["*"].
CREATE TABLE ruoli (
    id_ruolo TEXT NOT NULL PRIMARY KEY,
    acl TEXT NOT NULL
);
INSERT INTO ruoli VALUES
('Amministratore', '[{"servizio":"Anagrafica PagoPA","autorizzazioni":["R","W"]},{"servizio":"Anagrafica Creditore","autorizzazioni":["R","W"]},{"servizio":"Anagrafica Applicazioni","autorizzazioni":["R","W"]},{"servizio":"Anagrafica Ruoli","autorizzazioni":["R","W"]},{"servizio":"Pagamenti","autorizzazioni":["R","W"]},{"servizio":"Pendenze","autorizzazioni":["R","W"]},{"servizio":"Rendicontazioni e Incassi","autorizzazioni":["R","W"]},{"servizio":"Giornale degli Eventi","autorizzazioni":["R","W"]},{"servizio":"Configurazione e manutenzione","autorizzazioni":["R","W"]}]'),
('Ufficio', '[{"servizio":"Anagrafica Creditore","autorizzazioni":["R"]},{"servizio":"Anagrafica Applicazioni","autorizzazioni":["R"]},{"servizio":"Pagamenti","autorizzazioni":["R","W"]},{"servizio":"Pendenze","autorizzazioni":["R","W"]},{"servizio":"Rendicontazioni e Incassi","autorizzazioni":["R","W"]},{"servizio":"Giornale degli Eventi","autorizzazioni":["R"]}]');
ALTER TABLE applicazioni ADD COLUMN tipi_pendenza TEXT NOT NULL DEFAULT '["*"]';
ALTER TABLE applicazioni ADD COLUMN acl TEXT NOT NULL DEFAULT '[]';
ALTER TABLE applicazioni ADD COLUMN ruoli TEXT NOT NULL DEFAULT '[]';
ALTER TABLE applicazioni ADD COLUMN dettaglio TEXT NOT NULL DEFAULT '{}';
ALTER TABLE operatori ADD COLUMN tipi_pendenza TEXT NOT NULL DEFAULT '["*"]';
ALTER TABLE operatori ADD COLUMN acl TEXT NOT NULL DEFAULT '[]';
ALTER TABLE operatori ADD COLUMN ruoli TEXT NOT NULL DEFAULT '["Ufficio"]';
UPDATE operatori SET ruoli = '["Amministratore"]' WHERE amministratore;
ALTER TABLE operatori DROP COLUMN amministratore;
