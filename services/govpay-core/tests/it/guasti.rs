//! What a client is told of values that are not the contract's, and of troubles that are not its own.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use serde_json::{Value, json};
use test_support::servers::postgres_url;
use test_support::wait_until;

use crate::anagrafica::{ADMIN, get};
use crate::mondo::{A, B, Mondo};
use crate::numerazione::{carica, con, tari};
use crate::presso_psp::code_verifica;
use crate::unico::verify;

#[tokio::test]
async fn b147_a_value_out_of_a_list_is_refused_with_the_names_that_are_in_it() {
    let mondo = Mondo::start().await;
    for (query, name) in [("stato=1", "NON_ESEGUITA"), ("stato=eseguita", "ESEGUITA")] {
        let (status, answer) = get(&mondo, ADMIN, &format!("/pendenze?{query}")).await;
        assert_eq!(status, 400, "{query}: {answer}");
        let text = answer["dettaglio"].as_str().unwrap();
        assert!(text.contains("stato") && text.contains(name), "{text}");
    }
    let debitore = |tipo: Value| json!({"soggettoPagatore": {"tipo": tipo, "identificativo": "VRDGPP80A01H501U"}});
    for (campi, campo, nomi) in [
        (debitore(json!("")), "soggettoPagatore.tipo", ["F", "G"]),
        (debitore(json!("f")), "soggettoPagatore.tipo", ["F", "G"]),
        (
            debitore(json!(1)),
            "soggettoPagatore.tipo",
            ["1", "deve essere un testo"],
        ),
        (
            json!({"tassonomiaAvviso": "imposte e tasse"}),
            "tassonomiaAvviso",
            ["Imposte e tasse", "Servizi scolastici"],
        ),
        (
            json!({"proprieta": {"linguaSecondaria": "DE"}}),
            "proprieta.linguaSecondaria",
            ["de", "sl"],
        ),
    ] {
        let (status, answer) = carica(&mondo, "E-1", &con(tari(), campi.clone())).await;
        assert_eq!(status, 400, "{campi}: {answer}");
        let text = answer["dettaglio"].as_str().unwrap();
        assert!(text.contains(campo), "{text}");
        for nome in nomi {
            assert!(text.contains(nome), "{nome}: {text}");
        }
    }
    mondo.stop().await;
}

/// Lets nobody into the database, and sends away who is there; or lets people in again.
fn chiudi(mondo: &Mondo, chiuso: bool) {
    let name = mondo.database();
    let mut c = diesel::PgConnection::establish(&postgres_url()).unwrap();
    c.batch_execute(&format!(
        "ALTER DATABASE {name} ALLOW_CONNECTIONS {}",
        !chiuso
    ))
    .unwrap();
    if chiuso {
        c.batch_execute(&format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
        ))
        .unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn b150_a_database_that_is_away_is_a_trouble_of_ours_and_passes() {
    let mondo = Mondo::start_pg().await;
    let (di_a, di_b) = (mondo.pendenza(A, 1, &[1000]), mondo.pendenza(B, 2, &[1000]));
    let path = format!("/pendenze/GESTIONALE/{}", di_a.id_pendenza);
    assert_eq!(get(&mondo, ADMIN, &path).await.0, 200);

    chiudi(&mondo, true);
    let (status, answer) = get(&mondo, ADMIN, &path).await;
    assert_eq!(status, 503, "{answer}");
    assert_eq!(answer["categoria"], "INTERNO", "{answer}");
    let text = answer["dettaglio"].as_str().unwrap();
    assert!(text.contains("riprova"), "{text}");
    let (status, answer) = carica(&mondo, "E-1", &tari()).await;
    assert_eq!(status, 503, "{answer}");
    let fault = code_verifica(&mondo, &di_a).await;
    assert_eq!(fault.as_deref(), Some("PAA_SYSTEM_ERROR"));
    let answer = verify(&mondo, &di_b).await;
    assert_eq!(answer, Err("PAA_SYSTEM_ERROR".to_owned()));

    chiudi(&mondo, false);
    wait_until("the core answers again by itself", || async {
        match get(&mondo, ADMIN, &path).await {
            (200, _) => Ok(()),
            other => Err(format!("{other:?}")),
        }
    })
    .await;
    assert_eq!(code_verifica(&mondo, &di_a).await, None);
    mondo.stop().await;
}
