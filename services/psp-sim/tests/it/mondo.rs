//! A PSP and Node at work between a played ente and a robot browser.

use std::net::{SocketAddr, TcpListener};

use chrono::{DateTime, NaiveDateTime, Utc};
use domain::{Importo, TipoSoggetto};
use pagopa::documenti::{
    DatiSingoloVersamento, DatiVersamento, Dominio, EnteBeneficiario, Rpt, Soggetto, VERSIONE,
};
use pagopa::ppt::{
    IntestazionePpt, NodoChiediStatoRpt, NodoChiediStatoRptRisposta, NodoInviaRpt,
    NodoInviaRptRisposta,
};
use pagopa::xml::Message;
use pagopa::{Envelope, Request, TipoVersamento, soap, tempo};
use platform::{Boot, Bus, Peers, Running, Settings};
use serde_json::{Value, json};
use tempfile::TempDir;
use test_support::{Browser, Page, wait_until};
use tokio_util::sync::CancellationToken;

use crate::ente::Ente;

pub const VALTORBIDA: &str = "12345678903";
pub const UNIONE: &str = "09876543217";
pub const IBAN_VALTORBIDA: &str = "IT41Q1234501600000000123456";
pub const IBAN_UNIONE: &str = "IT71E5432103200000000777001";
pub const INTERMEDIARIO: &str = "20000000016";
pub const STAZIONE: &str = "20000000016_01";
pub const PASSWORD: &str = "Stazione01pw";
pub const CARTA: &str = "30000000023_01";
pub const DIFFERITO: &str = "50000000047_01";
pub const NUMERO: &str = "301000000000004285";
pub const IUV: &str = "01000000000004285";

const TENANT: &str = include_str!("../../../../crates/tenant/tenants/demo.toml");

/// One or more replicas of the service on one store.
pub struct Mondo {
    pub ente: Ente,
    pub browser: Browser,
    /// Address of the first replica.
    pub url: String,
    pub database: String,
    pub tenant: String,
    http: reqwest::Client,
    replicas: Vec<(CancellationToken, Running)>,
    _folder: TempDir,
}

/// The demo tenant with its stations at the played ente.
pub fn tenant(ente: &str) -> String {
    let own = format!("url_pa = \"{ente}/pa\"\nurl_redirect = \"{ente}/ritorno\"\n\n[[");
    let mut text = TENANT.to_owned();
    for password in ["Stazione01pw", "Stazione02pw"] {
        let (head, tail) = text
            .split_once(&format!("password = \"{password}\"\n"))
            .unwrap();
        let (_, tail) = tail.split_once("[[").unwrap();
        text = format!("{head}password = \"{password}\"\n{own}{tail}");
    }
    text
}

impl Mondo {
    pub async fn start() -> Self {
        Self::start_on(None).await
    }

    /// On that store, or on a SQLite file of its own.
    pub async fn start_on(database: Option<String>) -> Self {
        let ente = Ente::start().await;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tenant.toml");
        std::fs::write(&path, tenant(&ente.url)).unwrap();
        let file = folder.path().join("psp.db");
        let mut mondo = Self {
            browser: Browser::new(),
            url: String::new(),
            database: database.unwrap_or_else(|| format!("sqlite:{}", file.display())),
            tenant: path.display().to_string(),
            http: reqwest::Client::builder()
                .redirect(reqwest::redirect::Policy::none())
                .build()
                .unwrap(),
            replicas: vec![],
            ente,
            _folder: folder,
        };
        mondo.url = mondo.add_replica().await;
        mondo.ente.con(|s| s.nodo = mondo.url.clone());
        mondo
    }

    /// Another process of the same service; its address.
    pub async fn add_replica(&mut self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let url = format!("http://{address}");
        let mut settings = Settings::embedded(
            Some(self.tenant.clone()),
            None,
            None,
            std::time::Duration::from_secs(1),
        );
        settings.database_url = self.database.clone();
        let stop = CancellationToken::new();
        let boot = Boot {
            settings,
            peers: self.peers(address),
            bus: Bus::in_process(),
            listener,
            stop: stop.clone(),
        };
        self.replicas
            .push((stop, psp_sim::start(boot).await.unwrap()));
        url
    }

    fn peers(&self, psp: SocketAddr) -> Peers {
        let mut peers = Peers::local([psp; 6]);
        for peer in [&mut peers.core, &mut peers.wisp, &mut peers.portale] {
            peer.internal.clone_from(&self.ente.url);
            peer.public.clone_from(&self.ente.url);
        }
        peers
    }

    /// Stops all replicas, then starts one on the same store.
    pub async fn restart(&mut self) {
        self.stop().await;
        self.url = self.add_replica().await;
        self.ente.con(|s| s.nodo = self.url.clone());
        self.browser = Browser::new();
    }

    pub async fn stop(&mut self) {
        for (stop, running) in self.replicas.drain(..) {
            stop.cancel();
            running.wait().await.unwrap();
        }
    }

    /// Moves the world's clock; every replica has heard of it when this returns.
    pub async fn avanti(&self, seconds: i64) {
        let url = format!("{}/api/v1/clock/advance", self.url);
        let answer = self
            .http
            .post(url)
            .json(&json!({ "seconds": seconds }))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 200);
    }

    /// Now in this world.
    pub async fn adesso(&self) -> DateTime<Utc> {
        let answer = self
            .http
            .get(format!("{}/api/v1/clock", self.url))
            .send()
            .await
            .unwrap();
        let clock: Value = answer.json().await.unwrap();
        clock["now"].as_str().unwrap().parse().unwrap()
    }

    /// An RPT of the first body, dated now.
    pub async fn rpt(&self, iuv: &str, ccp: &str, voci: &[i64]) -> Rpt {
        rpt(iuv, ccp, voci, self.adesso().await)
    }

    /// Sends an RPT to the Node and opens the page where the browser is sent.
    pub async fn alla_banca(&self, rpt: &Rpt) -> Page {
        let answer = invia_rpt(&self.url, rpt, CARTA).await;
        assert!(answer.fault.is_none(), "{:?}", answer.fault);
        self.browser.open(&answer.url.unwrap()).await
    }

    pub async fn chiedi<R: Request>(&self, request: &R) -> R::Response {
        chiedi(&self.url, soap::build(request).unwrap(), R::OPERATION).await
    }

    /// State of an RPT at the Node.
    pub async fn stato(&self, iuv: &str, ccp: &str) -> NodoChiediStatoRptRisposta {
        self.chiedi(&NodoChiediStatoRpt {
            identificativo_intermediario_pa: INTERMEDIARIO.to_owned(),
            identificativo_stazione_intermediario_pa: STAZIONE.to_owned(),
            password: PASSWORD.into(),
            identificativo_dominio: VALTORBIDA.to_owned(),
            identificativo_univoco_versamento: iuv.to_owned(),
            codice_contesto_pagamento: ccp.to_owned(),
        })
        .await
    }

    /// Waits until the RPT has this state.
    pub async fn attendi_stato(&self, iuv: &str, ccp: &str, stato: &str) {
        wait_until(&format!("{iuv} is {stato}"), || async {
            let now = self.stato(iuv, ccp).await.esito.unwrap().stato;
            if now == stato { Ok(()) } else { Err(now) }
        })
        .await;
    }

    /// Waits for that many receipts of an IUV.
    pub async fn attendi_ricevute(&self, iuv: &str, count: usize) {
        wait_until(&format!("{count} receipts of {iuv}"), || async {
            match self.ente.arrivate(iuv).len() {
                n if n >= count => Ok(()),
                n => Err(n.to_string()),
            }
        })
        .await;
    }

    /// S1 filled and sent.
    pub async fn verifica(&self, numero: &str, ente: &str) -> Page {
        let form = self.browser.open(&self.url).await;
        let form = form.fill("Codice avviso", numero).fill("ente", ente);
        self.browser.press(&form, "Verifica").await
    }

    pub async fn sessioni(&self) -> Page {
        self.browser.open(&format!("{}/sessioni", self.url)).await
    }
}

/// POST of an envelope to the Node; the answer as the message that it must be.
pub async fn chiedi<M: Message>(nodo: &str, body: String, operation: &str) -> M {
    let (status, text) = posta(nodo, body, operation).await;
    assert_eq!(status, 200, "{text}");
    Envelope::parse(text.as_bytes(), None)
        .unwrap()
        .body()
        .unwrap()
}

/// POST of anything to the Node; status and text.
pub async fn posta(nodo: &str, body: impl Into<reqwest::Body>, action: &str) -> (u16, String) {
    let answer = reqwest::Client::builder()
        .build()
        .unwrap()
        .post(format!("{nodo}/nodo-auth/nodo-per-pa/v1"))
        .header("content-type", soap::CONTENT_TYPE)
        .header("soapaction", format!("\"{action}\""))
        .body(body)
        .send()
        .await
        .unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

/// nodoInviaRPT on a channel of the demo tenant.
pub async fn invia_rpt(nodo: &str, rpt: &Rpt, canale: &str) -> NodoInviaRptRisposta {
    let body = busta(rpt, canale, PASSWORD, rpt.build().unwrap());
    chiedi(nodo, body, "nodoInviaRPT").await
}

/// The envelope of nodoInviaRPT.
pub fn busta(rpt: &Rpt, canale: &str, password: &str, documento: Vec<u8>) -> String {
    let dati = &rpt.dati_versamento;
    let intestazione = IntestazionePpt {
        identificativo_intermediario_pa: INTERMEDIARIO.to_owned(),
        identificativo_stazione_intermediario_pa: STAZIONE.to_owned(),
        identificativo_dominio: rpt.dominio.identificativo_dominio.clone(),
        identificativo_univoco_versamento: dati.identificativo_univoco_versamento.clone(),
        codice_contesto_pagamento: dati.codice_contesto_pagamento.clone(),
    };
    let broker = canale.split('_').next().unwrap().to_owned();
    let psp = match broker.as_str() {
        "30000000023" => "BLNKIT22",
        "40000000030" => "CRVTIT33",
        _ => "BDIFIT44",
    };
    let invio = NodoInviaRpt {
        password: password.into(),
        identificativo_psp: psp.to_owned(),
        identificativo_intermediario_psp: broker,
        identificativo_canale: canale.to_owned(),
        tipo_firma: Some(String::new()),
        rpt: documento,
    };
    soap::build_with_header(&intestazione, &invio).unwrap()
}

pub fn rpt(iuv: &str, ccp: &str, voci: &[i64], now: DateTime<Utc>) -> Rpt {
    let ora: NaiveDateTime = tempo::ora_di_roma(now);
    let euro = |cents: i64| Importo::from_cents(cents).unwrap();
    let voce = |(numero, cents): (usize, &i64)| DatiSingoloVersamento {
        importo: euro(*cents),
        commissione_carico_pa: None,
        iban_accredito: Some(IBAN_VALTORBIDA.to_owned()),
        bic_accredito: None,
        iban_appoggio: None,
        bic_appoggio: None,
        credenziali_pagatore: None,
        causale: format!("/RFB/{iuv}/{}/TXT/Quota {numero} & però", euro(*cents)),
        dati_specifici_riscossione: format!("9/TARI-{numero}"),
        marca_da_bollo: None,
    };
    Rpt {
        versione_oggetto: VERSIONE.to_owned(),
        dominio: Dominio {
            identificativo_dominio: VALTORBIDA.to_owned(),
            identificativo_stazione_richiedente: Some(STAZIONE.to_owned()),
        },
        identificativo_messaggio_richiesta: format!("MSG-{iuv}"),
        data_ora_messaggio_richiesta: ora,
        autenticazione_soggetto: "N/A".to_owned(),
        soggetto_versante: None,
        soggetto_pagatore: Soggetto::new(TipoSoggetto::F, "VRDGPP80A01H501U", "Giuseppe Verdi"),
        ente_beneficiario: EnteBeneficiario::new(VALTORBIDA, "Comune di Valtorbida"),
        dati_versamento: DatiVersamento {
            data_esecuzione_pagamento: domain::tempo::giorno(now),
            importo_totale_da_versare: euro(voci.iter().sum()),
            tipo_versamento: TipoVersamento::Cp,
            identificativo_univoco_versamento: iuv.to_owned(),
            codice_contesto_pagamento: ccp.to_owned(),
            iban_addebito: None,
            bic_addebito: None,
            firma_ricevuta: "0".to_owned(),
            singoli: (1..).zip(voci).map(voce).collect(),
        },
    }
}

/// The RPT that the ente sends after an activation.
pub fn rpt_po(header: &IntestazionePpt, importo: Importo) -> Rpt {
    let mut rpt = rpt(
        &header.identificativo_univoco_versamento,
        &header.codice_contesto_pagamento,
        &[importo.cents()],
        platform::clock::real_now(),
    );
    rpt.dati_versamento.tipo_versamento = TipoVersamento::Po;
    rpt
}
