-- What the console saw, and can see again by asking the core. Times are UTC; `*_ordine` orders the
-- news of one row: milliseconds, then id of the event; '' before the first.

-- One row per attempt to pay.
CREATE TABLE pagamenti_visti (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  id_dominio TEXT NOT NULL,
  iuv TEXT NOT NULL,
  ccp TEXT NOT NULL,
  id_a2a TEXT NOT NULL,
  id_pendenza TEXT NOT NULL,
  numero_avviso TEXT,
  importo INTEGER NOT NULL,          -- cents
  importo_pagato INTEGER,
  tipo INTEGER,                    -- 1, 2, 3; NULL until an event says it
  stato TEXT,                      -- of the session, or of the lone attempt
  stato_rpt TEXT,
  esito TEXT,                      -- of the RT
  anomala INTEGER NOT NULL,
  id_psp TEXT,
  id_pagamento TEXT,
  id_sessione TEXT,
  in_attesa INTEGER NOT NULL,     -- a receipt is awaited
  gruppo TEXT NOT NULL,            -- what the filters and the tiles count
  primo_at TEXT NOT NULL,
  ultimo_at TEXT NOT NULL,
  stato_ordine TEXT NOT NULL,
  rt_ordine TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX pagamenti_visti_key ON pagamenti_visti (id_dominio, iuv, ccp);
CREATE INDEX pagamenti_visti_order ON pagamenti_visti (in_attesa, primo_at, id);
CREATE INDEX pagamenti_visti_gruppo ON pagamenti_visti (gruppo, ultimo_at);
CREATE INDEX pagamenti_visti_anomala ON pagamenti_visti (anomala);
CREATE INDEX pagamenti_visti_pendenza ON pagamenti_visti (id_pendenza, id_a2a);
CREATE INDEX pagamenti_visti_iuv ON pagamenti_visti (iuv);
CREATE INDEX pagamenti_visti_ccp ON pagamenti_visti (ccp);
CREATE INDEX pagamenti_visti_avviso ON pagamenti_visti (numero_avviso);
CREATE INDEX pagamenti_visti_pagamento ON pagamenti_visti (id_pagamento);
CREATE INDEX pagamenti_visti_sessione ON pagamenti_visti (id_sessione);

CREATE TABLE pendenze_viste (
  id_a2a TEXT NOT NULL,
  id_pendenza TEXT NOT NULL,
  id_dominio TEXT NOT NULL,
  numero_avviso TEXT,
  iuv TEXT,
  importo INTEGER NOT NULL,
  stato TEXT NOT NULL,
  prima_at TEXT NOT NULL,
  ultima_at TEXT NOT NULL,
  ordine TEXT NOT NULL,
  PRIMARY KEY (id_a2a, id_pendenza)
) STRICT;
CREATE INDEX pendenze_viste_pendenza ON pendenze_viste (id_pendenza);
CREATE INDEX pendenze_viste_avviso ON pendenze_viste (numero_avviso);
CREATE INDEX pendenze_viste_iuv ON pendenze_viste (iuv);
CREATE INDEX pendenze_viste_ultima ON pendenze_viste (ultima_at);

CREATE TABLE tracciati_visti (
  id_tracciato TEXT NOT NULL PRIMARY KEY,
  nome_file TEXT NOT NULL,
  stato TEXT NOT NULL,
  righe INTEGER NOT NULL,
  righe_valide INTEGER NOT NULL,
  righe_caricate INTEGER NOT NULL,
  righe_in_errore INTEGER NOT NULL,
  primo_at TEXT NOT NULL,
  ultimo_at TEXT NOT NULL,
  ordine TEXT NOT NULL
) STRICT;
CREATE INDEX tracciati_visti_stato ON tracciati_visti (stato, ultimo_at);

-- The last envelopes that came by the bus; the oldest go.
CREATE TABLE eventi_bus (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  event_id TEXT NOT NULL,
  chiave TEXT NOT NULL,
  source TEXT NOT NULL,
  occurred_at TEXT NOT NULL,
  ricevuto_at TEXT NOT NULL,
  id_dominio TEXT,
  id_a2a TEXT,
  id_pendenza TEXT,
  iuv TEXT,
  ccp TEXT,
  trace_id TEXT,
  dati TEXT NOT NULL               -- `data` of the envelope, JSON
) STRICT;
CREATE INDEX eventi_bus_pendenza ON eventi_bus (id_pendenza, id_a2a);
CREATE INDEX eventi_bus_trace ON eventi_bus (trace_id);

-- Who is logged in, by the session of the browser. Real time, not the world's.
CREATE TABLE accessi (
  id TEXT NOT NULL PRIMARY KEY,
  principal TEXT NOT NULL,
  entrato_at TEXT NOT NULL
) STRICT;
CREATE INDEX accessi_entrato ON accessi (entrato_at);
