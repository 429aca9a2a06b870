//! The world's clock: real time plus an offset that only grows. The only reader of the time.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

/// Cheap to clone; all clones of one service share the offset.
///
/// The offset is kept in the service's store (table `orologio`) and travels as the event
/// `orologio.spostato`, so that the services of a world agree whether or not they share a process.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    /// Set in tests: time does not pass by itself.
    frozen_at: Option<DateTime<Utc>>,
    offset_secs: Arc<AtomicI64>,
}

impl Clock {
    /// Real time, no offset yet.
    pub fn system() -> Self {
        Self::default()
    }

    /// A clock that stands still at `at` until it is moved forward.
    pub fn frozen(at: DateTime<Utc>) -> Self {
        Self {
            frozen_at: Some(at),
            offset_secs: Arc::default(),
        }
    }

    /// Now in this world, cut to milliseconds: both stores keep them, so what was written is what is
    /// read.
    pub fn now(&self) -> DateTime<Utc> {
        #[expect(
            clippy::disallowed_methods,
            reason = "this is the one reader of the time"
        )]
        let base = self.frozen_at.unwrap_or_else(Utc::now);
        (base + TimeDelta::seconds(self.offset_secs())).trunc_subsecs(3)
    }

    /// Seconds that this world is ahead of real time.
    pub fn offset_secs(&self) -> i64 {
        self.offset_secs.load(Ordering::Relaxed)
    }

    /// Moves forward to an offset learned from the store or the bus; never back.
    pub fn raise_offset(&self, offset_secs: i64) {
        self.offset_secs.fetch_max(offset_secs, Ordering::Relaxed);
    }
}

/// Real time, for leases and timeouts between processes that a moved clock must not touch.
pub fn real_now() -> DateTime<Utc> {
    #[expect(
        clippy::disallowed_methods,
        reason = "leases are about processes, not about the world"
    )]
    let now = Utc::now();
    now.trunc_subsecs(3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_moves_forward_only_and_clones_share_it() {
        let start: DateTime<Utc> = "2026-01-15T10:00:00Z".parse().unwrap();
        let clock = Clock::frozen(start);
        let other = clock.clone();
        clock.raise_offset(300);
        other.raise_offset(60);
        assert_eq!(other.now(), start + TimeDelta::seconds(300));
    }
}
