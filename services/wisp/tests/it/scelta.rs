//! From the form of a body to its return, and what the Node hears.

use test_support::{Browser, Page};

use crate::Wisp;

/// Action and fields of the form that takes the browser back to the body.
fn ritorno(page: &Page) -> (String, Vec<(String, String)>) {
    let document = scraper::Html::parse_document(&page.text());
    let select = |s: &str| scraper::Selector::parse(s).unwrap();
    let form = document
        .select(&select("main form"))
        .next()
        .expect("a form back to the body");
    let fields = form
        .select(&select("input"))
        .map(|i| {
            (
                i.attr("name").unwrap().to_owned(),
                i.attr("value").unwrap().to_owned(),
            )
        })
        .collect();
    (form.attr("action").unwrap().to_owned(), fields)
}

fn key_wisp(page: &Page) -> String {
    ritorno(page)
        .1
        .into_iter()
        .find(|(name, _)| name == "keyWISP")
        .unwrap()
        .1
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_choice_goes_back_with_the_fields_of_wisp_1_3_and_the_node_finds_it() {
    let wisp = Wisp::start().await;
    let browser = Browser::new();
    let page = wisp.enter(&browser, &[]).await;
    page.expect("Comune di Valtorbida")
        .expect("12,50")
        .expect("13,50");

    let back = browser
        .press(&page.choose("Banca Link.it · Carta"), "Continua")
        .await;

    let (action, fields) = ritorno(&back);
    let names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(action, "http://portale.example/ritorno");
    assert_eq!(names, ["idDominio", "keyPA", "keyWISP"]);
    let (status, scelta) = wisp.scelta(&key_wisp(&back)).await;
    assert_eq!(status, 200);
    assert_eq!(
        scelta,
        serde_json::json!({
            "effettuazioneScelta": "SI", "identificativoPSP": "BLNKIT22",
            "identificativoIntermediarioPSP": "30000000023",
            "identificativoCanale": "30000000023_01", "tipoVersamento": "CP"
        })
    );
    wisp.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_way_back_may_leave_this_site() {
    let wisp = Wisp::start().await;
    let browser = Browser::new();
    let page = wisp.enter(&browser, &[]).await;
    let choosing = reqwest::get(page.url.clone()).await.unwrap();
    let csp = choosing.headers()["content-security-policy"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(csp.contains("form-action 'self';"), "{csp}");

    browser
        .press(&page.clone().choose("Banca Link.it · Carta"), "Continua")
        .await;

    let leaving = reqwest::get(page.url.clone()).await.unwrap();
    let csp = leaving.headers()["content-security-policy"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(
        csp.contains("form-action 'self' http://portale.example;"),
        "{csp}"
    );
    wisp.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_click_finds_the_first_choice() {
    let wisp = Wisp::start().await;
    let browser = Browser::new();
    let page = wisp.enter(&browser, &[]).await;
    let first = page.clone().choose("Banca Link.it · Carta");
    let second = page.choose("Banca Differita");

    let (a, b) = tokio::join!(
        browser.press(&first, "Continua"),
        browser.press(&second, "Continua")
    );

    assert_eq!(key_wisp(&a), key_wisp(&b));
    assert_eq!(wisp.scelta(&key_wisp(&a)).await.0, 200);
    wisp.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn b123_annulla_goes_back_and_says_so() {
    let wisp = Wisp::start().await;
    let browser = Browser::new();
    let page = wisp.enter(&browser, &[]).await;

    let back = browser.press(&page, "Annulla").await;

    let (action, fields) = ritorno(&back);
    assert_eq!(action, "http://portale.example/annullo");
    assert_eq!(fields[2], ("type".to_owned(), "ANNULLO".to_owned()));
    back.expect("Non è stato addebitato nulla");
    wisp.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_choice_left_for_too_long_goes_back_as_a_timeout() {
    let wisp = Wisp::start().await;
    let browser = Browser::new();
    let page = wisp.enter(&browser, &[]).await;

    wisp.advance(15 * 60).await;
    let back = browser
        .press(&page.choose("Banca Link.it · Carta"), "Continua")
        .await;

    assert_eq!(
        ritorno(&back).1[2],
        ("type".to_owned(), "TIMEOUT".to_owned())
    );
    wisp.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_node_hears_why_there_is_no_choice() {
    let wisp = Wisp::start().await;
    let browser = Browser::new();
    let page = wisp.enter(&browser, &[]).await;
    let back = browser
        .press(&page.choose("Banca Link.it · Carta"), "Continua")
        .await;

    let (unknown, body) = wisp.scelta("un-altra-chiave").await;
    assert_eq!(
        (unknown, &body["code"]),
        (404, &"WISP_SESSIONE_SCONOSCIUTA".into())
    );
    wisp.advance(31 * 60).await;
    let (old, body) = wisp.scelta(&key_wisp(&back)).await;
    assert_eq!(
        (old, &body["code"]),
        (422, &"WISP_TIMEOUT_RECUPERO_SCELTA".into())
    );
    wisp.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_without_modello_2_is_offered_no_deferred_channel() {
    let wisp = Wisp::start().await;
    let page = wisp
        .enter(&Browser::new(), &[("pagamentiModello2", "NO")])
        .await;

    page.expect("Banca Link.it");
    assert!(!page.shows("Banca Differita"), "{}", page.visible_text());
    wisp.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_chosen_is_told_and_a_wrong_form_names_its_fields() {
    let wisp = Wisp::start().await;
    let browser = Browser::new();
    let page = wisp.enter(&browser, &[]).await;
    let again = browser.press(&page, "Continua").await;
    assert_eq!(again.status, 422);
    again.expect("Scegli come pagare: seleziona una banca");

    let wrong = wisp
        .enter(&browser, &[("importoTransazione", "12,50"), ("keyPA", "")])
        .await;
    assert_eq!(wrong.status, 400);
    wrong
        .expect("importoTransazione")
        .expect("keyPA")
        .expect("Non è stato fatto nulla");

    let unknown = browser
        .open(&format!("{}/scelta/non-esiste", wisp.url))
        .await;
    assert_eq!(unknown.status, 404);
    unknown.expect("Questa scelta non esiste");
    wisp.stop().await;
}
