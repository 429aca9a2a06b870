//! A gestionale in a hundred lines: it tells its debts to a core that asks for them (API Ente v2), and
//! takes in each receipt once, however often it is told.
//!
//! `cargo run -p govpay-core --example ente`, then in the Backoffice give the applicazione the connector
//! `{"url": "http://127.0.0.1:9090", "versioneApi": "REST v2"}`.

use std::collections::HashSet;
use std::sync::Mutex;

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, get, put, web};
use domain::{CodDominio, Importo, NumeroAvviso};
use govpay_api::ente::{ID_EVENTO, PendenzaVerificata, StatoVerifica, VoceVerificata};
use govpay_api::v3::Ricevuta;
use serde::Serialize;

/// What a real gestionale keeps in its database, in the transaction that books the payment: an event
/// that was seen is one that was booked.
#[derive(Default)]
struct Archivio {
    eventi: Mutex<HashSet<String>>,
}

/// Answer to a question, version 2.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Risposta {
    stato: StatoVerifica,
    #[serde(skip_serializing_if = "Option::is_none")]
    pendenza: Option<PendenzaVerificata>,
}

/// Any avviso of the body is a debt of ten euro: a real one looks it up, and answers `SCONOSCIUTA`,
/// `ANNULLATA` or `SCADUTA` without a pendenza.
#[get("/avvisi/{idDominio}/{numeroAvviso}")]
async fn avviso(key: web::Path<(CodDominio, String)>) -> HttpResponse {
    let (id_dominio, numero) = key.into_inner();
    let Ok(numero) = NumeroAvviso::parse(&numero) else {
        return HttpResponse::Ok().json(Risposta {
            stato: StatoVerifica::Sconosciuta,
            pendenza: None,
        });
    };
    let importo = Importo::from_cents(1000).unwrap_or_default();
    let pendenza = serde_json::json!({
        "idPendenza": format!("A{numero}"), "idDominio": id_dominio, "causale": "Diritti di segreteria",
        "importo": 10.00, "numeroAvviso": numero, "voci": [VoceVerificata {
            id_voce_pendenza: "1".to_owned(),
            importo,
            descrizione: "Diritti di segreteria".to_owned(),
            cod_entrata: Some("TARI".to_owned()),
            ..VoceVerificata::default()
        }],
    });
    match serde_json::from_value(pendenza) {
        Ok(pendenza) => HttpResponse::Ok().json(Risposta {
            stato: StatoVerifica::NonEseguita,
            pendenza: Some(pendenza),
        }),
        Err(error) => HttpResponse::InternalServerError().body(error.to_string()),
    }
}

/// 201 for a receipt that is booked now, 200 for one that was: the core stops telling it.
#[put("/ricevute/{idDominio}/{iuv}/{idRicevuta}")]
async fn ricevuta(
    req: HttpRequest,
    archivio: web::Data<Archivio>,
    ricevuta: web::Json<Ricevuta>,
) -> HttpResponse {
    let Some(evento) = req.headers().get(ID_EVENTO).and_then(|id| id.to_str().ok()) else {
        return HttpResponse::BadRequest().body(format!("manca l'intestazione {ID_EVENTO}"));
    };
    let Ok(mut eventi) = archivio.eventi.lock() else {
        return HttpResponse::InternalServerError().finish();
    };
    if !eventi.insert(evento.to_owned()) {
        return HttpResponse::Ok().finish();
    }
    let (iuv, importo) = (&ricevuta.iuv, ricevuta.importo);
    eprintln!("IUV {iuv}: {importo} euro, {}", ricevuta.esito);
    HttpResponse::Created().finish()
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let archivio = web::Data::new(Archivio::default());
    let server = HttpServer::new(move || {
        App::new()
            .app_data(archivio.clone())
            .app_data(web::JsonConfig::default().limit(8 * 1024 * 1024))
            .service(avviso)
            .service(ricevuta)
    });
    server.workers(1).bind(("127.0.0.1", 9090))?.run().await
}
