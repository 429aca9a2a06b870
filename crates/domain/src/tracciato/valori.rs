//! Reading single cells: amounts, dates, codes. Each function gives the value or says which rule the
//! text breaks and how to put it right.

use chrono::{Datelike as _, NaiveDate};

use crate::numero_avviso::CheckDigits;
use crate::soggetto::CodiceFiscaleCheck;
use crate::{CodiceFiscale, Importo, NumeroAvviso, TipoSoggetto};

/// Problem and hint.
pub type Problema = (String, String);

fn problema<T>(cosa: impl Into<String>, rimedio: impl Into<String>) -> Result<T, Problema> {
    Err((cosa.into(), rimedio.into()))
}

/// Whether a spreadsheet has turned a long number into scientific notation (`3,01E+17`).
pub fn notazione_scientifica(text: &str) -> bool {
    let Some((mantissa, esponente)) = text.split_once(['E', 'e']) else {
        return false;
    };
    let cifre = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    let esponente = esponente.strip_prefix('+').unwrap_or(esponente);
    let mantissa = mantissa.replacen([',', '.'], "", 1);
    cifre(esponente) && cifre(&mantissa) && esponente.len() <= 3
}

fn scientifica<T>(che_cosa: &str) -> Result<T, Problema> {
    problema(
        format!("{che_cosa} è in notazione scientifica: le cifre sono andate perdute"),
        "Il foglio di calcolo ha trasformato il numero: imposta la colonna come testo e riscrivi il valore originale.",
    )
}

/// `12`, `12.5`, `12,50`, `1.234,56`, `1,234.56`. A single separator followed by three digits
/// (`1.234`) may be a thousand or a decimal: it is refused, never guessed.
pub fn importo(text: &str) -> Result<Importo, Problema> {
    const FORMA: &str =
        "Scrivi l'importo in euro con al più due decimali, per esempio 12,50 oppure 12.50.";
    let text = text.trim();
    if text.is_empty() {
        return problema("l'importo manca", FORMA);
    }
    if notazione_scientifica(text) {
        return scientifica("l'importo");
    }
    if text.starts_with('-') {
        return problema(
            "l'importo è negativo",
            "Scrivi un importo positivo; per annullare una pendenza scrivi 0.",
        );
    }
    let ammessi = |c: char| c.is_ascii_digit() || c == '.' || c == ',';
    if let Some(estraneo) = text.chars().find(|c| !ammessi(*c)) {
        let nome = if estraneo.is_whitespace() {
            "uno spazio".to_owned()
        } else {
            format!("«{estraneo}»")
        };
        return problema(format!("l'importo contiene {nome}"), FORMA);
    }
    let separatori: Vec<(usize, char)> = text
        .char_indices()
        .filter(|(_, c)| *c == '.' || *c == ',')
        .collect();
    let canonico = match separatori.as_slice() {
        [] => text.to_owned(),
        [(at, _)] => {
            if text.len() - at - 1 == 3 {
                let intero = text.replace(['.', ','], "");
                return problema(
                    "l'importo è ambiguo: il separatore può essere delle migliaia o dei decimali",
                    format!(
                        "Scrivi {intero} se sono migliaia, oppure {},{} se sono decimali.",
                        &text[..*at],
                        &text[at + 1..at + 3]
                    ),
                );
            }
            text.replace(',', ".")
        }
        altri => match migliaia(text, altri) {
            Some(canonico) => canonico,
            None => return problema("l'importo non è un numero", FORMA),
        },
    };
    Importo::parse(&canonico).or_else(|errore| problema(errore.to_string(), FORMA))
}

/// `1.234,56` and `1,234.56`: the last separator is the decimal one and differs from the others,
/// which stand every three digits; without decimals (`1.234.567`) all are equal.
fn migliaia(text: &str, separatori: &[(usize, char)]) -> Option<String> {
    let (ultimo_at, ultimo) = *separatori.last()?;
    let (_, primo) = *separatori.first()?;
    let (intero, decimali) = if primo == ultimo {
        (text, "00")
    } else {
        (&text[..ultimo_at], &text[ultimo_at + 1..])
    };
    let mut gruppi = intero.split(primo);
    let testa = gruppi.next()?;
    let gruppi_ok = gruppi.all(|g| g.len() == 3 && g.bytes().all(|b| b.is_ascii_digit()));
    let decimali_ok = (1..=2).contains(&decimali.len());
    ((1..=3).contains(&testa.len()) && gruppi_ok && decimali_ok)
        .then(|| format!("{}.{decimali}", intero.replace(primo, "")))
}

/// ISO (`2030-12-31`) or Italian (`31/12/2030`), between the years 2000 and 2100.
pub fn data(text: &str) -> Result<NaiveDate, Problema> {
    const FORMA: &str = "Scrivi la data come 2030-12-31 oppure 31/12/2030.";
    let text = text.trim();
    let numeri = |separatore| -> Option<[u32; 3]> {
        let parti: Vec<&str> = text.split(separatore).collect();
        let [a, b, c] = parti[..] else { return None };
        let leggi = |s: &str| -> Option<u32> {
            s.bytes()
                .all(|b| b.is_ascii_digit())
                .then(|| s.parse().ok())?
        };
        Some([leggi(a)?, leggi(b)?, leggi(c)?])
    };
    let (anno, mese, giorno) = match (numeri('-'), numeri('/')) {
        (Some([a, m, g]), _) if text.len() == 10 && text.as_bytes()[4] == b'-' => (a, m, g),
        (_, Some([g, m, a])) if text.len() >= 8 && a >= 1000 => (a, m, g),
        _ if text.len() == 5 && text.bytes().all(|b| b.is_ascii_digit()) => {
            return problema(
                "la data è un numero di giorni del foglio di calcolo",
                format!("Imposta la colonna come testo. {FORMA}"),
            );
        }
        _ => return problema("la data non ha una forma accettata", FORMA),
    };
    let Some(data) = i32::try_from(anno)
        .ok()
        .and_then(|anno| NaiveDate::from_ymd_opt(anno, mese, giorno))
    else {
        let rimedio = if (13..=31).contains(&mese) && (1..=12).contains(&giorno) {
            format!("Il giorno viene prima del mese. {FORMA}")
        } else {
            FORMA.to_owned()
        };
        return problema("la data non esiste nel calendario", rimedio);
    };
    if (2000..=2100).contains(&data.year()) {
        Ok(data)
    } else {
        problema(
            format!("l'anno {} è fuori dai limiti (2000-2100)", data.year()),
            "Se la data non c'è lascia vuota la cella.",
        )
    }
}

/// 18 digits. A wrong check digit is a warning: official samples have them.
pub fn numero_avviso(text: &str) -> Result<(NumeroAvviso, Option<Problema>), Problema> {
    let text = text.trim();
    if notazione_scientifica(text) {
        return scientifica("il numero avviso");
    }
    let numero = NumeroAvviso::parse(text).or_else(|errore| {
        let cifre = text.bytes().all(|b| b.is_ascii_digit());
        let rimedio = if cifre && (15..18).contains(&text.len()) {
            "Forse il foglio di calcolo ha tolto gli zeri iniziali: imposta la colonna come testo."
        } else {
            "Scrivi le 18 cifre senza spazi, oppure lascia vuoto: il numero sarà generato."
        };
        problema(errore.to_string(), rimedio)
    })?;
    let avviso = match numero.check() {
        CheckDigits::Wrong { expected } => Some((
            format!("le ultime due cifre del numero avviso dovrebbero essere {expected:02}"),
            "Controlla il numero: la riga viene caricata così com'è.".to_owned(),
        )),
        CheckDigits::Right | CheckDigits::Undefined => None,
    };
    Ok((numero, avviso))
}

/// Codice fiscale (16 characters, also with letters of omocodia), partita IVA (11 digits) or
/// `ANONIMO`, with the right check character.
pub fn identificativo(text: &str, tipo: Option<TipoSoggetto>) -> Result<CodiceFiscale, Problema> {
    let text = text.trim();
    if notazione_scientifica(text) {
        return scientifica("il codice fiscale");
    }
    let cifre = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if cifre && (8..11).contains(&text.len()) {
        return problema(
            format!(
                "la partita IVA ha 11 cifre: ne sono state indicate {}",
                text.len()
            ),
            "Forse il foglio di calcolo ha tolto gli zeri iniziali: imposta la colonna come testo.",
        );
    }
    let codice = CodiceFiscale::parse(text).or_else(|errore| {
        problema(
            errore.to_string(),
            "Controlla il codice fiscale o la partita IVA.",
        )
    })?;
    match codice.check() {
        CodiceFiscaleCheck::Right => Ok(codice),
        CodiceFiscaleCheck::WrongCheck if codice.as_str().len() == 11 => problema(
            "l'ultima cifra della partita IVA (o del codice fiscale numerico) è sbagliata",
            "Controlla il codice: una cifra è errata o scambiata.",
        ),
        CodiceFiscaleCheck::WrongCheck => problema(
            "l'ultimo carattere del codice fiscale non corrisponde agli altri",
            "Controlla il codice: un carattere è errato o scambiato.",
        ),
        CodiceFiscaleCheck::Other if codice.as_str() == "ANONIMO" => Ok(codice),
        CodiceFiscaleCheck::Other => problema(
            match tipo {
                Some(TipoSoggetto::G) => "non è una partita IVA né un codice fiscale",
                _ => "non è un codice fiscale (16 caratteri) né una partita IVA (11 cifre)",
            },
            "Controlla il codice; se il debitore non ne ha uno scrivi ANONIMO.",
        ),
    }
}

/// An IBAN without blanks, upper case.
pub fn iban(text: &str) -> Result<String, Problema> {
    use iban::{Iban, IbanLike as _, ParseIbanError};
    match text.trim().to_ascii_uppercase().parse::<Iban>() {
        Ok(iban) => Ok(iban.electronic_str().to_owned()),
        Err(ParseIbanError::UnknownCountry(_)) => problema(
            "il paese dell'IBAN non è riconosciuto",
            "Un IBAN italiano comincia con IT e ha 27 caratteri.",
        ),
        Err(ParseIbanError::InvalidBban(_)) => problema(
            "l'IBAN non ha la forma del suo paese",
            "Un IBAN italiano ha 27 caratteri: IT, due cifre, una lettera e 22 cifre.",
        ),
        Err(ParseIbanError::InvalidBaseIban { .. }) => problema(
            "l'IBAN non è valido: le cifre di controllo (terza e quarta) non corrispondono al resto",
            "Controlla l'IBAN: un carattere è errato, mancante o scambiato.",
        ),
    }
}

/// A phone number in the form that the contract wants (`+39 333-0000000`), or `None` when it cannot
/// be brought to it.
pub fn cellulare(text: &str) -> Option<String> {
    let mut cifre: String = text.chars().filter(char::is_ascii_digit).collect();
    let strani = text
        .chars()
        .any(|c| !c.is_ascii_digit() && !matches!(c, ' ' | '+' | '-' | '.' | '/' | '(' | ')'));
    if strani {
        return None;
    }
    if let Some(resto) = cifre.strip_prefix("00") {
        cifre = resto.to_owned();
    }
    let (prefisso, numero) = match cifre.len() {
        10 => ("39", cifre.as_str()),
        12 => cifre.split_at(2),
        _ => return None,
    };
    Some(format!("+{prefisso} {}-{}", &numero[..3], &numero[3..]))
}

/// The CAP as it should be, and whether it had to be changed or is odd.
pub fn cap(text: &str, nazione: Option<&str>) -> (String, Option<Problema>) {
    let text = text.trim();
    let italiano = nazione.is_none_or(|n| n.eq_ignore_ascii_case("IT"));
    let cifre = text.bytes().all(|b| b.is_ascii_digit());
    match text.len() {
        5 if cifre => (text.to_owned(), None),
        _ if !italiano => (text.to_owned(), None),
        n @ 3..5 if cifre => {
            let riparato = format!("{text:0>5}");
            let cosa =
                format!("il CAP ha 5 cifre, ne sono state indicate {n}: zeri iniziali persi?");
            let rimedio = format!("La riga viene caricata con {riparato}: controlla.");
            (riparato, Some((cosa, rimedio)))
        }
        _ => {
            let cosa = "il CAP non ha 5 cifre".to_owned();
            let rimedio = "La riga viene caricata così com'è: controlla il CAP.".to_owned();
            (text.to_owned(), Some((cosa, rimedio)))
        }
    }
}

#[cfg(test)]
#[path = "valori_tests.rs"]
mod tests;
