-- Events of this service, in the transaction of the state they tell. Also its journal: rows stay.
CREATE TABLE outbox (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id TEXT NOT NULL UNIQUE,
    routing_key TEXT NOT NULL,
    payload TEXT NOT NULL,
    occurred_at TIMESTAMP NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    leased_until TIMESTAMP,
    published_at TIMESTAMP
);
CREATE INDEX outbox_waiting ON outbox (id) WHERE published_at IS NULL;

-- Events already applied: the second delivery of one does nothing.
CREATE TABLE inbox (
    event_id TEXT NOT NULL PRIMARY KEY,
    processed_at TIMESTAMP NOT NULL
);

-- Events that this service could not apply, with the reason; kept until somebody looks.
CREATE TABLE dead_letters (
    event_id TEXT NOT NULL PRIMARY KEY,
    envelope TEXT NOT NULL,
    reason TEXT NOT NULL,
    dead_at TIMESTAMP NOT NULL
);

-- How far the world's clock is ahead of real time; one row.
CREATE TABLE orologio (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    offset_secs BIGINT NOT NULL
);
INSERT INTO orologio (id, offset_secs) VALUES (1, 0);

-- Keys that the service made for itself, shared by its replicas.
CREATE TABLE secrets (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);
