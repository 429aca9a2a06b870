//! The tenant file: the bodies, the software and the PSPs of a world, declared once.
//!
//! Every service reads the same file and takes what concerns its role. Addresses are optional: a
//! role without one is played by our own service; writing one takes our role out and puts another
//! system in its place.

mod check;
mod types;

use std::path::PathBuf;

pub use types::{
    Applicazione, Canale, Conto, Dominio, Entrata, Intermediario, Metodo, ModelloCanale, Operatore,
    Portale, Psp, Secret, Stazione, Tenant, TipoPendenza, VersioneStazione,
};

/// The demo tenant: two invented bodies, one with a V1 station and one with a V2 station.
const DEMO: &str = include_str!("../tenants/demo.toml");

#[derive(Debug, thiserror::Error)]
pub enum TenantError {
    #[error("il file del tenant {0} non si legge: {1}")]
    Read(PathBuf, std::io::Error),
    #[error("il file del tenant {name} non è valido: {error}")]
    Parse {
        name: String,
        error: toml::de::Error,
    },
    /// Every fault of the file, one per line: where, value, rule.
    #[error("il file del tenant {name} non è valido:\n{faults}")]
    Invalid { name: String, faults: String },
}

impl Tenant {
    /// `None`: the demo tenant; `none`: an empty one; otherwise the path of a tenant file.
    pub fn load(choice: Option<&str>) -> Result<Self, TenantError> {
        match choice {
            None => Self::parse("demo", DEMO),
            Some("none") => Ok(Self::default()),
            Some(path) => {
                let path = PathBuf::from(path);
                let text = std::fs::read_to_string(&path)
                    .map_err(|error| TenantError::Read(path.clone(), error))?;
                Self::parse(&path.display().to_string(), &text)
            }
        }
    }

    /// Reads and checks a tenant file. `name` is for the error.
    pub fn parse(name: &str, text: &str) -> Result<Self, TenantError> {
        let tenant: Self = toml::from_str(text).map_err(|error| TenantError::Parse {
            name: name.to_owned(),
            error,
        })?;
        let faults = check::faults(&tenant);
        if faults.is_empty() {
            Ok(tenant)
        } else {
            Err(TenantError::Invalid {
                name: name.to_owned(),
                faults: faults.join("\n"),
            })
        }
    }

    pub fn dominio(&self, id_dominio: &str) -> Option<&Dominio> {
        self.domini.iter().find(|d| d.id.as_str() == id_dominio)
    }

    pub fn stazione(&self, id: &str) -> Option<&Stazione> {
        self.stazioni.iter().find(|s| s.id == id)
    }

    /// The PSP and the channel with this id.
    pub fn canale(&self, id_canale: &str) -> Option<(&Psp, &Canale)> {
        self.psp.iter().find_map(|psp| {
            psp.canali
                .iter()
                .find(|canale| canale.id == id_canale)
                .map(|canale| (psp, canale))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demo_tenant_is_valid_and_has_a_body_of_each_kind() {
        let tenant = Tenant::load(None).unwrap();
        let versions: Vec<VersioneStazione> = tenant
            .domini
            .iter()
            .map(|d| tenant.stazione(&d.stazione).unwrap().versione)
            .collect();
        assert_eq!(versions, [VersioneStazione::V1, VersioneStazione::V2]);
        assert!(
            tenant
                .psp
                .iter()
                .any(|psp| psp.denominazione == "Banca Link.it")
        );
    }

    #[test]
    fn every_fault_of_a_file_is_told_with_its_place() {
        let text = DEMO.replace("IT41Q1234501600000000123456", "IT41Q1234501600000000123457");
        let text = text.replace(
            "stazione = \"20000000016_02\"",
            "stazione = \"20000000016_09\"",
        );
        let error = Tenant::parse("prova", &text).unwrap_err().to_string();
        assert!(error.contains("IT41Q1234501600000000123457"), "{error}");
        assert!(error.contains("20000000016_09"), "{error}");
    }

    #[test]
    fn an_unknown_property_is_refused_with_its_name() {
        let text = DEMO.replacen("aux_digit = 3", "aux_digit = 3\nauxdigit = 3", 1);
        let error = Tenant::parse("prova", &text).unwrap_err().to_string();
        assert!(error.contains("auxdigit"), "{error}");
    }

    #[test]
    fn secrets_are_not_in_debug_output() {
        let shown = format!("{:?}", Tenant::load(None).unwrap());
        assert!(!shown.contains("Password1"), "{shown}");
    }
}
