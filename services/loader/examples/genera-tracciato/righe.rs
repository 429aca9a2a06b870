//! Rows of invented people, the same for the same seed, with the columns that they need.

#[path = "persone.rs"]
mod persone;

use persone::{Richiesta, Richieste, euro};

const TESTA: &str = "idA2A,idPendenza,idDominio,numeroAvviso,tipoPendenza,causale,annoRiferimento,importo,dataScadenza,tipoSoggettoPagatore,identificativoPagatore,anagraficaPagatore,indirizzoPagatore,civicoPagatore,capPagatore,localitaPagatore,provinciaPagatore,nazionePagatore,emailPagatore,idVoce1,importoVoce1,descrizioneVoce1,tipoEntrataVoce1,idVoce2,importoVoce2,descrizioneVoce2,tipoEntrataVoce2\r\n";

/// A tracciato of the standard layout by header name.
pub fn tracciato(righe: u32, seme: u64) -> String {
    let righe = usize::try_from(righe).unwrap_or(usize::MAX);
    let mut out = String::from(TESTA);
    out.extend(Richieste::new(seme).take(righe).map(|r| riga(&r)));
    out
}

fn riga(r: &Richiesta) -> String {
    let entrata = r.entrata;
    let voce1 = format!("V1,{},Quota dovuta,{entrata}", euro(r.prima));
    let voce2 = match r.seconda {
        0 => ",,,".to_owned(),
        cents => format!("V2,{},\"Spese, notifica inclusa\",{entrata}", euro(cents)),
    };
    let Richiesta {
        n,
        id_pendenza,
        id_dominio,
        tipo,
        causale,
        codice_fiscale,
        anagrafica,
        indirizzo,
        civico,
        localita: [cap, localita, provincia],
        ..
    } = r;
    let totale = euro(r.prima + r.seconda);
    format!(
        "GESTIONALE,{id_pendenza},{id_dominio},,{tipo},\"{causale}\",2026,{totale},2030-12-31,F,{codice_fiscale},{anagrafica},{indirizzo},{civico},{cap},{localita},{provincia},IT,debitore{n}@posta.example,{voce1},{voce2}\r\n"
    )
}
