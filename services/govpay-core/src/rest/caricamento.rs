//! Pendenze loaded by people and by portals: whole, or made of the data of a form.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::web;
use base64::Engine as _;
use govpay_api::anagrafica::{CaricamentoPendenza, Servizio, TipoPendenzaDominio};
use govpay_api::{Categoria, NuovaPendenza, NuovoPagamento, PendenzaCreata, PendenzaDaPagare};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::anagrafica::tipo_in_vigore;
use super::auth::{Applicazione, Operatore, Pagante, lavora_per};
use super::contratto::{corpo_svelto, secondo_lo_schema};
use super::pendenze::Key;
use super::risposta::{Corpo, Parametri, Risposta, corpo, json, non_autorizzato};
use super::{App, avvisi, convalida};
use crate::ente::{Mancata, RifiutoEnte};
use crate::pagamenti::Errore;
use crate::pendenza::{EsitoOrdine, Ordine, OrigineOrdine, PendenzaConVoci};
use crate::verifica;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StampaQuery {
    pub stampa_avviso: Option<bool>,
}

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

/// Writes the pendenza and answers: 201 for a new one, 200 for one that was there. `stampa`: with its
/// avviso in the answer.
pub async fn scrivi(app: &App, ordine: Ordine, stampa: Option<bool>) -> Risposta {
    let (status, pendenza) = match app.pagamenti.db.put_pendenza(ordine).await? {
        EsitoOrdine::Creata(pendenza) => (StatusCode::CREATED, pendenza),
        EsitoOrdine::Aggiornata(pendenza) => (StatusCode::OK, pendenza),
        EsitoOrdine::Rifiutata(rifiuto) => return Err(rifiuto.into()),
    };
    let mut created = creata(&pendenza);
    if stampa == Some(true) {
        let pdf = avvisi::stampa(*pendenza).await?;
        created.pdf = Some(base64::engine::general_purpose::STANDARD.encode(pdf));
    }
    Ok(json(status, &created))
}

fn creata(pendenza: &PendenzaConVoci) -> PendenzaCreata {
    let row = &pendenza.row;
    PendenzaCreata {
        id_a2a: Some(row.id_a2a.clone()),
        id_pendenza: Some(row.id_pendenza.clone()),
        id_dominio: row.id_dominio.clone(),
        numero_avviso: row.numero_avviso.clone(),
        uuid: Some(row.uuid.clone()),
        pdf: None,
    }
}

/// The applicazione that somebody else loads a pendenza for.
async fn titolare(app: &App, id_a2a: &str) -> Result<Applicazione, Errore> {
    let db = &app.pagamenti.db;
    let rifiuto = |codice, descrizione, text| {
        Err(Errore::new(
            400,
            Categoria::Richiesta,
            codice,
            descrizione,
            text,
        ))
    };
    match db.find_applicazione_a2a(id_a2a.to_owned()).await? {
        None => {
            let text = format!("idA2A: il valore {id_a2a} non è tra le applicazioni");
            rifiuto("APP_000", "Applicazione sconosciuta", text)
        }
        Some(row) if !row.abilitato => {
            let text = format!("idA2A: l'applicazione {id_a2a} non è abilitata");
            rifiuto("APP_001", "Applicazione non abilitata", text)
        }
        Some(row) => Ok(Applicazione(row)),
    }
}

/// The order of a pendenza for that applicazione, which may own it.
async fn ordine(
    app: &App,
    (id_a2a, id_pendenza): (String, String),
    corpo: NuovaPendenza,
    origine: OrigineOrdine,
) -> Result<Ordine, Errore> {
    convalida::identificativo("idA2A", &id_a2a, false)?;
    convalida::identificativo("idPendenza", &id_pendenza, false)?;
    convalida::pendenza(&corpo)?;
    let titolare = titolare(app, &id_a2a).await?;
    titolare.sees(corpo.id_dominio.as_str())?;
    titolare.usa_tipo(verifica::tipo_di(&corpo))?;
    Ok(Ordine {
        codifica: titolare.codifica()?,
        id_a2a,
        id_pendenza,
        corpo,
        origine,
        now: app.pagamenti.now(),
    })
}

/// A person loads a pendenza of an applicazione.
async fn carica(
    app: &App,
    caller: &Operatore,
    key: (String, String),
    corpo: NuovaPendenza,
    stampa: Option<bool>,
) -> Risposta {
    let chiamante = caller.scrive(Servizio::Pendenze)?;
    lavora_per(&chiamante, corpo.id_dominio.as_str())?;
    caller.usa_tipo(verifica::tipo_di(&corpo))?;
    let ordine = ordine(app, key, corpo, OrigineOrdine::Dovuto).await?;
    scrivi(app, ordine, stampa).await
}

pub async fn put_as_operatore(
    app: web::Data<App>,
    caller: Operatore,
    key: Key,
    query: Parametri<StampaQuery>,
    body: Corpo,
) -> Risposta {
    caller.scrive(Servizio::Pendenze)?;
    let pendenza: NuovaPendenza = corpo_svelto(&body)?;
    carica(
        &app,
        &caller,
        key.into_inner(),
        pendenza,
        query.stampa_avviso,
    )
    .await
}

pub async fn post_as_operatore(
    app: web::Data<App>,
    caller: Operatore,
    query: Parametri<StampaQuery>,
    body: Corpo,
) -> Risposta {
    caller.scrive(Servizio::Pendenze)?;
    let mut dati = Dati::leggi(&body)?;
    let key = dati.chiave(None, None)?;
    let pendenza = dati.pendenza()?;
    carica(&app, &caller, key, pendenza, query.stampa_avviso).await
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
async fn spontanea(
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
    let dati = std::str::from_utf8(body).map_err(|error| {
        super::risposta::sintassi(format!("il corpo della richiesta non è in UTF-8: {error}"))
    })?;
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

/// A pendenza with its key in the same object; values stay as they were written.
struct Dati(BTreeMap<String, Box<RawValue>>);

impl Dati {
    fn leggi(body: &[u8]) -> Result<Self, Errore> {
        Ok(Self(corpo(body)?))
    }

    fn testo(&self, nome: &str) -> Result<Option<String>, Errore> {
        let read = |raw: &RawValue| {
            serde_json::from_str(raw.get()).map_err(|_| {
                Errore::richiesta(format!("{nome}: il valore {raw} deve essere un testo"))
            })
        };
        self.0.get(nome).map(AsRef::as_ref).map(read).transpose()
    }

    /// idA2A and idPendenza, of the address or of the object, which are the same where both are.
    fn chiave(
        &mut self,
        id_a2a: Option<&str>,
        id_pendenza: Option<&str>,
    ) -> Result<(String, String), Errore> {
        let mut uno = |nome: &str, dato: Option<&str>| {
            if let Some(dato) = dato {
                self.fissa(nome, dato)?;
            }
            let found = self.testo(nome)?;
            self.0.remove(nome);
            found.ok_or_else(|| Errore::richiesta(format!("{nome}: manca")))
        };
        Ok((uno("idA2A", id_a2a)?, uno("idPendenza", id_pendenza)?))
    }

    /// The field has that value, written or not.
    fn fissa(&mut self, nome: &str, valore: &str) -> Result<(), Errore> {
        match self.testo(nome)? {
            Some(scritto) if scritto != valore => Err(Errore::richiesta(format!(
                "{nome}: il valore '{scritto}' è diverso da quello dell'indirizzo ('{valore}')"
            ))),
            Some(_) => Ok(()),
            None => {
                let raw = serde_json::value::to_raw_value(valore);
                let raw = raw.map_err(platform::StoreError::corrupt)?;
                self.0.insert(nome.to_owned(), raw);
                Ok(())
            }
        }
    }

    fn pendenza(self) -> Result<NuovaPendenza, Errore> {
        let text = serde_json::to_vec(&self.0).map_err(platform::StoreError::corrupt)?;
        corpo_svelto(&text)
    }
}
