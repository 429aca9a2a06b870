//! C2: the pendenze, asked from the core; from the projection when the core does not answer.

use actix_web::web::Query;
use askama::Template;
use domain::Importo;
use domain::pendenza::StatoPendenzaShown;
use govpay_api::{ClientResult, FiltroPendenze as Domanda, Lista, Pendenza};
use serde::Deserialize;
use web::badge::Stato as _;
use web::{Form, Page, PageResult, render};

use super::{core_says, pendenza_url, some, with_query};
use crate::accesso::Banco;
use crate::filtri::{FiltroPendenze, Visibili};
use crate::ricostruzione::continua;
use crate::visti::PendenzaVista;

const RIGHE: i64 = 25;

#[derive(Template)]
#[template(path = "pendenze.html")]
struct Pendenze {
    page: Page,
    cerca: String,
    form: Form,
    stati: Vec<(String, String)>,
    domini: Vec<(String, String)>,
    righe: Vec<Riga>,
    /// Why the list is not the core's.
    core_giu: Option<String>,
    prima: Option<String>,
    dopo: Option<String>,
}

struct Riga {
    href: String,
    id_pendenza: String,
    id_a2a: String,
    ente: String,
    causale: Option<String>,
    numero_avviso: Option<String>,
    importo: Importo,
    stato: String,
}

#[derive(Deserialize)]
pub struct Parametri {
    #[serde(default)]
    stato: String,
    #[serde(default)]
    dominio: String,
    #[serde(default)]
    testo: String,
    #[serde(default)]
    pagina: String,
}

impl Parametri {
    fn pagina(&self) -> i64 {
        self.pagina
            .parse()
            .ok()
            .filter(|n| (1..=10_000).contains(n))
            .unwrap_or(1)
    }

    fn address(&self, pagina: i64) -> String {
        let pagina = if pagina == 1 {
            String::new()
        } else {
            pagina.to_string()
        };
        let pairs = [
            ("stato", self.stato.as_str()),
            ("dominio", &self.dominio),
            ("testo", &self.testo),
            ("pagina", &pagina),
        ];
        with_query("/pendenze", &pairs)
    }

    /// A page of the core's list. The core is asked as administrator: the body is always named for
    /// who does not see all of them.
    async fn ask(&self, banco: &Banco, dominio: Option<String>) -> ClientResult<Lista<Pendenza>> {
        let mut domanda = Domanda {
            pagina: Some(self.pagina()),
            risultati_per_pagina: Some(RIGHE),
            id_dominio: dominio,
            stato: some(&self.stato),
            ..Domanda::default()
        };
        match some(&self.testo).map(|text| text.replace(' ', "")) {
            Some(text) if text.bytes().all(|b| b.is_ascii_digit()) => {
                // Of a numero avviso, the core's list knows the IUV.
                let iuv = domain::NumeroAvviso::parse(&text).map(|n| n.iuv().to_string());
                domanda.iuv = Some(iuv.unwrap_or(text));
            }
            text => domanda.id_pendenza = text,
        }
        banco.app.core.list_pendenze(&domanda).await
    }
}

pub async fn elenco(banco: Banco, query: Query<Parametri>) -> PageResult {
    let app = &banco.app;
    let mut domini = app.domini(&banco.chi.visibili);
    let dominio = some(&query.dominio).filter(|id| banco.chi.visibili.sees(id));
    let dominio = match &banco.chi.visibili {
        Visibili::Tutti => dominio,
        Visibili::Solo(ids) => dominio.or_else(|| ids.first().cloned()),
    };
    let page = banco.page.clone().titled("pendenze");
    let (righe, more, core_giu) = match query.ask(&banco, dominio.clone()).await {
        Ok(list) => {
            let more = continua(&list);
            let visible = list
                .risultati
                .into_iter()
                .filter(|p| banco.chi.visibili.sees(&p.dominio.id_dominio));
            (visible.map(|p| of_core(&banco, p)).collect(), more, None)
        }
        Err(error) => {
            let filtro = FiltroPendenze {
                id_dominio: dominio.clone(),
                stato: some(&query.stato),
                testo: some(&query.testo).map(|text| text.replace(' ', "")),
            };
            let offset = (query.pagina() - 1) * RIGHE;
            let rows = app
                .db
                .list_pendenze(banco.chi.visibili.clone(), filtro, RIGHE, offset)
                .await?;
            let more = i64::try_from(rows.len()).is_ok_and(|n| n == RIGHE);
            let rows = rows
                .into_iter()
                .map(|row| of_projection(&banco, row))
                .collect();
            (rows, more, Some(core_says(&page, &error)))
        }
    };
    let mut form = Form::new();
    form.set("stato", &query.stato)
        .set("dominio", dominio.unwrap_or_default())
        .set("testo", &query.testo);
    if banco.chi.visibili == Visibili::Tutti {
        domini.insert(0, (String::new(), page.t("tutti-gli-enti")));
    }
    let mut stati = vec![(String::new(), page.t("stato-tutti"))];
    stati.extend(StatoPendenzaShown::ALL.map(|stato| {
        (
            stato.name().to_owned(),
            stato.badge().label(page.lang()).to_owned(),
        )
    }));
    let pagina = query.pagina();
    render(&Pendenze {
        cerca: String::new(),
        form,
        stati,
        domini,
        righe,
        core_giu,
        prima: (pagina > 1).then(|| query.address(pagina - 1)),
        dopo: more.then(|| query.address(pagina + 1)),
        page,
    })
}

fn of_core(banco: &Banco, p: Pendenza) -> Riga {
    Riga {
        href: pendenza_url(&p.id_a2a, &p.id_pendenza),
        ente: banco.app.ente(&p.dominio.id_dominio).to_owned(),
        causale: some(&p.causale),
        numero_avviso: p.numero_avviso,
        importo: p.importo,
        stato: p.stato,
        id_pendenza: p.id_pendenza,
        id_a2a: p.id_a2a,
    }
}

fn of_projection(banco: &Banco, row: PendenzaVista) -> Riga {
    Riga {
        href: pendenza_url(&row.id_a2a, &row.id_pendenza),
        ente: banco.app.ente(&row.id_dominio).to_owned(),
        causale: None,
        importo: row.importo(),
        numero_avviso: row.numero_avviso,
        stato: row.stato,
        id_pendenza: row.id_pendenza,
        id_a2a: row.id_a2a,
    }
}
