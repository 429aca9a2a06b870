//! Bodies and callers as the tenant file declares them, and as they are kept.

use anyhow::Context as _;
use diesel::prelude::*;
use platform::Settings;
use tenant::{Tenant, VersioneStazione};

use crate::db::Db;

macro_rules! row {
    ($(#[$meta:meta])* $name:ident in $table:ident { $($field:ident : $ty:ty),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Insertable, Queryable, Selectable)]
        #[diesel(table_name = crate::schema::$table, treat_none_as_default_value = false)]
        pub struct $name { $(pub $field: $ty,)* }
    };
}

row!(IntermediarioSeme in intermediari {
    id_intermediario: String, denominazione: String, url_nodo: Option<String>, abilitato: bool,
});
row!(StazioneSeme in stazioni {
    id_stazione: String, id_intermediario: String, versione: String, password: String,
    application_code: i32, abilitato: bool,
});
row!(DominioSeme in domini {
    id_dominio: String, ragione_sociale: String, gln: Option<String>, aux_digit: i32,
    segregation_code: Option<i32>, iuv_prefix: String, id_stazione: String,
    cbill: Option<String>, indirizzo: Option<String>, civico: Option<String>,
    cap: Option<String>, localita: Option<String>, provincia: Option<String>,
    web: Option<String>, pec: Option<String>, tel: Option<String>, abilitato: bool,
});
row!(ContoSeme in conti {
    id_dominio: String, iban: String, postale: bool, descrizione: Option<String>, abilitato: bool,
});
row!(EntrataSeme in entrate {
    id_dominio: String, id_entrata: String, descrizione: String, tipo_contabilita: String,
    codice_contabilita: String, iban_accredito: String, iban_appoggio: Option<String>,
    abilitato: bool,
});
row!(TipoPendenzaSeme in tipi_pendenza {
    id_dominio: String, id_tipo_pendenza: String, descrizione: String, abilitato: bool,
});
row!(
    /// Software of a body. `domini` is a JSON array of idDominio, or `["*"]`.
    ApplicazioneRow in applicazioni {
        id_a2a: String, principal: String, password: String, domini: String, api_pendenze: bool,
        api_pagamenti: bool, api_ragioneria: bool, abilitato: bool,
    }
);
row!(
    /// A person. `domini` as above.
    OperatoreRow in operatori {
        principal: String, nome: String, password: String, domini: String, amministratore: bool,
        abilitato: bool,
    }
);

/// What is sown into an empty archive.
#[derive(Default)]
pub struct Semina {
    pub intermediari: Vec<IntermediarioSeme>,
    pub stazioni: Vec<StazioneSeme>,
    pub domini: Vec<DominioSeme>,
    pub conti: Vec<ContoSeme>,
    pub entrate: Vec<EntrataSeme>,
    pub tipi_pendenza: Vec<TipoPendenzaSeme>,
    pub applicazioni: Vec<ApplicazioneRow>,
    pub operatori: Vec<OperatoreRow>,
}

/// Sows an empty archive from the tenant file, or with the lone administrator of the settings. An
/// archive that was sown before is left as it is.
pub async fn semina(db: &Db, tenant: &Tenant, settings: &Settings) -> anyhow::Result<()> {
    if !db.is_empty().await? {
        return Ok(());
    }
    let mut semina = Semina::from_tenant(tenant)?;
    if let (Some(principal), Some(password)) = (&settings.admin_user, &settings.admin_password) {
        semina
            .operatori
            .retain(|operatore| operatore.principal != *principal);
        semina.operatori.push(operatore(
            principal,
            "Amministratore",
            password,
            &["*".to_owned()],
            true,
        )?);
    }
    anyhow::ensure!(
        !semina.operatori.is_empty(),
        "l'archivio è vuoto e nessuno potrebbe entrare: indica l'amministratore con GOVPAY_ADMIN_USER e GOVPAY_ADMIN_PASSWORD"
    );
    db.semina(semina).await?;
    Ok(())
}

fn hash(password: &str) -> anyhow::Result<String> {
    web::login::hash_password(password)
        .map_err(|e| anyhow::anyhow!("la password non si cifra: {e}"))
}

fn operatore(
    principal: &str,
    nome: &str,
    password: &str,
    domini: &[String],
    amministratore: bool,
) -> anyhow::Result<OperatoreRow> {
    Ok(OperatoreRow {
        principal: principal.to_owned(),
        nome: nome.to_owned(),
        password: hash(password)?,
        domini: serde_json::to_string(domini)?,
        amministratore,
        abilitato: true,
    })
}

impl Semina {
    fn from_tenant(tenant: &Tenant) -> anyhow::Result<Self> {
        let mut semina = Self::default();
        for intermediario in &tenant.intermediari {
            semina.intermediari.push(IntermediarioSeme {
                id_intermediario: intermediario.id.clone(),
                denominazione: intermediario.denominazione.clone(),
                url_nodo: intermediario.url_nodo.as_ref().map(ToString::to_string),
                abilitato: true,
            });
        }
        for stazione in &tenant.stazioni {
            let code = stazione
                .application_code()
                .context("una stazione senza codice")?;
            semina.stazioni.push(StazioneSeme {
                id_stazione: stazione.id.clone(),
                id_intermediario: stazione.intermediario().to_owned(),
                versione: match stazione.versione {
                    VersioneStazione::V1 => "V1".to_owned(),
                    VersioneStazione::V2 => "V2".to_owned(),
                },
                password: stazione.password.reveal().to_owned(),
                application_code: code.into(),
                abilitato: true,
            });
        }
        for dominio in &tenant.domini {
            semina.push_dominio(dominio);
        }
        for applicazione in &tenant.applicazioni {
            semina.applicazioni.push(ApplicazioneRow {
                id_a2a: applicazione.id_a2a.clone(),
                principal: applicazione.principal.clone(),
                password: hash(applicazione.password.reveal())?,
                domini: serde_json::to_string(&applicazione.domini)?,
                api_pendenze: applicazione.api_pendenze,
                api_pagamenti: applicazione.api_pagamenti,
                api_ragioneria: applicazione.api_ragioneria,
                abilitato: true,
            });
        }
        for person in &tenant.operatori {
            let password = person.password.reveal();
            let row = operatore(
                &person.principal,
                &person.nome,
                password,
                &person.domini,
                person.amministratore,
            )?;
            semina.operatori.push(row);
        }
        Ok(semina)
    }

    fn push_dominio(&mut self, dominio: &tenant::Dominio) {
        let id_dominio = dominio.id.to_string();
        self.domini.push(DominioSeme {
            id_dominio: id_dominio.clone(),
            ragione_sociale: dominio.ragione_sociale.clone(),
            gln: dominio.gln.clone(),
            aux_digit: dominio.aux_digit.into(),
            segregation_code: dominio.segregation_code.map(Into::into),
            iuv_prefix: dominio.iuv_prefix.clone(),
            id_stazione: dominio.stazione.clone(),
            cbill: dominio.cbill.clone(),
            indirizzo: dominio.indirizzo.clone(),
            civico: dominio.civico.clone(),
            cap: dominio.cap.clone(),
            localita: dominio.localita.clone(),
            provincia: dominio.provincia.clone(),
            web: dominio.web.clone(),
            pec: dominio.pec.clone(),
            tel: dominio.tel.clone(),
            abilitato: true,
        });
        self.conti
            .extend(dominio.conti.iter().map(|conto| ContoSeme {
                id_dominio: id_dominio.clone(),
                iban: conto.iban.clone(),
                postale: conto.postale,
                descrizione: conto.descrizione.clone(),
                abilitato: true,
            }));
        self.entrate
            .extend(dominio.entrate.iter().map(|entrata| EntrataSeme {
                id_dominio: id_dominio.clone(),
                id_entrata: entrata.id.clone(),
                descrizione: entrata.descrizione.clone(),
                tipo_contabilita: entrata.tipo_contabilita.clone(),
                codice_contabilita: entrata.codice_contabilita.clone(),
                iban_accredito: entrata.iban_accredito.clone(),
                iban_appoggio: entrata.iban_appoggio.clone(),
                abilitato: true,
            }));
        self.tipi_pendenza
            .extend(dominio.tipi_pendenza.iter().map(|tipo| TipoPendenzaSeme {
                id_dominio: id_dominio.clone(),
                id_tipo_pendenza: tipo.id.clone(),
                descrizione: tipo.descrizione.clone(),
                abilitato: true,
            }));
    }
}
