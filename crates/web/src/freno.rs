//! Against walking through numbers: a client that asks for avvisi that do not exist is slowed down.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Misses in one window; a person who mistypes stays far below.
const MANCATI: u32 = 60;
const FINESTRA: Duration = Duration::from_secs(60);
/// Clients remembered at most.
const CLIENTI: usize = 10_000;

/// In memory, one per process. Only misses count: whoever has an avviso in the hand is never stopped.
#[derive(Default)]
pub struct Freno(Mutex<HashMap<IpAddr, (Instant, u32)>>);

impl Freno {
    /// `Err(seconds)` when this client must wait.
    pub fn check(&self, client: IpAddr) -> Result<(), u64> {
        self.check_at(client, Instant::now())
    }

    /// Records a search that found nothing.
    pub fn mancato(&self, client: IpAddr) {
        self.mancato_at(client, Instant::now());
    }

    fn check_at(&self, client: IpAddr, now: Instant) -> Result<(), u64> {
        let clients = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((since, _)) = clients.get(&client).filter(|(_, n)| *n >= MANCATI) else {
            return Ok(());
        };
        let left = (*since + FINESTRA).saturating_duration_since(now);
        if left.is_zero() {
            Ok(())
        } else {
            Err(left.as_secs() + 1)
        }
    }

    fn mancato_at(&self, client: IpAddr, now: Instant) {
        let mut clients = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if clients.len() >= CLIENTI {
            clients.retain(|_, (since, _)| now.saturating_duration_since(*since) < FINESTRA);
        }
        let entry = clients.entry(client).or_insert((now, 0));
        if now.saturating_duration_since(entry.0) >= FINESTRA {
            *entry = (now, 0);
        }
        entry.1 += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b165_after_sixty_misses_a_minute_a_client_waits_and_others_do_not() {
        let freno = Freno::default();
        let (walker, citizen) = (
            IpAddr::from([203, 0, 113, 1]),
            IpAddr::from([203, 0, 113, 2]),
        );
        let start = Instant::now();
        for _ in 0..MANCATI {
            assert_eq!(freno.check_at(walker, start), Ok(()));
            freno.mancato_at(walker, start);
        }
        assert_eq!(
            freno.check_at(walker, start + Duration::from_secs(20)),
            Err(41)
        );
        assert_eq!(freno.check_at(citizen, start), Ok(()));
        assert_eq!(freno.check_at(walker, start + FINESTRA), Ok(()));
    }
}
