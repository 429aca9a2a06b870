//! The validation: reads the whole file, reports every fault of every row, loads nothing.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use chrono::NaiveDate;
use domain::tracciato::{Colonna, Gravita, Layout, Letta, Segnalazione};
use platform::service::Worked;
use sha2::{Digest as _, Sha256};
use tokio::runtime::Handle;

use super::{Fine, con_rinnovo};
use crate::anagrafica;
use crate::app::App;
use crate::csv::{Letto, Lettore, LettoreError, Sorgente, apri};
use crate::operatore::Operatore;
use crate::tracciato::{Lotto, NuovaSegnalazione, RigaRow, Tracciato, Validato};

/// Rows stored in one transaction.
const LOTTO: usize = 500;

/// One look of the timer: validates one tracciato, if one is waiting.
pub async fn step(app: &App) -> anyhow::Result<Worked> {
    let (real_now, until) = (platform::clock::real_now().naive_utc(), app.lease_until());
    let claimed = app
        .db
        .claim_validazione(app.worker.clone(), real_now, until, app.clock.now())
        .await?;
    let Some(tracciato) = claimed else {
        app.orari.riposa(&app.orari.validazione, app.timer);
        return Ok(Worked::Nothing);
    };
    let id = tracciato.id;
    match con_rinnovo(app, id, valida(app, tracciato)).await {
        Ok(Fine::Concluso | Fine::Perso) => Ok(Worked::Yes),
        Ok(Fine::Fermato) => {
            app.release_now(id).await?;
            Ok(Worked::Nothing)
        }
        Err(error) => {
            let nota =
                "La validazione si è interrotta per un problema interno: riprova da sola tra poco.";
            app.release_later(id, nota.to_owned()).await?;
            Err(error.context(format!("validazione del tracciato {id}")))
        }
    }
}

async fn valida(app: &App, tracciato: Tracciato) -> anyhow::Result<Fine> {
    let id = tracciato.id;
    if !app.db.reset(id, app.worker.clone()).await? {
        return Ok(Fine::Perso);
    }
    let sorgente = Sorgente::new(&app.db, &tracciato.contenuto_id);
    let validatore = Validatore {
        app: app.clone(),
        runtime: Handle::current(),
        id,
        operatore: app.operatori.find(&tracciato.operatore).cloned(),
        oggi: domain::tempo::giorno(app.clock.now()),
        viste: HashMap::new(),
        domini: vec![],
        lotto: Lotto::default(),
        validato: Validato {
            formato: None,
            colonne: 0,
            righe: 0,
            righe_valide: 0,
            avvisi: 0,
            importo_totale: 0,
            motivo: None,
        },
    };
    let span = tracing::Span::current();
    let work = move || {
        let _entered = span.enter();
        validatore.run(&tracciato, sorgente)
    };
    let Some(validato) = tokio::task::spawn_blocking(work).await?? else {
        let fine = if app.stop.is_cancelled() {
            Fine::Fermato
        } else {
            Fine::Perso
        };
        return Ok(fine);
    };
    let (worker, now) = (app.worker.clone(), app.clock.now());
    let done = app
        .db
        .concludi_validazione(id, worker, validato, now)
        .await?;
    Ok(if done { Fine::Concluso } else { Fine::Perso })
}

struct Validatore {
    app: App,
    runtime: Handle,
    id: i64,
    operatore: Option<Operatore>,
    oggi: NaiveDate,
    /// Keys seen so far (a hash each) with their line.
    viste: HashMap<[u8; 16], u64>,
    domini: Vec<String>,
    lotto: Lotto,
    validato: Validato,
}

impl Validatore {
    /// `None`: the service is stopping or the claim was lost.
    fn run(
        mut self,
        tracciato: &Tracciato,
        sorgente: Sorgente,
    ) -> anyhow::Result<Option<Validato>> {
        let mut lettore = apri(tracciato, sorgente)?;
        match self.leggi(&mut lettore) {
            Ok(false) => return Ok(None),
            Ok(true) => {}
            Err(error) => match error.downcast::<LettoreError>() {
                Ok(LettoreError::Io(error)) => return Err(error.into()),
                Ok(rotto) => self.illeggibile(&rotto),
                Err(error) => return Err(error),
            },
        }
        if !self.scarica()? {
            return Ok(None);
        }
        let v = &mut self.validato;
        let in_errore = v.righe - v.righe_valide;
        if v.motivo.is_none() && v.righe == 0 {
            v.motivo = Some("Il file non contiene righe: aggiungine almeno una.".to_owned());
        } else if v.motivo.is_none() && in_errore > 0 {
            v.motivo = Some(format!(
                "Righe con errori: {in_errore} su {}. Nessuna pendenza è stata caricata.",
                v.righe
            ));
        }
        Ok(Some(self.validato))
    }

    fn leggi(&mut self, lettore: &mut Lettore<Sorgente>) -> anyhow::Result<bool> {
        let primo = loop {
            match lettore.next_record()? {
                None => return Ok(true),
                Some(letto) if crate::csv::commento(None, &letto) => {}
                Some(letto) => break letto,
            }
        };
        let layout = match Layout::riconosci(&primo.campi) {
            Ok((layout, avvisi)) => {
                self.segnala(primo.riga, avvisi);
                layout
            }
            Err(errori) => {
                let motivo = errori
                    .first()
                    .map(|e| e.problema.clone())
                    .unwrap_or_default();
                self.validato.motivo = Some(format!("Intestazione non valida: {motivo}."));
                self.segnala(primo.riga, errori);
                return Ok(true);
            }
        };
        self.validato.formato = Some(layout.formato);
        self.validato.colonne = i64::try_from(primo.campi.len())?;
        if !layout.intestazione {
            self.riga(&layout, &primo);
        }
        while let Some(letto) = lettore.next_record()? {
            if crate::csv::commento(Some(&layout), &letto) {
                continue;
            }
            self.riga(&layout, &letto);
            if self.lotto.righe.len() >= LOTTO && !self.scarica()? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn riga(&mut self, layout: &Layout, letto: &Letto) {
        let letta = layout.leggi(&letto.campi, self.oggi);
        let operatore = self.operatore.as_ref();
        let mut trovate = letta.segnalazioni.clone();
        trovate.extend(anagrafica::verifica(
            &self.app.tenant,
            operatore,
            layout,
            &letta,
        ));
        trovate.extend(self.doppioni(layout, letto.riga, &letta));
        let valida = !trovate.iter().any(Segnalazione::is_errore);
        let v = &mut self.validato;
        v.righe += 1;
        v.righe_valide += i64::from(valida);
        v.colonne = v
            .colonne
            .max(i64::try_from(letto.campi.len()).unwrap_or(i64::MAX));
        let importo = letta.chiave.importo;
        if valida {
            let cents = importo.map_or(0, domain::Importo::cents);
            v.importo_totale = v.importo_totale.saturating_add(cents);
        }
        let chiave = letta.chiave;
        if !chiave.id_dominio.is_empty() && !self.domini.contains(&chiave.id_dominio) {
            // A file of nonsense must not fill the memory with invented bodies.
            if self.domini.len() < 1000 {
                self.domini.push(chiave.id_dominio.clone());
                self.lotto.domini.push(corto(&chiave.id_dominio));
            }
        }
        self.lotto.righe.push(RigaRow {
            tracciato_id: self.id,
            numero: self.validato.righe,
            riga: i64::try_from(letto.riga).unwrap_or(i64::MAX),
            operazione: match (valida, chiave.annullamento) {
                (false, _) => "N_V",
                (true, true) => "DEL",
                (true, false) => "ADD",
            }
            .to_owned(),
            id_a2a: corto(&chiave.id_a2a),
            id_pendenza: corto(&chiave.id_pendenza),
            id_dominio: corto(&chiave.id_dominio),
            importo: importo.map(domain::Importo::cents),
            esito: None,
            errore: None,
            iuv: None,
            numero_avviso: None,
            qrcode: None,
            barcode: None,
        });
        self.segnala(letto.riga, trovate);
    }

    /// The same pendenza, or the same numero avviso, in an earlier row.
    fn doppioni(&mut self, layout: &Layout, riga: u64, letta: &Letta) -> Vec<Segnalazione> {
        let chiave = &letta.chiave;
        let mut trovati = vec![];
        if !chiave.id_a2a.is_empty() && !chiave.id_pendenza.is_empty() {
            let parti = ["pendenza", &chiave.id_a2a, &chiave.id_pendenza];
            if let Some(prima) = self.gia_vista(&parti, riga) {
                let cosa = format!("la pendenza è già alla riga {prima}");
                let rimedio = format!("Lascia una sola delle due righe ({prima} e {riga}).");
                let colonna = Colonna::ID_PENDENZA;
                let mut s = Segnalazione::cella(
                    Gravita::Errore,
                    colonna,
                    &chiave.id_pendenza,
                    cosa,
                    rimedio,
                );
                s.colonna = layout.nome(colonna);
                trovati.push(s);
            }
        }
        if let Some(numero) = &chiave.numero_avviso {
            let parti = ["avviso", &chiave.id_dominio, numero.as_str()];
            if let Some(prima) = self.gia_vista(&parti, riga) {
                let cosa = format!("il numero avviso è già alla riga {prima}");
                let rimedio = "Ogni pendenza ha il suo numero: correggi, oppure lascia vuoto.";
                let colonna = Colonna::NUMERO_AVVISO;
                trovati.push(Segnalazione::cella(
                    Gravita::Errore,
                    colonna,
                    numero.as_str(),
                    cosa,
                    rimedio,
                ));
            }
        }
        trovati
    }

    fn gia_vista(&mut self, parti: &[&str], riga: u64) -> Option<u64> {
        let mut sha = Sha256::new();
        for parte in parti {
            sha.update(parte.as_bytes());
            sha.update([0]);
        }
        let mut chiave = [0; 16];
        chiave.copy_from_slice(&sha.finalize()[..16]);
        match self.viste.entry(chiave) {
            Entry::Occupied(prima) => Some(*prima.get()),
            Entry::Vacant(posto) => {
                posto.insert(riga);
                None
            }
        }
    }

    fn illeggibile(&mut self, rotto: &LettoreError) {
        let riga = match rotto {
            LettoreError::TroppoLungo { riga } | LettoreError::Virgolette { riga } => *riga,
            LettoreError::Io(_) => 0,
        };
        self.validato.motivo = Some(format!("Da qui in poi il file non si legge: {rotto}."));
        let rimedio =
            "Controlla le virgolette di quella riga: quelle dentro un testo vanno raddoppiate.";
        self.segnala(riga, vec![Segnalazione::riga(rotto.to_string(), rimedio)]);
    }

    fn segnala(&mut self, riga: u64, trovate: Vec<Segnalazione>) {
        let riga = i64::try_from(riga).unwrap_or(i64::MAX);
        for trovata in trovate {
            let nuova = NuovaSegnalazione::new(self.id, riga, trovata);
            self.validato.avvisi += i64::from(!nuova.is_errore());
            self.lotto.segnalazioni.push(nuova);
        }
    }

    /// Stores what was read so far. `false`: stop here.
    fn scarica(&mut self) -> anyhow::Result<bool> {
        if self.app.stop.is_cancelled() {
            return Ok(false);
        }
        let lotto = std::mem::take(&mut self.lotto);
        let (worker, until) = (self.app.worker.clone(), self.app.lease_until());
        let insert = self.app.db.insert_lotto(self.id, worker, lotto, until);
        Ok(self.runtime.block_on(insert)?)
    }
}

/// Keys of rows that cannot be read may be anything.
fn corto(testo: &str) -> String {
    testo.chars().take(60).collect()
}
