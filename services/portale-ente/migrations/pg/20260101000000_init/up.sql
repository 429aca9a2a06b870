-- One row per way of a citizen through the payment of an avviso. Times are UTC.
CREATE TABLE sessioni (
  id TEXT PRIMARY KEY,              -- uuid v4: who knows it sees the payment
  browser TEXT NOT NULL,            -- id of the browser's session, for "I miei pagamenti"
  id_dominio TEXT NOT NULL,
  ente TEXT NOT NULL,
  numero_avviso TEXT NOT NULL,
  causale TEXT NOT NULL,
  importo BIGINT NOT NULL,         -- cents, as the citizen saw it last
  stato TEXT NOT NULL,
  key_pa TEXT NOT NULL,
  key_wisp TEXT,
  id_psp TEXT,
  psp TEXT,                         -- name shown to the citizen
  id_canale TEXT,
  commissione BIGINT,              -- cents; NULL when the PSP is not in the tenant
  email TEXT,
  id_pagamento TEXT,
  redirect TEXT,                    -- where the core sent the browser
  differito BOOLEAN NOT NULL,       -- the PSP collects later, without the browser
  iuv TEXT,
  ccp TEXT,
  esito TEXT,                       -- of the RT
  importo_pagato BIGINT,
  anomala BOOLEAN NOT NULL,
  motivo TEXT,                      -- code of why it ended without a receipt
  motivo_testo TEXT,                -- words of the core, if it gave any
  altrove_iuv TEXT,                 -- receipt of the same avviso paid in another way
  altrove_ccp TEXT,
  creata_at TIMESTAMP NOT NULL,
  scelta_at TIMESTAMP,
  confermata_at TIMESTAMP,
  inviata_at TIMESTAMP,
  ritorno_at TIMESTAMP,
  conclusa_at TIMESTAMP,
  chiesta_at TIMESTAMP,                  -- last question to the core about this payment
  versione BIGINT NOT NULL         -- grows with each change
);
CREATE UNIQUE INDEX sessioni_key_pa ON sessioni (key_pa);
CREATE INDEX sessioni_browser ON sessioni (browser, creata_at);
CREATE INDEX sessioni_avviso ON sessioni (id_dominio, numero_avviso);
CREATE INDEX sessioni_id_pagamento ON sessioni (id_pagamento);
CREATE INDEX sessioni_aperte ON sessioni (stato, creata_at);

-- The e-mails that would leave: the mailbox of the simulation.
CREATE TABLE messaggi (
  id TEXT PRIMARY KEY,
  sessione_id TEXT NOT NULL REFERENCES sessioni (id),
  destinatario TEXT NOT NULL,
  oggetto TEXT NOT NULL,
  testo TEXT NOT NULL,
  creato_at TIMESTAMP NOT NULL
);
CREATE INDEX messaggi_sessione ON messaggi (sessione_id);
