//! The timed procedures: validation and loading, each of one tracciato at a time.
//!
//! A tracciato is claimed with a lease in the store. The lease is renewed while the work goes on;
//! when a process dies, another takes the tracciato over after a few seconds. The validation then
//! begins again from the first row, the loading goes on from the rows without an outcome.

pub mod caricamento;
pub mod lettura_blocchi;
pub mod validazione;

use std::future::Future;
use std::time::Duration;

use chrono::TimeDelta;
use platform::service::Worked;

use crate::app::App;

/// How a piece of work ended, when nothing failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fine {
    /// The tracciato is in its next state.
    Concluso,
    /// The service is stopping: somebody else goes on.
    Fermato,
    /// Another process has the tracciato now.
    Perso,
}

/// Runs the work and renews the claim meanwhile; gives up when the claim is lost.
async fn con_rinnovo(
    app: &App,
    id: i64,
    work: impl Future<Output = anyhow::Result<Fine>>,
) -> anyhow::Result<Fine> {
    let renewals = async {
        loop {
            tokio::time::sleep(Duration::from_secs(3)).await;
            let renewed = app
                .db
                .renew(id, app.worker.clone(), app.lease_until())
                .await;
            match renewed {
                Ok(true) => {}
                Ok(false) => return Ok(Fine::Perso),
                // The work itself meets the same store, and says so.
                Err(error) => tracing::warn!(id, %error, "a claim could not be renewed"),
            }
        }
    };
    tokio::select! {
        done = work => done,
        lost = renewals => lost,
    }
}

/// Uploads that broke off, or waited for an answer that never came, are kept for an hour.
const VITA_CONTENUTI: TimeDelta = TimeDelta::hours(1);

/// Forgets broken uploads and accesses that are over.
pub async fn pulizia(app: &App) -> anyhow::Result<Worked> {
    let now = platform::clock::real_now();
    app.db
        .purge_contenuti((now - VITA_CONTENUTI).naive_utc())
        .await?;
    app.db
        .purge_accessi((now - crate::pages::INATTIVITA).naive_utc())
        .await?;
    Ok(Worked::Nothing)
}
