//! The people who use the Loader: who they are, what they see.

use platform::Settings;
use tenant::Tenant;

use crate::tracciato::Visibilita;

/// A person of the tenant file, or the administrator of an empty archive.
#[derive(Clone, Debug)]
pub struct Operatore {
    pub principal: String,
    pub nome: String,
    tutti: bool,
    domini: Vec<String>,
}

impl Operatore {
    pub fn visibilita(&self) -> Visibilita {
        if self.tutti {
            return Visibilita::Tutti;
        }
        Visibilita::Limitata {
            principal: self.principal.clone(),
            domini: self.domini.clone(),
        }
    }

    /// Whether the person may load pendenze of every body.
    pub fn puo_tutto(&self) -> bool {
        self.tutti
    }

    /// The person's bodies; `None`: all.
    pub fn domini(&self) -> Option<Vec<String>> {
        (!self.tutti).then(|| self.domini.clone())
    }

    /// Whether the person may load pendenze of this body.
    pub fn puo(&self, id_dominio: &str) -> bool {
        self.tutti || self.domini.iter().any(|d| d == id_dominio)
    }
}

/// All of them, with their passwords.
pub struct Operatori {
    people: Vec<(Operatore, String)>,
    verified: web::Verified,
}

impl Operatori {
    /// From the tenant file and, when it has nobody, the administrator of the settings.
    pub fn new(tenant: &Tenant, settings: &Settings) -> Self {
        let mut people: Vec<(Operatore, String)> = tenant
            .operatori
            .iter()
            .map(|o| {
                let operatore = Operatore {
                    principal: o.principal.clone(),
                    nome: o.nome.clone(),
                    tutti: o.domini.iter().any(|d| d == "*"),
                    domini: o.domini.clone(),
                };
                (operatore, o.password.reveal().to_owned())
            })
            .collect();
        if let (Some(user), Some(password)) = (&settings.admin_user, &settings.admin_password)
            && !people.iter().any(|(o, _)| o.principal == *user)
        {
            let admin = Operatore {
                principal: user.clone(),
                nome: user.clone(),
                tutti: true,
                domini: vec![],
            };
            people.push((admin, password.clone()));
        }
        Self {
            people,
            verified: web::Verified::default(),
        }
    }

    pub fn find(&self, principal: &str) -> Option<&Operatore> {
        self.people
            .iter()
            .map(|(operatore, _)| operatore)
            .find(|o| o.principal == principal)
    }

    /// The person, if the password is right. Takes the same time for unknown names.
    pub async fn login(
        &self,
        principal: &str,
        password: &str,
    ) -> anyhow::Result<Option<Operatore>> {
        let found = self.people.iter().find(|(o, _)| o.principal == principal);
        let stored = found.map(|(_, password)| password.clone());
        let right = self.verified.check(stored, password.to_owned()).await?;
        Ok(found
            .filter(|_| right)
            .map(|(operatore, _)| operatore.clone()))
    }
}
