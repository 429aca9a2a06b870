//! Rows of the store and the values that travel between handlers, jobs and queries.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::tracciato::{Formato, Gravita, Segnalazione};
use domain::{Event, Importo, StatoTracciato};
use platform::StoreError;
use serde::{Deserialize, Serialize};

pub use crate::blocco::{BloccoRow, Esito, EsitoRiga, RigaVista};
use crate::lettura::Lettura;

/// An uploaded file and how far it is.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = crate::schema::tracciati)]
pub struct Tracciato {
    pub id: i64,
    pub contenuto_id: String,
    pub nome_file: String,
    pub operatore: String,
    pub dimensione: i64,
    pub sha256: String,
    pub codifica: String,
    pub separatore: String,
    pub formato: Option<String>,
    pub colonne: i64,
    #[diesel(column_name = stato)]
    pub nome_stato: String,
    pub righe: i64,
    pub righe_valide: i64,
    pub righe_caricate: i64,
    pub righe_in_errore: i64,
    pub avvisi: i64,
    pub importo_totale: i64,
    pub motivo: Option<String>,
    pub nota: Option<String>,
    pub caricato_at: NaiveDateTime,
    pub validazione_at: Option<NaiveDateTime>,
    pub validato_at: Option<NaiveDateTime>,
    pub caricamento_at: Option<NaiveDateTime>,
    pub concluso_at: Option<NaiveDateTime>,
    pub versione: i64,
    /// How the file is read, as JSON: see [`Tracciato::lettura`].
    #[diesel(column_name = lettura)]
    pub json_lettura: String,
    #[diesel(column_name = politica)]
    pub nome_politica: String,
    /// Validated only, never loaded.
    pub prova: bool,
    #[diesel(column_name = origine)]
    pub nome_origine: String,
    pub stampa_avvisi: bool,
    /// The body of the request, for uploads through the Backoffice API.
    pub id_dominio: Option<String>,
}

/// What becomes of the good rows of a file that has wrong ones too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Politica {
    /// Nothing is loaded until every row is valid.
    #[default]
    TuttoONiente,
    /// The good rows are loaded, the others are told.
    RigaPerRiga,
}

impl Politica {
    pub const TUTTE: [Self; 2] = [Self::TuttoONiente, Self::RigaPerRiga];

    pub fn name(self) -> &'static str {
        match self {
            Self::TuttoONiente => "TUTTO_O_NIENTE",
            Self::RigaPerRiga => "RIGA_PER_RIGA",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::TUTTE.into_iter().find(|p| p.name() == name)
    }
}

/// Where a file came in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Origine {
    /// The pages and the API of the Loader.
    #[default]
    Loader,
    /// GovPay's Backoffice operations.
    Backoffice,
}

impl Origine {
    pub fn name(self) -> &'static str {
        match self {
            Self::Loader => "LOADER",
            Self::Backoffice => "BACKOFFICE",
        }
    }
}

impl Tracciato {
    pub fn stato(&self) -> Result<StatoTracciato, StoreError> {
        StatoTracciato::parse(&self.nome_stato)
            .ok_or_else(|| StoreError::corrupt(format!("stato «{}»", self.nome_stato)))
    }

    pub fn lettura(&self) -> Result<Lettura, StoreError> {
        serde_json::from_str(&self.json_lettura).map_err(StoreError::corrupt)
    }

    pub fn politica(&self) -> Politica {
        Politica::parse(&self.nome_politica).unwrap_or_default()
    }

    pub fn is_backoffice(&self) -> bool {
        self.nome_origine == Origine::Backoffice.name()
    }

    /// Whether nothing more will happen to it by itself.
    pub fn is_concluso(&self) -> bool {
        let stato = StatoTracciato::parse(&self.nome_stato);
        stato.is_some_and(|s| s.is_final() || (self.prova && s == StatoTracciato::ValidazioneOk))
    }

    pub fn formato(&self) -> Option<Formato> {
        self.formato.as_deref().and_then(Formato::parse)
    }

    /// The separator of the file.
    pub fn separatore(&self) -> u8 {
        self.separatore.bytes().next().unwrap_or(b',')
    }

    pub fn importo(&self) -> Importo {
        Importo::from_cents(self.importo_totale).unwrap_or_default()
    }

    /// Rows with an outcome.
    pub fn elaborate(&self) -> i64 {
        if self.caricamento_at.is_some() {
            self.righe_caricate + self.righe_in_errore
        } else {
            0
        }
    }

    /// Whether there is an elaborato: the loading has ended.
    pub fn is_elaborato(&self) -> bool {
        use StatoTracciato::{CaricamentoKo, CaricamentoOk};
        let stato = StatoTracciato::parse(&self.nome_stato);
        matches!(stato, Some(CaricamentoOk | CaricamentoKo))
    }

    pub(crate) fn event(&self) -> Event {
        Event::TracciatoStato {
            id_tracciato: self.id.to_string(),
            nome_file: self.nome_file.clone(),
            stato: self.nome_stato.clone(),
            righe: self.righe,
            righe_valide: self.righe_valide,
            righe_caricate: self.righe_caricate,
            righe_in_errore: self.righe_in_errore,
        }
    }
}

/// What an upload leaves behind.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = crate::schema::tracciati, treat_none_as_default_value = false)]
pub struct NuovoTracciato {
    pub contenuto_id: String,
    pub nome_file: String,
    pub operatore: String,
    pub dimensione: i64,
    pub sha256: String,
    pub codifica: String,
    pub separatore: String,
    pub chiave: Option<String>,
    /// [`Lettura`] as JSON.
    pub lettura: String,
    pub politica: String,
    pub prova: bool,
    pub origine: String,
    pub stampa_avvisi: bool,
    pub id_dominio: Option<String>,
}

/// What became of an upload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caricato {
    Nuovo(i64),
    /// The same form was sent twice: this is the tracciato of the first time.
    GiaFatto(i64),
}

/// Who asks: an operator sees what is of the operator's bodies.
#[derive(Clone, Debug)]
pub enum Visibilita {
    Tutti,
    Limitata {
        principal: String,
        domini: Vec<String>,
    },
}

/// What the list is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Filtro {
    pub nome: Option<String>,
    pub stati: Vec<StatoTracciato>,
    pub id_dominio: Option<String>,
    pub dal: Option<NaiveDateTime>,
    pub al: Option<NaiveDateTime>,
    /// Older than this one.
    pub prima_di: Option<i64>,
    /// Newer than this one, for the page before.
    pub dopo_di: Option<i64>,
}

/// A fault found by the validation.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = crate::schema::segnalazioni)]
pub struct SegnalazioneRow {
    pub id: i64,
    pub riga: i64,
    pub colonna: String,
    pub valore: String,
    pub gravita: String,
    pub problema: String,
    pub suggerimento: String,
}

/// The same, on its way into the store.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = crate::schema::segnalazioni)]
pub struct NuovaSegnalazione {
    pub tracciato_id: i64,
    pub riga: i64,
    pub colonna: String,
    pub valore: String,
    pub gravita: String,
    pub problema: String,
    pub suggerimento: String,
}

impl NuovaSegnalazione {
    pub fn new(tracciato_id: i64, riga: i64, s: Segnalazione) -> Self {
        Self {
            tracciato_id,
            riga,
            colonna: s.colonna,
            valore: s.valore,
            gravita: s.gravita.name().to_owned(),
            problema: s.problema,
            suggerimento: s.suggerimento,
        }
    }

    pub fn is_errore(&self) -> bool {
        self.gravita == Gravita::Errore.name()
    }
}

/// Some blocks that the validation has read.
#[derive(Clone, Debug, Default)]
pub struct Lotto {
    pub blocchi: Vec<BloccoRow>,
    pub segnalazioni: Vec<NuovaSegnalazione>,
    /// Bodies that appear in these rows and did not before.
    pub domini: Vec<String>,
}

/// What the validation concludes.
#[derive(Clone, Debug)]
pub struct Validato {
    pub formato: Option<Formato>,
    pub colonne: i64,
    pub righe: i64,
    pub righe_valide: i64,
    pub avvisi: i64,
    pub importo_totale: i64,
    /// Whether what can be loaded is to be loaded.
    pub valido: bool,
    /// Why not, or why not all.
    pub motivo: Option<String>,
}

/// The numbers of the home page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Contatori {
    pub da_validare: i64,
    pub da_caricare: i64,
    pub con_errori_oggi: i64,
    pub caricati_oggi: i64,
}

/// The own columns of a body for a tipo pendenza.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = crate::schema::mappe)]
pub struct MappaRow {
    pub id_dominio: String,
    pub id_tipo_pendenza: String,
    /// [`domain::tracciato::Mappa`] as JSON.
    pub contenuto: String,
    pub operatore: String,
    pub aggiornata_at: NaiveDateTime,
}
