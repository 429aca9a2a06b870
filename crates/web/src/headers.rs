//! Security headers of the pages.

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};

use crate::site::Shell;

/// The content security policy of a site: everything from itself, no inline code or style; forms may
/// reach the next site of the journey (browsers apply `form-action` to redirects after a POST too).
pub fn content_security_policy(shell: &Shell) -> String {
    let mut form_action = String::from("'self'");
    for origin in &shell.form_action {
        form_action.push(' ');
        form_action.push_str(origin);
    }
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
         font-src 'self'; connect-src 'self'; form-action {form_action}; base-uri 'none'; \
         frame-ancestors 'none'"
    )
}

/// Adds the headers that the handler did not set itself.
pub fn add(headers: &mut HeaderMap, shell: &Shell) {
    let csp = content_security_policy(shell);
    let values = [
        ("content-security-policy", csp.as_str()),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("x-frame-options", "DENY"),
        ("cross-origin-opener-policy", "same-origin"),
        (
            "permissions-policy",
            "camera=(), geolocation=(), microphone=(), payment=()",
        ),
    ];
    for (name, value) in values {
        let name = HeaderName::from_static(name);
        if !headers.contains_key(&name)
            && let Ok(value) = HeaderValue::from_str(value)
        {
            headers.insert(name, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::SHELL_TEXTS;
    use crate::site::SiteKind;

    #[test]
    fn forms_may_reach_the_next_site_and_nothing_else_is_let_in() {
        let shell = Shell::new(SiteKind::Portale, "Comune", &SHELL_TEXTS, b"k")
            .posts_to("http://127.0.0.1:8083/wisp");
        let csp = content_security_policy(&shell);
        assert!(
            csp.contains("form-action 'self' http://127.0.0.1:8083;"),
            "{csp}"
        );
        assert!(csp.starts_with("default-src 'none';"));
        assert!(!csp.contains("unsafe"));
    }
}
