//! Shapes of the API.

use chrono::{DateTime, NaiveDateTime, Utc};
use domain::Importo;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::tracciato::{RigaRow, SegnalazioneRow, Tracciato};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct NuovoQuery {
    /// Name of the file.
    pub nome: Option<String>,
    /// `UTF-8` or `windows-1252`; found out when absent.
    pub codifica: Option<String>,
    /// `,`, `;`, `tab` or `|`; found out when absent.
    pub separatore: Option<String>,
    /// Whether the same bytes may be loaded again.
    #[serde(default)]
    pub doppio: bool,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TracciatiQuery {
    /// Part of the file's name.
    pub nome: Option<String>,
    /// `NUOVO`, `VALIDAZIONE_KO`, …
    pub stato: Option<String>,
    /// With rows of this body.
    pub id_dominio: Option<String>,
    /// Only those before this id: `prossima` of the page before.
    pub prima: Option<i64>,
    /// 1 to 1000, 100 when absent.
    pub limite: Option<i64>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct PaginaQuery {
    /// Only those after this number.
    pub dopo: Option<i64>,
    /// 1 to 1000, 100 when absent.
    pub limite: Option<i64>,
    /// Segnalazioni only: the warnings instead of the errors.
    #[serde(default)]
    pub avvisi: bool,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ElencoTracciati {
    pub tracciati: Vec<TracciatoView>,
    /// Value of `prima` for the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prossima: Option<i64>,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TracciatoView {
    pub id: i64,
    pub nome_file: String,
    /// `NUOVO`, `IN_VALIDAZIONE`, `VALIDAZIONE_OK`, `VALIDAZIONE_KO`, `IN_CARICAMENTO`,
    /// `CARICAMENTO_OK`, `CARICAMENTO_KO`.
    pub stato: String,
    pub operatore: String,
    /// Bytes.
    pub dimensione: i64,
    pub sha256: String,
    pub codifica: String,
    pub separatore: String,
    /// `STANDARD_87` or `ADD_DEL`; absent until the validation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub formato: Option<String>,
    pub righe: i64,
    pub righe_valide: i64,
    pub righe_caricate: i64,
    pub righe_in_errore: i64,
    pub avvisi: i64,
    /// Euro with two decimals, of the valid rows.
    #[schema(value_type = String)]
    pub importo_totale: Importo,
    /// Why it is not valid, or not all loaded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub motivo: Option<String>,
    /// What it is waiting for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nota: Option<String>,
    pub caricato_il: DateTime<Utc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub validato_il: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub concluso_il: Option<DateTime<Utc>>,
}

impl From<Tracciato> for TracciatoView {
    fn from(t: Tracciato) -> Self {
        let utc = |at: NaiveDateTime| at.and_utc();
        Self {
            importo_totale: t.importo(),
            id: t.id,
            nome_file: t.nome_file,
            stato: t.nome_stato,
            operatore: t.operatore,
            dimensione: t.dimensione,
            sha256: t.sha256,
            codifica: t.codifica,
            separatore: t.separatore,
            formato: t.formato,
            righe: t.righe,
            righe_valide: t.righe_valide,
            righe_caricate: t.righe_caricate,
            righe_in_errore: t.righe_in_errore,
            avvisi: t.avvisi,
            motivo: t.motivo,
            nota: t.nota,
            caricato_il: utc(t.caricato_at),
            validato_il: t.validato_at.map(utc),
            concluso_il: t.concluso_at.map(utc),
        }
    }
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RigaView {
    /// From 1; blank lines do not count.
    pub numero: i64,
    /// Line of the file.
    pub riga: i64,
    /// `ADD`, `DEL`, `N_V`.
    pub operazione: String,
    #[serde(rename = "idA2A")]
    pub id_a2a: String,
    pub id_pendenza: String,
    pub id_dominio: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub importo: Option<Importo>,
    /// `ADD_OK`, `ADD_KO`, `DEL_OK`, `DEL_KO`; absent until the row is loaded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub esito: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub errore: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iuv: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub numero_avviso: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qrcode: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub barcode: Option<String>,
}

impl From<RigaRow> for RigaView {
    fn from(r: RigaRow) -> Self {
        Self {
            importo: r.importo(),
            numero: r.numero,
            riga: r.riga,
            operazione: r.operazione,
            id_a2a: r.id_a2a,
            id_pendenza: r.id_pendenza,
            id_dominio: r.id_dominio,
            esito: r.esito,
            errore: r.errore,
            iuv: r.iuv,
            numero_avviso: r.numero_avviso,
            qrcode: r.qrcode,
            barcode: r.barcode,
        }
    }
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SegnalazioneView {
    /// Value of `dopo` for what follows.
    pub id: i64,
    pub riga: i64,
    /// Empty when the whole row is meant.
    pub colonna: String,
    pub valore: String,
    /// `ERRORE` or `AVVISO`.
    pub gravita: String,
    pub problema: String,
    pub suggerimento: String,
}

impl From<SegnalazioneRow> for SegnalazioneView {
    fn from(s: SegnalazioneRow) -> Self {
        Self {
            id: s.id,
            riga: s.riga,
            colonna: s.colonna,
            valore: s.valore,
            gravita: s.gravita,
            problema: s.problema,
            suggerimento: s.suggerimento,
        }
    }
}
