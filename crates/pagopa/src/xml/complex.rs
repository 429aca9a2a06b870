//! The complex types of the official schemas: sequences of elements in a fixed order.
//!
//! [`xml_struct`] declares a struct once, field by field with the element's name and rule, and derives
//! both reading and writing from it, so that the two cannot disagree. [`message`] makes such a struct
//! a root element.

use super::codec::Codec;
use super::element::Element;
use super::{XmlError, ns};

/// A sequence of child elements.
pub(crate) trait Complex: Sized {
    /// Namespace of the children; empty when they are unqualified.
    const CHILDREN: &'static str;
    fn read(cursor: &mut Cursor<'_>) -> Result<Self, XmlError>;
    fn write(&self, writer: &mut Writer<'_>) -> Result<(), XmlError>;
}

/// A choice: one of several elements in the place of one.
pub(crate) trait Group: Sized {
    fn read(cursor: &mut Cursor<'_>) -> Result<Self, XmlError>;
    fn write(&self, writer: &mut Writer<'_>) -> Result<(), XmlError>;
}

/// A struct that is a whole message: a root element of its own.
#[expect(private_bounds, reason = "only this crate declares messages")]
pub trait Message: Complex {
    const NAMESPACE: &'static str;
    const ELEMENT: &'static str;
    /// The legacy responses of the ente wrap their content in an unqualified element of this name.
    const WRAPPER: Option<&'static str>;
}

/// A message that asks for another.
pub trait Request: Message {
    /// Name of the operation, also the value of the `SOAPAction` header.
    const OPERATION: &'static str;
    type Response: Message;
}

/// A child with children.
#[derive(Clone, Copy)]
pub(crate) struct Nested;

/// A child whose children's names end with the suffix: `*` in their names stands for it.
#[derive(Clone, Copy)]
pub(crate) struct NestedAs(pub &'static str);

impl<T: Complex> Codec<T> for Nested {
    fn decode(&self, element: &Element) -> Result<T, XmlError> {
        read_complex(element, "")
    }
    fn encode(&self, value: &T, element: &mut Element) -> Result<(), XmlError> {
        write_complex(value, element, "")
    }
}

impl<T: Complex> Codec<T> for NestedAs {
    fn decode(&self, element: &Element) -> Result<T, XmlError> {
        read_complex(element, self.0)
    }
    fn encode(&self, value: &T, element: &mut Element) -> Result<(), XmlError> {
        write_complex(value, element, self.0)
    }
}

fn read_complex<T: Complex>(element: &Element, suffix: &'static str) -> Result<T, XmlError> {
    if !element.text.chars().all(|c| c.is_ascii_whitespace()) {
        return Err(XmlError::value(&element.text, "testo al posto degli elementi").masked());
    }
    let mut cursor = Cursor {
        rest: &element.children,
        namespace: T::CHILDREN,
        parent: &element.namespace,
        suffix,
    };
    let value = T::read(&mut cursor)?;
    cursor.finish()?;
    Ok(value)
}

fn write_complex<T: Complex>(
    value: &T,
    element: &mut Element,
    suffix: &'static str,
) -> Result<(), XmlError> {
    value.write(&mut Writer {
        element,
        namespace: T::CHILDREN,
        suffix,
    })
}

/// Reads a root element.
pub(crate) fn read_message<M: Message>(element: &Element) -> Result<M, XmlError> {
    if !element.is(M::NAMESPACE, M::ELEMENT) {
        return Err(XmlError::WrongRoot {
            expected: format!("{{{}}}{}", M::NAMESPACE, M::ELEMENT),
            found: format!("{{{}}}{}", element.namespace, element.name),
        });
    }
    let Some(wrapper) = M::WRAPPER else {
        return read_complex(element, "").map_err(|e| e.inside(M::ELEMENT));
    };
    let mut cursor = Cursor {
        rest: &element.children,
        namespace: ns::NONE,
        parent: &element.namespace,
        suffix: "",
    };
    let inner = cursor.take(wrapper).ok_or_else(|| cursor.missing(wrapper));
    let inside = |e: XmlError| e.inside(M::ELEMENT);
    let value = inner
        .and_then(|inner| read_complex(inner, "").map_err(|e| e.inside(wrapper)))
        .map_err(inside)?;
    cursor.finish().map_err(inside)?;
    Ok(value)
}

/// Builds a root element.
pub(crate) fn write_message<M: Message>(message: &M) -> Result<Element, XmlError> {
    let mut element = Element::new(M::NAMESPACE, M::ELEMENT);
    match M::WRAPPER {
        None => write_complex(message, &mut element, "").map_err(|e| e.inside(M::ELEMENT))?,
        Some(wrapper) => {
            let mut inner = Element::new(ns::NONE, wrapper);
            write_complex(message, &mut inner, "")
                .map_err(|e| e.inside(wrapper).inside(M::ELEMENT))?;
            element.children.push(inner);
        }
    }
    Ok(element)
}

fn full_name(name: &str, suffix: &str) -> String {
    match name.strip_suffix('*') {
        Some(stem) => format!("{stem}{suffix}"),
        None => name.to_owned(),
    }
}

/// The children still to be read.
pub(crate) struct Cursor<'a> {
    rest: &'a [Element],
    namespace: &'static str,
    parent: &'a str,
    suffix: &'static str,
}

impl<'a> Cursor<'a> {
    /// The next child, when it is this one. Where names are unqualified, the namespace of the element
    /// around is accepted too: senders that write a default namespace qualify everything by it.
    fn take(&mut self, name: &str) -> Option<&'a Element> {
        let first = self.rest.first()?;
        let namespace_ok = first.namespace == self.namespace
            || (self.namespace == ns::NONE && first.namespace == self.parent);
        if namespace_ok && first.name == full_name(name, self.suffix) {
            self.rest = &self.rest[1..];
            return Some(first);
        }
        None
    }

    /// Nothing may be left.
    fn finish(&self) -> Result<(), XmlError> {
        match self.rest.first() {
            None => Ok(()),
            Some(extra) => Err(XmlError::Unexpected {
                path: extra.name.clone(),
            }),
        }
    }

    pub(crate) fn missing(&self, name: &str) -> XmlError {
        XmlError::Missing {
            path: full_name(name, self.suffix),
            found: self.rest.first().map(|e| {
                if e.namespace.is_empty() || e.namespace == self.namespace {
                    e.name.clone()
                } else {
                    format!("{{{}}}{}", e.namespace, e.name)
                }
            }),
        }
    }

    fn decode<T>(&self, element: &Element, codec: impl Codec<T>) -> Result<T, XmlError> {
        codec.decode(element).map_err(|e| e.inside(&element.name))
    }

    pub(crate) fn req<T>(&mut self, name: &str, codec: impl Codec<T>) -> Result<T, XmlError> {
        match self.take(name) {
            Some(element) => self.decode(element, codec),
            None => Err(self.missing(name)),
        }
    }

    pub(crate) fn opt<T>(
        &mut self,
        name: &str,
        codec: impl Codec<T>,
    ) -> Result<Option<T>, XmlError> {
        self.take(name)
            .map(|element| self.decode(element, codec))
            .transpose()
    }

    pub(crate) fn list<T>(
        &mut self,
        name: &str,
        codec: impl Codec<T> + Copy,
        min: usize,
        max: usize,
    ) -> Result<Vec<T>, XmlError> {
        let mut values = Vec::new();
        while let Some(element) = self.take(name) {
            values.push(self.decode(element, codec)?);
        }
        occurrences(name, values.len(), min, max)?;
        Ok(values)
    }

    pub(crate) fn group<T: Group>(&mut self) -> Result<T, XmlError> {
        T::read(self)
    }
}

fn occurrences(name: &str, count: usize, min: usize, max: usize) -> Result<(), XmlError> {
    if count < min || count > max {
        return Err(XmlError::Occurrences {
            path: name.to_owned(),
            count,
            min,
            max,
        });
    }
    Ok(())
}

/// The element that is being filled.
pub(crate) struct Writer<'a> {
    element: &'a mut Element,
    namespace: &'static str,
    suffix: &'static str,
}

impl Writer<'_> {
    pub(crate) fn req<T>(
        &mut self,
        value: &T,
        name: &str,
        codec: impl Codec<T>,
    ) -> Result<(), XmlError> {
        let mut child = Element::new(self.namespace, &full_name(name, self.suffix));
        codec
            .encode(value, &mut child)
            .map_err(|e| e.inside(&child.name))?;
        self.element.children.push(child);
        Ok(())
    }

    pub(crate) fn opt<T>(
        &mut self,
        value: &Option<T>,
        name: &str,
        codec: impl Codec<T>,
    ) -> Result<(), XmlError> {
        match value {
            Some(value) => self.req(value, name, codec),
            None => Ok(()),
        }
    }

    pub(crate) fn list<T>(
        &mut self,
        values: &[T],
        name: &str,
        codec: impl Codec<T> + Copy,
        min: usize,
        max: usize,
    ) -> Result<(), XmlError> {
        occurrences(name, values.len(), min, max)?;
        values
            .iter()
            .try_for_each(|value| self.req(value, name, codec))
    }

    pub(crate) fn group<T: Group>(&mut self, value: &T) -> Result<(), XmlError> {
        value.write(self)
    }
}

/// Declares a struct and its XML: `field: Type => req("element", rule)`, with `opt`, `list` and
/// `group` for optional, repeated and alternative content. The order of the fields is the order of the
/// elements.
macro_rules! xml_struct {
    (
        $(#[$meta:meta])*
        pub struct $name:ident in $children:path {
            $( $(#[$field_meta:meta])* pub $field:ident: $ty:ty => $method:ident($($arg:expr),*) ),* $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name {
            $( $(#[$field_meta])* pub $field: $ty, )*
        }

        impl $crate::xml::Complex for $name {
            const CHILDREN: &'static str = $children;
            fn read(cursor: &mut $crate::xml::Cursor<'_>) -> Result<Self, $crate::XmlError> {
                $( let $field = cursor.$method($($arg),*)?; )*
                Ok(Self { $($field),* })
            }
            fn write(&self, writer: &mut $crate::xml::Writer<'_>) -> Result<(), $crate::XmlError> {
                $( writer.$method(&self.$field, $($arg),*)?; )*
                Ok(())
            }
        }
    };
}
pub(crate) use xml_struct;

/// `message!(Struct = NAMESPACE, "element")`, with `, wrapped "inner"` for a double wrapper and
/// `, asks "operation" -> Response` for a request.
macro_rules! message {
    ($name:ident = $ns:path, $element:literal) => {
        impl $crate::xml::Message for $name {
            const NAMESPACE: &'static str = $ns;
            const ELEMENT: &'static str = $element;
            const WRAPPER: Option<&'static str> = None;
        }
    };
    ($name:ident = $ns:path, $element:literal, wrapped) => {
        impl $crate::xml::Message for $name {
            const NAMESPACE: &'static str = $ns;
            const ELEMENT: &'static str = $element;
            const WRAPPER: Option<&'static str> = Some($element);
        }
    };
    ($name:ident = $ns:path, $element:literal, asks $operation:literal -> $response:ident) => {
        $crate::xml::message!($name = $ns, $element);
        impl $crate::xml::Request for $name {
            const OPERATION: &'static str = $operation;
            type Response = $response;
        }
    };
}
pub(crate) use message;
