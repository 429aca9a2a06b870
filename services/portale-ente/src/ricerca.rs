//! What people type to find an avviso, and what it means. Pure.

use domain::numero_avviso::{CheckDigits, Numbering};
use domain::{CodDominio, NumeroAvviso, avviso};
use tenant::{Dominio, Tenant};

/// An avviso to look for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trovato {
    pub dominio: CodDominio,
    pub numero: NumeroAvviso,
    /// The IUV was typed and made whole: how many digits it had.
    pub da_iuv: Option<usize>,
}

/// What is wrong, by field; each variant is a text of the catalog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Errore {
    CodiceMancante,
    /// Letters or signs in the code.
    CodiceCaratteri,
    /// How many digits were typed, of 18.
    CodiceLunghezza(usize),
    CodicePrimaCifra,
    /// The check digits do not match; looking all the same is allowed.
    CodiceControllo,
    Ente,
    /// The sentence of the domain.
    Qr(String),
}

/// Reads the form. `comunque`: look even if the check digits do not match.
pub fn leggi(
    tenant: &Tenant,
    codice: &str,
    ente: &str,
    qr: &str,
    comunque: bool,
) -> Result<Trovato, Vec<Errore>> {
    let pasted = [qr, codice]
        .into_iter()
        .find(|text| text.trim().starts_with("PAGOPA"));
    if let Some(text) = pasted.or(Some(qr).filter(|qr| !qr.trim().is_empty())) {
        let qr = avviso::parse_qr_text(text).map_err(|e| vec![Errore::Qr(e)])?;
        let trovato = Trovato {
            dominio: qr.dominio,
            numero: qr.numero_avviso,
            da_iuv: None,
        };
        return check(trovato, comunque);
    }
    let dominio = CodDominio::parse(&strip(ente));
    let numero = numero(tenant, dominio.as_ref().ok(), &strip(codice));
    match (dominio, numero) {
        (Ok(dominio), Ok((numero, da_iuv))) => check(
            Trovato {
                dominio,
                numero,
                da_iuv,
            },
            comunque,
        ),
        (dominio, numero) => {
            let ente = dominio.err().map(|_| Errore::Ente);
            Err(numero.err().into_iter().chain(ente).collect())
        }
    }
}

fn check(trovato: Trovato, comunque: bool) -> Result<Trovato, Vec<Errore>> {
    match trovato.numero.check() {
        CheckDigits::Wrong { .. } if !comunque => Err(vec![Errore::CodiceControllo]),
        _ => Ok(trovato),
    }
}

/// Without the separators that people write and copy.
fn strip(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '.' | '-' | '_' | '/' | '\u{200b}'))
        .collect()
}

fn numero(
    tenant: &Tenant,
    dominio: Option<&CodDominio>,
    digits: &str,
) -> Result<(NumeroAvviso, Option<usize>), Errore> {
    if digits.is_empty() {
        return Err(Errore::CodiceMancante);
    }
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Errore::CodiceCaratteri);
    }
    if digits.len() == NumeroAvviso::LEN {
        let numero = NumeroAvviso::parse(digits).map_err(|_| Errore::CodicePrimaCifra)?;
        return Ok((numero, None));
    }
    let dominio = dominio.and_then(|d| tenant.dominio(d.as_str()));
    let from_iuv = dominio.and_then(|dominio| from_iuv(tenant, dominio, digits));
    let numero = from_iuv.ok_or(Errore::CodiceLunghezza(digits.len()))?;
    Ok((numero, Some(digits.len())))
}

/// The numero avviso whose IUV these digits are (15 with aux digit 0, else 17), only if its check
/// digits prove it: a code with a digit too few must not become another code.
fn from_iuv(tenant: &Tenant, dominio: &Dominio, digits: &str) -> Option<NumeroAvviso> {
    let application_code = tenant.stazione(&dominio.stazione)?.application_code();
    let head = match (dominio.aux_digit, digits.len()) {
        (0, 15) => format!("0{:02}", application_code?),
        (1..=3, 17) => dominio.aux_digit.to_string(),
        _ => return None,
    };
    let numero = NumeroAvviso::parse(&format!("{head}{digits}")).ok()?;
    (numero.check() == CheckDigits::Right).then_some(numero)
}

/// How the avvisi of this body begin, to show an example.
pub fn esempio(dominio: &Dominio, application_code: Option<u8>) -> Option<NumeroAvviso> {
    let numbering = match dominio.aux_digit {
        0 => Numbering::Aux0 {
            application_code: application_code?,
        },
        1 => Numbering::Aux1,
        2 => Numbering::Aux2,
        _ => Numbering::Aux3 {
            segregation_code: dominio.segregation_code?,
        },
    };
    NumeroAvviso::generate(numbering, &dominio.iuv_prefix, 42).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "12345678903";

    fn cerca(codice: &str, ente: &str) -> Result<Trovato, Vec<Errore>> {
        leggi(&Tenant::load(None).unwrap(), codice, ente, "", false)
    }

    #[test]
    fn b060_b062_separators_are_stripped_and_an_iuv_of_17_digits_is_made_whole() {
        let spaced = cerca(" 3010 0000 0000 0042 85", A).unwrap();
        assert_eq!(spaced.numero.as_str(), "301000000000004285");
        assert_eq!(
            spaced,
            cerca("301.000.000.000.004.285", "123 456 789 03").unwrap()
        );
        let iuv = cerca("01000000000004285", A).unwrap();
        assert_eq!(
            (iuv.numero.as_str(), iuv.da_iuv),
            ("301000000000004285", Some(17))
        );
    }

    #[test]
    fn b060_an_iuv_of_15_digits_is_made_whole_for_a_body_with_aux_digit_0() {
        let mut tenant = Tenant::load(None).unwrap();
        tenant.domini[0].aux_digit = 0;
        let found = leggi(&tenant, "000000000000747", A, "", false).unwrap();
        assert_eq!(
            (found.numero.as_str(), found.da_iuv),
            ("001000000000000747", Some(15))
        );
    }

    #[test]
    fn b060_letters_are_an_error_of_the_field() {
        assert_eq!(
            cerca("30100000000000428X", A),
            Err(vec![Errore::CodiceCaratteri])
        );
    }

    #[test]
    fn a_code_with_a_digit_too_few_is_told_how_many_it_has() {
        assert_eq!(
            cerca("30100000000000428", A),
            Err(vec![Errore::CodiceLunghezza(17)])
        );
        assert_eq!(
            cerca("", ""),
            Err(vec![Errore::CodiceMancante, Errore::Ente])
        );
        assert_eq!(
            cerca("901000000000004285", A),
            Err(vec![Errore::CodicePrimaCifra])
        );
    }

    #[test]
    fn wrong_check_digits_stop_unless_one_insists() {
        let tenant = Tenant::load(None).unwrap();
        let wrong = "301000000000000145";
        assert_eq!(cerca(wrong, A), Err(vec![Errore::CodiceControllo]));
        assert!(leggi(&tenant, wrong, A, "", true).is_ok());
    }

    #[test]
    fn the_text_of_the_qr_wins_wherever_it_is_pasted() {
        let text = "PAGOPA|002|301000000000004285|12345678903|1250";
        let tenant = Tenant::load(None).unwrap();
        assert_eq!(leggi(&tenant, "", "", text, false), cerca(text, ""));
        assert!(cerca(text, "").is_ok());
        let broken = leggi(&tenant, "301000000000004285", A, "PAGOPA|002|", false);
        assert!(matches!(broken.unwrap_err()[..], [Errore::Qr(_)]));
    }

    #[test]
    fn the_example_of_each_body_of_the_demo_has_right_digits() {
        let tenant = Tenant::load(None).unwrap();
        for dominio in &tenant.domini {
            assert_eq!(
                esempio(dominio, Some(1)).unwrap().check(),
                CheckDigits::Right
            );
        }
    }
}
