//! A large file: never whole in memory, and nobody waits for it.

use std::convert::Infallible;

use futures_util::{StreamExt as _, stream};
use reqwest::Body;
use serde_json::Value;

use crate::fixture::{Mondo, TESTA, riga};

const RIGHE: usize = 5000;
/// Bytes of a column that the tracciato does not use: they make a large file of few rows.
const NOTA: usize = 16_000;

/// The bytes of the file, piece by piece: the test does not have it whole in memory, either.
fn pezzi() -> impl Iterator<Item = Vec<u8>> {
    let nota = "n".repeat(NOTA);
    let righe = (1..=RIGHE).map(move |n| format!("{};{nota}\r\n", riga(&format!("M-{n}"))));
    let testa = format!("{TESTA};Nota interna\r\n");
    std::iter::once(testa).chain(righe).map(String::into_bytes)
}

/// The most that was ever resident in this process, in bytes.
fn picco() -> usize {
    let stato = std::fs::read_to_string("/proc/self/status").unwrap();
    let picco = stato.lines().find_map(|l| l.strip_prefix("VmHWM:"));
    let kib = picco.unwrap().trim().trim_end_matches(" kB");
    kib.parse::<usize>().unwrap() * 1024
}

/// Asks for something else: an answer that does not come stops the test.
fn altro(mondo: &Mondo) -> impl Future<Output = ()> + Send + use<> {
    let request = mondo.get("/api/v1/tracciati");
    async move { assert_eq!(request.send().await.unwrap().status(), 200) }
}

async fn carica(mondo: &Mondo, body: Body) -> i64 {
    let request = mondo.post("/api/v1/tracciati?nome=grande.csv");
    let answer = request
        .header("content-type", "text/csv")
        .body(body)
        .send()
        .await
        .unwrap();
    let vista: Value = answer.json().await.unwrap();
    vista["id"].as_i64().unwrap_or_else(|| panic!("{vista}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn b030_a_large_file_is_never_whole_in_memory_and_nobody_waits_for_it() {
    let mondo = Mondo::start().await;
    *mondo.core.smemorato.lock().unwrap() = true;
    altro(&mondo).await;
    let prima = picco();

    let mut domanda = Some(altro(&mondo));
    let body = stream::iter(pezzi().enumerate()).then(move |(n, pezzo)| {
        let domanda = domanda.take_if(|_| n == RIGHE / 2);
        async move {
            if let Some(domanda) = domanda {
                domanda.await;
            }
            Ok::<_, Infallible>(pezzo)
        }
    });
    let id = carica(&mondo, Body::wrap_stream(body)).await;
    mondo.attendi(id, "CARICAMENTO_OK").await;
    let path = format!("/api/v1/tracciati/{id}/elaborato");
    let mut elaborato = mondo.get(&path).send().await.unwrap().bytes_stream();
    let (mut letti, mut righe) = (0, 0);
    while let Some(pezzo) = elaborato.next().await {
        let pezzo = pezzo.unwrap();
        if letti == 0 {
            altro(&mondo).await;
        }
        letti += pezzo.len();
        righe += pezzo.iter().filter(|b| **b == b'\n').count();
    }

    assert_eq!(righe, RIGHE + 1);
    assert!(letti > RIGHE * NOTA);
    let cresciuto = picco() - prima;
    assert!(
        cresciuto < RIGHE * NOTA / 2,
        "{cresciuto} bytes more in memory for a file of {}",
        RIGHE * NOTA
    );
}
