-- Bytes of uploaded files, written while they arrive. One without a tracciato is an upload that broke off.
CREATE TABLE contenuti (
  id TEXT PRIMARY KEY,              -- uuid v7
  creato_at TEXT NOT NULL           -- real time, for the cleaning
) STRICT;
CREATE TABLE tracciato_chunks (
  contenuto_id TEXT NOT NULL REFERENCES contenuti (id) ON DELETE CASCADE,
  numero INTEGER NOT NULL,            -- from 0
  contenuto BLOB NOT NULL,
  PRIMARY KEY (contenuto_id, numero)
) STRICT;

-- One row per uploaded file. Times are UTC, of the world's clock but for the lease.
CREATE TABLE tracciati (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  contenuto_id TEXT NOT NULL REFERENCES contenuti (id),
  nome_file TEXT NOT NULL,          -- as the browser gave it: never a path of ours
  operatore TEXT NOT NULL,          -- principal
  dimensione INTEGER NOT NULL,        -- bytes
  sha256 TEXT NOT NULL,
  codifica TEXT NOT NULL,           -- UTF-8, windows-1252
  separatore TEXT NOT NULL,         -- one character
  formato TEXT,                     -- layout it was read with; known after the validation
  colonne INTEGER NOT NULL,           -- fields of the longest row
  stato TEXT NOT NULL,
  righe INTEGER NOT NULL,
  righe_valide INTEGER NOT NULL,
  righe_caricate INTEGER NOT NULL,
  righe_in_errore INTEGER NOT NULL,
  avvisi INTEGER NOT NULL,
  importo_totale INTEGER NOT NULL,    -- cents
  motivo TEXT,                      -- why it is Validazione KO or Caricamento KO
  nota TEXT,                        -- what it is waiting for
  chiave TEXT,                      -- idempotency key of the upload
  caricato_at TEXT NOT NULL,
  validazione_at TEXT,
  validato_at TEXT,
  caricamento_at TEXT,
  concluso_at TEXT,
  worker TEXT,                      -- process at work on it
  lease_until TEXT,                 -- real time; before it nobody else takes it
  versione INTEGER NOT NULL           -- grows with each change
) STRICT;
CREATE UNIQUE INDEX tracciati_chiave ON tracciati (operatore, chiave);
CREATE INDEX tracciati_stato ON tracciati (stato, id);
CREATE INDEX tracciati_sha256 ON tracciati (sha256);

-- The bodies that a tracciato has rows of: who sees it depends on them.
CREATE TABLE tracciato_domini (
  tracciato_id INTEGER NOT NULL REFERENCES tracciati (id) ON DELETE CASCADE,
  id_dominio TEXT NOT NULL,
  PRIMARY KEY (tracciato_id, id_dominio)
) STRICT;

-- One row per row of the file, without the data of the debtor: those are in the file.
CREATE TABLE righe (
  tracciato_id INTEGER NOT NULL REFERENCES tracciati (id) ON DELETE CASCADE,
  numero INTEGER NOT NULL,            -- from 1, blank lines do not count
  riga INTEGER NOT NULL,              -- line of the file, as an editor shows it
  operazione TEXT NOT NULL,         -- ADD, DEL, N_V (cannot be read)
  id_a2a TEXT NOT NULL,
  id_pendenza TEXT NOT NULL,
  id_dominio TEXT NOT NULL,
  importo INTEGER,                    -- cents
  esito TEXT,                       -- ADD_OK, ADD_KO, DEL_OK, DEL_KO; NULL: not loaded yet
  errore TEXT,
  iuv TEXT,
  numero_avviso TEXT,
  qrcode TEXT,
  barcode TEXT,
  PRIMARY KEY (tracciato_id, numero)
) STRICT;
CREATE INDEX righe_da_caricare ON righe (tracciato_id, numero) WHERE esito IS NULL;

-- What the validation found. Values of personal columns are masked.
CREATE TABLE segnalazioni (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  tracciato_id INTEGER NOT NULL REFERENCES tracciati (id) ON DELETE CASCADE,
  riga INTEGER NOT NULL,
  colonna TEXT NOT NULL,
  valore TEXT NOT NULL,
  gravita TEXT NOT NULL,            -- ERRORE, AVVISO
  problema TEXT NOT NULL,
  suggerimento TEXT NOT NULL
) STRICT;
CREATE INDEX segnalazioni_tracciato ON segnalazioni (tracciato_id, gravita, id);

-- Browsers with an operator logged in.
CREATE TABLE accessi (
  id TEXT PRIMARY KEY,              -- hash of the session's id
  principal TEXT NOT NULL,
  creato_at TEXT NOT NULL,          -- real time
  visto_at TEXT NOT NULL            -- real time
) STRICT;
