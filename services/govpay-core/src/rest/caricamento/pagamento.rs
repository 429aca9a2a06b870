//! Pendenze that a portal wants to pay and that nobody loaded.

use govpay_api::{NuovoPagamento, PendenzaDaPagare};
use serde_json::value::RawValue;

use super::dati::Dati;
use super::modulo::{ModuloQuery, spontanea};
use super::ordine;
use crate::pagamenti::Errore;
use crate::pendenza::{EsitoOrdine, OrigineOrdine};
use crate::rest::App;
use crate::rest::anagrafica::tipo_in_vigore;
use crate::rest::auth::Applicazione;
use crate::rest::contratto::corpo_svelto;
use crate::rest::risposta::corpo;
use crate::verifica;

/// The session that a portal asks for: pendenze that come whole, or as the data of a form, are loaded
/// first, and paid by their keys as the others.
pub async fn da_pagare(
    app: &App,
    caller: &Applicazione,
    body: &[u8],
) -> Result<NuovoPagamento, Errore> {
    let mut dati = Dati::leggi(body)?;
    let pendenze: Vec<Box<RawValue>> = match dati.0.get("pendenze") {
        Some(raw) => corpo(raw.get().as_bytes())?,
        None => vec![],
    };
    let mut per_chiave = Vec::with_capacity(pendenze.len());
    for (i, raw) in pendenze.iter().enumerate() {
        let sua = |errore| nella_pendenza(i, errore);
        per_chiave.push(
            match nuova_da_pagare(app, caller, raw).await.map_err(sua)? {
                Some((id_a2a, id_pendenza)) => {
                    let chiave = PendenzaDaPagare {
                        id_a2a: Some(id_a2a),
                        id_pendenza: Some(id_pendenza),
                        ..PendenzaDaPagare::default()
                    };
                    serde_json::value::to_raw_value(&chiave)
                        .map_err(platform::StoreError::corrupt)?
                }
                None => raw.clone(),
            },
        );
    }
    let raw = serde_json::value::to_raw_value(&per_chiave);
    let raw = raw.map_err(platform::StoreError::corrupt)?;
    dati.0.insert("pendenze".to_owned(), raw);
    let text = serde_json::to_vec(&dati.0).map_err(platform::StoreError::corrupt)?;
    corpo_svelto(&text)
}

/// The same refusal, of a pendenza of the list.
fn nella_pendenza(i: usize, errore: Errore) -> Errore {
    match errore {
        Errore::Rifiuto {
            status,
            categoria,
            codice,
            descrizione,
            dettaglio,
            attesa,
        } => Errore::Rifiuto {
            status,
            categoria,
            codice,
            descrizione,
            dettaglio: format!("pendenze[{i}].{dettaglio}"),
            attesa,
        },
        altro => altro,
    }
}

/// Loads a pendenza that a portal wants to pay and that nobody loaded; its key, or nothing when it is
/// named by its key or avviso.
async fn nuova_da_pagare(
    app: &App,
    caller: &Applicazione,
    raw: &RawValue,
) -> Result<Option<(String, String)>, Errore> {
    let mut dati = Dati::leggi(raw.get().as_bytes())?;
    let ordine = if dati.0.contains_key("voci") {
        let key = dati.chiave(None, None)?;
        let pendenza = dati.pendenza()?;
        caller.sees(pendenza.id_dominio.as_str())?;
        caller.usa_tipo(verifica::tipo_di(&pendenza))?;
        ordine(app, key, pendenza, OrigineOrdine::Spontaneo).await?
    } else if let Some(modulo) = dati.0.remove("dati") {
        let manca = |nome: &str| Errore::richiesta(format!("{nome}: manca"));
        let id_dominio = dati.testo("idDominio")?.ok_or_else(|| manca("idDominio"))?;
        let id_tipo = dati.testo("idTipoPendenza")?;
        let id_tipo = id_tipo.ok_or_else(|| manca("idTipoPendenza"))?;
        caller.sees(&id_dominio)?;
        caller.usa_tipo(&id_tipo)?;
        let tipo = tipo_in_vigore(app, &id_dominio, &id_tipo).await?;
        let (body, dove) = (
            modulo.get().as_bytes(),
            (id_dominio.as_str(), id_tipo.as_str()),
        );
        let senza = ModuloQuery::default();
        let (key, pendenza) = spontanea(app, &tipo, body, dove, &senza).await?;
        ordine(app, key, pendenza, OrigineOrdine::Spontaneo).await?
    } else {
        return Ok(None);
    };
    let key = (ordine.id_a2a.clone(), ordine.id_pendenza.clone());
    match app.pagamenti.db.put_pendenza(ordine).await? {
        EsitoOrdine::Rifiutata(rifiuto) => Err(rifiuto.into()),
        EsitoOrdine::Creata(_) | EsitoOrdine::Aggiornata(_) => Ok(Some(key)),
    }
}
