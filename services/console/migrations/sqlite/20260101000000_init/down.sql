DROP TABLE accessi;
DROP TABLE eventi_bus;
DROP TABLE tracciati_visti;
DROP TABLE pendenze_viste;
DROP TABLE pagamenti_visti;
