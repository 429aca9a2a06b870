//! The faults of the ente and of the Node in words, for people at the counter.

use pagopa::FaultBean;
use web::Page;

/// What a person reads, and what an integrator looks for.
pub struct Rifiuto {
    pub testo: String,
    pub codice: String,
    pub descrizione: Option<String>,
}

/// The key of the words for a fault code.
fn chiave(codice: &str) -> &'static str {
    match codice {
        "PAA_PAGAMENTO_SCONOSCIUTO" => "fault-sconosciuto",
        "PAA_PAGAMENTO_DUPLICATO" | "PPT_PAGAMENTO_DUPLICATO" => "fault-pagato",
        "PAA_PAGAMENTO_IN_CORSO" | "PPT_PAGAMENTO_IN_CORSO" => "fault-in-corso",
        "PAA_PAGAMENTO_SCADUTO" => "fault-scaduto",
        "PAA_PAGAMENTO_ANNULLATO" => "fault-annullato",
        "PPT_DOMINIO_SCONOSCIUTO" => "fault-dominio",
        "PPT_STAZIONE_INT_PA_SCONOSCIUTA" => "fault-stazione",
        "PPT_STAZIONE_INT_PA_IRRAGGIUNGIBILE"
        | "PPT_STAZIONE_INT_PA_TIMEOUT"
        | "PPT_STAZIONE_INT_PA_SERVIZIO_NONATTIVO" => "fault-ente-muto",
        "PPT_STAZIONE_INT_PA_ERRORE_RESPONSE" => "fault-ente-risposta",
        _ => "fault-altro",
    }
}

/// The ente's own code when the Node relays it.
pub fn rifiuto(page: &Page, fault: &FaultBean) -> Rifiuto {
    let codice = fault
        .original_fault_code
        .as_deref()
        .unwrap_or(&fault.fault_code);
    let descrizione = fault
        .original_description
        .as_ref()
        .or(fault.description.as_ref());
    Rifiuto {
        testo: page.t(chiave(codice)),
        codice: codice.to_owned(),
        descrizione: descrizione.cloned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use web::Lang;

    #[test]
    fn every_fault_has_words_in_both_languages() {
        let codes = pagopa::FaultPa::ALL.iter().map(|f| f.code());
        for code in codes.chain(pagopa::FaultNodo::ALL.iter().map(|f| f.code())) {
            for lang in [Lang::It, Lang::En] {
                let text = crate::CATALOG.get(lang, chiave(code), &[]);
                assert!(text.is_some_and(|text| !text.is_empty()), "{code}");
            }
        }
    }
}
