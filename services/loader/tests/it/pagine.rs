//! The pages, as a person without script uses them.

use test_support::{Browser, Page, wait_until};

use crate::fixture::{ADMIN, Mondo, Opzioni, VALTORBIDA, file, molte, riga};

pub async fn entra(mondo: &Mondo, (utente, password): (&str, &str)) -> Browser {
    let browser = Browser::new();
    let login = browser.open(&format!("{}/login", mondo.url)).await;
    let login = login.fill("Nome utente", utente).fill("Password", password);
    let home = browser.press(&login, "Accedi").await;
    assert_eq!(home.status, 200);
    home.expect("Cruscotto");
    browser
}

pub async fn apri(mondo: &Mondo, browser: &Browser, path: &str) -> Page {
    browser.open(&format!("{}{path}", mondo.url)).await
}

async fn salva(mondo: &Mondo, browser: &Browser, nome: &str, bytes: &[u8]) -> Page {
    let form = apri(mondo, browser, "/tracciati/nuovo").await;
    browser
        .press(&form.attach("File CSV", nome, bytes), "Salva")
        .await
}

/// Opens the detail until it shows these words.
pub async fn attendi(mondo: &Mondo, browser: &Browser, nome: &str, parole: &str) -> Page {
    wait_until(&format!("{nome} shows {parole}"), || async {
        let lista = apri(mondo, browser, "/tracciati").await;
        let dettaglio = browser.click(&lista, nome).await;
        if dettaglio.shows(parole) {
            Ok(dettaglio)
        } else {
            Err(dettaglio.visible_text())
        }
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn b114_whoever_is_not_logged_in_goes_to_the_login_and_comes_back() {
    let mondo = Mondo::start().await;
    let browser = Browser::new();
    let login = apri(&mondo, &browser, "/tracciati?stato=NUOVO").await;
    assert_eq!(login.url.path(), "/login");
    let wrong = login
        .clone()
        .fill("Nome utente", ADMIN.0)
        .fill("Password", "x");
    let wrong = browser.press(&wrong, "Accedi").await;
    assert_eq!(wrong.status, 401);
    wrong.expect("Nome utente o password non corretti");
    let right = wrong.fill("Nome utente", ADMIN.0).fill("Password", ADMIN.1);
    let elenco = browser.press(&right, "Accedi").await;
    assert_eq!(
        (elenco.url.path(), elenco.url.query()),
        ("/tracciati", Some("stato=NUOVO"))
    );
    let fuori = browser.press(&elenco, "Esci").await;
    assert_eq!(fuori.url.path(), "/login");
    assert_eq!(
        apri(&mondo, &browser, "/tracciati").await.url.path(),
        "/login"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_saved_followed_and_downloaded_through_the_pages() {
    let mondo = Mondo::start().await;
    let browser = entra(&mondo, ADMIN).await;
    apri(&mondo, &browser, "/tracciati")
        .await
        .expect("Qui vedrai i tracciati caricati");
    let csv = molte("W", 3);
    let elenco = salva(&mondo, &browser, "tari.csv", &csv).await;
    assert_eq!(elenco.url.path(), "/tracciati");
    elenco
        .expect("Il file tari.csv è stato caricato")
        .expect("«Nuovo»")
        .expect("tari.csv");
    let dettaglio = attendi(&mondo, &browser, "tari.csv", "Caricamento OK").await;
    dettaglio
        .expect("30,00")
        .expect("Caricamento delle pendenze");
    let originale = browser.click(&dettaglio, "Tracciato Originale").await;
    assert_eq!(originale.body, csv);
    let elaborato = browser.click(&dettaglio, "Tracciato Elaborato").await;
    assert_eq!(elaborato.content_type, "text/csv");
    assert_eq!(
        String::from_utf8(elaborato.body).unwrap().lines().count(),
        4
    );
    let righe = browser.click(&dettaglio, "Righe del file").await;
    righe
        .expect("GESTIONALE / W-2")
        .expect("ADD_OK")
        .expect("Inserimento");
    let home = apri(&mondo, &browser, "/").await;
    home.expect("tari.csv")
        .expect("Caricati oggi")
        .expect("Prossima validazione");
    let inglese = apri(&mondo, &browser, "/tracciati?lang=en").await;
    inglese.expect("Add a tracciato").expect("Loaded");
}

#[tokio::test(flavor = "multi_thread")]
async fn b012_a_wrong_file_shows_its_faults_and_a_way_on() {
    let mondo = Mondo::start().await;
    let browser = entra(&mondo, ADMIN).await;
    let csv = file(&[riga("K-1").replacen("10,00", "1.250", 1)]);
    salva(&mondo, &browser, "sbagliato.csv", &csv).await;
    let dettaglio = attendi(&mondo, &browser, "sbagliato.csv", "Validazione KO").await;
    dettaglio
        .expect("Righe con errori: 1 su 1")
        .expect("importo")
        .expect("1.250")
        .expect("Scrivi 1250 se sono migliaia")
        .expect("Carica il file corretto");
    assert!(!dettaglio.shows("Tracciato Elaborato"));
    let errori = browser.click(&dettaglio, "Errori (CSV)").await;
    assert!(
        String::from_utf8(errori.body)
            .unwrap()
            .contains("2;ERRORE;importo;1.250;")
    );
    apri(&mondo, &browser, "/tracciati")
        .await
        .expect("Righe con errori: 1 su 1");
    let presto = apri(&mondo, &browser, dettaglio.url.path()).await;
    let url = format!("{}/elaborato", presto.url.path());
    assert_eq!(apri(&mondo, &browser, &url).await.status, 409);
}

#[tokio::test(flavor = "multi_thread")]
async fn b036_b199_the_form_says_what_is_wrong_with_the_file() {
    let mondo = Mondo::start_with(Opzioni {
        max_upload_mib: 1,
        ..Opzioni::default()
    })
    .await;
    let browser = entra(&mondo, ADMIN).await;
    let form = apri(&mondo, &browser, "/tracciati/nuovo").await;
    let senza = browser.press(&form, "Salva").await;
    assert_eq!(senza.status, 422);
    senza.expect("Scegli un file CSV da caricare");
    assert!(senza.text().contains("<title>Errore:"));
    for (nome, bytes, status, parole) in [
        ("a.csv", b"".to_vec(), 422, "Il file è vuoto"),
        ("a.csv", b"PK\x03\x04".to_vec(), 422, "foglio Excel"),
        (
            "a.csv",
            b"idA2A;idPendenza;idDominio\r\n".to_vec(),
            422,
            "solo l'intestazione",
        ),
        ("a.xlsx", molte("Z", 1), 422, "finire con .csv"),
        (
            "a.csv",
            vec![b'x'; 1024 * 1024 + 1],
            413,
            "Il file supera 1 MiB",
        ),
    ] {
        let pagina = salva(&mondo, &browser, nome, &bytes).await;
        assert_eq!(pagina.status, status, "{parole}");
        pagina.expect(parole);
    }
    apri(&mondo, &browser, "/tracciati")
        .await
        .expect("Qui vedrai i tracciati caricati");
}

#[tokio::test(flavor = "multi_thread")]
async fn b104_a_double_click_is_one_upload_and_the_same_bytes_are_asked_about() {
    let mondo = Mondo::start().await;
    let browser = entra(&mondo, ADMIN).await;
    let csv = molte("C", 1);
    let form = apri(&mondo, &browser, "/tracciati/nuovo").await;
    let form = form.attach("File CSV", "clic.csv", &csv);
    let (uno, due) = (
        browser.submission(&form, "Salva"),
        browser.submission(&form, "Salva"),
    );
    let (uno, due) = tokio::join!(browser.follow(uno), browser.follow(due));
    assert_eq!(
        (uno.url.path(), due.url.path()),
        ("/tracciati", "/tracciati")
    );
    let lista = mondo.json("/api/v1/tracciati").await;
    assert_eq!(lista["tracciati"].as_array().unwrap().len(), 1);

    let doppio = salva(&mondo, &browser, "clic-bis.csv", &csv).await;
    assert_eq!(doppio.status, 409);
    doppio
        .expect("Hai già caricato questo file")
        .expect("clic.csv");
    browser
        .click(&doppio, "Apri quello")
        .await
        .expect("clic.csv");
    let (uno, due) = (
        browser.submission(&doppio, "Carica comunque"),
        browser.submission(&doppio, "Carica comunque"),
    );
    browser.follow(uno).await.expect("clic-bis.csv");
    browser.follow(due).await;
    let lista = mondo.json("/api/v1/tracciati").await;
    let ids = lista["tracciati"].as_array().unwrap();
    assert_eq!(ids.len(), 2, "{lista}");
    for tracciato in ids {
        let id = tracciato["id"].as_i64().unwrap();
        mondo.attendi(id, "CARICAMENTO_OK").await;
        assert_eq!(
            mondo
                .bytes(&format!("/api/v1/tracciati/{id}/originale"))
                .await,
            csv
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn b032_b163_names_and_values_are_text_everywhere() {
    let mondo = Mondo::start().await;
    let browser = entra(&mondo, ADMIN).await;
    let nome = "<img src=x onerror=alert(1)> è.csv";
    let csv = file(&[riga("X-1").replace("12345678903", "<b>1</b>")]);
    salva(&mondo, &browser, nome, &csv).await;
    let lista = apri(&mondo, &browser, "/tracciati").await;
    assert!(!lista.text().contains("<img src=x"), "escaped");
    let dettaglio = attendi(&mondo, &browser, nome, "Validazione KO").await;
    assert!(!dettaglio.text().contains("<b>1</b>") && !dettaglio.text().contains("<img src=x"));
    dettaglio.expect("<b>1</b>");
}

#[tokio::test(flavor = "multi_thread")]
async fn b160_pages_of_other_bodies_do_not_exist() {
    let mondo = Mondo::start().await;
    let altra = riga("X-1")
        .replace("12345678903", "09876543217")
        .replace(";TARI;", ";SANZIONE;")
        .replace(";TARI", ";SANZIONI");
    let id = mondo.carica("altrui.csv", file(&[altra])).await;
    mondo.attendi(id, "CARICAMENTO_OK").await;
    let browser = entra(&mondo, VALTORBIDA).await;
    apri(&mondo, &browser, "/tracciati")
        .await
        .expect("Qui vedrai i tracciati caricati");
    for path in ["", "/originale", "/elaborato", "/errori", "/eventi"] {
        let pagina = apri(&mondo, &browser, &format!("/tracciati/{id}{path}")).await;
        assert_eq!(pagina.status, 404, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_is_filtered_and_paged() {
    let mondo = Mondo::start().await;
    for n in 0..27 {
        mondo
            .carica(&format!("pag-{n:02}.csv"), molte(&format!("Q{n}"), 1))
            .await;
    }
    let browser = entra(&mondo, ADMIN).await;
    let prima = apri(&mondo, &browser, "/tracciati").await;
    assert!(prima.shows("pag-26.csv") && prima.shows("pag-02.csv") && !prima.shows("pag-01.csv"));
    let seconda = browser.click(&prima, "Successivi").await;
    assert!(
        seconda.shows("pag-01.csv") && seconda.shows("pag-00.csv") && !seconda.shows("pag-02.csv")
    );
    let indietro = browser.click(&seconda, "Precedenti").await;
    assert!(indietro.shows("pag-26.csv") && indietro.shows("pag-02.csv"));
    let filtrata = browser
        .press(&prima.fill("Nome del file", "PAG-13"), "Filtra")
        .await;
    assert!(filtrata.shows("pag-13.csv") && !filtrata.shows("pag-12.csv"));
    let vuota = apri(&mondo, &browser, "/tracciati?nome=boh&dal=2026-13-01").await;
    vuota
        .expect("La ricerca non ha trovato tracciati")
        .expect("Scegli una data del calendario");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_of_another_site_is_refused() {
    let mondo = Mondo::start().await;
    let browser = entra(&mondo, ADMIN).await;
    let form = apri(&mondo, &browser, "/tracciati/nuovo").await;
    let form = form.attach("File CSV", "csrf.csv", &molte("Y", 1));
    let request = browser
        .submission(&form, "Salva")
        .header("sec-fetch-site", "cross-site");
    assert_eq!(browser.follow(request).await.status, 403);
    assert_eq!(
        mondo.json("/api/v1/tracciati").await["tracciati"],
        serde_json::json!([])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn b037_the_chosen_encoding_is_checked_and_kept_in_the_form() {
    let mondo = Mondo::start().await;
    let browser = entra(&mondo, ADMIN).await;
    let mut csv = molte("E", 2);
    csv.extend_from_slice(b"Nicol\xf2\r\n");
    let form = apri(&mondo, &browser, "/tracciati/nuovo").await;
    let form = form
        .attach("File CSV", "cod.csv", &csv)
        .fill("Codifica", "UTF-8");
    let pagina = browser.press(&form, "Salva").await;
    assert_eq!(pagina.status, 422);
    pagina.expect("Alcuni caratteri non sono UTF-8 (riga 4)");
    assert!(pagina.text().contains("<option value=\"UTF-8\" selected>"));
}

#[tokio::test(flavor = "multi_thread")]
async fn b092_a_tracciato_of_yesterday_shows_when_it_was_and_not_today() {
    let mondo = Mondo::start().await;
    let browser = entra(&mondo, ADMIN).await;
    let id = mondo.carica("ieri.csv", molte("IERI", 1)).await;
    let vista = mondo.attendi(id, "CARICAMENTO_OK").await;
    let (lista, dettaglio) = ("/tracciati", format!("/tracciati/{id}"));
    let prima = quando(&apri(&mondo, &browser, &dettaglio).await);
    assert!(prima.len() >= 4, "arrived, validated, loaded: {prima:?}");
    let in_lista = quando(&apri(&mondo, &browser, lista).await)[0].clone();

    let avanti = serde_json::json!({"seconds": 24 * 3600});
    let spostato = mondo.post("/api/v1/clock/advance").json(&avanti);
    assert_eq!(spostato.send().await.unwrap().status(), 200);

    assert_eq!(
        quando(&apri(&mondo, &browser, &dettaglio).await),
        prima,
        "each moment as it was"
    );
    let oggi = quando(&apri(&mondo, &browser, lista).await);
    assert_eq!(oggi[0], in_lista);
    // The clock has moved: the page itself is of today.
    assert!(oggi.last().unwrap()[..10] > in_lista[..10], "{oggi:?}");
    let dopo = mondo.vedi(id).await;
    for data in ["caricatoIl", "validatoIl", "conclusoIl"] {
        assert_eq!(dopo[data], vista[data], "{data}");
    }
}

/// The moments that a page tells, as programs read them.
fn quando(page: &Page) -> Vec<String> {
    let testo = page.text();
    let tempi = testo.split("<time datetime=\"").skip(1);
    tempi
        .map(|resto| resto.split('"').next().unwrap().to_owned())
        .collect()
}
