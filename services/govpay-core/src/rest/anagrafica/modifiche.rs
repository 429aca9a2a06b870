//! A PATCH of a caller or of a role: each change is made on the body that a PUT would carry, which then
//! goes the way of a PUT.

use govpay_api::PatchOp;
use serde_json::Value;

use crate::pagamenti::Errore;

/// Changes the fields `campi` of the body.
///
/// `ADD` puts an element into a list (an ACL over the one of its servizio) or sets a field, `REPLACE`
/// sets the field, `DELETE` takes the element, or the field, away.
pub fn applica(body: &mut Value, ops: &[PatchOp], campi: &[&str]) -> Result<(), Errore> {
    for (i, op) in ops.iter().enumerate() {
        let campo = op.path.trim_start_matches('/');
        if !campi.contains(&campo) {
            let known: Vec<String> = campi.iter().map(|campo| format!("/{campo}")).collect();
            return Err(Errore::richiesta(format!(
                "[{i}].path: il valore '{}' deve essere uno tra {}",
                op.path,
                known.join(", ")
            )));
        }
        una(body, op, campo, i)?;
    }
    Ok(())
}

fn una(body: &mut Value, op: &PatchOp, campo: &str, i: usize) -> Result<(), Errore> {
    let is_list = LISTE.contains(&campo);
    match (op.op.as_str(), is_list && !op.value.is_array()) {
        ("ADD" | "REPLACE" | "DELETE", true) => {
            let mut list = match body[campo].take() {
                Value::Array(list) => list,
                _ => vec![],
            };
            list.retain(|old| !same(old, &op.value));
            if op.op != "DELETE" {
                list.push(op.value.clone());
            }
            body[campo] = Value::Array(list);
        }
        ("ADD" | "REPLACE", false) => body[campo] = op.value.clone(),
        ("DELETE", false) => {
            if let Value::Object(fields) = body {
                fields.remove(campo);
            }
        }
        _ => {
            return Err(Errore::richiesta(format!(
                "[{i}].op: il valore '{}' deve essere uno tra ADD, DELETE, REPLACE",
                op.op
            )));
        }
    }
    Ok(())
}

/// The fields that are lists.
const LISTE: [&str; 4] = ["acl", "ruoli", "domini", "tipiPendenza"];

/// Whether both are the same element: an ACL is its servizio, a body its idDominio.
fn same(a: &Value, b: &Value) -> bool {
    let key = |v: &Value| {
        let named = v.get("servizio").or_else(|| v.get("idDominio"));
        named.cloned().unwrap_or_else(|| v.clone())
    };
    key(a) == key(b)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn op(op: &str, path: &str, value: Value) -> PatchOp {
        PatchOp {
            op: op.to_owned(),
            path: path.to_owned(),
            value,
        }
    }

    #[test]
    fn elements_are_added_over_their_like_and_taken_away() {
        let r = json!({"servizio": "Pendenze", "autorizzazioni": ["R"]});
        let rw = json!({"servizio": "Pendenze", "autorizzazioni": ["R", "W"]});
        let mut body = json!({"acl": [r], "ruoli": ["Ufficio"], "domini": [{"idDominio": "*"}]});
        let ops = [
            op("ADD", "/acl", rw.clone()),
            op("DELETE", "/ruoli", json!("Ufficio")),
            op("DELETE", "/domini", json!("*")),
            op("REPLACE", "/abilitato", json!(false)),
        ];
        applica(&mut body, &ops, &["acl", "ruoli", "domini", "abilitato"]).unwrap();
        assert_eq!(
            body,
            json!({"acl": [rw], "ruoli": [], "domini": [], "abilitato": false})
        );
    }

    #[test]
    fn a_path_or_an_operation_that_is_not_known_says_which_are() {
        let said = |ops: &[PatchOp]| match applica(&mut json!({}), ops, &["acl"]) {
            Err(Errore::Rifiuto { dettaglio, .. }) => dettaglio,
            _ => panic!("accepted"),
        };
        let text = said(&[op("ADD", "/colore", json!(1))]);
        assert_eq!(
            text,
            "[0].path: il valore '/colore' deve essere uno tra /acl"
        );
        let text = said(&[op("MOVE", "/acl", json!([]))]);
        assert_eq!(
            text,
            "[0].op: il valore 'MOVE' deve essere uno tra ADD, DELETE, REPLACE"
        );
    }
}
