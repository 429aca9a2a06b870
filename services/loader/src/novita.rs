//! What changed since the last look, told to the pages that are open. It reads the store and not the
//! memory, because the change may be the work of another replica.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use platform::service::Worked;
use web::sse::{Event, Hub};

use crate::api::TracciatoView;
use crate::app::App;
use crate::db::Db;
use crate::tracciato::{Tracciato, Visibilita};

/// Time between two looks.
pub const SGUARDO: Duration = Duration::from_millis(500);

/// Topic of the list.
pub const ELENCO: &str = "tracciati";

/// Topic of one tracciato.
pub fn topic(id: i64) -> String {
    format!("tracciato/{id}")
}

/// The tracciato as it is now: pages only need to know that it changed, programs read it.
pub fn evento(tracciato: Tracciato) -> serde_json::Result<Event> {
    serde_json::to_string(&TracciatoView::from(tracciato)).map(Event::stato)
}

pub struct Novita {
    db: Db,
    hub: Hub,
    viste: Mutex<HashMap<i64, i64>>,
}

impl Novita {
    pub fn new(app: &App) -> Self {
        Self {
            db: app.db.clone(),
            hub: app.hub.clone(),
            viste: Mutex::default(),
        }
    }

    pub async fn look(&self) -> anyhow::Result<Worked> {
        // Whoever opens a page reads it as it is: only open pages need news.
        if self.hub.listeners() == 0 {
            return Ok(Worked::Nothing);
        }
        let ora: HashMap<i64, i64> = self.db.versioni().await?.into_iter().collect();
        let viste = std::mem::take(&mut *self.viste.lock().unwrap_or_else(PoisonError::into_inner));
        let cambiate: Vec<i64> = ora
            .iter()
            .filter(|(id, versione)| viste.get(id) != Some(versione))
            .map(|(id, _)| *id)
            .collect();
        let mut qualcuna = false;
        for id in cambiate {
            let Some(tracciato) = self.db.find(id, Visibilita::Tutti).await? else {
                continue;
            };
            self.hub.publish(&topic(id), evento(tracciato)?);
            qualcuna = true;
        }
        if qualcuna {
            self.hub.publish(ELENCO, Event::stato(""));
        }
        *self.viste.lock().unwrap_or_else(PoisonError::into_inner) = ora;
        Ok(Worked::Nothing)
    }
}
