//! Bodies, their offices and accounts.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use govpay_api::anagrafica::{
    ContoAccredito, DominioDettaglio, DominioElenco, NuovaUnitaOperativa, NuovoContoAccredito,
    NuovoDominio, Servizio, UnitaOperativa,
};
use iban::Iban;
use platform::{StoreError, StoreResult};
use serde_json::{Value, json};

use super::elenco::Elenco;
use super::{
    codice_ente, dettaglio, entrate, identificativo, manca, scritta, tipi_pendenza, unisci,
};
use crate::anagrafica::{RigaConto, RigaDominio, RigaUnitaOperativa};
use crate::pagamenti::{Chiamante, Errore};
use crate::rest::App;
use crate::rest::auth::{Operatore, lavora_per};
use crate::rest::contratto::corpo;
use crate::rest::risposta::{Corpo, Parametri, Risposta, json as answer};

/// Fields of a body with a column of their own.
const COLONNE: [&str; 18] = [
    "ragioneSociale",
    "gln",
    "auxDigit",
    "segregationCode",
    "iuvPrefix",
    "stazione",
    "cbill",
    "indirizzo",
    "civico",
    "cap",
    "localita",
    "provincia",
    "web",
    "pec",
    "tel",
    "abilitato",
    "logo",
    "intermediato",
];

pub type Chiave = web::Path<(String, String)>;

/// A body that the caller sees.
pub async fn dominio(app: &App, caller: &Chiamante, id: &str) -> Result<RigaDominio, Errore> {
    let found = app.pagamenti.db.find_dominio(id.to_owned()).await?;
    found
        .filter(|row| caller.sees(&row.id_dominio))
        .ok_or_else(|| Errore::non_trovato(format!("nessun dominio '{id}'")))
}

pub async fn put_dominio(
    app: web::Data<App>,
    caller: Operatore,
    id: web::Path<String>,
    body: Corpo,
) -> Risposta {
    let caller = caller.scrive(Servizio::AnagraficaCreditore)?;
    let id_dominio = id.into_inner();
    codice_ente("idDominio", &id_dominio)?;
    lavora_per(&caller, &id_dominio)?;
    let nuovo: NuovoDominio = corpo(&body)?;
    stazione_di(&app, &nuovo).await?;
    let row = riga(id_dominio, nuovo)?;
    Ok(scritta(app.pagamenti.db.put_dominio(row).await?))
}

/// The station is there, unless the body is not intermediated.
async fn stazione_di(app: &App, nuovo: &NuovoDominio) -> Result<(), Errore> {
    match (&nuovo.stazione, nuovo.intermediato) {
        (None, Some(false)) => Ok(()),
        (None, _) => Err(Errore::richiesta(
            "stazione: manca; serve a ogni dominio con intermediato diverso da false",
        )),
        (Some(id), _) => match app.pagamenti.db.find_stazione(id.clone()).await? {
            Some(row) if row.abilitato => Ok(()),
            Some(_) => Err(manca(
                "STA_001",
                "La stazione non è abilitata",
                format!("stazione: la stazione {id} non è abilitata"),
            )),
            None => Err(manca(
                "STA_000",
                "La stazione non è censita",
                format!("stazione: il valore {id} non è tra le stazioni di questo archivio"),
            )),
        },
    }
}

fn riga(id_dominio: String, nuovo: NuovoDominio) -> Result<RigaDominio, Errore> {
    let dettaglio = dettaglio(&nuovo, &COLONNE)?;
    let aux_digit = numero(nuovo.aux_digit.as_deref())?.unwrap_or(0);
    let segregation_code = numero(nuovo.segregation_code.as_deref())?;
    if aux_digit == 3 && segregation_code.is_none() {
        return Err(Errore::richiesta(
            "segregationCode: manca; serve con auxDigit 3",
        ));
    }
    let piena = |text: Option<String>| text.filter(|text| !text.is_empty());
    Ok(RigaDominio {
        id_dominio,
        ragione_sociale: nuovo.ragione_sociale,
        gln: piena(nuovo.gln),
        aux_digit,
        segregation_code,
        iuv_prefix: nuovo.iuv_prefix.unwrap_or_default(),
        id_stazione: nuovo.stazione.filter(|_| nuovo.intermediato != Some(false)),
        cbill: piena(nuovo.cbill),
        indirizzo: piena(nuovo.indirizzo),
        civico: piena(nuovo.civico),
        cap: piena(nuovo.cap),
        localita: piena(nuovo.localita),
        provincia: piena(nuovo.provincia),
        web: piena(nuovo.web),
        pec: piena(nuovo.pec),
        tel: piena(nuovo.tel),
        abilitato: nuovo.abilitato,
        logo: piena(nuovo.logo),
        dettaglio,
    })
}

/// Digits that the schema has looked at.
fn numero(text: Option<&str>) -> Result<Option<i32>, Errore> {
    let read = |text: &str| text.parse().map_err(|_| StoreError::corrupt(text));
    Ok(text.map(read).transpose()?)
}

fn colonne(row: &RigaDominio) -> Value {
    json!({
        "idDominio": row.id_dominio, "ragioneSociale": row.ragione_sociale, "gln": row.gln,
        "auxDigit": row.aux_digit.to_string(),
        "segregationCode": row.segregation_code.map(|code| format!("{code:02}")),
        "iuvPrefix": (!row.iuv_prefix.is_empty()).then_some(&row.iuv_prefix),
        "stazione": row.id_stazione, "cbill": row.cbill, "indirizzo": row.indirizzo,
        "civico": row.civico, "cap": row.cap, "localita": row.localita,
        "provincia": row.provincia, "web": row.web, "pec": row.pec, "tel": row.tel,
        "abilitato": row.abilitato, "logo": row.logo,
        "intermediato": row.id_stazione.is_some(),
    })
}

/// The body as a row of a list.
pub fn riga_di_elenco(row: &RigaDominio) -> StoreResult<DominioElenco> {
    let path = |of: &str| format!("/domini/{}/{of}", row.id_dominio);
    let mut fields = colonne(row);
    fields["unitaOperative"] = path("unitaOperative").into();
    fields["contiAccredito"] = path("contiAccredito").into();
    fields["entrate"] = path("entrate").into();
    fields["tipiPendenza"] = path("tipiPendenza").into();
    // For who has never said it.
    let detto: Value = serde_json::from_str(&row.dettaglio).map_err(StoreError::corrupt)?;
    if detto.get("scaricaFr").is_none() {
        fields["scaricaFr"] = false.into();
    }
    unisci(&row.dettaglio, fields)
}

pub async fn get_dominio(
    app: web::Data<App>,
    caller: Operatore,
    id: web::Path<String>,
) -> Risposta {
    let caller = caller.legge(Servizio::AnagraficaCreditore)?;
    let row = dominio(&app, &caller, &id).await?;
    let db = &app.pagamenti.db;
    let unita = db.list_unita(row.id_dominio.clone()).await?;
    let unita: Vec<UnitaOperativa> = unita.iter().map(unita_letta).collect::<StoreResult<_>>()?;
    let conti = db.list_conti(row.id_dominio.clone()).await?;
    let conti: Vec<ContoAccredito> = conti.iter().map(conto_letto).collect::<StoreResult<_>>()?;
    let entrate = entrate::del_dominio(&app, &row.id_dominio).await?;
    let tipi = tipi_pendenza::del_dominio(&app, &row.id_dominio).await?;
    let mut fields = colonne(&row);
    fields["unitaOperative"] = json!(unita);
    fields["contiAccredito"] = json!(conti);
    fields["entrate"] = json!(entrate);
    fields["tipiPendenza"] = json!(tipi);
    let letto: DominioDettaglio = unisci(&row.dettaglio, fields)?;
    Ok(answer(StatusCode::OK, &letto))
}

pub async fn list_domini(
    app: web::Data<App>,
    caller: Operatore,
    q: Parametri<Elenco>,
    req: HttpRequest,
) -> Risposta {
    let caller = caller.legge(Servizio::AnagraficaCreditore)?;
    let rows = app.pagamenti.db.list_domini(caller.domini).await?;
    let rows: Vec<DominioElenco> = rows
        .iter()
        .map(riga_di_elenco)
        .collect::<StoreResult<_>>()?;
    q.into_inner().risposta(rows, &req)
}

// Offices.

pub async fn put_unita(
    app: web::Data<App>,
    caller: Operatore,
    key: Chiave,
    body: Corpo,
) -> Risposta {
    let caller = caller.scrive(Servizio::AnagraficaCreditore)?;
    let (id_dominio, id_unita) = key.into_inner();
    identificativo("idUnitaOperativa", &id_unita, false)?;
    dominio(&app, &caller, &id_dominio).await?;
    let nuova: NuovaUnitaOperativa = corpo(&body)?;
    let row = RigaUnitaOperativa {
        id_dominio,
        id_unita,
        dettaglio: dettaglio(&nuova, &["ragioneSociale", "abilitato"])?,
        ragione_sociale: nuova.ragione_sociale,
        abilitato: nuova.abilitato.unwrap_or(true),
    };
    Ok(scritta(app.pagamenti.db.put_unita(row).await?))
}

fn unita_letta(row: &RigaUnitaOperativa) -> StoreResult<UnitaOperativa> {
    let fields = json!({
        "idUnita": row.id_unita, "ragioneSociale": row.ragione_sociale, "abilitato": row.abilitato,
    });
    unisci(&row.dettaglio, fields)
}

pub async fn get_unita(app: web::Data<App>, caller: Operatore, key: Chiave) -> Risposta {
    let caller = caller.legge(Servizio::AnagraficaCreditore)?;
    let (id_dominio, id_unita) = key.into_inner();
    dominio(&app, &caller, &id_dominio).await?;
    let found = app
        .pagamenti
        .db
        .find_unita(id_dominio, id_unita.clone())
        .await?;
    let row = found
        .ok_or_else(|| Errore::non_trovato(format!("nessuna unità operativa '{id_unita}'")))?;
    Ok(answer(StatusCode::OK, &unita_letta(&row)?))
}

pub async fn list_unita(
    app: web::Data<App>,
    caller: Operatore,
    id: web::Path<String>,
    q: Parametri<Elenco>,
    req: HttpRequest,
) -> Risposta {
    let caller = caller.legge(Servizio::AnagraficaCreditore)?;
    let row = dominio(&app, &caller, &id).await?;
    let rows = app.pagamenti.db.list_unita(row.id_dominio).await?;
    let rows: Vec<UnitaOperativa> = rows.iter().map(unita_letta).collect::<StoreResult<_>>()?;
    q.into_inner().risposta(rows, &req)
}

// Accounts.

pub async fn put_conto(
    app: web::Data<App>,
    caller: Operatore,
    key: Chiave,
    body: Corpo,
) -> Risposta {
    let caller = caller.scrive(Servizio::AnagraficaCreditore)?;
    let (id_dominio, iban) = key.into_inner();
    if iban.parse::<Iban>().is_err() {
        let text =
            format!("ibanAccredito: il valore '{iban}' non è un IBAN (cifre di controllo errate)");
        return Err(Errore::richiesta(text).into());
    }
    dominio(&app, &caller, &id_dominio).await?;
    let nuovo: NuovoContoAccredito = corpo(&body)?;
    let row = RigaConto {
        id_dominio,
        iban,
        dettaglio: dettaglio(&nuovo, &["postale", "descrizione", "abilitato"])?,
        postale: nuovo.postale.unwrap_or(false),
        descrizione: nuovo.descrizione,
        abilitato: nuovo.abilitato.unwrap_or(true),
    };
    Ok(scritta(app.pagamenti.db.put_conto(row).await?))
}

fn conto_letto(row: &RigaConto) -> StoreResult<ContoAccredito> {
    let fields = json!({
        "iban": row.iban, "postale": row.postale, "descrizione": row.descrizione,
        "abilitato": row.abilitato,
    });
    unisci(&row.dettaglio, fields)
}

pub async fn get_conto(app: web::Data<App>, caller: Operatore, key: Chiave) -> Risposta {
    let caller = caller.legge(Servizio::AnagraficaCreditore)?;
    let (id_dominio, iban) = key.into_inner();
    dominio(&app, &caller, &id_dominio).await?;
    let found = app
        .pagamenti
        .db
        .find_conto(id_dominio, iban.clone())
        .await?;
    let row = found.ok_or_else(|| Errore::non_trovato(format!("nessun conto '{iban}'")))?;
    Ok(answer(StatusCode::OK, &conto_letto(&row)?))
}

pub async fn list_conti(
    app: web::Data<App>,
    caller: Operatore,
    id: web::Path<String>,
    q: Parametri<Elenco>,
    req: HttpRequest,
) -> Risposta {
    let caller = caller.legge(Servizio::AnagraficaCreditore)?;
    let row = dominio(&app, &caller, &id).await?;
    let rows = app.pagamenti.db.list_conti(row.id_dominio).await?;
    let rows: Vec<ContoAccredito> = rows.iter().map(conto_letto).collect::<StoreResult<_>>()?;
    q.into_inner().risposta(rows, &req)
}
