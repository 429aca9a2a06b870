//! Who comes in, and what each of them sees.

use domain::EsitoPagamento;
use serde_json::json;
use test_support::Browser;

use crate::fixture::*;

#[tokio::test]
async fn a_page_asked_for_is_opened_after_the_login_and_closed_after_the_logout() {
    let mondo = Mondo::start_with(|_| ()).await;
    let page = mondo.open("/pagamenti?stato=attesa").await;
    assert_eq!(page.heading(), "Accedi");
    let page = page.fill("Nome utente", ADMIN.0).fill("Password", ADMIN.1);
    let page = mondo.browser.press(&page, "Accedi").await;
    assert_eq!(
        (page.url.path(), page.url.query()),
        ("/pagamenti", Some("stato=attesa"))
    );
    let page = mondo.browser.press(&page, "Esci").await;
    assert_eq!(page.heading(), "Accedi");
    assert_eq!(mondo.open("/").await.heading(), "Accedi");
    mondo.stop().await;
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_user_get_the_same_answer_and_then_a_wait() {
    let mondo = Mondo::start_with(|_| ()).await;
    for user in ["gpadmin", "nessuno"] {
        for _ in 0..5 {
            let page = mondo.login((user, "sbagliata")).await;
            assert_eq!(page.status, 401);
            page.expect("Nome utente o password non corretti");
        }
        let page = mondo.login((user, "sbagliata")).await;
        assert_eq!(page.status, 429);
        page.expect("Riprova tra");
    }
    mondo.stop().await;
}

#[tokio::test]
async fn the_way_back_after_a_login_stays_on_this_site() {
    let mondo = Mondo::start_with(|_| ()).await;
    let page = mondo
        .open("/accedi?torna=https%3A%2F%2Faltrove.test%2F")
        .await;
    let page = page.fill("Nome utente", ADMIN.0).fill("Password", ADMIN.1);
    let page = mondo.browser.press(&page, "Accedi").await;
    assert_eq!(page.url.as_str(), format!("{}/", mondo.url));
    mondo.stop().await;
}

#[tokio::test]
async fn an_operator_of_one_body_sees_nothing_of_another_in_any_way() {
    let mondo = Mondo::start().await;
    let other = Tentativo {
        dominio: ALTRO,
        id_pendenza: "ALTRUI-1",
        ccp: "altrui",
    };
    mondo
        .hear_all([
            pendenza_stato(ALTRO, "ALTRUI-1", ago(30), "ESEGUITA"),
            pagamento(other, ago(30), "IN_CORSO", "RPT_ACCETTATA_NODO"),
            rt(other, ago(20), EsitoPagamento::NonEseguito),
        ])
        .await;
    mondo
        .core_says(
            &format!("/pendenze/{A2A}/{ID}"),
            pendenza(ALTRO, "ESEGUITA", json!([])),
        )
        .await;
    mondo
        .core_says("/eventi/7", evento(7, "nodoInviaRPT", ALTRO))
        .await;
    mondo.open("/pagamenti").await.expect("Non eseguito");

    let browser = Browser::new();
    let page = browser.open(&format!("{}/accedi", mondo.url)).await;
    let page = page
        .fill("Nome utente", UFFICIO.0)
        .fill("Password", UFFICIO.1);
    let home = browser.press(&page, "Accedi").await;
    assert!(!home.shows("1.234,50"), "{}", home.visible_text());
    home.expect("0 pagamenti rifiutati o non eseguiti oggi");
    let receipt = format!("/ricevute/rt.pdf?dominio={ALTRO}&iuv={IUV}&ccp=altrui");
    for (path, status) in [
        ("/pagamenti", 200),
        ("/cerca?q=ALTRUI-1", 200),
        (&format!("/cerca?q={NUMERO}"), 200),
        ("/cerca?q=4bf92f3577b34da6a3ce929d0e0e4736", 200),
        (&format!("/pagamenti?dominio={ALTRO}"), 200),
        (&format!("/pendenze/{A2A}/ALTRUI-1"), 404),
        (&format!("/flusso/pendenze/{A2A}/ALTRUI-1"), 404),
        (&format!("/pendenze/{A2A}/{ID}"), 404),
        ("/eventi/7", 404),
        (&receipt, 404),
        ("/code", 403),
    ] {
        let page = browser.open(&format!("{}{path}", mondo.url)).await;
        assert_eq!(page.status, status, "{path}");
        assert!(!page.shows("1.234,50"), "{path}");
        // Not even sent to the page of something that exists.
        assert_eq!(page.url.path(), path.split('?').next().unwrap(), "{path}");
    }
    mondo.stop().await;
}

#[tokio::test]
async fn an_empty_archive_has_the_administrator_of_the_settings() {
    let mondo = Mondo::start_with(|settings| {
        settings.tenant = Some("none".into());
        settings.admin_user = Some("capo".into());
        settings.admin_password = Some("Capo-Password1".into());
    })
    .await;
    let page = mondo.open("/accedi").await;
    assert!(
        !page.shows("Capo-Password1"),
        "credentials are shown for the demo only"
    );
    mondo
        .login(("capo", "Capo-Password1"))
        .await
        .expect("Cruscotto");
    mondo.stop().await;
}

#[tokio::test]
async fn pages_carry_the_security_headers_and_forms_need_their_token() {
    let mondo = Mondo::start().await;
    let client = platform::http::client(std::time::Duration::from_secs(20)).unwrap();
    let response = client
        .get(format!("{}/accedi", mondo.url))
        .send()
        .await
        .unwrap();
    let csp = response.headers()["content-security-policy"]
        .to_str()
        .unwrap();
    assert!(
        csp.contains("default-src 'none'") && !csp.contains("unsafe"),
        "{csp}"
    );
    assert_eq!(response.headers()["cache-control"], "no-store");
    let form = [("utente", ADMIN.0), ("password", ADMIN.1)];
    let response = client
        .post(format!("{}/accedi", mondo.url))
        .form(&form)
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 403);
    mondo.stop().await;
}
