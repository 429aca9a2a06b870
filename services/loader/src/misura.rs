//! A file judged by itself, without store, network or core: for the bench, and for tests that try
//! many files.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use platform::Settings;
use tenant::Tenant;

use crate::csv::{Controllo, Dialetto, Limiti, Rifiuto, Scelte};
use crate::lavori::lettura_blocchi::{Contesto, esamina};
use crate::lettura::{Apertura, Lettura, apri};
use crate::operatore::Operatori;

/// Judges files for the administrator of the demo tenant.
pub struct Banco(Contesto);

/// What was found in a file.
#[derive(Clone, Copy, Debug)]
pub struct Misura {
    pub righe: i64,
    /// Rows without an error; rows that repeat an earlier one among them.
    pub valide: i64,
    /// Keys that appear more than once.
    pub ripetute: usize,
    /// Errors and warnings.
    pub segnalazioni: usize,
    /// Whether the file could not be read to its end.
    pub interrotta: bool,
    pub durata: Duration,
}

/// A row that would be loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RigaBuona {
    /// Cells by their name in the header, as they are in the file.
    pub celle: BTreeMap<String, String>,
    pub causale: Option<String>,
    pub cents: Option<i64>,
    /// Whether something was said about the row.
    pub segnalata: bool,
}

impl Banco {
    pub fn demo() -> anyhow::Result<Self> {
        let tenant = Tenant::load(None)?;
        let settings = Settings::embedded(None, None, None, Duration::from_secs(1));
        let operatori = Operatori::new(&tenant, &settings);
        Ok(Self(Contesto {
            operatore: operatori.find("gpadmin").cloned(),
            tenant: Arc::new(tenant),
            id: 0,
            oggi: domain::tempo::giorno(platform::clock::real_now()),
        }))
    }

    /// How an upload of it would be read. `Err`: the code with which it would be refused.
    fn lettura(bytes: &[u8]) -> Result<(Dialetto, Lettura), &'static str> {
        let codice = |rifiuto: Rifiuto| rifiuto.code;
        let mut controllo = Controllo::new(Limiti {
            bytes: u64::MAX,
            righe: u64::MAX,
        });
        controllo.push(bytes).map_err(codice)?;
        let esame = controllo.finish(Scelte::default()).map_err(codice)?;
        let lettura = Lettura {
            json: esame.json,
            ..Lettura::default()
        };
        Ok((esame.dialetto, lettura))
    }

    /// Judges a file on the calling thread. `Ok(Err(code))`: an upload of it is refused.
    pub fn valida(&self, bytes: &[u8]) -> anyhow::Result<Result<Misura, &'static str>> {
        let (dialetto, lettura) = match Self::lettura(bytes) {
            Ok(come) => come,
            Err(codice) => return Ok(Err(codice)),
        };
        let inizio = Instant::now();
        let (mut valide, mut segnalazioni) = (0, 0);
        let aperto = apri(bytes, dialetto, &lettura);
        let letto = esamina(&self.0, aperto, |blocco| {
            valide += i64::try_from(blocco.valide.len()).unwrap_or(0);
            segnalazioni += blocco.trovate.len();
            true
        })?;
        let letto = letto.ok_or_else(|| anyhow::anyhow!("la lettura si è fermata"))?;
        let (righe, interrotta) = (letto.righe, letto.illeggibile.is_some());
        let segnalazioni = segnalazioni + letto.trovate.len();
        Ok(Ok(Misura {
            righe,
            valide,
            ripetute: letto.doppioni.ripetuti().len(),
            segnalazioni,
            interrotta,
            durata: inizio.elapsed(),
        }))
    }

    /// The rows of a file that would be loaded, beside their cells.
    pub fn buone(&self, bytes: &[u8]) -> anyhow::Result<Vec<RigaBuona>> {
        let Ok((dialetto, lettura)) = Self::lettura(bytes) else {
            return Ok(vec![]);
        };
        let mut buone = vec![];
        let Ok(Apertura::Righe(mut righe, _)) = apri(bytes, dialetto, &lettura) else {
            return Ok(buone);
        };
        let nomi = righe.nomi().testa().to_vec();
        while let Ok(true) = righe.avanza() {
            let letta = righe.leggi(self.0.oggi);
            let Some(richiesta) = letta.richiesta else {
                continue;
            };
            let corpo = crate::core::corpo_di(richiesta);
            let campi = righe.campi().into_iter().map(str::to_owned);
            buone.push(RigaBuona {
                celle: nomi.iter().cloned().zip(campi).collect(),
                causale: corpo.as_ref().map(|c| c.causale.clone()),
                cents: corpo.map(|c| c.importo.cents()),
                segnalata: !letta.segnalazioni.is_empty(),
            });
        }
        Ok(buone)
    }
}
