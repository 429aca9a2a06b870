//! The texts behind the codes printed on an avviso.

use crate::{CodDominio, Importo, NumeroAvviso};

/// The 13 labels of AgID's classification (`tassonomiaAvviso`).
pub const TASSONOMIA: [&str; 13] = [
    "Cartelle esattoriali",
    "Diritti e concessioni",
    "Imposte e tasse",
    "IMU, TASI e altre tasse comunali",
    "Ingressi a mostre e musei",
    "Multe e sanzioni amministrative",
    "Previdenza e infortuni",
    "Servizi erogati dal comune",
    "Servizi erogati da altri enti",
    "Servizi scolastici",
    "Tassa automobilistica",
    "Ticket e prestazioni sanitarie",
    "Trasporti, mobilità e parcheggi",
];

/// Cents without separator, at least four digits (`0005` for five cents).
///
/// The specification asks for two digits at least; four is what GovPay prints and every reader
/// accepts.
fn importo_field(importo: Importo) -> String {
    format!("{:04}", importo.cents())
}

/// Text of the QR code: `PAGOPA|002|<numero avviso>|<codice fiscale ente>|<cents>`.
pub fn qr_text(numero: &NumeroAvviso, dominio: &CodDominio, importo: Importo) -> String {
    format!("PAGOPA|002|{numero}|{dominio}|{}", importo_field(importo))
}

/// Text of the GS1-128 bar code: `415<GLN>8020<numero avviso>3902<cents>`.
///
/// `None` when the ente has no GLN: such a code could not be read by anybody.
pub fn barcode_text(numero: &NumeroAvviso, gln: Option<&str>, importo: Importo) -> Option<String> {
    gln.map(|gln| format!("415{gln}8020{numero}3902{}", importo_field(importo)))
}

/// What the text of a QR code says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QrText {
    pub numero_avviso: NumeroAvviso,
    pub dominio: CodDominio,
    pub importo: Importo,
}

/// Reads the text of a QR code. The error tells a person what is wrong.
pub fn parse_qr_text(text: &str) -> Result<QrText, String> {
    let parts: Vec<&str> = text.trim().split('|').collect();
    let [codice, versione, numero, dominio, importo] = parts[..] else {
        return Err("Il testo del QR ha cinque parti separate da «|».".to_owned());
    };
    if codice != "PAGOPA" || versione != "002" {
        return Err("Il testo del QR comincia con «PAGOPA|002|».".to_owned());
    }
    let cents_are_well_formed =
        (1..=11).contains(&importo.len()) && importo.bytes().all(|b| b.is_ascii_digit());
    let cents = importo.parse().ok().filter(|_| cents_are_well_formed);
    let cents = cents.ok_or("Nel testo del QR l'importo è in centesimi, da 2 a 11 cifre.")?;
    Ok(QrText {
        numero_avviso: NumeroAvviso::parse(numero).map_err(|e| e.to_string())?,
        dominio: CodDominio::parse(dominio).map_err(|e| e.to_string())?,
        importo: Importo::from_cents(cents).map_err(|e| e.to_string())?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worked_examples() {
        let dominio = CodDominio::parse("01234567890").unwrap();
        let cases = [
            (
                "001000000000004282",
                12_345,
                "12345",
                "41580888880000008020001000000000004282390212345",
            ),
            (
                "307000000000123429",
                150,
                "0150",
                "4158088888000000802030700000000012342939020150",
            ),
            (
                "307122500000123406",
                1_000_000,
                "1000000",
                "4158088888000000802030712250000012340639021000000",
            ),
            (
                "100000000000123426",
                5,
                "0005",
                "4158088888000000802010000000000012342639020005",
            ),
        ];
        for (numero, cents, field, barcode) in cases {
            let numero = NumeroAvviso::parse(numero).unwrap();
            let importo = Importo::from_cents(cents).unwrap();
            let qr = qr_text(&numero, &dominio, importo);
            assert_eq!(qr, format!("PAGOPA|002|{numero}|01234567890|{field}"));
            assert_eq!(
                barcode_text(&numero, Some("8088888000000"), importo).unwrap(),
                barcode
            );
            let read = parse_qr_text(&qr).unwrap();
            assert_eq!(
                read,
                QrText {
                    numero_avviso: numero,
                    dominio: dominio.clone(),
                    importo
                }
            );
        }
    }

    #[test]
    fn b064_the_amount_in_the_codes_is_cents_from_integers() {
        let numero = NumeroAvviso::parse("301000000000004285").unwrap();
        let dominio = CodDominio::parse("12345678903").unwrap();
        let qr = qr_text(&numero, &dominio, Importo::parse("12.50").unwrap());
        assert_eq!(qr, "PAGOPA|002|301000000000004285|12345678903|1250");
    }

    #[test]
    fn a_wrong_qr_text_says_which_rule_it_breaks() {
        assert!(
            parse_qr_text("PAGOPA|002|301")
                .unwrap_err()
                .contains("cinque parti")
        );
        assert!(
            parse_qr_text("PAGOPA|001|1|1|1")
                .unwrap_err()
                .contains("PAGOPA|002")
        );
        assert!(parse_qr_text("PAGOPA|002|301000000000004285|12345678903|12,50").is_err());
        assert!(parse_qr_text("PAGOPA|002|301000000000004285|12345678903|+1250").is_err());
    }
}
