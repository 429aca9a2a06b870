//! Passwords of operators, and the wait after wrong ones.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::session::random_id;

/// Whether `given` is the stored password: an argon2 hash (`$argon2…`) or, for the demo, plain text.
///
/// `None` for a user that does not exist. Each call costs one argon2 run on a thread of its own, so
/// that time does not tell which of the cases it was. Errors only if that thread is gone.
pub async fn verify_password(stored: Option<String>, given: String) -> anyhow::Result<bool> {
    let (sender, receiver) = tokio::sync::oneshot::channel();
    on_hashing_thread(move || {
        // Fails when nobody waits for the answer any more.
        let _ = sender.send(verify(stored.as_deref(), &given));
    })?;
    Ok(receiver.await?)
}

type Job = Box<dyn FnOnce() + Send>;

/// The thread of all argon2 runs of the process. Each takes 19 MiB, which the allocator keeps for the
/// thread that asked: with one thread they are kept once, and many logins at a time cannot fill the
/// memory.
static HASHING: LazyLock<std::io::Result<std::sync::mpsc::Sender<Job>>> = LazyLock::new(|| {
    let (sender, jobs) = std::sync::mpsc::channel::<Job>();
    let thread = std::thread::Builder::new().name("argon2".to_owned());
    thread.spawn(move || jobs.into_iter().for_each(|job| job()))?;
    Ok(sender)
});

fn on_hashing_thread(job: impl FnOnce() + Send + 'static) -> anyhow::Result<()> {
    let sender = HASHING
        .as_ref()
        .map_err(|error| anyhow::anyhow!("the hashing thread has not started: {error}"))?;
    sender
        .send(Box::new(job))
        .map_err(|_| anyhow::anyhow!("the hashing thread has ended"))
}

fn verify(stored: Option<&str>, given: &str) -> bool {
    let hash = stored.filter(|stored| stored.starts_with("$argon2"));
    let hash_matches = argon2_matches(hash.unwrap_or(&NOBODY), given);
    match stored {
        None => false,
        Some(_) if hash.is_some() => hash_matches,
        Some(plain) => same(plain, given),
    }
}

/// Hash of a password that nobody has.
static NOBODY: LazyLock<String> = LazyLock::new(|| {
    // An empty text matches nothing: a failure here costs the equal timing, not the check.
    argon2_hash(&random_id()).unwrap_or_default()
});

/// The argon2id hash of a password, in PHC form, for files and stores.
pub fn hash_password(password: &str) -> anyhow::Result<String> {
    let (sender, receiver) = std::sync::mpsc::channel();
    let password = password.to_owned();
    on_hashing_thread(move || {
        // Fails when nobody waits for the answer any more.
        let _ = sender.send(argon2_hash(&password));
    })?;
    receiver.recv()?
}

fn argon2_hash(password: &str) -> anyhow::Result<String> {
    let hash = Argon2::default().hash_password(password.as_bytes());
    Ok(hash
        .map_err(|error| anyhow::anyhow!("argon2: {error}"))?
        .to_string())
}

fn argon2_matches(hash: &str, given: &str) -> bool {
    Argon2::default()
        .verify_password(given.as_bytes(), hash)
        .is_ok()
}

/// Equality in constant time: of the keyed hashes, so that length does not show either.
fn same(a: &str, b: &str) -> bool {
    let mac = |text: &str| {
        #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
        let mut mac = Hmac::<Sha256>::new_from_slice(b"compare").expect("a key of any length");
        mac.update(text.as_bytes());
        mac
    };
    mac(a).verify_slice(&mac(b).finalize().into_bytes()).is_ok()
}

/// How many names are remembered; the longest untouched ones go first.
const MAX_NAMES: usize = 10_000;
const FREE_FAILURES: u32 = 5;
const FIRST_WAIT: Duration = Duration::from_secs(30);
const LONGEST_WAIT: Duration = Duration::from_secs(15 * 60);
/// After so long without a failure a name is forgotten.
const FORGET: Duration = Duration::from_secs(60 * 60);

struct Failures {
    count: u32,
    last: Instant,
}

/// After five failures for a name: 30 seconds, then twice as long each time, at most 15 minutes.
/// Names that do not exist are treated the same. In memory, one per process.
#[derive(Default)]
pub struct LoginThrottle(Mutex<HashMap<String, Failures>>);

impl LoginThrottle {
    /// `Err(seconds)` when this name must wait before the next try; ask before checking a password.
    pub fn check(&self, user: &str) -> Result<(), u64> {
        self.check_at(user, Instant::now())
    }

    /// Records a wrong password.
    pub fn failed(&self, user: &str) {
        self.failed_at(user, Instant::now());
    }

    /// Forgets the failures of a name after a right password.
    pub fn succeeded(&self, user: &str) {
        self.lock().remove(&key(user));
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Failures>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn check_at(&self, user: &str, now: Instant) -> Result<(), u64> {
        let names = self.lock();
        let Some(failures) = names.get(&key(user)).filter(|f| f.count >= FREE_FAILURES) else {
            return Ok(());
        };
        let doublings = (failures.count - FREE_FAILURES).min(10);
        let wait = (FIRST_WAIT * 2u32.pow(doublings)).min(LONGEST_WAIT);
        let left = (failures.last + wait).saturating_duration_since(now);
        if left.is_zero() {
            Ok(())
        } else {
            Err(left.as_secs() + 1)
        }
    }

    fn failed_at(&self, user: &str, now: Instant) {
        let mut names = self.lock();
        names.retain(|_, f| now.saturating_duration_since(f.last) < FORGET);
        if names.len() >= MAX_NAMES && !names.contains_key(&key(user)) {
            let oldest = names
                .iter()
                .min_by_key(|(_, f)| f.last)
                .map(|(name, _)| name.clone());
            if let Some(oldest) = oldest {
                names.remove(&oldest);
            }
        }
        let entry = names.entry(key(user)).or_insert(Failures {
            count: 0,
            last: now,
        });
        entry.count += 1;
        entry.last = now;
    }
}

/// Names are compared without case, and cut so that nobody fills the memory with long ones.
fn key(user: &str) -> String {
    user.trim().to_lowercase().chars().take(100).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_and_hashed_passwords_are_both_accepted_and_unknown_users_never() {
        let hash = hash_password("Segreta-lunga-12").unwrap();
        assert!(hash.starts_with("$argon2id$"));
        assert!(verify(Some(&hash), "Segreta-lunga-12"));
        assert!(!verify(Some(&hash), "Segreta-lunga-13"));
        assert!(!verify(Some(&hash), &hash));
        assert!(verify(Some("demo"), "demo"));
        assert!(!verify(Some("demo"), "demo "));
        assert!(!verify(None, ""));
        assert!(!verify(Some("$argon2id$rotto"), "$argon2id$rotto"));
    }

    #[test]
    fn after_five_failures_the_wait_grows_and_a_success_ends_it() {
        let throttle = LoginThrottle::default();
        let t0 = Instant::now();
        for _ in 0..4 {
            throttle.failed_at("Mario", t0);
        }
        assert_eq!(throttle.check_at("mario", t0), Ok(()));
        throttle.failed_at("mario ", t0);
        assert_eq!(throttle.check_at("mario", t0), Err(31));
        assert_eq!(throttle.check_at("altro", t0), Ok(()));
        assert_eq!(
            throttle.check_at("mario", t0 + Duration::from_secs(30)),
            Ok(())
        );
        throttle.failed_at("mario", t0 + Duration::from_secs(31));
        assert_eq!(
            throttle.check_at("mario", t0 + Duration::from_secs(31)),
            Err(61)
        );
        throttle.succeeded("mario");
        assert_eq!(
            throttle.check_at("mario", t0 + Duration::from_secs(31)),
            Ok(())
        );
    }

    #[test]
    fn the_memory_of_failures_is_bounded() {
        let throttle = LoginThrottle::default();
        let t0 = Instant::now();
        for i in 0..MAX_NAMES + 50 {
            throttle.failed_at(&format!("u{i}"), t0 + Duration::from_millis(i as u64 / 10));
        }
        assert_eq!(throttle.lock().len(), MAX_NAMES);
    }
}
