//! The Ricevuta Telematica on paper: the "copia analogica" of an RT.
//!
//! No official layout exists; the content is the one SANP asks for (date of the operation, codice
//! fiscale and name of the ente, IUV, PSP, IUR, amount, causale) and what people look for besides.

use chrono::{DateTime, NaiveDate, Utc};
use domain::{EsitoPagamento, Importo, Iuv, NumeroAvviso};
use serde_json::{Value, json};

use crate::engine::{Documento, Modello, StampaError, render};
use crate::parti::{Ente, Soggetto, filled};
use crate::testo::{giorno, giorno_e_ora, in_groups_of_four};

/// What is printed on a ricevuta.
#[derive(Clone)]
pub struct Ricevuta {
    pub ente: Ente,
    /// The debtor.
    pub soggetto_pagatore: Soggetto,
    /// Who paid, when it is not the debtor.
    pub soggetto_versante: Option<Soggetto>,
    pub istituto_attestante: IstitutoAttestante,
    /// `None` for spontaneous payments, which have an IUV only.
    pub numero_avviso: Option<NumeroAvviso>,
    pub iuv: Iuv,
    pub id_ricevuta: IdRicevuta,
    pub esito: EsitoPagamento,
    /// Total that was paid: zero for a payment that was not executed.
    pub importo: Importo,
    /// Moment of the payment; printed in the time of Rome and used as the date of the PDF.
    pub data_operazione: DateTime<Utc>,
    /// Day on which the PSP books the payment.
    pub data_applicativa: Option<NaiveDate>,
    pub causale: String,
    /// In the order of the RT. May be empty when nothing was paid.
    pub voci: Vec<VoceRicevuta>,
    /// Fee that the PSP took from the payer, on top of `importo`.
    pub commissioni: Option<Importo>,
}

/// The PSP that states the outcome.
#[derive(Clone)]
pub struct IstitutoAttestante {
    pub denominazione: String,
    /// Identifier of the PSP as in the RT (codice fiscale, BIC or ABI).
    pub id: String,
}

/// The number that makes a ricevuta unique among those of its IUV; always printed whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IdRicevuta {
    /// Codice contesto pagamento of an RT of the old protocol.
    Ccp(String),
    /// `receiptId` of the modello unico.
    ReceiptId(String),
}

/// One `datiSingoloPagamento` (or `transfer`).
#[derive(Clone)]
pub struct VoceRicevuta {
    /// From 1.
    pub indice: u8,
    /// Causale of the voce.
    pub descrizione: String,
    /// Identificativo univoco di riscossione; `n/a` and `0` are what PSPs write for "none".
    pub iur: Option<String>,
    /// Zero when the voce was not paid.
    pub importo: Importo,
    /// The PSP's words on the outcome; when missing, the amount tells.
    pub esito: Option<String>,
}

/// The ricevuta as a tagged PDF.
pub fn ricevuta(dati: &Ricevuta) -> Result<Vec<u8>, StampaError> {
    render(Documento {
        modello: Modello::Ricevuta,
        dati: vista(dati),
        data: dati.data_operazione,
    })
}

fn vista(dati: &Ricevuta) -> Value {
    let voci: Vec<Value> = dati.voci.iter().map(vista_voce).collect();
    json!({
        "titolo": format!("Ricevuta Telematica {}", dati.iuv),
        "ente": {
            "denominazione": dati.ente.denominazione,
            "codice_fiscale": dati.ente.codice_fiscale,
            "indirizzo": dati.ente.indirizzo.righe().join(" · "),
        },
        "esito": {
            "tono": tono(dati.esito),
            "titolo": dati.esito.label(),
            "frase": frase(dati.esito),
        },
        "importo": euro(dati.importo),
        "causale": dati.causale,
        "dati": campi(dati),
        "parti": parti(dati),
        "voci": voci,
        "iuv": dati.iuv,
        "psp": dati.istituto_attestante.denominazione,
    })
}

/// Amount with the sign, which must not be left alone at the beginning of a line.
fn euro(importo: Importo) -> String {
    format!("{}\u{a0}€", importo.italiano())
}

fn tono(esito: EsitoPagamento) -> &'static str {
    match esito {
        EsitoPagamento::Eseguito => "positivo",
        EsitoPagamento::NonEseguito | EsitoPagamento::Decorrenza => "negativo",
        EsitoPagamento::EseguitoParziale | EsitoPagamento::DecorrenzaParziale => "parziale",
    }
}

/// The outcome in a sentence that a citizen understands.
fn frase(esito: EsitoPagamento) -> &'static str {
    match esito {
        EsitoPagamento::Eseguito => {
            "Il pagamento è stato eseguito: l'importo è destinato all'ente creditore."
        }
        EsitoPagamento::NonEseguito => {
            "Il pagamento non è stato eseguito: nessun importo è stato incassato dall'ente."
        }
        EsitoPagamento::EseguitoParziale => {
            "Il pagamento è stato eseguito solo in parte: l'ente incassa le voci pagate, le altre \
             restano da pagare."
        }
        EsitoPagamento::Decorrenza => {
            "Il tempo per pagare è scaduto: nessun importo è stato incassato dall'ente."
        }
        EsitoPagamento::DecorrenzaParziale => {
            "Il tempo per pagare è scaduto quando solo una parte era stata pagata: l'ente incassa \
             le voci pagate, le altre restano da pagare."
        }
    }
}

/// Label, value, and whether the value is a code (printed with fixed width).
fn campi(dati: &Ricevuta) -> Vec<Value> {
    let mut campi = Vec::new();
    let mut push = |etichetta: &str, valore: &str, codice: bool| {
        campi.push(json!({ "etichetta": etichetta, "valore": valore, "codice": codice }));
    };
    let operazione = giorno_e_ora(dati.data_operazione);
    push("Data e ora dell'operazione", &operazione, false);
    if let Some(data) = dati.data_applicativa {
        push("Data applicativa", &giorno(data), false);
    }
    if let Some(numero) = &dati.numero_avviso {
        push("Codice avviso", &in_groups_of_four(numero.as_str()), true);
    }
    push("Codice IUV", dati.iuv.as_str(), true);
    match &dati.id_ricevuta {
        IdRicevuta::Ccp(ccp) => push("Codice contesto pagamento (CCP)", ccp, true),
        IdRicevuta::ReceiptId(id) => push("Identificativo della ricevuta", id, true),
    }
    if let Some(commissioni) = dati.commissioni {
        let etichetta = "Commissioni del prestatore, non comprese";
        push(etichetta, &euro(commissioni), false);
    }
    campi
}

fn parti(dati: &Ricevuta) -> Vec<Value> {
    let ente = &dati.ente;
    let psp = &dati.istituto_attestante;
    let cf_ente = format!("Codice fiscale {}", ente.codice_fiscale);
    let id_psp = format!("Identificativo {}", psp.id);
    let mut parti = vec![
        json!({ "ruolo": "Ente creditore", "nome": ente.denominazione, "codice": cf_ente }),
        vista_soggetto("Soggetto pagatore", &dati.soggetto_pagatore),
    ];
    let versante = dati.soggetto_versante.as_ref();
    parti.extend(versante.map(|soggetto| vista_soggetto("Soggetto versante", soggetto)));
    parti.push(json!({
        "ruolo": "Istituto attestante (PSP)",
        "nome": psp.denominazione,
        "codice": id_psp,
    }));
    parti
}

fn vista_soggetto(ruolo: &str, soggetto: &Soggetto) -> Value {
    let codice = soggetto.codice().map(|c| format!("Codice fiscale {c}"));
    json!({
        "ruolo": ruolo,
        "nome": soggetto.nome().unwrap_or("Non indicato"),
        "codice": codice.unwrap_or_default(),
    })
}

fn vista_voce(voce: &VoceRicevuta) -> Value {
    let iur = filled(&voce.iur).filter(|iur| !matches!(*iur, "0" | "n/a"));
    let esito = filled(&voce.esito).unwrap_or(if voce.importo.is_zero() {
        "Non eseguito"
    } else {
        "Eseguito"
    });
    json!({
        "indice": voce.indice.to_string(),
        "descrizione": voce.descrizione,
        "iur": iur.unwrap_or("–"),
        "esito": esito,
        "importo": euro(voce.importo),
    })
}
