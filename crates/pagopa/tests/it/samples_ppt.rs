//! Every message of RPT and RT, once with nothing optional and once with everything.

use pagopa::documenti::Rpt;
use pagopa::ppt::*;
use pagopa::{Esito, Masked, TipoVersamento};

use crate::samples::*;
use crate::schemas::{Cases, Schema};

pub const ENTE_TO_NODE: &[fn(&mut Cases)] =
    &[invio, stato_rpt, copia_rt, lista_pendenti, scelta_wisp];
pub const NODE_TO_ENTE: &[fn(&mut Cases)] = &[verifica, attiva, invia_rt];

pub fn intestazione() -> IntestazionePpt {
    IntestazionePpt {
        identificativo_intermediario_pa: ENTE.to_owned(),
        identificativo_stazione_intermediario_pa: "12345678903_01".to_owned(),
        identificativo_dominio: ENTE.to_owned(),
        identificativo_univoco_versamento: IUV.to_owned(),
        codice_contesto_pagamento: CCP.to_owned(),
    }
}

pub fn intestazione_carrello() -> IntestazioneCarrelloPpt {
    IntestazioneCarrelloPpt {
        identificativo_intermediario_pa: ENTE.to_owned(),
        identificativo_stazione_intermediario_pa: "12345678903_01".to_owned(),
        identificativo_carrello: "202612345678903010000000000000000001"
            .chars()
            .take(35)
            .collect(),
    }
}

pub fn password() -> Masked {
    "segreta-01".into()
}

fn bytes(rpt: &Rpt) -> Vec<u8> {
    rpt.build().unwrap()
}

pub fn nodo_invia_rpt() -> NodoInviaRpt {
    NodoInviaRpt {
        password: password(),
        identificativo_psp: "AGID_01".to_owned(),
        identificativo_intermediario_psp: "97735020584".to_owned(),
        identificativo_canale: "97735020584_02".to_owned(),
        tipo_firma: None,
        rpt: bytes(&rpt()),
    }
}

fn carrello() -> NodoInviaCarrelloRpt {
    let elemento = ElementoListaRpt {
        identificativo_dominio: ENTE.to_owned(),
        identificativo_univoco_versamento: IUV.to_owned(),
        codice_contesto_pagamento: CCP.to_owned(),
        tipo_firma: None,
        rpt: bytes(&rpt()),
    };
    NodoInviaCarrelloRpt {
        password: password(),
        identificativo_psp: "AGID_01".to_owned(),
        identificativo_intermediario_psp: "97735020584".to_owned(),
        identificativo_canale: "97735020584_02".to_owned(),
        lista_rpt: ListaRpt {
            elementi: vec![elemento],
        },
        require_light_payment: None,
        codice_convenzione: None,
        multi_beneficiario: None,
    }
}

fn invio(cases: &mut Cases) {
    let schema = Schema::NodoPerPa;
    let rpt = nodo_invia_rpt();
    cases.with_header(schema, &intestazione(), &rpt);
    cases.add(
        schema,
        &NodoInviaRpt {
            tipo_firma: some(""),
            ..rpt
        },
    );
    cases.add(schema, &NodoInviaRptRisposta::ko(fault()));
    cases.add(
        schema,
        &NodoInviaRptRisposta {
            fault: None,
            esito: Esito::Ok,
            redirect: Some(1),
            url: some("https://wisp.example/pay?idSession=1&lang=ita"),
        },
    );
    cases.with_header(schema, &intestazione_carrello(), &carrello());
    let mut full = carrello();
    let elemento = full.lista_rpt.elementi[0].clone();
    full.lista_rpt.elementi.push(ElementoListaRpt {
        tipo_firma: some("0"),
        ..elemento
    });
    full.require_light_payment = Some(0);
    full.codice_convenzione = some("CONV-1");
    full.multi_beneficiario = Some(true);
    cases.add(schema, &full);
    cases.add(
        schema,
        &NodoInviaCarrelloRptRisposta {
            lista_errori_rpt: Some(ListaErroriRpt {
                fault: vec![fault(), short_fault()],
            }),
            url: some("https://wisp.example/"),
            ..NodoInviaCarrelloRptRisposta::ko(short_fault())
        },
    );
    cases.add(
        schema,
        &NodoInviaCarrelloRptRisposta {
            esito_complessivo_operazione: Esito::Ok,
            ..Default::default()
        },
    );
}

fn stato_rpt(cases: &mut Cases) {
    let schema = Schema::NodoPerPa;
    cases.add(
        schema,
        &NodoChiediStatoRpt {
            identificativo_intermediario_pa: ENTE.to_owned(),
            identificativo_stazione_intermediario_pa: "12345678903_01".to_owned(),
            password: password(),
            identificativo_dominio: ENTE.to_owned(),
            identificativo_univoco_versamento: IUV.to_owned(),
            codice_contesto_pagamento: "n/a".to_owned(),
        },
    );
    cases.add(schema, &NodoChiediStatoRptRisposta::ko(fault()));
    let storico = StoricoRpt {
        data: time("2026-06-15T10:30:01"),
        stato: "RPT_RICEVUTA_NODO".to_owned(),
        descrizione: String::new(),
    };
    cases.add(
        schema,
        &NodoChiediStatoRptRisposta {
            fault: None,
            esito: Some(EsitoChiediStatoRpt {
                stato: "RPT_ACCETTATA_PSP".to_owned(),
                redirect: Some(1),
                url: some("https://wisp.example/?idSession=1"),
                storico_rpt: vec![storico.clone(), storico],
                storico_versamento: vec![StoricoVersamento {
                    progressivo: 1,
                    data: time("2026-06-15T10:30:02"),
                    stato: "ESEGUITO".to_owned(),
                    descrizione: "eseguito".to_owned(),
                }],
            }),
        },
    );
}

fn copia_rt(cases: &mut Cases) {
    let schema = Schema::NodoPerPa;
    cases.add(
        schema,
        &NodoChiediCopiaRt {
            identificativo_intermediario_pa: ENTE.to_owned(),
            identificativo_stazione_intermediario_pa: "12345678903_01".to_owned(),
            password: password(),
            identificativo_dominio: ENTE.to_owned(),
            identificativo_univoco_versamento: IUV.to_owned(),
            codice_contesto_pagamento: CCP.to_owned(),
        },
    );
    cases.add(schema, &NodoChiediCopiaRtRisposta::ko(fault()));
    cases.add(
        schema,
        &NodoChiediCopiaRtRisposta {
            fault: None,
            tipo_firma: some("0"),
            rt: Some(rt_full().build().unwrap()),
        },
    );
}

fn lista_pendenti(cases: &mut Cases) {
    let schema = Schema::NodoPerPa;
    let pendenti = NodoChiediListaPendentiRpt {
        identificativo_intermediario_pa: ENTE.to_owned(),
        identificativo_stazione_intermediario_pa: "12345678903_01".to_owned(),
        password: password(),
        identificativo_dominio: None,
        range_da: None,
        range_a: None,
        dimensione_lista: 100,
    };
    cases.add(schema, &pendenti);
    cases.add(
        schema,
        &NodoChiediListaPendentiRpt {
            identificativo_dominio: some(ENTE),
            range_da: Some(time("2026-06-01T00:00:00")),
            range_a: Some(time("2026-06-30T23:59:59")),
            ..pendenti
        },
    );
    cases.add(schema, &NodoChiediListaPendentiRptRisposta::ko(fault()));
    cases.add(
        schema,
        &NodoChiediListaPendentiRptRisposta {
            fault: None,
            lista_rpt_pendenti: Some(ListaRptPendenti {
                tot_restituiti: 1,
                rpt_pendente: vec![RptPendente {
                    identificativo_dominio: ENTE.to_owned(),
                    identificativo_univoco_versamento: IUV.to_owned(),
                    codice_contesto_pagamento: CCP.to_owned(),
                    stato: "RPT_PARCHEGGIATA_NODO".to_owned(),
                }],
            }),
        },
    );
}

fn scelta_wisp(cases: &mut Cases) {
    let schema = Schema::NodoPerPa;
    cases.add(
        schema,
        &NodoChiediSceltaWisp {
            identificativo_intermediario_pa: ENTE.to_owned(),
            identificativo_stazione_intermediario_pa: "12345678903_01".to_owned(),
            password: password(),
            identificativo_dominio: ENTE.to_owned(),
            key_pa: "k".repeat(40),
            key_wisp: "w".to_owned(),
        },
    );
    cases.add(schema, &NodoChiediSceltaWispRisposta::ko(fault()));
    cases.add(
        schema,
        &NodoChiediSceltaWispRisposta {
            fault: None,
            effettuazione_scelta: Some(EffettuazioneScelta::Si),
            identificativo_psp: some("LNKBITRR"),
            identificativo_intermediario_psp: some("09876543217"),
            identificativo_canale: some("09876543217_01"),
            tipo_versamento: Some(TipoVersamento::Bbt),
        },
    );
}

fn verifica(cases: &mut Cases) {
    let schema = Schema::PaPerNodoPagamentoPsp;
    let verifica = PaaVerificaRpt {
        identificativo_psp: "LNKBITRR".to_owned(),
    };
    cases.with_header(schema, &intestazione(), &verifica);
    let dati = DatiPagamentoPa {
        importo_singolo_versamento: euro(12_345),
        iban_accredito: IBAN.to_owned(),
        bic_accredito: None,
        ente_beneficiario: None,
        credenziali_pagatore: None,
        causale: Causale::Versamento("TARI 2026".to_owned()),
    };
    cases.add(schema, &PaaVerificaRptRisposta::ko(fault()));
    cases.add(
        schema,
        &PaaVerificaRptRisposta {
            fault: None,
            esito: Esito::Ok,
            dati_pagamento_pa: Some(dati.clone()),
        },
    );
    cases.add(schema, &PaaAttivaRptRisposta::ko(short_fault()));
    cases.add(
        schema,
        &PaaAttivaRptRisposta {
            fault: None,
            esito: Esito::Ok,
            dati_pagamento_pa: Some(DatiPagamentoPa {
                bic_accredito: some("BPPIITRRXXX"),
                ente_beneficiario: Some(ente_full()),
                credenziali_pagatore: some("cred-1"),
                causale: Causale::Spezzoni(SpezzoniCausale(vec![
                    SpezzoneCausale::Testo("TARI".to_owned()),
                    SpezzoneCausale::Strutturato(SpezzoneStrutturato {
                        causale: "rata 1".to_owned(),
                        importo: euro(12_345),
                    }),
                    SpezzoneCausale::Testo("2026".to_owned()),
                ])),
                ..dati
            }),
        },
    );
}

fn attiva(cases: &mut Cases) {
    let schema = Schema::PaPerNodoPagamentoPsp;
    let attiva = PaaAttivaRpt {
        identificativo_psp: "LNKBITRR".to_owned(),
        dati_pagamento_psp: DatiPagamentoPsp {
            importo_singolo_versamento: euro(12_345),
            iban_appoggio: None,
            bic_appoggio: None,
            soggetto_versante: None,
            iban_addebito: None,
            bic_addebito: None,
            soggetto_pagatore: None,
        },
        identificativo_intermediario_psp: "09876543217".to_owned(),
        identificativo_canale_psp: "09876543217_01".to_owned(),
    };
    cases.with_header(schema, &intestazione(), &attiva);
    cases.add(
        schema,
        &PaaAttivaRpt {
            dati_pagamento_psp: DatiPagamentoPsp {
                importo_singolo_versamento: euro(0),
                iban_appoggio: some(IBAN),
                bic_appoggio: some("BPPIITRRXXX"),
                soggetto_versante: Some(soggetto_full()),
                iban_addebito: some(IBAN),
                bic_addebito: some("UNCRITMM"),
                soggetto_pagatore: Some(soggetto()),
            },
            ..attiva
        },
    );
}

fn invia_rt(cases: &mut Cases) {
    let schema = Schema::PaPerNodo;
    let rt = rt(&rpt(), domain::EsitoPagamento::NonEseguito)
        .build()
        .unwrap();
    cases.with_header(
        schema,
        &intestazione(),
        &PaaInviaRt {
            tipo_firma: String::new(),
            rt,
        },
    );
    cases.add(schema, &PaaInviaRtRisposta::ko(fault()));
    cases.add(
        schema,
        &PaaInviaRtRisposta {
            fault: None,
            esito: Esito::Ok,
        },
    );
}
