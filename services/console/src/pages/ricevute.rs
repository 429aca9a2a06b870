//! The receipt of an attempt, handed over from the core.

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION};
use actix_web::web::{Path, Query};
use govpay_api::FormatoRt;
use serde::Deserialize;
use web::{PageError, PageResult};

use super::core_says;
use crate::accesso::Banco;

/// The key of an attempt. In the query, because a CCP may hold a slash.
#[derive(Deserialize)]
pub struct Tentativo {
    dominio: String,
    iuv: String,
    ccp: String,
}

pub async fn ricevuta(banco: Banco, path: Path<String>, key: Query<Tentativo>) -> PageResult {
    let (formato, extension) = match path.as_str() {
        "pdf" => (FormatoRt::Pdf, "pdf"),
        "xml" => (FormatoRt::Xml, "xml"),
        _ => return Err(PageError::not_found()),
    };
    banco.must_see(&key.dominio)?;
    let bytes = banco
        .app
        .core
        .get_rt(&key.dominio, &key.iuv, &key.ccp, formato)
        .await;
    let bytes = bytes.map_err(|error| {
        let page = &banco.page;
        if error.is_not_found() {
            PageError::not_found()
                .title(page.t("ricevuta-assente-titolo"))
                .detail(page.t("ricevuta-assente-testo"))
        } else {
            let detail = core_says(page, &error);
            PageError::unavailable(error.into()).detail(detail)
        }
    })?;
    // An IUV is letters and digits; anything else of an address stays out of the file's name.
    let iuv: String = key
        .iuv
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    let name = format!("attachment; filename=\"ricevuta-{iuv}.{extension}\"");
    Ok(HttpResponse::Ok()
        .content_type(formato.media_type())
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((CONTENT_DISPOSITION, name))
        .body(bytes))
}
