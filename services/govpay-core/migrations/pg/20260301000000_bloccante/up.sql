-- Whether an open attempt keeps others out; a person may clear it.
ALTER TABLE rpt ADD COLUMN bloccante BOOLEAN NOT NULL DEFAULT TRUE;

-- Whether a person has looked into what went wrong with a session.
ALTER TABLE pagamenti ADD COLUMN verificato BOOLEAN NOT NULL DEFAULT FALSE;

-- What kind of money was collected, decided when it is taken in.
ALTER TABLE riscossioni ADD COLUMN tipo TEXT NOT NULL DEFAULT 'ENTRATA'
    CHECK (tipo IN ('ENTRATA', 'MBT', 'ALTRO_INTERMEDIARIO', 'ENTRATA_PA_NON_INTERMEDIATA'));
UPDATE riscossioni SET tipo = 'MBT'
    WHERE voce IN (SELECT id FROM voci WHERE tipo_bollo IS NOT NULL);
UPDATE riscossioni SET tipo = 'ENTRATA_PA_NON_INTERMEDIATA'
    WHERE voce IN (
        SELECT id FROM voci
        WHERE tipo_bollo IS NULL AND id_dominio NOT IN (SELECT id_dominio FROM domini)
    );

-- Lists of collected amounts and of receipts, by period, of some bodies or of all.
CREATE INDEX riscossioni_by_data ON riscossioni (data_pagamento, id);
CREATE INDEX riscossioni_by_dominio ON riscossioni (id_dominio, data_pagamento, id);
CREATE INDEX riscossioni_by_iur ON riscossioni (iur);
CREATE INDEX riscossioni_by_rpt ON riscossioni (rpt);
CREATE INDEX rpt_by_rt ON rpt (rt_at, id) WHERE rt_at IS NOT NULL;
CREATE INDEX rpt_by_dominio_rt ON rpt (id_dominio, rt_at, id) WHERE rt_at IS NOT NULL;
