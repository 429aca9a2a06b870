//! Simple values as the content of an element.

use super::XmlError;
use super::element::Element;
use super::values::{self, Simple};

/// Content of a child element: a simple value or a sequence.
pub(crate) trait Codec<T> {
    fn decode(&self, element: &Element) -> Result<T, XmlError>;
    fn encode(&self, value: &T, element: &mut Element) -> Result<(), XmlError>;
}

/// A simple value as the content of an element.
macro_rules! simple_codec {
    ($($codec:ty => $value:ty),* $(,)?) => { $(
        impl Codec<$value> for $codec {
            fn decode(&self, element: &Element) -> Result<$value, XmlError> {
                Simple::<$value>::read(self, leaf(element)?)
            }
            fn encode(&self, value: &$value, element: &mut Element) -> Result<(), XmlError> {
                element.text = Simple::<$value>::write(self, value)?;
                Ok(())
            }
        }
    )* };
}
simple_codec! {
    values::Text => String,
    values::Text => crate::common::Masked,
    super::shape::Shape => String,
    super::shape::Shape => crate::common::Masked,
    values::Amount => domain::Importo,
    values::Date => chrono::NaiveDate,
    values::DateTimeOfRome => chrono::NaiveDateTime,
    values::Bool => bool,
    values::Int => i64,
    values::ZeroOne => i64,
    values::Base64 => Vec<u8>,
}

impl<T: values::Enumerated> Codec<T> for values::Enum {
    fn decode(&self, element: &Element) -> Result<T, XmlError> {
        self.read(leaf(element)?)
    }
    fn encode(&self, value: &T, element: &mut Element) -> Result<(), XmlError> {
        element.text = self.write(value)?;
        Ok(())
    }
}

impl<T: values::Enumerated> Codec<T> for values::EnumOf<T> {
    fn decode(&self, element: &Element) -> Result<T, XmlError> {
        self.read(leaf(element)?)
    }
    fn encode(&self, value: &T, element: &mut Element) -> Result<(), XmlError> {
        element.text = self.write(value)?;
        Ok(())
    }
}

fn leaf(element: &Element) -> Result<&str, XmlError> {
    match element.children.first() {
        None => Ok(&element.text),
        Some(child) => Err(XmlError::Unexpected {
            path: child.name.clone(),
        }),
    }
}
