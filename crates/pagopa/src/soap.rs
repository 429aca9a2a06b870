//! SOAP 1.1 envelopes and faults, document/literal.

use crate::xml::{Element, Message, XmlError, decode, ns, read_message, write_message};

/// Content type of every request and response.
pub const CONTENT_TYPE: &str = "text/xml; charset=utf-8";

/// The operation that a `SOAPAction` header names: the value without its quotes.
pub fn operation(soap_action: &str) -> &str {
    soap_action.trim().trim_matches('"')
}

/// The `charset` parameter of a `Content-Type` header, for [`Envelope::parse`].
pub fn charset(content_type: &str) -> Option<&str> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let value = value.trim().trim_matches('"');
        (name.trim().eq_ignore_ascii_case("charset") && !value.is_empty()).then_some(value)
    })
}

/// A parsed envelope: header blocks and the one element of the body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    header: Vec<Element>,
    body: Element,
}

impl Envelope {
    /// Reads an envelope. `charset` is the parameter of the Content-Type header, when there is one.
    ///
    /// # Errors
    /// Too large, not text, DTD, not well formed, too deep, not a SOAP 1.1 envelope, body without
    /// exactly one element.
    pub fn parse(bytes: &[u8], charset: Option<&str>) -> Result<Self, XmlError> {
        let text = decode(bytes, charset)?;
        let root = Element::parse(&text)?;
        let wrong = |detail: String| XmlError::Envelope { detail };
        if !root.is(ns::SOAP, "Envelope") {
            return Err(wrong(format!(
                "la radice è '{{{}}}{}' invece di Envelope di SOAP 1.1",
                root.namespace, root.name
            )));
        }
        let mut header = Vec::new();
        let mut body = None;
        for part in root.children {
            if part.is(ns::SOAP, "Header") && body.is_none() {
                header.extend(part.children);
            } else if part.is(ns::SOAP, "Body") && body.is_none() {
                body = Some(part.children);
            } else {
                return Err(wrong(format!("elemento '{}' non previsto", part.name)));
            }
        }
        let mut content = body.ok_or_else(|| wrong("manca Body".to_owned()))?;
        match (content.pop(), content.is_empty()) {
            (Some(body), true) => Ok(Self { header, body }),
            _ => Err(wrong(
                "Body deve contenere esattamente un elemento".to_owned(),
            )),
        }
    }

    /// Local name of the element in the body: the message that was sent, whatever SOAPAction says.
    pub fn element(&self) -> &str {
        self.body.name()
    }

    /// Whether the body is this message.
    pub fn is<M: Message>(&self) -> bool {
        self.body.is(M::NAMESPACE, M::ELEMENT)
    }

    /// The body as a message.
    ///
    /// # Errors
    /// Another element; an element, a value or an order that the schema refuses.
    pub fn body<M: Message>(&self) -> Result<M, XmlError> {
        read_message(&self.body)
    }

    /// A header block as a message ([`crate::ppt::IntestazionePpt`], …). Other blocks are ignored.
    ///
    /// # Errors
    /// No such block, or one that the schema refuses.
    pub fn header<M: Message>(&self) -> Result<M, XmlError> {
        let block = self.header.iter().find(|e| e.is(M::NAMESPACE, M::ELEMENT));
        read_message(block.ok_or_else(|| XmlError::Missing {
            path: M::ELEMENT.to_owned(),
            found: self.header.first().map(|e| e.name().to_owned()),
        })?)
    }

    /// The SOAP fault, when the body is one.
    pub fn fault(&self) -> Option<SoapFault> {
        if !self.body.is(ns::SOAP, "Fault") {
            return None;
        }
        let text = |name: &str| {
            let child = self.body.children.iter().find(|e| e.name() == name);
            child.map(|e| e.text.clone()).filter(|t| !t.is_empty())
        };
        let code = text("faultcode").unwrap_or_default();
        let local = code.rsplit(':').next().unwrap_or_default().trim();
        Some(SoapFault {
            code: local.to_owned(),
            string: text("faultstring").unwrap_or_default(),
            actor: text("faultactor"),
            detail: text("detail"),
        })
    }
}

/// An envelope with this message as its body.
///
/// # Errors
/// A value that the schema refuses, with the path of its element.
pub fn build<M: Message>(body: &M) -> Result<String, XmlError> {
    Ok(envelope(None, write_message(body)?))
}

/// An envelope with a header block.
///
/// # Errors
/// As [`build`].
pub fn build_with_header<H: Message, M: Message>(header: &H, body: &M) -> Result<String, XmlError> {
    Ok(envelope(Some(write_message(header)?), write_message(body)?))
}

fn envelope(header: Option<Element>, body: Element) -> String {
    let part = |name, content| {
        let mut part = Element::new(ns::SOAP, name);
        part.children.push(content);
        part
    };
    let mut root = Element::new(ns::SOAP, "Envelope");
    root.children
        .extend(header.map(|header| part("Header", header)));
    root.children.push(part("Body", body));
    root.to_document()
}

/// A technical failure: what is not even a message of the protocol. Goes with HTTP status 500.
///
/// Faults of the protocol (`PAA_…`, `PPT_…`) are fields of the responses, not SOAP faults.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SoapFault {
    /// Local name: `Client`, `Server`, `VersionMismatch`, `MustUnderstand`.
    pub code: String,
    pub string: String,
    pub actor: Option<String>,
    /// Text of the detail. Structured details of others are read as empty.
    pub detail: Option<String>,
}

impl SoapFault {
    /// The caller's fault: repeating the same message is useless.
    pub fn client(string: impl Into<String>) -> Self {
        Self::new("Client", string)
    }

    /// Our fault: the same message may succeed later.
    pub fn server(string: impl Into<String>) -> Self {
        Self::new("Server", string)
    }

    fn new(code: &str, string: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            string: string.into(),
            actor: None,
            detail: None,
        }
    }

    /// The envelope that carries the fault. Characters that XML cannot carry become U+FFFD.
    pub fn build(&self) -> String {
        let mut fault = Element::new(ns::SOAP, "Fault");
        let code = format!("{}:{}", ns::prefix(ns::SOAP), self.code);
        let mut push = |name: &str, text: &str| {
            let mut child = Element::new(ns::NONE, name);
            child.text = crate::xml::printable(text);
            fault.children.push(child);
        };
        push("faultcode", &code);
        push("faultstring", &self.string);
        if let Some(actor) = &self.actor {
            push("faultactor", actor);
        }
        if let Some(detail) = &self.detail {
            push("detail", detail);
        }
        envelope(None, fault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_survives_the_wire() {
        let fault = SoapFault {
            detail: Some("riga 1 < riga 2".to_owned()),
            ..SoapFault::client("busta <non> valida")
        };
        let xml = fault.build();
        assert_eq!(
            Envelope::parse(xml.as_bytes(), None).unwrap().fault(),
            Some(fault)
        );
    }

    #[test]
    fn values_of_http_headers() {
        assert_eq!(operation("\"paaInviaRT\""), "paaInviaRT");
        assert_eq!(operation(" paaInviaRT "), "paaInviaRT");
        for (content_type, expected) in [
            (CONTENT_TYPE, Some("utf-8")),
            (
                "text/xml; Charset=\"ISO-8859-1\"; action=x",
                Some("ISO-8859-1"),
            ),
            ("text/xml", None),
            ("text/xml; charset=", None),
        ] {
            assert_eq!(charset(content_type), expected, "{content_type}");
        }
    }

    #[test]
    fn what_is_not_an_envelope_says_so() {
        for (xml, word) in [
            ("<a/>", "Envelope"),
            ("<Envelope/>", "Envelope"),
            (
                r#"<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"/>"#,
                "SOAP 1.1",
            ),
            (
                r#"<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"/>"#,
                "Body",
            ),
            (
                r#"<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body/></e:Envelope>"#,
                "un elemento",
            ),
        ] {
            let error = Envelope::parse(xml.as_bytes(), None)
                .unwrap_err()
                .to_string();
            assert!(error.contains(word), "{xml}: {error}");
        }
        assert_eq!(Envelope::parse(b"", None), Err(XmlError::Empty));
    }
}
