//! A block of operations on the pendenze of one applicazione, and what became of each.

use chrono::{DateTime, Utc};
use domain::CodDominio;
use domain::avviso::{barcode_text, qr_text};
use govpay_api::Fault;
use govpay_api::blocco::{EsitoBlocco, EsitoOperazione};
use platform::StoreResult;

use crate::pendenza::{Ordine, PendenzaRow};
use crate::rest::importo;
use crate::tentativo::Visibili;

/// What an applicazione asks for in one call.
pub struct Blocco {
    pub id_a2a: String,
    /// Bodies that the applicazione works for.
    pub visibili: Visibili,
    pub operazioni: Vec<Operazione>,
    pub now: DateTime<Utc>,
}

pub enum Operazione {
    Ordine(Box<Ordine>),
    Annullamento(Annullamento),
    /// Wrong as it is written.
    Rifiutata(Fault),
}

pub struct Annullamento {
    pub id_pendenza: String,
    pub id_dominio: Option<CodDominio>,
    pub motivo: Option<String>,
}

impl Blocco {
    pub fn ordini(&self) -> impl Iterator<Item = &Ordine> {
        self.operazioni.iter().filter_map(|o| match o {
            Operazione::Ordine(ordine) => Some(&**ordine),
            _ => None,
        })
    }

    pub fn sees(&self, id_dominio: &str) -> bool {
        let visibili = self.visibili.as_ref();
        visibili.is_none_or(|ids| ids.iter().any(|id| id == id_dominio))
    }
}

#[derive(Clone)]
pub enum Esito {
    Riuscita(Riuscita),
    /// With the body of the pendenza.
    Annullata(String),
    Rifiutata(Fault),
}

/// A pendenza as it is after the block, with the codes of its avviso.
#[derive(Clone, Default)]
pub struct Riuscita {
    aggiornata: bool,
    id_dominio: Option<String>,
    numero_avviso: Option<String>,
    iuv: Option<String>,
    qrcode: Option<String>,
    barcode: Option<String>,
}

impl Riuscita {
    /// In a dry run: nothing is written, so there are no codes.
    pub fn prevista(id_dominio: &str, aggiornata: bool) -> Self {
        Self {
            aggiornata,
            id_dominio: Some(id_dominio.to_owned()),
            ..Self::default()
        }
    }

    /// `gln` of the body.
    pub fn new(row: &PendenzaRow, gln: Option<&str>, aggiornata: bool) -> StoreResult<Self> {
        let (dominio, importo) = (row.dominio()?, importo(row.importo)?);
        let numero = row.avviso()?;
        Ok(Self {
            aggiornata,
            id_dominio: Some(row.id_dominio.clone()),
            qrcode: numero.as_ref().map(|n| qr_text(n, &dominio, importo)),
            barcode: numero.as_ref().and_then(|n| barcode_text(n, gln, importo)),
            numero_avviso: row.numero_avviso.clone(),
            iuv: row.iuv.clone(),
        })
    }
}

impl From<Esito> for EsitoOperazione {
    fn from(esito: Esito) -> Self {
        let vuoto = |esito| Self {
            esito,
            id_dominio: None,
            numero_avviso: None,
            iuv: None,
            qrcode: None,
            barcode: None,
            errore: None,
        };
        match esito {
            Esito::Riuscita(r) => Self {
                id_dominio: r.id_dominio,
                numero_avviso: r.numero_avviso,
                iuv: r.iuv,
                qrcode: r.qrcode,
                barcode: r.barcode,
                ..vuoto(match r.aggiornata {
                    true => EsitoBlocco::Aggiornata,
                    false => EsitoBlocco::Creata,
                })
            },
            Esito::Annullata(id_dominio) => Self {
                id_dominio: Some(id_dominio),
                ..vuoto(EsitoBlocco::Annullata)
            },
            Esito::Rifiutata(fault) => Self {
                errore: Some(fault),
                ..vuoto(EsitoBlocco::Rifiutata)
            },
        }
    }
}
