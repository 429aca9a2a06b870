//! The anagrafica of the Backoffice: each resource is written whole by a PUT, read, and listed. What a
//! PUT changes acts at once: nothing is held in memory.

mod applicazioni;
mod configurazioni;
mod creditori;
mod documento;
mod elenco;
mod entrate;
mod modifiche;
mod operatori;
mod pagopa;
mod profili;
mod ruoli;
mod segreti;
mod tipi_pendenza;
mod utenze;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{ServiceConfig, get, patch, post, put};
use govpay_api::Categoria;
use platform::{StoreError, StoreResult};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

pub use documento::Documento;
pub use profili::{
    domini_as_portale, dominio_as_portale, info, logout_as_portale, nome, profilo_as_gestionale,
    profilo_as_portale,
};
pub use tipi_pendenza::tipo_in_vigore;

use super::convalida;
use crate::pagamenti::Errore;

/// The resources under the base path of the Backoffice.
pub fn routes(c: &mut ServiceConfig) {
    macro_rules! risorse {
        ($($path:literal => $module:ident::{$put:ident, $get:ident} in $list_path:literal => $list:ident;)+) => {
            $(c.route($list_path, get().to($module::$list))
                .route($path, put().to($module::$put))
                .route($path, get().to($module::$get));)+
        };
    }
    risorse! {
        "/intermediari/{id}" => pagopa::{put_intermediario, get_intermediario} in "/intermediari" => list_intermediari;
        "/intermediari/{id}/stazioni/{stazione}" => pagopa::{put_stazione, get_stazione} in "/intermediari/{id}/stazioni" => list_stazioni;
        "/domini/{id}" => creditori::{put_dominio, get_dominio} in "/domini" => list_domini;
        "/domini/{id}/unitaOperative/{unita}" => creditori::{put_unita, get_unita} in "/domini/{id}/unitaOperative" => list_unita;
        "/domini/{id}/contiAccredito/{iban}" => creditori::{put_conto, get_conto} in "/domini/{id}/contiAccredito" => list_conti;
        "/domini/{id}/entrate/{entrata}" => entrate::{put_entrata, get_entrata} in "/domini/{id}/entrate" => list_entrate;
        "/entrate/{entrata}" => entrate::{put_tipo, get_tipo} in "/entrate" => list_tipi;
        "/tipiPendenza/{tipo}" => tipi_pendenza::{put_tipo, get_tipo} in "/tipiPendenza" => list_tipi;
        "/domini/{id}/tipiPendenza/{tipo}" => tipi_pendenza::{put_del_dominio, get_del_dominio} in "/domini/{id}/tipiPendenza" => list_del_dominio;
        "/applicazioni/{a2a}" => applicazioni::{put_applicazione, get_applicazione} in "/applicazioni" => list_applicazioni;
        "/operatori/{principal}" => operatori::{put_operatore, get_operatore} in "/operatori" => list_operatori;
        "/ruoli/{ruolo}" => ruoli::{put_ruolo, get_ruolo} in "/ruoli" => list_ruoli;
    }
    c.route(
        "/applicazioni/{a2a}",
        patch().to(applicazioni::patch_applicazione),
    )
    .route(
        "/operatori/{principal}",
        patch().to(operatori::patch_operatore),
    )
    .route("/ruoli/{ruolo}", patch().to(ruoli::patch_ruolo))
    .route(
        "/configurazioni",
        get().to(configurazioni::get_configurazioni),
    )
    .route(
        "/configurazioni",
        post().to(configurazioni::post_configurazioni),
    )
    .route(
        "/configurazioni",
        patch().to(configurazioni::patch_configurazioni),
    )
    .route("/profilo", get().to(profili::profilo_as_operatore))
    .route("/profilo", patch().to(profili::patch_profilo))
    .route("/logout", get().to(profili::logout))
    .route("/enumerazioni/serviziACL", get().to(profili::servizi_acl))
    .route(
        "/enumerazioni/versioneConnettore",
        get().to(profili::versioni_connettore),
    )
    .route("/info", get().to(info));
}

/// 201 for what is new, 200 for what was there; no body, as the contract says.
fn scritta(nuova: bool) -> HttpResponse {
    HttpResponse::build(if nuova {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    })
    .finish()
}

/// What a resource refers to and is not there.
fn manca(codice: &str, descrizione: &str, dettaglio: String) -> Errore {
    Errore::new(422, Categoria::Operazione, codice, descrizione, dettaglio)
}

/// 11 digits. A wrong control digit is let pass: test archives are full of them.
fn codice_ente(campo: &str, value: &str) -> Result<(), Errore> {
    if value.len() == 11 && value.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(());
    }
    Err(Errore::richiesta(format!(
        "{campo}: il valore '{value}' deve avere 11 cifre"
    )))
}

fn identificativo(campo: &str, value: &str, dots: bool) -> Result<(), Errore> {
    Ok(convalida::identificativo(campo, value, dots)?)
}

/// The fields without a column, as they are kept.
fn dettaglio(nuovo: &impl Serialize, colonne: &[&str]) -> StoreResult<String> {
    let mut value = serde_json::to_value(nuovo).map_err(StoreError::corrupt)?;
    if let Value::Object(fields) = &mut value {
        fields.retain(|name, _| !colonne.contains(&name.as_str()));
    }
    Ok(value.to_string())
}

/// The fields without a column with those that have one over them; nulls are left out.
fn unisci<T: DeserializeOwned>(dettaglio: &str, colonne: Value) -> StoreResult<T> {
    let mut value: Value = serde_json::from_str(dettaglio).map_err(StoreError::corrupt)?;
    if let (Value::Object(fields), Value::Object(more)) = (&mut value, colonne) {
        fields.extend(more.into_iter().filter(|(_, value)| !value.is_null()));
    }
    serde_json::from_value(value).map_err(StoreError::corrupt)
}
