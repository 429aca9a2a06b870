DROP TABLE sessioni;
