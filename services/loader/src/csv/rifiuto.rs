//! Why an upload is not taken, in words for people and for programs.

use web::format::intero;
use web::i18n::Lang;

/// Why a file is not taken. `key` is a text of the catalog, `code` the stable code of the API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rifiuto {
    pub code: &'static str,
    pub key: &'static str,
    /// Fills `{ $n }` of the text: a limit, or a line.
    pub n: u64,
    /// Fills `{ $trovate }`: how many there were.
    pub trovate: u64,
}

impl Rifiuto {
    pub fn new(code: &'static str, key: &'static str) -> Self {
        Self {
            code,
            key,
            n: 0,
            trovate: 0,
        }
    }

    /// More rows, or elements of a JSON, than a tracciato may have.
    pub fn troppe(key: &'static str, n: u64, trovate: u64) -> Self {
        let code = "TROPPE_RIGHE";
        Self {
            code,
            key,
            n,
            trovate,
        }
    }

    /// What people read.
    pub fn testo(&self, lang: Lang) -> String {
        let (n, trovate) = (intero(self.n), intero(self.trovate));
        crate::CATALOG.text(lang, self.key, &[("n", &n), ("trovate", &trovate)])
    }

    /// Whether it is the size that is wrong, and nothing else.
    pub fn e_di_misura(&self) -> bool {
        matches!(self.code, "FILE_TROPPO_GRANDE" | "TROPPE_RIGHE")
    }
}
