//! From a template and its data to PDF bytes. The only module that knows typst.
//!
//! The data reach the template as a JSON file that exists only in memory, never as template source:
//! no text of a user can become code. Nothing here knows what a ricevuta or an avviso is.

use std::sync::LazyLock;

use chrono::{DateTime, Datelike, Timelike, Utc};
use serde_json::Value;
use typst::diag::{FileError, FileResult, SourceDiagnostic, SourceResult};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::testo;

/// The document could not be made. Bad data cannot cause it: it is a fault of a template, of the
/// fonts or of the engine. Carries no text of the document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "Non è stato possibile preparare il PDF «{documento}». I dati del pagamento non ne risentono: \
     riprova e, se succede ancora, segnala questo dettaglio all'assistenza: {dettaglio}"
)]
pub struct StampaError {
    /// `ricevuta` or `avviso`.
    pub documento: &'static str,
    /// What the engine says, without the quoted pieces of text.
    pub dettaglio: String,
}

/// A template of this crate.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Modello {
    Ricevuta,
    Avviso,
}

impl Modello {
    fn documento(self) -> &'static str {
        match self {
            Self::Ricevuta => "ricevuta",
            Self::Avviso => "avviso",
        }
    }
}

/// What a document is made from.
pub(crate) struct Documento {
    pub modello: Modello,
    /// Every text as it must be read, already formatted.
    pub dati: Value,
    /// Written in the PDF as its date: a moment of the data, so that equal data give equal bytes.
    pub data: DateTime<Utc>,
}

/// What all documents share, loaded once.
struct Shared {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    ricevuta: Source,
    avviso: Source,
    comune: Source,
    dati: FileId,
}

static SHARED: LazyLock<Shared> = LazyLock::new(|| {
    const FONTS: [&[u8]; 5] = [
        include_bytes!("../fonts/TitilliumWeb-Regular.ttf"),
        include_bytes!("../fonts/TitilliumWeb-SemiBold.ttf"),
        include_bytes!("../fonts/TitilliumWeb-Bold.ttf"),
        include_bytes!("../fonts/RobotoMono-Regular.ttf"),
        include_bytes!("../fonts/RobotoMono-Bold.ttf"),
    ];
    let ours = FONTS.into_iter().flat_map(|f| Font::iter(Bytes::new(f)));
    let others = typst_kit::fonts::embedded().map(|(font, _)| font);
    let fonts: Vec<Font> = ours.chain(others).collect();
    let source = |name, text: &str| Source::new(file_id(name), text.to_owned());
    Shared {
        library: LazyHash::new(Library::default()),
        book: LazyHash::new(FontBook::from_fonts(&fonts)),
        fonts,
        ricevuta: source("ricevuta.typ", include_str!("templates/ricevuta.typ")),
        avviso: source("avviso.typ", include_str!("templates/avviso.typ")),
        comune: source("comune.typ", include_str!("templates/comune.typ")),
        dati: file_id("dati.json"),
    }
});

fn file_id(name: &str) -> FileId {
    let path = VirtualPath::new(name).expect("the names of our own files are valid");
    RootedPath::new(VirtualRoot::Project, path).intern()
}

impl Shared {
    fn covers(&self, c: char) -> bool {
        self.fonts
            .iter()
            .any(|font| font.info().coverage.contains(u32::from(c)))
    }

    /// Letters that stand on their own in the first font: no combining marks.
    fn main_font_covers(&self, c: char) -> bool {
        let has = |font: &Font| font.info().coverage.contains(u32::from(c));
        !('\u{300}'..='\u{36f}').contains(&c) && self.fonts.first().is_some_and(has)
    }
}

/// One document's view of the world: our templates, its data, and nothing else.
struct DocumentWorld {
    main: Source,
    dati: Bytes,
}

impl World for DocumentWorld {
    fn library(&self) -> &LazyHash<Library> {
        &SHARED.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &SHARED.book
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main.id() {
            Ok(self.main.clone())
        } else if id == SHARED.comune.id() {
            Ok(SHARED.comune.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == SHARED.dati {
            Ok(self.dati.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        SHARED.fonts.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// How many documents a cached piece of layout outlives. Small: the cache is of the process, and
/// without eviction it grows by half a megabyte a document.
const CACHE_AGE: usize = 2;

/// Makes the PDF.
///
/// The standards refuse a page with a letter that cannot be drawn, and some sequences of rare scripts
/// cannot although each of their letters can. Then the document is made again with the letters of the
/// main font only: one that shows `□` is better than none.
pub(crate) fn render(documento: Documento) -> Result<Vec<u8>, StampaError> {
    attempt(&documento, &|c| SHARED.covers(c))
        .or_else(|_| attempt(&documento, &|c| SHARED.main_font_covers(c)))
        .map_err(|faults| StampaError {
            documento: documento.modello.documento(),
            dettaglio: describe(&faults),
        })
}

fn attempt(documento: &Documento, covered: &impl Fn(char) -> bool) -> SourceResult<Vec<u8>> {
    let mut dati = documento.dati.clone();
    testo::make_printable(&mut dati, covered);
    let json = dati.to_string();
    let options = options(&json, documento.data);
    let world = DocumentWorld {
        main: match documento.modello {
            Modello::Ricevuta => SHARED.ricevuta.clone(),
            Modello::Avviso => SHARED.avviso.clone(),
        },
        dati: Bytes::from_string(json),
    };
    let pdf = typst::compile::<PagedDocument>(&world)
        .output
        .and_then(|pages| typst_pdf::pdf(&pages, &options));
    typst::comemo::evict(CACHE_AGE);
    pdf
}

fn options(json: &str, data: DateTime<Utc>) -> PdfOptions {
    let standards = PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1])
        .expect("PDF/A-2a and PDF/UA-1 go together");
    PdfOptions {
        ident: Smart::Custom(json.to_owned()), // only its hash is written
        creator: Smart::Custom(Some("GovPay Lab".to_owned())),
        timestamp: datetime(data).map(Timestamp::new_utc),
        standards,
        ..PdfOptions::default()
    }
}

/// `None` only for years outside what a PDF date can hold.
fn datetime(at: DateTime<Utc>) -> Option<Datetime> {
    let small = |n: u32| u8::try_from(n).ok();
    Datetime::from_ymd_hms(
        at.year(),
        small(at.month())?,
        small(at.day())?,
        small(at.hour())?,
        small(at.minute())?,
        small(at.second())?,
    )
}

/// The messages of the engine. What stands between backquotes may be text of the document (a name,
/// a causale): it is left out, because errors go to the log.
fn describe(faults: &[SourceDiagnostic]) -> String {
    let messages: Vec<String> = faults
        .iter()
        .map(|fault| {
            let pieces = fault.message.split('`').enumerate();
            pieces
                .map(|(i, piece)| if i % 2 == 0 { piece } else { "…" })
                .collect()
        })
        .collect();
    messages.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use typst::syntax::Span;

    #[test]
    fn the_fonts_of_the_avviso_are_there_with_their_weights() {
        let ours: Vec<_> = SHARED.fonts[..5]
            .iter()
            .map(|f| {
                (
                    f.info().family.as_str(),
                    f.info().variant.weight.to_number(),
                )
            })
            .collect();
        let expected = [
            ("Titillium Web", 400),
            ("Titillium Web", 600),
            ("Titillium Web", 700),
            ("Roboto Mono", 400),
            ("Roboto Mono", 700),
        ];
        assert_eq!(ours, expected);
        for c in "àèìòùÀÈÌÒÙáéíóúŠšČčŽžĐđĆćŁőňțß€’‘“”«»–—…·•°§□".chars()
        {
            assert!(SHARED.covers(c), "{c}");
        }
    }

    #[test]
    fn an_error_does_not_repeat_the_text_of_the_document() {
        let fault = SourceDiagnostic::error(
            Span::detached(),
            "PDF/UA-1 error: the text `Giuseppe Verdi` could not be displayed",
        );
        let shown = describe(&[fault]);
        assert_eq!(shown, "PDF/UA-1 error: the text … could not be displayed");
    }

    #[test]
    fn a_template_can_read_nothing_but_its_own_data() {
        let world = DocumentWorld {
            main: SHARED.ricevuta.clone(),
            dati: Bytes::from_string("{}"),
        };
        assert!(world.file(file_id("etc/passwd")).is_err());
        assert!(world.file(file_id("qr.svg")).is_err());
        assert!(world.source(SHARED.avviso.id()).is_err());
        assert!(world.today(None).is_none());
    }
}
