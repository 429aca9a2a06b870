//! Several processes on one store.

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
