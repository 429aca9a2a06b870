//! Requests and responses of the giornale made readable: parts of a message, indented payload, no
//! passwords. Pure.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

/// A recorded message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Messaggio {
    /// Address, method, status…
    pub dati: Vec<(String, String)>,
    pub testata: Vec<(String, String)>,
    pub corpo: Option<String>,
}

/// Names under which the payload, and the headers, may be.
const CORPO: [&str; 4] = ["payload", "body", "corpo", "messaggio"];
const TESTATA: [&str; 3] = ["headers", "header", "testata"];

impl Messaggio {
    /// Reads `parametriRichiesta` or `parametriRisposta`, whatever its shape: the contract leaves it
    /// open.
    pub fn read(value: Option<&Value>) -> Option<Self> {
        let mut message = Self::default();
        let value = value?;
        // The object itself, or its text.
        let parsed = value
            .as_str()
            .and_then(|text| serde_json::from_str(text).ok());
        match parsed
            .as_ref()
            .filter(|v: &&Value| has_body(v))
            .unwrap_or(value)
        {
            Value::Null => return None,
            Value::Object(parts) => {
                for (name, part) in parts {
                    if CORPO.contains(&name.as_str()) {
                        message.corpo = body(part);
                    } else if TESTATA.contains(&name.as_str()) {
                        message.testata = headers(part);
                    } else if !part.is_null() {
                        message.dati.push((name.clone(), mask(&text(part))));
                    }
                }
            }
            other => message.corpo = body(other),
        }
        (message != Self::default()).then_some(message)
    }
}

fn has_body(value: &Value) -> bool {
    CORPO.iter().any(|name| value.get(name).is_some())
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// `{name: value}` or `[{nome, valore}]`.
fn headers(value: &Value) -> Vec<(String, String)> {
    let secret = |name: &str| {
        let name = name.to_ascii_lowercase();
        name == "authorization" || name.contains("cookie") || name.contains("api-key")
    };
    let shown = |name: String, value: String| {
        let value = if secret(&name) {
            "•••".to_owned()
        } else {
            value
        };
        (name, value)
    };
    match value {
        Value::Object(map) => map.iter().map(|(n, v)| shown(n.clone(), text(v))).collect(),
        Value::Array(list) => {
            let part = |item: &Value, names: [&str; 2]| {
                names.iter().find_map(|name| item.get(name)).map(text)
            };
            let pairs = list.iter().filter_map(|item| {
                Some((
                    part(item, ["nome", "name"])?,
                    part(item, ["valore", "value"])?,
                ))
            });
            pairs.map(|(name, value)| shown(name, value)).collect()
        }
        _ => vec![],
    }
}

fn body(value: &Value) -> Option<String> {
    let raw = match value {
        Value::Null => return None,
        Value::String(text) => decoded(text).unwrap_or_else(|| text.clone()),
        other => return Some(mask(&pretty(other))),
    };
    let shown = match serde_json::from_str::<Value>(&raw) {
        Ok(json @ (Value::Object(_) | Value::Array(_))) => pretty(&json),
        _ if raw.trim_start().starts_with('<') => indent_xml(&raw),
        _ => raw,
    };
    (!shown.is_empty()).then(|| mask(&shown))
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_else(|_| value.to_string())
}

/// GovPay keeps payloads in base64: decoded when a document comes out.
fn decoded(text: &str) -> Option<String> {
    let decoded = String::from_utf8(STANDARD.decode(text.trim()).ok()?).ok()?;
    decoded
        .trim_start()
        .starts_with(['<', '{', '['])
        .then_some(decoded)
}

/// One element a line. For reading only: texts keep their spaces, but between elements they change.
fn indent_xml(xml: &str) -> String {
    let mut out = String::with_capacity(xml.len() * 2);
    let mut depth = 0_usize;
    let flat = xml.trim().replace(">\n", ">").replace(">\r\n", ">");
    let mut pieces = flat.split('<').skip(1).peekable();
    while let Some(piece) = pieces.next() {
        let closing = piece.starts_with('/');
        if closing {
            depth = depth.saturating_sub(1);
        }
        let after_text = closing && !out.ends_with('>') && !out.is_empty();
        let empty_pair = closing && out.ends_with('>') && last_open_matches(&out, piece);
        if !out.is_empty() && !after_text && !empty_pair {
            out.push('\n');
            out.push_str(&"  ".repeat(depth.min(20)));
        }
        out.push('<');
        out.push_str(if pieces.peek().is_some() {
            piece.trim_end_matches([' ', '\t'])
        } else {
            piece
        });
        let declares = piece.starts_with(['?', '!']);
        let tag_end = piece.find('>').unwrap_or(piece.len());
        if !closing && !declares && !piece[..tag_end].ends_with('/') {
            depth += 1;
        }
    }
    out
}

/// Whether the last tag written opens what this one closes, with nothing in between.
fn last_open_matches(out: &str, closing: &str) -> bool {
    let name = closing
        .trim_start_matches('/')
        .split(['>', ' '])
        .next()
        .unwrap_or_default();
    let last = out.rfind('<').map_or("", |at| &out[at + 1..]);
    last.split(['>', ' ']).next() == Some(name)
}

/// Passwords in elements or properties are never shown, whoever recorded them.
fn mask(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((start, len)) = next_secret(rest) {
        out.push_str(&rest[..start]);
        out.push_str("•••");
        rest = &rest[start + len..];
    }
    out.push_str(rest);
    out
}

/// Place and length of the next secret value: `<…password>value<` or `"…password": "value"`.
fn next_secret(text: &str) -> Option<(usize, usize)> {
    let lower = text.to_ascii_lowercase();
    let xml = lower.match_indices("password>").find_map(|(at, found)| {
        let start = at + found.len();
        let opens = !lower[..at]
            .rfind('<')
            .is_some_and(|lt| lower[lt..].starts_with("</"));
        let len = text[start..].find('<').unwrap_or(text.len() - start);
        (opens && len > 0 && !text[start..].starts_with("•••")).then_some((start, len))
    });
    let json = lower.match_indices("password\"").find_map(|(at, found)| {
        let after = &text[at + found.len()..];
        let value = after
            .trim_start()
            .strip_prefix(':')?
            .trim_start()
            .strip_prefix('"')?;
        let start = text.len() - value.len();
        let len = value.find('"')?;
        (len > 0 && !value.starts_with("•••")).then_some((start, len))
    });
    match (xml, json) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_soap_message_in_base64_is_read_indented_and_without_its_password() {
        let xml = "<e:Envelope><e:Body><password>Segreta-1</password><a/><b></b><iuv>01</iuv></e:Body></e:Envelope>";
        let value = json!({
            "url": "http://127.0.0.1/x", "method": "POST", "payload": STANDARD.encode(xml),
            "headers": [{"nome": "Authorization", "valore": "Basic abc"}, {"nome": "SOAPAction", "valore": "x"}]
        });
        let message = Messaggio::read(Some(&value)).unwrap();
        assert_eq!(
            message.corpo.as_deref().unwrap(),
            "<e:Envelope>\n  <e:Body>\n    <password>•••</password>\n    <a/>\n    <b></b>\n    <iuv>01</iuv>\n  </e:Body>\n</e:Envelope>"
        );
        assert_eq!(message.testata[0].1, "•••");
        assert_eq!(message.dati.len(), 2);
        let as_text = Value::String(value.to_string());
        assert_eq!(Messaggio::read(Some(&as_text)).unwrap().dati, message.dati);
    }

    #[test]
    fn a_json_message_is_indented_and_its_passwords_are_hidden() {
        let value = json!(r#"{"causale":"x","password":"Segreta-1","vecchiaPassword": "b"}"#);
        let body = Messaggio::read(Some(&value)).unwrap().corpo.unwrap();
        assert!(
            body.contains("\"causale\": \"x\"") && body.contains('\n'),
            "{body}"
        );
        assert!(
            !body.contains("Segreta-1") && body.matches("•••").count() == 2,
            "{body}"
        );
    }

    #[test]
    fn whatever_was_recorded_is_shown_and_nothing_is_nothing() {
        assert_eq!(Messaggio::read(None), None);
        assert_eq!(Messaggio::read(Some(&Value::Null)), None);
        assert_eq!(Messaggio::read(Some(&json!({}))), None);
        let half = Messaggio::read(Some(&json!("<a><password>mai chiusa"))).unwrap();
        assert!(half.corpo.unwrap().ends_with("<password>•••"));
        let text = Messaggio::read(Some(&json!("502 Bad Gateway"))).unwrap();
        assert_eq!(text.corpo.as_deref(), Some("502 Bad Gateway"));
    }
}
