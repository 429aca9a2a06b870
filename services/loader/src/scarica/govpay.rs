//! The outcome of a tracciato as GovPay tells it: a CSV of 18 columns, or JSON.

use actix_web::HttpResponse;
use actix_web::web::Bytes;
use chrono::NaiveDate;
use domain::tracciato::{Chiave, Colonna};
use govpay_api::tracciato::{DatiEsito, EsitoOperazione, StatoOperazione, TipoOperazione};
use govpay_api::{Avviso, Categoria, Fault, NuovaPendenza};
use serde::Serialize;

use super::{PEZZO, Sender, Uscita, con_suffisso, scritto};
use crate::app::App;
use crate::core::Richiesta;
use crate::csv::Scrittore;
use crate::lettura::RigaLetta;
use crate::righe::{Archivio, Esiti};
use crate::tracciato::{Esito, EsitoRiga, Tracciato};

/// The columns that come from the row.
const COLONNE: [Colonna; 16] = [
    Colonna::ID_A2A,
    Colonna::ID_PENDENZA,
    Colonna::ID_DOMINIO,
    Colonna::TIPO_PENDENZA,
    Colonna::NUMERO_AVVISO,
    Colonna::TIPO_SOGGETTO,
    Colonna::IDENTIFICATIVO,
    Colonna::ANAGRAFICA,
    Colonna::INDIRIZZO,
    Colonna::CIVICO,
    Colonna::CAP,
    Colonna::LOCALITA,
    Colonna::PROVINCIA,
    Colonna::NAZIONE,
    Colonna::EMAIL,
    Colonna::CELLULARE,
];

/// After how many of them the name of the PDF stands.
const PRIMA_DEL_PDF: usize = 5;

/// Writes the CSV of 18 columns. Rows that failed keep what can be read of them.
pub fn csv(
    app: &App,
    tracciato: &Tracciato,
    out: Scrittore,
    nome: &str,
) -> anyhow::Result<HttpResponse> {
    let archivio = Archivio::new(app, tracciato)?;
    let mut esiti = Esiti::new(app, tracciato);
    let oggi = domain::tempo::giorno(app.clock.now());
    let mut out = Uscita::new(out);
    Ok(scritto((nome, "text/csv"), move |sender| {
        let nomi: Vec<String> = COLONNE.iter().map(|c| c.nome()).collect();
        let (prima, dopo) = nomi.split_at(PRIMA_DEL_PDF);
        let testa = prima.iter().map(String::as_str).chain(["pdfAvviso"]);
        out.csv.record(
            testa
                .chain(dopo.iter().map(String::as_str))
                .chain(["errore"]),
        );
        let mut righe = archivio.righe()?;
        while righe.avanza()? {
            let (letta, esito) = (righe.leggi(oggi), esiti.next()?);
            out.csv
                .record(record(righe.valori(&COLONNE), &letta, esito.as_ref()));
            if out.csv.len() >= PEZZO && !out.send(&sender) {
                return Ok(());
            }
        }
        out.finish(&sender);
        Ok(())
    }))
}

/// `valori`: the columns as they are in the row.
fn record(mut valori: Vec<String>, letta: &RigaLetta, esito: Option<&EsitoRiga>) -> Vec<String> {
    for (valore, giusto) in valori.iter_mut().zip(valori_di(letta)) {
        if !giusto.is_empty() {
            *valore = giusto;
        }
    }
    let assegnato = esito.and_then(|e| e.numero_avviso.as_deref());
    if let (Some(numero), Some(posto)) = (assegnato, valori.get_mut(PRIMA_DEL_PDF - 1)) {
        numero.clone_into(posto);
    }
    let pdf = assegnato.map(|numero| nome_pdf(&letta.chiave.id_dominio, numero));
    valori.insert(PRIMA_DEL_PDF, pdf.unwrap_or_default());
    valori.push(match esito {
        None => String::new(),
        Some(e) if e.esito == Esito::AddOk => e.errore.clone().unwrap_or_default(),
        Some(e) => descrizione(e),
    });
    valori
}

/// The columns as they were understood.
fn valori_di(letta: &RigaLetta) -> Vec<String> {
    let Chiave {
        id_a2a,
        id_pendenza,
        id_dominio,
        ..
    } = &letta.chiave;
    let mut valori = vec![id_a2a.clone(), id_pendenza.clone(), id_dominio.clone()];
    if let Some(Richiesta::Inserimento { corpo, .. }) = &letta.richiesta {
        let testo = |campo: &Option<String>| campo.clone().unwrap_or_default();
        let numero = corpo.numero_avviso.as_ref().map(|n| n.as_str().to_owned());
        valori.push(testo(&corpo.id_tipo_pendenza));
        valori.push(testo(&numero));
        if let Some(s) = &corpo.soggetto_pagatore {
            valori.push(s.tipo.as_str().to_owned());
            valori.push(s.identificativo.as_str().to_owned());
            valori.push(testo(&s.anagrafica.as_ref().map(|a| a.as_str().to_owned())));
            let altri = [
                &s.indirizzo,
                &s.civico,
                &s.cap,
                &s.localita,
                &s.provincia,
                &s.nazione,
            ];
            valori.extend(altri.map(testo));
            valori.push(testo(&s.email.as_ref().map(|e| e.as_str().to_owned())));
            valori.push(testo(&s.cellulare));
        }
    }
    valori
}

/// Name of the PDF of an avviso in the ZIP of the stampe.
pub fn nome_pdf(id_dominio: &str, numero_avviso: &str) -> String {
    format!("{id_dominio}_{numero_avviso}.pdf")
}

/// Writes the outcome as JSON: the two lists in the order of the file. `intorno`: an object whose
/// properties come before, with the outcome as its `esito`.
pub fn json(
    app: &App,
    tracciato: &Tracciato,
    intorno: Option<String>,
) -> anyhow::Result<HttpResponse> {
    let nome = con_suffisso(&tracciato.nome_file, "esito", "json");
    let archivio = Archivio::new(app, tracciato)?;
    let passate = [Esiti::new(app, tracciato), Esiti::new(app, tracciato)];
    let oggi = domain::tempo::giorno(app.clock.now());
    let (id, id_dominio) = (tracciato.id.to_string(), tracciato.id_dominio.clone());
    Ok(scritto((&nome, "application/json"), move |sender| {
        let mut scrive = Json {
            out: Vec::new(),
            sender,
        };
        let chiusa = match intorno.as_deref().and_then(|i| i.strip_suffix('}')) {
            Some(intorno) => {
                scrive.out.extend_from_slice(intorno.as_bytes());
                scrive.out.extend_from_slice(b",\"esito\":{");
                "}}"
            }
            None => {
                scrive.out.push(b'{');
                "}"
            }
        };
        let mut testata = None;
        for (esiti, nome) in passate.into_iter().zip(["inserimenti", "annullamenti"]) {
            let annullamenti = nome == "annullamenti";
            scrive
                .out
                .extend_from_slice(format!("\"{nome}\":[").as_bytes());
            testata = scrive.elenco((&archivio, esiti), annullamenti, oggi)?;
            scrive.out.extend_from_slice(b"],");
        }
        let testata = testata.unwrap_or_default();
        let fine = Fine {
            id_tracciato: testata.id_tracciato.unwrap_or(id),
            id_dominio: testata.id_dominio.or(id_dominio),
        };
        let fine = serde_json::to_string(&fine)?;
        let fine = fine.trim_start_matches('{').trim_end_matches('}');
        scrive.out.extend_from_slice(fine.as_bytes());
        scrive.out.extend_from_slice(chiusa.as_bytes());
        scrive.manda();
        Ok(())
    }))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Fine {
    id_tracciato: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_dominio: Option<String>,
}

struct Json {
    out: Vec<u8>,
    sender: Sender,
}

impl Json {
    /// `false` when nobody reads any more.
    fn manda(&mut self) -> bool {
        let pieno = Bytes::from(std::mem::take(&mut self.out));
        self.sender.blocking_send(Ok(pieno)).is_ok()
    }

    /// The operations of one of the two lists; what the file says of itself.
    fn elenco(
        &mut self,
        (archivio, mut esiti): (&Archivio, Esiti),
        annullamenti: bool,
        oggi: NaiveDate,
    ) -> anyhow::Result<Option<crate::json::Testata>> {
        let mut righe = archivio.righe()?;
        let mut prima = true;
        while righe.avanza()? {
            let (letta, esito) = (righe.leggi(oggi), esiti.next()?);
            let Some(esito) = esito.filter(|_| letta.chiave.annullamento == annullamenti) else {
                continue;
            };
            if !std::mem::take(&mut prima) {
                self.out.push(b',');
            }
            serde_json::to_writer(&mut self.out, &operazione(&letta, &esito))?;
            if self.out.len() >= PEZZO && !self.manda() {
                break;
            }
        }
        Ok(righe.testata().cloned())
    }
}

/// An outcome in GovPay's words.
pub fn operazione(letta: &RigaLetta, esito: &EsitoRiga) -> EsitoOperazione {
    let (tipo_operazione, stato) = parole(esito.esito);
    let codice = esito.codice.clone();
    let dati = match esito.esito {
        Esito::AddOk | Esito::DelOk => DatiEsito::Avviso(Box::new(avviso(letta, esito))),
        Esito::AddKo | Esito::DelKo | Esito::NonValido => DatiEsito::Fault(fault(esito)),
    };
    EsitoOperazione {
        id_a2a: crate::righe::corto(&letta.chiave.id_a2a),
        id_pendenza: crate::righe::corto(&letta.chiave.id_pendenza),
        tipo_operazione,
        stato,
        esito: match esito.esito {
            Esito::NonValido => codice.unwrap_or_else(|| "400000".to_owned()),
            altro => altro.name().to_owned(),
        },
        descrizione_esito: descrizione(esito),
        numero: letta.numero,
        dati,
    }
}

/// Kind and state of an operation.
pub fn parole(esito: Esito) -> (TipoOperazione, StatoOperazione) {
    match esito {
        Esito::AddOk => (TipoOperazione::Add, StatoOperazione::Eseguito),
        Esito::AddKo => (TipoOperazione::Add, StatoOperazione::Scartato),
        Esito::DelOk => (TipoOperazione::Del, StatoOperazione::Eseguito),
        Esito::DelKo => (TipoOperazione::Del, StatoOperazione::Scartato),
        Esito::NonValido => (TipoOperazione::NonValida, StatoOperazione::NonValido),
    }
}

/// What became of it, for people.
pub fn descrizione(esito: &EsitoRiga) -> String {
    let fatto = match esito.esito {
        Esito::AddOk => "Pendenza caricata",
        Esito::DelOk => "Pendenza annullata",
        Esito::AddKo | Esito::DelKo | Esito::NonValido => "Operazione non eseguita",
    };
    esito.errore.clone().unwrap_or_else(|| fatto.to_owned())
}

fn avviso(letta: &RigaLetta, esito: &EsitoRiga) -> Avviso {
    let corpo: Option<&NuovaPendenza> = match &letta.richiesta {
        Some(Richiesta::Inserimento { corpo, .. }) => Some(corpo),
        _ => None,
    };
    let id_dominio = Some(letta.chiave.id_dominio.clone()).filter(|id| !id.is_empty());
    let stato = match esito.esito {
        Esito::DelOk => "Annullato",
        _ => "Non pagato",
    };
    Avviso {
        stato: stato.to_owned(),
        importo: corpo.map(|c| c.importo),
        id_dominio,
        numero_avviso: esito.numero_avviso.clone(),
        data_validita: corpo.and_then(|c| c.data_validita),
        data_scadenza: corpo.and_then(|c| c.data_scadenza),
        data_pagamento: None,
        descrizione: corpo.map(|c| c.causale.clone()),
        tassonomia_avviso: corpo.and_then(|c| c.tassonomia_avviso.clone()),
        qrcode: esito.qrcode.clone(),
        barcode: esito.barcode.clone(),
    }
}

fn fault(esito: &EsitoRiga) -> Fault {
    let codice = esito.codice.clone().unwrap_or_else(|| "500000".to_owned());
    let detto = descrizione(esito);
    // The words of a refusal begin with its code.
    let senza_codice = detto.strip_prefix(&format!("{codice}: "));
    let descrizione = senza_codice.unwrap_or(&detto).to_owned();
    Fault {
        categoria: match codice.as_str() {
            "400000" | "SINTASSI" => Categoria::Richiesta,
            "401000" | "403000" => Categoria::Autorizzazione,
            "500000" => Categoria::Interno,
            _ => Categoria::Operazione,
        },
        codice,
        descrizione,
        dettaglio: None,
    }
}
