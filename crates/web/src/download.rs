//! Files that a browser saves.

/// The header that names a download (RFC 6266): a plain name for old readers, the real one in UTF-8.
pub fn attachment(nome: &str) -> String {
    use std::fmt::Write as _;
    let innocuo =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ' | '(' | ')');
    let semplice: String = nome
        .chars()
        .map(|c| if innocuo(c) { c } else { '_' })
        .collect();
    let mut esteso = String::new();
    for byte in nome.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_') {
            esteso.push(char::from(byte));
        } else {
            // Writing to a String does not fail.
            let _ = write!(esteso, "%{byte:02X}");
        }
    }
    format!("attachment; filename=\"{semplice}\"; filename*=UTF-8''{esteso}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b032_the_name_of_a_download_is_safe_in_a_header() {
        assert_eq!(
            attachment("pendenze è \"2026\"; v1.csv"),
            "attachment; filename=\"pendenze _ _2026__ v1.csv\"; \
             filename*=UTF-8''pendenze%20%C3%A8%20%222026%22%3B%20v1.csv"
        );
        assert!(!attachment("a\r\nSet-Cookie: x").contains(['\r', '\n']));
    }
}
