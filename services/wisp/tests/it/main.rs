//! WISP as portals, citizens and the Node use it.

#![expect(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

mod scelta;

use std::net::TcpListener;

use platform::{Boot, Bus, Peers, Running, Settings};
use test_support::{Browser, Page};
use tokio_util::sync::CancellationToken;

/// WISP on a store of its own.
pub struct Wisp {
    pub url: String,
    stop: CancellationToken,
    running: Running,
    _folder: tempfile::TempDir,
}

impl Wisp {
    pub async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let mut settings = Settings::embedded(None, None, None, std::time::Duration::from_secs(1));
        settings.database_url = format!("sqlite:{}", folder.path().join("wisp.db").display());
        let stop = CancellationToken::new();
        let peers = Peers::local([address; 6]);
        let boot = Boot {
            settings,
            peers,
            bus: Bus::in_process(),
            listener,
            stop: stop.clone(),
        };
        let running = wisp::start(boot).await.unwrap();
        Self {
            url: format!("http://{address}"),
            stop,
            running,
            _folder: folder,
        }
    }

    /// What the portal of a body posts, with changes.
    pub async fn enter(&self, browser: &Browser, changes: &[(&str, &str)]) -> Page {
        let mut form = vec![
            ("idDominio", "12345678903"),
            ("enteCreditore", "Comune di Valtorbida"),
            ("keyPA", "0123456789abcdef0123456789abcdef"),
            ("urlReturn", "http://portale.example/ritorno"),
            ("urlBack", "http://portale.example/annullo"),
            ("primitiva", "nodoInviaRPT"),
            ("numPagamentiRPT", "1"),
            ("stornoPagamento", "NO"),
            ("bolloDigitale", "NO"),
            ("terzoModelloPagamento", "NO"),
            ("importoTransazione", "12.50"),
            ("versioneInterfacciaWISP", "1.3"),
            ("contoPoste", "NO"),
            ("pagamentiModello2", "SI"),
        ];
        for (name, value) in changes {
            form.retain(|(n, _)| n != name);
            form.push((name, value));
        }
        let client = platform::http::client(std::time::Duration::from_secs(10)).unwrap();
        browser
            .follow(client.post(format!("{}/", self.url)).form(&form))
            .await
    }

    pub async fn scelta(&self, key_wisp: &str) -> (u16, serde_json::Value) {
        let url = format!(
            "{}/api/v1/scelte/12345678903/0123456789abcdef0123456789abcdef/{key_wisp}",
            self.url
        );
        let answer = reqwest::get(url).await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    pub async fn advance(&self, seconds: i64) {
        let client = platform::http::client(std::time::Duration::from_secs(10)).unwrap();
        let url = format!("{}/api/v1/clock/advance", self.url);
        let body = serde_json::json!({ "seconds": seconds });
        assert!(
            client
                .post(url)
                .json(&body)
                .send()
                .await
                .unwrap()
                .status()
                .is_success()
        );
    }

    pub async fn stop(self) {
        self.stop.cancel();
        self.running.wait().await.unwrap();
    }
}
