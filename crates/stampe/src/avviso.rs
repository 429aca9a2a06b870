//! The avviso di pagamento on paper, alone or with the others of its documento, without the postal
//! bulletin.
//!
//! Sections, their order and their places are those of the public model of pagoPA ("Il nuovo avviso di
//! pagamento analogico", version 2.1); the sentences are our own.

use chrono::{DateTime, NaiveDate, Utc};
use domain::avviso::qr_text;
use domain::{Importo, NumeroAvviso};
use fast_qr::convert::{Builder, svg::SvgBuilder};
use fast_qr::{ECL, QRBuilder, Version};
use serde_json::{Value, json};

use crate::engine::{Documento, Modello, StampaError, render};
use crate::parti::{Ente, Indirizzo, Soggetto, filled};
use crate::testo::{giorno, in_groups_of_four};

/// What is printed on an avviso.
#[derive(Clone)]
pub struct Avviso {
    pub ente: Ente,
    /// Office of the ente that asks for the payment.
    pub settore_ente: Option<String>,
    /// How to reach the ente: site, telephone, e-mail or PEC; up to 100 characters look best.
    pub info_ente: Option<String>,
    /// Code of the ente in the CBILL circuit (codice SIA), when it has one.
    pub cbill: Option<String>,
    pub destinatario: Soggetto,
    pub indirizzo_destinatario: Indirizzo,
    pub numero_avviso: NumeroAvviso,
    /// Zero means that the amount is known only when paying.
    pub importo: Importo,
    /// Last good day; `None` prints no date.
    pub data_scadenza: Option<NaiveDate>,
    /// Oggetto del pagamento.
    pub causale: String,
    /// When the pendenza was created or last changed: the date of the PDF, not printed.
    pub data_emissione: DateTime<Utc>,
    /// Which part of a documento this is, as people read it (`RATA 2`); `None` for a debt in one part.
    pub parte: Option<String>,
}

/// The avviso as a tagged PDF of one page.
pub fn avviso(dati: &Avviso) -> Result<Vec<u8>, StampaError> {
    let numero = in_groups_of_four(dati.numero_avviso.as_str());
    insieme(
        &format!("Avviso di pagamento {numero}"),
        std::slice::from_ref(dati),
    )
}

/// Several avvisi of an ente as one tagged PDF, a page each, in their order. `titolo`: of the PDF.
pub fn insieme(titolo: &str, avvisi: &[Avviso]) -> Result<Vec<u8>, StampaError> {
    let pagine: Vec<Value> = avvisi.iter().map(vista).collect::<Result<_, _>>()?;
    let autore = avvisi
        .first()
        .map(|primo| primo.ente.denominazione.as_str());
    let data = avvisi.iter().map(|avviso| avviso.data_emissione).max();
    render(Documento {
        modello: Modello::Avviso,
        dati: json!({ "titolo": titolo, "autore": autore.unwrap_or_default(), "pagine": pagine }),
        data: data.unwrap_or_default(),
    })
}

/// Version 4, level M, without the white margin: the page leaves it (pagoPA, "specifiche QR code").
fn qr_svg(text: &str) -> Result<String, StampaError> {
    let mut builder = QRBuilder::new(text);
    builder.ecl(ECL::M).version(Version::V04);
    let code = builder.build().map_err(|error| StampaError {
        documento: "avviso",
        dettaglio: format!("codice QR: {error:?}"),
    })?;
    let mut svg = SvgBuilder::default();
    svg.margin(0);
    Ok(svg.to_str(&code))
}

fn vista(dati: &Avviso) -> Result<Value, StampaError> {
    let numero = in_groups_of_four(dati.numero_avviso.as_str());
    let cf_ente = &dati.ente.codice_fiscale;
    let importo = (!dati.importo.is_zero()).then(|| dati.importo.italiano());
    let alt_importo = match &importo {
        Some(importo) => format!("importo {importo} euro"),
        None => "importo da calcolare".to_owned(),
    };
    let testo_qr = qr_text(&dati.numero_avviso, cf_ente, dati.importo);
    Ok(json!({
        "opzione": dati.parte.as_deref().unwrap_or("RATA UNICA"),
        "qr": qr_svg(&testo_qr)?,
        "ente": {
            "denominazione": dati.ente.denominazione,
            "codice_fiscale": cf_ente,
            "settore": filled(&dati.settore_ente),
            "indirizzo": dati.ente.indirizzo.righe().join(" · "),
            "info": filled(&dati.info_ente),
            "cbill": filled(&dati.cbill),
        },
        "destinatario": {
            "nome": dati.destinatario.nome(),
            "codice_fiscale": dati.destinatario.codice(),
            "indirizzo": dati.indirizzo_destinatario.righe(),
        },
        "alt_qr": format!("Codice QR dell'avviso {numero}, ente {cf_ente}, {alt_importo}"),
        "numero": numero,
        "importo": importo,
        "scadenza": dati.data_scadenza.map(giorno),
        "causale": dati.causale,
    }))
}
