//! The outside tools that read our PDFs. A missing tool fails the test with the package to install.

use std::process::Command;

use tempfile::TempDir;

/// A PDF on disk, for as long as the value lives.
pub struct Pdf {
    folder: TempDir,
}

impl Pdf {
    pub fn new(bytes: &[u8]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.pdf"), bytes).unwrap();
        Self { folder }
    }

    fn run(&self, program: &str, package: &str, args: &[&str]) -> String {
        let mut command = Command::new(program);
        command.args(args).current_dir(self.folder.path());
        let output = command.output().unwrap_or_else(|e| {
            panic!("{program} non parte ({e}): installa il pacchetto {package}")
        });
        assert!(
            output.status.success(),
            "{program} {args:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap()
    }

    /// The text in content order, blanks of any kind and line ends reduced to one space.
    pub fn text(&self) -> String {
        let text = self.run("pdftotext", "poppler-utils", &["-raw", "a.pdf", "-"]);
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The text without any blank, for values that wrap over lines.
    pub fn text_without_blanks(&self) -> String {
        self.text().replace(' ', "")
    }

    /// What is written inside a rectangle of the first page, in millimetres from the top left.
    pub fn text_in(&self, x: u32, y: u32, width: u32, height: u32) -> String {
        let [x, y, w, h] = [x, y, width, height].map(|mm| (mm * 72 * 10 / 254).to_string());
        let args = ["-x", &x, "-y", &y, "-W", &w, "-H", &h, "a.pdf", "-"];
        let text = self.run("pdftotext", "poppler-utils", &args);
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    pub fn info(&self) -> String {
        self.run("pdfinfo", "poppler-utils", &["a.pdf"])
    }

    /// The XMP metadata, where a PDF says which standards it obeys.
    pub fn metadata(&self) -> String {
        self.run("pdfinfo", "poppler-utils", &["-meta", "a.pdf"])
    }

    /// The structure tree with its text.
    pub fn structure(&self) -> String {
        self.run("pdfinfo", "poppler-utils", &["-struct-text", "a.pdf"])
    }

    pub fn fonts(&self) -> String {
        self.run("pdffonts", "poppler-utils", &["a.pdf"])
    }

    pub fn pages(&self) -> usize {
        let info = self.info();
        let pages = info.lines().find_map(|l| l.strip_prefix("Pages:")).unwrap();
        pages.trim().parse().unwrap()
    }

    /// The codes that a reader finds on the first page, printed at 200 dots per inch.
    pub fn codes(&self) -> String {
        let args = ["-r", "200", "-png", "-singlefile", "a.pdf", "a"];
        self.run("pdftoppm", "poppler-utils", &args);
        self.run("zbarimg", "zbar-tools", &["-q", "--raw", "a.png"])
    }
}

/// What every document owes to who reads it with a screen reader, or in thirty years.
pub fn assert_accessible_and_archival(pdf: &Pdf, title: &str) {
    let info = pdf.info();
    for line in [
        format!("Title:           {title}"),
        "Tagged:          yes".to_owned(),
    ] {
        assert!(info.contains(&line), "{line} is missing in\n{info}");
    }
    let claims = pdf.metadata();
    for claim in [
        "<pdfaid:part>2</pdfaid:part>",
        "<pdfaid:conformance>A</pdfaid:conformance>",
        "<pdfuaid:part>1</pdfuaid:part>",
        "<rdf:li>it",
    ] {
        assert!(claims.contains(claim), "{claim} is missing in\n{claims}");
    }
    let fonts = pdf.fonts();
    let rows: Vec<&str> = fonts.lines().skip(2).collect();
    assert!(!rows.is_empty(), "{fonts}");
    for row in rows {
        assert!(
            row.contains(" yes yes yes "),
            "not embedded, subset and mapped: {row}"
        );
    }
}

/// Every text is in the document, in this order.
pub fn assert_in_order(text: &str, expected: &[&str]) {
    let mut rest = text;
    for piece in expected {
        let at = rest
            .find(piece)
            .unwrap_or_else(|| panic!("«{piece}» is missing, or out of place, in: {text}"));
        rest = &rest[at + piece.len()..];
    }
}
