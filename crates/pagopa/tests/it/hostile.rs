//! Bytes that nobody honest sends: a typed error at once, no expansion, no growth.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use pagopa::documenti::Rt;
use pagopa::{Envelope, XmlError};

/// The error, which must come well before anybody notices.
fn refused(bytes: &[u8]) -> XmlError {
    let start = Instant::now();
    let error = Envelope::parse(bytes, None).unwrap_err();
    assert!(
        start.elapsed() < Duration::from_secs(2),
        "{:?}",
        start.elapsed()
    );
    error
}

fn in_envelope(prolog: &str, content: &str) -> Vec<u8> {
    format!(
        "{prolog}<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\"><e:Body>{content}</e:Body></e:Envelope>"
    )
    .into_bytes()
}

#[test]
fn b157_billion_laughs_are_not_expanded() {
    let mut dtd = String::from("<!DOCTYPE lolz [<!ENTITY l0 \"lol\">");
    for i in 1..10 {
        let _ = write!(
            dtd,
            "<!ENTITY l{i} \"{}\">",
            format!("&l{};", i - 1).repeat(10)
        );
    }
    dtd.push_str("]>");
    assert_eq!(refused(&in_envelope(&dtd, "<a>&l9;</a>")), XmlError::Dtd);
}

#[test]
fn b157_external_entities_are_not_fetched() {
    let dtd = "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>";
    assert_eq!(refused(&in_envelope(dtd, "<a>&x;</a>")), XmlError::Dtd);
    let dtd = "<!DOCTYPE a SYSTEM \"http://127.0.0.1:9/a.dtd\">";
    assert_eq!(refused(&in_envelope(dtd, "<a/>")), XmlError::Dtd);
    assert_eq!(refused(&in_envelope("<!DOCTYPE a>", "<a/>")), XmlError::Dtd);
}

#[test]
fn b157_twenty_megabytes_are_refused_before_reading() {
    let bytes = in_envelope("", &format!("<a>{}</a>", "x".repeat(20 * 1024 * 1024)));
    assert!(matches!(refused(&bytes), XmlError::TooLarge { .. }));
}

#[test]
fn b157_deep_nesting_does_not_exhaust_the_stack() {
    let deep = "<a>".repeat(50_000) + &"</a>".repeat(50_000);
    assert!(matches!(
        refused(&in_envelope("", &deep)),
        XmlError::TooDeep { .. }
    ));
    let deeper = "<a>".repeat(1_000_000) + &"</a>".repeat(1_000_000);
    assert!(matches!(
        refused(&in_envelope("", &deeper)),
        XmlError::TooManyNodes { .. }
    ));
    let unclosed = "<a>".repeat(150_000);
    assert!(matches!(
        refused(&in_envelope("", &unclosed)),
        XmlError::Malformed { .. }
    ));
}

#[test]
fn b157_malformed_messages_are_typed_errors() {
    for content in [
        "<a>",
        "<a></b>",
        "<a b=c/>",
        "<a>&nbsp;</a>",
        "<x:a/>",
        "<a a='1' a='2'/>",
        "a < b",
        "\u{1}",
    ] {
        let error = refused(&in_envelope("", content));
        assert!(
            matches!(
                error,
                XmlError::Malformed { .. } | XmlError::Envelope { .. }
            ),
            "{content}: {error}"
        );
    }
    assert_eq!(refused(b""), XmlError::Empty);
    assert!(matches!(
        refused(b"{\"json\": true}"),
        XmlError::Malformed { .. }
    ));
    assert!(matches!(
        refused(&[0xff, 0xfe, 0x00]),
        XmlError::BadCharset { .. } | XmlError::Malformed { .. }
    ));
    assert!(matches!(
        refused(&in_envelope("", "<a/><b/>")),
        XmlError::Envelope { .. }
    ));
}

#[test]
fn b157_a_bomb_inside_the_receipt_document_is_refused_too() {
    let bytes = b"<!DOCTYPE RT [<!ENTITY a \"b\">]><RT>&a;</RT>";
    assert_eq!(Rt::parse(bytes), Err(XmlError::Dtd));
}
