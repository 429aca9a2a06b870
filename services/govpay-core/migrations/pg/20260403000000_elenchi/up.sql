-- Each filter of a list has an index that ends in the order of the list: a page, and the count that stops
-- at maxRisultati, read as many rows as they tell, whatever the archive holds.

-- The keys begin with the part that is also asked for alone.
ALTER TABLE pendenze
    ADD UNIQUE (id_pendenza, id_a2a),
    ADD UNIQUE (iuv, id_dominio),
    ADD UNIQUE (numero_avviso, id_dominio),
    DROP CONSTRAINT pendenze_id_a2a_id_pendenza_key,
    DROP CONSTRAINT pendenze_id_dominio_iuv_key,
    DROP CONSTRAINT pendenze_id_dominio_numero_avviso_key;

DROP INDEX pendenze_by_debitore;
DROP INDEX pendenze_by_dominio;
DROP INDEX pendenze_by_stato;
CREATE INDEX pendenze_by_data ON pendenze (created_at, id);
CREATE INDEX pendenze_by_a2a ON pendenze (id_a2a, created_at, id);
CREATE INDEX pendenze_by_dominio ON pendenze (id_dominio, created_at, id);
CREATE INDEX pendenze_by_debitore ON pendenze (soggetto_identificativo, created_at, id);
CREATE INDEX pendenze_by_tipo ON pendenze (id_tipo_pendenza, created_at, id);
CREATE INDEX pendenze_by_stato ON pendenze (stato, created_at, id) WHERE NOT anomala;
CREATE INDEX pendenze_by_scadenza ON pendenze (data_scadenza, id) WHERE NOT anomala AND stato = 'NON_ESEGUITO';
CREATE INDEX pendenze_anomale ON pendenze (created_at, id) WHERE anomala;
CREATE INDEX pendenze_spontanee ON pendenze (created_at, id) WHERE tipo = 'spontaneo';
CREATE INDEX pendenze_by_unita ON pendenze (id_unita_operativa) WHERE id_unita_operativa IS NOT NULL;
CREATE INDEX pendenze_by_direzione ON pendenze (direzione, created_at, id) WHERE direzione IS NOT NULL;
CREATE INDEX pendenze_by_divisione ON pendenze (divisione, created_at, id) WHERE divisione IS NOT NULL;

DROP INDEX pagamenti_by_stato;
CREATE INDEX pagamenti_by_data ON pagamenti (created_at, id);
CREATE INDEX pagamenti_by_a2a ON pagamenti (id_a2a_portale, created_at, id);
CREATE INDEX pagamenti_by_stato ON pagamenti (stato, created_at, id);
CREATE INDEX pagamenti_by_sessione_psp ON pagamenti (id_sessione_psp);
CREATE INDEX pagamenti_verificati ON pagamenti (created_at, id) WHERE verificato;

CREATE INDEX rpt_by_data ON rpt (created_at, id);
CREATE INDEX rpt_by_dominio ON rpt (id_dominio, created_at, id);
CREATE INDEX rpt_by_iuv ON rpt (iuv);
CREATE INDEX rpt_by_ccp ON rpt (ccp);
CREATE INDEX rpt_by_esito ON rpt (esito, rt_at, id);
CREATE INDEX rpt_in_corso ON rpt (created_at, id) WHERE esito IS NULL;
CREATE INDEX rpt_rifiutate ON rpt (created_at, id) WHERE stato = 'RPT_RIFIUTATA_NODO';

CREATE INDEX riscossioni_by_iuv ON riscossioni (iuv);
CREATE INDEX riscossioni_by_stato ON riscossioni (stato, data_pagamento, id);
CREATE INDEX riscossioni_by_tipo ON riscossioni (tipo, data_pagamento, id);

DROP INDEX eventi_by_iuv;
DROP INDEX eventi_by_pendenza;
DROP INDEX eventi_by_pagamento;
CREATE INDEX eventi_by_data ON eventi (data, id);
CREATE INDEX eventi_by_dominio ON eventi (id_dominio, data, id);
CREATE INDEX eventi_by_iuv ON eventi (iuv, id_dominio, data, id) WHERE iuv IS NOT NULL;
CREATE INDEX eventi_by_ccp ON eventi (ccp) WHERE ccp IS NOT NULL;
CREATE INDEX eventi_by_a2a ON eventi (id_a2a, data, id);
CREATE INDEX eventi_by_pendenza ON eventi (id_pendenza, id_a2a, data, id) WHERE id_pendenza IS NOT NULL;
CREATE INDEX eventi_by_pagamento ON eventi (id_pagamento, data, id) WHERE id_pagamento IS NOT NULL;
CREATE INDEX eventi_by_tipo ON eventi (tipo, data, id);
CREATE INDEX eventi_by_esito ON eventi (esito, data, id);
CREATE INDEX eventi_by_componente ON eventi (componente, data, id);
CREATE INDEX eventi_by_categoria ON eventi (categoria, data, id);
CREATE INDEX eventi_by_ruolo ON eventi (ruolo, data, id);
CREATE INDEX eventi_by_severita ON eventi (severita, data, id);
