//! From a row of a tracciato to the body of API Pendenze.

use domain::tracciato::{
    Avvisatura, Pagatore, Rata, RiferimentoVoce, Riga, RigaAnnullamento, RigaPendenza, VOCI, Voce,
};
use govpay_api::{Documento, NuovaPendenza, NuovaVoce, ProprietaPendenza, Soggetto, Soglia};

use crate::tracciato::Esito;

/// What a row asks of the core.
#[derive(Clone, Debug, PartialEq)]
pub enum Richiesta {
    Inserimento {
        id_a2a: String,
        id_pendenza: String,
        corpo: Box<NuovaPendenza>,
        /// Which of the row's five each voce of the pendenza is, from 0.
        indici: [u8; VOCI],
    },
    Annullamento(RigaAnnullamento),
}

impl Richiesta {
    pub fn id_a2a(&self) -> &str {
        match self {
            Self::Inserimento { id_a2a, .. } => id_a2a,
            Self::Annullamento(riga) => &riga.id_a2a,
        }
    }

    /// The outcome of a refusal.
    pub fn ko(&self) -> Esito {
        match self {
            Self::Inserimento { .. } => Esito::AddKo,
            Self::Annullamento(_) => Esito::DelKo,
        }
    }
}

impl From<Riga> for Richiesta {
    fn from(riga: Riga) -> Self {
        match riga {
            Riga::Annullamento(riga) => Self::Annullamento(riga),
            Riga::Inserimento(mut riga) => {
                let mut indici = [0; VOCI];
                for (indice, voce) in indici.iter_mut().zip(&riga.voci) {
                    *indice = voce.indice;
                }
                Self::Inserimento {
                    id_a2a: std::mem::take(&mut riga.id_a2a),
                    id_pendenza: std::mem::take(&mut riga.id_pendenza),
                    corpo: Box::new(nuova_pendenza(*riga)),
                    indici,
                }
            }
        }
    }
}

/// The pendenza that a row asks for.
fn nuova_pendenza(riga: RigaPendenza) -> NuovaPendenza {
    let voci = riga.voci.into_iter().map(nuova_voce).collect();
    let mut body = NuovaPendenza::new(riga.id_dominio, riga.causale, riga.importo, voci);
    body.id_tipo_pendenza = Some(riga.tipo_pendenza);
    body.id_unita_operativa = riga.id_unita_operativa;
    body.soggetto_pagatore = Some(soggetto(riga.pagatore));
    body.numero_avviso = riga.numero_avviso;
    body.anno_riferimento = riga.anno_riferimento;
    body.cartella_pagamento = riga.cartella_pagamento;
    body.dati_allegati = riga.dati_allegati;
    body.direzione = riga.direzione;
    body.divisione = riga.divisione;
    body.data_validita = riga.data_validita;
    body.data_scadenza = riga.data_scadenza;
    body.tassonomia_avviso = riga.tassonomia_avviso;
    // API Pendenze has no word for `MAI`: such an avviso is not announced, as one without a date.
    body.data_notifica_avviso = match riga.avvisatura {
        Some(Avvisatura::Il(data)) => Some(data),
        Some(Avvisatura::Mai) | None => None,
    };
    body.documento = riga.documento.map(documento);
    body.proprieta = riga.lingua.map(|lingua| ProprietaPendenza {
        lingua_secondaria: Some(lingua.codice),
        lingua_secondaria_causale: lingua.causale,
        ..ProprietaPendenza::default()
    });
    body
}

fn documento(documento: domain::tracciato::Documento) -> Documento {
    let soglia = |tipo: &str, giorni| {
        Some(Soglia {
            tipo: tipo.to_owned(),
            giorni,
        })
    };
    let (rata, soglia) = match documento.rata {
        Some(Rata::Numero(n)) => (Some(n), None),
        Some(Rata::Entro(giorni)) => (None, soglia("ENTRO", Some(giorni))),
        Some(Rata::Oltre(giorni)) => (None, soglia("OLTRE", Some(giorni))),
        Some(Rata::Ridotto(giorni)) => (None, soglia("RIDOTTO", giorni)),
        Some(Rata::Scontato(giorni)) => (None, soglia("SCONTATO", giorni)),
        None => (None, None),
    };
    Documento {
        identificativo: documento.id,
        descrizione: documento.descrizione,
        rata,
        soglia,
    }
}

fn soggetto(pagatore: Pagatore) -> Soggetto {
    Soggetto {
        anagrafica: Some(pagatore.anagrafica),
        indirizzo: pagatore.indirizzo,
        civico: pagatore.civico,
        cap: pagatore.cap,
        localita: pagatore.localita,
        provincia: pagatore.provincia,
        nazione: pagatore.nazione,
        email: pagatore.email,
        cellulare: pagatore.cellulare,
        ..Soggetto::new(pagatore.tipo, pagatore.identificativo)
    }
}

fn nuova_voce(voce: Voce) -> NuovaVoce {
    let mut body = NuovaVoce {
        id_voce_pendenza: voce.id,
        importo: voce.importo,
        descrizione: voce.descrizione,
        id_dominio: voce.beneficiario,
        ..NuovaVoce::default()
    };
    match voce.riferimento {
        RiferimentoVoce::Entrata(codice) => body.cod_entrata = Some(codice),
        RiferimentoVoce::Bollo {
            tipo,
            hash,
            provincia,
        } => {
            body.tipo_bollo = Some(tipo);
            body.hash_documento = Some(hash);
            body.provincia_residenza = Some(provincia);
        }
        RiferimentoVoce::Conto {
            iban_accredito,
            iban_appoggio,
            tipo_contabilita,
            codice_contabilita,
        } => {
            body.iban_accredito = Some(iban_accredito);
            body.iban_appoggio = iban_appoggio;
            body.tipo_contabilita = Some(tipo_contabilita);
            body.codice_contabilita = Some(codice_contabilita);
        }
    }
    body
}
