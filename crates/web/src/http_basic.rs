//! HTTP basic authentication of programs (RFC 7617).

use actix_web::HttpRequest;
use actix_web::http::header::AUTHORIZATION;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// User and password of the request; none when it has no header of this scheme or it cannot be read.
/// The name of the scheme is in any case; the user has no colon, the password may have some.
pub fn http_basic(req: &HttpRequest) -> Option<(String, String)> {
    let header = req.headers().get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(token.trim()).ok()?).ok()?;
    let (user, password) = text.split_once(':')?;
    Some((user.to_owned(), password.to_owned()))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn given(header: &str) -> Option<(String, String)> {
        let req = TestRequest::default().insert_header((AUTHORIZATION, header));
        http_basic(&req.to_http_request())
    }

    #[test]
    fn the_scheme_is_in_any_case_and_a_password_may_have_a_colon() {
        let chi = Some(("anna".to_owned(), "a:b".to_owned()));
        assert_eq!(given("Basic YW5uYTphOmI="), chi);
        assert_eq!(given("basic YW5uYTphOmI="), chi);
        assert_eq!(given("BASIC  YW5uYTphOmI="), chi);
    }

    #[test]
    fn what_cannot_be_read_is_nobody() {
        for header in [
            "Basic",
            "Basic %%%",
            "Basic YW5uYQ==",
            "Bearer YW5uYTphOmI=",
        ] {
            assert_eq!(given(header), None, "{header}");
        }
    }
}
