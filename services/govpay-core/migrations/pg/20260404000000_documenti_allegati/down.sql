DROP TABLE allegati;
ALTER TABLE pendenze DROP COLUMN verificata;
DROP INDEX pendenze_by_documento;
ALTER TABLE pendenze DROP COLUMN id_documento;
