//! From bytes to a tree of elements and back. No schema knowledge here.

use std::borrow::Cow;
use std::fmt;

use super::{XmlError, ns};

/// Largest message or document that is read, in bytes.
pub const MAX_BYTES: usize = 8 * 1024 * 1024;
/// Largest number of elements and texts of one message.
pub const MAX_NODES: u32 = 200_000;
/// Deepest nesting; the deepest official message has 9 levels, the envelope included.
pub const MAX_DEPTH: usize = 32;

/// An element: either children or a text. Attributes are read only for `xsi:nil`, and never written.
#[derive(Clone, PartialEq, Eq)]
pub struct Element {
    /// Empty for an unqualified name.
    pub(crate) namespace: String,
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) children: Vec<Element>,
}

/// The name only: the content may be personal data.
impl fmt::Debug for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Element({{{}}}{})", self.namespace, self.name)
    }
}

/// The text of `bytes`. In order of authority: byte order mark, `charset` (the parameter of
/// Content-Type, when there was one), XML declaration, UTF-8.
pub fn decode<'a>(bytes: &'a [u8], charset: Option<&str>) -> Result<Cow<'a, str>, XmlError> {
    if bytes.len() > MAX_BYTES {
        return Err(XmlError::TooLarge {
            size: bytes.len(),
            limit: MAX_BYTES,
        });
    }
    let declared = declared_charset(bytes);
    let (encoding, bytes) = match encoding_rs::Encoding::for_bom(bytes) {
        Some((encoding, skip)) => (encoding, &bytes[skip..]),
        None => {
            let label = charset.or(declared.as_deref()).unwrap_or("utf-8");
            let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).ok_or_else(|| {
                XmlError::UnknownCharset {
                    label: label.chars().take(40).collect(),
                }
            })?;
            (encoding, bytes)
        }
    };
    encoding
        .decode_without_bom_handling_and_without_replacement(bytes)
        .ok_or_else(|| XmlError::BadCharset {
            charset: encoding.name().to_owned(),
        })
}

/// `encoding="…"` of an XML declaration in an ASCII-compatible charset.
fn declared_charset(bytes: &[u8]) -> Option<String> {
    let head = &bytes[..bytes.len().min(200)];
    let head = String::from_utf8_lossy(head);
    let declaration = head
        .trim_start()
        .strip_prefix("<?xml")?
        .split("?>")
        .next()?;
    let value = declaration.split_once("encoding")?.1.trim_start();
    let value = value.strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value[1..].split(quote).next().map(str::to_owned)
}

impl Element {
    pub(crate) fn new(namespace: &str, name: &str) -> Self {
        Self {
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            text: String::new(),
            children: Vec::new(),
        }
    }

    /// Local name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Empty when the name is unqualified.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// Empty for an element with children.
    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn children(&self) -> &[Element] {
        &self.children
    }

    pub(crate) fn is(&self, namespace: &str, name: &str) -> bool {
        self.name == name && self.namespace == namespace
    }

    /// The root element of a text.
    pub fn parse(text: &str) -> Result<Self, XmlError> {
        let text = text.trim_start(); // some senders put a line end before the declaration
        if text.is_empty() {
            return Err(XmlError::Empty);
        }
        let options = roxmltree::ParsingOptions {
            allow_dtd: false,
            nodes_limit: MAX_NODES,
            ..Default::default()
        };
        let document =
            roxmltree::Document::parse_with_options(text, options).map_err(|e| match e {
                roxmltree::Error::DtdDetected => XmlError::Dtd,
                roxmltree::Error::NodesLimitReached => XmlError::TooManyNodes { limit: MAX_NODES },
                other => XmlError::Malformed {
                    detail: other.to_string(),
                },
            })?;
        Self::from_node(document.root_element(), 1)
    }

    fn from_node(node: roxmltree::Node<'_, '_>, depth: usize) -> Result<Self, XmlError> {
        if depth > MAX_DEPTH {
            return Err(XmlError::TooDeep { limit: MAX_DEPTH });
        }
        let tag = node.tag_name();
        let mut element = Self::new(tag.namespace().unwrap_or(ns::NONE), tag.name());
        for child in node.children() {
            if child.is_element() {
                let nil = child.attribute((ns::XSI, "nil"));
                if !matches!(nil, Some("true" | "1")) {
                    element.children.push(Self::from_node(child, depth + 1)?);
                }
            } else if let Some(text) = child.text().filter(|_| child.is_text()) {
                element.text.push_str(text);
            }
        }
        if !element.children.is_empty() {
            if !element.text.chars().all(|c| c.is_ascii_whitespace()) {
                let error = XmlError::value(&element.text, "testo in mezzo agli elementi");
                return Err(error.masked().inside(tag.name()));
            }
            element.text.clear();
        }
        Ok(element)
    }

    /// The whole document, with declaration, in one line. The root declares all namespaces.
    pub(crate) fn to_document(&self) -> String {
        let mut namespaces = Vec::new();
        self.collect_namespaces(&mut namespaces);
        let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        self.write(&mut out, &namespaces);
        out
    }

    fn collect_namespaces<'a>(&'a self, found: &mut Vec<&'a str>) {
        if !self.namespace.is_empty() && !found.contains(&self.namespace.as_str()) {
            found.push(&self.namespace);
        }
        for child in &self.children {
            child.collect_namespaces(found);
        }
    }

    fn write(&self, out: &mut String, declare: &[&str]) {
        let mut tag = self.name.clone();
        if !self.namespace.is_empty() {
            tag = format!("{}:{}", ns::prefix(&self.namespace), self.name);
        }
        out.push('<');
        out.push_str(&tag);
        for namespace in declare {
            out.push_str(" xmlns:");
            out.push_str(ns::prefix(namespace));
            out.push_str("=\"");
            escape(namespace, out);
            out.push('"');
        }
        if self.children.is_empty() && self.text.is_empty() {
            out.push_str("/>");
            return;
        }
        out.push('>');
        escape(&self.text, out);
        for child in &self.children {
            child.write(out, &[]);
        }
        out.push_str("</");
        out.push_str(&tag);
        out.push('>');
    }
}

/// CR is written as a reference: a parser would turn it into LF.
fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\r' => out.push_str("&#13;"),
            other => out.push(other),
        }
    }
}

/// Whether XML 1.0 can carry the character at all (section 2.2).
pub(crate) fn is_xml_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// The text with the characters that XML cannot carry replaced by U+FFFD.
pub(crate) fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if is_xml_char(c) { c } else { '\u{FFFD}' })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b043_declared_charset_is_obeyed() {
        let latin1 = b"<?xml version='1.0' encoding='ISO-8859-1'?><a>citt\xe0</a>";
        let text = decode(latin1, None).unwrap();
        assert_eq!(Element::parse(&text).unwrap().text, "città");
    }

    #[test]
    fn charset_of_the_transport_wins_over_the_declaration_and_the_mark_over_both() {
        let utf8 = "<?xml version='1.0' encoding='ISO-8859-1'?><a>città</a>";
        assert!(
            decode(utf8.as_bytes(), Some("UTF-8"))
                .unwrap()
                .contains("città")
        );
        let marked = format!("\u{feff}{utf8}");
        assert!(
            decode(marked.as_bytes(), Some("latin1"))
                .unwrap()
                .contains("città")
        );
        let utf16: Vec<u8> = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(decode(&utf16, None).unwrap().contains("città"));
    }

    #[test]
    fn bytes_that_are_not_in_the_charset_are_refused_not_replaced() {
        assert_eq!(
            decode(b"<a>citt\xe0</a>", None),
            Err(XmlError::BadCharset {
                charset: "UTF-8".into()
            })
        );
        assert!(matches!(
            decode(b"<?xml version='1.0' encoding='klingon'?><a/>", None),
            Err(XmlError::UnknownCharset { .. })
        ));
    }

    #[test]
    fn b042_line_ends_and_blanks_survive_writing_and_reading() {
        let mut element = Element::new(ns::PPT, "a");
        element.text = "  Riga1\r\nRiga2  &amp; <b> \"x\" ".to_owned();
        assert_eq!(Element::parse(&element.to_document()).unwrap(), element);
    }

    #[test]
    fn text_between_elements_is_an_error_without_the_text() {
        let error = Element::parse("<a>Rossi<b/></a>").unwrap_err();
        assert_eq!(error.path(), Some("a"));
        assert!(!error.to_string().contains("Rossi"));
    }
}
