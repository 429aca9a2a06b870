//! An avviso found by who has it in the hand: its debtor or its identifier is named with it.

use actix_web::HttpRequest;
use serde::Deserialize;

use super::risposta::non_autorizzato;
use super::{App, pendenze};
use crate::pagamenti::{Chiamante, Errore, Persona};
use crate::pendenza::{PendenzaConVoci, PendenzaRow};

/// What is on the avviso beside its number.
#[derive(Deserialize)]
pub struct Prova {
    #[serde(rename = "idDebitore")]
    id_debitore: Option<String>,
    #[serde(rename = "UUID", alias = "uuid")]
    uuid: Option<String>,
}

impl Prova {
    /// Whether there is something to hold against the pendenza.
    fn data(&self) -> bool {
        self.id_debitore.is_some() || self.uuid.is_some()
    }

    /// Whether nothing that was named is different.
    fn concorda(&self, row: &PendenzaRow) -> bool {
        let debitore = row.soggetto_identificativo.as_deref().unwrap_or("ANONIMO");
        let same_debtor = |id: &str| id.trim().eq_ignore_ascii_case(debitore);
        self.id_debitore.as_deref().is_none_or(same_debtor)
            && self.uuid.as_deref().is_none_or(|uuid| uuid == row.uuid)
    }
}

/// The pendenza of an avviso, for API Pagamento. Of an avviso that is not the caller's nothing is told: it
/// is as if it were not there.
pub async fn cerca(
    app: &App,
    req: &HttpRequest,
    caller: &Chiamante,
    key: (String, String),
    prova: &Prova,
) -> Result<PendenzaConVoci, Errore> {
    if caller.persona != Persona::Anonima {
        return trova(app, caller, key, prova).await;
    }
    if !prova.data() {
        let text = "chi non si è autenticato indica con l'avviso anche idDebitore o UUID";
        return Err(non_autorizzato(text));
    }
    let search = trova(app, caller, key, prova);
    app.accesso.contata(req, search).await
}

async fn trova(
    app: &App,
    caller: &Chiamante,
    (id_dominio, numero): (String, String),
    prova: &Prova,
) -> Result<PendenzaConVoci, Errore> {
    let text = format!("nessuna pendenza con avviso {numero} per il dominio {id_dominio}");
    let key = (id_dominio, numero);
    match pendenze::presso_ente(app, caller, &key).await {
        // Who does not work for the body is told the same of every avviso that it does not see.
        Err(Errore::Rifiuto { status: 404, .. }) if caller.persona != Persona::Utenza => {}
        asked => asked?,
    }
    let (id_dominio, numero) = key;
    let db = &app.pagamenti.db;
    let found = db.pendenza_by_avviso(id_dominio, numero).await?;
    let visible = |p: &PendenzaConVoci| {
        let debitore = p.row.soggetto_identificativo.as_deref();
        let row = &p.row;
        let tipo = &row.id_tipo_pendenza;
        let own = caller.sees_debito(&row.id_dominio, &row.id_a2a, tipo, debitore);
        let in_hand = caller.persona != Persona::Utenza && prova.data();
        (own || in_hand) && prova.concorda(&p.row)
    };
    found
        .filter(visible)
        .ok_or_else(|| Errore::non_trovato(text))
}
