//! What is wrong with an element of a JSON tracciato, in the words of the person who wrote it.

use domain::tracciato::Segnalazione;
use govpay_api::convalida::Difetto;
use serde::de::DeserializeOwned;
use serde_json::error::Category;

/// A broken rule of the contract, as a fault of the row.
pub fn difetto(difetto: Difetto) -> Box<Segnalazione> {
    let mut segnalazione = Segnalazione::riga(
        difetto.regola,
        "Correggi il valore della proprietà e carica di nuovo il file.",
    );
    segnalazione.valore = difetto
        .valore
        .unwrap_or_default()
        .chars()
        .take(60)
        .collect();
    segnalazione.colonna = difetto.campo;
    Box::new(segnalazione)
}

/// Reads an element that begins at this line of the file.
pub fn testo<T: DeserializeOwned>(bytes: &[u8], riga: u64) -> Result<T, Box<Segnalazione>> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let letto = serde_path_to_error::deserialize(&mut deserializer);
    letto.map_err(|errore| {
        let percorso = match errore.path().to_string().as_str() {
            "." | "?" => String::new(),
            // A name that is not known may be anything.
            altro => altro.chars().take(100).collect(),
        };
        Box::new(non_letto(percorso, errore.inner(), riga))
    })
}

/// The fault of an element that cannot be read.
fn non_letto(percorso: String, errore: &serde_json::Error, riga: u64) -> Segnalazione {
    let detto = errore.to_string();
    let detto = detto
        .rsplit_once(" at line ")
        .map_or(detto.as_str(), |(prima, _)| prima);
    let nome = detto.split('`').nth(1).unwrap_or_default();
    let colonna = match percorso.as_str() {
        "" if detto.contains(" field `") => nome.chars().take(60).collect(),
        dove if detto.starts_with("missing field") => format!("{dove}.{nome}"),
        _ => percorso.clone(),
    };
    let (problema, rimedio) = match errore.classify() {
        Category::Data => (
            in_italiano(detto, personale(&percorso)),
            "Correggi la proprietà: nomi e tipi sono quelli di una pendenza dell'API.",
        ),
        Category::Io | Category::Syntax | Category::Eof => {
            let riga = riga + (errore.line() as u64).saturating_sub(1);
            let problema = format!("il JSON non è scritto bene alla riga {riga}: {detto}");
            (
                problema,
                "Controlla virgole, virgolette e parentesi di questo elemento.",
            )
        }
    };
    Segnalazione {
        colonna,
        ..Segnalazione::riga(problema, rimedio)
    }
}

fn personale(percorso: &str) -> bool {
    percorso.starts_with("soggettoPagatore")
}

/// What the reading says of a wrong value. Values of persons are not repeated.
fn in_italiano(detto: &str, personale: bool) -> String {
    let fra_apici = || detto.split('`').nth(1).unwrap_or_default();
    if detto.starts_with("missing field") {
        return format!("manca {}", fra_apici());
    }
    if detto.starts_with("unknown field") {
        let nome: String = fra_apici().chars().take(60).collect();
        return format!("la proprietà «{nome}» non esiste");
    }
    if detto.starts_with("duplicate field") {
        return format!("la proprietà {} è ripetuta", fra_apici());
    }
    let atteso = detto.split_once(", expected ");
    match (detto.strip_prefix("invalid "), atteso) {
        (Some(_), Some((_, atteso))) if personale => {
            format!("il valore non è del tipo giusto (atteso: {atteso})")
        }
        (Some(resto), Some(_)) => format!("il valore non è del tipo giusto ({resto})"),
        _ if personale => "il valore non è valido".to_owned(),
        _ => detto.to_owned(),
    }
}
