//! The properties of a JSON pendenza that stand for the columns of the CSV.

use domain::tracciato::{Colonna, VOCI};
use serde_json::Value;

const TESTA: [&str; 27] = [
    "idA2A",
    "idPendenza",
    "idDominio",
    "numeroAvviso",
    "idTipoPendenza",
    "idUnitaOperativa",
    "causale",
    "annoRiferimento",
    "cartellaPagamento",
    "datiAllegati",
    "direzione",
    "divisione",
    "importo",
    "dataValidita",
    "dataScadenza",
    "tassonomiaAvviso",
    "soggettoPagatore.tipo",
    "soggettoPagatore.identificativo",
    "soggettoPagatore.anagrafica",
    "soggettoPagatore.indirizzo",
    "soggettoPagatore.civico",
    "soggettoPagatore.cap",
    "soggettoPagatore.localita",
    "soggettoPagatore.provincia",
    "soggettoPagatore.nazione",
    "soggettoPagatore.email",
    "soggettoPagatore.cellulare",
];

const VOCE: [&str; 11] = [
    "idVocePendenza",
    "importo",
    "descrizione",
    "ibanAccredito",
    "ibanAppoggio",
    "tipoContabilita",
    "codiceContabilita",
    "codEntrata",
    "tipoBollo",
    "hashDocumento",
    "provinciaResidenza",
];

const CODA: [&str; 5] = [
    "dataNotificaAvviso",
    "documento.identificativo",
    "documento.descrizione",
    "documento.rata",
    "proprieta.linguaSecondaria",
];

/// Path of the property that a column of the CSV stands for, as `voci[0].importo`.
pub fn percorso(colonna: Colonna) -> String {
    let posizione = colonna.posizione();
    if let Some(nome) = TESTA.get(posizione) {
        return (*nome).to_owned();
    }
    let dopo = posizione - TESTA.len();
    match VOCE.get(dopo % VOCE.len()) {
        Some(nome) if dopo < VOCE.len() * VOCI => format!("voci[{}].{nome}", dopo / VOCE.len()),
        _ => {
            let nome = CODA.get(dopo.saturating_sub(VOCE.len() * VOCI));
            nome.map_or_else(|| colonna.nome(), |nome| (*nome).to_owned())
        }
    }
}

/// The properties of an element outside of its voci, as texts, whether or not the element is right.
pub struct Proprieta(Value);

impl Proprieta {
    pub fn new(bytes: &[u8]) -> Self {
        Self(serde_json::from_slice(bytes).unwrap_or_default())
    }

    /// Empty when there is no such text or number.
    pub fn testo(&self, colonna: Colonna) -> String {
        let mut valore = &self.0;
        for nome in percorso(colonna).split('.') {
            valore = &valore[nome];
        }
        match valore {
            Value::String(testo) => testo.clone(),
            Value::Number(numero) => numero.to_string(),
            _ => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::tracciato::CampoVoce;

    use super::*;

    #[test]
    fn columns_have_their_paths() {
        assert_eq!(percorso(Colonna::EMAIL), "soggettoPagatore.email");
        assert_eq!(
            percorso(Colonna::voce(0, CampoVoce::Importo)),
            "voci[0].importo"
        );
        assert_eq!(
            percorso(Colonna::voce(4, CampoVoce::TipoEntrata)),
            "voci[4].codEntrata"
        );
        assert_eq!(
            percorso(Colonna::LINGUA_SECONDARIA),
            "proprieta.linguaSecondaria"
        );
    }
}
