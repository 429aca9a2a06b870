//! P3 and P8: the ways back from WISP, posts from another site without cookies.

use serde_json::json;

use crate::fixture::{DOMINIO, Mondo, hidden, pendenza};

type Fields<'a> = &'a [(&'a str, &'a str)];

async fn key_pa(mondo: &Mondo) -> String {
    mondo
        .core_has(pendenza("NON_ESEGUITA", "12.50", json!([])))
        .await;
    hidden(&mondo.avviso().await, "keyPA")
}

#[tokio::test]
async fn b112_the_return_from_wisp_needs_no_cookie_and_leads_to_a_page_of_ours() {
    let mondo = Mondo::start().await;
    let key_pa = key_pa(&mondo).await;
    let fields = [
        ("idDominio", DOMINIO),
        ("keyPA", &*key_pa),
        ("keyWISP", "kw1"),
    ];

    let first = mondo.post_from_elsewhere("/wisp/ritorno", &fields).await;
    let again = mondo.post_from_elsewhere("/wisp/ritorno", &fields).await;

    assert_eq!(
        (first.status().as_u16(), again.status().as_u16()),
        (303, 303)
    );
    let location = first.headers()["location"].to_str().unwrap();
    assert!(
        location.starts_with("/pagamenti/") && location.ends_with("/conferma"),
        "{location}"
    );
    assert_eq!(again.headers()["location"], location);
    assert!(
        first.headers().get("set-cookie").is_none(),
        "the browser's session must survive"
    );
    assert!(
        !location.contains(&key_pa),
        "the key of WISP does not open the payment"
    );
    mondo.stop().await;
}

#[tokio::test]
async fn b109_a_return_without_data_or_of_another_session_is_told_in_plain_words() {
    let mondo = Mondo::start().await;
    let key_pa = key_pa(&mondo).await;
    let unknown = [
        ("idDominio", DOMINIO),
        ("keyPA", "0123"),
        ("keyWISP", "kw1"),
    ];
    let other_body = [
        ("idDominio", "09876543217"),
        ("keyPA", &*key_pa),
        ("keyWISP", "kw1"),
    ];
    let no_choice = [("idDominio", DOMINIO), ("keyPA", &*key_pa)];
    let long = "k".repeat(41);
    let too_long = [
        ("idDominio", DOMINIO),
        ("keyPA", &*key_pa),
        ("keyWISP", &*long),
    ];
    let cases: [(Fields<'_>, u16, &str); 5] = [
        (&unknown, 404, "non è più valida"),
        (&other_body, 404, "non è più valida"),
        (&no_choice, 400, "keyWISP"),
        (&too_long, 400, "keyWISP"),
        (&[], 400, "keyWISP"),
    ];
    for (fields, status, words) in cases {
        let answer = mondo.post_from_elsewhere("/wisp/ritorno", fields).await;
        assert_eq!(answer.status(), status, "{fields:?}");
        let text = answer.text().await.unwrap();
        assert!(
            text.contains(words) && text.contains("Non è stato addebitato nulla"),
            "{text}"
        );
    }
    for path in ["/wisp/ritorno", "/wisp/annullo"] {
        let page = mondo.open(path).await;
        assert_eq!(page.status, 400);
        page.expect("Non riconosciamo questo ritorno");
    }
    let page = mondo
        .open("/pagamenti/4f5c1c1e-0000-4000-8000-000000000000?idSession=x&esito=OK")
        .await;
    assert_eq!(page.status, 404);
    page.expect("Non troviamo questo pagamento");
    mondo.stop().await;
}

#[tokio::test]
async fn b123_a_cancel_on_wisp_closes_the_session_and_a_new_one_can_be_opened() {
    let mondo = Mondo::start().await;
    for (tipo, words) in [
        ("ANNULLO", "Pagamento annullato"),
        ("TIMEOUT", "Tempo scaduto"),
        ("IBAN", "non abilitato"),
    ] {
        let key_pa = key_pa(&mondo).await;
        let fields = [("idDominio", DOMINIO), ("keyPA", &*key_pa), ("type", tipo)];
        let answer = mondo.post_from_elsewhere("/wisp/annullo", &fields).await;
        assert_eq!(answer.status(), 303);

        let page = mondo
            .open(answer.headers()["location"].to_str().unwrap())
            .await;

        page.expect(words).expect("Non è stato addebitato nulla");
        let again = mondo.browser.click(&page, "Riprova").await;
        assert_ne!(hidden(&again, "keyPA"), key_pa, "a fresh key");
        // Back to WISP in the old page: its key is dead.
        let fields = [
            ("idDominio", DOMINIO),
            ("keyPA", &*key_pa),
            ("keyWISP", "kw1"),
        ];
        let answer = mondo.post_from_elsewhere("/wisp/ritorno", &fields).await;
        let page = mondo
            .open(answer.headers()["location"].to_str().unwrap())
            .await;
        page.expect(words);
    }
    let key_pa = key_pa(&mondo).await;
    let fields = [
        ("idDominio", DOMINIO),
        ("keyPA", &*key_pa),
        ("type", "ALTRO"),
    ];
    assert_eq!(
        mondo
            .post_from_elsewhere("/wisp/annullo", &fields)
            .await
            .status(),
        400
    );
    mondo.stop().await;
}
