//! Rendering of templates to answers, and markup that must not be escaped again.

use std::fmt;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, LOCATION};
use askama::Template;
use askama::filters::HtmlSafe;

use crate::error::{PageError, PageResult};

/// Markup made by this crate: templates print it as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Html(pub(crate) String);

impl fmt::Display for Html {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl HtmlSafe for Html {}

/// Text for the inside of an element or of a quoted attribute.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

/// Text, which is escaped, or [`Html`], which is not: what a cell of a definition list may hold.
pub trait IntoHtml {
    fn to_html(&self) -> Html;
}

impl IntoHtml for Html {
    fn to_html(&self) -> Html {
        self.clone()
    }
}

impl IntoHtml for str {
    fn to_html(&self) -> Html {
        Html(escape(self))
    }
}

impl IntoHtml for String {
    fn to_html(&self) -> Html {
        self.as_str().to_html()
    }
}

impl<T: IntoHtml + ?Sized> IntoHtml for &T {
    fn to_html(&self) -> Html {
        (**self).to_html()
    }
}

/// 200 with the page.
pub fn render(template: &impl Template) -> PageResult {
    render_status(StatusCode::OK, template)
}

/// The page with another status (422 for a form with errors). Pages are never cached: most show
/// data of a person.
pub fn render_status(status: StatusCode, template: &impl Template) -> PageResult {
    let body = template
        .render()
        .map_err(|error| PageError::internal(error.into()))?;
    Ok(HttpResponse::build(status)
        .content_type("text/html; charset=utf-8")
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(body))
}

/// 303: what follows every successful POST.
pub fn see_other(location: impl Into<String>) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((LOCATION, location.into()))
        .insert_header((CACHE_CONTROL, "no-store"))
        .finish()
}

/// The text if it is a path of this site: what a `torna=` parameter may lead to after a login. An
/// address of another site, in any of the spellings that browsers accept, is not.
pub fn local_path(text: &str) -> Option<&str> {
    let starts_well = text.starts_with('/') && !text.starts_with("//");
    let harmless = !text.contains(['\\', '\r', '\n', '\t']);
    (starts_well && harmless).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped_and_markup_is_not_escaped_twice() {
        assert_eq!("<b>&'\"".to_html().to_string(), "&lt;b&gt;&amp;&#39;&quot;");
        assert_eq!(Html("<b>".into()).to_html().to_string(), "<b>");
    }

    #[test]
    fn only_paths_of_this_site_are_returned_to() {
        assert_eq!(
            local_path("/tracciati?stato=NUOVO"),
            Some("/tracciati?stato=NUOVO")
        );
        for foreign in [
            "https://x.example",
            "//x.example",
            "/\\x.example",
            "/\t/x",
            "",
            "x",
        ] {
            assert_eq!(local_path(foreign), None, "{foreign}");
        }
    }
}
