//! Pendenze made of the data of a form, for people and for who pays.

use actix_web::web;
use govpay_api::NuovaPendenza;
use govpay_api::anagrafica::{CaricamentoPendenza, Servizio, TipoPendenzaDominio};
use serde::Deserialize;

use super::dati::Dati;
use super::{carica, ordine, scrivi};
use crate::ente::{Mancata, RifiutoEnte};
use crate::pagamenti::Errore;
use crate::pendenza::OrigineOrdine;
use crate::rest::App;
use crate::rest::anagrafica::tipo_in_vigore;
use crate::rest::auth::{Operatore, Pagante, lavora_per};
use crate::rest::contratto::secondo_lo_schema;
use crate::rest::pendenze::Key;
use crate::rest::risposta::{Corpo, Parametri, Risposta, corpo, non_autorizzato, sintassi};

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ModuloQuery {
    stampa_avviso: Option<bool>,
    id_unita_operativa: Option<String>,
    /// Pagamento: the key of the pendenza, when the data do not have it.
    #[serde(rename = "idA2A")]
    id_a2a: Option<String>,
    id_pendenza: Option<String>,
}

/// A person fills the form of a kind of debt.
pub async fn modulo_as_operatore(
    app: web::Data<App>,
    caller: Operatore,
    key: Key,
    query: Parametri<ModuloQuery>,
    body: Corpo,
) -> Risposta {
    let chiamante = caller.scrive(Servizio::Pendenze)?;
    let (id_dominio, id_tipo) = key.into_inner();
    lavora_per(&chiamante, &id_dominio)?;
    caller.usa_tipo(&id_tipo)?;
    let tipo = tipo_in_vigore(&app, &id_dominio, &id_tipo).await?;
    let modulo = aperto(tipo.portale_backoffice.as_ref()).ok_or_else(|| {
        let text = format!("idTipoPendenza: {id_tipo} non si carica da modulo nel Backoffice");
        Errore::operazione("422000", "Il tipo pendenza non ha un modulo", text)
    })?;
    let (key, pendenza) = da_modulo(&app, &body, modulo, (&id_dominio, &id_tipo), &query).await?;
    carica(&app, &caller, key, pendenza, query.stampa_avviso).await
}

/// Somebody who wants to pay fills the form of a kind of debt: a portal for others, a citizen for itself
/// (for others too, where the kind lets it).
pub async fn modulo_as_portale(
    app: web::Data<App>,
    caller: Pagante,
    key: Key,
    query: Parametri<ModuloQuery>,
    body: Corpo,
) -> Risposta {
    let (id_dominio, id_tipo) = key.into_inner();
    let cittadino = match caller {
        Pagante::Applicazione(caller) => {
            let caller = caller.may_pagamenti()?;
            caller.sees(&id_dominio)?;
            caller.usa_tipo(&id_tipo)?;
            None
        }
        Pagante::Cittadino(cittadino) => Some(cittadino.codice_fiscale),
        Pagante::Anonimo => {
            let text = "l'operazione non è per chi non si è autenticato";
            return Err(non_autorizzato(text).into());
        }
    };
    let tipo = tipo_in_vigore(&app, &id_dominio, &id_tipo).await?;
    let (key, pendenza) = spontanea(&app, &tipo, &body, (&id_dominio, &id_tipo), &query).await?;
    let debitore = pendenza.soggetto_pagatore.as_ref();
    let debitore = debitore.map(|soggetto| &soggetto.identificativo);
    if cittadino.is_some() && cittadino.as_ref() != debitore && tipo.paga_terzi != Some(true) {
        let text = "soggettoPagatore.identificativo: non è il cittadino autenticato, e il tipo pendenza non si paga per altri";
        let title = "Il debitore è un altro cittadino";
        return Err(Errore::operazione("CIT_003", title, text).into());
    }
    let ordine = ordine(&app, key, pendenza, OrigineOrdine::Spontaneo).await?;
    scrivi(&app, ordine, query.stampa_avviso).await
}

/// The pendenza that a citizen asks for.
pub async fn spontanea(
    app: &App,
    tipo: &TipoPendenzaDominio,
    body: &[u8],
    (id_dominio, id_tipo): (&str, &str),
    query: &ModuloQuery,
) -> Result<((String, String), NuovaPendenza), Errore> {
    let modulo = aperto(tipo.portale_pagamento.as_ref()).ok_or_else(|| {
        let text = format!("idTipoPendenza: {id_tipo} non si paga spontaneamente");
        Errore::operazione("CIT_002", "Il tipo pendenza non è spontaneo", text)
    })?;
    let (key, pendenza) = da_modulo(app, body, modulo, (id_dominio, id_tipo), query).await?;
    let altro = |beneficiario: &domain::CodDominio| beneficiario.as_str() != id_dominio;
    let voce = pendenza.voci.iter();
    if let Some(i) = voce
        .map(|voce| voce.id_dominio.as_ref())
        .position(|beneficiario| beneficiario.is_some_and(altro))
    {
        let text = format!("voci[{i}].idDominio: una pendenza spontanea ha un solo beneficiario");
        let title = "Pendenza spontanea multibeneficiario";
        return Err(Errore::operazione("VER_038", title, text));
    }
    Ok((key, pendenza))
}

fn aperto(modulo: Option<&CaricamentoPendenza>) -> Option<&CaricamentoPendenza> {
    modulo.filter(|modulo| modulo.abilitato)
}

/// From the data of a form to a pendenza of that body and kind.
///
/// The data obey the JSON Schema of the form. They are the pendenza itself, or the applicazione that
/// the form names (`inoltro`) makes one of them; templates kept here are not run.
async fn da_modulo(
    app: &App,
    body: &[u8],
    modulo: &CaricamentoPendenza,
    (id_dominio, id_tipo): (&str, &str),
    query: &ModuloQuery,
) -> Result<((String, String), NuovaPendenza), Errore> {
    if let Some(schema) = &modulo.validazione {
        let value = corpo(body)?;
        secondo_lo_schema(schema, &value).map_err(|text| {
            Errore::operazione(
                "VAL_000",
                "I dati non rispettano lo schema del modulo",
                text,
            )
        })?;
    }
    if let Some(id_a2a) = &modulo.inoltro {
        return inoltrata(app, id_a2a, body, (id_dominio, id_tipo)).await;
    }
    if modulo.trasformazione.is_some() {
        let text = format!(
            "il tipo pendenza {id_tipo} ha una trasformazione (freemarker): i modelli non si eseguono; usa inoltro, o un modulo che produce la pendenza"
        );
        let title = "Trasformazione non disponibile";
        return Err(Errore::operazione("TRASFORMAZIONE", title, text));
    }
    let mut dati = Dati::leggi(body)?;
    let key = dati.chiave(query.id_a2a.as_deref(), query.id_pendenza.as_deref())?;
    dati.fissa("idDominio", id_dominio)?;
    dati.fissa("idTipoPendenza", id_tipo)?;
    if let Some(unita) = &query.id_unita_operativa {
        dati.fissa("idUnitaOperativa", unita)?;
    }
    Ok((key, dati.pendenza()?))
}

/// The pendenza that an applicazione makes of the data, of that body and kind.
async fn inoltrata(
    app: &App,
    id_a2a: &str,
    body: &[u8],
    (id_dominio, id_tipo): (&str, &str),
) -> Result<((String, String), NuovaPendenza), Errore> {
    let dati = std::str::from_utf8(body)
        .map_err(|error| sintassi(format!("il corpo della richiesta non è in UTF-8: {error}")))?;
    let p = &app.pagamenti;
    let told = p.da_modulo(id_a2a, id_dominio, id_tipo, dati).await?;
    let errata = |text: String| {
        Errore::from(Mancata::Ente(RifiutoEnte::NonRiuscita(format!(
            "{id_a2a}: {text}"
        ))))
    };
    let owner = told.id_a2a.clone().unwrap_or_else(|| id_a2a.to_owned());
    let id_pendenza = told.id_pendenza.clone();
    let id_pendenza = id_pendenza.ok_or_else(|| errata("la risposta non ha idPendenza".into()))?;
    let mut pendenza = NuovaPendenza::from(told);
    let tipo = pendenza
        .id_tipo_pendenza
        .get_or_insert_with(|| id_tipo.to_owned());
    if owner != id_a2a || pendenza.id_dominio.as_str() != id_dominio || tipo != id_tipo {
        let text = format!(
            "ha risposto con una pendenza di {owner}, dominio {}, tipo {tipo}",
            pendenza.id_dominio
        );
        return Err(errata(text));
    }
    Ok(((owner, id_pendenza), pendenza))
}
