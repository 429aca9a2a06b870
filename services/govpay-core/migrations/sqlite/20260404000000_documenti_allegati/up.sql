-- The documento that a pendenza is a part of; its rata or soglia stays in `altro`.
ALTER TABLE pendenze ADD COLUMN id_documento TEXT;
UPDATE pendenze SET id_documento = altro ->> '$.documento.identificativo';
CREATE INDEX pendenze_by_documento ON pendenze (id_dominio, id_documento)
    WHERE id_documento IS NOT NULL;

-- Whether a person has looked into what is anomalous in a pendenza.
ALTER TABLE pendenze ADD COLUMN verificata INTEGER NOT NULL DEFAULT 0;

-- Files of pendenze.
CREATE TABLE allegati (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    pendenza INTEGER NOT NULL,
    nome TEXT NOT NULL,
    tipo TEXT NOT NULL,
    descrizione TEXT,
    contenuto BLOB NOT NULL,
    FOREIGN KEY (pendenza) REFERENCES pendenze (id)
) STRICT;
CREATE INDEX allegati_by_pendenza ON allegati (pendenza);
