//! The corpus of tracciati: each file of `tests/tracciati` through the real Loader and the real core,
//! with what is expected of it beside it (`NAME.atteso.json`).

use std::path::PathBuf;

use serde_json::Value;
use test_support::{Mode, World};

const GPADMIN: (&str, &str) = ("gpadmin", "Gpadmin-Password1");
const VALTORBIDA: (&str, &str) = ("valtorbida", "Valtorbida-Password1");
const GESTIONALE: (&str, &str) = ("gestionale", "Gestionale-Password1");

struct Caso {
    nome: String,
    file: Vec<u8>,
    atteso: Value,
}

/// All of them, by name: some need what an earlier one has loaded.
fn casi() -> Vec<Caso> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tracciati");
    let mut casi: Vec<Caso> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "csv" || e == "json"))
        .filter(|path| !path.to_string_lossy().ends_with(".atteso.json"))
        .map(|path| {
            let nome = path.file_name().unwrap().to_string_lossy().into_owned();
            let atteso = std::fs::read(path.with_extension("atteso.json"));
            let atteso = atteso.unwrap_or_else(|_| panic!("{nome} has nothing expected of it"));
            Caso {
                file: std::fs::read(&path).unwrap(),
                atteso: serde_json::from_slice(&atteso).unwrap(),
                nome,
            }
        })
        .collect();
    casi.sort_by(|a, b| a.nome.cmp(&b.nome));
    casi
}

async fn corpus(mode: Mode) {
    let world = World::start_with(mode, &["--timer-secs", "0.05"]).await;
    let loader = Loader {
        url: world.url("loader"),
        http: reqwest::Client::builder().build().unwrap(),
    };
    let mut fallite = vec![];
    for caso in casi() {
        let trovate = loader.prova(&world, &caso).await;
        fallite.extend(trovate.into_iter().map(|t| format!("{}: {t}", caso.nome)));
    }
    assert!(fallite.is_empty(), "{}", fallite.join("\n"));
}

struct Loader {
    url: String,
    http: reqwest::Client,
}

impl Loader {
    /// What is not as expected.
    async fn prova(&self, world: &World, caso: &Caso) -> Vec<String> {
        let atteso = &caso.atteso;
        let chi = match atteso["operatore"].as_str() {
            Some("valtorbida") => VALTORBIDA,
            _ => GPADMIN,
        };
        let query = atteso["query"].as_str().unwrap_or_default();
        let (status, risposta) = self.carica(chi, query, caso).await;
        let mut diverse = vec![];
        if let Some(rifiuto) = atteso.get("rifiuto") {
            uguale(&mut diverse, "status", &rifiuto["status"], &status.into());
            uguale(&mut diverse, "code", &rifiuto["code"], &risposta["code"]);
            return diverse;
        }
        let Some(id) = risposta["id"].as_i64().filter(|_| status == 202) else {
            return vec![format!("{status} {risposta}")];
        };
        let base = format!("/api/v1/tracciati/{id}");
        let vista = self.get(chi, &format!("{base}?wait=60")).await;
        let errori = self
            .get(chi, &format!("{base}/segnalazioni?limite=1000"))
            .await;
        let avvisi = format!("{base}/segnalazioni?limite=1000&avvisi=true");
        let avvisi = self.get(chi, &avvisi).await;
        let attesi = [
            ("stato", "stato"),
            ("righe", "righe"),
            ("valide", "righeValide"),
            ("caricate", "righeCaricate"),
            ("importoTotale", "importoTotale"),
        ];
        for (nome, campo) in attesi {
            if let Some(valore) = atteso.get(nome) {
                uguale(&mut diverse, nome, valore, &vista[campo]);
            }
        }
        if let Some(primo) = atteso.get("primo_errore") {
            segnalate(
                &mut diverse,
                std::slice::from_ref(primo),
                &errori.as_array().unwrap()[..1],
            );
        } else {
            let niente = vec![];
            let attesi = atteso["errori"].as_array().unwrap_or(&niente);
            segnalate(&mut diverse, attesi, errori.as_array().unwrap());
        }
        if let Some(attesi) = atteso["avvisi"].as_array() {
            segnalate(&mut diverse, attesi, avvisi.as_array().unwrap());
        }
        diverse.extend(self.pendenze(world, atteso).await);
        if !diverse.is_empty() {
            diverse.push(format!("{vista} {errori}"));
        }
        diverse
    }

    async fn carica(&self, chi: (&str, &str), query: &str, caso: &Caso) -> (u16, Value) {
        let url = format!("{}/api/v1/tracciati?nome={}&{query}", self.url, caso.nome);
        let answer = self
            .http
            .post(url)
            .basic_auth(chi.0, Some(chi.1))
            .body(caso.file.clone())
            .send()
            .await
            .unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    async fn get(&self, chi: (&str, &str), path: &str) -> Value {
        let url = format!("{}{path}", self.url);
        let request = self.http.get(url).basic_auth(chi.0, Some(chi.1));
        request.send().await.unwrap().json().await.unwrap()
    }

    /// What the core has of the rows.
    async fn pendenze(&self, world: &World, atteso: &Value) -> Vec<String> {
        let mut diverse = vec![];
        let path =
            |id: &str| format!("/govpay/backend/api/pendenze/rs/basic/v2/pendenze/GESTIONALE/{id}");
        for (id, campi) in atteso["pendenze"].as_object().into_iter().flatten() {
            let (status, body) = world
                .get_as(GESTIONALE, &path(id), "application/json")
                .await;
            if status != 200 {
                diverse.push(format!("{id}: {status}"));
                continue;
            }
            let pendenza: Value = serde_json::from_slice(&body).unwrap();
            for (campo, valore) in campi.as_object().unwrap() {
                let trovato = pendenza.pointer(campo).unwrap_or(&Value::Null);
                let inizia = campo == "/numeroAvviso"
                    && trovato
                        .as_str()
                        .unwrap_or_default()
                        .starts_with(valore.as_str().unwrap());
                if trovato != valore && !inizia {
                    diverse.push(format!("{id}{campo}: {trovato}, atteso {valore}"));
                }
            }
        }
        for id in atteso["assenti"].as_array().into_iter().flatten() {
            let (status, _) = world
                .get_as(GESTIONALE, &path(id.as_str().unwrap()), "application/json")
                .await;
            if status != 404 {
                diverse.push(format!("{id} was loaded"));
            }
        }
        diverse
    }
}

fn uguale(diverse: &mut Vec<String>, nome: &str, atteso: &Value, trovato: &Value) {
    if atteso != trovato {
        diverse.push(format!("{nome} è {trovato}, atteso {atteso}"));
    }
}

/// Each expected fault is `[line, column, part of the problem]`; an empty column is any.
fn segnalate(diverse: &mut Vec<String>, attese: &[Value], trovate: &[Value]) {
    if attese.len() != trovate.len() {
        diverse.push(format!(
            "{} segnalazioni, attese {}",
            trovate.len(),
            attese.len()
        ));
    }
    for (attesa, trovata) in attese.iter().zip(trovate) {
        let colonna = attesa[1].as_str().unwrap();
        let giusta = attesa[0] == trovata["riga"]
            && (colonna.is_empty() || trovata["colonna"] == colonna)
            && trovata["problema"]
                .as_str()
                .unwrap()
                .contains(attesa[2].as_str().unwrap());
        if !giusta {
            diverse.push(format!("{trovata}, attesa {attesa}"));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_file_of_the_corpus_ends_as_expected_embedded() {
    corpus(Mode::Embedded).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_file_of_the_corpus_ends_as_expected_distributed() {
    corpus(Mode::Distributed).await;
}
