//! Invented bodies and people, and the documents about them.

use chrono::{NaiveDate, NaiveDateTime};
use domain::{EsitoPagamento, Importo, TipoSoggetto};
use pagopa::documenti::{
    AllegatoRicevuta, DatiPagamento, DatiSingoloPagamento, DatiSingoloVersamento, DatiVersamento,
    Dominio, EnteBeneficiario, IstitutoAttestante, MarcaBolloDigitale, Rpt, Rt, Soggetto,
    TipoAllegato, TipoAttestante, VERSIONE,
};
use pagopa::{FaultBean, FaultPa, TipoVersamento};

pub const ENTE: &str = "12345678903";
pub const IBAN: &str = "IT60X0542811101000000123456";
pub const IUV: &str = "07122500000123406";
pub const AVVISO: &str = "307122500000123406";
pub const CCP: &str = "c110729d258c4ab1b765fe902aae41d6";

pub fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

pub fn euro(cents: i64) -> Importo {
    Importo::from_cents(cents).unwrap()
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub fn time(text: &str) -> NaiveDateTime {
    text.parse().unwrap()
}

pub fn fault() -> FaultBean {
    FaultBean {
        serial: Some(1),
        ..FaultBean::emesso_da_paa(&FaultBean::paa(
            FaultPa::PagamentoScaduto,
            ENTE,
            "Scaduto il 30/06/2026 <verificare> & riprovare",
        ))
    }
}

pub fn short_fault() -> FaultBean {
    FaultBean::paa(FaultPa::Semantica, ENTE, "")
}

pub fn soggetto() -> Soggetto {
    Soggetto::new(TipoSoggetto::F, "VRDGPP80A01H501U", "Giuseppe Verdi")
}

pub fn soggetto_full() -> Soggetto {
    Soggetto {
        indirizzo: Some("Ulica Štefana".into()),
        civico: Some("3/A".into()),
        cap: Some("00100".into()),
        localita: Some("Valtorbida".into()),
        provincia: Some("RM".into()),
        nazione: some("IT"),
        email: Some("giuseppe.verdi+tari@esempio.it".into()),
        ..Soggetto::new(TipoSoggetto::F, "CRNJZO90D05L424E", "Jože Černe")
    }
}

pub fn ente() -> EnteBeneficiario {
    EnteBeneficiario::new(ENTE, "Comune di Valtorbida")
}

pub fn ente_full() -> EnteBeneficiario {
    EnteBeneficiario {
        codice_unit_oper: some("TRIB"),
        denom_unit_oper: some("Ufficio tributi"),
        indirizzo: some("Piazza della Libertà"),
        civico: some("1"),
        cap: some("00100"),
        localita: some("Valtorbida"),
        provincia: some("RM"),
        nazione: some("IT"),
        ..ente()
    }
}

pub fn versamento(cents: i64, causale: &str) -> DatiSingoloVersamento {
    DatiSingoloVersamento {
        importo: euro(cents),
        commissione_carico_pa: None,
        iban_accredito: some(IBAN),
        bic_accredito: None,
        iban_appoggio: None,
        bic_appoggio: None,
        credenziali_pagatore: None,
        causale: causale.to_owned(),
        dati_specifici_riscossione: "9/0101100IM/".to_owned(),
        marca_da_bollo: None,
    }
}

/// One versamento, nothing optional.
pub fn rpt() -> Rpt {
    Rpt {
        versione_oggetto: VERSIONE.to_owned(),
        dominio: Dominio {
            identificativo_dominio: ENTE.to_owned(),
            identificativo_stazione_richiedente: None,
        },
        identificativo_messaggio_richiesta: "MSG0001".to_owned(),
        data_ora_messaggio_richiesta: time("2026-06-15T10:30:00"),
        autenticazione_soggetto: "N/A".to_owned(),
        soggetto_versante: None,
        soggetto_pagatore: soggetto(),
        ente_beneficiario: ente(),
        dati_versamento: DatiVersamento {
            data_esecuzione_pagamento: day("2026-06-15"),
            importo_totale_da_versare: euro(12_345),
            tipo_versamento: TipoVersamento::Bbt,
            identificativo_univoco_versamento: IUV.to_owned(),
            codice_contesto_pagamento: CCP.to_owned(),
            iban_addebito: None,
            bic_addebito: None,
            firma_ricevuta: "0".to_owned(),
            singoli: vec![versamento(
                12_345,
                "/RFB/07122500000123406/123.45/TXT/TARI 2026",
            )],
        },
    }
}

/// Three versamenti of 10.00, 19.99 and a revenue stamp of 16.00, everything optional present.
pub fn rpt_full() -> Rpt {
    let mut rpt = rpt();
    rpt.dominio.identificativo_stazione_richiedente = some("12345678903_01");
    rpt.soggetto_versante = Some(soggetto_full());
    rpt.soggetto_pagatore = soggetto_full();
    rpt.ente_beneficiario = ente_full();
    let dati = &mut rpt.dati_versamento;
    dati.tipo_versamento = TipoVersamento::Ad;
    dati.iban_addebito = some(IBAN);
    dati.bic_addebito = some("UNCRITMM");
    dati.importo_totale_da_versare = euro(4_599);
    dati.singoli = vec![
        DatiSingoloVersamento {
            commissione_carico_pa: Some(euro(50)),
            bic_accredito: some("BPPIITRRXXX"),
            iban_appoggio: some(IBAN),
            bic_appoggio: some("BPPIITRRXXX"),
            credenziali_pagatore: some("cred-1"),
            ..versamento(1_000, "L’acconto “estate” – rata 1…")
        },
        versamento(1_999, "Riga1\r\nRiga2  con due spazi & <segni>"),
        DatiSingoloVersamento {
            iban_accredito: None,
            marca_da_bollo: Some(MarcaBolloDigitale {
                tipo_bollo: "01".to_owned(),
                hash_documento: "wHpFSLCGZjIvNSXxqtGbxg7275t446DRTk5ZrsdUQ6E=".to_owned(),
                provincia_residenza: "RM".to_owned(),
            }),
            ..versamento(1_600, "Imposta di bollo")
        },
    ];
    rpt
}

/// The receipt of a request with this outcome: all paid, or nothing.
pub fn rt(rpt: &Rpt, esito: EsitoPagamento) -> Rt {
    let paid = esito == EsitoPagamento::Eseguito;
    let due = &rpt.dati_versamento;
    let singoli = due.singoli.iter().map(|voce| DatiSingoloPagamento {
        importo: if paid { voce.importo } else { Importo::ZERO },
        esito: some(if paid {
            "ESEGUITO"
        } else {
            "ANNULLATO DALL'UTENTE"
        }),
        data_esito: day("2026-06-15"),
        identificativo_univoco_riscossione: if paid { "IUR0001" } else { "n/a" }.to_owned(),
        causale: voce.causale.clone(),
        dati_specifici_riscossione: voce.dati_specifici_riscossione.clone(),
        commissioni_applicate_psp: None,
        commissioni_applicate_pa: None,
        allegato: None,
    });
    Rt {
        versione_oggetto: rpt.versione_oggetto.clone(),
        dominio: rpt.dominio.clone(),
        identificativo_messaggio_ricevuta: "RIC0001".to_owned(),
        data_ora_messaggio_ricevuta: time("2026-06-15T10:35:00"),
        riferimento_messaggio_richiesta: rpt.identificativo_messaggio_richiesta.clone(),
        riferimento_data_richiesta: rpt.data_ora_messaggio_richiesta.date(),
        istituto_attestante: IstitutoAttestante::new(
            TipoAttestante::B,
            "LNKBITRR",
            "Banca Link.it",
        ),
        ente_beneficiario: rpt.ente_beneficiario.clone(),
        soggetto_versante: rpt.soggetto_versante.clone(),
        soggetto_pagatore: rpt.soggetto_pagatore.clone(),
        dati_pagamento: DatiPagamento {
            esito,
            importo_totale_pagato: if paid {
                due.importo_totale_da_versare
            } else {
                Importo::ZERO
            },
            identificativo_univoco_versamento: due.identificativo_univoco_versamento.clone(),
            codice_contesto_pagamento: due.codice_contesto_pagamento.clone(),
            singoli: singoli.collect(),
        },
    }
}

pub fn rt_full() -> Rt {
    let mut rt = rt(&rpt_full(), EsitoPagamento::Eseguito);
    rt.istituto_attestante = IstitutoAttestante {
        codice_unit_oper: some("0001"),
        denom_unit_oper: some("Filiale"),
        indirizzo: some("Via Roma"),
        civico: some("10"),
        cap: some("00100"),
        localita: some("Roma"),
        provincia: some("RM"),
        nazione: some("IT"),
        ..IstitutoAttestante::new(TipoAttestante::G, "09876543217", "Banca Link.it")
    };
    let bollo = &mut rt.dati_pagamento.singoli[2];
    bollo.commissioni_applicate_psp = Some(euro(150));
    bollo.commissioni_applicate_pa = Some(euro(50));
    bollo.allegato = Some(AllegatoRicevuta {
        tipo: TipoAllegato::Bd,
        testo: b"<marcaDaBollo/>".to_vec(),
    });
    rt
}
