//! Several processes on one store.

use pagopa::Esito;

use crate::mondo::{CARTA, Mondo, invia_rpt};
use crate::tipo_1::databases;

#[tokio::test]
async fn two_replicas_send_each_receipt_once() {
    for (url, _server) in databases() {
        let mut mondo = Mondo::start_on(url).await;
        let iuvs: Vec<String> = (0..20).map(|n| format!("010000000000006{n:02}")).collect();
        for iuv in &iuvs {
            let rpt = mondo.rpt(iuv, "ccp", &[1_000]).await;
            let page = invia_rpt(&mondo.url, &rpt, CARTA).await.url.unwrap();
            let page = mondo.browser.open(&page).await;
            mondo.browser.press(&page, "Annulla il pagamento").await;
        }
        mondo.add_replica().await;
        mondo.add_replica().await;

        mondo.avanti(301).await;

        for iuv in &iuvs {
            mondo.attendi_stato(iuv, "ccp", "RT_ACCETTATA_PA").await;
        }
        for iuv in &iuvs {
            assert_eq!(mondo.ente.arrivate(iuv).len(), 1, "{iuv}");
        }
        mondo.stop().await;
    }
}

#[tokio::test]
async fn of_twenty_equal_rpts_at_two_replicas_one_is_accepted() {
    for (url, _server) in databases() {
        let mut mondo = Mondo::start_on(url).await;
        let other = mondo.add_replica().await;
        let rpt = mondo.rpt("01000000000000650", "ccp", &[1_250]).await;
        let nodi = [mondo.url.as_str(), other.as_str()];

        let sent = (0..20).map(|i| invia_rpt(nodi[i % 2], &rpt, CARTA));
        let answers = futures_util::future::join_all(sent).await;

        let accepted = answers.iter().filter(|a| a.esito == Esito::Ok).count();
        let faults: Vec<_> = answers.iter().filter_map(|a| a.fault.as_ref()).collect();
        assert_eq!((accepted, faults.len()), (1, 19));
        assert!(faults.iter().all(|f| f.fault_code == "PPT_RPT_DUPLICATA"));
        mondo.stop().await;
    }
}

#[tokio::test]
async fn b141_a_choice_and_the_end_of_the_session_at_once_make_one_receipt() {
    for (url, _server) in databases() {
        let mut mondo = Mondo::start_on(url).await;
        mondo.add_replica().await;
        let iuvs: Vec<String> = (0..15).map(|n| format!("0100000000000067{n:02}")).collect();
        for iuv in &iuvs {
            let page = mondo
                .alla_banca(&mondo.rpt(iuv, "ccp", &[1_000]).await)
                .await;
            let list = mondo.sessioni().await;
            let choose = mondo.browser.submission(&page, "Invia la ricevuta");
            let end = mondo.browser.submission(&list, "Scade subito");
            let (chosen, ended) =
                tokio::join!(mondo.browser.follow(choose), mondo.browser.follow(end));
            assert_eq!((chosen.status, ended.status), (200, 200));
        }
        for iuv in &iuvs {
            mondo.attendi_stato(iuv, "ccp", "RT_ACCETTATA_PA").await;
        }
        for iuv in &iuvs {
            assert_eq!(mondo.ente.arrivate(iuv).len(), 1, "{iuv}");
        }
        mondo.stop().await;
    }
}
