//! An upload that is refused outright: only the file has to be chosen again.

use crate::fixture::{ADMIN, Mondo, Opzioni, molte};
use crate::pagine::{apri, entra};

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_upload_keeps_every_other_choice_and_says_why_beside_its_field() {
    let mondo = Mondo::start_with(Opzioni {
        max_upload_mib: 1,
        max_upload_rows: 5,
        ..Opzioni::default()
    })
    .await;
    let browser = entra(&mondo, ADMIN).await;
    let mappa = "12345678903/MENSA";
    let json = include_str!("../../../../samples/colonne-proprie.json");
    let url = format!("{}/api/v1/mappe/{mappa}", mondo.url);
    let client = platform::http::client(std::time::Duration::from_secs(30)).unwrap();
    let put = client.put(url.as_str()).basic_auth(ADMIN.0, Some(ADMIN.1));
    assert_eq!(put.body(json).send().await.unwrap().status(), 200);
    let scelte = [
        ("codifica", "UTF-8"),
        ("separatore", ";"),
        ("decimale", ","),
        ("data", "aaaa-mm-gg"),
        ("mappa", mappa),
        ("politica", "RIGA_PER_RIGA"),
    ];
    let form = apri(&mondo, &browser, "/tracciati/nuovo").await;
    let form = form
        .fill("Codifica dei caratteri", "UTF-8")
        .fill("Separatore delle colonne", ";")
        .fill("Separatore dei decimali", ",")
        .fill("Forma delle date", "aaaa-mm-gg")
        .fill("Formato delle colonne", mappa)
        .fill("Se ci sono righe errate", "RIGA_PER_RIGA")
        .choose("Solo prova");
    let rifiutati = [
        ("vuoto.csv", b"".to_vec(), "Il file è vuoto"),
        ("foglio.xlsx", molte("Z", 1), "finire con .csv"),
        ("lungo.csv", molte("Z", 9), "Il file ha 10 righe di testo"),
        ("grande.csv", vec![b'x'; 3 << 20], "Il file supera 1 MiB"),
    ];
    for (nome, bytes, motivo) in rifiutati {
        let vista = form.clone().attach("File CSV", nome, &bytes);
        let vista = browser.press(&vista, "Salva").await;
        assert!(matches!(vista.status, 413 | 422), "{nome}");
        let testo = vista.text();
        let (_, dopo) = testo.split_once("id=\"file-errore\"").unwrap();
        assert!(
            dopo.split("</p>").next().unwrap().contains(motivo),
            "{nome}"
        );
        tenute(&testo, &scelte);
        assert!(testo.contains("<details class=\"mb-4\" open>"), "{nome}");
    }

    // The mapping goes while the form is open: the message is beside it, the rest stays.
    let delete = client.delete(url).basic_auth(ADMIN.0, Some(ADMIN.1));
    assert_eq!(delete.send().await.unwrap().status(), 204);
    let vista = form.attach("File CSV", "buono.csv", &molte("Z", 1));
    let vista = browser.press(&vista, "Salva").await;
    assert_eq!(vista.status, 422);
    let testo = vista.text();
    let (_, dopo) = testo.split_once("id=\"mappa-errore\"").unwrap();
    assert!(dopo.contains("Questo formato non c"));
    let altre = scelte.into_iter().filter(|(nome, _)| *nome != "mappa");
    tenute(&testo, &altre.collect::<Vec<_>>());
    let domani = platform::clock::real_now().naive_utc() + chrono::TimeDelta::days(1);
    let rimasti = mondo.db().await.purge_contenuti(domani).await.unwrap();
    assert_eq!(rimasti, 0, "nothing half-saved");
}

/// Each choice is still made in the form, and so is that of a dry run.
fn tenute(testo: &str, scelte: &[(&str, &str)]) {
    for (nome, valore) in scelte {
        let (_, dopo) = testo.split_once(&format!("name=\"{nome}\"")).unwrap();
        let (campo, _) = dopo.split_once("</select>").unwrap();
        let scelta = format!("<option value=\"{valore}\" selected>");
        assert!(campo.contains(&scelta), "{nome}: {campo}");
    }
    let (_, dopo) = testo.split_once("name=\"prova\"").unwrap();
    let (campo, _) = dopo.split_once('>').unwrap();
    assert!(campo.contains("checked"), "{campo}");
}
