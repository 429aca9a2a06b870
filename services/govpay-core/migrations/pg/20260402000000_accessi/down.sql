DROP INDEX pagamenti_by_cittadino;
ALTER TABLE pagamenti DROP COLUMN cittadino;
DROP TABLE accessi;
