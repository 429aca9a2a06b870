DROP TABLE accessi;
DROP TABLE segnalazioni;
DROP TABLE righe;
DROP TABLE tracciato_domini;
DROP TABLE tracciati;
DROP TABLE tracciato_chunks;
DROP TABLE contenuti;
