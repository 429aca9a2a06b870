DROP TABLE integrazioni;
DROP TABLE notifiche;
