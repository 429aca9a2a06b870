//! What the handlers share.

use std::sync::Arc;

use platform::{Clock, Peers};
use tenant::Tenant;
use web::Freno;

use crate::attese::Attese;
use crate::core::Core;
use crate::db::Db;
use crate::sessione::Sessione;

/// In the app's data; clones are the same.
#[derive(Clone)]
pub struct App {
    pub db: Db,
    pub clock: Clock,
    pub core: Core,
    pub tenant: Arc<Tenant>,
    pub peers: Peers,
    pub attese: Attese,
    pub freno: Arc<Freno>,
    /// Whether to show payable avvisi to anybody: true for the demo tenant only.
    pub demo: bool,
}

impl App {
    /// Public address of the pages of payments: `…/pagamenti`.
    pub fn pagamenti_url(&self) -> String {
        format!("{}/pagamenti", self.peers.portale.public)
    }

    /// Tells whoever waits for this session that it changed.
    pub fn wake(&self, sessione: &Sessione) {
        self.attese.wake(&sessione.id, sessione.is_over());
    }
}
