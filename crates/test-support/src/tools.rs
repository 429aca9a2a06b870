//! Programs of the distribution that read our documents back, so that we are not our own judge.

use std::process::Command;

/// Text of a PDF as `pdftotext` reads it.
pub fn pdf_text(pdf: &[u8]) -> String {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("documento.pdf");
    std::fs::write(&path, pdf).expect("a temporary file");
    let output = Command::new("pdftotext")
        .args(["-layout", "-enc", "UTF-8"])
        .arg(&path)
        .arg("-")
        .output()
        .expect("pdftotext is needed: install the package poppler-utils");
    assert!(
        output.status.success(),
        "pdftotext: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("UTF-8, as asked")
}
