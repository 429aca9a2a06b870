//! What people do in the stories, step by step, through the pages.

use test_support::{Browser, Page, World, wait_until};

/// Body with the V1 station (RPT and RT).
pub const VALTORBIDA: &str = "12345678903";
/// Body with the V2 station (modello unico).
pub const TERRE_ESEMPIO: &str = "09876543217";

pub const OPERATORE: (&str, &str) = ("gpadmin", "Gpadmin-Password1");

/// A debt to be loaded: amounts of its voci in euro, with a decimal point.
pub struct Debito {
    pub id: &'static str,
    pub dominio: &'static str,
    pub voci: &'static [&'static str],
}

/// What the elaborato says of a loaded row.
#[derive(Clone, Debug)]
pub struct Caricata {
    pub id_pendenza: String,
    pub dominio: String,
    pub iuv: String,
    pub numero_avviso: String,
    pub qr: String,
    pub barcode: String,
}

/// An account of the body.
fn conto(dominio: &str) -> &'static str {
    match dominio {
        VALTORBIDA => "IT41Q1234501600000000123456",
        _ => "IT71E5432103200000000777001",
    }
}

/// The tracciato of these debts, in the standard layout by header name.
pub fn tracciato(debiti: &[Debito]) -> Vec<u8> {
    let mut header: Vec<String> = [
        "idA2A",
        "idPendenza",
        "idDominio",
        "tipoPendenza",
        "causale",
        "importo",
        "dataScadenza",
        "tipoSoggettoPagatore",
        "identificativoPagatore",
        "anagraficaPagatore",
        "emailPagatore",
    ]
    .map(str::to_owned)
    .to_vec();
    for n in 1..=5 {
        for column in [
            "idVoce",
            "importoVoce",
            "descrizioneVoce",
            "ibanAccreditoVoce",
        ] {
            header.push(format!("{column}{n}"));
        }
        header.push(format!("tipoContabilitaVoce{n}"));
        header.push(format!("codiceContabilitaVoce{n}"));
    }
    let mut writer = csv::Writer::from_writer(vec![]);
    writer.write_record(&header).unwrap();
    for debito in debiti {
        let cents: i64 = debito
            .voci
            .iter()
            .map(|v| v.replace('.', "").parse::<i64>().unwrap())
            .sum();
        let iban = conto(debito.dominio);
        let mut row: Vec<String> = [
            "GESTIONALE",
            debito.id,
            debito.dominio,
            "LIBERO",
            "Servizio di prova, città e però",
            &format!("{}.{:02}", cents / 100, cents % 100),
            "2030-12-31",
            "F",
            "VRDGPP80A01H501U",
            "Giuseppe Verdi",
            "giuseppe.verdi@esempio.example",
        ]
        .map(str::to_owned)
        .to_vec();
        for n in 0..5 {
            match debito.voci.get(n) {
                Some(importo) => row.extend(
                    [
                        &format!("V{}", n + 1),
                        *importo,
                        &format!("Voce {}", n + 1),
                        iban,
                        "ALTRO",
                        "PROVA",
                    ]
                    .map(str::to_owned),
                ),
                None => row.extend([const { String::new() }; 6]),
            }
        }
        writer.write_record(&row).unwrap();
    }
    writer.into_inner().unwrap()
}

/// Enters the loader.
pub async fn accedi(world: &World, browser: &Browser) -> Page {
    let login = browser
        .open(&format!("{}/login", world.url("loader")))
        .await;
    let login = login
        .fill("Nome utente", OPERATORE.0)
        .fill("Password", OPERATORE.1);
    browser.press(&login, "Accedi").await
}

/// Uploads a file through the pages; the list that is shown after "Salva".
pub async fn carica_file(world: &World, browser: &Browser, name: &str, content: &[u8]) -> Page {
    let form = browser
        .open(&format!("{}/tracciati/nuovo", world.url("loader")))
        .await;
    browser
        .press(&form.attach("File CSV", name, content), "Salva")
        .await
}

/// Opens the detail of a file from the list and waits until its state is one of those.
pub async fn attendi_stato(world: &World, browser: &Browser, name: &str, stati: &[&str]) -> Page {
    let list = browser
        .open(&format!("{}/tracciati", world.url("loader")))
        .await;
    let detail = list
        .link(name)
        .unwrap_or_else(|| panic!("{name} is not in the list"));
    wait_until(&format!("{name} is {stati:?}"), || async {
        let page = browser.open(detail.as_str()).await;
        let text = page.visible_text();
        if stati.iter().any(|stato| text.contains(stato)) {
            Ok(page)
        } else {
            Err(text)
        }
    })
    .await
}

/// The whole way from a file to avvisi: upload, wait, read the elaborato.
pub async fn carica(world: &World, debiti: &[Debito]) -> Vec<Caricata> {
    let browser = world.browser();
    accedi(world, &browser).await;
    let csv = tracciato(debiti);
    carica_file(world, &browser, "storia.csv", &csv)
        .await
        .expect("storia.csv");
    let detail = attendi_stato(world, &browser, "storia.csv", &["Caricamento OK"]).await;
    elaborato(&browser.click(&detail, "Tracciato Elaborato").await.body)
}

/// The loaded rows of an elaborato.
pub fn elaborato(bytes: &[u8]) -> Vec<Caricata> {
    let mut reader = csv::Reader::from_reader(bytes);
    let header = reader.headers().unwrap().clone();
    let column = |name: &str| {
        header
            .iter()
            .position(|h| h == name)
            .unwrap_or_else(|| panic!("{name} in {header:?}"))
    };
    reader
        .records()
        .map(|record| {
            let record = record.unwrap();
            let cell = |name: &str| record[column(name)].to_owned();
            Caricata {
                id_pendenza: cell("idPendenza"),
                dominio: cell("idDominio"),
                iuv: cell("IUV"),
                numero_avviso: cell("numeroAvviso"),
                qr: cell("QR"),
                barcode: cell("barcode"),
            }
        })
        .collect()
}

/// Types the avviso on the portal's home page; the page of the pendenza (or the message).
pub async fn cerca_avviso(world: &World, browser: &Browser, avviso: &Caricata) -> Page {
    let home = browser.open(&world.url("portale-ente")).await;
    let home = home.fill("Codice avviso", &avviso.numero_avviso);
    let home = home.fill("ente creditore", &avviso.dominio);
    browser.press(&home, "Cerca l'avviso").await
}

/// From the avviso to the portal's confirmation page, choosing method and PSP on WISP.
pub async fn scegli_psp(world: &World, browser: &Browser, avviso: &Caricata, psp: &str) -> Page {
    let pendenza = cerca_avviso(world, browser, avviso).await;
    let wisp = browser.press(&pendenza, "Paga").await;
    assert!(
        wisp.url.as_str().starts_with(&world.url("wisp")),
        "{}",
        wisp.url
    );
    let back = browser.press(&wisp.choose(psp), "Continua").await;
    browser.press(&back, "Torna").await
}

/// From the avviso to where "Conferma" leads: the PSP, or the portal for a deferred payment.
pub async fn conferma(world: &World, browser: &Browser, avviso: &Caricata, psp: &str) -> Page {
    let page = scegli_psp(world, browser, avviso, psp).await;
    let page = page.fill("Email", "giuseppe.verdi@esempio.example");
    browser.press(&page, "Conferma").await
}
