//! The RPT of a pendenza (PagInf 6.2.0). Pure: what the schema refuses is an error with its place.

use chrono::{DateTime, NaiveDate, Utc};
use domain::TipoSoggetto;
use pagopa::documenti::{
    DatiSingoloVersamento, DatiVersamento, Dominio, EnteBeneficiario, MarcaBolloDigitale, Rpt,
    Soggetto, VERSIONE,
};
use pagopa::tempo::ora_di_roma;
use pagopa::{Masked, TipoVersamento, XmlError};
use serde_json::Value;

use crate::posizione::{Accredito, EnteRow, Posizione, PosizioneRow, VocePosizione};

/// What an attempt adds to its pendenza.
pub struct Richiesta<'a> {
    pub iuv: &'a str,
    pub ccp: &'a str,
    pub id_messaggio: &'a str,
    pub tipo_versamento: TipoVersamento,
    /// Who pays, when it is not the debtor.
    pub versante: Option<Soggetto>,
    /// `CNS`, `USR`, `OTH` or `N/A`.
    pub autenticazione: &'a str,
    pub data_esecuzione: NaiveDate,
    pub iban_addebito: Option<String>,
    pub bic_addebito: Option<String>,
    pub credenziali: Option<String>,
    pub now: DateTime<Utc>,
}

/// The document as text.
pub fn documento(posizione: &Posizione, richiesta: Richiesta<'_>) -> Result<String, XmlError> {
    let pagatore = debitore(&posizione.pendenza);
    let versante = richiesta
        .versante
        .filter(|v| v.identificativo.codice != pagatore.identificativo.codice);
    let singoli = posizione.voci.iter();
    let singoli = singoli.map(|voce| singolo(voce, richiesta.iuv, &richiesta.credenziali));
    let rpt = Rpt {
        versione_oggetto: VERSIONE.to_owned(),
        dominio: Dominio {
            identificativo_dominio: posizione.ente.id_dominio.clone(),
            identificativo_stazione_richiedente: Some(
                posizione.stazione.stazione.id_stazione.clone(),
            ),
        },
        identificativo_messaggio_richiesta: richiesta.id_messaggio.to_owned(),
        data_ora_messaggio_richiesta: ora_di_roma(richiesta.now),
        autenticazione_soggetto: richiesta.autenticazione.to_owned(),
        soggetto_versante: versante,
        soggetto_pagatore: pagatore,
        ente_beneficiario: ente(&posizione.ente),
        dati_versamento: DatiVersamento {
            data_esecuzione_pagamento: richiesta.data_esecuzione,
            importo_totale_da_versare: posizione.voci.iter().map(|v| v.importo).sum(),
            tipo_versamento: richiesta.tipo_versamento,
            identificativo_univoco_versamento: richiesta.iuv.to_owned(),
            codice_contesto_pagamento: richiesta.ccp.to_owned(),
            iban_addebito: richiesta.iban_addebito,
            bic_addebito: richiesta.bic_addebito,
            firma_ricevuta: "0".to_owned(),
            singoli: singoli.collect(),
        },
    };
    // Every character of a document that was just written from text is text.
    Ok(String::from_utf8_lossy(&rpt.build()?).into_owned())
}

fn singolo(voce: &VocePosizione, iuv: &str, credenziali: &Option<String>) -> DatiSingoloVersamento {
    let (iban, appoggio, bollo) = match &voce.accredito {
        Accredito::Conto { iban, appoggio, .. } => (Some(iban.clone()), appoggio.clone(), None),
        Accredito::Bollo {
            tipo,
            hash_documento,
            provincia,
        } => {
            let bollo = MarcaBolloDigitale {
                tipo_bollo: tipo.clone(),
                hash_documento: hash_documento.clone(),
                provincia_residenza: provincia.clone(),
            };
            (None, None, Some(bollo))
        }
    };
    DatiSingoloVersamento {
        importo: voce.importo,
        commissione_carico_pa: None,
        iban_accredito: iban,
        bic_accredito: None,
        iban_appoggio: appoggio,
        bic_appoggio: None,
        credenziali_pagatore: credenziali.clone(),
        causale: causale(iuv, voce),
        dati_specifici_riscossione: voce.categoria.clone(),
        marca_da_bollo: bollo,
    }
}

/// The reason of a transfer as the banks carry it (SACI: `/RFB/` with a plain IUV, `/RFS/` with an
/// ISO 11649 reference), at most 140 characters.
pub fn causale(iuv: &str, voce: &VocePosizione) -> String {
    let kind = if iuv.starts_with("RF") { "RFS" } else { "RFB" };
    let text = voce.causale_rpt.as_deref().unwrap_or(&voce.descrizione);
    cut(
        &format!("/{kind}/{iuv}/{}/TXT/{}", voce.importo, text.trim()),
        140,
    )
}

/// The body as the beneficiary of a payment.
pub fn ente(row: &EnteRow) -> EnteBeneficiario {
    EnteBeneficiario {
        indirizzo: optional(row.indirizzo.as_deref(), 70),
        civico: optional(row.civico.as_deref(), 16),
        cap: optional(row.cap.as_deref(), 16),
        localita: optional(row.localita.as_deref(), 35),
        provincia: optional(row.provincia.as_deref(), 35),
        nazione: Some("IT".to_owned()),
        ..EnteBeneficiario::new(row.id_dominio.clone(), cut(row.ragione_sociale.trim(), 70))
    }
}

/// The debtor of a pendenza; `ANONIMO` when the gestionale named none.
pub fn debitore(row: &PosizioneRow) -> Soggetto {
    let altro = row
        .soggetto_altro
        .as_deref()
        .and_then(|json| serde_json::from_str(json).ok());
    let mut json: Value = altro.unwrap_or_else(|| Value::Object(serde_json::Map::new()));
    let mut put = |name: &str, value: &Option<String>| {
        if let (Some(object), Some(value)) = (json.as_object_mut(), value) {
            object.insert(name.to_owned(), Value::String(value.clone()));
        }
    };
    put("tipo", &row.soggetto_tipo);
    put("identificativo", &row.soggetto_identificativo);
    put("anagrafica", &row.soggetto_anagrafica);
    soggetto(&json)
}

/// The contract's Soggetto as one of the RPT: what its schema refuses of the optional fields is left
/// out, since no payment stops for an odd address.
pub fn soggetto(json: &Value) -> Soggetto {
    let text = |name: &str, max: usize| optional(json[name].as_str(), max);
    let masked = |name: &str, max: usize| text(name, max).map(Masked::from);
    let tipo = json["tipo"]
        .as_str()
        .and_then(TipoSoggetto::parse)
        .unwrap_or(TipoSoggetto::F);
    let codice = text("identificativo", 16).filter(|code| code.chars().count() >= 2);
    let sigla = |code: &String| code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase());
    Soggetto {
        indirizzo: masked("indirizzo", 70),
        civico: masked("civico", 16),
        cap: masked("cap", 16),
        localita: masked("localita", 35),
        provincia: masked("provincia", 35),
        nazione: text("nazione", 2).filter(sigla),
        email: text("email", 256)
            .filter(|email| is_schema_email(email))
            .map(Masked::from),
        ..Soggetto::new(
            tipo,
            codice.unwrap_or_else(|| "ANONIMO".to_owned()),
            text("anagrafica", 70).unwrap_or_else(|| "ANONIMO".to_owned()),
        )
    }
}

/// The pattern of the schema: narrower than what an address may be.
fn is_schema_email(text: &str) -> bool {
    let Some((local, host)) = text.split_once('@') else {
        return false;
    };
    let local_ok = |b: u8| b.is_ascii_alphanumeric() || b"_.+-".contains(&b);
    let label_ok =
        |l: &str| !l.is_empty() && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    !local.is_empty() && local.bytes().all(local_ok) && host.split('.').all(label_ok)
}

/// The text without blanks around, cut to `max` characters; nothing when nothing is left.
pub fn optional(text: Option<&str>, max: usize) -> Option<String> {
    text.map(|t| cut(t.trim(), max)).filter(|t| !t.is_empty())
}

/// At most `max` characters; those that XML cannot carry become a blank.
pub fn cut(text: &str, max: usize) -> String {
    let printable = |c: char| if c.is_control() { ' ' } else { c };
    let cut: String = text.chars().take(max).map(printable).collect();
    cut.trim_end().to_owned()
}
