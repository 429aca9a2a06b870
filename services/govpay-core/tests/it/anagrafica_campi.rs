//! The fields of the anagrafica, each broken in each way that its description allows: missing, of a wrong
//! type, too long, out of its form, out of its list, unknown. The cases are made from the project's own
//! description of the contract and from one full example of each resource.

#![expect(clippy::too_many_lines, reason = "tables of cases")]

use govpay_api::anagrafica as a;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::anagrafica::put;
use crate::mondo::Mondo;

const ADMIN: (&str, &str) = ("gpadmin", "Gpadmin-Password1");

/// A resource: where it is written, a body with all its fields, its description.
struct Risorsa {
    path: &'static str,
    body: Value,
    schema: Value,
}

impl Risorsa {
    fn new<T: ToSchema>(path: &'static str, body: Value) -> Self {
        let mut named = vec![];
        T::schemas(&mut named);
        let schemas: serde_json::Map<String, Value> = named
            .into_iter()
            .map(|(name, schema)| (name, json!(schema)))
            .collect();
        let schema = json!({"root": T::schema(), "components": {"schemas": schemas}});
        Self { path, body, schema }
    }
}

fn auth() -> Value {
    json!({"username": "utente", "password": "segreto"})
}

fn tipo_pendenza() -> Value {
    let promemoria = json!({"abilitato": true, "tipo": "freemarker", "oggetto": "o", "messaggio": "m", "allegaPdf": true});
    let ricevuta = json!({"abilitato": true, "tipo": "freemarker", "oggetto": "o", "messaggio": "m", "allegaPdf": true, "soloEseguiti": true});
    let scadenza = json!({"abilitato": true, "tipo": "freemarker", "oggetto": "o", "messaggio": "m", "preavviso": 5});
    let caricamento = json!({"abilitato": true, "form": {"tipo": "angular2-json-schema-form", "definizione": {"a": 1}, "impaginazione": {}},
        "validazione": {"type": "object"}, "trasformazione": {"tipo": "freemarker", "definizione": "x"}, "inoltro": "GESTIONALE"});
    json!({
        "descrizione": "Mensa", "codificaIUV": "12", "pagaTerzi": true, "abilitato": true,
        "portaleBackoffice": caricamento, "portalePagamento": caricamento,
        "avvisaturaMail": {"promemoriaAvviso": promemoria, "promemoriaRicevuta": ricevuta, "promemoriaScadenza": scadenza},
        "avvisaturaAppIO": {"apiKey": "chiave", "promemoriaAvviso": promemoria, "promemoriaRicevuta": ricevuta, "promemoriaScadenza": scadenza},
        "visualizzazione": {"a": 1},
        "tracciatoCsv": {"tipo": "freemarker", "intestazione": "a;b", "richiesta": "x", "risposta": "y"},
    })
}

fn rendicontazione(own: &Value) -> Value {
    let mut all = json!({"abilitato": false, "emailIndirizzi": ["a@example.it"], "emailSubject": "s", "emailAllegato": true,
        "downloadBaseUrl": "http://x", "fileSystemPath": "/tmp", "tipiPendenza": ["LIBERO"],
        "tipoConnettore": "EMAIL", "intervalloCreazioneTracciato": 24});
    for (name, value) in own.as_object().unwrap() {
        all[name] = value.clone();
    }
    all
}

fn risorse() -> Vec<Risorsa> {
    let rest = json!({"url": "https://pagopa.example", "auth": auth(), "subscriptionKey": "k", "abilitaGDE": true});
    let ftp = json!({"host": "h", "porta": "21", "username": "u", "password": "p"});
    let indirizzo = json!({"indirizzo": "Via Roma", "civico": "1", "cap": "00100", "localita": "Roma", "provincia": "RM",
        "nazione": "IT", "email": "a@example.it", "pec": "b@example.it", "tel": "1", "fax": "2", "web": "w", "area": "Tributi"});
    let con = |base: &Value, more: Value| {
        let mut all = base.clone();
        for (name, value) in more.as_object().unwrap() {
            all[name] = value.clone();
        }
        all
    };
    let mut tipo_dominio = tipo_pendenza();
    tipo_dominio.as_object_mut().unwrap().remove("descrizione");
    vec![
        Risorsa::new::<a::NuovoIntermediario>(
            "/intermediari/20000000016",
            json!({
                "denominazione": "Servizi", "principalPagoPa": "nodo",
                "servizioPagoPa": {"urlRPT": "https://nodo.example", "auth": auth(), "subscriptionKey": "k"},
                "servizioFtp": {"ftp_lettura": ftp, "ftp_scrittura": ftp}, "servizioPagoPaRecuperoRT": rest,
                "servizioPagoPaACA": rest, "servizioPagoPaGPD": rest, "servizioPagoPaFR": rest,
                "servizioPagoPaBackofficeEC": rest, "abilitato": true,
            }),
        ),
        Risorsa::new::<a::NuovaStazione>(
            "/intermediari/20000000016/stazioni/20000000016_01",
            json!({"abilitato": true, "versione": "V1", "password": "Stazione01pw"}),
        ),
        Risorsa::new::<a::NuovoDominio>(
            "/domini/12345678903",
            con(
                &indirizzo,
                json!({
                    "ragioneSociale": "Comune", "abilitato": true, "gln": "8088888000017", "cbill": "AAAAA", "iuvPrefix": "%(y)1",
                    "stazione": "20000000016_01", "auxDigit": "3", "segregationCode": "01", "logo": "iVBORw0KGgo=",
                    "autStampaPosteItaliane": "AUT", "intermediato": true, "tassonomiaPagoPA": "01", "scaricaFr": true,
                    "servizioMyPivot": rendicontazione(&json!({"codiceIPA": "c", "versioneCsv": "1"})),
                    "servizioSecim": rendicontazione(&json!({"codiceCliente": "c", "codiceIstituto": "i", "versioneCsv": "1"})),
                    "servizioGovPay": rendicontazione(&json!({"versioneZip": "1", "url": "https://x", "versioneApi": "REST v1",
                        "auth": auth(), "contenuti": ["RPP"]})),
                    "servizioHyperSicAPKappa": rendicontazione(&json!({"versioneCsv": "1"})),
                    "servizioMaggioliJPPA": {"abilitato": false, "url": "https://x", "auth": auth(), "inviaTracciatoEsito": true,
                        "fileSystemPath": "/tmp", "emailIndirizzi": ["a@example.it"], "emailSubject": "s", "emailAllegato": true,
                        "downloadBaseUrl": "http://x", "dataUltimaRT": "2026-01-01T00:00:00Z"},
                }),
            ),
        ),
        Risorsa::new::<a::NuovaUnitaOperativa>(
            "/domini/12345678903/unitaOperative/U1",
            con(
                &indirizzo,
                json!({"ragioneSociale": "Ufficio", "abilitato": true}),
            ),
        ),
        Risorsa::new::<a::NuovoContoAccredito>(
            "/domini/12345678903/contiAccredito/IT41Q1234501600000000123456",
            json!({
                "bic": "B", "postale": true, "mybank": false, "abilitato": true, "descrizione": "d", "intestatario": "i",
                "autStampaPosteItaliane": "AUT",
            }),
        ),
        Risorsa::new::<a::NuovoTipoEntrata>(
            "/entrate/TARI",
            json!({"descrizione": "d", "tipoContabilita": "ALTRO", "codiceContabilita": "ABC"}),
        ),
        Risorsa::new::<a::NuovaEntrata>(
            "/domini/12345678903/entrate/TARI",
            json!({
                "ibanAccredito": "IT41Q1234501600000000123456", "ibanAppoggio": "IT41Q1234501600000000123456",
                "tipoContabilita": "SIOPE", "codiceContabilita": "ABC", "abilitato": true,
            }),
        ),
        Risorsa::new::<a::NuovoTipoPendenza>("/tipiPendenza/LIBERO", tipo_pendenza()),
        Risorsa::new::<a::NuovoTipoPendenzaDominio>(
            "/domini/12345678903/tipiPendenza/LIBERO",
            tipo_dominio,
        ),
        Risorsa::new::<a::NuovaApplicazione>(
            "/applicazioni/GESTIONALE",
            json!({
                "principal": "gestionale", "password": "Gestionale-Password1",
                "codificaAvvisi": {"codificaIuv": "1", "regExpIuv": "^0", "generazioneIuvInterna": false},
                "domini": ["*"], "tipiPendenza": ["*"], "apiPagamenti": true, "apiPendenze": true, "apiRagioneria": true,
                "acl": [{"servizio": "Pendenze", "autorizzazioni": ["R"]}], "ruoli": ["Ufficio"],
                "servizioIntegrazione": {"url": "https://ente.example", "versioneApi": "REST v2", "auth": auth(), "subscriptionKey": "k",
                    "timeoutConnessione": 500, "timeoutVerifica": 2000, "timeoutNotifica": 10000, "aggiornamentoValiditaMandatorio": true}, "abilitato": true,
            }),
        ),
        Risorsa::new::<a::NuovoOperatore>(
            "/operatori/valtorbida",
            json!({
                "ragioneSociale": "Ufficio", "password": "Valtorbida-Password1", "domini": [{"idDominio": "12345678903", "unitaOperative": ["U1"]}],
                "tipiPendenza": ["*"], "acl": [{"servizio": "Pendenze", "autorizzazioni": ["R"]}], "ruoli": ["Ufficio"], "abilitato": true,
            }),
        ),
        Risorsa::new::<a::NuovoRuolo>(
            "/ruoli/Prova",
            json!({"acl": [{"servizio": "Pendenze", "autorizzazioni": ["R", "W"]}]}),
        ),
    ]
}

/// A body with one fault, where it is, and what is said of it.
struct Caso {
    body: Value,
    campo: String,
    dice: String,
}

struct Casi<'a> {
    risorsa: &'a Risorsa,
    casi: Vec<Caso>,
    campi: usize,
}

impl Casi<'_> {
    fn risolto<'s>(&'s self, schema: &'s Value) -> Option<&'s Value> {
        if let Some(name) = schema["$ref"].as_str() {
            let name = name.rsplit('/').next().unwrap();
            return self.risolto(&self.risorsa.schema["components"]["schemas"][name]);
        }
        if let Some(options) = schema["oneOf"].as_array() {
            // A field that may be null, and something: the something.
            let options: Vec<&Value> = options.iter().filter(|o| o["type"] != "null").collect();
            return match options[..] {
                [one] => self.risolto(one),
                _ => None,
            };
        }
        Some(schema)
    }

    fn caso(&mut self, pointer: &str, value: Option<Value>, campo: &str, dice: &str) {
        let mut body = self.risorsa.body.clone();
        match value {
            Some(value) => {
                *body
                    .pointer_mut(pointer)
                    .unwrap_or_else(|| panic!("{pointer}")) = value
            }
            None => {
                let (parent, name) = pointer.rsplit_once('/').unwrap();
                body.pointer_mut(parent)
                    .unwrap()
                    .as_object_mut()
                    .unwrap()
                    .remove(name);
            }
        }
        self.casi.push(Caso {
            body,
            campo: campo.to_owned(),
            dice: dice.to_owned(),
        });
    }

    fn oggetto(&mut self, pointer: &str, campo: &str, schema: &Value) {
        let di = |name: &str| {
            if campo.is_empty() {
                name.to_owned()
            } else {
                format!("{campo}.{name}")
            }
        };
        if schema["additionalProperties"] == json!(false) {
            let mut body = self.risorsa.body.clone();
            body.pointer_mut(pointer).unwrap()["sconosciuta"] = json!(1);
            self.casi.push(Caso {
                body,
                campo: di("sconosciuta"),
                dice: "proprietà sconosciuta".into(),
            });
        }
        for name in schema["required"].as_array().into_iter().flatten() {
            let name = name.as_str().unwrap();
            self.caso(&format!("{pointer}/{name}"), None, &di(name), "manca");
        }
        let properties = schema["properties"]
            .as_object()
            .cloned()
            .unwrap_or_default();
        for (name, field) in properties {
            let pointer = format!("{pointer}/{name}");
            assert!(
                self.risorsa.body.pointer(&pointer).is_some(),
                "{}: the example has no {pointer}",
                self.risorsa.path
            );
            self.campi += 1;
            let Some(field) = self.risolto(&field).cloned() else {
                continue;
            };
            self.campo(&pointer, &di(&name), &field);
        }
    }

    fn campo(&mut self, pointer: &str, campo: &str, schema: &Value) {
        let types: Vec<&str> = match &schema["type"] {
            Value::String(one) => vec![one],
            Value::Array(all) => all.iter().filter_map(Value::as_str).collect(),
            _ => return,
        };
        let wrong = if types.contains(&"string") || types.contains(&"array") {
            json!(true)
        } else {
            json!("testo")
        };
        let listed = schema["enum"].is_array();
        if !types.contains(&"object") || schema["properties"].is_object() {
            let dice = if listed { "" } else { "deve essere" };
            self.caso(pointer, Some(wrong), campo, dice);
        }
        if listed {
            self.caso(pointer, Some(json!("FUORI")), campo, "deve essere uno tra");
        }
        if let Some(max) = schema["maxLength"].as_u64() {
            let lungo = "9".repeat(usize::try_from(max).unwrap() + 1);
            self.caso(pointer, Some(json!(lungo)), campo, &format!("al più {max}"));
        }
        if schema["minLength"].as_u64() == Some(1) {
            self.caso(pointer, Some(json!("")), campo, "almeno 1");
        }
        if schema["pattern"].is_string() {
            self.caso(pointer, Some(json!("è ò")), campo, "");
        }
        if let Some(min) = schema["minimum"].as_i64() {
            self.caso(pointer, Some(json!(min - 1)), campo, "almeno");
        }
        if schema["properties"].is_object() {
            self.oggetto(pointer, campo, schema);
        }
        if let Some(items) = self.risolto(&schema["items"]).cloned()
            && items["properties"].is_object()
        {
            self.oggetto(&format!("{pointer}/0"), &format!("{campo}[0]"), &items);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_field_broken_in_each_way_is_named_with_its_rule_and_nothing_is_written() {
    let mondo = Mondo::start().await;
    let (mut campi, mut casi) = (0, 0);
    // An entrata needs its account, an operatore its office.
    for risorsa in &risorse() {
        let mut di = Casi {
            risorsa,
            casi: vec![],
            campi: 0,
        };
        let root = risorsa.schema["root"].clone();
        di.oggetto("", "", &root);
        campi += di.campi;
        for Caso { body, campo, dice } in di.casi {
            let (status, fault) = put(&mondo, ADMIN, risorsa.path, &body).await;
            let place = format!("PUT {} with {campo} wrong ({dice})", risorsa.path);
            assert_eq!(status, 400, "{place}: {fault}");
            assert_eq!(fault["categoria"], "RICHIESTA", "{place}: {fault}");
            assert!(
                matches!(fault["codice"].as_str(), Some("400000" | "SINTASSI")),
                "{place}: {fault}"
            );
            let text = fault["dettaglio"].as_str().unwrap();
            assert!(
                text.contains(&campo) && text.contains(&dice),
                "{place}: {text}"
            );
            casi += 1;
        }
        // The example itself is right.
        let (status, fault) = put(&mondo, ADMIN, risorsa.path, &risorsa.body).await;
        assert!(
            status == 200 || status == 201,
            "PUT {}: {status} {fault}",
            risorsa.path
        );
    }
    assert!(campi > 250 && casi > 600, "{campi} fields, {casi} cases");
    mondo.stop().await;
}
