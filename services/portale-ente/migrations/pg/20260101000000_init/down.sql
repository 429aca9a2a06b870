DROP TABLE messaggi;
DROP TABLE sessioni;
