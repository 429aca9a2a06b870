//! Applicazioni: the software of the bodies.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use govpay_api::anagrafica::{ApplicazioneDettaglio, NuovaAcl, NuovaApplicazione, Servizio};
use govpay_api::{Applicazione, PatchOp};
use platform::StoreError;
use serde_json::{Value, json};

use super::elenco::Elenco;
use super::modifiche::applica;
use super::utenze::{
    Autorizzazioni, array, cifrata, domini_profilo, esito, ruoli_letti, tipi_profilo,
};
use super::{dettaglio, identificativo, manca, scritta, segreti, unisci};
use crate::anagrafica::ApplicazioneRow;
use crate::ente::connettore::del_dettaglio;
use crate::numerazione;
use crate::pagamenti::Errore;
use crate::rest::App;
use crate::rest::auth::Operatore;
use crate::rest::contratto::{corpo, leggi};
use crate::rest::risposta::{
    Corpo, Parametri, Risposta, corpo as letto_senza_schema, json as answer,
};

/// Fields of an applicazione with a column of their own, and the password.
const COLONNE: [&str; 10] = [
    "principal",
    "password",
    "domini",
    "tipiPendenza",
    "apiPagamenti",
    "apiPendenze",
    "apiRagioneria",
    "acl",
    "ruoli",
    "abilitato",
];

pub async fn put_applicazione(
    app: web::Data<App>,
    caller: Operatore,
    id: web::Path<String>,
    body: Corpo,
) -> Risposta {
    caller.scrive(Servizio::AnagraficaApplicazioni)?;
    let id = id.into_inner();
    identificativo("idA2A", &id, false)?;
    Ok(scritta(scrivi_applicazione(&app, id, corpo(&body)?).await?))
}

async fn scrivi_applicazione(
    app: &App,
    id_a2a: String,
    nuova: NuovaApplicazione,
) -> Result<bool, Errore> {
    let db = &app.pagamenti.db;
    let espressione = nuova.codifica_avvisi.as_ref();
    if let Some(testo) = espressione.and_then(|codifica| codifica.reg_exp_iuv.as_ref()) {
        numerazione::espressione(testo).map_err(|error| {
            let error = error.to_string();
            let causa = error.lines().last().unwrap_or_default();
            Errore::richiesta(format!(
                "codificaAvvisi.regExpIuv: il valore '{testo}' non è un'espressione regolare ({causa})"
            ))
        })?;
    }
    let known = db.find_applicazione_a2a(id_a2a.clone()).await?;
    let kept = known.as_ref().map_or("{}", |known| &known.dettaglio);
    let dettaglio = integrazione(dettaglio(&nuova, &COLONNE)?, kept)?;
    let password = match (&nuova.password, known) {
        (Some(password), _) => cifrata(password)?,
        (None, Some(known)) => known.password,
        (None, None) => String::new(),
    };
    let parti = Autorizzazioni::new(
        app,
        nuova.domini,
        nuova.tipi_pendenza,
        nuova.acl,
        nuova.ruoli,
    );
    let parti = parti.await?;
    let principal = nuova.principal.clone();
    let row = ApplicazioneRow {
        id_a2a,
        principal: nuova.principal,
        password,
        domini: parti.domini,
        api_pendenze: nuova.api_pendenze.unwrap_or(false),
        api_pagamenti: nuova.api_pagamenti.unwrap_or(false),
        api_ragioneria: nuova.api_ragioneria.unwrap_or(false),
        abilitato: nuova.abilitato.unwrap_or(true),
        tipi_pendenza: parti.tipi_pendenza,
        acl: parti.acl,
        ruoli: parti.ruoli,
        dettaglio,
    };
    esito(db.put_applicazione(row).await?, &principal)
}

/// The fields without a column, with the secrets that are kept where their mask came back, and with a
/// connector that can be used.
fn integrazione(dettaglio: String, kept: &str) -> Result<String, Errore> {
    let parse = |text: &str| serde_json::from_str::<Value>(text).map_err(StoreError::corrupt);
    let mut value = parse(&dettaglio)?;
    segreti::riprendi(&mut value, &parse(kept)?);
    let dettaglio = value.to_string();
    let difetto = del_dettaglio(&dettaglio)?.and_then(|connettore| connettore.difetto());
    match difetto {
        None => Ok(dettaglio),
        Some(text) => Err(manca("422000", "Il connettore non si può usare", text)),
    }
}

async fn applicazione(app: &App, id: &str) -> Result<ApplicazioneRow, Errore> {
    let found = app
        .pagamenti
        .db
        .find_applicazione_a2a(id.to_owned())
        .await?;
    found.ok_or_else(|| Errore::non_trovato(format!("nessuna applicazione '{id}'")))
}

async fn leggi_applicazione(app: &App, id: &str) -> Risposta {
    let row = applicazione(app, id).await?;
    let mut detto: Value = serde_json::from_str(&row.dettaglio).map_err(StoreError::corrupt)?;
    segreti::maschera(&mut detto);
    let letta: ApplicazioneDettaglio = unisci(
        &detto.to_string(),
        json!({
            "idA2A": row.id_a2a, "principal": row.principal, "password": !row.password.is_empty(),
            "domini": domini_profilo(app, &row.domini).await?,
            "tipiPendenza": tipi_profilo(app, &row.tipi_pendenza).await?,
            "apiPagamenti": row.api_pagamenti, "apiPendenze": row.api_pendenze,
            "apiRagioneria": row.api_ragioneria, "acl": array::<NuovaAcl>(&row.acl)?,
            "ruoli": ruoli_letti(app, &row.ruoli).await?, "abilitato": row.abilitato,
        }),
    )?;
    Ok(answer(StatusCode::OK, &letta))
}

pub async fn get_applicazione(
    app: web::Data<App>,
    caller: Operatore,
    id: web::Path<String>,
) -> Risposta {
    caller.legge(Servizio::AnagraficaApplicazioni)?;
    leggi_applicazione(&app, &id).await
}

pub async fn patch_applicazione(
    app: web::Data<App>,
    caller: Operatore,
    id: web::Path<String>,
    body: Corpo,
) -> Risposta {
    caller.scrive(Servizio::AnagraficaApplicazioni)?;
    let ops: Vec<PatchOp> = letto_senza_schema(&body)?;
    let row = applicazione(&app, &id).await?;
    let mut nuova: Value = serde_json::from_str(&row.dettaglio).map_err(StoreError::corrupt)?;
    for (name, value) in [
        ("principal", row.principal.clone().into()),
        ("domini", json!(array::<String>(&row.domini)?)),
        ("tipiPendenza", json!(array::<String>(&row.tipi_pendenza)?)),
        ("apiPagamenti", row.api_pagamenti.into()),
        ("apiPendenze", row.api_pendenze.into()),
        ("apiRagioneria", row.api_ragioneria.into()),
        ("acl", json!(array::<NuovaAcl>(&row.acl)?)),
        ("ruoli", json!(array::<String>(&row.ruoli)?)),
        ("abilitato", row.abilitato.into()),
    ] {
        nuova[name] = value;
    }
    let mut campi: Vec<&str> = COLONNE.to_vec();
    campi.extend(["codificaAvvisi", "servizioIntegrazione"]);
    applica(&mut nuova, &ops, &campi)?;
    scrivi_applicazione(&app, row.id_a2a.clone(), leggi(nuova)?).await?;
    leggi_applicazione(&app, &row.id_a2a).await
}

pub async fn list_applicazioni(
    app: web::Data<App>,
    caller: Operatore,
    q: Parametri<Elenco>,
    req: HttpRequest,
) -> Risposta {
    caller.legge(Servizio::AnagraficaApplicazioni)?;
    let rows = app.pagamenti.db.list_applicazioni().await?.into_iter();
    let rows = rows.map(|row| Applicazione {
        id_a2a: row.id_a2a,
        principal: row.principal,
        abilitato: row.abilitato,
    });
    q.into_inner().risposta(rows.collect(), &req)
}
