DROP INDEX pendenze_by_data;
DROP INDEX pendenze_by_a2a;
DROP INDEX pendenze_by_dominio;
DROP INDEX pendenze_by_debitore;
DROP INDEX pendenze_by_tipo;
DROP INDEX pendenze_by_stato;
DROP INDEX pendenze_by_scadenza;
DROP INDEX pendenze_anomale;
DROP INDEX pendenze_spontanee;
DROP INDEX pendenze_by_unita;
DROP INDEX pendenze_by_direzione;
DROP INDEX pendenze_by_divisione;
DROP INDEX pagamenti_by_data;
DROP INDEX pagamenti_by_a2a;
DROP INDEX pagamenti_by_stato;
DROP INDEX pagamenti_by_sessione_psp;
DROP INDEX pagamenti_verificati;
DROP INDEX rpt_by_data;
DROP INDEX rpt_by_dominio;
DROP INDEX rpt_by_iuv;
DROP INDEX rpt_by_ccp;
DROP INDEX rpt_by_esito;
DROP INDEX rpt_in_corso;
DROP INDEX rpt_rifiutate;
DROP INDEX riscossioni_by_iuv;
DROP INDEX riscossioni_by_stato;
DROP INDEX riscossioni_by_tipo;
DROP INDEX eventi_by_data;
DROP INDEX eventi_by_dominio;
DROP INDEX eventi_by_iuv;
DROP INDEX eventi_by_ccp;
DROP INDEX eventi_by_a2a;
DROP INDEX eventi_by_pendenza;
DROP INDEX eventi_by_pagamento;
DROP INDEX eventi_by_tipo;
DROP INDEX eventi_by_esito;
DROP INDEX eventi_by_componente;
DROP INDEX eventi_by_categoria;
DROP INDEX eventi_by_ruolo;
DROP INDEX eventi_by_severita;
CREATE INDEX pendenze_by_debitore ON pendenze (soggetto_identificativo);
CREATE INDEX pendenze_by_dominio ON pendenze (id_dominio, id);
CREATE INDEX pendenze_by_stato ON pendenze (stato, id);
CREATE INDEX pagamenti_by_stato ON pagamenti (stato, created_at);
CREATE INDEX eventi_by_iuv ON eventi (id_dominio, iuv, id);
CREATE INDEX eventi_by_pendenza ON eventi (id_a2a, id_pendenza, id);
CREATE INDEX eventi_by_pagamento ON eventi (id_pagamento, id);
ALTER TABLE pendenze
    ADD UNIQUE (id_a2a, id_pendenza),
    ADD UNIQUE (id_dominio, iuv),
    ADD UNIQUE (id_dominio, numero_avviso),
    DROP CONSTRAINT pendenze_id_pendenza_id_a2a_key,
    DROP CONSTRAINT pendenze_iuv_id_dominio_key,
    DROP CONSTRAINT pendenze_numero_avviso_id_dominio_key;
