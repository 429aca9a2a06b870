//! Credentials that were right a moment ago.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest as _, Sha256};

use crate::login::verify_password;

/// Verified credentials remembered at most; beyond it all are forgotten and verified again.
const MAX_VERIFIED: usize = 1000;

/// Credentials that were verified against a stored password: hashing those of each request again
/// would cost more than the request. Keyed by the stored password too, so that a changed one counts
/// at once. Clones are the same.
#[derive(Clone, Default)]
pub struct Verified(Arc<Inner>);

#[derive(Default)]
struct Inner {
    known: Mutex<HashSet<[u8; 32]>>,
    /// One verification at a time: each takes 19 MiB, and the first of many equal requests answers
    /// for the others.
    turn: tokio::sync::Mutex<()>,
}

impl Verified {
    /// Whether `given` is the password; see [`verify_password`]. Errors only if its thread is gone.
    pub async fn check(&self, stored: Option<String>, given: String) -> anyhow::Result<bool> {
        let Some(stored) = stored else {
            let _turn = self.0.turn.lock().await;
            return verify_password(None, given).await;
        };
        let key = Self::key(&stored, &given);
        if self.knows(&key) {
            return Ok(true);
        }
        let _turn = self.0.turn.lock().await;
        if self.knows(&key) {
            return Ok(true);
        }
        let verified = verify_password(Some(stored), given).await?;
        if verified {
            let mut known = self.0.known.lock().unwrap_or_else(PoisonError::into_inner);
            if known.len() >= MAX_VERIFIED {
                known.clear();
            }
            known.insert(key);
        }
        Ok(verified)
    }

    fn key(stored: &str, given: &str) -> [u8; 32] {
        Sha256::new()
            .chain_update(stored.as_bytes())
            .chain_update([0])
            .chain_update(given.as_bytes())
            .finalize()
            .into()
    }

    fn knows(&self, key: &[u8; 32]) -> bool {
        let known = self.0.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.contains(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_right_password_is_remembered_and_a_wrong_or_a_changed_one_is_not() {
        let verified = Verified::default();
        let check = |stored: &str, given: &str| {
            let (stored, given) = (stored.to_owned(), given.to_owned());
            verified.check(Some(stored), given)
        };
        assert!(check("Prima-Password1", "Prima-Password1").await.unwrap());
        assert!(verified.knows(&Verified::key("Prima-Password1", "Prima-Password1")));
        assert!(!check("Prima-Password1", "altra").await.unwrap());
        assert!(!check("Seconda-Password1", "Prima-Password1").await.unwrap());
        assert!(!verified.check(None, "x".into()).await.unwrap());
    }
}
