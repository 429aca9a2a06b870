//! What the upload form offers.

use domain::tracciato::{FormaData, Forme};
use web::{Form, Page};

use crate::app::App;
use crate::operatore::Operatore;
use crate::scelte::Parole;
use crate::tracciato::Politica;

type Opzioni = Vec<(String, String)>;

/// The drop-down lists.
pub struct Scelta {
    pub codifiche: Opzioni,
    pub separatori: Opzioni,
    pub decimali: Opzioni,
    pub date: Opzioni,
    pub mappe: Opzioni,
    pub politiche: Opzioni,
}

impl Scelta {
    pub async fn new(app: &App, page: &Page, chi: &Operatore) -> platform::StoreResult<Self> {
        let coppia = |valore: &str, testo: String| (valore.to_owned(), testo);
        let uguali = |valore: &&str| ((*valore).to_owned(), (*valore).to_owned());
        let mut date = vec![coppia("", page.t("date-riconosci"))];
        date.extend(FormaData::OFFERTE.iter().map(uguali));
        let mut mappe = vec![coppia("", page.t("formato-di-sempre"))];
        for mappa in app.db.list_mappe(chi.domini()).await? {
            let chiave = format!("{}/{}", mappa.id_dominio, mappa.id_tipo_pendenza);
            let ente = app.tenant.dominio(&mappa.id_dominio);
            let ente = ente.map_or(mappa.id_dominio.clone(), |d| d.ragione_sociale.clone());
            mappe.push((chiave, format!("{ente}, {}", mappa.id_tipo_pendenza)));
        }
        Ok(Self {
            codifiche: vec![
                coppia("", page.t("riconosci")),
                coppia("UTF-8", "UTF-8".to_owned()),
                coppia("windows-1252", "Windows-1252".to_owned()),
            ],
            separatori: vec![
                coppia("", page.t("riconosci")),
                coppia(",", page.t("virgola")),
                coppia(";", page.t("punto-e-virgola")),
                coppia("tab", page.t("tabulazione")),
                coppia("|", page.t("barra")),
            ],
            decimali: vec![
                coppia("", page.t("decimali-riconosci")),
                coppia(",", page.t("virgola")),
                coppia(".", page.t("punto")),
            ],
            date,
            mappe,
            politiche: Politica::TUTTE
                .iter()
                .map(|p| (p.name().to_owned(), page.t(testo(*p))))
                .collect(),
        })
    }
}

/// The words for a policy.
pub fn testo(politica: Politica) -> &'static str {
    match politica {
        Politica::TuttoONiente => "politica-tutto-o-niente",
        Politica::RigaPerRiga => "politica-riga-per-riga",
    }
}

/// How amounts and dates are read, when somebody has said so.
pub fn forme(page: &Page, forme: &Forme) -> String {
    let decimale = forme.decimale.map_or_else(
        || page.t("decimali-riconosci"),
        |d| page.t1("decimali-con", "segno", d.segno().to_string()),
    );
    let data = forme
        .data
        .as_ref()
        .map_or_else(|| page.t("date-riconosci"), |data| data.as_str().to_owned());
    format!("{decimale}; {data}")
}

/// The form with what was chosen.
pub fn form(parole: &Parole, prova: &str) -> Form {
    let mut form = Form::new();
    form.set("codifica", &parole.codifica)
        .set("separatore", &parole.separatore)
        .set("decimale", &parole.decimale)
        .set("data", &parole.data)
        .set("mappa", &parole.mappa)
        .set("politica", &parole.politica)
        .set("prova", prova);
    form
}

/// Whether something beside the file was chosen.
pub fn aperte(form: &Form) -> bool {
    let nomi = [
        "codifica",
        "separatore",
        "decimale",
        "data",
        "mappa",
        "politica",
        "prova",
    ];
    nomi.iter().any(|nome| !form.value(nome).is_empty()) || !form.is_ok()
}
