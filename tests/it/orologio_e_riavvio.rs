//! Killed in the middle of each timer, the world goes on where it was.

use test_support::{World, wait_until};

use crate::annullo::rt_accettate;
use crate::on_both;
use crate::steps::{
    Debito, VALTORBIDA, accedi, attendi_stato, carica, carica_file, conferma, elaborato, tracciato,
};

on_both!(
    a_crash_while_a_tracciato_is_worked_on,
    a_crash_before_the_negative_receipt_is_due
);

async fn a_crash_while_a_tracciato_is_worked_on(mut world: World) {
    let ids: Vec<String> = (0..3000).map(|n| format!("CRASH-{n:04}")).collect();
    let debiti: Vec<Debito> = ids
        .iter()
        .map(|id| Debito {
            id: id.clone().leak(),
            dominio: VALTORBIDA,
            voci: &["1.00"],
        })
        .collect();
    let csv = tracciato(&debiti);
    let browser = world.browser();
    accedi(&world, &browser).await;
    carica_file(&world, &browser, "lungo.csv", &csv).await;
    for state in ["Nuovo", "Validazione OK", "In caricamento"] {
        // Wherever the file is by now: the kill may come before, in, or after that state.
        let _ = attendi_stato(
            &world,
            &browser,
            "lungo.csv",
            &[state, "In ", "Caricamento OK"],
        )
        .await;
        world.crash_and_restart().await;
    }

    let browser = world.browser();
    accedi(&world, &browser).await;
    let detail = attendi_stato(&world, &browser, "lungo.csv", &["Caricamento OK"]).await;

    let rows = elaborato(&browser.click(&detail, "Tracciato Elaborato").await.body);
    let mut avvisi: Vec<&str> = rows.iter().map(|row| row.numero_avviso.as_str()).collect();
    assert_eq!(
        rows.iter().map(|r| &r.id_pendenza).collect::<Vec<_>>(),
        ids.iter().collect::<Vec<_>>()
    );
    avvisi.sort_unstable();
    avvisi.dedup();
    assert_eq!(avvisi.len(), 3000, "each row its own avviso");
}

async fn a_crash_before_the_negative_receipt_is_due(mut world: World) {
    let debito = Debito {
        id: "CRASH-RT",
        dominio: VALTORBIDA,
        voci: &["12.00"],
    };
    let avviso = carica(&world, &[debito]).await.remove(0);
    let browser = world.browser();
    let bank = conferma(&world, &browser, &avviso, "Banca Link.it").await;
    browser.press(&bank, "Annulla il pagamento").await;

    world.crash_and_restart().await;
    world.advance_clock(301).await;

    wait_until("the negative receipt arrives after the restart", || async {
        match rt_accettate(&world, &avviso.iuv).await {
            0 => Err("not yet".to_owned()),
            n => Ok(n),
        }
    })
    .await;
    world.crash_and_restart().await;
    assert_eq!(
        rt_accettate(&world, &avviso.iuv).await,
        1,
        "once, over two restarts"
    );
}
