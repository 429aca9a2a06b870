//! Sessions, attempts and events as the contract shows them.

use domain::tempo::giorno;
use domain::{CodiceFiscale, Importo, StatoPendenza, TipoSoggetto};
use govpay_api::{DatiPagopa, Dominio, Elenco, Evento, Pagamento, Pendenza, Rpp, Soggetto};
use pagopa::xml::Element;
use platform::{StoreError, StoreResult};
use serde_json::{Map, Value};

use crate::giornale::EventoRow;
use crate::posizione::{EnteRow, Posizione, PosizioneRow, importo};
use crate::tentativo::{PagamentoRow, RptRow, Sessione};

/// Elements that may be repeated: lists in the JSON even when there is one.
const LISTS: [&str; 4] = [
    "datiSingoloVersamento",
    "datiSingoloPagamento",
    "transfer",
    "mapEntry",
];

/// Whether dates of sessions are days (API Pagamento) or moments (Backoffice).
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Date {
    Giorni,
    Istanti,
}

/// An attempt. `pendenza`: the debt that it pays, when the answer tells it.
pub fn rpp(row: &RptRow, pendenza: Option<Pendenza>) -> StoreResult<Rpp> {
    let rpt = row.xml_rpt.as_deref().map(documento).transpose()?;
    Ok(Rpp {
        stato: row.stato.clone(),
        dettaglio_stato: row.descrizione_stato.clone(),
        bloccante: Some(row.bloccante),
        segnalazioni: vec![],
        rpt: rpt.unwrap_or_else(|| Value::Object(Map::new())),
        rt: row.xml_rt.as_deref().map(documento).transpose()?,
        pendenza: pendenza.map(Box::new),
        modello: Some(modello(row).to_owned()),
        id_dominio: Some(row.id_dominio.clone()),
        iuv: Some(row.iuv.clone()),
        ccp: Some(row.ccp.clone()),
        esito: row.esito.clone(),
        importo_pagato: row.importo_pagato.map(importo).transpose()?,
        data_pagamento: row.data_pagamento.map(|at| at.and_utc()),
        data_rpt: Some(row.created_at.and_utc()),
        data_rt: row.rt_at.map(|at| at.and_utc()),
        id_psp: row.id_psp.clone(),
        id_canale: row.id_canale.clone(),
        denominazione_attestante: row.denominazione_attestante.clone(),
        id_pagamento: row.pagamento.clone(),
    })
}

fn modello(row: &RptRow) -> &'static str {
    match (&row.pagamento, row.versione.as_str()) {
        (Some(_), _) => "Pagamento ad iniziativa Ente",
        (None, "V2") => "Modello unico",
        (None, _) => "Pagamento ad iniziativa PSP",
    }
}

/// A stored document as JSON: the names of its elements, texts as they are.
pub fn documento(xml: &str) -> StoreResult<Value> {
    let root = Element::parse(xml).map_err(|e| StoreError::corrupt(format!("documento: {e}")))?;
    Ok(json(&root))
}

fn json(element: &Element) -> Value {
    if element.children().is_empty() {
        return Value::String(element.text().to_owned());
    }
    let mut object = Map::new();
    for child in element.children() {
        let value = json(child);
        match object.get_mut(child.name()) {
            Some(Value::Array(list)) => list.push(value),
            Some(other) => *other = Value::Array(vec![other.take(), value]),
            None if LISTS.contains(&child.name()) => {
                object.insert(child.name().to_owned(), Value::Array(vec![value]));
            }
            None => {
                object.insert(child.name().to_owned(), value);
            }
        }
    }
    Value::Object(object)
}

/// A session. With its positions it is a detail; without, `rpp` and `pendenze` are paths.
pub fn pagamento(
    row: &PagamentoRow,
    dettaglio: Option<(&Sessione, &[Posizione])>,
    date: Date,
    now: chrono::DateTime<chrono::Utc>,
) -> StoreResult<Pagamento> {
    let (rpp_of, pendenze) = match dettaglio {
        None => (
            Elenco::Indirizzo(format!("/rpp?idPagamento={}", row.id)),
            Elenco::Indirizzo(format!("/pendenze?idPagamento={}", row.id)),
        ),
        Some((sessione, posizioni)) => {
            let of = |id: i64| {
                posizioni
                    .iter()
                    .find(|posizione| posizione.pendenza.id == id)
            };
            let rows = sessione.tentativi.iter().map(|attempt| {
                rpp(
                    attempt,
                    of(attempt.pendenza)
                        .map(|p| pendenza(&p.pendenza, &p.ente, now))
                        .transpose()?,
                )
            });
            let pendenze = posizioni
                .iter()
                .map(|p| pendenza(&p.pendenza, &p.ente, now));
            (
                Elenco::Righe(rows.collect::<StoreResult<_>>()?),
                Elenco::Righe(pendenze.collect::<StoreResult<_>>()?),
            )
        }
    };
    let created = row.created_at.and_utc();
    let versante = row
        .versante
        .as_deref()
        .and_then(|json| serde_json::from_str(json).ok());
    Ok(Pagamento {
        id: row.id.clone(),
        nome: row.nome.clone(),
        stato: row.stato.clone(),
        descrizione_stato: row.descrizione_stato.clone(),
        importo: importo(row.importo)?,
        id_sessione_portale: row.id_sessione_portale.clone(),
        id_sessione_psp: row.id_sessione_psp.clone(),
        psp_redirect_url: row.psp_redirect_url.clone(),
        url_ritorno: row.url_ritorno.clone(),
        data_richiesta_pagamento: Some(match date {
            Date::Giorni => giorno(created).to_string(),
            Date::Istanti => created.to_rfc3339_opts(chrono::SecondsFormat::Millis, true),
        }),
        data_esecuzione_pagamento: None,
        conto_addebito: None,
        credenziali_pagatore: None,
        soggetto_versante: versante,
        autenticazione_soggetto: None,
        modello: Some("Pagamento ad iniziativa Ente".to_owned()),
        verificato: Some(row.verificato),
        severita: None,
        tipo: u8::try_from(row.tipo).ok(),
        id_psp: row.id_psp.clone(),
        id_canale: row.id_canale.clone(),
        rpp: Some(rpp_of),
        pendenze: Some(pendenze),
    })
}

/// The debt of an attempt, in the few words of the contract's PendenzaIndex.
pub fn pendenza(
    row: &PosizioneRow,
    ente: &EnteRow,
    now: chrono::DateTime<chrono::Utc>,
) -> StoreResult<Pendenza> {
    let stato: StatoPendenza = row.stato()?;
    let pagato: Importo = importo(row.importo_pagato)?;
    let value = serde_json::json!({
        "idA2A": row.id_a2a,
        "idPendenza": row.id_pendenza,
        "dominio": Dominio {
            id_dominio: row.id_dominio.clone(),
            ragione_sociale: ente.ragione_sociale.clone(),
            ..Dominio::default()
        },
        "stato": stato.shown(row.anomala, row.data_scadenza, now).name(),
        "importo": 0,
    });
    let blank: Pendenza = serde_json::from_value(value).map_err(StoreError::corrupt)?;
    Ok(Pendenza {
        nome: row.nome.clone(),
        causale: row.causale.clone(),
        importo: row.importo()?,
        importo_pagato: Some(pagato).filter(|importo| !importo.is_zero()),
        iuv_avviso: row.iuv.clone(),
        numero_avviso: row.numero_avviso.clone(),
        data_validita: row.data_validita,
        data_scadenza: row.data_scadenza,
        data_pagamento: row.data_pagamento.map(|at| giorno(at.and_utc())),
        anomalo: Some(row.anomala).filter(|anomala| *anomala),
        soggetto_pagatore: soggetto(row),
        ..blank
    })
}

fn soggetto(row: &PosizioneRow) -> Option<Soggetto> {
    let codice = CodiceFiscale::parse(row.soggetto_identificativo.as_deref()?).ok()?;
    let tipo = row.soggetto_tipo.as_deref().and_then(TipoSoggetto::parse);
    Some(Soggetto {
        anagrafica: row.soggetto_anagrafica.clone().map(domain::Anagrafica::new),
        ..Soggetto::new(tipo.unwrap_or(TipoSoggetto::F), codice)
    })
}

/// An event; request and answer only in the detail.
pub fn evento(row: EventoRow, dettaglio: bool) -> StoreResult<Evento> {
    let parse = |text: Option<String>| match text.filter(|_| dettaglio) {
        Some(text) => serde_json::from_str(&text)
            .map(Some)
            .map_err(StoreError::corrupt),
        None => Ok(dettaglio.then(|| Value::Object(Map::new()))),
    };
    Ok(Evento {
        id: row.id,
        componente: row.componente,
        categoria_evento: row.categoria,
        ruolo: row.ruolo,
        tipo_evento: row.tipo,
        esito: row.esito,
        data_evento: row.data.and_utc(),
        durata_evento: row.durata_ms,
        sottotipo_evento: row.sottotipo,
        sottotipo_esito: row.sottotipo_esito,
        dettaglio_esito: row.dettaglio_esito,
        dati_pagopa: Some(DatiPagopa {
            id_psp: row.id_psp,
            id_canale: row.id_canale,
            id_dominio: row.id_dominio.clone(),
            id_stazione: row.id_stazione,
        }),
        id_dominio: row.id_dominio,
        iuv: row.iuv,
        ccp: row.ccp,
        id_a2a: row.id_a2a,
        id_pendenza: row.id_pendenza,
        id_pagamento: row.id_pagamento,
        severita: Some(row.severita),
        transaction_id: row.trace_id,
        parametri_richiesta: parse(row.richiesta)?,
        parametri_risposta: parse(row.risposta)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_becomes_json_with_its_lists_as_lists() {
        let xml = "<a:RT xmlns:a='x'><a:d><a:datiSingoloPagamento><a:n>1.00</a:n>\
                   </a:datiSingoloPagamento></a:d><a:e/></a:RT>";
        let expected = serde_json::json!({
            "d": { "datiSingoloPagamento": [{ "n": "1.00" }] }, "e": ""
        });
        assert_eq!(documento(xml).unwrap(), expected);
    }
}
