//! The rules of an order that need the archive, on a snapshot of it: bodies, kinds of debt, entrate and
//! accounts, numbers. Pure, and the same for one order and for a block of them.

use std::collections::HashMap;

use chrono::Datelike as _;
use domain::numero_avviso::{CheckDigits, Numbering};
use domain::tempo::giorno;
use domain::{NumeroAvviso, prefisso_iuv};
use govpay_api::NuovaPendenza;
use platform::{StoreError, StoreResult};

use crate::pendenza::{DominioRow, Ordine, Rifiuto};

/// Names of each body, and whether they are enabled.
pub type Nomi = HashMap<String, HashMap<String, bool>>;

/// What the archive knows of the names that some orders use. What it does not know is not here.
#[derive(Default)]
pub struct Anagrafica {
    pub domini: HashMap<String, DominioRow>,
    /// Kinds of debt, and whether they are enabled at all.
    pub tipi: HashMap<String, bool>,
    /// Kinds of debt of each body.
    pub tipi_dominio: Nomi,
    /// Entrate of each body.
    pub entrate: Nomi,
    /// Offices of each body.
    pub unita: Nomi,
    /// Accounts of each body.
    pub conti: Nomi,
    /// `codificaIUV` of the kinds of debt by body, where a prefix asks for it.
    pub codifiche: HashMap<String, HashMap<String, String>>,
    /// Application codes by station, for bodies with aux digit 0.
    pub application_codes: HashMap<String, i32>,
}

/// The kind of debt of an order that names none.
pub const TIPO_LIBERO: &str = "LIBERO";

/// The kind of debt of the order.
pub fn tipo_pendenza(ordine: &Ordine) -> &str {
    tipo_di(&ordine.corpo)
}

/// The kind of debt of a pendenza to be loaded.
pub fn tipo_di(pendenza: &NuovaPendenza) -> &str {
    let tipo = pendenza.id_tipo_pendenza.as_deref();
    tipo.unwrap_or(TIPO_LIBERO)
}

/// Whether the name is enabled; none when it is not known.
fn uso(known: &Nomi, dominio: &str, name: &str) -> Option<bool> {
    known.get(dominio)?.get(name).copied()
}

impl Anagrafica {
    /// The body, known and enabled.
    pub fn dominio(&self, id: &str) -> Result<&DominioRow, Rifiuto> {
        match self.domini.get(id) {
            None => Err(Rifiuto::new(
                "DOM_000",
                "Il dominio non è censito",
                format!("idDominio: il valore {id} non è tra i domini di questo archivio"),
            )),
            Some(row) if !row.abilitato => Err(Rifiuto::new(
                "DOM_001",
                "Il dominio non è abilitato",
                format!("idDominio: il dominio {id} non è abilitato"),
            )),
            Some(row) if row.id_stazione.is_none() => Err(Rifiuto::new(
                "STA_000",
                "Il dominio non ha una stazione",
                format!(
                    "idDominio: il dominio {id} non è intermediato qui: può solo ricevere le voci di altri"
                ),
            )),
            Some(row) => Ok(row),
        }
    }

    /// The kind of debt, known and enabled, for all and for the body.
    fn tipo(&self, dominio: &str, tipo: &str) -> Result<(), Rifiuto> {
        let (codice, descrizione, text) =
            match (self.tipi.get(tipo), uso(&self.tipi_dominio, dominio, tipo)) {
                (Some(true), Some(true)) => return Ok(()),
                (None, _) => (
                    "TVR_000",
                    "Il tipo pendenza non è censito",
                    "non è tra i tipi pendenza di questo archivio".to_owned(),
                ),
                (Some(false), _) => (
                    "TVR_001",
                    "Il tipo pendenza non è abilitato",
                    "è un tipo pendenza disabilitato".to_owned(),
                ),
                (_, None) => (
                    "TVD_000",
                    "Il tipo pendenza non è censito per il dominio",
                    format!("non è tra i tipi pendenza del dominio {dominio}"),
                ),
                (_, Some(false)) => (
                    "TVD_001",
                    "Il tipo pendenza non è abilitato per il dominio",
                    format!("è disabilitato per il dominio {dominio}"),
                ),
            };
        let text = format!("idTipoPendenza: il valore {tipo} {text}");
        Err(Rifiuto::new(codice, descrizione, text))
    }

    fn application_code(&self, dominio: &DominioRow) -> StoreResult<i32> {
        let stazione = dominio.id_stazione.as_deref().unwrap_or_default();
        let code = self.application_codes.get(stazione).copied();
        code.ok_or_else(|| StoreError::corrupt(stazione))
    }

    /// How the numbers of the body are made.
    pub fn numerazione(&self, dominio: &DominioRow) -> StoreResult<Numbering> {
        let byte = |n: i32| u8::try_from(n).map_err(StoreError::corrupt);
        Ok(match dominio.aux_digit {
            0 => Numbering::Aux0 {
                application_code: byte(self.application_code(dominio)?)?,
            },
            1 => Numbering::Aux1,
            2 => Numbering::Aux2,
            _ => Numbering::Aux3 {
                segregation_code: byte(dominio.segregation_code.unwrap_or_default())?,
            },
        })
    }
}

/// Body, kind of debt, accounts and entrate that the order names; returns the body.
pub fn verifica<'a>(
    ordine: &Ordine,
    anagrafica: &'a Anagrafica,
) -> Result<&'a DominioRow, Rifiuto> {
    let dominio = anagrafica.dominio(ordine.corpo.id_dominio.as_str())?;
    anagrafica.tipo(&dominio.id_dominio, tipo_pendenza(ordine))?;
    unita_operativa(ordine, anagrafica)?;
    for (i, voce) in ordine.corpo.voci.iter().enumerate() {
        let owner = voce
            .id_dominio
            .as_ref()
            .map_or(dominio.id_dominio.as_str(), |d| d.as_str());
        if let Some(entrata) = &voce.cod_entrata {
            let place = format!("voci[{i}].codEntrata: il valore {entrata}");
            match uso(&anagrafica.entrate, owner, entrata) {
                Some(true) => {}
                None => {
                    let text = format!("{place} non è tra le entrate del dominio {owner}");
                    return Err(Rifiuto::new("TRB_000", "L'entrata non è censita", text));
                }
                Some(false) => {
                    let text = format!("{place} è disabilitato per il dominio {owner}");
                    return Err(Rifiuto::new("TRB_001", "L'entrata non è abilitata", text));
                }
            }
        }
        let accounts = [
            (
                &voce.iban_accredito,
                ["VER_020", "VER_032"],
                "ibanAccredito",
            ),
            (&voce.iban_appoggio, ["VER_033", "VER_034"], "ibanAppoggio"),
        ];
        for (iban, [sconosciuto, disabilitato], field) in accounts {
            let Some(iban) = iban else { continue };
            let place = format!("voci[{i}].{field}: il valore {iban}");
            match uso(&anagrafica.conti, owner, iban) {
                Some(true) => {}
                None => {
                    let text = format!("{place} non è tra i conti del dominio {owner}");
                    return Err(Rifiuto::new(sconosciuto, "Il conto non è censito", text));
                }
                Some(false) => {
                    let text = format!("{place} è un conto disabilitato del dominio {owner}");
                    return Err(Rifiuto::new(disabilitato, "Il conto non è abilitato", text));
                }
            }
        }
    }
    Ok(dominio)
}

/// The office of a body that has none.
const UNITA_DELL_ENTE: &str = "EC";

/// The office that the order names, known and enabled.
fn unita_operativa(ordine: &Ordine, anagrafica: &Anagrafica) -> Result<(), Rifiuto> {
    let dominio = ordine.corpo.id_dominio.as_str();
    let unita = ordine.corpo.id_unita_operativa.as_deref();
    let Some(unita) = unita.filter(|unita| *unita != UNITA_DELL_ENTE) else {
        return Ok(());
    };
    let (codice, descrizione, text) = match uso(&anagrafica.unita, dominio, unita) {
        Some(true) => return Ok(()),
        None => (
            "UOP_000",
            "L'unità operativa non è censita",
            "non è tra le unità",
        ),
        Some(false) => (
            "UOP_001",
            "L'unità operativa non è abilitata",
            "è disabilitata tra le unità",
        ),
    };
    let text = format!("idUnitaOperativa: il valore {unita} {text} del dominio {dominio}");
    Err(Rifiuto::new(codice, descrizione, text))
}

/// A number that came with an order has the form of the body's numbers and is one that the applicazione
/// may supply. Whether it is somebody else's, the archive says.
pub fn numero_fornito(
    ordine: &Ordine,
    numero: &NumeroAvviso,
    dominio: &DominioRow,
    anagrafica: &Anagrafica,
) -> StoreResult<Result<(), Rifiuto>> {
    let place = format!("numeroAvviso: il valore {numero}");
    let voci = &ordine.corpo.voci;
    if voci.len() > 1 && voci.iter().any(|voce| voce.tipo_bollo.is_some()) {
        let text = format!("{place} non può stare su una pendenza con un bollo e altre voci");
        return Ok(Err(Rifiuto::new(
            "VER_031",
            "Il numero avviso non è ammesso per una marca da bollo insieme ad altre voci",
            text,
        )));
    }
    if i32::from(numero.aux_digit()) != dominio.aux_digit {
        let text = format!(
            "{place} comincia con {}, il dominio usa {}",
            numero.aux_digit(),
            dominio.aux_digit
        );
        return Ok(Err(Rifiuto::new(
            "VER_039",
            "La prima cifra del numero avviso non è quella del dominio",
            text,
        )));
    }
    let code = numero.station_code().map(i32::from);
    match dominio.aux_digit {
        0 => {
            let expected = anagrafica.application_code(dominio)?;
            if code != Some(expected) {
                let text =
                    format!("{place} non ha l'application code {expected:02} della stazione");
                return Ok(Err(Rifiuto::new(
                    "VER_026",
                    "L'application code non è quello della stazione",
                    text,
                )));
            }
        }
        3 if code != dominio.segregation_code => {
            let expected = dominio.segregation_code.unwrap_or_default();
            let text =
                format!("{place} non ha il codice di segregazione {expected:02} del dominio");
            return Ok(Err(Rifiuto::new(
                "VER_027",
                "Il codice di segregazione non è quello del dominio",
                text,
            )));
        }
        _ => {}
    }
    let iuv = numero.iuv();
    if let Some(ammessi) = &ordine.codifica.ammessi
        && !ammessi.is_match(iuv.as_str())
    {
        let text = format!(
            "{place} contiene lo IUV {iuv}, che non è tra quelli dell'applicazione {} (regExpIuv: {ammessi})",
            ordine.id_a2a
        );
        return Ok(Err(Rifiuto::new(
            "VER_030",
            "Lo IUV non è tra quelli dell'applicazione",
            text,
        )));
    }
    if let CheckDigits::Wrong { expected } = numero.check() {
        // Official samples have wrong check digits: a warning, not a refusal.
        tracing::warn!(numero_avviso = %numero, expected, "supplied avviso with wrong check digits");
    }
    Ok(Ok(()))
}

/// The number is that of another pendenza of the body.
pub fn avviso_usato(numero: &str) -> Rifiuto {
    Rifiuto::new(
        "VER_025",
        "Il numero avviso è già usato",
        format!("numeroAvviso: il valore {numero} appartiene a un'altra pendenza del dominio"),
    )
}

fn non_generabile(dettaglio: String) -> Rifiuto {
    Rifiuto::new("VER_028", "Il numero avviso non si può generare", dettaglio)
}

/// What the number to be generated for the order begins with.
pub fn prefisso(
    ordine: &Ordine,
    dominio: &DominioRow,
    anagrafica: &Anagrafica,
) -> Result<String, Rifiuto> {
    let tipi = anagrafica.codifiche.get(&dominio.id_dominio);
    let tipo = tipi.and_then(|tipi| tipi.get(tipo_pendenza(ordine)));
    let valori = prefisso_iuv::ValoriPrefisso {
        anno: giorno(ordine.now).year(),
        applicazione: ordine.codifica.iuv.as_deref(),
        tipo: tipo.map(String::as_str),
    };
    let prefisso = prefisso_iuv::risolvi(&dominio.iuv_prefix, &valori);
    prefisso.map_err(|e| non_generabile(format!("dominio {}: {e}", dominio.id_dominio)))
}

/// A number of the body.
pub fn numero_generato(
    numerazione: Numbering,
    prefisso: &str,
    progressivo: u64,
) -> Result<NumeroAvviso, Rifiuto> {
    NumeroAvviso::generate(numerazione, prefisso, progressivo)
        .map_err(|e| non_generabile(e.to_string()))
}
