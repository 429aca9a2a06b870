//! The process dies between sending a receipt and writing that it was sent.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

use test_support::servers::TestBus;
use test_support::{Browser, wait_until};

use crate::ente::Ricezione;
use crate::mondo::{CARTA, Mondo, invia_rpt};

struct Processo(Child);

impl Drop for Processo {
    fn drop(&mut self) {
        // A process that has already ended cannot be killed: that is what we want anyway.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn processo(mondo: &Mondo, bus: &TestBus, port: u16) -> Processo {
    let child = Command::new(env!("CARGO_BIN_EXE_psp-sim"))
        .args([
            "--port",
            &port.to_string(),
            "--database-url",
            &mondo.database,
        ])
        .args(["--tenant", &mondo.tenant, "--amqp-url", &bus.url])
        .args(["--bus-namespace", &bus.namespace])
        .args(["--psp-sim-url", &format!("http://127.0.0.1:{port}")])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    Processo(child)
}

async fn risponde(url: &str) {
    wait_until("the process answers", || async {
        let answer = reqwest::get(format!("{url}/healthz"))
            .await
            .map_err(|e| e.to_string())?;
        let health: serde_json::Value = answer.json().await.map_err(|e| e.to_string())?;
        if health["service"] == "psp-sim" {
            Ok(())
        } else {
            Err(health.to_string())
        }
    })
    .await;
}

#[tokio::test]
async fn b173_a_receipt_sent_by_a_process_that_died_is_sent_again_and_the_duplicate_ends_it() {
    let mut mondo = Mondo::start().await;
    mondo.stop().await;
    mondo.ente.ricezione(Ricezione::Tace);
    let bus = TestBus::create();
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let url = format!("http://127.0.0.1:{port}");
    let first = processo(&mondo, &bus, port);
    risponde(&url).await;
    let now = platform::clock::real_now();
    let rpt = crate::mondo::rpt("01000000000000700", "ccp", &[1_000], now);
    let page = invia_rpt(&url, &rpt, CARTA).await.url.unwrap();
    let browser = Browser::new();
    let page = browser.open(&page).await;
    browser
        .follow(browser.submission(&page, "Invia la ricevuta"))
        .await;
    mondo.attendi_ricevute("01000000000000700", 1).await;

    drop(first); // killed: the ente has the receipt, the store does not know
    mondo.ente.ricezione(Ricezione::Accetta);
    let _second = processo(&mondo, &bus, port);
    risponde(&url).await;

    mondo.url = url;
    mondo
        .attendi_stato("01000000000000700", "ccp", "RT_ACCETTATA_PA")
        .await;
    let arrived = mondo.ente.arrivate("01000000000000700");
    assert_eq!(arrived.len(), 2);
    assert_eq!(
        arrived[0], arrived[1],
        "the same receipt, which the ente recognises"
    );
    assert_eq!(mondo.ente.con(|s| s.accettate.len()), 1);
}
