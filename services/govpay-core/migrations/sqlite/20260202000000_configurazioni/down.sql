DROP TABLE configurazioni;
