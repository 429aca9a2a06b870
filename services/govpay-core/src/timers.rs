//! What the core does by itself. Every due time is in the store and compared with the world's clock, so
//! a restart forgets nothing; a row is claimed by a conditional update, so replicas do not collide.

use std::time::Duration;

use platform::Service;
use platform::service::Worked;

use crate::invio::Pagamenti;

/// How often sessions that nobody can use any more are forgotten.
const ACCESSI_FINITI: Duration = Duration::from_secs(600);

/// RPTs to send and uncertain sends to clear up; attempts whose life is over; notifications; sessions.
pub fn start(service: &mut Service, pagamenti: &Pagamenti, period: Duration) {
    let p = pagamenti.clone();
    service.every("invio-rpt", period, move || {
        let p = p.clone();
        async move { p.invia_dovuta(None).await }
    });
    let db = pagamenti.db.clone();
    service.every("accessi-finiti", ACCESSI_FINITI, move || {
        let db = db.clone();
        async move {
            let since = platform::clock::real_now() - crate::rest::INATTIVITA;
            db.purge_accessi(since.naive_utc()).await?;
            Ok(Worked::Nothing)
        }
    });
    let p = pagamenti.clone();
    service.every("rpt-scadute", period, move || {
        let p = p.clone();
        async move { p.scadi().await }
    });
    let spedizione = pagamenti.clone().spedisci(period, service.stop.clone());
    service.spawn("notifiche", spedizione);
}
