//! What handlers and timers share.

use platform::{Clock, Peers};

use crate::db::Db;
use crate::ente::Ente;
use crate::registro::Registro;
use crate::scelte::Scelte;
use crate::sessione::SessioneRow;

/// In the app's data; clones are the same.
#[derive(Clone)]
pub struct App {
    pub db: Db,
    pub clock: Clock,
    pub registro: Registro,
    pub peers: Peers,
    pub ente: Ente,
    pub scelte: Scelte,
}

impl App {
    /// The page of a session at the PSP.
    pub fn url_pagamento(&self, sessione: &str) -> String {
        format!("{}/pagamento?idSession={sessione}", self.peers.psp.public)
    }

    /// Where the browser goes after an outcome: the ente of the session. `None` when the station is
    /// not in the registry any more.
    pub fn url_ritorno(&self, sessione: &SessioneRow, esito: &str) -> Option<String> {
        let stazione = self.registro.stazione(&sessione.id_stazione)?;
        let mut query = Vec::new();
        // Only nodoInviaRPT has one dominio to speak of (SANP 2, redirects).
        if sessione.carrello.is_none() {
            query.push(("idDominio", sessione.id_dominio.as_str()));
        }
        query.push(("idSession", sessione.id.as_str()));
        query.push(("esito", esito));
        Some(self.registro.url_redirect(stazione, &query))
    }
}
