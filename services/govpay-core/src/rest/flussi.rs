//! Flussi of rendicontazione and riconciliazioni of an archive that has none: the questions are read
//! as strictly as ever, the lists are empty, nothing is found, and no movement is matched.

use actix_web::{HttpRequest, web};
use chrono::NaiveDate;
use domain::Importo;
use govpay_api::anagrafica::Servizio;
use govpay_api::v3::NuovaRiconciliazione;
use serde::Deserialize;

use super::App;
use super::auth::{Applicazione, Operatore};
use super::domanda::{Domanda, MAX_BACKOFFICE, MAX_V3};
use super::risposta::{Corpo, Risposta, corpo};
use crate::elenco::{Conta, Fetta, Taglio};
use crate::pagamenti::{Chiamante, Errore};
use crate::riscossione::{ElencoRiscossioni, FiltroRiscossioni};

fn elenco(req: &HttpRequest, max: i64) -> Risposta {
    let d = Domanda::new(req, max);
    d.da("dataDa")?;
    d.fino_a("dataA")?;
    d.rispondi(Fetta::<()>::vuota(d.taglio()?.conta))
}

pub async fn elenco_backoffice(caller: Operatore, req: HttpRequest) -> Risposta {
    caller.legge(Servizio::Rendicontazioni)?;
    elenco(&req, MAX_BACKOFFICE)
}

pub async fn elenco_ragioneria(caller: Applicazione, req: HttpRequest) -> Risposta {
    caller.may_ragioneria()?;
    elenco(&req, MAX_V3)
}

fn nessuno(req: &HttpRequest) -> Errore {
    let path = req.path().rsplit("/rs/").next().unwrap_or_default();
    Errore::non_trovato(format!(
        "nessuna risorsa {path}: l'archivio non ha flussi né riconciliazioni"
    ))
}

pub async fn nessuno_backoffice(caller: Operatore, req: HttpRequest) -> Risposta {
    caller.legge(Servizio::Rendicontazioni)?;
    Err(nessuno(&req).into())
}

pub async fn nessuno_ragioneria(caller: Applicazione, req: HttpRequest) -> Risposta {
    caller.may_ragioneria()?;
    Err(nessuno(&req).into())
}

/// `incassoPost` of the Backoffice.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NuovoIncasso {
    #[serde(with = "domain::importo::json_number")]
    importo: Importo,
    sct: Option<String>,
    data_valuta: Option<NaiveDate>,
    data_contabile: Option<NaiveDate>,
    iban_accredito: Option<String>,
    causale: Option<String>,
    iuv: Option<String>,
    id_flusso: Option<String>,
}

pub async fn post_incasso(
    app: web::Data<App>,
    caller: Operatore,
    id_dominio: web::Path<String>,
    body: Corpo,
) -> Risposta {
    let chiamante = caller.scrive(Servizio::Rendicontazioni)?;
    let incasso: NuovoIncasso = corpo(&body)?;
    let movimento = NuovaRiconciliazione {
        importo: incasso.importo,
        sct: incasso.sct.unwrap_or_default(),
        data_valuta: incasso.data_valuta,
        data_contabile: incasso.data_contabile,
        conto_accredito: incasso.iban_accredito,
        causale: incasso.causale,
        iuv: incasso.iuv,
        id_flusso_rendicontazione: incasso.id_flusso,
    };
    Err(rifiuto(&app, &chiamante, &id_dominio, &movimento)
        .await?
        .into())
}

/// `PUT /riconciliazioni/{idDominio}/{id}`: read whole, and refused for what is missing here.
pub async fn put_riconciliazione(
    app: web::Data<App>,
    caller: Applicazione,
    key: web::Path<(String, String)>,
    body: Corpo,
) -> Risposta {
    let caller = caller.may_ragioneria()?;
    let (id_dominio, id) = key.into_inner();
    if !(1..=35).contains(&id.len()) || !id.bytes().all(|b| b.is_ascii_alphanumeric()) {
        let text = format!("id: il valore '{id}' deve avere da 1 a 35 lettere o cifre");
        return Err(Errore::richiesta(text).into());
    }
    let movimento: NuovaRiconciliazione = corpo(&body)?;
    Err(rifiuto(&app, &caller.chiamante(), &id_dominio, &movimento)
        .await?
        .into())
}

/// What a movement names.
#[derive(Debug, PartialEq, Eq)]
enum Riferimento {
    Pagamento(String),
    Flusso(String),
}

/// Why a movement is not matched, with the codes of the contract's riconciliazioni.
async fn rifiuto(
    app: &App,
    chiamante: &Chiamante,
    id_dominio: &str,
    movimento: &NuovaRiconciliazione,
) -> Result<Errore, Errore> {
    let domini = app
        .pagamenti
        .db
        .list_domini(chiamante.domini.clone())
        .await?;
    if !domini.iter().any(|row| row.id_dominio == id_dominio) {
        let text = format!("nessun dominio '{id_dominio}'");
        return Ok(Errore::operazione("021410", "Dominio sconosciuto", text));
    }
    let iuv = match riferimento(movimento)? {
        Riferimento::Flusso(id) => {
            let text =
                format!("nessun flusso di rendicontazione '{id}' per il dominio {id_dominio}");
            return Ok(Errore::operazione(
                "021405",
                "Flusso di rendicontazione sconosciuto",
                text,
            ));
        }
        Riferimento::Pagamento(iuv) => iuv,
    };
    let elenco = ElencoRiscossioni {
        filtro: FiltroRiscossioni {
            id_dominio: Some(id_dominio.to_owned()),
            iuv: Some(iuv.clone()),
            ..FiltroRiscossioni::default()
        },
        ordine: vec![],
        taglio: Taglio {
            limit: 1,
            offset: 0,
            conta: Conta::No,
        },
    };
    let found = app.pagamenti.db.list_riscossioni(elenco).await?;
    Ok(match found.rows.is_empty() {
        true => {
            let text = format!("nessuna riscossione con IUV '{iuv}' per il dominio {id_dominio}");
            Errore::operazione("021402", "Pagamento sconosciuto", text)
        }
        false => {
            let text = "questo archivio non registra ancora movimenti di cassa: la riscossione resta RISCOSSA";
            Errore::operazione("021400", "Riconciliazione non eseguibile", text)
        }
    })
}

/// Exactly one of the three; a causale is that of the SEPA transfer.
fn riferimento(m: &NuovaRiconciliazione) -> Result<Riferimento, Errore> {
    match (&m.causale, &m.iuv, &m.id_flusso_rendicontazione) {
        (None, Some(iuv), None) => Ok(Riferimento::Pagamento(iuv.clone())),
        (None, None, Some(id)) => Ok(Riferimento::Flusso(id.clone())),
        (Some(causale), None, None) => leggi_causale(causale).ok_or_else(|| {
            let text = "causale: attesi /RFS/ o /RFB/ con lo IUV, oppure /PUR/LGPE-RIVERSAMENTO/URI/ con l'identificativo del flusso";
            Errore::operazione("021401", "Causale non riconosciuta", text)
        }),
        _ => Err(Errore::richiesta(
            "è atteso uno solo tra causale, iuv e identificativo del flusso",
        )),
    }
}

/// `…/RFB/<IUV>…` of a single payment, `…/PUR/LGPE-RIVERSAMENTO/URI/<idFlusso>…` of many; the slashes
/// in front may be missing.
fn leggi_causale(causale: &str) -> Option<Riferimento> {
    let value = |text: &str| {
        let value = text.split('/').next().unwrap_or_default().trim();
        (!value.is_empty()).then(|| value.to_owned())
    };
    for mark in ["RFS/", "RFB/"] {
        if let Some((_, rest)) = causale.split_once(mark) {
            return value(rest).map(Riferimento::Pagamento);
        }
    }
    let (_, rest) = causale.split_once("PUR/LGPE-RIVERSAMENTO")?;
    let (_, rest) = rest.split_once("URI/")?;
    value(rest).map(Riferimento::Flusso)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_causale_names_a_payment_or_a_flusso() {
        let flusso = |id: &str| Some(Riferimento::Flusso(id.to_owned()));
        let pagamento = |iuv: &str| Some(Riferimento::Pagamento(iuv.to_owned()));
        for (causale, expected) in [
            (
                "/RFB/01000000000012345/10.00",
                pagamento("01000000000012345"),
            ),
            (
                "RFS/RF23567483937849450550875",
                pagamento("RF23567483937849450550875"),
            ),
            (
                "/PUR/LGPE-RIVERSAMENTO/URI/2026-01-01PSP-1",
                flusso("2026-01-01PSP-1"),
            ),
            (
                "ZZ3Comune/PUR/LGPE-RIVERSAMENTO/URI/2026-01-01PSP-1/ZZ4/4184",
                flusso("2026-01-01PSP-1"),
            ),
            ("/PUR/LGPE-RIVERSAMENTO/", None),
            ("/RFB//10", None),
            ("affitto di gennaio", None),
        ] {
            assert_eq!(leggi_causale(causale), expected, "{causale}");
        }
    }
}
