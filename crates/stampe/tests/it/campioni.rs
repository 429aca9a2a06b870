//! Invented people and bodies, and the documents the tests start from.

use domain::{Anagrafica, CodDominio, CodiceFiscale, EsitoPagamento, Importo, Iuv, NumeroAvviso};
use stampe::{
    Avviso, Ente, IdRicevuta, Indirizzo, IstitutoAttestante, Ricevuta, Soggetto, VoceRicevuta,
};

pub fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

pub fn euro(text: &str) -> Importo {
    Importo::parse(text).unwrap()
}

pub fn ente() -> Ente {
    Ente {
        denominazione: "Comune di Valtorbida".to_owned(),
        codice_fiscale: CodDominio::parse("12345678903").unwrap(),
        indirizzo: Indirizzo {
            via: some("Piazza della Libertà"),
            civico: some("1"),
            cap: some("00100"),
            localita: some("Valtorbida"),
            provincia: some("RM"),
            nazione: some("IT"),
        },
    }
}

pub fn soggetto(nome: &str, codice: &str) -> Soggetto {
    Soggetto {
        anagrafica: Some(Anagrafica::new(nome)),
        identificativo: Some(CodiceFiscale::parse(codice).unwrap()),
    }
}

fn voce(indice: u8, descrizione: &str, iur: &str, importo: &str) -> VoceRicevuta {
    VoceRicevuta {
        indice,
        descrizione: descrizione.to_owned(),
        iur: some(iur),
        importo: euro(importo),
        esito: None,
    }
}

/// An executed payment of two voci, paid by another person.
pub fn ricevuta() -> Ricevuta {
    Ricevuta {
        ente: ente(),
        soggetto_pagatore: soggetto("Giuseppe Verdi", "VRDGPP80A01H501U"),
        soggetto_versante: Some(soggetto("Laura Bianchi", "BNCLRA85M41F205C")),
        istituto_attestante: IstitutoAttestante {
            denominazione: "Banca Link.it".to_owned(),
            id: "LNKITIT1XXX".to_owned(),
        },
        numero_avviso: Some(NumeroAvviso::parse("301000000000004285").unwrap()),
        iuv: Iuv::parse("01000000000004285").unwrap(),
        id_ricevuta: IdRicevuta::Ccp("c94f2b6d0a7e4c1fb1d35a9e0f8c7d21".to_owned()),
        esito: EsitoPagamento::Eseguito,
        importo: euro("1312.50"),
        data_operazione: "2026-06-30T22:05:00Z".parse().unwrap(),
        data_applicativa: "2026-07-02".parse().ok(),
        causale: "Tassa sui rifiuti 2026, rata unica – utenza di via Garibaldi 3".to_owned(),
        voci: vec![
            voce(
                1,
                "TARI 2026, quota fissa e quota variabile",
                "IUR2026063000000001",
                "1250.00",
            ),
            voce(
                2,
                "Tributo provinciale per l'ambiente (TEFA)",
                "IUR2026063000000002",
                "62.50",
            ),
        ],
        commissioni: Some(euro("1.20")),
    }
}

/// A payment that was not executed: nothing paid, no IUR.
pub fn ricevuta_negativa(esito: EsitoPagamento) -> Ricevuta {
    let mut ricevuta = ricevuta();
    ricevuta.esito = esito;
    ricevuta.importo = Importo::ZERO;
    ricevuta.commissioni = None;
    ricevuta.data_applicativa = None;
    for voce in &mut ricevuta.voci {
        voce.importo = Importo::ZERO;
        voce.iur = some("n/a");
    }
    ricevuta
}

pub fn avviso() -> Avviso {
    Avviso {
        ente: ente(),
        settore_ente: some("Ufficio Tributi"),
        info_ente: some("www.comune.valtorbida.example · tributi@comune.valtorbida.example"),
        cbill: some("ABCDE"),
        destinatario: soggetto("Jože Černe", "CRNJZO90D05L424E"),
        indirizzo_destinatario: Indirizzo {
            via: some("Ulica Štefana"),
            civico: some("3"),
            cap: some("34100"),
            localita: some("Trieste"),
            provincia: some("TS"),
            nazione: None,
        },
        numero_avviso: NumeroAvviso::parse("301000000000004285").unwrap(),
        importo: euro("12.50"),
        data_scadenza: "2026-12-31".parse().ok(),
        causale: "Mensa scolastica, novembre 2026".to_owned(),
        data_emissione: "2026-11-02T08:00:00Z".parse().unwrap(),
        parte: None,
    }
}
