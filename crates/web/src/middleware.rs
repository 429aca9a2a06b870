//! The one middleware of a site with pages: session, language, security headers, error pages.

use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::dev::HttpServiceFactory;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{
    ACCEPT, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderValue,
};
use actix_web::middleware::{Next, from_fn};
use actix_web::{Error, HttpMessage as _, HttpResponse, HttpResponseBuilder, guard, web};
use askama::Template;

use crate::error::ErrorInfo;
use crate::html::Html;
use crate::page::Page;
use crate::session::Session;
use crate::site::Shell;
use crate::{headers, page};

/// Used through [`site`]. Needs `web::Data<Shell>` among the data, and without it does nothing.
///
/// Answers of APIs in the same app stay as they are but for the headers: an error becomes a page
/// only if the handler returned a [`crate::PageError`], or if it has no body of a known kind and the
/// client asked for HTML.
pub async fn pages<B: MessageBody + 'static>(
    req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B, BoxBody>>, Error> {
    let Some(shell) = req.app_data::<web::Data<Shell>>().cloned() else {
        return Ok(next.call(req).await?.map_into_left_body());
    };
    let session = Session::read(req.request(), &shell);
    req.extensions_mut().insert(session.clone());
    let wants_html = req
        .headers()
        .get(ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"));

    let res = next.call(req).await?;
    let error = error_to_draw(&res, wants_html);
    let mut res = match error {
        None => res.map_into_left_body(),
        Some(info) => draw_error(res, info, &session, &shell),
    };
    headers::add(res.headers_mut(), &shell);
    for cookie in session.cookies(&shell) {
        if let Err(error) = res.response_mut().add_cookie(&cookie) {
            tracing::error!(%error, cookie = cookie.name(), "a cookie could not be set");
        }
    }
    Ok(res)
}

fn error_to_draw<B>(res: &ServiceResponse<B>, wants_html: bool) -> Option<ErrorInfo> {
    if let Some(info) = res.response().extensions().get::<ErrorInfo>() {
        return Some(info.clone());
    }
    let status = res.status();
    let is_error = status.is_client_error() || status.is_server_error();
    // Plain text is what the framework itself writes (a malformed path or form, a body too large).
    let has_own_body = res
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|kind| !kind.as_bytes().starts_with(b"text/plain"));
    (is_error && wants_html && !has_own_body).then(|| ErrorInfo::of(status))
}

#[derive(Template)]
#[template(path = "web/error.html")]
struct ErrorPage {
    page: Page,
    detail: String,
    action: (String, String),
    support_code: Option<String>,
}

fn draw_error<B>(
    res: ServiceResponse<B>,
    info: ErrorInfo,
    session: &Session,
    shell: &web::Data<Shell>,
) -> ServiceResponse<EitherBody<B, BoxBody>> {
    let (req, old) = res.into_parts();
    let mut page = Page::new(session.clone(), shell.clone(), &req);
    let known = [400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 429, 503];
    let code = info.status.as_u16();
    let code = match code {
        code if known.contains(&code) => code,
        400..500 => 400,
        502 | 504 => 503,
        _ => 500,
    };
    let text = |page: &Page, what: &str| page.t(&format!("errore-{code}-{what}"));
    page.title = info.title.clone().unwrap_or_else(|| text(&page, "titolo"));
    let detail = info
        .detail
        .clone()
        .unwrap_or_else(|| match info.retry_after {
            Some(seconds) if code == 429 => page.t1("errore-429-attesa", "n", seconds),
            _ => text(&page, "testo"),
        });
    let action = info
        .action
        .clone()
        .unwrap_or_else(|| (text(&page, "azione"), "/".to_owned()));
    let support_code = platform::telemetry::current_trace_id();
    let template = ErrorPage {
        page,
        detail,
        action,
        support_code,
    };
    let mut builder = HttpResponse::build(info.status);
    keep_headers(&mut builder, old.headers());
    let response = match template.render() {
        Ok(html) => builder
            .insert_header((CONTENT_TYPE, "text/html; charset=utf-8"))
            .insert_header((CACHE_CONTROL, "no-store"))
            .body(html),
        Err(error) => {
            tracing::error!(%error, "the error page could not be drawn");
            builder.finish()
        }
    };
    ServiceResponse::new(req, response).map_into_right_body()
}

/// `Retry-After`, `Allow`, `WWW-Authenticate`, cookies: all but what described the old body.
fn keep_headers(builder: &mut HttpResponseBuilder, old: &HeaderMap) {
    for (name, value) in old {
        if name != CONTENT_TYPE && name != CONTENT_LENGTH {
            let value: HeaderValue = value.clone();
            builder.append_header((name.clone(), value));
        }
    }
}

impl ErrorPage {
    /// Button-like link of the next action.
    fn action_link(&self) -> Html {
        page::button_link(&self.action.0, &self.action.1)
    }
}

/// All pages of a site under one wrap: session, headers, error pages, assets and the 404 page.
///
/// Register it last among the routes of a service, because it answers for every address that nobody
/// took before, but for those that the platform adds after (`/docs/…`, `/openapi.json`):
/// `config.map(|c| c.service(::web::site(&shell, routes)))`.
pub fn site<F>(shell: &web::Data<Shell>, routes: F) -> impl HttpServiceFactory + use<F>
where
    F: FnOnce(&mut web::ServiceConfig) + 'static,
{
    let not_the_platforms = guard::fn_guard(|context| {
        let path = context.head().uri.path();
        path != "/openapi.json" && path != "/docs" && !path.starts_with("/docs/")
    });
    web::scope("")
        .guard(not_the_platforms)
        .app_data(shell.clone())
        .configure(crate::assets::configure)
        .configure(routes)
        .configure(crate::info::configure)
        .default_service(web::to(crate::error::not_found))
        .wrap(from_fn(pages))
}
