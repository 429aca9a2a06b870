//! Server-sent events: pages that change by themselves. One hub per service, fed by what the service
//! hears from the bus, never one query per listener.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, ContentEncoding};
use actix_web::web::Bytes;
use futures_util::Stream;
use tokio::sync::broadcast;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};

use crate::error::PageError;

/// Events that wait for one slow listener; one that falls further behind is told to come back.
const BACKLOG: usize = 32;
const MAX_LISTENERS: usize = 10_000;
const HEARTBEAT: Duration = Duration::from_secs(15);
const LONGEST: Duration = Duration::from_secs(5 * 60);

/// One event: `name` as the script knows it (`stato`: read the page again; `fine`: go to the address
/// in `location`), `data` on one line or more.
#[derive(Clone, Debug)]
pub struct Event {
    pub name: &'static str,
    pub data: String,
}

impl Event {
    /// Something on the page changed.
    pub fn stato(data: impl Into<String>) -> Self {
        Self {
            name: "stato",
            data: data.into(),
        }
    }

    /// It is over: go to this address of the same site.
    pub fn fine(location: &str) -> Self {
        Self {
            name: "fine",
            data: serde_json::json!({ "location": location }).to_string(),
        }
    }
}

/// Topics and their listeners. Clones are the same hub.
#[derive(Clone, Default)]
pub struct Hub(Arc<Inner>);

#[derive(Default)]
struct Inner {
    topics: Mutex<HashMap<String, broadcast::Sender<Event>>>,
    listeners: AtomicUsize,
    next_id: AtomicU64,
}

impl Inner {
    fn topics(&self) -> std::sync::MutexGuard<'_, HashMap<String, broadcast::Sender<Event>>> {
        self.topics.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Hub {
    pub fn new() -> Self {
        Self::default()
    }

    /// Sends to who listens now; nobody is not an error.
    pub fn publish(&self, topic: &str, event: Event) {
        if let Some(sender) = self.0.topics().get(topic) {
            // Fails only without listeners.
            let _ = sender.send(event);
        }
    }

    /// Starts to listen. Read the state of the thing after this call and pass it to
    /// [`Subscription::respond`]: nothing is missed in between. 503 beyond 10 000 listeners.
    pub fn subscribe(&self, topic: &str) -> Result<Subscription, PageError> {
        if self.0.listeners.fetch_add(1, Ordering::Relaxed) >= MAX_LISTENERS {
            self.0.listeners.fetch_sub(1, Ordering::Relaxed);
            return Err(PageError::unavailable(anyhow::anyhow!(
                "too many open event streams"
            )));
        }
        let mut topics = self.0.topics();
        let sender = topics
            .entry(topic.to_owned())
            .or_insert_with(|| broadcast::channel(BACKLOG).0);
        Ok(Subscription {
            receiver: Some(sender.subscribe()),
            topic: topic.to_owned(),
            hub: self.clone(),
        })
    }

    /// Ends all streams, so that the service can stop.
    pub fn close(&self) {
        self.0.topics().clear();
    }

    /// How many streams are open.
    pub fn listeners(&self) -> usize {
        self.0.listeners.load(Ordering::Relaxed)
    }

    /// The bytes of one event, with a fresh id.
    fn encode(&self, event: &Event) -> Bytes {
        let id = self.0.next_id.fetch_add(1, Ordering::Relaxed);
        let mut text = format!("id: {id}\nevent: {}\n", event.name);
        for line in event.data.split('\n') {
            text.push_str("data: ");
            text.push_str(line.trim_end_matches('\r'));
            text.push('\n');
        }
        text.push('\n');
        Bytes::from(text)
    }
}

/// One listener of one topic.
pub struct Subscription {
    receiver: Option<broadcast::Receiver<Event>>,
    topic: String,
    hub: Hub,
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.hub.0.listeners.fetch_sub(1, Ordering::Relaxed);
        self.receiver = None;
        let mut topics = self.hub.0.topics();
        if topics
            .get(&self.topic)
            .is_some_and(|sender| sender.receiver_count() == 0)
        {
            topics.remove(&self.topic);
        }
    }
}

impl Subscription {
    /// Waits for the next event, for a handler that holds its answer back until something changes.
    pub async fn changed(&mut self) {
        let closed = match &mut self.receiver {
            Some(receiver) => matches!(
                receiver.recv().await,
                Err(broadcast::error::RecvError::Closed)
            ),
            None => true,
        };
        if closed {
            std::future::pending::<()>().await;
        }
    }

    /// The answer: first `now` (what is true already), then what comes. Ends after five minutes with
    /// an empty `fine`; the script then comes back if the page is still in view.
    pub fn respond(self, now: Vec<Event>) -> HttpResponse {
        HttpResponse::Ok()
            .insert_header((CONTENT_TYPE, "text/event-stream"))
            .insert_header((CACHE_CONTROL, "no-store"))
            .insert_header(("X-Accel-Buffering", "no"))
            // A compressor would hold events back.
            .insert_header(ContentEncoding::Identity)
            .streaming(self.stream(now, HEARTBEAT, LONGEST))
    }

    fn stream(
        self,
        now: Vec<Event>,
        beat: Duration,
        longest: Duration,
    ) -> impl Stream<Item = Result<Bytes, actix_web::Error>> {
        let mut head = String::from("retry: 3000\n\n").into_bytes();
        for event in &now {
            head.extend_from_slice(&self.hub.encode(event));
        }
        let start = Instant::now();
        let mut heartbeat = interval_at(start + beat, beat);
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let over = now.iter().any(|event| event.name == "fine");
        let state = Listening {
            subscription: self,
            heartbeat,
            end: start + longest,
        };
        let first = (Some(Bytes::from(head)), (!over).then_some(state));
        futures_util::stream::unfold(first, |(head, state)| async {
            if let Some(head) = head {
                return Some((Ok(head), (None, state)));
            }
            let mut state = state?;
            Some(match state.next().await {
                Next::Bytes(bytes) => (Ok(bytes), (None, Some(state))),
                Next::Last(bytes) => (Ok(bytes), (None, None)),
            })
        })
    }
}

struct Listening {
    subscription: Subscription,
    heartbeat: Interval,
    end: Instant,
}

enum Next {
    Bytes(Bytes),
    Last(Bytes),
}

impl Listening {
    async fn next(&mut self) -> Next {
        let hub = self.subscription.hub.clone();
        let bye = Event {
            name: "fine",
            data: "{}".to_owned(),
        };
        let Some(receiver) = &mut self.subscription.receiver else {
            return Next::Last(hub.encode(&bye));
        };
        tokio::select! {
            event = receiver.recv() => match event {
                Ok(event) if event.name == "fine" => Next::Last(hub.encode(&event)),
                Ok(event) => Next::Bytes(hub.encode(&event)),
                // Behind, or the service stops: whoever comes back gets the state as it is then.
                Err(_) => Next::Last(hub.encode(&bye)),
            },
            _ = self.heartbeat.tick() => Next::Bytes(Bytes::from_static(b": \n\n")),
            () = tokio::time::sleep_until(self.end) => Next::Last(hub.encode(&bye)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::StreamExt as _;

    async fn read(stream: impl Stream<Item = Result<Bytes, actix_web::Error>>) -> String {
        let parts: Vec<_> = stream.collect().await;
        parts
            .into_iter()
            .map(|p| String::from_utf8(p.unwrap().to_vec()).unwrap())
            .collect()
    }

    #[actix_web::test]
    async fn listeners_get_what_is_true_now_then_what_comes_until_the_end() {
        let hub = Hub::new();
        let stream = hub.subscribe("p/1").unwrap().stream(
            vec![Event::stato("in corso")],
            HEARTBEAT,
            LONGEST,
        );
        hub.publish("p/2", Event::stato("altrui"));
        hub.publish("p/1", Event::stato("a\nb"));
        hub.publish("p/1", Event::fine("/pagamenti/1"));
        let text = read(stream).await;
        assert_eq!(
            text,
            "retry: 3000\n\nid: 0\nevent: stato\ndata: in corso\n\n\
             id: 1\nevent: stato\ndata: a\ndata: b\n\n\
             id: 2\nevent: fine\ndata: {\"location\":\"/pagamenti/1\"}\n\n"
        );
        assert_eq!(hub.listeners(), 0);
        assert!(hub.0.topics().is_empty());
    }

    #[actix_web::test]
    async fn a_closed_hub_ends_its_streams() {
        let hub = Hub::new();
        let stream = hub
            .subscribe("p/1")
            .unwrap()
            .stream(vec![], HEARTBEAT, LONGEST);
        hub.close();
        assert!(read(stream).await.ends_with("event: fine\ndata: {}\n\n"));
    }

    #[actix_web::test]
    async fn a_silent_stream_beats_and_ends_by_itself() {
        let (beat, longest) = (Duration::from_millis(20), Duration::from_millis(150));
        let stream = Hub::new()
            .subscribe("p/1")
            .unwrap()
            .stream(vec![], beat, longest);
        let text = read(stream).await;
        assert!(text.contains(": \n\n"), "{text}");
        assert!(text.ends_with("event: fine\ndata: {}\n\n"), "{text}");
    }

    #[actix_web::test]
    async fn a_listener_that_falls_behind_is_told_to_come_back() {
        let hub = Hub::new();
        let stream = hub
            .subscribe("p/1")
            .unwrap()
            .stream(vec![], HEARTBEAT, LONGEST);
        for i in 0..BACKLOG + 5 {
            hub.publish("p/1", Event::stato(i.to_string()));
        }
        assert!(read(stream).await.ends_with("event: fine\ndata: {}\n\n"));
    }
}
