-- A file is worked on in blocks of rows: what a row became is kept with its block. Where chunks and
-- blocks begin is known, so that any row is read without the file before it.
ALTER TABLE contenuti ADD COLUMN operatore TEXT;       -- principal who may still save or preview it
ALTER TABLE tracciato_chunks ADD COLUMN inizio BIGINT NOT NULL DEFAULT 0; -- bytes before this chunk
UPDATE tracciato_chunks SET inizio = prima.bytes FROM (
  SELECT contenuto_id, numero, sum(octet_length(contenuto)) OVER (PARTITION BY contenuto_id ORDER BY numero) - octet_length(contenuto) AS bytes
  FROM tracciato_chunks
) AS prima WHERE prima.contenuto_id = tracciato_chunks.contenuto_id AND prima.numero = tracciato_chunks.numero;
-- Compressing costs more than it saves.
ALTER TABLE tracciato_chunks ALTER COLUMN contenuto SET STORAGE EXTERNAL;

ALTER TABLE tracciati ADD COLUMN lettura TEXT NOT NULL DEFAULT '{}';  -- how the file is read, JSON
ALTER TABLE tracciati ADD COLUMN politica TEXT NOT NULL DEFAULT 'TUTTO_O_NIENTE'; -- or RIGA_PER_RIGA
ALTER TABLE tracciati ADD COLUMN prova BOOLEAN NOT NULL DEFAULT FALSE; -- validated, never loaded
ALTER TABLE tracciati ADD COLUMN origine TEXT NOT NULL DEFAULT 'LOADER'; -- or BACKOFFICE
ALTER TABLE tracciati ADD COLUMN stampa_avvisi BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE tracciati ADD COLUMN id_dominio TEXT;      -- of the request, through the Backoffice API

CREATE TABLE blocchi (
  tracciato_id BIGINT NOT NULL REFERENCES tracciati (id) ON DELETE CASCADE,
  numero BIGINT NOT NULL,            -- from 0
  prima BIGINT NOT NULL,             -- number of its first row, from 1
  righe BIGINT NOT NULL,
  inizio BIGINT NOT NULL,            -- bytes of the file before its first row
  linea BIGINT NOT NULL,             -- line of its first row, as an editor shows it
  ok BIGINT NOT NULL,                -- rows loaded
  ko BIGINT NOT NULL,                -- rows not valid or refused
  esiti TEXT,                        -- JSON array, one per row, null where there is none yet
  PRIMARY KEY (tracciato_id, numero),
  CHECK (ok + ko <= righe)
);
ALTER TABLE blocchi ALTER COLUMN esiti SET STORAGE EXTERNAL;
CREATE INDEX blocchi_da_caricare ON blocchi (tracciato_id, numero) WHERE ok + ko < righe;

-- Rows of earlier versions: what was still on its way begins again, what had ended keeps its counts.
DELETE FROM segnalazioni USING tracciati t WHERE t.id = tracciato_id AND t.stato IN ('IN_VALIDAZIONE', 'VALIDAZIONE_OK', 'IN_CARICAMENTO');
UPDATE tracciati SET stato = 'NUOVO', worker = NULL, lease_until = NULL WHERE stato IN ('IN_VALIDAZIONE', 'VALIDAZIONE_OK', 'IN_CARICAMENTO');
DROP TABLE righe;
DROP INDEX segnalazioni_tracciato;
CREATE INDEX segnalazioni_tracciato ON segnalazioni (tracciato_id, gravita, riga, id);

-- The own columns of a body, one mapping per tipo pendenza.
CREATE TABLE mappe (
  id_dominio TEXT NOT NULL,
  id_tipo_pendenza TEXT NOT NULL,
  contenuto TEXT NOT NULL,           -- JSON
  operatore TEXT NOT NULL,
  aggiornata_at TIMESTAMP NOT NULL,
  PRIMARY KEY (id_dominio, id_tipo_pendenza)
);
