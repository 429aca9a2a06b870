//! Errors of pages: what happened in words, one next action, the code to quote when asking for help.
//!
//! A [`PageError`] knows its status and words; the middleware, which knows the request, draws it.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::{ACCEPT, RETRY_AFTER};
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use platform::{AppError, StoreError};

pub type PageResult = Result<HttpResponse, PageError>;

/// Why a page is not shown. Texts come from the catalog by status (`errore-404-titolo`, `-testo`,
/// `-azione`) unless the handler gives better ones.
#[derive(Debug)]
pub struct PageError {
    info: Box<ErrorInfo>,
    /// For the log; never shown.
    cause: Option<anyhow::Error>,
}

/// What the middleware needs to draw the error; travels in the response's extensions.
#[derive(Clone, Debug)]
pub(crate) struct ErrorInfo {
    pub status: StatusCode,
    pub title: Option<String>,
    pub detail: Option<String>,
    /// Label and address of the next action.
    pub action: Option<(String, String)>,
    pub retry_after: Option<u64>,
}

impl ErrorInfo {
    pub fn of(status: StatusCode) -> Self {
        Self {
            status,
            title: None,
            detail: None,
            action: None,
            retry_after: None,
        }
    }
}

impl PageError {
    pub fn new(status: StatusCode) -> Self {
        Self {
            info: Box::new(ErrorInfo::of(status)),
            cause: None,
        }
    }

    /// 404: the page or the object does not exist, or belongs to somebody else.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND)
    }

    /// 400 with what could not be read.
    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST).detail(detail)
    }

    pub fn forbidden() -> Self {
        Self::new(StatusCode::FORBIDDEN)
    }

    /// 409 with what is in the way.
    pub fn conflict(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT).detail(detail)
    }

    /// 410: a link or a session that is over.
    pub fn gone(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::GONE).detail(detail)
    }

    /// 429: how many seconds to wait.
    pub fn too_many(seconds: u64) -> Self {
        let mut error = Self::new(StatusCode::TOO_MANY_REQUESTS);
        error.info.retry_after = Some(seconds);
        error
    }

    /// 503: something that the site depends on does not answer. The cause goes to the log.
    pub fn unavailable(cause: anyhow::Error) -> Self {
        let mut error = Self::new(StatusCode::SERVICE_UNAVAILABLE);
        error.info.retry_after = Some(5);
        error.cause = Some(cause);
        error
    }

    /// 500. The cause goes to the log, the reader gets the support code.
    pub fn internal(cause: anyhow::Error) -> Self {
        Self {
            cause: Some(cause),
            ..Self::new(StatusCode::INTERNAL_SERVER_ERROR)
        }
    }

    /// A title that says more than the catalog's; already in the reader's language.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.info.title = Some(title.into());
        self
    }

    /// An explanation that says more than the catalog's; already in the reader's language.
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.info.detail = Some(detail.into());
        self
    }

    /// The next action: a button that begins with a verb, and where it leads.
    pub fn action(mut self, label: impl Into<String>, href: impl Into<String>) -> Self {
        self.info.action = Some((label.into(), href.into()));
        self
    }
}

impl fmt::Display for PageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.info.status)?;
        if let Some(cause) = &self.cause {
            write!(f, ": {cause:#}")?;
        }
        Ok(())
    }
}

impl ResponseError for PageError {
    fn status_code(&self) -> StatusCode {
        self.info.status
    }

    fn error_response(&self) -> HttpResponse {
        if let Some(cause) = &self.cause {
            let status = self.info.status.as_u16();
            tracing::error!(
                status,
                error = format!("{cause:#}"),
                "a page could not be shown"
            );
        }
        let mut response = HttpResponse::build(self.info.status);
        if let Some(seconds) = self.info.retry_after {
            response.insert_header((RETRY_AFTER, seconds.to_string()));
        }
        let mut response = response.finish();
        response
            .extensions_mut()
            .insert(ErrorInfo::clone(&self.info));
        response
    }
}

impl From<StoreError> for PageError {
    fn from(error: StoreError) -> Self {
        if error.is_unavailable() {
            Self::unavailable(error.into())
        } else {
            Self::internal(error.into())
        }
    }
}

impl From<AppError> for PageError {
    fn from(error: AppError) -> Self {
        match error {
            AppError::Internal(cause) => Self::internal(cause),
            error => Self::new(error.status_code()).detail(error.to_string()),
        }
    }
}

impl From<anyhow::Error> for PageError {
    fn from(error: anyhow::Error) -> Self {
        Self::internal(error)
    }
}

/// The default handler of a site: 404 as a page for browsers, as a problem for programs.
pub async fn not_found(req: HttpRequest) -> Result<HttpResponse, actix_web::Error> {
    let accept = req
        .headers()
        .get(ACCEPT)
        .and_then(|value| value.to_str().ok());
    if accept.is_some_and(|accept| accept.contains("text/html")) {
        return Err(PageError::not_found().into());
    }
    let detail = format!("Nessuna risorsa all'indirizzo {}.", req.path());
    Err(AppError::not_found("RISORSA_NON_TROVATA", detail).into())
}
