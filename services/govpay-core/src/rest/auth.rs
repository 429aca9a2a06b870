//! Who calls: HTTP basic, an applicazione or a person.

use ::web::http_basic;
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use futures_util::future::LocalBoxFuture;

use super::App;
use super::risposta::{Guasto, non_autenticato, non_autorizzato};
use crate::anagrafica::{ApplicazioneRow, OperatoreRow};
use crate::pagamenti::{Chiamante, Errore};
use crate::tentativo::Visibili;

/// Software of a body, known and enabled.
pub struct Applicazione(pub ApplicazioneRow);

/// A person, known and enabled.
pub struct Operatore(pub OperatoreRow);

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
            domini: visibili(&self.0.domini),
            gestionale: false,
        }
    }
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
                    let found = app.pagamenti.db.$find(principal).await?;
                    let Some(row) = found.filter(|row| row.abilitato) else {
                        return Err(non_autenticato().into());
                    };
                    // An answer that does not come is a refusal, never a way in.
                    let right = app.verified.check(Some(row.password.clone()), password);
                    if !right.await.unwrap_or_default() {
                        return Err(non_autenticato().into());
                    }
                    Ok(Self(row))
                })
            }
        }
    };
}

extractor!(Applicazione, find_applicazione);
extractor!(Operatore, find_operatore);
