-- Settings of the whole archive, one section of the contract each, as its JSON.
CREATE TABLE configurazioni (
    sezione TEXT NOT NULL PRIMARY KEY,
    valore TEXT NOT NULL
);
