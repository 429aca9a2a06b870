//! The rules of an order that need the archive, on a snapshot of it: bodies, kinds of debt, entrate and
//! accounts, numbers. Pure, and the same for one order and for a block of them.

use std::collections::{HashMap, HashSet};

use domain::NumeroAvviso;
use domain::numero_avviso::{CheckDigits, Numbering};
use platform::{StoreError, StoreResult};

use crate::pendenza::{DominioRow, Ordine, Rifiuto};

/// What the archive knows of the names that some orders use. What it does not know is not here.
#[derive(Default)]
pub struct Anagrafica {
    pub domini: HashMap<String, DominioRow>,
    /// Kinds of debt of each body.
    pub tipi: HashMap<String, HashSet<String>>,
    /// Entrate of each body.
    pub entrate: HashMap<String, HashSet<String>>,
    /// Enabled accounts of each body.
    pub conti: HashMap<String, HashSet<String>>,
    /// Application codes by station, for bodies with aux digit 0.
    pub application_codes: HashMap<String, i32>,
}

/// The kind of debt of an order that names none.
pub const TIPO_LIBERO: &str = "LIBERO";

/// The kind of debt of the order.
pub fn tipo_pendenza(ordine: &Ordine) -> &str {
    let tipo = ordine.corpo.id_tipo_pendenza.as_deref();
    tipo.unwrap_or(TIPO_LIBERO)
}

fn has(known: &HashMap<String, HashSet<String>>, dominio: &str, name: &str) -> bool {
    known.get(dominio).is_some_and(|names| names.contains(name))
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
            Some(row) => Ok(row),
        }
    }

    fn application_code(&self, dominio: &DominioRow) -> StoreResult<i32> {
        let code = self.application_codes.get(&dominio.id_stazione).copied();
        code.ok_or_else(|| StoreError::corrupt(&dominio.id_stazione))
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
    let tipo = tipo_pendenza(ordine);
    if !has(&anagrafica.tipi, &dominio.id_dominio, tipo) {
        let text = format!(
            "idTipoPendenza: il valore {tipo} non è tra i tipi pendenza del dominio {}",
            dominio.id_dominio
        );
        return Err(Rifiuto::new(
            "TVD_000",
            "Il tipo pendenza non è censito per il dominio",
            text,
        ));
    }
    for (i, voce) in ordine.corpo.voci.iter().enumerate() {
        let owner = voce
            .id_dominio
            .as_ref()
            .map_or(dominio.id_dominio.as_str(), |d| d.as_str());
        if let Some(entrata) = &voce.cod_entrata
            && !has(&anagrafica.entrate, owner, entrata)
        {
            let text = format!(
                "voci[{i}].codEntrata: il valore {entrata} non è tra le entrate del dominio {owner}"
            );
            return Err(Rifiuto::new("TRB_000", "L'entrata non è censita", text));
        }
        let accounts = [
            (&voce.iban_accredito, "VER_020", "ibanAccredito"),
            (&voce.iban_appoggio, "VER_033", "ibanAppoggio"),
        ];
        for (iban, codice, field) in accounts {
            if let Some(iban) = iban
                && !has(&anagrafica.conti, owner, iban)
            {
                let text = format!(
                    "voci[{i}].{field}: il valore {iban} non è tra i conti del dominio {owner}"
                );
                return Err(Rifiuto::new(codice, "Il conto non è censito", text));
            }
        }
    }
    Ok(dominio)
}

/// A number that came with an order has the form of the body's numbers. Whether it is somebody
/// else's, the archive says.
pub fn numero_fornito(
    numero: &NumeroAvviso,
    dominio: &DominioRow,
    anagrafica: &Anagrafica,
) -> StoreResult<Result<(), Rifiuto>> {
    let place = format!("numeroAvviso: il valore {numero}");
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

/// The next number of the body.
pub fn numero_generato(
    numerazione: Numbering,
    dominio: &DominioRow,
    progressivo: u64,
) -> Result<NumeroAvviso, Rifiuto> {
    NumeroAvviso::generate(numerazione, &dominio.iuv_prefix, progressivo).map_err(|e| {
        Rifiuto::new(
            "VER_028",
            "Il numero avviso non si può generare",
            e.to_string(),
        )
    })
}
