//! Style sheet, script, fonts and icons, with their licences, inside the executable. Made by `ui/build.sh`; this module
//! only serves them.

use std::sync::OnceLock;

use actix_web::http::header::{CACHE_CONTROL, ETAG, IF_NONE_MATCH};
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use rust_embed::{EmbeddedFile, RustEmbed};
use sha2::{Digest as _, Sha256};

use crate::error::{PageError, PageResult};

#[derive(RustEmbed)]
#[folder = "assets/"]
struct Files;

/// Routes of the assets: `/assets/{version}/{name}`.
pub fn configure(config: &mut ServiceConfig) {
    config.route("/assets/{version}/{name:.*}", web::get().to(serve));
}

/// Address of a file (`govpay.css`). Holds the version of the whole set, so that it can be cached
/// for ever.
pub fn url(name: &str) -> String {
    format!("/assets/{}/{name}", version())
}

/// Twelve hexadecimal digits that change with any byte of any file.
pub fn version() -> &'static str {
    static VERSION: OnceLock<String> = OnceLock::new();
    VERSION.get_or_init(|| {
        let mut hash = Sha256::new();
        let mut names: Vec<_> = Files::iter().collect();
        names.sort();
        for name in names {
            hash.update(name.as_bytes());
            if let Some(file) = Files::get(&name) {
                hash.update(file.metadata.sha256_hash());
            }
        }
        hex(&hash.finalize()[..6])
    })
}

/// The bytes of a file, for tests of the sites.
pub fn file(name: &str) -> Option<EmbeddedFile> {
    Files::get(name)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        Some("csv") => "text/csv; charset=utf-8",
        _ => "application/octet-stream",
    }
}

async fn serve(req: HttpRequest, path: web::Path<(String, String)>) -> PageResult {
    let (asked, name) = path.into_inner();
    let file = Files::get(&name).ok_or_else(PageError::not_found)?;
    let etag = format!("\"{}\"", hex(&file.metadata.sha256_hash()));
    // An address of another version gets what there is now, and must ask again.
    let cache = if asked == version() {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let known = req
        .headers()
        .get(IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.split(',').any(|tag| tag.trim() == etag));
    let mut response = if known {
        HttpResponse::NotModified()
    } else {
        HttpResponse::Ok()
    };
    response
        .insert_header((CACHE_CONTROL, cache))
        .insert_header((ETAG, etag));
    if known {
        return Ok(response.finish());
    }
    Ok(response
        .content_type(content_type(&name))
        .body(file.data.into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    /// Every file that a page may ask for is in the manifest with its right sum, and the other way
    /// round; licences are beside them.
    #[test]
    fn the_manifest_and_the_files_agree() {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
        let manifest = std::fs::read_to_string(dir.join("manifest.json")).unwrap();
        let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
        let files = manifest["files"].as_object().unwrap();
        for name in Files::iter().filter(|name| name != "manifest.json") {
            let sum = hex(&Files::get(&name).unwrap().metadata.sha256_hash());
            assert_eq!(
                files[name.as_ref()],
                sum,
                "{name}: run crates/web/ui/build.sh"
            );
        }
        for (name, sum) in files {
            let bytes = std::fs::read(dir.join(name)).unwrap();
            assert_eq!(hex(&Sha256::digest(&bytes)), *sum, "{name}");
        }
        for licence in [
            "bootstrap-italia-BSD-3-Clause.txt",
            "titillium-web-OFL.txt",
            "roboto-mono-Apache-2.0.txt",
        ] {
            assert!(
                files.contains_key(&format!("licenze/{licence}")),
                "{licence}"
            );
        }
    }

    #[test]
    fn the_first_view_stays_small() {
        let size = |name: &str| Files::get(name).unwrap().data.len();
        assert!(size("govpay.js") < 20_000);
        assert!(size("govpay.css") < 160_000);
        assert!(size("sprites.svg") < 40_000);
    }
}
