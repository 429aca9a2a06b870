//! Forms: what was typed, what is wrong with it, and the proof that it came from our page.

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Data};
use actix_web::{FromRequest, HttpRequest};
use futures_util::future::LocalBoxFuture;
use serde::de::DeserializeOwned;

use crate::error::PageError;
use crate::session::Session;
use crate::site::Shell;

/// Typed values and messages of one form, so that a wrong one is shown again as it was.
#[derive(Clone, Debug, Default)]
pub struct Form {
    values: Vec<(String, String)>,
    errors: Vec<(String, String)>,
}

impl Form {
    pub fn new() -> Self {
        Self::default()
    }

    /// The value that the field shows. Passwords are not kept: don't set them.
    pub fn set(&mut self, name: &str, value: impl Into<String>) -> &mut Self {
        self.values.retain(|(n, _)| n != name);
        self.values.push((name.to_owned(), value.into()));
        self
    }

    /// A message under the field, in the reader's language: what is wrong and how to put it right.
    /// The first message of a field wins. An empty name is for the form as a whole.
    pub fn error(&mut self, name: &str, message: impl Into<String>) -> &mut Self {
        if self.error_of(name).is_none() {
            self.errors.push((name.to_owned(), message.into()));
        }
        self
    }

    pub fn value(&self, name: &str) -> &str {
        self.values
            .iter()
            .find(|(n, _)| n == name)
            .map_or("", |(_, v)| v)
    }

    pub fn error_of(&self, name: &str) -> Option<&str> {
        self.errors
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, m)| m.as_str())
    }

    pub fn errors(&self) -> &[(String, String)] {
        &self.errors
    }

    pub fn is_ok(&self) -> bool {
        self.errors.is_empty()
    }
}

/// A urlencoded body of a POST from one of this site's own pages. Refuses (403) a body without the
/// session's token, and requests that the browser says come from another site.
///
/// For posts that other sites make, and for multipart bodies, use actix's extractors and (for the
/// latter) [`check_csrf`].
pub struct CsrfForm<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for CsrfForm<T> {
    type Error = PageError;
    type Future = LocalBoxFuture<'static, Result<Self, PageError>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = Bytes::from_request(req, payload);
        let req = req.clone();
        Box::pin(async move {
            let body = body
                .await
                .map_err(|error| PageError::new(error.as_response_error().status_code()))?;
            let pairs: Vec<(String, String)> =
                serde_urlencoded::from_bytes(&body).map_err(unreadable)?;
            let token = pairs
                .iter()
                .find(|(name, _)| name == "csrf")
                .map_or("", |(_, v)| v);
            check_csrf(&req, token)?;
            serde_urlencoded::from_bytes(&body)
                .map(CsrfForm)
                .map_err(unreadable)
        })
    }
}

fn unreadable(error: serde_urlencoded::de::Error) -> PageError {
    // The message of the parser names the field, never its value.
    tracing::info!(%error, "a form could not be read");
    PageError::new(StatusCode::BAD_REQUEST)
}

/// Whether the request comes from this site's own page: by what the browser says
/// (`Sec-Fetch-Site`, `Origin` is covered by the token) and by the session's token.
pub fn check_csrf(req: &HttpRequest, token: &str) -> Result<(), PageError> {
    use actix_web::HttpMessage as _;
    let session = req.extensions().get::<Session>().cloned();
    let (Some(session), Some(shell)) = (session, req.app_data::<Data<Shell>>()) else {
        let cause = anyhow::anyhow!("the route is not wrapped with web::pages");
        return Err(PageError::internal(cause));
    };
    let site = req
        .headers()
        .get("sec-fetch-site")
        .and_then(|v| v.to_str().ok());
    let from_here = matches!(site, None | Some("same-origin" | "none"));
    if from_here && session.csrf_matches(shell, token) {
        return Ok(());
    }
    let text = |key: &str| shell.catalog.text(session.lang(), key, &[]);
    Err(PageError::forbidden()
        .title(text("errore-modulo-titolo"))
        .detail(text("errore-modulo-testo")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_remembers_what_was_typed_and_the_first_message() {
        let mut form = Form::new();
        form.set("email", "a@")
            .set("email", "b@")
            .error("email", "primo")
            .error("email", "secondo");
        assert_eq!(form.value("email"), "b@");
        assert_eq!(form.error_of("email"), Some("primo"));
        assert_eq!(form.value("altro"), "");
        assert!(!form.is_ok());
    }
}
