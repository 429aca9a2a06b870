//! The session of a browser: a random id in a cookie, the language, the message for the next page.
//!
//! What a session holds (who is logged in, which payment) is the service's business, in its store,
//! keyed by [`Session::id`]: so replicas share it.

use std::cell::RefCell;
use std::future::{Ready, ready};
use std::rc::Rc;

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::error::PageError;
use crate::i18n::Lang;
use crate::site::Shell;

/// Colour and icon of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FlashKind {
    Success,
    Info,
    Warning,
    Danger,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Flash {
    pub kind: FlashKind,
    pub text: String,
}

#[derive(Default)]
struct State {
    id: Option<String>,
    id_changed: bool,
    lang: Lang,
    lang_changed: bool,
    user: Option<String>,
    flash_in: Option<Flash>,
    flash_out: Option<Flash>,
    flash_read: bool,
}

/// The session of the current request. An extractor; clones are the same session.
#[derive(Clone)]
pub struct Session(Rc<RefCell<State>>);

/// 256 bits from two random UUIDs (244 of them random), as 64 hexadecimal digits.
pub fn random_id() -> String {
    format!(
        "{}{}",
        uuid::Uuid::new_v4().simple(),
        uuid::Uuid::new_v4().simple()
    )
}

fn is_id(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit())
}

impl Session {
    /// What the browser sent, read by the middleware before the handler runs.
    pub(crate) fn read(req: &HttpRequest, shell: &Shell) -> Self {
        let cookie = |what: &str| {
            req.cookie(&shell.cookie(what))
                .map(|c| c.value().to_owned())
        };
        let asked = req
            .query_string()
            .split('&')
            .find_map(|pair| pair.strip_prefix("lang="));
        let asked = asked.and_then(Lang::parse);
        let remembered = req.cookie("lang").and_then(|c| Lang::parse(c.value()));
        Self(Rc::new(RefCell::new(State {
            id: cookie("sessione").filter(|id| is_id(id)),
            lang: asked.or(remembered).unwrap_or_default(),
            lang_changed: asked.is_some() && asked != remembered,
            flash_in: cookie("avviso").and_then(|text| decode_flash(&text)),
            ..State::default()
        })))
    }

    /// The id: from the cookie, or a new one that the answer will set.
    pub fn id(&self) -> String {
        let mut state = self.0.borrow_mut();
        match &state.id {
            Some(id) => id.clone(),
            None => {
                let id = random_id();
                state.id = Some(id.clone());
                state.id_changed = true;
                id
            }
        }
    }

    /// The id if the browser has one; does not start a session.
    pub fn existing_id(&self) -> Option<String> {
        self.0.borrow().id.clone()
    }

    /// A new id, to be used at login and logout: whoever knew the old one is left outside.
    pub fn rotate(&self) -> String {
        self.forget();
        self.id()
    }

    /// Ends the session in the browser.
    pub fn forget(&self) {
        let mut state = self.0.borrow_mut();
        state.id = None;
        state.id_changed = true;
    }

    pub fn lang(&self) -> Lang {
        self.0.borrow().lang
    }

    /// Name shown in the header beside "Esci"; set by the service once it knows who this is.
    pub fn set_user(&self, name: impl Into<String>) {
        self.0.borrow_mut().user = Some(name.into());
    }

    pub fn user(&self) -> Option<String> {
        self.0.borrow().user.clone()
    }

    /// A message for the next page that this browser opens (at most about 1500 characters). It
    /// travels in a cookie: no personal data.
    pub fn flash(&self, kind: FlashKind, text: impl Into<String>) {
        let text: String = text.into().chars().take(1500).collect();
        self.0.borrow_mut().flash_out = Some(Flash { kind, text });
    }

    /// The message left by the previous request; reading it consumes it.
    pub(crate) fn take_flash(&self) -> Option<Flash> {
        let mut state = self.0.borrow_mut();
        state.flash_read = state.flash_in.is_some();
        state.flash_in.clone()
    }

    /// The token that forms of this session carry.
    pub fn csrf_token(&self, shell: &Shell) -> String {
        URL_SAFE_NO_PAD.encode(csrf_mac(&shell.secret, &self.id()).finalize().into_bytes())
    }

    /// Whether `token` is this session's; takes the same time whatever differs.
    pub(crate) fn csrf_matches(&self, shell: &Shell, token: &str) -> bool {
        let (Some(id), Ok(token)) = (self.existing_id(), URL_SAFE_NO_PAD.decode(token)) else {
            return false;
        };
        csrf_mac(&shell.secret, &id).verify_slice(&token).is_ok()
    }

    /// The cookies that the answer must set.
    pub(crate) fn cookies(&self, shell: &Shell) -> Vec<Cookie<'static>> {
        let state = self.0.borrow();
        let build = |name: String, value: String| {
            Cookie::build(name, value)
                .path("/")
                .http_only(true)
                .same_site(SameSite::Lax)
                .secure(shell.https)
        };
        let removed = |name: String| build(name, String::new()).max_age(Duration::ZERO).finish();
        let mut cookies = Vec::new();
        if state.id_changed {
            cookies.push(match &state.id {
                Some(id) => build(shell.cookie("sessione"), id.clone()).finish(),
                None => removed(shell.cookie("sessione")),
            });
        }
        if let Some(flash) = &state.flash_out {
            let value = build(shell.cookie("avviso"), encode_flash(flash));
            cookies.push(value.max_age(Duration::minutes(5)).finish());
        } else if state.flash_read {
            cookies.push(removed(shell.cookie("avviso")));
        }
        if state.lang_changed {
            // One cookie for all sites of the host: who reads English on one reads it on the others.
            let value = build("lang".to_owned(), state.lang.code().to_owned());
            cookies.push(value.max_age(Duration::days(180)).finish());
        }
        cookies
    }
}

fn csrf_mac(secret: &[u8], id: &str) -> Hmac<Sha256> {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("a key of any length");
    mac.update(b"csrf:");
    mac.update(id.as_bytes());
    mac
}

fn encode_flash(flash: &Flash) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(flash).unwrap_or_default())
}

fn decode_flash(text: &str) -> Option<Flash> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()
}

impl FromRequest for Session {
    type Error = PageError;
    type Future = Ready<Result<Self, PageError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let session = req.extensions().get::<Session>().cloned();
        ready(session.ok_or_else(|| {
            PageError::internal(anyhow::anyhow!("the route is not wrapped with web::pages"))
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::SHELL_TEXTS;
    use crate::site::SiteKind;
    use actix_web::test::TestRequest;

    fn shell(secret: &[u8]) -> Shell {
        Shell::new(SiteKind::Psp, "PSP", &SHELL_TEXTS, secret)
    }

    fn session(cookie: Option<&str>) -> Session {
        let mut req = TestRequest::default();
        if let Some(id) = cookie {
            req = req.cookie(Cookie::new("govpay_psp_sessione", id.to_owned()));
        }
        Session::read(&req.to_http_request(), &shell(b"k"))
    }

    #[test]
    fn a_token_is_good_for_its_session_and_its_key_only() {
        let a = session(Some(&"a".repeat(64)));
        let token = a.csrf_token(&shell(b"k"));
        assert!(a.csrf_matches(&shell(b"k"), &token));
        assert!(!a.csrf_matches(&shell(b"other"), &token));
        assert!(!session(Some(&"b".repeat(64))).csrf_matches(&shell(b"k"), &token));
        assert!(!session(None).csrf_matches(&shell(b"k"), &token));
        assert!(!a.csrf_matches(&shell(b"k"), ""));
    }

    #[test]
    fn a_malformed_session_cookie_is_replaced() {
        let s = session(Some("../../etc/passwd"));
        assert_eq!(s.existing_id(), None);
        assert!(is_id(&s.id()));
        assert_eq!(s.cookies(&shell(b"k")).len(), 1);
    }

    #[test]
    fn rotating_changes_the_id_and_sets_one_cookie_that_scripts_cannot_read() {
        let old = "a".repeat(64);
        let s = session(Some(&old));
        assert_ne!(s.rotate(), old);
        let cookies = s.cookies(&shell(b"k"));
        assert_eq!(cookies.len(), 1);
        assert_eq!(cookies[0].http_only(), Some(true));
        assert_eq!(cookies[0].same_site(), Some(SameSite::Lax));
    }

    #[test]
    fn a_page_that_nobody_asks_a_session_of_sets_no_cookie() {
        assert!(session(None).cookies(&shell(b"k")).is_empty());
    }
}
