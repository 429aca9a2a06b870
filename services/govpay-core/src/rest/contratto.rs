//! Bodies of requests held to their schema: the one that the OpenAPI document publishes is the one
//! that judges. What breaks it is told with the path of the field, its value and the rule.

use std::any::TypeId;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, RwLock};

use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use jsonschema::{ValidationError, Validator};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::risposta::sintassi;
use crate::pagamenti::Errore;

/// Faults told of one body.
const DIFETTI_MAX: usize = 10;
/// Characters of a value that are quoted.
const VALORE_MAX: usize = 60;

/// The forms of the contract that have words for people.
const FORME: [(&str, &str); 13] = [
    ("^[FG]$", "deve essere F o G"),
    ("^[0-9]{11}$", "deve avere 11 cifre"),
    ("^([0-9]{11}|\\*)$", "deve avere 11 cifre, o essere *"),
    ("^([0-9]{13})?$", "deve avere 13 cifre"),
    ("^[0-9]{11}_[0-9]{2}$", "deve avere 11 cifre, _ e 2 cifre"),
    ("^[0-3]$", "deve essere 0, 1, 2 o 3"),
    ("^[0-9]{1,2}$", "deve avere 1 o 2 cifre"),
    ("^[0-9]{1,3}$", "deve avere da 1 a 3 cifre"),
    ("^[0-9]{0,3}$", "deve avere al più 3 cifre"),
    ("^[0-9]{1,5}$", "deve avere da 1 a 5 cifre"),
    ("^[A-Z]{2}$", "deve avere 2 lettere maiuscole"),
    ("^https?://", "deve cominciare con http:// o https://"),
    (
        "^(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9])(?!.*\\s).{8,}$",
        "deve avere almeno 8 caratteri, con una lettera minuscola, una maiuscola e una cifra, senza spazi",
    ),
];

/// The judges, one per type, made when first needed.
static GIUDICI: LazyLock<RwLock<HashMap<TypeId, Arc<Validator>>>> = LazyLock::new(Default::default);

/// The schema of `T` with all those it refers to, as one document.
pub fn schema<T: ToSchema>() -> Value {
    let mut named = vec![];
    T::schemas(&mut named);
    let schemas: serde_json::Map<String, Value> = named
        .into_iter()
        .map(|(name, schema)| (name, json!(schema)))
        .collect();
    json!({ "allOf": [T::schema()], "components": { "schemas": schemas } })
}

fn giudice<T: ToSchema + 'static>() -> Result<Arc<Validator>, Errore> {
    let id = TypeId::of::<T>();
    let known = GIUDICI.read().ok().and_then(|all| all.get(&id).cloned());
    if let Some(known) = known {
        return Ok(known);
    }
    let made = jsonschema::draft202012::new(&schema::<T>())
        .map(Arc::new)
        .map_err(|error| Errore::Store(platform::StoreError::corrupt(error.to_string())))?;
    if let Ok(mut all) = GIUDICI.write() {
        all.insert(id, Arc::clone(&made));
    }
    Ok(made)
}

/// The body, if it is as its schema wants it.
///
/// Faults of form (not JSON, wrong type, unknown property, value out of a list) are SINTASSI, the
/// others 400000; ten at most are told.
pub fn corpo<T: ToSchema + DeserializeOwned + 'static>(bytes: &[u8]) -> Result<T, Errore> {
    let value: Value = serde_json::from_slice(bytes)
        .map_err(|error| sintassi(format!("il corpo della richiesta non è JSON: {error}")))?;
    leggi(value)
}

/// The same of a body already read.
pub fn leggi<T: ToSchema + DeserializeOwned + 'static>(value: Value) -> Result<T, Errore> {
    giudica::<T>(&value)?;
    serde_json::from_value(value)
        .map_err(|error| sintassi(format!("il corpo della richiesta non è valido: {error}")))
}

/// What the schema of `T` says of the value.
fn giudica<T: ToSchema + 'static>(value: &Value) -> Result<(), Errore> {
    let giudice = giudice::<T>()?;
    let difetti: Vec<ValidationError<'_>> = giudice.iter_errors(value).take(DIFETTI_MAX).collect();
    if difetti.is_empty() {
        return Ok(());
    }
    let form = difetti.iter().any(is_form);
    let text: Vec<String> = difetti.iter().map(parole).collect();
    let text = text.join("; ");
    Err(if form {
        sintassi(text)
    } else {
        Errore::richiesta(text)
    })
}

/// The body, read at once: only one that cannot be read is held to its schema, which says why.
pub fn corpo_svelto<T: ToSchema + DeserializeOwned + 'static>(bytes: &[u8]) -> Result<T, Errore> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let read = serde_path_to_error::deserialize(&mut reader);
    let error = match read {
        Ok(value) => return reader.end().map(|()| value).map_err(non_json),
        Err(error) => error,
    };
    let value: Value = serde_json::from_slice(bytes).map_err(non_json)?;
    giudica::<T>(&value)?;
    // The schema has nothing to say: a type of the domain has refused the value, in its own words.
    let campo = percorso_di(error.path());
    let why = error.into_inner().to_string();
    let why = why.split(" at line ").next().unwrap_or_default();
    Err(sintassi(format!("{}: {why}", nome(&campo))))
}

fn non_json(error: serde_json::Error) -> Errore {
    sintassi(format!("il corpo della richiesta non è JSON: {error}"))
}

/// `voci[0].importo`, as `serde_path_to_error` has it.
fn percorso_di(path: &serde_path_to_error::Path) -> String {
    match path.to_string() {
        root if root == "." => String::new(),
        path => path,
    }
}

/// Why a value does not obey a JSON Schema that somebody wrote; one that refers to others by address
/// is not fetched, it is refused.
pub fn secondo_lo_schema(schema: &Value, value: &Value) -> Result<(), String> {
    let giudice = jsonschema::validator_for(schema)
        .map_err(|error| format!("lo schema non è un JSON Schema: {error}"))?;
    let difetti = giudice.iter_errors(value).take(DIFETTI_MAX);
    let text: Vec<String> = difetti.map(|difetto| parole(&difetto)).collect();
    if text.is_empty() {
        Ok(())
    } else {
        Err(text.join("; "))
    }
}

/// Whether the fault is of form, here or in the alternative that was meant.
fn is_form(error: &ValidationError<'_>) -> bool {
    match error.kind() {
        Kind::Type { .. } | Kind::AdditionalProperties { .. } | Kind::Enum { .. } => true,
        Kind::OneOfNotValid { context } | Kind::AnyOf { context } => match intesa(error, context) {
            Some(faults) => faults.iter().any(is_form),
            None => true,
        },
        _ => false,
    }
}

/// The faults of the alternative that was meant: the one that is of the type of the value, when there
/// is one only. A field that may be absent is one: null, or what it is.
fn intesa<'a>(
    error: &ValidationError<'_>,
    context: &'a [Vec<ValidationError<'static>>],
) -> Option<&'a [ValidationError<'static>]> {
    let here = error.instance_path().to_string();
    let other_type = |fault: &ValidationError<'_>| {
        matches!(fault.kind(), Kind::Type { .. }) && fault.instance_path().to_string() == here
    };
    let mut of_type = context
        .iter()
        .filter(|faults| !faults.iter().any(other_type));
    let meant = of_type.next().filter(|_| of_type.next().is_none())?;
    Some(meant.as_slice()).filter(|faults| !faults.is_empty())
}

/// What to say of a value that is in none of the forms it may have.
fn alternative(
    error: &ValidationError<'_>,
    context: &[Vec<ValidationError<'static>>],
    campo: &str,
) -> String {
    if let Some(faults) = intesa(error, context) {
        let text: Vec<String> = faults.iter().map(parole).collect();
        return text.join("; ");
    }
    // Whoever wrote it meant the form that it is nearest to.
    let real = |faults: &&Vec<ValidationError<'static>>| {
        faults.first().is_some_and(|fault| {
            !matches!(
                fault.kind(),
                Kind::Type {
                    kind: TypeKind::Single(jsonschema::JsonType::Null)
                }
            )
        })
    };
    let mut forms: Vec<_> = context.iter().filter(real).collect();
    forms.sort_by_key(|faults| faults.len());
    match forms[..] {
        [] => format!("{}: il valore non è ammesso", nome(campo)),
        [one] => parole(&one[0]),
        [nearest, ..] => format!(
            "{}: non è in nessuna delle forme ammesse ({})",
            nome(campo),
            parole(&nearest[0])
        ),
    }
}

/// `campo: what is wrong with which value and the rule`.
fn parole(error: &ValidationError<'_>) -> String {
    let campo = percorso(&error.instance_path().to_string());
    let dentro = |nome: &str| match campo.as_str() {
        "" => nome.to_owned(),
        campo => format!("{campo}.{nome}"),
    };
    let valore = citato(&campo, error.instance());
    let di = |regola: String| format!("{}: il valore {valore} {regola}", nome(&campo));
    match error.kind() {
        Kind::Required { property } => {
            let property = property.as_str().unwrap_or_default();
            format!("{}: manca", dentro(property))
        }
        Kind::AdditionalProperties { unexpected } => {
            let names: Vec<String> = unexpected.iter().map(|name| dentro(name)).collect();
            format!("{}: proprietà sconosciuta", names.join(", "))
        }
        Kind::Type { kind } => di(format!("deve essere {}", tipo(kind))),
        Kind::Enum { options } => {
            let names = options.as_array().into_iter().flatten();
            let names: Vec<String> = names.filter(|v| !v.is_null()).map(testo).collect();
            di(format!("deve essere uno tra {}", names.join(", ")))
        }
        Kind::MaxLength { limit } => {
            let n = error
                .instance()
                .as_str()
                .map_or(0, |text| text.chars().count());
            format!(
                "{}: ha {n} caratteri, deve averne al più {limit}",
                nome(&campo)
            )
        }
        Kind::MinLength { limit } => {
            let n = error
                .instance()
                .as_str()
                .map_or(0, |text| text.chars().count());
            format!(
                "{}: ha {n} caratteri, deve averne almeno {limit}",
                nome(&campo)
            )
        }
        Kind::Pattern { pattern } => {
            let known = FORME.iter().find(|(form, _)| form == pattern);
            let regola = known.map(|(_, words)| (*words).to_owned());
            di(regola.unwrap_or_else(|| format!("non ha la forma {pattern}")))
        }
        Kind::MaxItems { limit } => format!("{}: al più {limit} elementi", nome(&campo)),
        Kind::MinItems { limit } => format!("{}: almeno {limit} elementi", nome(&campo)),
        Kind::Minimum { limit } => di(format!("deve essere almeno {limit}")),
        Kind::Maximum { limit } => di(format!("deve essere al più {limit}")),
        Kind::OneOfNotValid { context } | Kind::AnyOf { context } => {
            alternative(error, context, &campo)
        }
        _ => format!("{}: il valore {valore} non è ammesso", nome(&campo)),
    }
}

fn nome(campo: &str) -> &str {
    if campo.is_empty() { "il corpo" } else { campo }
}

/// `/voci/0/importo` as `voci[0].importo`.
fn percorso(pointer: &str) -> String {
    let mut path = String::new();
    for part in pointer.split('/').skip(1) {
        let part = part.replace("~1", "/").replace("~0", "~");
        if part.bytes().all(|b| b.is_ascii_digit()) && !part.is_empty() {
            path.push_str(&format!("[{part}]"));
        } else {
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(&part);
        }
    }
    path
}

fn tipo(kind: &TypeKind) -> String {
    use jsonschema::JsonType;
    let name = |t: JsonType| match t {
        JsonType::Array => Some("un elenco"),
        JsonType::Boolean => Some("true o false"),
        JsonType::Integer => Some("un numero intero"),
        JsonType::Null => None,
        JsonType::Number => Some("un numero"),
        JsonType::Object => Some("un oggetto"),
        JsonType::String => Some("un testo"),
    };
    let names: Vec<&str> = match kind {
        TypeKind::Single(one) => name(*one).into_iter().collect(),
        TypeKind::Multiple(all) => all.iter().filter_map(name).collect(),
    };
    names.join(" o ")
}

fn testo(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// The value as it is quoted: short, and never a secret.
fn citato(campo: &str, value: &Value) -> String {
    const SEGRETI: [&str; 9] = [
        "password",
        "tsPassword",
        "ksPassword",
        "ksPKeyPasswd",
        "apiKey",
        "clientSecret",
        "secretKey",
        "headerValue",
        "subscriptionKey",
    ];
    let last = campo.rsplit('.').next().unwrap_or_default();
    if SEGRETI.contains(&last) {
        return "indicato".to_owned();
    }
    let text = match value {
        Value::String(text) => format!("'{text}'"),
        Value::Array(_) => return "(un elenco)".to_owned(),
        Value::Object(_) => return "(un oggetto)".to_owned(),
        other => other.to_string(),
    };
    match text.char_indices().nth(VALORE_MAX) {
        Some((at, _)) => format!("{}…'", &text[..at]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use govpay_api::anagrafica::{
        NuovaApplicazione, NuovaStazione, NuovoDominio, NuovoIntermediario,
    };

    use super::*;

    fn detto<T: ToSchema + DeserializeOwned + 'static>(body: Value) -> (String, String) {
        match leggi::<T>(body) {
            Err(Errore::Rifiuto {
                codice, dettaglio, ..
            }) => (codice, dettaglio),
            Err(Errore::Store(error)) => panic!("{error}"),
            Ok(_) => panic!("accepted"),
        }
    }

    #[test]
    fn each_fault_has_its_field_its_value_and_its_rule() {
        let stazione = |body| detto::<NuovaStazione>(body);
        for (body, codice, dettaglio) in [
            (json!({"versione": "V1"}), "400000", "abilitato: manca"),
            (
                json!({"versione": "V3", "abilitato": true}),
                "SINTASSI",
                "versione: il valore 'V3' deve essere uno tra V1, V2",
            ),
            (
                json!({"versione": "V1", "abilitato": "si"}),
                "SINTASSI",
                "abilitato: il valore 'si' deve essere true o false",
            ),
            (
                json!({"versione": "V1", "abilitato": true, "colore": 1}),
                "SINTASSI",
                "colore: proprietà sconosciuta",
            ),
            (
                json!({"versione": "V1", "abilitato": true, "password": "x".repeat(36)}),
                "400000",
                "password: ha 36 caratteri, deve averne al più 35",
            ),
            (
                json!([]),
                "SINTASSI",
                "il corpo: il valore (un elenco) deve essere un oggetto",
            ),
        ] {
            assert_eq!(stazione(body), (codice.to_owned(), dettaglio.to_owned()));
        }
        let (_, text) = detto::<NuovoDominio>(
            json!({"ragioneSociale": "Comune", "abilitato": true, "auxDigit": "7", "nazione": "it"}),
        );
        assert!(
            text.contains("auxDigit: il valore '7' deve essere 0, 1, 2 o 3"),
            "{text}"
        );
        assert!(
            text.contains("nazione: il valore 'it' deve avere 2 lettere maiuscole"),
            "{text}"
        );
    }

    #[test]
    fn the_nearest_of_several_forms_is_explained_and_secrets_are_not_quoted() {
        let (codice, text) = detto::<NuovoIntermediario>(json!({
            "denominazione": "Servizi", "principalPagoPa": "nodo",
            "servizioPagoPa": {"urlRPT": "http://nodo.example", "auth": {"username": "u", "password": 5}},
        }));
        assert_eq!(codice, "SINTASSI");
        assert!(
            text.starts_with("servizioPagoPa.auth: non è in nessuna")
                && text.contains("auth.password"),
            "{text}"
        );
        assert!(!text.contains('5'), "{text}");
        let (_, text) =
            detto::<NuovaApplicazione>(json!({"principal": "a", "password": "segreta"}));
        assert!(
            text.contains("almeno 8 caratteri") && !text.contains("segreta"),
            "{text}"
        );
    }
}
