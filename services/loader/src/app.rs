//! What handlers and timers share.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::{NaiveDateTime, TimeDelta};
use platform::clock::real_now;
use platform::{Clock, StoreResult};
use tenant::Tenant;
use tokio_util::sync::CancellationToken;
use web::login::LoginThrottle;
use web::sse::Hub;

use crate::core::Core;
use crate::csv::Limiti;
use crate::db::Db;
use crate::operatore::Operatori;

/// In the app's data; clones are the same.
#[derive(Clone)]
pub struct App {
    pub db: Db,
    pub clock: Clock,
    pub tenant: Arc<Tenant>,
    pub operatori: Arc<Operatori>,
    pub core: Core,
    pub hub: Hub,
    pub throttle: Arc<LoginThrottle>,
    pub stop: CancellationToken,
    /// Name of this process in the claims.
    pub worker: String,
    pub timer: Duration,
    pub orari: Arc<Orari>,
    /// Largest file.
    pub limiti: Limiti,
    pub console_url: String,
    /// Whether to show the demo logins: with the demo tenant only.
    pub demo: bool,
}

/// A claim lasts this long without renewal: then the process that had it is taken for dead.
const LEASE: TimeDelta = TimeDelta::seconds(10);

impl App {
    /// The end of a claim that is taken or renewed now.
    pub fn lease_until(&self) -> NaiveDateTime {
        (real_now() + LEASE).naive_utc()
    }

    /// Gives a tracciato back, to be taken at once by whoever looks first.
    pub async fn release_now(&self, id: i64) -> StoreResult<()> {
        self.db.release(id, self.worker.clone(), None, None).await
    }

    /// Gives a tracciato back after something failed, with a note for people.
    pub async fn release_later(&self, id: i64, nota: String) -> StoreResult<()> {
        let pause = TimeDelta::from_std(self.timer * 2).unwrap_or(TimeDelta::seconds(5));
        let retry_at = (real_now() + pause).naive_utc();
        self.db
            .release(id, self.worker.clone(), Some(retry_at), Some(nota))
            .await
    }
}

/// When the timers will look again, in real milliseconds; 0: not known yet.
#[derive(Debug, Default)]
pub struct Orari {
    pub validazione: AtomicI64,
    pub caricamento: AtomicI64,
}

impl Orari {
    /// Remembers that a timer has found nothing and will look again after `period`.
    pub fn riposa(&self, timer: &AtomicI64, period: Duration) {
        let period = i64::try_from(period.as_millis()).unwrap_or(0);
        timer.store(real_now().timestamp_millis() + period, Ordering::Relaxed);
    }

    /// Seconds to the next look; `None` while the timer is at work.
    pub fn secondi(timer: &AtomicI64) -> Option<i64> {
        let left = timer.load(Ordering::Relaxed) - real_now().timestamp_millis();
        (left >= 0).then_some((left + 999) / 1000)
    }
}
