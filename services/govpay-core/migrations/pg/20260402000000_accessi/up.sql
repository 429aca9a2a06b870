-- Browsers with somebody logged in.
CREATE TABLE accessi (
    id TEXT PRIMARY KEY, -- hash of the session's id
    principal TEXT NOT NULL,
    creato_at TIMESTAMP NOT NULL, -- real time
    visto_at TIMESTAMP NOT NULL -- real time
);
CREATE INDEX accessi_by_principal ON accessi (principal);

-- Codice fiscale of the citizen who opened a session of payment by an authentication of its own.
ALTER TABLE pagamenti ADD COLUMN cittadino TEXT;
CREATE INDEX pagamenti_by_cittadino ON pagamenti (cittadino, created_at) WHERE cittadino IS NOT NULL;
