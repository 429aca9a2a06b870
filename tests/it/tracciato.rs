//! A tracciato from "Nuovo" to its last state.

use test_support::World;

use crate::on_both;
use crate::steps::{
    Debito, TERRE_ESEMPIO, VALTORBIDA, accedi, attendi_stato, carica_file, elaborato, tracciato,
};

on_both!(
    a_good_tracciato_is_loaded_and_its_elaborato_has_the_codes,
    a_wrong_tracciato_loads_nothing
);

async fn a_good_tracciato_is_loaded_and_its_elaborato_has_the_codes(world: World) {
    let browser = world.browser();
    accedi(&world, &browser).await;
    let csv = tracciato(&[
        Debito {
            id: "OK-1",
            dominio: VALTORBIDA,
            voci: &["12.50"],
        },
        Debito {
            id: "OK-2",
            dominio: TERRE_ESEMPIO,
            voci: &["0.05"],
        },
        Debito {
            id: "OK-3",
            dominio: VALTORBIDA,
            voci: &["100.00", "19.99", "0.01"],
        },
    ]);

    let list = carica_file(&world, &browser, "buono.csv", &csv).await;
    list.expect("buono.csv").expect("Nuovo");
    let detail = attendi_stato(&world, &browser, "buono.csv", &["Caricamento OK"]).await;

    let original = browser.click(&detail, "Tracciato Originale").await;
    assert_eq!(original.body, csv, "byte for byte");
    let rows = elaborato(&browser.click(&detail, "Tracciato Elaborato").await.body);
    let ids: Vec<&str> = rows.iter().map(|row| row.id_pendenza.as_str()).collect();
    assert_eq!(ids, ["OK-1", "OK-2", "OK-3"], "row order is kept");
    for (row, cents) in rows.iter().zip(["1250", "0005", "12000"]) {
        let segregation = if row.dominio == VALTORBIDA {
            "01"
        } else {
            "47"
        };
        assert!(
            row.numero_avviso.starts_with(&format!("3{segregation}")),
            "{row:?}"
        );
        assert_eq!(
            row.numero_avviso[1..],
            row.iuv,
            "aux digit 3: the IUV is the rest"
        );
        let check: u64 = row.numero_avviso[..16].parse::<u64>().unwrap() % 93;
        assert_eq!(row.numero_avviso[16..], format!("{check:02}"));
        let qr = format!("PAGOPA|002|{}|{}|{cents}", row.numero_avviso, row.dominio);
        assert_eq!(row.qr, qr);
        let gln = if row.dominio == VALTORBIDA {
            "8088888000017"
        } else {
            "8088888000024"
        };
        assert_eq!(
            row.barcode,
            format!("415{gln}8020{}3902{cents}", row.numero_avviso)
        );
    }
}

async fn a_wrong_tracciato_loads_nothing(world: World) {
    let browser = world.browser();
    accedi(&world, &browser).await;
    let csv = tracciato(&[
        Debito {
            id: "KO-1",
            dominio: VALTORBIDA,
            voci: &["12.50"],
        },
        Debito {
            id: "KO-2",
            dominio: "99999999990",
            voci: &["10.00"],
        },
    ]);
    let csv = String::from_utf8(csv)
        .unwrap()
        .replacen("12.50", "1.250", 1)
        .into_bytes();

    carica_file(&world, &browser, "sbagliato.csv", &csv).await;
    let detail = attendi_stato(&world, &browser, "sbagliato.csv", &["Validazione KO"]).await;

    // Row, column and value of each fault; the second row's body is unknown.
    detail
        .expect("importo")
        .expect("1.250")
        .expect("idDominio")
        .expect("99999999990");
    let (status, body) = world
        .get_as(
            crate::steps::OPERATORE,
            "/govpay/backend/api/backoffice/rs/basic/v1/pendenze?idPendenza=KO-1",
            "application/json",
        )
        .await;
    let list: serde_json::Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(
        (status, &list["risultati"]),
        (200, &serde_json::json!([])),
        "nothing is loaded"
    );
}
