//! Pendenze loaded by people, by portals and by forms; what belongs to them; receipts taken in by hand.

#![expect(clippy::too_many_lines, reason = "tables of cases")]

use base64::Engine as _;
use domain::EsitoPagamento as E;
use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::anagrafica::{ADMIN, GESTIONALE, UFFICIO, chiama, get, put};
use crate::ente::Ente;
use crate::mondo::{A, B, Mondo};
use crate::nodo::{CANALE, INTERMEDIARIO_PSP, PSP, rt};
use crate::numerazione::{carica, con, tari};
use crate::presso_psp::attiva;

const BACKOFFICE: &str = "/govpay/backend/api/backoffice/rs/basic/v1";
const PENDENZE: &str = "/govpay/backend/api/pendenze/rs/basic/v2";
const PAGAMENTO: &str = "/govpay/frontend/api/pagamento/rs/basic/v2";
const PORTALE: (&str, &str) = ("portale", "Portale-Password1");

async fn scarica(mondo: &Mondo, who: (&str, &str), path: &str) -> Response {
    let request = mondo.http.get(format!("{}{path}", mondo.url));
    request.basic_auth(who.0, Some(who.1)).send().await.unwrap()
}

async fn post(mondo: &Mondo, who: (&str, &str), path: &str, body: &Value) -> (u16, Value) {
    let request = mondo.http.post(format!("{}{path}", mondo.url));
    let request = request.basic_auth(who.0, Some(who.1)).json(body);
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

/// With its key inside, as the Backoffice and the portals write it.
fn intera(id: &str, campi: Value) -> Value {
    con(
        con(tari(), json!({"idA2A": "GESTIONALE", "idPendenza": id})),
        campi,
    )
}

#[tokio::test]
async fn each_part_of_a_pendenza_has_its_rules() {
    let mondo = Mondo::start().await;
    let voce = |campi: Value| json!({"voci": [con(tari()["voci"][0].clone(), campi)]});
    let quota = |importo: f64| json!({"capitolo": "12", "annoEsercizio": 2026, "importo": importo});
    let bollo = json!({"codEntrata": null, "tipoBollo": "01", "hashDocumento": "KioqKio="});
    let molte: Vec<Value> = (0..16)
        .map(|i| json!({"key": format!("k{i}"), "value": "v"}))
        .collect();
    let cases = [
        // (fields, status, code, place and value)
        (
            json!({"importoo": 1}),
            400,
            "SINTASSI",
            "importoo: proprietà sconosciuta",
        ),
        (
            json!({"causale": 7}),
            400,
            "SINTASSI",
            "causale: il valore 7 deve essere",
        ),
        (json!({"importo": "10.00"}), 400, "SINTASSI", "importo: "),
        (
            json!({"numeroAvviso": 301_000_000_000_004_285_u64}),
            400,
            "SINTASSI",
            "numeroAvviso: ",
        ),
        (
            json!({"importo": 10.001}),
            400,
            "SINTASSI",
            "importo: l'importo non è un numero con al più due decimali",
        ),
        (
            json!({"direzione": "a b"}),
            400,
            "400000",
            "direzione: il valore 'a b'",
        ),
        (
            json!({"annoRiferimento": 26}),
            400,
            "400000",
            "annoRiferimento: il valore 26",
        ),
        (
            json!({"tassonomiaAvviso": "Altro"}),
            400,
            "400000",
            "tassonomiaAvviso: il valore 'Altro'",
        ),
        (
            json!({"soggettoPagatore": {"tipo": "F", "identificativo": "VRDGPP80A01H501U", "nazione": "it"}}),
            400,
            "400000",
            "soggettoPagatore.nazione: il valore 'it'",
        ),
        (
            json!({"idUnitaOperativa": "MAI"}),
            422,
            "UOP_000",
            "idUnitaOperativa: il valore MAI",
        ),
        (
            json!({"documento": {"identificativo": "D/1", "descrizione": "x"}}),
            400,
            "400000",
            "documento.identificativo",
        ),
        (
            json!({"documento": {"identificativo": "D", "descrizione": "x", "rata": 0}}),
            400,
            "400000",
            "documento.rata: il valore 0",
        ),
        (
            json!({"documento": {"identificativo": "D", "descrizione": "x", "rata": 1, "soglia": {"tipo": "ENTRO", "giorni": 5}}}),
            400,
            "400000",
            "documento: ha sia rata sia soglia",
        ),
        (
            json!({"documento": {"identificativo": "D", "descrizione": "x", "soglia": {"tipo": "ENTRO"}}}),
            400,
            "400000",
            "documento.soglia.giorni: manca",
        ),
        (
            json!({"documento": {"identificativo": "D", "descrizione": "x", "soglia": {"tipo": "MAI", "giorni": 5}}}),
            400,
            "400000",
            "documento.soglia.tipo: il valore 'MAI'",
        ),
        (
            json!({"proprieta": {"linguaSecondaria": "es"}}),
            400,
            "400000",
            "proprieta.linguaSecondaria: il valore 'es'",
        ),
        (
            json!({"allegati": [{"nome": "a.pdf", "contenuto": "non base64!"}]}),
            400,
            "400000",
            "allegati[0].contenuto: non è in base64",
        ),
        (
            voce(json!({"contabilita": {"quote": [quota(4.0), quota(5.0)]}})),
            422,
            "VER_035",
            "le quote sommano 9.00, la voce vale 10.00",
        ),
        (
            voce(json!({"metadata": {"mapEntries": molte}})),
            400,
            "400000",
            "voci[0].metadata.mapEntries: sono 16",
        ),
        (
            voce(json!({"ibanAppoggio": "IT41Q1234501600000000123456"})),
            400,
            "400000",
            "voci[0].ibanAppoggio: si usa solo con ibanAccredito",
        ),
        (
            voce(json!({"codEntrata": "A B"})),
            400,
            "400000",
            "voci[0].codEntrata: il valore 'A B'",
        ),
        (
            voce(con(bollo, json!({"provinciaResidenza": "pisa"}))),
            400,
            "400000",
            "voci[0].provinciaResidenza: il valore 'pisa'",
        ),
    ];
    for (campi, status, codice, testo) in cases {
        let answer = carica(&mondo, "R-1", &con(tari(), campi.clone())).await;
        let found = (answer.0, answer.1["codice"].as_str().unwrap());
        assert_eq!(found, (status, codice), "{campi}: {}", answer.1);
        let text = answer.1["dettaglio"].as_str().unwrap();
        assert!(text.contains(testo), "{campi}: {text}");
    }
    assert_eq!(mondo.conta("pendenze WHERE id_pendenza = 'R-1'"), 0);
    let giusta = voce(json!({
        "contabilita": {"quote": [quota(4.0), quota(6.0)]},
        "metadata": {"mapEntries": [{"key": "k", "value": "v"}]},
    }));
    let (status, answer) = carica(&mondo, "R-1", &con(tari(), giusta)).await;
    assert_eq!(status, 201, "{answer}");
    let (_, read) = get(&mondo, ADMIN, "/pendenze/GESTIONALE/R-1").await;
    assert_eq!(read["voci"][0]["contabilita"]["quote"][1]["importo"], 6.0);
    assert_eq!(read["voci"][0]["metadata"]["mapEntries"][0]["value"], "v");
    mondo.stop().await;
}

#[tokio::test]
async fn offices_are_known_and_enabled() {
    let mondo = Mondo::start().await;
    let path = format!("/domini/{A}/unitaOperative/SPORTELLO");
    let unita = json!({"ragioneSociale": "Sportello"});
    assert_eq!(put(&mondo, ADMIN, &path, &unita).await.0, 201);
    let pendenza = con(tari(), json!({"idUnitaOperativa": "SPORTELLO"}));
    assert_eq!(carica(&mondo, "U-1", &pendenza).await.0, 201);
    let chiusa = json!({"ragioneSociale": "Sportello", "abilitato": false});
    assert_eq!(put(&mondo, ADMIN, &path, &chiusa).await.0, 200);
    let (status, answer) = carica(&mondo, "U-2", &pendenza).await;
    assert_eq!(
        (status, &answer["codice"]),
        (422, &json!("UOP_001")),
        "{answer}"
    );
    mondo.stop().await;
}

async fn allegati(mondo: Mondo) {
    let bytes = b"\x00\x01 testo \xff".to_vec();
    let contenuto = base64::engine::general_purpose::STANDARD.encode(&bytes);
    let file = |nome: &str| json!({"nome": nome, "tipo": "application/pdf", "descrizione": "Atto", "contenuto": contenuto});
    let due = con(
        tari(),
        json!({"allegati": [file("atto è \"1\".pdf"), file("b.pdf")]}),
    );
    assert_eq!(carica(&mondo, "F-1", &due).await.0, 201);
    let (_, read) = get(&mondo, ADMIN, "/pendenze/GESTIONALE/F-1").await;
    assert_eq!(read["allegati"].as_array().unwrap().len(), 2, "{read}");
    let path = read["allegati"][0]["contenuto"].as_str().unwrap();
    for (who, base) in [
        (GESTIONALE, PENDENZE),
        (PORTALE, PAGAMENTO),
        (UFFICIO, BACKOFFICE),
    ] {
        let response = scarica(&mondo, who, &format!("{base}{path}")).await;
        assert_eq!(response.status(), 200, "{base}");
        let headers = response.headers();
        assert_eq!(headers["content-type"], "application/pdf");
        assert_eq!(headers["x-content-type-options"], "nosniff");
        let name = headers["content-disposition"].to_str().unwrap();
        assert!(name.starts_with("attachment;"), "{name}");
        assert_eq!(response.bytes().await.unwrap(), bytes);
    }
    // Files of other bodies are as if they were not there, as are those that never were.
    let ente = json!({"ragioneSociale": "Altra", "password": "Altra-Password1", "domini": [B], "ruoli": ["Ufficio"], "tipiPendenza": ["*"]});
    assert_eq!(put(&mondo, ADMIN, "/operatori/altra", &ente).await.0, 201);
    for (who, path) in [
        (("altra", "Altra-Password1"), path),
        (ADMIN, "/allegati/99999"),
        (ADMIN, "/allegati/x"),
    ] {
        let response = scarica(&mondo, who, &format!("{BACKOFFICE}{path}")).await;
        assert_eq!(response.status(), 404, "{path}");
    }
    // An update writes the files that it brings in the place of those that were there.
    let una = con(tari(), json!({"allegati": [file("c.pdf")]}));
    assert_eq!(carica(&mondo, "F-1", &una).await.0, 200);
    assert_eq!(mondo.conta("allegati"), 1);
    let (_, read) = get(&mondo, ADMIN, "/pendenze/GESTIONALE/F-1").await;
    assert_eq!(read["allegati"][0]["nome"], "c.pdf");
    let (_, list) = get(&mondo, ADMIN, "/pendenze?idPendenza=F-1").await;
    assert_eq!(list["risultati"][0].get("allegati"), None, "{list}");
    // In a block as alone.
    let blocco = json!({"operazioni": [{"inserimento": {"idPendenza": "F-2", "pendenza": due}}]});
    let (status, esiti) = post(&mondo, GESTIONALE, "/api/v1/pendenze/blocchi", &blocco).await;
    assert_eq!(
        (status, &esiti["esiti"][0]["esito"]),
        (200, &json!("CREATA")),
        "{esiti}"
    );
    assert_eq!(mondo.conta("allegati"), 3);
    mondo.stop().await;
}

#[tokio::test]
async fn files_go_with_their_pendenza() {
    allegati(Mondo::start().await).await;
}

#[tokio::test]
async fn files_go_with_their_pendenza_pg() {
    allegati(Mondo::start_pg().await).await;
}

#[tokio::test]
async fn the_avvisi_of_a_documento_are_one_pdf() {
    let mondo = Mondo::start().await;
    let mut numeri = vec![];
    for (id, parte) in [
        ("D-2", json!({"rata": 2})),
        ("D-1", json!({"rata": 1})),
        ("D-S", json!({"soglia": {"tipo": "OLTRE", "giorni": 30}})),
    ] {
        let documento = con(
            json!({"identificativo": "DOC-1", "descrizione": "A rate"}),
            parte,
        );
        let (status, answer) =
            carica(&mondo, id, &con(tari(), json!({"documento": documento}))).await;
        assert_eq!(status, 201, "{answer}");
        numeri.push(answer["numeroAvviso"].as_str().unwrap().to_owned());
    }
    let path = format!("/documenti/{A}/DOC-1/avvisi");
    let all = scarica(&mondo, GESTIONALE, &format!("{PENDENZE}{path}")).await;
    assert_eq!(all.status(), 200);
    assert_eq!(all.headers()["content-type"], "application/pdf");
    let all = all.bytes().await.unwrap();
    let pages = |pdf: &[u8]| {
        let text = String::from_utf8_lossy(pdf).into_owned();
        text.matches("/Type /Page\n").count() + text.matches("/Type/Page/").count()
    };
    let some = format!(
        "{BACKOFFICE}/documenti/GESTIONALE/{A}/DOC-1/avvisi?listaNumeriAvviso={},{}",
        numeri[0], numeri[1]
    );
    let some = scarica(&mondo, UFFICIO, &some).await;
    assert_eq!(some.status(), 200);
    let some = some.bytes().await.unwrap();
    assert!(
        some.len() < all.len() && some.starts_with(b"%PDF"),
        "{} {}",
        some.len(),
        pages(&all)
    );
    let altro = format!("{PENDENZE}{path}?listaNumeriAvviso=301000000000004285");
    let altro = scarica(&mondo, GESTIONALE, &altro).await;
    assert_eq!(altro.status(), 400);
    for path in [
        format!("{PENDENZE}/documenti/{A}/MAI/avvisi"),
        format!("{PENDENZE}/documenti/{B}/DOC-1/avvisi"),
    ] {
        assert_eq!(
            scarica(&mondo, GESTIONALE, &path).await.status(),
            404,
            "{path}"
        );
    }
    mondo.stop().await;
}

#[tokio::test]
async fn a_person_loads_a_pendenza_for_an_applicazione() {
    let mondo = Mondo::start().await;
    let (status, answer) = post(
        &mondo,
        UFFICIO,
        &format!("{BACKOFFICE}/pendenze?stampaAvviso=true"),
        &intera("O-1", json!({})),
    )
    .await;
    assert_eq!(status, 201, "{answer}");
    let pdf = base64::engine::general_purpose::STANDARD
        .decode(answer["pdf"].as_str().unwrap())
        .unwrap();
    assert!(pdf.starts_with(b"%PDF"));
    let body = con(tari(), json!({"causale": "Corretta"}));
    let (status, _) = put(&mondo, UFFICIO, "/pendenze/GESTIONALE/O-1", &body).await;
    assert_eq!(status, 200);
    let (_, read) = get(&mondo, UFFICIO, "/pendenze/GESTIONALE/O-1").await;
    assert_eq!(
        (&read["causale"], &read["tipo"]),
        (&json!("Corretta"), &json!("dovuto"))
    );
    for (campi, status, codice) in [
        (json!({"idA2A": "MAI"}), 400, "APP_000"),
        (json!({"idPendenza": null}), 400, "400000"),
        (json!({"idPendenza": "a/b"}), 400, "400000"),
        (json!({"idDominio": B}), 403, "403000"),
        (json!({"importoo": 3}), 400, "SINTASSI"),
    ] {
        let (found, answer) = post(
            &mondo,
            UFFICIO,
            &format!("{BACKOFFICE}/pendenze"),
            &intera("O-2", campi.clone()),
        )
        .await;
        assert_eq!(
            (found, &answer["codice"]),
            (status, &json!(codice)),
            "{campi}: {answer}"
        );
    }
    // Whoever only reads loads nothing; who works with other kinds of debt neither.
    let lettore = json!({"ragioneSociale": "L", "password": "Lettore-Password1", "domini": ["*"], "tipiPendenza": ["*"],
        "acl": [{"servizio": "Pendenze", "autorizzazioni": ["R"]}]});
    assert_eq!(
        put(&mondo, ADMIN, "/operatori/lettore", &lettore).await.0,
        201
    );
    let who = ("lettore", "Lettore-Password1");
    assert_eq!(
        post(
            &mondo,
            who,
            &format!("{BACKOFFICE}/pendenze"),
            &intera("O-3", json!({}))
        )
        .await
        .0,
        403
    );
    let mensa = json!({"ragioneSociale": "M", "password": "Mensa-Password1", "domini": ["*"], "tipiPendenza": ["MENSA"],
        "acl": [{"servizio": "Pendenze", "autorizzazioni": ["R", "W"]}]});
    assert_eq!(put(&mondo, ADMIN, "/operatori/mensa", &mensa).await.0, 201);
    let who = ("mensa", "Mensa-Password1");
    let (status, answer) = post(
        &mondo,
        who,
        &format!("{BACKOFFICE}/pendenze"),
        &intera("O-3", json!({})),
    )
    .await;
    assert_eq!(
        (status, &answer["codice"]),
        (422, &json!("VER_022")),
        "{answer}"
    );
    // Nor do they see what is of other kinds.
    assert_eq!(get(&mondo, who, "/pendenze/GESTIONALE/O-1").await.0, 404);
    let (_, list) = get(&mondo, who, "/pendenze").await;
    assert_eq!(list["numRisultati"], 0, "{list}");
    mondo.stop().await;
}

/// The kind of debt of a form for portals, with rules for its data.
async fn modulo(mondo: &Mondo) {
    let schema = json!({
        "type": "object", "required": ["importo", "causale"],
        "properties": {"importo": {"type": "number", "maximum": 50}, "causale": {"type": "string", "minLength": 3}},
    });
    let tipo = json!({
        "descrizione": "Tassa rifiuti",
        "portalePagamento": {"abilitato": true, "validazione": schema},
        "portaleBackoffice": {"abilitato": true},
    });
    let (status, answer) = put(mondo, ADMIN, "/tipiPendenza/TARI", &tipo).await;
    assert_eq!(status, 200, "{answer}");
}

async fn spontanee(mondo: Mondo) {
    let path = format!("{PAGAMENTO}/pendenze/{A}/TARI");
    let mut dati = intera("S-1", json!({}));
    dati.as_object_mut().unwrap().remove("idDominio");
    let (status, answer) = post(&mondo, PORTALE, &path, &dati).await;
    assert_eq!(
        (status, &answer["codice"]),
        (422, &json!("CIT_002")),
        "{answer}"
    );
    modulo(&mondo).await;
    let wrong = con(dati.clone(), json!({"importo": 90.0, "causale": "x"}));
    let (status, answer) = post(&mondo, PORTALE, &path, &wrong).await;
    assert_eq!(
        (status, &answer["codice"]),
        (422, &json!("VAL_000")),
        "{answer}"
    );
    let text = answer["dettaglio"].as_str().unwrap();
    assert!(
        text.contains("importo: il valore 90.0 deve essere al più 50")
            && text.contains("causale: ha 1 caratteri"),
        "{text}"
    );

    let (status, answer) = post(&mondo, PORTALE, &path, &dati).await;
    assert_eq!(status, 201, "{answer}");
    assert!(
        answer["numeroAvviso"].is_string() && answer["UUID"].is_string(),
        "{answer}"
    );
    let (_, read) = get(&mondo, ADMIN, "/pendenze/GESTIONALE/S-1").await;
    assert_eq!(read["tipo"], "spontaneo");
    // Asked for and not paid.
    let ids = |list: &Value| -> Vec<String> {
        let rows = list["risultati"].as_array().unwrap();
        rows.iter()
            .map(|row| row["idPendenza"].as_str().unwrap().to_owned())
            .collect()
    };
    let (_, list) = get(
        &mondo,
        ADMIN,
        "/pendenze?idA2A=GESTIONALE&mostraSpontaneiNonPagati=true",
    )
    .await;
    assert_eq!(ids(&list), ["S-1"]);

    // Who pays may ask again, and never changes what is due.
    assert_eq!(post(&mondo, PORTALE, &path, &dati).await.0, 200);
    assert_eq!(carica(&mondo, "DOVUTA", &tari()).await.0, 201);
    let (status, answer) = post(
        &mondo,
        PORTALE,
        &path,
        &con(dati.clone(), json!({"idPendenza": "DOVUTA"})),
    )
    .await;
    assert_eq!(
        (status, &answer["codice"]),
        (422, &json!("VER_015")),
        "{answer}"
    );
    let altri = json!([con(tari()["voci"][0].clone(), json!({"idDominio": B}))]);
    let (status, answer) = post(
        &mondo,
        PORTALE,
        &path,
        &con(dati.clone(), json!({"voci": altri})),
    )
    .await;
    assert_eq!(
        (status, &answer["codice"]),
        (422, &json!("VER_038")),
        "{answer}"
    );
    let (status, answer) = post(&mondo, PORTALE, &format!("{path}?idPendenza=S-9"), &dati).await;
    assert_eq!(
        (status, &answer["codice"]),
        (400, &json!("400000")),
        "{answer}"
    );
    let (status, answer) = post(
        &mondo,
        PORTALE,
        &format!("{PAGAMENTO}/pendenze/{A}/MAI"),
        &dati,
    )
    .await;
    assert_eq!(
        (status, &answer["codice"]),
        (422, &json!("TVD_000")),
        "{answer}"
    );

    // The form of the console.
    let path = format!("{BACKOFFICE}/pendenze/{A}/TARI");
    let (status, answer) = post(
        &mondo,
        UFFICIO,
        &path,
        &con(dati.clone(), json!({"idPendenza": "S-2"})),
    )
    .await;
    assert_eq!(status, 201, "{answer}");
    let (_, read) = get(&mondo, ADMIN, "/pendenze/GESTIONALE/S-2").await;
    assert_eq!(read["tipo"], "dovuto");
    mondo.stop().await;
}

#[tokio::test]
async fn who_pays_asks_for_a_pendenza_with_the_data_of_a_form() {
    spontanee(Mondo::start().await).await;
}

#[tokio::test]
async fn who_pays_asks_for_a_pendenza_with_the_data_of_a_form_pg() {
    spontanee(Mondo::start_pg().await).await;
}

#[tokio::test]
async fn a_form_that_cannot_work_is_refused_when_it_is_written_and_templates_are_not_run() {
    let mondo = Mondo::start().await;
    let tipo = |modulo: Value| json!({"descrizione": "Tassa", "portalePagamento": modulo});
    for schema in [
        json!({"type": "numero"}),
        json!({"$ref": "http://127.0.0.1:9/schema.json"}),
    ] {
        let body = tipo(json!({"abilitato": true, "validazione": schema}));
        let (status, answer) = put(&mondo, ADMIN, "/tipiPendenza/TARI", &body).await;
        assert_eq!(status, 400, "{answer}");
        let text = answer["dettaglio"].as_str().unwrap();
        assert!(text.contains("portalePagamento.validazione"), "{text}");
    }
    let body = tipo(
        json!({"abilitato": true, "trasformazione": {"tipo": "freemarker", "definizione": "e30="}}),
    );
    assert_eq!(put(&mondo, ADMIN, "/tipiPendenza/TARI", &body).await.0, 200);
    let path = format!("{PAGAMENTO}/pendenze/{A}/TARI");
    let (status, answer) = post(&mondo, PORTALE, &path, &intera("T-1", json!({}))).await;
    assert_eq!(
        (status, &answer["codice"]),
        (422, &json!("TRASFORMAZIONE")),
        "{answer}"
    );
    mondo.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_portal_pays_a_pendenza_that_nobody_loaded() {
    let mondo = Mondo::start().await;
    modulo(&mondo).await;
    let scelta = format!(
        "identificativoPSP={PSP}&identificativoIntermediarioPSP={INTERMEDIARIO_PSP}&identificativoCanale={CANALE}&tipoVersamento=CP"
    );
    let path = format!("{PAGAMENTO}/pagamenti?{scelta}");
    let pagamento =
        |pendenza: Value| json!({"urlRitorno": "http://portale.example/", "pendenze": [pendenza]});
    let intero = pagamento(intera("N-1", json!({})));
    let (status, created) = post(&mondo, PORTALE, &path, &intero).await;
    assert_eq!(status, 201, "{created}");
    let modulo =
        json!({"idDominio": A, "idTipoPendenza": "TARI", "dati": intera("N-2", json!({}))});
    let (status, created) = post(&mondo, PORTALE, &path, &pagamento(modulo.clone())).await;
    assert_eq!(status, 201, "{created}");
    assert_eq!(mondo.nodo.rpt().len(), 2);
    assert_eq!(mondo.conta("pendenze WHERE tipo = 'spontaneo'"), 2);
    let storta = pagamento(con(modulo, json!({"dati": {"importo": 99}})));
    let (status, answer) = post(&mondo, PORTALE, &path, &storta).await;
    assert_eq!(
        (status, &answer["codice"]),
        (422, &json!("VAL_000")),
        "{answer}"
    );
    assert!(
        answer["dettaglio"]
            .as_str()
            .unwrap()
            .starts_with("pendenze[0]."),
        "{answer}"
    );
    // The pendenze of that session, and no others.
    let id = created["id"].as_str().unwrap();
    let (_, list) = get(
        &mondo,
        ADMIN,
        &format!("/pendenze?mostraSpontaneiNonPagati=true&idPagamento={id}"),
    )
    .await;
    assert_eq!(
        (&list["numRisultati"], &list["risultati"][0]["idPendenza"]),
        (&json!(1), &json!("N-2")),
        "{list}"
    );
    mondo.stop().await;
}

#[tokio::test]
async fn a_person_looks_into_a_pendenza_and_leaves_a_note() {
    let mondo = Mondo::start().await;
    let avviso = mondo.pendenza(A, 7, &[1000]);
    mondo.esegui(&format!(
        "UPDATE pendenze SET anomala = TRUE WHERE id_pendenza = '{}'",
        avviso.id_pendenza
    ));
    let path = format!("/pendenze/GESTIONALE/{}", avviso.id_pendenza);
    let ops = json!([
        {"op": "REPLACE", "path": "/ack", "value": true},
        {"op": "ADD", "path": "/nota", "value": {"oggetto": "Doppio", "testo": "rimborso disposto"}},
    ]);
    let (status, answer) = chiama(&mondo, Method::PATCH, UFFICIO, &path, Some(&ops)).await;
    assert_eq!(
        (status, &answer["verificato"]),
        (200, &json!(true)),
        "{answer}"
    );
    let (_, eventi) = get(
        &mondo,
        UFFICIO,
        &format!("/eventi?idA2A=GESTIONALE&idPendenza={}", avviso.id_pendenza),
    )
    .await;
    let nota = &eventi["risultati"][0];
    assert_eq!(
        (&nota["sottotipoEvento"], &nota["dettaglioEsito"]),
        (&json!("nota"), &json!("Doppio: rimborso disposto")),
        "{nota}"
    );
    mondo.stop().await;
}

#[tokio::test]
async fn a_receipt_that_the_node_could_not_deliver_is_taken_in_by_hand() {
    let mondo = Mondo::start().await;
    let avviso = mondo.pendenza(A, 1, &[1250]);
    let answer = mondo.chiama_v1(&avviso, "c1", &attiva(1250)).await;
    assert!(answer.fault.is_none(), "{:?}", answer.fault);
    let rpt = mondo.attendi_rpt(1).await.remove(0);
    let xml = String::from_utf8(rt(&rpt, E::Eseguito, &[]).build().unwrap()).unwrap();
    let invia = |content_type: &'static str, body: String| {
        let url = format!("{}{BACKOFFICE}/ricevute", mondo.url);
        let request = mondo
            .http
            .post(url)
            .header("content-type", content_type)
            .body(body);
        async move {
            let response = request
                .basic_auth(ADMIN.0, Some(ADMIN.1))
                .send()
                .await
                .unwrap();
            let status = response.status().as_u16();
            (status, response.json::<Value>().await.unwrap())
        }
    };
    assert_eq!(invia("application/json", xml.clone()).await.0, 415);
    assert_eq!(invia("text/xml", "<RT/>".to_owned()).await.0, 400);
    assert_eq!(
        invia(
            "text/xml",
            "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><RT>&b;</RT>".to_owned()
        )
        .await
        .0,
        400
    );
    let sconosciuta = xml.replace(&avviso.iuv, "01990000000009999");
    let (status, answer) = invia("text/xml", sconosciuta).await;
    assert_eq!(
        (status, &answer["codice"]),
        (422, &json!("PAG_008")),
        "{answer}"
    );
    let form = format!(
        "--riga\r\nContent-Disposition: form-data; name=\"fileName\"; filename=\"rt.xml\"\r\nContent-Type: text/xml\r\n\r\n{xml}\r\n--riga--\r\n"
    );
    let (status, answer) = invia("multipart/form-data; boundary=riga", form).await;
    assert_eq!(
        (status, &answer["stato"]),
        (201, &json!("RT_ACCETTATA_PA")),
        "{answer}"
    );
    assert_eq!(mondo.stato(&avviso), "ESEGUITO");
    let (status, answer) = invia("text/xml", xml).await;
    assert_eq!(status, 422, "{answer}");
    assert!(
        answer["descrizione"]
            .as_str()
            .unwrap()
            .contains("già acquisita"),
        "{answer}"
    );
    assert_eq!(mondo.conta("riscossioni"), 1);
    mondo.stop().await;
}

#[tokio::test]
async fn an_applicazione_makes_a_pendenza_of_the_data_of_a_form() {
    let mondo = Mondo::start().await;
    let ente = Ente::start();
    ente.collega(&mondo, "REST v2", json!({})).await;
    let tipo = json!({"descrizione": "Tassa", "portalePagamento": {"abilitato": true, "inoltro": "GESTIONALE"}});
    assert_eq!(put(&mondo, ADMIN, "/tipiPendenza/TARI", &tipo).await.0, 200);
    let path = format!("{PAGAMENTO}/pendenze/{A}/TARI");
    let dati = json!({"targa": "AB123CD", "anno": 2026});
    // Nobody knows what to make of them.
    let (status, answer) = post(&mondo, PORTALE, &path, &dati).await;
    assert_eq!(
        (status, &answer["codice"]),
        (422, &json!("VER_011")),
        "{answer}"
    );
    let voce = json!({"idVocePendenza": "1", "importo": 12.5, "descrizione": "Bollo auto", "codEntrata": "TARI"});
    let fatta = |dominio: &str| {
        json!({"stato": "NON_ESEGUITA", "pendenza": {
            "idA2A": "GESTIONALE", "idPendenza": "AUTO-1", "idDominio": dominio, "idTipoPendenza": "TARI",
            "causale": "Bollo AB123CD", "importo": 12.5, "voci": [voce],
        }})
    };
    ente.conosce(&format!("/pendenze/{A}/TARI"), fatta(B));
    let (status, answer) = post(&mondo, PORTALE, &path, &dati).await;
    assert_eq!(
        (status, &answer["codice"]),
        (502, &json!("VER_014")),
        "{answer}"
    );
    ente.conosce(&format!("/pendenze/{A}/TARI"), fatta(A));
    let (status, answer) = post(&mondo, PORTALE, &path, &dati).await;
    assert_eq!(
        (status, &answer["idPendenza"]),
        (201, &json!("AUTO-1")),
        "{answer}"
    );
    let asked = ente.chiamate().pop().unwrap();
    assert_eq!((asked.metodo.as_str(), &asked.corpo), ("POST", &dati));
    let (_, read) = get(&mondo, ADMIN, "/pendenze/GESTIONALE/AUTO-1").await;
    assert_eq!(
        (&read["tipo"], &read["importo"]),
        (&json!("spontaneo"), &json!(12.5))
    );
    mondo.stop().await;
}

#[tokio::test]
async fn kinds_of_debt_are_found_by_their_forms_and_by_who_has_them() {
    let mondo = Mondo::start().await;
    let modulo = json!({"descrizione": "Con modulo", "portaleBackoffice": {"abilitato": true, "form": {"tipo": "angular2-json-schema-form", "definizione": "e30="}}});
    assert_eq!(
        put(&mondo, ADMIN, "/tipiPendenza/MODULO", &modulo).await.0,
        201
    );
    let uno = json!({"ragioneSociale": "Uno", "password": "Uno-Password1", "domini": ["*"], "tipiPendenza": ["TARI"],
        "acl": [{"servizio": "Anagrafica Creditore", "autorizzazioni": ["R"]}]});
    assert_eq!(put(&mondo, ADMIN, "/operatori/uno", &uno).await.0, 201);
    for (who, query, ids) in [
        (ADMIN, "form=true".to_owned(), vec!["MODULO"]),
        (ADMIN, "form=true&trasformazione=true".to_owned(), vec![]),
        (
            ADMIN,
            format!("nonAssociati={A}"),
            vec!["MODULO", "SANZIONE"],
        ),
        (
            ("uno", "Uno-Password1"),
            "associati=true".to_owned(),
            vec!["TARI"],
        ),
    ] {
        let (status, list) = get(&mondo, who, &format!("/tipiPendenza?{query}")).await;
        assert_eq!(status, 200, "{list}");
        let rows = list["risultati"].as_array().unwrap();
        let found: Vec<&str> = rows
            .iter()
            .map(|row| row["idTipoPendenza"].as_str().unwrap())
            .collect();
        assert_eq!(found, ids, "{query}");
    }
    mondo.stop().await;
}

#[tokio::test]
async fn a_citizen_asks_for_a_pendenza_of_its_own_and_for_others_where_the_kind_lets_it() {
    let mondo = Mondo::start().await;
    modulo(&mondo).await;
    let chiede = async |id: &str, debitore: &str| {
        let url = format!(
            "{}/govpay/frontend/api/pagamento/rs/spid/v2/pendenze/{A}/TARI",
            mondo.url
        );
        let soggetto = json!({"tipo": "F", "identificativo": debitore});
        let body = intera(id, json!({"soggettoPagatore": soggetto}));
        let request = mondo.http.post(url).json(&body);
        let request = request.header("X-SPID-FISCALNUMBER", "TINIT-VRDGPP80A01H501U");
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let answer: Value = response.json().await.unwrap();
        (
            status,
            answer["codice"].as_str().unwrap_or_default().to_owned(),
        )
    };
    assert_eq!(chiede("C-1", "VRDGPP80A01H501U").await.0, 201);
    let altri = chiede("C-2", "BNCLRA85M41F205C").await;
    assert_eq!(altri, (422, "CIT_003".to_owned()));
    let tipo =
        json!({"descrizione": "Tassa", "pagaTerzi": true, "portalePagamento": {"abilitato": true}});
    assert_eq!(put(&mondo, ADMIN, "/tipiPendenza/TARI", &tipo).await.0, 200);
    assert_eq!(chiede("C-2", "BNCLRA85M41F205C").await.0, 201);
    mondo.stop().await;
}
