DROP TABLE rt_da_inviare;
DROP TABLE token;
DROP TABLE storico_rpt;
DROP TABLE rpt_nodo;
DROP TABLE sessioni;
