//! The form of WISP 1.3 as a body's portal posts it: its fields, their limits, what is refused.

use std::collections::HashMap;

use domain::{CodDominio, Importo};
use tenant::Tenant;
use url::Url;

/// A form that obeys the rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Richiesta {
    pub id_dominio: CodDominio,
    pub ente_creditore: String,
    pub key_pa: String,
    pub url_return: String,
    pub url_back: String,
    pub importo: Importo,
    pub bollo: bool,
    pub modello_2: bool,
    pub conto_poste: bool,
    pub id_psp: Option<String>,
}

/// A field that breaks a rule: its name and the rule, for whoever builds the portal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CampoErrato {
    pub campo: &'static str,
    pub regola: String,
}

impl Richiesta {
    /// Reads a form. All faults are told at once.
    pub fn read(
        campi: &HashMap<String, String>,
        tenant: &Tenant,
    ) -> Result<Self, Vec<CampoErrato>> {
        let mut form = FormReader {
            campi,
            faults: Vec::new(),
        };
        let id_dominio = form.dominio(tenant);
        let ente_creditore = form.required("enteCreditore", 140);
        let key_pa = form.key("keyPA");
        let url_return = form.url("urlReturn");
        let url_back = form.url("urlBack");
        form.one_of("primitiva", &["nodoInviaRPT", "nodoInviaCarrelloRPT"]);
        form.number("numPagamentiRPT");
        form.si_no("stornoPagamento");
        let bollo = form.si_no("bolloDigitale");
        let importo = form.importo("importoTransazione");
        form.one_of("versioneInterfacciaWISP", &["1.3"]);
        let conto_poste = form.si_no("contoPoste");
        let modello_2 = form.si_no("pagamentiModello2");
        let id_psp = form.optional("idPSP", 35);
        match (id_dominio, importo) {
            (Some(id_dominio), Some(importo)) if form.faults.is_empty() => Ok(Self {
                id_dominio,
                ente_creditore,
                key_pa,
                url_return,
                url_back,
                importo,
                bollo,
                modello_2,
                conto_poste,
                id_psp,
            }),
            _ => Err(form.faults),
        }
    }
}

struct FormReader<'a> {
    campi: &'a HashMap<String, String>,
    faults: Vec<CampoErrato>,
}

impl FormReader<'_> {
    fn value(&self, campo: &str) -> &str {
        self.campi.get(campo).map_or("", |v| v.trim())
    }

    fn fault(&mut self, campo: &'static str, regola: impl Into<String>) {
        self.faults.push(CampoErrato {
            campo,
            regola: regola.into(),
        });
    }

    fn required(&mut self, campo: &'static str, max: usize) -> String {
        let value = self.value(campo).to_owned();
        if value.is_empty() {
            self.fault(campo, "manca");
        } else if value.chars().count() > max {
            self.fault(campo, format!("ha al massimo {max} caratteri"));
        }
        value
    }

    fn optional(&mut self, campo: &'static str, max: usize) -> Option<String> {
        let value = self.value(campo).to_owned();
        if value.chars().count() > max {
            self.fault(campo, format!("ha al massimo {max} caratteri"));
        }
        Some(value).filter(|v| !v.is_empty())
    }

    fn key(&mut self, campo: &'static str) -> String {
        let value = self.required(campo, 40);
        if !value.bytes().all(|b| b.is_ascii_graphic()) {
            self.fault(campo, "contiene solo lettere, cifre e segni, senza spazi");
        }
        value
    }

    fn url(&mut self, campo: &'static str) -> String {
        let value = self.required(campo, 255);
        let is_web = Url::parse(&value).is_ok_and(|u| matches!(u.scheme(), "http" | "https"));
        if !value.is_empty() && !is_web {
            self.fault(campo, "è un indirizzo http o https");
        }
        value
    }

    fn one_of(&mut self, campo: &'static str, allowed: &[&str]) {
        if !allowed.contains(&self.value(campo)) {
            self.fault(campo, format!("vale {}", allowed.join(" oppure ")));
        }
    }

    fn number(&mut self, campo: &'static str) {
        let in_range = self
            .value(campo)
            .parse::<u8>()
            .is_ok_and(|n| (1..=5).contains(&n));
        if !in_range {
            self.fault(campo, "è un numero da 1 a 5");
        }
    }

    fn si_no(&mut self, campo: &'static str) -> bool {
        self.one_of(campo, &["SI", "NO"]);
        self.value(campo) == "SI"
    }

    fn importo(&mut self, campo: &'static str) -> Option<Importo> {
        let value = self.value(campo).to_owned();
        let importo = Importo::parse(&value).ok().filter(|i| !i.is_zero());
        let has_two_decimals = value.split_once('.').is_some_and(|(_, d)| d.len() == 2);
        if importo.is_none() || !has_two_decimals {
            self.fault(
                campo,
                "è un importo con due decimali e il punto, diverso da 0.00",
            );
        }
        importo
    }

    fn dominio(&mut self, tenant: &Tenant) -> Option<CodDominio> {
        let campo = "idDominio";
        match CodDominio::parse(self.value(campo)) {
            Err(error) => {
                self.fault(campo, error.to_string());
                None
            }
            Ok(cod) if tenant.dominio(cod.as_str()).is_none() => {
                self.fault(
                    campo,
                    format!("{cod} non è tra gli enti collegati a questo WISP"),
                );
                None
            }
            Ok(cod) => Some(cod),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(changes: &[(&str, &str)]) -> HashMap<String, String> {
        let base = [
            ("idDominio", "12345678903"),
            ("enteCreditore", "Comune di Valtorbida"),
            ("keyPA", "0123456789abcdef0123456789abcdef"),
            ("urlReturn", "http://127.0.0.1:8082/wisp/ritorno"),
            ("urlBack", "http://127.0.0.1:8082/wisp/annullo"),
            ("primitiva", "nodoInviaRPT"),
            ("numPagamentiRPT", "1"),
            ("stornoPagamento", "NO"),
            ("bolloDigitale", "NO"),
            ("terzoModelloPagamento", "NO"),
            ("importoTransazione", "12.50"),
            ("versioneInterfacciaWISP", "1.3"),
            ("contoPoste", "NO"),
            ("pagamentiModello2", "SI"),
        ];
        base.iter()
            .chain(changes)
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect()
    }

    fn read(changes: &[(&str, &str)]) -> Result<Richiesta, Vec<CampoErrato>> {
        Richiesta::read(&form(changes), &Tenant::load(None).unwrap())
    }

    #[test]
    fn a_good_form_is_read() {
        let richiesta = read(&[]).unwrap();
        assert_eq!(richiesta.importo.cents(), 1250);
        assert!(richiesta.modello_2 && !richiesta.bollo);
        assert_eq!(richiesta.id_psp, None);
    }

    #[test]
    fn every_field_that_breaks_a_rule_is_named() {
        let faults = read(&[
            ("idDominio", "99999999990"),
            ("keyPA", "con spazi"),
            ("urlReturn", "javascript:alert(1)"),
            ("urlBack", ""),
            ("importoTransazione", "12,50"),
            ("versioneInterfacciaWISP", "1.2"),
            ("bolloDigitale", "forse"),
            ("numPagamentiRPT", "6"),
        ])
        .unwrap_err();
        let mut campi: Vec<&str> = faults.iter().map(|fault| fault.campo).collect();
        campi.sort_unstable();
        assert_eq!(
            campi,
            [
                "bolloDigitale",
                "idDominio",
                "importoTransazione",
                "keyPA",
                "numPagamentiRPT",
                "urlBack",
                "urlReturn",
                "versioneInterfacciaWISP"
            ]
        );
    }

    #[test]
    fn an_amount_needs_two_decimals_and_is_not_zero() {
        for wrong in ["0.00", "12", "12.5", "12.500", "-1.00", "1e2"] {
            assert!(read(&[("importoTransazione", wrong)]).is_err(), "{wrong}");
        }
    }
}
