DROP INDEX rpt_by_dominio_rt;
DROP INDEX rpt_by_rt;
DROP INDEX riscossioni_by_rpt;
DROP INDEX riscossioni_by_iur;
DROP INDEX riscossioni_by_dominio;
DROP INDEX riscossioni_by_data;
ALTER TABLE riscossioni DROP COLUMN tipo;
ALTER TABLE pagamenti DROP COLUMN verificato;
ALTER TABLE rpt DROP COLUMN bloccante;
