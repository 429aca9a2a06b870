//! The API: who may, what is refused, what is sent twice.

use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::fixture::{Mondo, Opzioni, VALTORBIDA, file, molte, riga};

#[tokio::test(flavor = "multi_thread")]
async fn b162_nobody_enters_without_the_credentials_of_an_operator() {
    let mondo = Mondo::start().await;
    for path in [
        "/api/v1/tracciati",
        "/api/v1/tracciati/1",
        "/api/v1/tracciati/1/originale",
    ] {
        let url = format!("{}{path}", mondo.url);
        let answer = reqwest::get(&url).await.unwrap();
        assert_eq!(answer.status(), 401, "{path}");
        assert!(answer.headers().contains_key("www-authenticate"));
        let wrong = mondo.get_as(("gpadmin", "sbagliata"), path);
        assert_eq!(wrong.send().await.unwrap().status(), 401);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn b160_an_operator_sees_only_the_tracciati_of_the_own_bodies() {
    let mondo = Mondo::start().await;
    let altra = riga("X-1")
        .replace("12345678903", "09876543217")
        .replace(";TARI;", ";SANZIONE;")
        .replace(";TARI", ";SANZIONI");
    let misto = mondo.carica("misto.csv", file(&[riga("M-1"), altra])).await;
    let mio = mondo.carica("mio.csv", file(&[riga("M-2")])).await;
    for id in [misto, mio] {
        mondo.attendi(id, "CARICAMENTO_OK").await;
    }
    let come = |path: String| mondo.get_as(VALTORBIDA, &path).send();
    for path in [
        "",
        "/originale",
        "/elaborato",
        "/righe",
        "/segnalazioni",
        "/errori",
    ] {
        let altrui = come(format!("/api/v1/tracciati/{misto}{path}"))
            .await
            .unwrap();
        assert_eq!(altrui.status(), 404, "{path}");
        let propria = come(format!("/api/v1/tracciati/{mio}{path}"))
            .await
            .unwrap();
        assert_eq!(propria.status(), 200, "{path}");
    }
    let lista: Value = come("/api/v1/tracciati".into())
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(lista["tracciati"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_of_a_body_that_the_uploader_may_not_load_are_errors() {
    let mondo = Mondo::start().await;
    let altra = riga("X-1")
        .replace("12345678903", "09876543217")
        .replace(";TARI;", ";SANZIONE;")
        .replace(";TARI", ";SANZIONI");
    let request = mondo.post_as(VALTORBIDA, "/api/v1/tracciati");
    let answer = request
        .header("content-type", "text/csv")
        .body(file(&[altra]))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 202);
    let id = answer.json::<Value>().await.unwrap()["id"]
        .as_i64()
        .unwrap();
    mondo.attendi(id, "VALIDAZIONE_KO").await;
    let errori = mondo.errori(id).await;
    assert_eq!((errori.len(), errori[0].1.as_str()), (1, "idDominio"));
    assert!(errori[0].2.contains("non sei abilitato"), "{errori:?}");
    assert!(mondo.core.messe().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_raw_body_is_taken_too_and_the_answer_says_where_to_look() {
    let mondo = Mondo::start().await;
    let request = mondo.post("/api/v1/tracciati?nome=grezzo.csv&separatore=%3B");
    let answer = request
        .header("content-type", "text/csv")
        .body(molte("G", 1))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 202);
    let location = answer.headers()["location"].to_str().unwrap().to_owned();
    let vista = mondo.json(&location).await;
    assert_eq!(vista["nomeFile"], "grezzo.csv");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_bytes_again_are_told_and_may_be_forced() {
    let mondo = Mondo::start().await;
    let csv = molte("U", 1);
    let id = mondo.carica("uno.csv", csv.clone()).await;
    mondo.attendi(id, "CARICAMENTO_OK").await;
    let send = |query: &str| {
        let request = mondo.post(&format!("/api/v1/tracciati{query}"));
        request
            .header("content-type", "text/csv")
            .body(csv.clone())
            .send()
    };
    let answer = send("").await.unwrap();
    assert_eq!(answer.status(), 409);
    let problema: Value = answer.json().await.unwrap();
    assert_eq!(problema["code"], "TRACCIATO_DOPPIO");
    assert!(
        problema["detail"]
            .as_str()
            .unwrap()
            .contains(&format!("/api/v1/tracciati/{id}"))
    );
    let answer = send("?doppio=true").await.unwrap();
    assert_eq!(answer.status(), 202);
    let nuovo = answer.json::<Value>().await.unwrap()["id"]
        .as_i64()
        .unwrap();
    mondo.attendi(nuovo, "CARICAMENTO_OK").await;
    assert_eq!(mondo.core.messe()["U-1"], 2, "the same pendenza, put again");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_idempotency_key_twice_at_once_is_one_upload() {
    let mondo = Mondo::start().await;
    let csv = molte("I", 1);
    let send = || {
        let request = mondo
            .post("/api/v1/tracciati?doppio=true")
            .header("idempotency-key", "k-1");
        request
            .header("content-type", "text/csv")
            .body(csv.clone())
            .send()
    };
    let answers = futures_util::future::join_all((0..6).map(|_| send())).await;
    let mut ids = vec![];
    for answer in answers {
        let answer = answer.unwrap();
        assert_eq!(answer.status(), 202);
        ids.push(answer.json::<Value>().await.unwrap()["id"].clone());
    }
    ids.dedup();
    assert_eq!(ids.len(), 1, "{ids:?}");
    assert_eq!(
        mondo.json("/api/v1/tracciati").await["tracciati"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn b028_the_documented_limit_is_the_real_one() {
    let mondo = Mondo::start_with(Opzioni {
        max_upload_mib: 1,
        ..Opzioni::default()
    })
    .await;
    let mut csv = molte("B", 1);
    csv.resize(1024 * 1024, b'\n');
    let send = |bytes: Vec<u8>| {
        let form = Form::new().part("file", Part::bytes(bytes).file_name("grande.csv"));
        mondo.post("/api/v1/tracciati").multipart(form).send()
    };
    assert_eq!(send(csv.clone()).await.unwrap().status(), 202);
    csv.push(b'\n');
    let answer = send(csv).await.unwrap();
    assert_eq!(answer.status(), 413);
    let problema: Value = answer.json().await.unwrap();
    assert!(
        problema["detail"].as_str().unwrap().contains("1 MiB"),
        "{problema}"
    );
    let lista = mondo.json("/api/v1/tracciati").await;
    assert_eq!(
        lista["tracciati"].as_array().unwrap().len(),
        1,
        "nothing half-saved"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn b156_wrong_parameters_are_told_with_the_right_ones() {
    let mondo = Mondo::start().await;
    for (query, parola) in [
        ("?stato=BOH", "VALIDAZIONE_KO"),
        ("?limite=0", "1000"),
        ("?limite=x", "invalid"),
        ("?boh=1", "unknown field"),
    ] {
        let answer = mondo
            .get(&format!("/api/v1/tracciati{query}"))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 422, "{query}");
        let problema: Value = answer.json().await.unwrap();
        assert_eq!(problema["code"], "PARAMETRO_NON_VALIDO");
        assert!(
            problema["detail"].as_str().unwrap().contains(parola),
            "{problema}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_goes_from_page_to_page() {
    let mondo = Mondo::start().await;
    for n in 0..5 {
        mondo
            .carica(&format!("pagina-{n}.csv"), molte(&format!("E{n}"), 1))
            .await;
    }
    let prima = mondo.json("/api/v1/tracciati?limite=2").await;
    let seconda = mondo
        .json(&format!(
            "/api/v1/tracciati?limite=2&prima={}",
            prima["prossima"]
        ))
        .await;
    let terza = mondo
        .json(&format!(
            "/api/v1/tracciati?limite=2&prima={}",
            seconda["prossima"]
        ))
        .await;
    let nomi: Vec<&str> = [&prima, &seconda, &terza]
        .iter()
        .flat_map(|p| p["tracciati"].as_array().unwrap())
        .map(|t| t["nomeFile"].as_str().unwrap())
        .collect();
    assert_eq!(
        nomi,
        [
            "pagina-4.csv",
            "pagina-3.csv",
            "pagina-2.csv",
            "pagina-1.csv",
            "pagina-0.csv"
        ]
    );
    assert_eq!(terza["prossima"], Value::Null);
    let cercata = mondo.json("/api/v1/tracciati?nome=INA-3").await;
    assert_eq!(cercata["tracciati"][0]["nomeFile"], json!("pagina-3.csv"));
    assert_eq!(
        mondo.json("/api/v1/tracciati?nome=%25").await["tracciati"],
        json!([])
    );
}
