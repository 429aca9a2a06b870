//! The JSON tracciato, from its upload to what became of it.

use serde_json::{Value, json};

use crate::fixture::{ADMIN, Mondo, Opzioni, VALTORBIDA};
use crate::pagine::{apri, entra};

/// A good pendenza of the first body.
pub fn pendenza(id: &str) -> Value {
    json!({
        "idA2A": "GESTIONALE", "idPendenza": id, "idDominio": "12345678903", "idTipoPendenza": "TARI",
        "causale": "Tassa rifiuti", "importo": 10.5, "dataScadenza": "2030-12-31",
        "soggettoPagatore": {"tipo": "F", "identificativo": "VRDGPP80A01H501U", "anagrafica": "Giuseppe Verdi"},
        "voci": [{"idVocePendenza": "V1", "importo": 10.5, "descrizione": "Quota", "codEntrata": "TARI"}],
    })
}

pub fn annullamento(id: &str) -> Value {
    json!({"idA2A": "GESTIONALE", "idPendenza": id, "motivoAnnullamento": "Emessa per errore"})
}

/// A file with these lists, one element per line.
pub fn file(inserimenti: &[Value], annullamenti: &[Value]) -> String {
    let righe = |v: &[Value]| {
        v.iter()
            .map(Value::to_string)
            .collect::<Vec<_>>()
            .join(",\n")
    };
    format!(
        "{{\"idTracciato\": \"T-1\",\n\"inserimenti\": [\n{}],\n\"annullamenti\": [\n{}]}}\n",
        righe(inserimenti),
        righe(annullamenti)
    )
}

async fn righe(mondo: &Mondo, id: i64) -> Vec<Value> {
    let righe = mondo
        .json(&format!("/api/v1/tracciati/{id}/righe?limite=1000"))
        .await;
    righe.as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn both_lists_are_loaded_and_numbered_on() {
    let mondo = Mondo::start().await;
    mondo
        .core
        .stati
        .lock()
        .unwrap()
        .insert("VECCHIA".into(), "NON_ESEGUITA".into());
    let pendenze: Vec<Value> = (1..=700).map(|i| pendenza(&format!("J-{i}"))).collect();
    let testo = file(&pendenze, &[annullamento("VECCHIA")]);
    let id = mondo.carica("tari.json", testo.clone()).await;
    let vista = mondo.attendi(id, "CARICAMENTO_OK").await;
    assert_eq!(vista["formato"], "JSON");
    assert_eq!(
        (&vista["righe"], &vista["righeCaricate"]),
        (&json!(701), &json!(701))
    );
    assert_eq!(vista["importoTotale"], "7350.00");
    assert_eq!(*mondo.core.annullate.lock().unwrap(), ["VECCHIA"]);
    let messe = mondo.core.messe();
    assert!(messe.len() == 700 && messe.values().all(|n| *n == 1));
    let corpo = mondo.core.corpi.lock().unwrap()[0].clone();
    assert!(corpo.get("idA2A").is_none() && corpo["voci"][0]["importo"] == 10.5);

    let righe = righe(&mondo, id).await;
    let (prima, ultima) = (&righe[0], &righe[700]);
    assert_eq!((&prima["numero"], &prima["riga"]), (&json!(1), &json!(3)));
    assert_eq!(
        (&ultima["numero"], &ultima["riga"]),
        (&json!(701), &json!(704))
    );
    assert_eq!(
        (&ultima["operazione"], &ultima["esito"]),
        (&json!("DEL"), &json!("DEL_OK"))
    );
    let originale = mondo
        .bytes(&format!("/api/v1/tracciati/{id}/originale"))
        .await;
    assert_eq!(originale, testo.as_bytes());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_elaborato_is_ndjson_json_or_the_18_columns() {
    let mondo = Mondo::start().await;
    let id = mondo.carica("x.json", file(&[pendenza("J-1")], &[])).await;
    mondo.attendi(id, "CARICAMENTO_OK").await;
    let elaborato = format!("/api/v1/tracciati/{id}/elaborato");
    let ndjson = mondo.bytes(&format!("{elaborato}?formato=ndjson")).await;
    let riga: Value = serde_json::from_slice(&ndjson).unwrap();
    assert_eq!(
        (&riga["idPendenza"], &riga["esito"]),
        (&json!("J-1"), &json!("ADD_OK"))
    );
    let esito = mondo.json(&format!("{elaborato}?formato=json")).await;
    assert_eq!(esito["idTracciato"], "T-1");
    assert_eq!(
        esito["inserimenti"][0]["dati"]["numeroAvviso"],
        riga["numeroAvviso"]
    );
    let csv = String::from_utf8(mondo.bytes(&elaborato).await).unwrap();
    let numero = riga["numeroAvviso"].as_str().unwrap();
    let righe: Vec<&str> = csv.lines().collect();
    assert_eq!(righe[0].split(',').count(), 18);
    assert_eq!(
        righe[1],
        format!(
            "GESTIONALE,J-1,12345678903,TARI,{numero},12345678903_{numero}.pdf,F,VRDGPP80A01H501U,Giuseppe Verdi,,,,,,,,,"
        )
    );
    let corretto = mondo.get(&format!("/api/v1/tracciati/{id}/corretto"));
    assert_eq!(corretto.send().await.unwrap().status(), 409);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_fault_has_its_line_and_the_path_of_its_property() {
    let mondo = Mondo::start().await;
    let con = |id: &str, cambia: &dyn Fn(&mut Value)| {
        let mut pendenza = pendenza(id);
        cambia(&mut pendenza);
        pendenza
    };
    let inserimenti = [
        pendenza("J-1"),
        con("J-2", &|p| p["voci"][0]["importo"] = json!("10.50")),
        con("J-3", &|p| p["colore"] = json!("rosso")),
        con("J-4", &|p| p["importo"] = json!(11)),
        con("J-5", &|p| p["voci"][0]["codEntrata"] = json!("ALTRO")),
        pendenza("J-1"),
        con("J-6", &|p| p["idDominio"] = json!("09876543217")),
    ];
    let testo = file(
        &inserimenti,
        &[json!({"idA2A": "GESTIONALE", "idPendenza": "X"})],
    );
    let answer = mondo
        .post_as(VALTORBIDA, "/api/v1/tracciati")
        .header("content-type", "application/json")
        .body(testo)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 202);
    let id = answer.json::<Value>().await.unwrap()["id"]
        .as_i64()
        .unwrap();
    mondo.attendi(id, "VALIDAZIONE_KO").await;
    let mut errori = mondo.errori(id).await;
    errori.sort();
    let attesi = [
        (4, "voci[0].importo", ""),
        (5, "colore", "«colore» non esiste"),
        (6, "importo", "la somma delle voci è 10.50"),
        (7, "voci[0].codEntrata", "l'entrata non esiste"),
        (8, "idPendenza", "già alla riga 3"),
        (9, "idDominio", "non sei abilitato"),
    ];
    for (riga, colonna, problema) in attesi {
        let trovato = errori
            .iter()
            .any(|(r, c, p)| *r == riga && c == colonna && p.contains(problema));
        assert!(trovato, "{riga} {colonna} {problema}: {errori:?}");
    }
    let ultimo = errori.last().unwrap();
    let (colonna, problema) = ("motivoAnnullamento", "manca motivoAnnullamento");
    assert_eq!(*ultimo, (11, colonna.to_owned(), problema.to_owned()));
    assert!(mondo.core.messe().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_object_is_refused_and_what_breaks_later_says_where() {
    let mondo = Mondo::start().await;
    let carica = |nome: &'static str, corpo: &'static str| {
        let request = mondo.post(&format!("/api/v1/tracciati?nome={nome}"));
        request
            .header("content-type", "application/json")
            .body(corpo)
            .send()
    };
    for (corpo, codice) in [
        ("[]", "NON_JSON"),
        ("idA2A;x\n1;2\n", "NON_JSON"),
        ("", "FILE_VUOTO"),
    ] {
        let answer = carica("x.json", corpo).await.unwrap();
        assert_eq!(answer.status(), 422, "{corpo}");
        assert_eq!(
            answer.json::<Value>().await.unwrap()["code"],
            codice,
            "{corpo}"
        );
    }
    let rotto = "{\"idTracciato\": \"T\",\n\"inserimenti\": [\n{\"a\": 1} {\"b\": 2}]}";
    let id = mondo.carica("rotto.json", rotto).await;
    let vista = mondo.attendi(id, "VALIDAZIONE_KO").await;
    assert!(
        vista["motivo"].as_str().unwrap().contains("Da qui in poi"),
        "{vista}"
    );
    let errori = mondo.errori(id).await;
    assert!(
        errori
            .iter()
            .any(|(r, _, p)| *r == 3 && p.contains("ci si aspetta una virgola")),
        "{errori:?}"
    );
    let altro = mondo.carica("altro.json", "{\"pippo\": []}").await;
    let vista = mondo.attendi(altro, "VALIDAZIONE_KO").await;
    assert!(
        vista["motivo"].as_str().unwrap().contains("«pippo»"),
        "{vista}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn annulments_may_come_first_and_refused_rows_are_loaded_again_in_place() {
    let mondo = Mondo::start().await;
    mondo
        .core
        .rifiutate
        .lock()
        .unwrap()
        .insert("J-600".into(), "occupato".into());
    mondo
        .core
        .stati
        .lock()
        .unwrap()
        .insert("V".into(), "NON_ESEGUITA".into());
    let pendenze: Vec<String> = (1..=700)
        .map(|i| pendenza(&format!("J-{i}")).to_string())
        .collect();
    let testo = format!(
        "{{\"annullamenti\":[{}],\"inserimenti\":[{}]}}",
        annullamento("V"),
        pendenze.join(",")
    );
    let id = mondo.carica("rovescio.json", testo).await;
    mondo.attendi(id, "CARICAMENTO_KO").await;
    // The second block is read from its place in the second list.
    let ko = mondo
        .json(&format!("/api/v1/tracciati/{id}/righe?esito=KO"))
        .await;
    assert_eq!(
        (&ko[0]["numero"], &ko[0]["idPendenza"]),
        (&json!(601), &json!("J-600"))
    );
    mondo.core.rifiutate.lock().unwrap().clear();
    let ricarica = mondo.post(&format!("/api/v1/tracciati/{id}/ricarica"));
    assert_eq!(ricarica.send().await.unwrap().status(), 202);
    mondo.attendi(id, "CARICAMENTO_OK").await;
    assert_eq!(mondo.core.messe()["J-600"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_limit_of_rows_is_that_of_the_elements_and_says_how_many_there_are() {
    let mondo = Mondo::start_with(Opzioni {
        max_upload_rows: 1000,
        ..Opzioni::default()
    })
    .await;
    let pendenze = |n: usize| -> Vec<Value> {
        let una = |i| pendenza(&format!("L-{i}"));
        (1..=n).map(una).collect()
    };
    // More than one stored piece, and more lines than elements.
    let troppo = file(&pendenze(1001), &[annullamento("V")]).replace(',', ",\n\n");
    assert!(troppo.len() > 256 * 1024, "{}", troppo.len());
    let request = mondo.post("/api/v1/tracciati?nome=troppo.json");
    let answer = request.body(troppo.clone()).send().await.unwrap();
    assert_eq!(answer.status(), 413);
    let problema: Value = answer.json().await.unwrap();
    assert_eq!(problema["code"], "TROPPE_RIGHE");
    let atteso = "Il file ha 1.002 elementi fra inserimenti e annullamenti: il massimo è 1.000. Dividilo in più tracciati.";
    assert_eq!(problema["detail"], atteso);

    let browser = entra(&mondo, ADMIN).await;
    let form = apri(&mondo, &browser, "/tracciati/nuovo").await;
    for azione in ["Salva", "Anteprima"] {
        let form = form
            .clone()
            .attach("File CSV", "troppo.json", troppo.as_bytes());
        let pagina = browser.press(&form, azione).await;
        assert_eq!(pagina.status, 413, "{azione}");
        pagina.expect(atteso);
    }
    assert_eq!(
        mondo.json("/api/v1/tracciati").await["tracciati"],
        json!([])
    );
    let domani = platform::clock::real_now().naive_utc() + chrono::TimeDelta::days(1);
    let rimasti = mondo.db().await.purge_contenuti(domani).await.unwrap();
    assert_eq!(rimasti, 0, "nothing half-saved");

    let id = mondo.carica("giusto.json", file(&pendenze(1000), &[]));
    let vista = mondo.attendi(id.await, "CARICAMENTO_OK").await;
    assert_eq!(vista["righe"], 1000);
}
