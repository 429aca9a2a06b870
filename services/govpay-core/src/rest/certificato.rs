//! Whose a client certificate is, as a proxy passes it on: the certificate itself or the name of its
//! subject, in the ways in which the common proxies write them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use x509_parser::objects::{oid_registry, oid2abbrev};
use x509_parser::prelude::{FromDer as _, X509Certificate};

/// A distinguished name without the order of its parts and the letter case of their types, which differ
/// from writer to writer.
#[derive(Debug, PartialEq, Eq)]
pub struct Nome(Vec<(String, String)>);

impl Nome {
    /// `None` when no part, or an empty one, is in it.
    fn new(parti: impl Iterator<Item = (String, String)>) -> Option<Self> {
        let parti = parti.map(|(tipo, valore)| (tipo.trim().to_lowercase(), valore));
        let mut parti: Vec<(String, String)> = parti
            .map(|(tipo, valore)| (tipo, valore.trim().to_owned()))
            .collect();
        parti.sort();
        let empty = |(tipo, valore): &(String, String)| tipo.is_empty() || valore.is_empty();
        (!parti.is_empty() && !parti.iter().any(empty)).then_some(Self(parti))
    }

    /// `CN=…, O=…` (RFC 4514, `\` before a separator that is meant) or `/C=…/O=…/CN=…`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (text, separatore) = match text.strip_prefix('/') {
            Some(rest) => (rest, '/'),
            None => (text, ','),
        };
        let mut parti = vec![String::new()];
        let mut chars = text.chars();
        while let Some(c) = chars.next() {
            match c {
                '\\' => parti.last_mut()?.push(chars.next()?),
                c if c == separatore => parti.push(String::new()),
                c => parti.last_mut()?.push(c),
            }
        }
        let parti = parti.iter().map(|parte| parte.split_once('='));
        let parti: Option<Vec<(&str, &str)>> = parti.collect();
        let own = |(tipo, valore): (&str, &str)| (tipo.to_owned(), valore.to_owned());
        Self::new(parti?.into_iter().map(own))
    }

    /// The subject of the header's certificate (PEM, also with its lines joined or escaped for an
    /// address; base64 alone), or the name that the header is.
    pub fn from_header(value: &str) -> Option<Self> {
        let text = decoded(value);
        match der(&text) {
            Some(der) => Self::of_certificate(&der),
            None => Self::parse(&text),
        }
    }

    fn of_certificate(der: &[u8]) -> Option<Self> {
        let (_, certificate) = X509Certificate::from_der(der).ok()?;
        let parti = certificate.subject().iter_attributes().map(|parte| {
            let oid = parte.attr_type();
            let tipo = oid2abbrev(oid, oid_registry()).map(str::to_owned);
            let valore = parte.as_str().ok()?.to_owned();
            Some((tipo.unwrap_or_else(|_| oid.to_id_string()), valore))
        });
        let parti: Option<Vec<(String, String)>> = parti.collect();
        Self::new(parti?.into_iter())
    }
}

/// What is escaped as in an address, read; base64 has `+`, which is not a space here.
fn decoded(value: &str) -> String {
    if !value.contains('%') {
        return value.to_owned();
    }
    let plus = value.replace('+', "%2B");
    let whole = format!("v={plus}");
    let mut pairs = url::form_urlencoded::parse(whole.as_bytes());
    pairs
        .next()
        .map_or_else(String::new, |(_, v)| v.into_owned())
}

fn der(text: &str) -> Option<Vec<u8>> {
    let pem = text.split_once("-----BEGIN CERTIFICATE-----");
    let pem = pem.and_then(|(_, rest)| rest.split_once("-----END CERTIFICATE-----"));
    let base64 = pem.map_or(text, |(inner, _)| inner);
    let base64: String = base64.split_whitespace().collect();
    STANDARD.decode(base64).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Self-signed, `C=IT, O=Comune di Valtorbida, CN=gestionale`.
    const PEM: &str = include_str!("../../tests/it/gestionale.pem");

    #[test]
    fn the_subject_is_the_same_however_the_proxy_writes_it() {
        let nome = Nome::parse("CN=gestionale, O=Comune di Valtorbida,C=IT");
        assert!(nome.is_some());
        let base64: String = PEM.lines().filter(|l| !l.starts_with("---")).collect();
        let escaped: String = url::form_urlencoded::byte_serialize(PEM.as_bytes()).collect();
        for header in [
            "/C=IT/O=Comune di Valtorbida/CN=gestionale",
            "cn=gestionale,o=Comune di Valtorbida,c=IT",
            PEM,
            &PEM.replace('\n', " "),
            &base64,
            &escaped.replace('+', "%20"),
        ] {
            assert_eq!(Nome::from_header(header), nome, "{header}");
        }
        assert_ne!(Nome::parse("CN=altro, O=Comune di Valtorbida, C=IT"), nome);
        assert_ne!(Nome::parse("CN=gestionale, C=IT"), nome);
    }

    #[test]
    fn a_separator_in_a_value_is_escaped_and_what_is_no_name_is_nobody() {
        assert_eq!(
            Nome::parse(r"O=Comune\, Ufficio,CN=a"),
            Nome::new(
                [("cn", "a"), ("o", "Comune, Ufficio")]
                    .map(|(t, v)| (t.into(), v.into()))
                    .into_iter()
            )
        );
        for text in [
            "",
            "/",
            "gestionale",
            "CN=",
            "=x",
            "CN=a,",
            "YWJj",
            r"CN=a\",
        ] {
            assert_eq!(Nome::from_header(text), None, "{text}");
        }
    }
}
