//! Bodies and callers as the tenant file declares them, and as they are kept.

use anyhow::Context as _;
use diesel::prelude::*;
use platform::Settings;
use tenant::{Tenant, VersioneStazione};

use crate::db::Db;

/// A row that is written whole, over the one with its key, and read back.
macro_rules! row {
    ($(#[$meta:meta])* $name:ident in $table:ident by ($($key:ident),+) { $($field:ident : $ty:ty),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Insertable, AsChangeset, Queryable, Selectable)]
        #[diesel(table_name = crate::schema::$table, primary_key($($key),+))]
        #[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
        pub struct $name { $(pub $field: $ty,)* }
    };
}

row!(
    /// `dettaglio`, here and below: the fields of the contract that have no column, as its JSON.
    RigaIntermediario in intermediari by (id_intermediario) {
        id_intermediario: String, denominazione: String, url_nodo: Option<String>, abilitato: bool,
        dettaglio: String,
    }
);
row!(RigaStazione in stazioni by (id_stazione) {
    id_stazione: String, id_intermediario: String, versione: String, password: String,
    application_code: i32, abilitato: bool,
});
row!(
    /// `id_stazione` is null for a body that is a beneficiary of others' pendenze only; `logo` is base64.
    RigaDominio in domini by (id_dominio) {
        id_dominio: String, ragione_sociale: String, gln: Option<String>, aux_digit: i32,
        segregation_code: Option<i32>, iuv_prefix: String, id_stazione: Option<String>,
        cbill: Option<String>, indirizzo: Option<String>, civico: Option<String>,
        cap: Option<String>, localita: Option<String>, provincia: Option<String>,
        web: Option<String>, pec: Option<String>, tel: Option<String>, abilitato: bool,
        logo: Option<String>, dettaglio: String,
    }
);
row!(RigaUnitaOperativa in unita_operative by (id_dominio, id_unita) {
    id_dominio: String, id_unita: String, ragione_sociale: String, abilitato: bool,
    dettaglio: String,
});
row!(RigaConto in conti by (id_dominio, iban) {
    id_dominio: String, iban: String, postale: bool, descrizione: Option<String>, abilitato: bool,
    dettaglio: String,
});
row!(RigaTipoEntrata in tipi_entrata by (id_entrata) {
    id_entrata: String, descrizione: String, tipo_contabilita: String, codice_contabilita: String,
});
row!(
    /// What is null is as in the [`RigaTipoEntrata`].
    RigaEntrata in entrate by (id_dominio, id_entrata) {
        id_dominio: String, id_entrata: String, tipo_contabilita: Option<String>,
        codice_contabilita: Option<String>, iban_accredito: String, iban_appoggio: Option<String>,
        abilitato: bool,
    }
);
row!(RigaTipoPendenza in tipi_pendenza by (id_tipo_pendenza) {
    id_tipo_pendenza: String, descrizione: String, abilitato: bool, dettaglio: String,
});
row!(
    /// What is not in `dettaglio` is as in the [`RigaTipoPendenza`].
    RigaTipoPendenzaDominio in tipi_pendenza_dominio by (id_dominio, id_tipo_pendenza) {
        id_dominio: String, id_tipo_pendenza: String, abilitato: bool, dettaglio: String,
    }
);
row!(
    /// Rights under a name; `acl` is a JSON array of `NuovaAcl`.
    RigaRuolo in ruoli by (id_ruolo) { id_ruolo: String, acl: String }
);
row!(
    /// Software of a body. `domini` is a JSON array of idDominio, or `["*"]`; `tipi_pendenza` and
    /// `ruoli` are arrays of names.
    ApplicazioneRow in applicazioni by (id_a2a) {
        id_a2a: String, principal: String, password: String, domini: String, api_pendenze: bool,
        api_pagamenti: bool, api_ragioneria: bool, abilitato: bool, tipi_pendenza: String,
        acl: String, ruoli: String, dettaglio: String,
    }
);
row!(
    /// A person. The arrays as above.
    OperatoreRow in operatori by (principal) {
        principal: String, nome: String, password: String, domini: String, abilitato: bool,
        tipi_pendenza: String, acl: String, ruoli: String,
    }
);

/// The role of who may do everything.
pub const AMMINISTRATORE: &str = "Amministratore";
/// The role of the people of an office.
pub const UFFICIO: &str = "Ufficio";
/// No fields beside the columns.
const NIENTE: &str = "{}";
/// All bodies, or all kinds of debt.
const TUTTI: &str = r#"["*"]"#;

/// What is sown into an empty archive.
#[derive(Default)]
pub struct Semina {
    pub intermediari: Vec<RigaIntermediario>,
    pub stazioni: Vec<RigaStazione>,
    pub domini: Vec<RigaDominio>,
    pub conti: Vec<RigaConto>,
    pub entrate: Vec<RigaEntrata>,
    pub tipi_entrata: Vec<RigaTipoEntrata>,
    pub tipi_pendenza: Vec<RigaTipoPendenza>,
    pub tipi_pendenza_dominio: Vec<RigaTipoPendenzaDominio>,
    pub applicazioni: Vec<ApplicazioneRow>,
    pub operatori: Vec<OperatoreRow>,
}

/// Sows an empty archive from the tenant file, or with the lone administrator of the settings. An
/// archive that was sown before is left as it is.
pub async fn semina(db: &Db, tenant: &Tenant, settings: &Settings) -> anyhow::Result<()> {
    if !settings.is_demo() {
        rifiuta_password_note(db, tenant, settings).await?;
    }
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

/// Outside the demo nobody enters with a password that everybody can read in its tenant file: neither one
/// that is about to be sown nor one that is in the archive.
async fn rifiuta_password_note(
    db: &Db,
    tenant: &Tenant,
    settings: &Settings,
) -> anyhow::Result<()> {
    let demo = Tenant::load(None)?;
    let note = utenze(&demo);
    let admin = settings
        .admin_user
        .as_deref()
        .zip(settings.admin_password.as_deref());
    for (principal, password) in utenze(tenant).into_iter().chain(admin) {
        anyhow::ensure!(
            !note.iter().any(|(_, nota)| *nota == password),
            "la password di '{principal}' è una di quelle del tenant dimostrativo, che tutti conoscono: cambiala"
        );
    }
    for (principal, password) in note {
        let person = db.find_operatore(principal.to_owned()).await?;
        let person = person.filter(|row| row.abilitato).map(|row| row.password);
        let software = db.find_applicazione(principal.to_owned()).await?;
        let software = software.filter(|row| row.abilitato).map(|row| row.password);
        let Some(hash) = person.or(software) else {
            continue;
        };
        anyhow::ensure!(
            !web::login::verify_password(Some(hash), password.to_owned()).await?,
            "nell'archivio '{principal}' ha la password del tenant dimostrativo, che tutti conoscono: cambiala avviando il tenant dimostrativo, o comincia da un archivio vuoto"
        );
    }
    Ok(())
}

/// Principal and password of who calls the core.
fn utenze(tenant: &Tenant) -> Vec<(&str, &str)> {
    let people = tenant
        .operatori
        .iter()
        .map(|o| (o.principal.as_str(), o.password.reveal()));
    let software = tenant
        .applicazioni
        .iter()
        .map(|a| (a.principal.as_str(), a.password.reveal()));
    people.chain(software).collect()
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
    let ruolo = if amministratore {
        AMMINISTRATORE
    } else {
        UFFICIO
    };
    Ok(OperatoreRow {
        principal: principal.to_owned(),
        nome: nome.to_owned(),
        password: hash(password)?,
        domini: serde_json::to_string(domini)?,
        abilitato: true,
        tipi_pendenza: TUTTI.to_owned(),
        acl: "[]".to_owned(),
        ruoli: serde_json::to_string(&[ruolo])?,
    })
}

impl Semina {
    fn from_tenant(tenant: &Tenant) -> anyhow::Result<Self> {
        let mut semina = Self::default();
        for intermediario in &tenant.intermediari {
            semina.intermediari.push(RigaIntermediario {
                id_intermediario: intermediario.id.clone(),
                denominazione: intermediario.denominazione.clone(),
                url_nodo: intermediario.url_nodo.as_ref().map(ToString::to_string),
                abilitato: true,
                dettaglio: NIENTE.to_owned(),
            });
        }
        for stazione in &tenant.stazioni {
            let code = stazione
                .application_code()
                .context("una stazione senza codice")?;
            semina.stazioni.push(RigaStazione {
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
                tipi_pendenza: TUTTI.to_owned(),
                acl: "[]".to_owned(),
                ruoli: "[]".to_owned(),
                dettaglio: NIENTE.to_owned(),
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
        self.domini.push(RigaDominio {
            id_dominio: id_dominio.clone(),
            ragione_sociale: dominio.ragione_sociale.clone(),
            gln: dominio.gln.clone(),
            aux_digit: dominio.aux_digit.into(),
            segregation_code: dominio.segregation_code.map(Into::into),
            iuv_prefix: dominio.iuv_prefix.clone(),
            id_stazione: Some(dominio.stazione.clone()),
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
            logo: None,
            dettaglio: NIENTE.to_owned(),
        });
        self.conti
            .extend(dominio.conti.iter().map(|conto| RigaConto {
                id_dominio: id_dominio.clone(),
                iban: conto.iban.clone(),
                postale: conto.postale,
                descrizione: conto.descrizione.clone(),
                abilitato: true,
                dettaglio: NIENTE.to_owned(),
            }));
        self.push_entrate(&id_dominio, dominio);
        self.push_tipi(&id_dominio, dominio);
    }

    fn push_entrate(&mut self, id_dominio: &str, dominio: &tenant::Dominio) {
        for entrata in &dominio.entrate {
            let tipo = RigaTipoEntrata {
                id_entrata: entrata.id.clone(),
                descrizione: entrata.descrizione.clone(),
                tipo_contabilita: entrata.tipo_contabilita.clone(),
                codice_contabilita: entrata.codice_contabilita.clone(),
            };
            if !self
                .tipi_entrata
                .iter()
                .any(|t| t.id_entrata == tipo.id_entrata)
            {
                self.tipi_entrata.push(tipo);
            }
            self.entrate.push(RigaEntrata {
                id_dominio: id_dominio.to_owned(),
                id_entrata: entrata.id.clone(),
                tipo_contabilita: Some(entrata.tipo_contabilita.clone()),
                codice_contabilita: Some(entrata.codice_contabilita.clone()),
                iban_accredito: entrata.iban_accredito.clone(),
                iban_appoggio: entrata.iban_appoggio.clone(),
                abilitato: true,
            });
        }
    }

    fn push_tipi(&mut self, id_dominio: &str, dominio: &tenant::Dominio) {
        for tipo in &dominio.tipi_pendenza {
            if !self
                .tipi_pendenza
                .iter()
                .any(|t| t.id_tipo_pendenza == tipo.id)
            {
                self.tipi_pendenza.push(RigaTipoPendenza {
                    id_tipo_pendenza: tipo.id.clone(),
                    descrizione: tipo.descrizione.clone(),
                    abilitato: true,
                    dettaglio: NIENTE.to_owned(),
                });
            }
            self.tipi_pendenza_dominio.push(RigaTipoPendenzaDominio {
                id_dominio: id_dominio.to_owned(),
                id_tipo_pendenza: tipo.id.clone(),
                abilitato: true,
                dettaglio: NIENTE.to_owned(),
            });
        }
    }
}
