DROP TABLE prova;
