//! How a caller says who it is: the element `{auth}` of a base path, and what is believed of each way.

use std::net::IpAddr;
use std::sync::Arc;

use ::web::login::LoginThrottle;
use ::web::{Freno, http_basic};
use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header;
use actix_web::middleware::Next;
use actix_web::{HttpMessage as _, HttpRequest, web};
use domain::{Anagrafica, CodiceFiscale, Email};
use ipnet::IpNet;
use platform::{Peers, Settings};

use super::certificato::Nome;
use super::risposta::{Guasto, nessuna, non_autenticato, troppe};
use super::{App, login};
use crate::pagamenti::Errore;

const CERTIFICATO: &str = "x-govpay-cert";
const APP_ID: &str = "x-app-id";
const API_KEY: &str = "x-api-key";
const FISCALNUMBER: &str = "x-spid-fiscalnumber";
const NAME: &str = "x-spid-name";
const FAMILYNAME: &str = "x-spid-familyname";
const EMAIL: &str = "x-spid-email";

/// A way to authenticate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Modo {
    Basic,
    ApiKey,
    /// `form` or `session`: a cookie, got with a form.
    Sessione,
    /// A client certificate that a proxy has verified.
    SslHeader,
    /// The principal that a proxy has authenticated.
    Header,
    /// The citizen that a proxy has authenticated.
    Spid,
    /// Nobody in particular.
    Public,
}

/// What software calls with.
pub const PROGRAMMI: &[Modo] = &[Modo::Basic, Modo::ApiKey, Modo::SslHeader, Modo::Header];
/// What people call with, too.
pub const PERSONE: &[Modo] = &[
    Modo::Basic,
    Modo::ApiKey,
    Modo::SslHeader,
    Modo::Header,
    Modo::Sessione,
];
/// What citizens call with, too.
pub const CITTADINI: &[Modo] = &[
    Modo::Basic,
    Modo::ApiKey,
    Modo::SslHeader,
    Modo::Header,
    Modo::Sessione,
    Modo::Spid,
    Modo::Public,
];

impl Modo {
    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "basic" => Self::Basic,
            "apikey" => Self::ApiKey,
            "form" | "session" => Self::Sessione,
            "sslheader" => Self::SslHeader,
            "header" => Self::Header,
            "spid" => Self::Spid,
            "public" => Self::Public,
            _ => return None,
        })
    }

    /// That of the request; the documented routes have no other than the first.
    pub fn of(req: &HttpRequest) -> Self {
        req.extensions().get().copied().unwrap_or(Self::Basic)
    }
}

/// Whom to believe, and how often. Clones are the same.
#[derive(Clone)]
pub struct Accesso {
    proxies: Arc<[IpNet]>,
    principal_header: Option<Arc<str>>,
    /// Searches of people unknown that found nothing, by address.
    ricerche: Arc<Freno>,
    pub tentativi: Arc<LoginThrottle>,
    /// Whether browsers reach us by https.
    pub https: bool,
}

impl Accesso {
    pub fn new(settings: &Settings, peers: &Peers) -> Self {
        Self {
            proxies: settings.proxies().into(),
            principal_header: settings.principal_header.as_deref().map(Into::into),
            ricerche: Arc::default(),
            tentativi: Arc::default(),
            https: peers.core.public.starts_with("https://"),
        }
    }

    fn believes(&self, address: IpAddr) -> bool {
        self.proxies.iter().any(|net| net.contains(&address))
    }

    /// A header that counts only if a proxy of ours wrote it.
    fn dal_proxy<'a>(&self, req: &'a HttpRequest, name: &str) -> Option<&'a str> {
        let value = testo(req, name)?;
        let peer = req.peer_addr()?.ip();
        if self.believes(peer) {
            return Some(value);
        }
        tracing::warn!(header = name, %peer, "refused: not from a proxy that is trusted");
        None
    }

    /// Who asks: the address that a proxy of ours wrote last, or that of the connection. The addresses of
    /// one IPv6 line are one.
    fn client(&self, req: &HttpRequest) -> IpAddr {
        let peer = req.peer_addr().map(|peer| peer.ip());
        let peer = peer.unwrap_or(IpAddr::from([0, 0, 0, 0]));
        let forwarded = testo(req, "x-forwarded-for").filter(|_| self.believes(peer));
        let last = forwarded.and_then(|list| list.rsplit(',').next()?.trim().parse().ok());
        match last.unwrap_or(peer) {
            IpAddr::V6(ip) => IpAddr::from((u128::from(ip) & (u128::MAX << 64)).to_be_bytes()),
            ip => ip,
        }
    }

    /// A search by somebody unknown. Those that fail are counted, and too many of them have to wait.
    pub async fn contata<T>(
        &self,
        req: &HttpRequest,
        search: impl Future<Output = Result<T, Errore>>,
    ) -> Result<T, Errore> {
        let client = self.client(req);
        self.ricerche.check(client).map_err(troppe)?;
        let found = search.await;
        if let Err(Errore::Rifiuto { status, codice, .. }) = &found
            && (*status == 404 || codice == "VER_008")
        {
            self.ricerche.mancato(client);
        }
        found
    }
}

fn testo<'a>(req: &'a HttpRequest, name: &str) -> Option<&'a str> {
    let text = req.headers().get(name)?.to_str().ok()?.trim();
    Some(text).filter(|text| !text.is_empty())
}

/// Around a base path with `{auth}`: a way that is not among `modi` is no address of ours. What comes
/// after it does not see that element among those of its path.
pub async fn entra(
    modi: &'static [Modo],
    mut req: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let accesso = req.app_data::<web::Data<App>>().map(|app| &app.accesso);
    let header = accesso.is_some_and(|accesso| accesso.principal_header.is_some());
    let modo = req.match_info().get("auth").and_then(Modo::parse);
    let modo = modo.filter(|modo| modi.contains(modo) && (*modo != Modo::Header || header));
    let Some(modo) = modo else {
        return Err(Guasto(nessuna(req.request())).into());
    };
    req.extensions_mut().insert(modo);
    let path = req.match_info_mut();
    let base = path.as_str().len() - path.unprocessed().len();
    path.reset();
    path.skip(u16::try_from(base).unwrap_or(u16::MAX));
    let mut answer = next.call(req).await?;
    if modo != Modo::Basic {
        // A browser must not ask for a password that is of no use here.
        answer.headers_mut().remove(header::WWW_AUTHENTICATE);
    }
    Ok(answer)
}

/// Who a request says that it comes from.
pub enum Identita {
    /// To be checked.
    Credenziali {
        principal: String,
        password: String,
    },
    /// Vouched for by a proxy or by a login.
    Garantita(String),
    Cittadino(Cittadino),
    Anonimo,
}

/// A citizen, as its own authentication tells.
pub struct Cittadino {
    pub codice_fiscale: CodiceFiscale,
    pub anagrafica: Option<Anagrafica>,
    pub email: Option<Email>,
}

impl Cittadino {
    fn from_headers(accesso: &Accesso, req: &HttpRequest) -> Option<Self> {
        let number = accesso.dal_proxy(req, FISCALNUMBER)?;
        let number = number.strip_prefix("TINIT-").unwrap_or(number);
        // Of a person; what else the archive takes for one (foreign identifiers, bodies) is no citizen.
        if number.len() != 16 || !number.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return None;
        }
        let names = [NAME, FAMILYNAME].map(|name| testo(req, name).unwrap_or_default());
        let anagrafica = Some(names.join(" ").trim().to_owned());
        Some(Self {
            codice_fiscale: CodiceFiscale::parse(number).ok()?,
            anagrafica: anagrafica
                .filter(|text| !text.is_empty())
                .map(Anagrafica::new),
            email: testo(req, EMAIL).and_then(|text| Email::parse(text).ok()),
        })
    }
}

/// Who calls, by the way of its path.
pub async fn identita(app: &App, req: &HttpRequest) -> Result<Identita, Errore> {
    let accesso = &app.accesso;
    let found = match Modo::of(req) {
        Modo::Basic => http_basic(req).map(|(principal, password)| Identita::Credenziali {
            principal,
            password,
        }),
        Modo::ApiKey => apikey(req),
        Modo::Sessione => login::principal(app, req).await?.map(Identita::Garantita),
        Modo::SslHeader => certificato(app, req).await?.map(Identita::Garantita),
        Modo::Header => {
            let name = accesso.principal_header.as_deref();
            let principal = name.and_then(|name| accesso.dal_proxy(req, name));
            principal.map(|principal| Identita::Garantita(principal.to_owned()))
        }
        Modo::Spid => Cittadino::from_headers(accesso, req).map(Identita::Cittadino),
        Modo::Public => Some(Identita::Anonimo),
    };
    found.ok_or_else(non_autenticato)
}

fn apikey(req: &HttpRequest) -> Option<Identita> {
    Some(Identita::Credenziali {
        principal: testo(req, APP_ID)?.to_owned(),
        password: testo(req, API_KEY)?.to_owned(),
    })
}

/// The utenza whose principal is the subject of the certificate.
async fn certificato(app: &App, req: &HttpRequest) -> Result<Option<String>, Errore> {
    let header = app.accesso.dal_proxy(req, CERTIFICATO);
    let Some(nome) = header.and_then(Nome::from_header) else {
        return Ok(None);
    };
    let known = app.pagamenti.db.principal_di_certificati().await?;
    let mine = |principal: &String| Nome::parse(principal).as_ref() == Some(&nome);
    Ok(known.into_iter().find(mine))
}

/// A request with the credentials of a key carries them as basic for whom we pass it on to.
pub fn come_basic(req: &HttpRequest) -> Option<String> {
    use base64::Engine as _;
    let Some(Identita::Credenziali {
        principal,
        password,
    }) = apikey(req)
    else {
        return None;
    };
    let pair = base64::engine::general_purpose::STANDARD.encode(format!("{principal}:{password}"));
    Some(format!("Basic {pair}"))
}
