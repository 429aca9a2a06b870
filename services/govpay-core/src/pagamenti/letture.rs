//! Sessions, attempts, receipts and events, read.

use govpay_api::{Evento, Pagamento, Rpp};

use super::vista::{self, Date};
use super::{Chiamante, Errore, stampa};
use crate::elenco::{Fetta, Taglio};
use crate::giornale::FiltroEventi;
use crate::invio::Pagamenti;
use crate::posizione::Posizione;
use crate::tentativo::{FiltroPagamenti, FiltroRpt, RptRow, Sessione};

/// Format of a receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Formato {
    Pdf,
    Xml,
    Json,
}

impl Formato {
    /// What the `Accept` header wants, in its order; a PDF when it does not say.
    pub fn from_accept(accept: Option<&str>) -> Option<Self> {
        let Some(accept) = accept.filter(|accept| !accept.trim().is_empty()) else {
            return Some(Self::Pdf);
        };
        accept.split(',').find_map(|range| {
            match range.split(';').next().unwrap_or_default().trim() {
                "application/pdf" | "*/*" | "application/*" => Some(Self::Pdf),
                "application/xml" | "text/xml" => Some(Self::Xml),
                "application/json" => Some(Self::Json),
                _ => None,
            }
        })
    }

    pub fn content_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Xml => "application/xml; charset=utf-8",
            Self::Json => "application/json",
        }
    }

    pub fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Xml => "xml",
            Self::Json => "json",
        }
    }
}

pub async fn pagamento(
    p: &Pagamenti,
    chiamante: &Chiamante,
    id: String,
    date: Date,
) -> Result<Pagamento, Errore> {
    let text = format!("nessun pagamento con identificativo '{id}'");
    let found = p.db.find_pagamento(id).await?;
    dettaglio(p, chiamante, found, date, text).await
}

pub async fn pagamento_by_sessione(
    p: &Pagamenti,
    chiamante: &Chiamante,
    id_session: String,
    date: Date,
) -> Result<Pagamento, Errore> {
    let text = format!("nessun pagamento con sessione '{id_session}'");
    let found = p.db.find_pagamento_by_sessione(id_session).await?;
    dettaglio(p, chiamante, found, date, text).await
}

async fn dettaglio(
    p: &Pagamenti,
    chiamante: &Chiamante,
    found: Option<Sessione>,
    date: Date,
    missing: String,
) -> Result<Pagamento, Errore> {
    let visible =
        |sessione: &Sessione| chiamante.sees_pagamento(&sessione.pagamento, &sessione.tentativi);
    let sessione = found
        .filter(visible)
        .ok_or_else(|| Errore::non_trovato(missing))?;
    let mut posizioni: Vec<Posizione> = Vec::with_capacity(sessione.tentativi.len());
    for row in &sessione.tentativi {
        posizioni.push(p.db.load(row.pendenza).await?);
    }
    let detail = Some((&sessione, posizioni.as_slice()));
    Ok(vista::pagamento(
        &sessione.pagamento,
        detail,
        date,
        p.now(),
    )?)
}

pub async fn pagamenti(
    p: &Pagamenti,
    filtro: FiltroPagamenti,
    taglio: Taglio,
    date: Date,
) -> Result<Fetta<Pagamento>, Errore> {
    let fetta = p.db.list_pagamenti(filtro, taglio).await?;
    let rows = fetta
        .rows
        .iter()
        .map(|row| vista::pagamento(row, None, date, p.now()));
    Ok(fetta.con(rows.collect::<Result<_, _>>()?))
}

pub async fn rpps(p: &Pagamenti, filtro: FiltroRpt, taglio: Taglio) -> Result<Fetta<Rpp>, Errore> {
    let fetta = p.db.list_rpt(filtro, taglio).await?;
    let rows = fetta.rows.iter().map(|(row, pendenza, ente)| {
        let pendenza = vista::pendenza(pendenza, ente, p.now())?;
        vista::rpp(row, Some(pendenza))
    });
    Ok(fetta.con(rows.collect::<Result<_, _>>()?))
}

pub async fn rpp(p: &Pagamenti, chiamante: &Chiamante, key: [String; 3]) -> Result<Rpp, Errore> {
    let (row, posizione) = attempt(p, chiamante, key).await?;
    Ok(vista::rpp(
        &row,
        Some(vista::pendenza(
            &posizione.pendenza,
            &posizione.ente,
            p.now(),
        )?),
    )?)
}

/// The receipt as a document, with the name of its file.
pub async fn ricevuta(
    p: &Pagamenti,
    chiamante: &Chiamante,
    key: [String; 3],
    formato: Formato,
) -> Result<(Vec<u8>, String), Errore> {
    let (row, posizione) = attempt(p, chiamante, key).await?;
    let Some(xml) = &row.xml_rt else {
        let text = format!(
            "il tentativo {} ({}) non ha ancora una ricevuta",
            row.ccp, row.stato
        );
        return Err(Errore::non_trovato(text));
    };
    let safe = |text: &str| text.replace(|c: char| !c.is_ascii_alphanumeric(), "-");
    let name = format!(
        "{}_{}_{}.{}",
        row.id_dominio,
        safe(&row.iuv),
        safe(&row.ccp),
        formato.extension()
    );
    let bytes = match formato {
        Formato::Xml => xml.clone().into_bytes(),
        Formato::Json => vista::documento(xml)?.to_string().into_bytes(),
        Formato::Pdf => {
            let ricevuta = stampa::ricevuta(&posizione, &row)?;
            let printed = tokio::task::spawn_blocking(move || stampe::ricevuta(&ricevuta)).await;
            let printed = printed.map_err(platform::StoreError::from)?;
            printed.map_err(|error| {
                tracing::error!(%error, rpt = row.id, "receipt not printed");
                let categoria = govpay_api::Categoria::Interno;
                let text = "il PDF della ricevuta non si può comporre: chiedere l'XML";
                Errore::new(500, categoria, "500000", "Errore interno", text)
            })?
        }
    };
    Ok((bytes, name))
}

/// An attempt that the caller may see, with what it pays.
pub async fn attempt(
    p: &Pagamenti,
    chiamante: &Chiamante,
    [id_dominio, iuv, ccp]: [String; 3],
) -> Result<(RptRow, Posizione), Errore> {
    let text = format!("nessun pagamento con dominio '{id_dominio}', IUV '{iuv}', CCP '{ccp}'");
    let found = p.db.find_rpt(id_dominio, iuv, ccp).await?;
    let row = found.ok_or_else(|| Errore::non_trovato(text.clone()))?;
    let posizione = p.db.load(row.pendenza).await?;
    let pendenza = &posizione.pendenza;
    let debitore = pendenza.soggetto_identificativo.as_deref();
    let tipo = &pendenza.id_tipo_pendenza;
    if chiamante.sees_debito(&row.id_dominio, &pendenza.id_a2a, tipo, debitore) {
        Ok((row, posizione))
    } else {
        Err(Errore::non_trovato(text))
    }
}

pub async fn eventi(
    p: &Pagamenti,
    filtro: FiltroEventi,
    taglio: Taglio,
) -> Result<Fetta<Evento>, Errore> {
    let mut fetta = p.db.list_eventi(filtro, taglio).await?;
    let rows = std::mem::take(&mut fetta.rows).into_iter();
    let rows = rows.map(|row| vista::evento(row, false));
    Ok(fetta.con(rows.collect::<Result<_, _>>()?))
}

pub async fn evento(p: &Pagamenti, chiamante: &Chiamante, id: i64) -> Result<Evento, Errore> {
    let found = p.db.find_evento(id).await?;
    let visible = found.filter(|row| match &row.id_dominio {
        Some(id_dominio) => chiamante.sees(id_dominio),
        None => chiamante.domini.is_none(),
    });
    let row = visible.ok_or_else(|| Errore::non_trovato(format!("nessun evento {id}")))?;
    Ok(vista::evento(row, true)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b083_a_receipt_without_a_wish_is_a_pdf() {
        for (accept, expected) in [
            (None, Some(Formato::Pdf)),
            (Some("*/*"), Some(Formato::Pdf)),
            (Some("application/pdf"), Some(Formato::Pdf)),
            (Some("application/json"), Some(Formato::Json)),
            (Some("text/html, application/xml;q=0.9"), Some(Formato::Xml)),
            (Some("image/png"), None),
        ] {
            assert_eq!(Formato::from_accept(accept), expected, "{accept:?}");
        }
    }
}
