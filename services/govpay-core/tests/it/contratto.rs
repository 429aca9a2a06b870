//! Our description of the Backoffice's resources beside GovPay's: the same fields at every depth, the same
//! lists of values, and nothing asked for that GovPay's clients may leave out. Read from the documents in
//! `GOVPAY_CONTRACT_DIR`.

use std::collections::{BTreeMap, BTreeSet};

use govpay_api::anagrafica as a;
use serde_json::{Value, json};
use utoipa::ToSchema;

/// What a description says of an object: each field by its path, with its list of values, and which of
/// them must be there.
#[derive(Default)]
struct Campi {
    campi: BTreeMap<String, BTreeSet<String>>,
    obbligatori: BTreeSet<String>,
}

impl Campi {
    fn of(document: &Value, root: &Value) -> Self {
        let mut campi = Self::default();
        campi.oggetto(document, root, "", &mut vec![]);
        campi
    }

    fn oggetto(&mut self, document: &Value, schema: &Value, path: &str, within: &mut Vec<String>) {
        if let Some(name) = schema["$ref"].as_str().and_then(|r| r.rsplit('/').next()) {
            if within.iter().any(|known| known == name) {
                return;
            }
            within.push(name.to_owned());
            self.oggetto(
                document,
                &document["components"]["schemas"][name],
                path,
                within,
            );
            within.pop();
            return;
        }
        for part in ["allOf", "oneOf"] {
            for one in schema[part].as_array().into_iter().flatten() {
                self.oggetto(document, one, path, within);
            }
        }
        if let (false, Some(values)) = (path.is_empty(), schema["enum"].as_array()) {
            let values = values.iter().filter_map(Value::as_str).map(str::to_owned);
            self.campi
                .entry(path.to_owned())
                .or_default()
                .extend(values);
        }
        if schema["items"].is_object() {
            self.oggetto(document, &schema["items"], path, within);
        }
        for (name, field) in schema["properties"].as_object().into_iter().flatten() {
            let path = format!("{path}/{name}");
            self.campi.entry(path.clone()).or_default();
            self.oggetto(document, field, &path, within);
        }
        // Which alternative of several is meant is not known here.
        if schema["oneOf"].is_null() {
            let names = schema["required"].as_array().into_iter().flatten();
            let names = names
                .filter_map(Value::as_str)
                .map(|name| format!("{path}/{name}"));
            self.obbligatori.extend(names);
        }
    }
}

fn nostri<T: ToSchema>() -> Campi {
    let mut named = vec![];
    T::schemas(&mut named);
    let schemas: serde_json::Map<String, Value> = named
        .into_iter()
        .map(|(name, schema)| (name, json!(schema)))
        .collect();
    let document = json!({"components": {"schemas": schemas}});
    Campi::of(&document, &json!(T::schema()))
}

#[test]
fn the_resources_of_the_backoffice_have_the_fields_of_the_contract() {
    #[expect(
        clippy::disallowed_methods,
        reason = "the environment of a test run has no config.rs"
    )]
    let dir = std::env::var("GOVPAY_CONTRACT_DIR")
        .expect("GOVPAY_CONTRACT_DIR: a copy of GovPay's documents");
    let text = std::fs::read_to_string(format!("{dir}/govpay-api-backoffice-v1.yaml")).unwrap();
    let document: Value = serde_saphyr::from_str(&text).unwrap();
    let mut seen = 0;
    for (name, ours) in [
        ("intermediarioPost", nostri::<a::NuovoIntermediario>()),
        ("stazionePost", nostri::<a::NuovaStazione>()),
        ("dominioPost", nostri::<a::NuovoDominio>()),
        ("unitaOperativaPost", nostri::<a::NuovaUnitaOperativa>()),
        ("contiAccreditoPost", nostri::<a::NuovoContoAccredito>()),
        ("tipoEntrataPost", nostri::<a::NuovoTipoEntrata>()),
        ("entrataPost", nostri::<a::NuovaEntrata>()),
        ("tipoPendenzaPost", nostri::<a::NuovoTipoPendenza>()),
        (
            "tipoPendenzaDominioPost",
            nostri::<a::NuovoTipoPendenzaDominio>(),
        ),
        ("applicazionePost", nostri::<a::NuovaApplicazione>()),
        ("operatorePost", nostri::<a::NuovoOperatore>()),
        ("ruoloPost", nostri::<a::NuovoRuolo>()),
        ("configurazione", nostri::<a::Configurazione>()),
    ] {
        let theirs = Campi::of(&document, &document["components"]["schemas"][name]);
        assert!(!theirs.campi.is_empty(), "{name} is in the contract");
        for (path, values) in &theirs.campi {
            let found = ours.campi.get(path);
            let found = found.unwrap_or_else(|| panic!("{name}{path} is not in our description"));
            assert!(
                values.is_empty() || values.is_subset(found),
                "{name}{path}: {values:?}, ours {found:?}"
            );
            seen += 1;
        }
        let more: Vec<&String> = ours.obbligatori.difference(&theirs.obbligatori).collect();
        assert!(
            more.is_empty(),
            "{name}: we ask for {more:?}, the contract does not"
        );
    }
    assert!(seen > 300, "{seen} fields");
}
