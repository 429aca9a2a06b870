//! What can be wrong with an XML message, in words that name the place.

/// Why bytes are not the message they should be, or why a value cannot be written as one.
///
/// The text is in Italian and fit for the `description` of a fault or for a page. Values of personal
/// data are replaced by `•••`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum XmlError {
    #[error("il messaggio è vuoto")]
    Empty,
    #[error("il messaggio è di {size} byte: il massimo è {limit}")]
    TooLarge { size: usize, limit: usize },
    #[error("la codifica di caratteri '{label}' non è riconosciuta: usare UTF-8")]
    UnknownCharset { label: String },
    #[error("il messaggio contiene byte che non sono testo {charset}")]
    BadCharset { charset: String },
    #[error("la definizione del tipo di documento (DOCTYPE) non è ammessa")]
    Dtd,
    #[error("il messaggio ha più di {limit} tra elementi e testi")]
    TooManyNodes { limit: u32 },
    #[error("gli elementi sono annidati oltre {limit} livelli")]
    TooDeep { limit: usize },
    #[error("XML non ben formato: {detail}")]
    Malformed { detail: String },
    #[error("busta SOAP non valida: {detail}")]
    Envelope { detail: String },
    /// The root or a header block is another element than the one that was asked for.
    #[error("atteso l'elemento '{expected}', trovato '{found}'")]
    WrongRoot { expected: String, found: String },
    #[error("elemento '{path}': manca{}", found.as_ref().map(|f| format!(" (al suo posto si trova '{f}')")).unwrap_or_default())]
    Missing { path: String, found: Option<String> },
    #[error("elemento '{path}': non previsto in questa posizione")]
    Unexpected { path: String },
    #[error("elemento '{path}': presente {count} volte, ammesse da {min} a {max}")]
    Occurrences {
        path: String,
        count: usize,
        min: usize,
        max: usize,
    },
    #[error("elemento '{path}', valore '{value}': {rule}")]
    Value {
        path: String,
        value: String,
        rule: String,
    },
}

impl XmlError {
    /// A value that breaks a rule, before the names of the elements around it are known.
    pub(crate) fn value(value: &str, rule: impl Into<String>) -> Self {
        const SHOWN: usize = 80;
        let mut shown: String = value.chars().take(SHOWN).collect();
        if shown.len() < value.len() {
            shown.push('…');
        }
        Self::Value {
            path: String::new(),
            value: shown,
            rule: rule.into(),
        }
    }

    /// The same error seen from the element around it.
    pub(crate) fn inside(mut self, name: &str) -> Self {
        if let Self::Missing { path, .. }
        | Self::Unexpected { path }
        | Self::Occurrences { path, .. }
        | Self::Value { path, .. } = &mut self
        {
            if path.is_empty() {
                name.clone_into(path);
            } else {
                path.insert(0, '/');
                path.insert_str(0, name);
            }
        }
        self
    }

    /// The same error without the value, for personal data and passwords.
    pub(crate) fn masked(mut self) -> Self {
        if let Self::Value { value, .. } = &mut self {
            "•••".clone_into(value);
        }
        self
    }

    /// The path of the offending element (`datiVersamento/importoTotaleDaVersare`), when there is one.
    pub fn path(&self) -> Option<&str> {
        match self {
            Self::Missing { path, .. }
            | Self::Unexpected { path }
            | Self::Occurrences { path, .. }
            | Self::Value { path, .. } => Some(path),
            _ => None,
        }
    }
}
