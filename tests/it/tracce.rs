//! One request is one trace over several services, and leaves the process when somebody listens.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use test_support::{Mode, World, wait_until};

/// A collector of traces: remembers the bodies that are posted to it.
struct Collector {
    url: String,
    bodies: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Collector {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/v1/traces", listener.local_addr().unwrap());
        let bodies = Arc::new(Mutex::new(vec![]));
        let kept = Arc::clone(&bodies);
        // Ends with the test's process.
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                if let Some(body) = read_body(&mut stream) {
                    kept.lock().unwrap().push(body);
                }
                // The exporter may have gone with its process: nothing to tell it then.
                let _ = stream.write_all(
                    b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
                );
            }
        });
        Self { url, bodies }
    }

    /// Whether spans of this trace came from this service (OTLP carries both as plain bytes).
    fn has(&self, trace: &[u8], service: &str) -> bool {
        let contains = |body: &[u8], part: &[u8]| body.windows(part.len()).any(|w| w == part);
        let bodies = self.bodies.lock().unwrap();
        bodies
            .iter()
            .any(|b| contains(b, trace) && contains(b, service.as_bytes()))
    }
}

fn read_body(stream: &mut std::net::TcpStream) -> Option<Vec<u8>> {
    let mut received = Vec::new();
    let mut chunk = [0; 8192];
    loop {
        let head_end = received.windows(4).position(|w| w == b"\r\n\r\n");
        if let Some(end) = head_end {
            let head = String::from_utf8_lossy(&received[..end]).to_ascii_lowercase();
            let length = head
                .lines()
                .find_map(|l| l.strip_prefix("content-length: "));
            let length: usize = length?.trim().parse().ok()?;
            if received.len() >= end + 4 + length {
                return Some(received[end + 4..].to_vec());
            }
        }
        match stream.read(&mut chunk).ok()? {
            0 => return None,
            n => received.extend_from_slice(&chunk[..n]),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_trace_of_a_request_goes_on_in_the_service_that_it_calls_and_over_the_bus() {
    let collector = Collector::start();
    let world = World::start_with(Mode::Distributed, &["--otlp-endpoint", &collector.url]).await;
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let bytes: Vec<u8> = (0..16)
        .map(|i| u8::from_str_radix(&trace[2 * i..2 * i + 2], 16).unwrap())
        .collect();

    // The portal asks the core; a new pendenza is told to the console over the bus.
    let http = reqwest::Client::builder().build().unwrap();
    let traceparent = format!("00-{trace}-00f067aa0ba902b7-01");
    let search = format!(
        "{}/avvisi/12345678903/301000000000004285",
        world.url("portale-ente")
    );
    http.get(search)
        .header("traceparent", &traceparent)
        .send()
        .await
        .unwrap();
    let order = format!(
        "{}/govpay/backend/api/pendenze/rs/basic/v2/pendenze/GESTIONALE/TRACCIA-1",
        world.url("govpay-core")
    );
    let body = serde_json::json!({
        "idDominio": "12345678903", "causale": "Prova", "importo": 1.00,
        "voci": [{"idVocePendenza": "1", "importo": 1.00, "descrizione": "Voce", "codEntrata": "TARI"}]
    });
    let put = http
        .put(order)
        .header("traceparent", &traceparent)
        .json(&body);
    let answer = put
        .basic_auth("gestionale", Some("Gestionale-Password1"))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 201);

    for service in ["portale-ente", "govpay-core", "console"] {
        wait_until("the spans of the service reach the collector", || async {
            if collector.has(&bytes, service) {
                Ok(())
            } else {
                Err(service.to_owned())
            }
        })
        .await;
    }
}
