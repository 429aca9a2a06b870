//! *Annulla* on the bank's page: a negative receipt, five minutes of the world's clock later.

use test_support::{World, wait_until};

use crate::on_both;
use crate::steps::{Debito, VALTORBIDA, carica, conferma};

on_both!(b122_the_negative_receipt_comes_after_five_minutes_and_once);

async fn b122_the_negative_receipt_comes_after_five_minutes_and_once(world: World) {
    let debito = Debito {
        id: "ANNULLO",
        dominio: VALTORBIDA,
        voci: &["12.00"],
    };
    let avviso = carica(&world, &[debito]).await.remove(0);
    let browser = world.browser();
    let bank = conferma(&world, &browser, &avviso, "Banca Link.it").await;

    let page = browser.press(&bank, "Annulla il pagamento").await;

    let portale = world.url("portale-ente");
    assert!(page.url.as_str().starts_with(&portale), "{}", page.url);
    // Without the part of the address that asks the portal to wait.
    let detail = page.url.as_str().split('?').next().unwrap().to_owned();
    // The held answer before and this step together stay below the five minutes.
    world.advance_clock(270).await;
    let page = browser.open(&detail).await;
    let link = "Scarica Ricevuta Telematica";
    assert!(page.link(link).is_none(), "not before the five minutes");
    assert_eq!(rt_accettate(&world, &avviso.iuv).await, 0);

    world.advance_clock(31).await;

    let page = wait_until("the negative receipt arrives", || async {
        let page = browser.open(&detail).await;
        match page.link(link) {
            Some(_) => Ok(page),
            None => Err(page.visible_text()),
        }
    })
    .await;
    page.expect("non eseguito");
    assert_eq!(
        rt_accettate(&world, &avviso.iuv).await,
        1,
        "one receipt, not two"
    );
}

/// How many times the core took in a receipt for this IUV, from its giornale.
pub async fn rt_accettate(world: &World, iuv: &str) -> usize {
    let path = format!(
        "/govpay/backend/api/backoffice/rs/basic/v1/eventi?idDominio={VALTORBIDA}&iuv={iuv}&risultatiPerPagina=100"
    );
    let (status, body) = world
        .get_as(crate::steps::OPERATORE, &path, "application/json")
        .await;
    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
    let list: serde_json::Value = serde_json::from_slice(&body).unwrap();
    list["risultati"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|e| e["tipoEvento"] == "paaInviaRT" && e["esito"] == "OK")
        .count()
}
