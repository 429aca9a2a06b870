//! Who calls, once it has said who it is: an applicazione, a person, a citizen, somebody unknown.

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use futures_util::future::LocalBoxFuture;
use govpay_api::anagrafica::{Diritto, NuovaAcl, Servizio};

use super::App;
use super::accesso::{Cittadino, Identita, identita};
use super::risposta::{Guasto, non_autenticato, non_autorizzato};
use platform::StoreError;

use crate::anagrafica::{ApplicazioneRow, RigaRuolo};
use crate::numerazione;
use crate::pagamenti::{Chiamante, Errore, Persona};
use crate::pendenza::Codifica;
use crate::tentativo::Visibili;

/// Software of a body, known and enabled.
pub struct Applicazione(pub ApplicazioneRow);

/// Who uses the Backoffice: a person, or software that was given rights there; known and enabled. The
/// rights are its own and those of its roles.
pub struct Operatore {
    pub principal: String,
    pub nome: String,
    /// As the row has them.
    domini: String,
    tipi_pendenza: String,
    pub acl: Vec<NuovaAcl>,
}

/// Who uses API Pagamento.
pub enum Pagante {
    Applicazione(Applicazione),
    Cittadino(Cittadino),
    /// Whoever has an avviso in the hand.
    Anonimo,
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
            persona: Persona::Utenza,
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
            domini: visibili(&self.domini),
            tipi: visibili(&self.tipi_pendenza),
            ..Chiamante::default()
        }
    }

    /// The kind of debt is one that the caller may load.
    pub fn usa_tipo(&self, tipo: &str) -> Result<(), Errore> {
        if self.chiamante().sees_tipo(tipo) {
            return Ok(());
        }
        Err(tipo_non_suo("l'utenza", &self.principal, tipo))
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
            "l'utenza {} non può {what} nel servizio {}",
            self.principal,
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

impl Pagante {
    /// Whoever it is, if it may call API Pagamento.
    pub fn chiunque(self) -> Result<Chiamante, Errore> {
        Ok(match self {
            Self::Applicazione(caller) => caller.may_pagamenti()?.chiamante(),
            Self::Cittadino(cittadino) => Chiamante {
                persona: Persona::Cittadino(cittadino.codice_fiscale),
                ..Chiamante::default()
            },
            Self::Anonimo => Chiamante {
                persona: Persona::Anonima,
                ..Chiamante::default()
            },
        })
    }

    /// As [`Pagante::chiunque`], but who is unknown may not.
    pub fn noto(self) -> Result<Chiamante, Errore> {
        match self {
            Self::Anonimo => Err(non_autorizzato(
                "l'operazione non è per chi non si è autenticato",
            )),
            known => known.chiunque(),
        }
    }
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

async fn applicazione(app: &App, principal: String) -> Result<Riconosciuta<Applicazione>, Errore> {
    let found = app.pagamenti.db.find_applicazione(principal).await?;
    let found = found.filter(|row| row.abilitato);
    Ok(found.map(|row| (row.password.clone(), Applicazione(row))))
}

/// A person; or software, which has what its rights and roles give it.
async fn operatore(app: &App, principal: String) -> Result<Riconosciuta<Operatore>, Errore> {
    let db = &app.pagamenti.db;
    if let Some((row, ruoli)) = db.find_operatore_con_ruoli(principal.clone()).await? {
        let acl = diritti(&row.acl, &ruoli)?;
        return Ok(row.abilitato.then_some((
            row.password,
            Operatore {
                principal: row.principal,
                nome: row.nome,
                domini: row.domini,
                tipi_pendenza: row.tipi_pendenza,
                acl,
            },
        )));
    }
    let Some((row, ruoli)) = db.find_applicazione_con_ruoli(principal).await? else {
        return Ok(None);
    };
    let acl = diritti(&row.acl, &ruoli)?;
    Ok(row.abilitato.then_some((
        row.password,
        Operatore {
            principal: row.principal,
            nome: row.id_a2a,
            domini: row.domini,
            tipi_pendenza: row.tipi_pendenza,
            acl,
        },
    )))
}

/// A caller with the hash of its password; none when it is unknown or disabled.
type Riconosciuta<T> = Option<(String, T)>;

/// The caller that an identity is.
async fn riconosci<T>(
    app: &App,
    identita: Identita,
    find: impl AsyncFn(&App, String) -> Result<Riconosciuta<T>, Errore>,
) -> Result<T, Errore> {
    match identita {
        Identita::Credenziali {
            principal,
            password,
        } => {
            let (hash, caller) = find(app, principal).await?.unzip();
            // An answer that does not come is a refusal, never a way in.
            let right = app.verified.check(hash, password).await;
            caller
                .filter(|_| right.unwrap_or_default())
                .ok_or_else(non_autenticato)
        }
        Identita::Garantita(principal) => {
            let found = find(app, principal).await?;
            found.map(|(_, caller)| caller).ok_or_else(non_autenticato)
        }
        Identita::Cittadino(_) | Identita::Anonimo => Err(non_autorizzato(
            "l'operazione è riservata alle applicazioni",
        )),
    }
}

type Chiamata<T> = LocalBoxFuture<'static, Result<T, Guasto>>;

/// The shared state of the service and who the request says that it comes from.
async fn chi(req: HttpRequest) -> Result<(web::Data<App>, Identita), Guasto> {
    let app = req.app_data::<web::Data<App>>().cloned();
    let app = app.ok_or_else(|| StoreError::corrupt("web::Data<App> is not in the app's data"))?;
    let identita = identita(&app, &req).await?;
    Ok((app, identita))
}

impl FromRequest for Applicazione {
    type Error = Guasto;
    type Future = Chiamata<Self>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let req = req.clone();
        Box::pin(async move {
            let (app, identita) = chi(req).await?;
            Ok(riconosci(&app, identita, applicazione).await?)
        })
    }
}

impl FromRequest for Operatore {
    type Error = Guasto;
    type Future = Chiamata<Self>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let req = req.clone();
        Box::pin(async move {
            let (app, identita) = chi(req).await?;
            let caller = riconosci(&app, identita, operatore).await?;
            if caller.acl.is_empty() {
                let text = format!(
                    "l'utenza {} non ha diritti nel Backoffice",
                    caller.principal
                );
                return Err(non_autorizzato(text).into());
            }
            Ok(caller)
        })
    }
}

impl FromRequest for Pagante {
    type Error = Guasto;
    type Future = Chiamata<Self>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let req = req.clone();
        Box::pin(async move {
            Ok(match chi(req).await? {
                (_, Identita::Cittadino(cittadino)) => Self::Cittadino(cittadino),
                (_, Identita::Anonimo) => Self::Anonimo,
                (app, identita) => {
                    Self::Applicazione(riconosci(&app, identita, applicazione).await?)
                }
            })
        })
    }
}
