//! Who waits for a payment: held answers and event streams, woken by the events of this process and,
//! with replicas, by a gentle look at the store.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use platform::service::Worked;
use tokio::sync::Notify;
use tokio::time::Instant;
use web::sse::{Event, Hub};

use crate::db::Db;

/// Between two looks at the store, whatever the number of who waits.
pub const SGUARDO: Duration = Duration::from_secs(1);
/// After so long the page of a stream is read again, once: it then says that it takes longer.
const PAZIENZA: Duration = Duration::from_secs(61);
/// Sessions asked for in one query.
const LOTTO: usize = 500;

/// Clones are the same waiting room.
#[derive(Clone, Default)]
pub struct Attese {
    pub hub: Hub,
    waited: Arc<Mutex<HashMap<String, Attesa>>>,
}

struct Attesa {
    since: Instant,
    until: Instant,
    /// Whether the page was told that it takes longer than usual.
    told: bool,
    notify: Arc<Notify>,
    /// `versione` at the last look; `None` before the first.
    seen: Option<i64>,
}

impl Attese {
    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Attesa>> {
        self.waited.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says that somebody waits for this session for so long. Enable the `notified` of the answer
    /// before reading the session: nothing is missed in between.
    pub fn watch(&self, id: &str, time: Duration) -> Arc<Notify> {
        let since = Instant::now();
        let until = since + time;
        let mut waited = self.lock();
        let attesa = waited.entry(id.to_owned()).or_insert_with(|| Attesa {
            since,
            until,
            told: false,
            notify: Arc::default(),
            seen: None,
        });
        attesa.until = attesa.until.max(until);
        Arc::clone(&attesa.notify)
    }

    /// This session changed: held answers look again, pages learn whether to go or to read again.
    pub fn wake(&self, id: &str, over: bool) {
        if let Some(attesa) = self.lock().get(id) {
            attesa.notify.notify_waiters();
        }
        let event = if over {
            Event::fine(&format!("/pagamenti/{id}"))
        } else {
            Event::stato("")
        };
        self.hub.publish(id, event);
    }

    /// One look at the store for all who wait.
    pub async fn look(&self, db: &Db) -> anyhow::Result<Worked> {
        let now = Instant::now();
        let ids: Vec<String> = {
            let mut waited = self.lock();
            waited.retain(|_, attesa| attesa.until > now);
            waited.keys().cloned().collect()
        };
        self.tell_the_patient(now);
        for ids in ids.chunks(LOTTO) {
            let changed = self.changed(db.versions(ids.to_vec()).await?);
            for id in changed {
                let over = db.find(id.clone()).await?.is_none_or(|s| s.is_over());
                self.wake(&id, over);
            }
        }
        Ok(Worked::Nothing)
    }

    fn tell_the_patient(&self, now: Instant) {
        let mut waited = self.lock();
        let late = |attesa: &Attesa| !attesa.told && now > attesa.since + PAZIENZA;
        for (id, attesa) in waited.iter_mut().filter(|(_, attesa)| late(attesa)) {
            attesa.told = true;
            self.hub.publish(id, Event::stato(""));
        }
    }

    fn changed(&self, versions: Vec<(String, i64)>) -> Vec<String> {
        let mut waited = self.lock();
        versions
            .into_iter()
            .filter(|(id, version)| {
                // Before the first look the reader may have seen an older version: wake it once.
                waited
                    .get_mut(id)
                    .is_some_and(|a| a.seen.replace(*version) != Some(*version))
            })
            .map(|(id, _)| id)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_change_seen_in_the_store_wakes_once_and_the_same_version_does_not() {
        let attese = Attese::default();
        let notify = attese.watch("s", Duration::from_secs(5));
        let notified = notify.notified();
        tokio::pin!(notified);
        notified.as_mut().enable();
        assert_eq!(
            attese.changed(vec![("s".into(), 1), ("altra".into(), 1)]),
            ["s"]
        );
        assert!(attese.changed(vec![("s".into(), 1)]).is_empty());
        assert_eq!(attese.changed(vec![("s".into(), 2)]), ["s"]);
        attese.wake("s", true);
        notified.await;
    }
}
