//! Who calls: HTTP basic, an applicazione or a person.

use ::web::http_basic;
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use futures_util::future::LocalBoxFuture;
use govpay_api::anagrafica::{Diritto, NuovaAcl, Servizio};

use super::App;
use super::risposta::{Guasto, non_autenticato, non_autorizzato};
use platform::StoreError;

use crate::anagrafica::{ApplicazioneRow, OperatoreRow, RigaRuolo};
use crate::numerazione;
use crate::pagamenti::{Chiamante, Errore};
use crate::pendenza::Codifica;
use crate::tentativo::Visibili;

/// Software of a body, known and enabled.
pub struct Applicazione(pub ApplicazioneRow);

/// A person, known and enabled, with its rights: its own and those of its roles.
pub struct Operatore {
    pub row: OperatoreRow,
    pub acl: Vec<NuovaAcl>,
}

/// Bodies as a JSON array; `["*"]` is all.
fn visibili(domini: &str) -> Visibili {
    let ids: Vec<String> = serde_json::from_str(domini).unwrap_or_default();
    if ids.iter().any(|id| id == "*") {
        None
    } else {
        Some(ids)
    }
}

impl Applicazione {
    pub fn visibili(&self) -> Visibili {
        visibili(&self.0.domini)
    }

    pub fn chiamante(&self) -> Chiamante {
        Chiamante {
            id_a2a: Some(self.0.id_a2a.clone()),
            domini: self.visibili(),
            tipi: visibili(&self.0.tipi_pendenza),
            gestionale: false,
        }
    }

    /// The caller as the owner of pendenze.
    pub fn gestionale(&self) -> Chiamante {
        Chiamante {
            gestionale: true,
            ..self.chiamante()
        }
    }

    fn may(self, api: bool, name: &str) -> Result<Self, Errore> {
        if api {
            return Ok(self);
        }
        Err(non_autorizzato(format!(
            "l'applicazione {} non usa {name}",
            self.0.id_a2a
        )))
    }

    pub fn may_pendenze(self) -> Result<Self, Errore> {
        let api = self.0.api_pendenze;
        self.may(api, "API Pendenze")
    }

    pub fn may_pagamenti(self) -> Result<Self, Errore> {
        let api = self.0.api_pagamenti;
        self.may(api, "API Pagamento")
    }

    pub fn may_ragioneria(self) -> Result<Self, Errore> {
        let api = self.0.api_ragioneria;
        self.may(api, "API Ragioneria")
    }

    /// The kind of debt is one that the caller may load.
    pub fn usa_tipo(&self, tipo: &str) -> Result<(), Errore> {
        if self.chiamante().sees_tipo(tipo) {
            return Ok(());
        }
        Err(tipo_non_suo("l'applicazione", &self.0.id_a2a, tipo))
    }

    /// How the caller numbers its pendenze.
    pub fn codifica(&self) -> Result<Codifica, Errore> {
        numerazione::codifica(&self.0.dettaglio)
    }

    /// The body of a request is one that the caller works for.
    pub fn sees(&self, id_dominio: &str) -> Result<(), Errore> {
        if self.chiamante().sees(id_dominio) {
            return Ok(());
        }
        Err(non_autorizzato(format!(
            "l'applicazione {} non opera sul dominio {id_dominio}",
            self.0.id_a2a
        )))
    }
}

impl Operatore {
    pub fn chiamante(&self) -> Chiamante {
        Chiamante {
            id_a2a: None,
            domini: visibili(&self.row.domini),
            tipi: visibili(&self.row.tipi_pendenza),
            gestionale: false,
        }
    }

    /// The kind of debt is one that the caller may load.
    pub fn usa_tipo(&self, tipo: &str) -> Result<(), Errore> {
        if self.chiamante().sees_tipo(tipo) {
            return Ok(());
        }
        Err(tipo_non_suo("l'operatore", &self.row.principal, tipo))
    }

    /// The caller, if it may read there.
    pub fn legge(&self, servizio: Servizio) -> Result<Chiamante, Errore> {
        self.may(servizio, Diritto::R)
    }

    /// The caller, if it may write there.
    pub fn scrive(&self, servizio: Servizio) -> Result<Chiamante, Errore> {
        self.may(servizio, Diritto::W)
    }

    fn may(&self, servizio: Servizio, diritto: Diritto) -> Result<Chiamante, Errore> {
        let given =
            |acl: &NuovaAcl| acl.servizio == servizio && acl.autorizzazioni.contains(&diritto);
        if self.acl.iter().any(given) {
            return Ok(self.chiamante());
        }
        let what = match diritto {
            Diritto::R => "leggere",
            Diritto::W => "scrivere",
        };
        Err(non_autorizzato(format!(
            "l'operatore {} non può {what} nel servizio {}",
            self.row.principal,
            servizio.name()
        )))
    }
}

fn tipo_non_suo(chi: &str, nome: &str, tipo: &str) -> Errore {
    Errore::operazione(
        "VER_022",
        "Il tipo pendenza non è tra quelli autorizzati",
        format!(
            "idTipoPendenza: il valore {tipo} non è tra i tipi pendenza che {chi} {nome} può usare"
        ),
    )
}

/// The body is one that the caller works for.
pub fn lavora_per(caller: &Chiamante, id_dominio: &str) -> Result<(), Errore> {
    if caller.sees(id_dominio) {
        return Ok(());
    }
    Err(non_autorizzato(format!(
        "l'operatore non opera sul dominio {id_dominio}"
    )))
}

/// The rights of a caller: its own and those of its roles, one entry per service, in the order of the
/// contract.
pub fn diritti(own: &str, ruoli: &[RigaRuolo]) -> Result<Vec<NuovaAcl>, Errore> {
    let mut all: Vec<NuovaAcl> = vec![];
    for json in std::iter::once(own).chain(ruoli.iter().map(|ruolo| ruolo.acl.as_str())) {
        let acl: Vec<NuovaAcl> = serde_json::from_str(json).map_err(StoreError::corrupt)?;
        all.extend(acl);
    }
    let of = |servizio: Servizio| {
        let has = |diritto: Diritto| {
            let gives =
                |acl: &NuovaAcl| acl.servizio == servizio && acl.autorizzazioni.contains(&diritto);
            all.iter().any(gives)
        };
        let both = [Diritto::R, Diritto::W].into_iter();
        NuovaAcl {
            servizio,
            autorizzazioni: both.filter(|diritto| has(*diritto)).collect(),
        }
    };
    let sum = Servizio::TUTTI.into_iter().map(of);
    Ok(sum.filter(|acl| !acl.autorizzazioni.is_empty()).collect())
}

async fn applicazione(
    app: &App,
    principal: String,
) -> Result<Option<(String, Applicazione)>, Errore> {
    let found = app.pagamenti.db.find_applicazione(principal).await?;
    let found = found.filter(|row| row.abilitato);
    Ok(found.map(|row| (row.password.clone(), Applicazione(row))))
}

async fn operatore(app: &App, principal: String) -> Result<Option<(String, Operatore)>, Errore> {
    let found = app.pagamenti.db.find_operatore_con_ruoli(principal).await?;
    let Some((row, ruoli)) = found.filter(|(row, _)| row.abilitato) else {
        return Ok(None);
    };
    let acl = diritti(&row.acl, &ruoli)?;
    Ok(Some((row.password.clone(), Operatore { row, acl })))
}

macro_rules! extractor {
    ($name:ident, $find:ident) => {
        impl FromRequest for $name {
            type Error = Guasto;
            type Future = LocalBoxFuture<'static, Result<Self, Guasto>>;

            fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
                let app = req.app_data::<web::Data<App>>().cloned();
                let given = http_basic(req);
                Box::pin(async move {
                    let (Some(app), Some((principal, password))) = (app, given) else {
                        return Err(non_autenticato().into());
                    };
                    let Some((hash, caller)) = $find(&app, principal).await? else {
                        return Err(non_autenticato().into());
                    };
                    // An answer that does not come is a refusal, never a way in.
                    let right = app.verified.check(Some(hash), password);
                    if !right.await.unwrap_or_default() {
                        return Err(non_autenticato().into());
                    }
                    Ok(caller)
                })
            }
        }
    };
}

extractor!(Applicazione, applicazione);
extractor!(Operatore, operatore);
