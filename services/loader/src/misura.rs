//! How quickly a file is validated, by itself: reading, rules and repeated keys, without store, network
//! or core. For the bench.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use platform::Settings;
use tenant::Tenant;

use crate::csv::{Controllo, Limiti, Scelte};
use crate::lavori::lettura_blocchi::{Contesto, esamina};
use crate::lettura::{Lettura, apri};
use crate::operatore::Operatori;

/// What a run found.
#[derive(Clone, Copy, Debug)]
pub struct Misura {
    pub righe: i64,
    pub valide: i64,
    /// Keys that appear more than once.
    pub ripetute: usize,
    pub durata: Duration,
}

/// Validates a file for the demo tenant on the calling thread, once.
pub fn valida(file: &Path) -> anyhow::Result<Misura> {
    let tenant = Tenant::load(None)?;
    let settings = Settings::embedded(None, None, None, std::time::Duration::from_secs(1));
    let operatori = Operatori::new(&tenant, &settings);
    let contesto = Contesto {
        operatore: operatori.find("gpadmin").cloned(),
        tenant: Arc::new(tenant),
        id: 0,
        oggi: domain::tempo::giorno(platform::clock::real_now()),
    };
    let mut controllo = Controllo::new(Limiti {
        bytes: u64::MAX,
        righe: u64::MAX,
    });
    let bytes = std::fs::read(file).with_context(|| format!("{}", file.display()))?;
    let testa = &bytes[..bytes.len().min(1024 * 1024)];
    controllo.push(testa).map_err(|r| anyhow::anyhow!(r.code))?;
    let esame = controllo.finish(Scelte::default());
    let dialetto = esame.map_err(|r| anyhow::anyhow!(r.code))?.dialetto;
    let inizio = Instant::now();
    let mut valide = 0;
    let aperto = apri(bytes.as_slice(), dialetto, &Lettura::default());
    let letto = esamina(&contesto, aperto, |blocco| {
        valide += i64::try_from(blocco.valide.len()).unwrap_or(0);
        true
    })?;
    let letto = letto.context("la lettura si è fermata")?;
    let righe = letto.righe;
    let ripetute = letto.doppioni.ripetuti().len();
    Ok(Misura {
        righe,
        valide,
        ripetute,
        durata: inizio.elapsed(),
    })
}
