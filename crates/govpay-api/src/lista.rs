//! Lists: pages of results, and parts that are either told or pointed at.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{SeqAccess, Visitor, value::SeqAccessDeserializer};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::ToSchema;

/// One page of results. Pages count from 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Lista<T> {
    /// Of all pages. Absent when the caller asked for no counts (`metadatiPaginazione=false`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub num_risultati: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub num_pagine: Option<i64>,
    pub risultati_per_pagina: i64,
    pub pagina: i64,
    /// Path and query of the next page, when there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prossimi_risultati: Option<String>,
    pub risultati: Vec<T>,
}

/// One page of the archive of money. As [`Lista`], with the limit that its counts obey.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListaPaginata<T> {
    /// Of all pages, or `maxRisultati` when there are at least that many. Absent when the caller
    /// asked for no counts (`metadatiPaginazione=false`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub num_risultati: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub num_pagine: Option<i64>,
    pub risultati_per_pagina: i64,
    pub pagina: i64,
    /// Path and query of the next page, when there is one: also beyond `maxRisultati`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prossimi_risultati: Option<String>,
    /// Where counting stops; absent with `maxRisultati=false` and without counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_risultati: Option<i64>,
    pub risultati: Vec<T>,
}

/// A part of a noun: in a detail its rows, in a list the path where they are.
#[derive(Clone, Debug, PartialEq)]
pub enum Elenco<T> {
    Indirizzo(String),
    Righe(Vec<T>),
}

impl<T> Elenco<T> {
    /// The rows; none when only their path is known.
    pub fn righe(&self) -> &[T] {
        match self {
            Self::Indirizzo(_) => &[],
            Self::Righe(rows) => rows,
        }
    }
}

impl<T> Default for Elenco<T> {
    fn default() -> Self {
        Self::Righe(vec![])
    }
}

impl<T: Serialize> Serialize for Elenco<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Indirizzo(path) => serializer.serialize_str(path),
            Self::Righe(rows) => rows.serialize(serializer),
        }
    }
}

/// By hand, since an untagged enum would buffer the rows and lose the digits of their amounts.
impl<'de, T: Deserialize<'de>> Deserialize<'de> for Elenco<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Either<T> {
            type Value = Elenco<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("un elenco o il suo indirizzo")
            }
            fn visit_str<E>(self, path: &str) -> Result<Self::Value, E> {
                Ok(Elenco::Indirizzo(path.to_owned()))
            }
            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Elenco::default())
            }
            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(seq)).map(Elenco::Righe)
            }
        }
        deserializer.deserialize_any(Either(PhantomData))
    }
}
