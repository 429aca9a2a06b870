//! Shapes of the API.

use chrono::{DateTime, NaiveDateTime, Utc};
use domain::Importo;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::scelte::Parole;
use crate::tracciato::{Esito, Politica, RigaVista, SegnalazioneRow, Tracciato};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NuovoQuery {
    /// Name of the file.
    pub nome: Option<String>,
    /// `UTF-8` or `windows-1252`; found out when absent.
    pub codifica: Option<String>,
    /// `,`, `;`, `tab` or `|`; found out when absent.
    pub separatore: Option<String>,
    /// Sign before the decimals of the amounts: `,` or `.`; when absent each amount must be plain.
    pub decimale: Option<String>,
    /// Form of the dates, for example `gg/mm/aaaa`; when absent ISO and Italian ones.
    pub data: Option<String>,
    /// `idDominio/idTipoPendenza` of the mapping of a body's own columns.
    pub mappa: Option<String>,
    /// `TUTTO_O_NIENTE` (when absent) or `RIGA_PER_RIGA`.
    pub politica: Option<String>,
    /// Validate only, load nothing.
    #[serde(default)]
    pub prova: bool,
    /// Whether the same bytes may be loaded again.
    #[serde(default)]
    pub doppio: bool,
}

impl NuovoQuery {
    pub fn parole(&self) -> Parole {
        let testo = |parola: &Option<String>| parola.clone().unwrap_or_default();
        Parole {
            codifica: testo(&self.codifica),
            separatore: testo(&self.separatore),
            decimale: testo(&self.decimale),
            data: testo(&self.data),
            mappa: testo(&self.mappa),
            politica: testo(&self.politica),
        }
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct AttesaQuery {
    /// Seconds (60 at most) to wait for the tracciato to be at rest: validated with errors, tried out,
    /// or loaded. The answer is the state at the end of the wait, whatever it is.
    pub wait: Option<u64>,
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
    /// Rows only: `OK` or `KO`.
    pub esito: Option<String>,
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
    pub politica: Politica,
    /// Validated only, not to be loaded.
    pub prova: bool,
    /// Whether nothing more will happen to it by itself.
    pub concluso: bool,
    /// `STANDARD_87`, `ADD_DEL`, `PROPRIO` or `JSON`; absent until the validation.
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
            politica: t.politica(),
            concluso: t.is_concluso(),
            prova: t.prova,
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
    /// `ADD` or `DEL`.
    pub operazione: String,
    #[serde(rename = "idA2A")]
    pub id_a2a: String,
    pub id_pendenza: String,
    pub id_dominio: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub importo: Option<Importo>,
    /// Absent until something became of the row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub esito: Option<Esito>,
    /// The core's code (`VER_008`), `400000` for a row that is not valid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub codice: Option<String>,
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

impl From<RigaVista> for RigaView {
    fn from(r: RigaVista) -> Self {
        let esito = r.esito;
        Self {
            numero: r.numero,
            riga: r.riga,
            operazione: if r.annullamento { "DEL" } else { "ADD" }.to_owned(),
            id_a2a: r.id_a2a,
            id_pendenza: r.id_pendenza,
            id_dominio: r.id_dominio,
            importo: r.importo,
            esito: esito.as_ref().map(|e| e.esito),
            iuv: esito.as_ref().and_then(|e| e.iuv()),
            codice: esito.as_ref().and_then(|e| e.codice.clone()),
            errore: esito.as_ref().and_then(|e| e.errore.clone()),
            numero_avviso: esito.as_ref().and_then(|e| e.numero_avviso.clone()),
            qrcode: esito.as_ref().and_then(|e| e.qrcode.clone()),
            barcode: esito.and_then(|e| e.barcode),
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
