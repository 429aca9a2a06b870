//! Amounts as people and spreadsheets write them.

use super::forme::Decimale;
use super::valori::{Problema, notazione_scientifica, problema, scientifica};
use crate::Importo;

const FORMA_IMPORTO: &str =
    "Scrivi l'importo in euro con al più due decimali, per esempio 12,50 oppure 12.50.";

/// `12`, `12.5`, `12,50`, `1.234,56`, `1,234.56`, `1 234,56`, `€ 12,50`. A single separator followed
/// by three digits (`1.234`) may be a thousand or a decimal: it is refused, never guessed, unless
/// the decimal sign of the file is declared.
pub fn importo(text: &str, decimale: Option<Decimale>) -> Result<Importo, Problema> {
    let text = text.trim();
    if let Some(semplice) = importo_semplice(text, decimale) {
        return Ok(semplice);
    }
    let text = senza_valuta(text);
    if text.is_empty() {
        return problema("l'importo manca", FORMA_IMPORTO);
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
    let text = senza_spazi(text);
    let ammessi = |c: char| c.is_ascii_digit() || c == '.' || c == ',';
    if let Some(estraneo) = text.chars().find(|c| !ammessi(*c)) {
        let nome = if estraneo.is_whitespace() {
            "uno spazio".to_owned()
        } else {
            format!("«{estraneo}»")
        };
        return problema(format!("l'importo contiene {nome}"), FORMA_IMPORTO);
    }
    let canonico = match decimale {
        Some(decimale) => con_decimale(&text, decimale)?,
        None => canonico(&text)?,
    };
    Importo::parse(&canonico).or_else(|errore| problema(errore.to_string(), FORMA_IMPORTO))
}

/// The common case, without a detour: digits, or digits and one or two decimals.
fn importo_semplice(text: &str, decimale: Option<Decimale>) -> Option<Importo> {
    let bytes = text.as_bytes();
    let mut cents: i64 = 0;
    let mut decimali: Option<usize> = None;
    if bytes.is_empty() || bytes.len() > 12 || !bytes[0].is_ascii_digit() {
        return None;
    }
    for b in bytes {
        match b {
            b'0'..=b'9' => {
                cents = cents * 10 + i64::from(b - b'0');
                decimali = decimali.map(|n| n + 1);
            }
            b'.' | b',' if decimali.is_none() => {
                if decimale.is_some_and(|d| d.segno() != char::from(*b)) {
                    return None;
                }
                decimali = Some(0);
            }
            _ => return None,
        }
    }
    let fattore = match decimali {
        None => 100,
        Some(1) => 10,
        Some(2) => 1,
        Some(_) => return None,
    };
    Importo::from_cents(cents * fattore).ok()
}

/// Without the sign or the code of the euro.
fn senza_valuta(text: &str) -> &str {
    let meta = text
        .strip_prefix('€')
        .or_else(|| text.strip_prefix("EUR"))
        .unwrap_or(text);
    let meta = meta
        .strip_suffix('€')
        .or_else(|| meta.strip_suffix("EUR"))
        .unwrap_or(meta);
    meta.trim()
}

/// Blanks and apostrophes between groups of three digits are separators of thousands: `1 234,56`.
fn senza_spazi(text: &str) -> std::borrow::Cow<'_, str> {
    let e_spazio = |c: char| matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\'' | '’');
    let fine = text.find(['.', ',']).unwrap_or(text.len());
    let gruppi: Vec<&str> = text[..fine].split(e_spazio).collect();
    let cifre = |g: &&str| g.bytes().all(|b| b.is_ascii_digit());
    match gruppi.as_slice() {
        [_] | [] => text.into(),
        [testa, altri @ ..]
            if (1..=3).contains(&testa.len())
                && cifre(testa)
                && altri.iter().all(|g| g.len() == 3 && cifre(g)) =>
        {
            format!("{}{}", gruppi.concat(), &text[fine..]).into()
        }
        _ => text.into(),
    }
}

/// With the decimal sign declared, the other one stands for thousands only.
fn con_decimale(text: &str, decimale: Decimale) -> Result<String, Problema> {
    let (intero, decimali) = text.split_once(decimale.segno()).unwrap_or((text, "00"));
    let mut gruppi = intero.split(decimale.migliaia());
    let testa = gruppi.next().unwrap_or_default();
    let altri: Vec<&str> = gruppi.collect();
    let migliaia_ok = altri.iter().all(|g| g.len() == 3) && (altri.is_empty() || testa.len() <= 3);
    if migliaia_ok && !testa.is_empty() && (1..=2).contains(&decimali.len()) {
        return Ok(format!("{testa}{}.{decimali}", altri.concat()));
    }
    problema(
        format!(
            "l'importo non è scritto con «{}» prima dei decimali, come dichiarato",
            decimale.segno()
        ),
        format!(
            "Scrivi per esempio 1234{}50, oppure cambia il separatore dei decimali del file.",
            decimale.segno()
        ),
    )
}

/// The amount with a point before the decimals, when there is one way only to read it.
fn canonico(text: &str) -> Result<String, Problema> {
    let separatori: Vec<(usize, char)> = text
        .char_indices()
        .filter(|(_, c)| *c == '.' || *c == ',')
        .collect();
    match separatori.as_slice() {
        [] => Ok(text.to_owned()),
        [(at, _)] if text.len() - at - 1 == 3 => {
            let intero = text.replace(['.', ','], "");
            problema(
                "l'importo è ambiguo: il separatore può essere delle migliaia o dei decimali",
                format!(
                    "Scrivi {intero} se sono migliaia, oppure {},{} se sono decimali; oppure dichiara il separatore dei decimali del file.",
                    &text[..*at],
                    &text[at + 1..at + 3]
                ),
            )
        }
        [_] => Ok(text.replace(',', ".")),
        altri => match migliaia(text, altri) {
            Some(canonico) => Ok(canonico),
            None => problema("l'importo non è un numero", FORMA_IMPORTO),
        },
    }
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
