//! The platform's tables, equal on both backends.

diesel::table! {
    outbox (id) {
        id -> BigInt,
        event_id -> Text,
        routing_key -> Text,
        payload -> Text,
        occurred_at -> Timestamp,
        attempts -> Integer,
        leased_until -> Nullable<Timestamp>,
        published_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    inbox (event_id) {
        event_id -> Text,
        processed_at -> Timestamp,
    }
}

diesel::table! {
    dead_letters (event_id) {
        event_id -> Text,
        envelope -> Text,
        reason -> Text,
        dead_at -> Timestamp,
    }
}

diesel::table! {
    orologio (id) {
        id -> Integer,
        offset_secs -> BigInt,
    }
}

diesel::table! {
    secrets (name) {
        name -> Text,
        value -> Text,
    }
}
