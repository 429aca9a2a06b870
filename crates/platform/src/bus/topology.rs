//! Who hears what: the one table from which queues and bindings are made.

/// Each service with the keys it is subscribed to. Every service declares the whole table at start,
/// so that no event is lost because its consumer starts later.
pub const SUBSCRIPTIONS: [(&str, &[&str]); 6] = [
    ("govpay-core", &["orologio.spostato"]),
    ("loader", &["orologio.spostato"]),
    (
        "portale-ente",
        &["pagamento.stato", "rt.acquisita", "orologio.spostato"],
    ),
    ("wisp", &["orologio.spostato"]),
    ("psp-sim", &["orologio.spostato"]),
    (
        "console",
        &[
            "tracciato.stato",
            "pendenza.stato",
            "pendenze.caricate",
            "pagamento.stato",
            "rt.acquisita",
            "orologio.spostato",
        ],
    ),
];

/// Deliveries of one event before the broker sets it aside.
pub const DELIVERY_LIMIT: i64 = 20;

/// Events that wait in one queue at most; beyond it the oldest go to the dead letters.
pub const MAX_QUEUE_LENGTH: i64 = 1_000_000;

pub fn keys_of(service: &str) -> &'static [&'static str] {
    SUBSCRIPTIONS
        .iter()
        .find(|(name, _)| *name == service)
        .map_or(&[], |(_, keys)| keys)
}

pub fn exchange(namespace: &str) -> String {
    format!("{namespace}.eventi")
}

pub fn dead_exchange(namespace: &str) -> String {
    format!("{namespace}.eventi.morti")
}

pub fn dead_queue(namespace: &str) -> String {
    format!("{namespace}.morti.v1")
}

/// Versioned, because a queue cannot be declared again with other arguments.
pub fn queue(namespace: &str, service: &str) -> String {
    format!("{namespace}.{service}.v1")
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Event;

    #[test]
    fn every_key_exists_and_every_service_follows_the_clock() {
        for (service, keys) in SUBSCRIPTIONS {
            assert!(keys.contains(&"orologio.spostato"), "{service}");
            assert!(
                keys.iter().all(|key| Event::KEYS.contains(key)),
                "{service}"
            );
        }
    }
}
