//! Reading single cells: amounts, dates, codes. Each function gives the value or says which rule the
//! text breaks and how to put it right.

use chrono::{Datelike as _, NaiveDate};

use super::forme::FormaData;
pub use super::importi::importo;
use crate::numero_avviso::CheckDigits;
use crate::soggetto::CodiceFiscaleCheck;
use crate::{CodiceFiscale, NumeroAvviso, TipoSoggetto};

/// Problem and hint.
pub type Problema = (String, String);

pub(super) fn problema<T>(
    cosa: impl Into<String>,
    rimedio: impl Into<String>,
) -> Result<T, Problema> {
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

pub(super) fn scientifica<T>(che_cosa: &str) -> Result<T, Problema> {
    problema(
        format!("{che_cosa} è in notazione scientifica: le cifre sono andate perdute"),
        "Il foglio di calcolo ha trasformato il numero: imposta la colonna come testo e riscrivi il valore originale.",
    )
}

/// ISO (`2030-12-31`) or Italian (`31/12/2030`), or the declared form only; between the years 2000
/// and 2100.
pub fn data(text: &str, forma: Option<&FormaData>) -> Result<NaiveDate, Problema> {
    let text = text.trim();
    let come = match forma {
        None => "Scrivi la data come 2030-12-31 oppure 31/12/2030.".to_owned(),
        Some(forma) => format!("Scrivi la data come dichiarato ({}).", forma.as_str()),
    };
    let letta = match forma {
        Some(forma) => forma.leggi(text),
        None => iso_o_italiana(text),
    };
    let Some([anno, mese, giorno]) = letta else {
        let cifre = text.len() == 5 && text.bytes().all(|b| b.is_ascii_digit());
        return if cifre {
            problema(
                "la data è un numero di giorni del foglio di calcolo",
                format!("Imposta la colonna come testo. {come}"),
            )
        } else {
            problema("la data non ha una forma accettata", come)
        };
    };
    let Some(data) = giorno_del_calendario([anno, mese, giorno]) else {
        let rimedio = if (13..=31).contains(&mese) && (1..=12).contains(&giorno) {
            format!("Il giorno viene prima del mese. {come}")
        } else {
            come
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

fn giorno_del_calendario([anno, mese, giorno]: [u32; 3]) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(i32::try_from(anno).ok()?, mese, giorno)
}

/// Year, month and day of the two forms that cannot be taken for each other.
fn iso_o_italiana(text: &str) -> Option<[u32; 3]> {
    let bytes = text.as_bytes();
    let numero = |parte: &[u8]| -> Option<u32> {
        let cifre = !parte.is_empty() && parte.iter().all(u8::is_ascii_digit);
        cifre.then(|| parte.iter().fold(0, |n, b| n * 10 + u32::from(b - b'0')))
    };
    if let [anno @ .., b'-', m1, m2, b'-', g1, g2] = bytes {
        let quattro = anno.len() == 4;
        return Some([
            quattro.then(|| numero(anno)).flatten()?,
            numero(&[*m1, *m2])?,
            numero(&[*g1, *g2])?,
        ]);
    }
    let mut parti = bytes.split(|b| *b == b'/');
    let (giorno, mese, anno) = (parti.next()?, parti.next()?, parti.next()?);
    let corte = giorno.len() <= 2 && mese.len() <= 2 && anno.len() == 4;
    if !corte || parti.next().is_some() {
        return None;
    }
    Some([numero(anno)?, numero(mese)?, numero(giorno)?])
}

/// What a wrong date must have been, when there is one reading only: month and day exchanged
/// (`12/31/2030`). Written in the form of the file.
pub fn data_certa(text: &str, forma: Option<&FormaData>) -> Option<String> {
    let text = text.trim();
    let [anno, mese, giorno] = match forma {
        Some(forma) => forma.leggi(text)?,
        None => iso_o_italiana(text)?,
    };
    let scambiata = giorno_del_calendario([anno, giorno, mese])
        .filter(|d| mese > 12 && (2000..=2100).contains(&d.year()))?;
    Some(match forma {
        Some(forma) => forma.scrivi(scambiata),
        None => scambiata.format("%Y-%m-%d").to_string(),
    })
}

/// An 11-digit code whose leading zeros a spreadsheet has taken away, when its check digit proves it.
pub fn con_zeri(text: &str) -> Option<String> {
    let text = text.trim();
    let cifre = text.bytes().all(|b| b.is_ascii_digit());
    let intero = format!("{text:0>11}");
    (cifre
        && (7..11).contains(&text.len())
        && crate::dominio::partita_iva_check_digit_is_right(&intero))
    .then_some(intero)
}

/// A numero avviso that has lost its first zero, when the check digits prove it.
pub fn avviso_con_zero(text: &str) -> Option<String> {
    let text = text.trim();
    let intero = format!("{text:0>18}");
    let numero = NumeroAvviso::parse(&intero).ok()?;
    ((16..18).contains(&text.len()) && numero.check() == CheckDigits::Right).then_some(intero)
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
