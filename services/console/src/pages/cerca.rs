//! The search box: from any identifier to the pendenza that it belongs to.

use std::collections::BTreeMap;

use actix_web::web::Query;
use askama::Template;
use govpay_api::{ClientError, FiltroPendenze, Pendenza};
use serde::Deserialize;
use web::{Page, PageResult, render, see_other};

use super::{core_says, pendenza_url};
use crate::accesso::Banco;

/// Results shown.
const TROVATE: i64 = 50;

#[derive(Template)]
#[template(path = "cerca.html")]
struct Trovate {
    page: Page,
    cerca: String,
    righe: Vec<(String, Riga)>,
    core_giu: Option<String>,
}

/// A pendenza found.
struct Riga {
    id_a2a: String,
    id_pendenza: String,
    ente: String,
    numero_avviso: Option<String>,
    stato: Option<String>,
}

#[derive(Deserialize)]
pub struct Parametri {
    #[serde(default)]
    q: String,
}

/// What was typed, as identifiers are written: no spaces, of a QR code its numero avviso.
fn cleaned(text: &str) -> String {
    match domain::avviso::parse_qr_text(text) {
        Ok(qr) => qr.numero_avviso.to_string(),
        Err(_) => text
            .chars()
            .filter(|c| !c.is_whitespace())
            .take(100)
            .collect(),
    }
}

pub async fn cerca(banco: Banco, query: Query<Parametri>) -> PageResult {
    let text = cleaned(&query.q);
    let mut found = BTreeMap::new();
    let mut core_giu = None;
    if !text.is_empty() {
        found = in_projection(&banco, &text).await?;
        if found.is_empty() {
            match in_core(&banco, &text).await {
                Ok(pendenze) => {
                    for p in pendenze {
                        if banco.chi.visibili.sees(&p.dominio.id_dominio) {
                            add(&mut found, &banco, p);
                        }
                    }
                }
                Err(error) => core_giu = Some(core_says(&banco.page, &error)),
            }
        }
    }
    let mut hrefs = found.keys();
    if let (Some(href), None) = (hrefs.next(), hrefs.next()) {
        return Ok(see_other(href.clone()));
    }
    let page = banco.page.titled("cerca-titolo");
    render(&Trovate {
        page,
        cerca: query.q.clone(),
        righe: found.into_iter().collect(),
        core_giu,
    })
}

type Found = BTreeMap<String, Riga>;

async fn in_projection(banco: &Banco, text: &str) -> Result<Found, web::PageError> {
    let (db, visibili) = (&banco.app.db, &banco.chi.visibili);
    let mut found = Found::new();
    for row in db
        .search_pendenze(visibili.clone(), text.to_owned(), TROVATE)
        .await?
    {
        let riga = Riga {
            ente: banco.app.ente(&row.id_dominio).to_owned(),
            id_a2a: row.id_a2a,
            id_pendenza: row.id_pendenza,
            numero_avviso: row.numero_avviso,
            stato: Some(row.stato),
        };
        found.insert(pendenza_url(&riga.id_a2a, &riga.id_pendenza), riga);
    }
    for row in db
        .search_pagamenti(visibili.clone(), text.to_owned(), TROVATE)
        .await?
    {
        let riga = Riga {
            ente: banco.app.ente(&row.id_dominio).to_owned(),
            id_a2a: row.id_a2a,
            id_pendenza: row.id_pendenza,
            numero_avviso: row.numero_avviso,
            stato: None,
        };
        found
            .entry(pendenza_url(&riga.id_a2a, &riga.id_pendenza))
            .or_insert(riga);
    }
    if found.is_empty() {
        for (id_a2a, id_pendenza) in db.find_by_trace(visibili.clone(), text.to_owned()).await? {
            let href = pendenza_url(&id_a2a, &id_pendenza);
            let riga = Riga {
                id_a2a,
                id_pendenza,
                ente: String::new(),
                numero_avviso: None,
                stato: None,
            };
            found.insert(href, riga);
        }
    }
    Ok(found)
}

fn add(found: &mut Found, banco: &Banco, p: Pendenza) {
    let href = pendenza_url(&p.id_a2a, &p.id_pendenza);
    let riga = Riga {
        ente: banco.app.ente(&p.dominio.id_dominio).to_owned(),
        id_a2a: p.id_a2a,
        id_pendenza: p.id_pendenza,
        numero_avviso: p.numero_avviso,
        stato: Some(p.stato),
    };
    found.insert(href, riga);
}

/// What the console has not seen may be in the core: an avviso in each of the bodies, a payment, an
/// IUV, an idPendenza.
async fn in_core(banco: &Banco, text: &str) -> Result<Vec<Pendenza>, ClientError> {
    let core = &banco.app.core;
    let absent = |error: ClientError| {
        if is_no(&error) {
            Ok(vec![])
        } else {
            Err(error)
        }
    };
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    if digits && text.len() == 18 {
        let mut found = Vec::new();
        for (id_dominio, _) in banco.app.domini(&banco.chi.visibili) {
            let one = core.get_pendenza_by_avviso(&id_dominio, text).await;
            found.append(&mut one.map(|p| vec![p]).or_else(absent)?);
        }
        return Ok(found);
    }
    let is_uuid = text.len() == 36 && text.matches('-').count() == 4;
    if is_uuid {
        let pagamento = core.get_pagamento(text).await;
        let of_pagamento = pagamento.map(|pagamento| {
            let rpp = pagamento
                .rpp()
                .iter()
                .filter_map(|rpp| rpp.pendenza.as_deref().cloned());
            let mut all: Vec<Pendenza> = rpp.collect();
            all.extend(
                pagamento
                    .pendenze
                    .iter()
                    .flat_map(|list| list.righe().to_vec()),
            );
            all
        });
        let found = of_pagamento.or_else(absent)?;
        if !found.is_empty() {
            return Ok(found);
        }
    }
    let page = |iuv: Option<&str>, id: Option<&str>| FiltroPendenze {
        risultati_per_pagina: Some(TROVATE),
        iuv: iuv.map(str::to_owned),
        id_pendenza: id.map(str::to_owned),
        ..FiltroPendenze::default()
    };
    let by_id = core.list_pendenze(&page(None, Some(text))).await;
    let mut found = by_id.map(|list| list.risultati).or_else(absent)?;
    if found.is_empty() {
        let by_iuv = core.list_pendenze(&page(Some(text), None)).await;
        found = by_iuv.map(|list| list.risultati).or_else(absent)?;
    }
    Ok(found)
}

/// The core understood and has nothing like that (400: not an identifier of that kind).
fn is_no(error: &ClientError) -> bool {
    matches!(
        error,
        ClientError::Fault {
            status: 400 | 403 | 404 | 422,
            ..
        }
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_paste_is_read_as_an_identifier() {
        assert_eq!(cleaned(" 3010 0000 0000 0042 85 "), "301000000000004285");
        let qr = "PAGOPA|002|301000000000004285|12345678903|1250";
        assert_eq!(cleaned(qr), "301000000000004285");
        assert_eq!(cleaned("TARI-1"), "TARI-1");
        assert_eq!(cleaned("  "), "");
    }
}
