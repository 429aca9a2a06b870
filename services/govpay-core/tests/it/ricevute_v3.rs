//! Receipts in version 3 of the APIs, on both kinds of store.

use serde_json::json;
use test_support::tools::pdf_text;

use crate::lettore::*;
use crate::mondo::{A, Avviso, B, Mondo};
use crate::presso_psp::attiva;

/// A receipt of A, a day later one of B, and an attempt without a receipt.
async fn due(mondo: &Mondo) -> (Avviso, Avviso, Avviso) {
    let a = paga_v1(mondo, 1, 1250).await;
    mondo.avanza(86_400).await;
    let b = paga_v2(mondo, 2, &[1000, 250]).await;
    let c = mondo.pendenza(A, 3, &[500]);
    let before = mondo.nodo.rpt().len();
    let answer = mondo.chiama_v1(&c, "c3", &attiva(500)).await;
    assert!(answer.fault.is_none(), "{:?}", answer.fault);
    mondo.attendi_rpt(before + 1).await;
    (a, b, c)
}

async fn elenco(mondo: Mondo) {
    let mondo = con_ragioneria(mondo);
    let (a, b, _) = due(&mondo).await;
    let path = format!("{}/ricevute", RAGIONERIA[0]);
    let list = letto(&mondo, RAGIONIERE, &path).await;
    contiene(
        &list,
        &json!({"numRisultati": 2, "risultati": [
            {"dominio": {"idDominio": A, "ragioneSociale": "Comune di Valtorbida"}, "iuv": a.iuv,
                "idRicevuta": "c1", "esito": "ESEGUITO"},
            {"dominio": {"idDominio": B}, "iuv": b.iuv, "idRicevuta": "ric-2", "esito": "ESEGUITO"},
        ]}),
    );
    let second = righe(&list)[1]["data"].as_str().unwrap();
    let casi = [
        (format!("idDominio={B}"), 1),
        (format!("iuv={}", a.iuv), 1),
        ("idRicevuta=ric-2".to_owned(), 1),
        ("idRicevuta=c3".to_owned(), 0),
        (format!("numeroAvviso={}", b.numero), 1),
        (format!("dataDa={second}"), 1),
        (format!("dataA={second}"), 2),
    ];
    trova(
        &mondo,
        RAGIONIERE,
        &format!("{}/ricevute", RAGIONERIA[1]),
        &casi,
    )
    .await;
    let wrong = ["risultatiPerPagina=201", "ordinamento=iuv", "dataA=domani"];
    rifiuta(&mondo, RAGIONIERE, &path, &wrong).await;
    let last = format!("{path}?ordinamento=-data&risultatiPerPagina=1");
    let last = letto(&mondo, RAGIONIERE, &last).await;
    contiene(
        &last,
        &json!({"numRisultati": 2, "risultati": [{"idRicevuta": "ric-2"}]}),
    );

    for base in PAGAMENTO {
        let path = format!("{base}/ricevute/{A}/{}", a.iuv);
        let casi = [
            ("esito=ESEGUITO".to_owned(), 1),
            ("esito=NON_ESEGUITO".to_owned(), 0),
            ("esito=IN_CORSO".to_owned(), 0),
        ];
        trova(&mondo, PORTALE, &path, &casi).await;
        rifiuta(&mondo, PORTALE, &path, &["esito=FATTO"]).await;
    }
    mondo.stop().await;
}

#[tokio::test]
async fn receipts_are_listed() {
    elenco(Mondo::start().await).await;
}

#[tokio::test]
async fn receipts_are_listed_on_postgresql() {
    elenco(Mondo::start_pg().await).await;
}

async fn una(mondo: Mondo) {
    let mondo = con_ragioneria(mondo);
    let (a, b, _) = due(&mondo).await;
    let path = format!("/ricevute/{B}/{}/ric-2", b.iuv);
    let attestante = json!({"idPSP": "BLNKIT22", "denominazione": "Banca Link.it"});
    let voce = |importo| {
        json!({
            "pendenza": {"idPendenza": b.id_pendenza, "causale": null},
            "riscossione": {"iur": "ric-2", "importo": importo, "tipo": "ENTRATA", "stato": "RISCOSSA"},
        })
    };
    for (who, base) in [
        (RAGIONIERE, RAGIONERIA[0]),
        (PORTALE, PAGAMENTO[0]),
        (PORTALE, PAGAMENTO[1]),
    ] {
        let path = format!("{base}{path}");
        let read = get(&mondo, who, &path).await;
        assert_eq!(
            (read.status, read.content_type.as_str()),
            (200, "application/json")
        );
        assert!(
            read.testo().contains("\"importo\":2.50"),
            "{}",
            read.testo()
        );
        contiene(
            &read.json(),
            &json!({
                "dominio": {"idDominio": B}, "iuv": b.iuv, "idRicevuta": "ric-2", "importo": 12.5,
                "esito": "ESEGUITO", "stato": "RT_ACCETTATA_PA", "istitutoAttestante": attestante,
                "modello": "Pagamento ad iniziativa PSP", "rpt": null,
                "rt": {"tipo": "ctReceipt", "json": {"receipt": {"paymentAmount": "12.50"}}},
                "pendenza": {"numeroAvviso": b.numero, "voci": [voce(10.0), voce(2.5)]},
            }),
        );
        let pdf = get_come(&mondo, who, &path, "application/pdf").await;
        assert_eq!(
            (pdf.status, pdf.content_type.as_str()),
            (200, "application/pdf")
        );
        let none = get_come(&mondo, who, &path, "text/csv").await;
        assert_eq!(none.rifiuto(), (406, "406000".to_owned()));
    }
    let of_a = format!("{}/ricevute/{A}/{}/c1", RAGIONERIA[0], a.iuv);
    contiene(
        &letto(&mondo, RAGIONIERE, &of_a).await,
        &json!({
            "rpt": {"tipo": "ctRichiestaPagamentoTelematico"}, "rt": {"tipo": "ctRicevutaTelematica"},
            "pendenza": {"voci": [{"riscossione": {"allegato": {"testo": "ZXNpdG8="}}}]},
        }),
    );
    let text = pdf_text(
        &get_come(&mondo, RAGIONIERE, &of_a, "application/pdf")
            .await
            .body,
    );
    assert!(
        text.contains("12,50") && text.contains("Giuseppe Verdi"),
        "{text}"
    );
    mondo.stop().await;
}

#[tokio::test]
async fn a_receipt_is_read_and_printed() {
    una(Mondo::start().await).await;
}

#[tokio::test]
async fn a_receipt_is_read_and_printed_on_postgresql() {
    una(Mondo::start_pg().await).await;
}

#[tokio::test]
async fn a_negative_receipt_collected_nothing() {
    let mondo = con_ragioneria(Mondo::start().await);
    let avviso = mondo.pendenza(A, 1, &[1250]);
    assert!(
        mondo
            .chiama_v1(&avviso, "c1", &attiva(1250))
            .await
            .fault
            .is_none()
    );
    let rpt = mondo.attendi_rpt(1).await.remove(0);
    let receipt = crate::nodo::rt(&rpt, domain::EsitoPagamento::NonEseguito, &[]);
    assert_eq!(mondo.consegna(&receipt).await, None);
    let path = format!("{}/ricevute/{A}/{}/c1", RAGIONERIA[0], avviso.iuv);
    let voci = json!([{"idVocePendenza": "V0", "riscossione": null}]);
    contiene(
        &letto(&mondo, RAGIONIERE, &path).await,
        &json!({"esito": "NON_ESEGUITO", "importo": 0.0, "pendenza": {"voci": voci}}),
    );
    mondo.stop().await;
}

#[tokio::test]
async fn a_receipt_that_is_not_there_or_is_of_others_is_not_found() {
    let mondo = con_ragioneria(Mondo::start().await);
    let (a, b, c) = due(&mondo).await;
    let path = format!("/ricevute/{B}/{}/ric-2", b.iuv);
    for missing in [format!("{A}/{}/c3", c.iuv), format!("{A}/{}/mai", a.iuv)] {
        let path = format!("{}/ricevute/{missing}", RAGIONERIA[0]);
        assert_eq!(get(&mondo, RAGIONIERE, &path).await.status, 404);
    }
    solo(&mondo, A);
    for (who, base) in [(RAGIONIERE, RAGIONERIA[0]), (PORTALE, PAGAMENTO[0])] {
        for accept in ["application/json", "application/pdf"] {
            let hidden = get_come(&mondo, who, &format!("{base}{path}"), accept).await;
            assert_eq!(hidden.status, 404);
        }
    }
    mondo.stop().await;
}
