//! Credentials that the core shows to others: written, never read. Where one is, [`MASCHERA`] is told;
//! whoever sends that back leaves what is kept.

use serde_json::Value;

/// Stands for a secret that is there.
pub const MASCHERA: &str = "********";

/// Names of the fields that hold one.
const SEGRETI: [&str; 8] = [
    "password",
    "headerValue",
    "apiKey",
    "clientSecret",
    "subscriptionKey",
    "ksPassword",
    "ksPKeyPasswd",
    "tsPassword",
];

/// Hides the secrets of a resource.
pub fn maschera(value: &mut Value) {
    ogni_segreto(value, None, &mut |secret, _| {
        *secret = Value::from(MASCHERA);
    });
}

/// Puts those that are kept where their mask was sent back.
pub fn riprendi(value: &mut Value, kept: &Value) {
    ogni_segreto(value, Some(kept), &mut |secret, kept| {
        if let (Some(MASCHERA), Some(kept)) = (secret.as_str(), kept) {
            *secret = kept.clone();
        }
    });
}

/// Calls `f` with each secret and what is kept at the same place.
fn ogni_segreto(
    value: &mut Value,
    kept: Option<&Value>,
    f: &mut impl FnMut(&mut Value, Option<&Value>),
) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                let kept = kept.and_then(|kept| kept.get(name));
                if SEGRETI.contains(&name.as_str()) && field.is_string() {
                    f(field, kept);
                } else {
                    ogni_segreto(field, kept, f);
                }
            }
        }
        Value::Array(items) => {
            for (i, item) in items.iter_mut().enumerate() {
                ogni_segreto(item, kept.and_then(|kept| kept.get(i)), f);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_shown_can_be_sent_back() {
        let kept = json!({"url": "u", "auth": {"username": "a", "password": "Segreta"},
            "password": true, "list": [{"apiKey": "k"}]});
        let mut shown = kept.clone();
        maschera(&mut shown);
        assert_eq!(
            shown,
            json!({"url": "u", "auth": {"username": "a", "password": MASCHERA},
                "password": true, "list": [{"apiKey": MASCHERA}]})
        );
        shown["url"] = "v".into();
        riprendi(&mut shown, &kept);
        assert_eq!(shown["auth"]["password"], "Segreta");
        assert_eq!(shown["list"][0]["apiKey"], "k");
        let mut changed = json!({"auth": {"username": "a", "password": "Nuova"}});
        riprendi(&mut changed, &kept);
        assert_eq!(changed["auth"]["password"], "Nuova");
    }
}
