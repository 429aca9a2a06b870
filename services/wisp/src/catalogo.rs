//! The PSPs that a citizen may choose among.

use domain::Importo;
use tenant::{Canale, Metodo, ModelloCanale, Psp, Tenant};

use crate::sessione::{SceltaPsp, Sessione};

/// One way to pay: a channel of a PSP.
#[derive(Clone, Debug)]
pub struct Offerta {
    pub psp: String,
    pub canale: String,
    pub descrizione: String,
    pub codice_abi: String,
    pub commissione: Importo,
    pub totale: Importo,
    pub differito: bool,
    pub scelta: SceltaPsp,
}

/// The offers of one method, in order.
#[derive(Clone, Debug)]
pub struct Gruppo {
    pub metodo: Metodo,
    pub offerte: Vec<Offerta>,
}

/// How a citizen wants the offers of each method listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ordine {
    Commissione,
    Nome,
}

/// The channels that this session may use, by method. A channel "attivato presso il PSP" is never
/// chosen from a portal; a deferred one only when the body takes modello 2. A body that asked for
/// one PSP gets that one only.
pub fn offerte(
    tenant: &Tenant,
    sessione: &Sessione,
    importo: Importo,
    ordine: Ordine,
) -> Vec<Gruppo> {
    let wanted = |psp: &Psp| {
        sessione
            .id_psp_richiesto
            .as_ref()
            .is_none_or(|id| *id == psp.id)
    };
    let mut groups = Vec::new();
    for metodo in [Metodo::Carta, Metodo::Conto, Metodo::Altro] {
        let mut offerte: Vec<Offerta> = tenant
            .psp
            .iter()
            .filter(|psp| wanted(psp))
            .flat_map(|psp| psp.canali.iter().map(move |canale| (psp, canale)))
            .filter(|(_, canale)| canale.metodo == metodo && is_usable(canale, sessione))
            .map(|(psp, canale)| offerta(psp, canale, importo))
            .collect();
        match ordine {
            Ordine::Commissione => offerte.sort_by_key(|o| (o.commissione, o.psp.clone())),
            Ordine::Nome => offerte.sort_by_key(|o| (o.psp.clone(), o.commissione)),
        }
        if !offerte.is_empty() {
            groups.push(Gruppo { metodo, offerte });
        }
    }
    groups
}

/// The channel of the cheapest offer, when there is something to compare it with.
pub fn piu_economica(groups: &[Gruppo]) -> Option<&str> {
    let all = || groups.iter().flat_map(|g| &g.offerte);
    if all().count() < 2 {
        return None;
    }
    all()
        .min_by_key(|o| o.commissione)
        .map(|o| o.canale.as_str())
}

/// The offer with this channel, among those of the session.
pub fn find(groups: &[Gruppo], id_canale: &str) -> Option<SceltaPsp> {
    let mut all = groups.iter().flat_map(|g| &g.offerte);
    all.find(|o| o.canale == id_canale)
        .map(|o| o.scelta.clone())
}

fn is_usable(canale: &Canale, sessione: &Sessione) -> bool {
    let model = match canale.modello {
        ModelloCanale::Immediato => true,
        ModelloCanale::Differito => sessione.modello_2,
        ModelloCanale::AttivatoPressoPsp => false,
    };
    // BP is paid with a postal slip: only bodies with a postal account take it.
    model && (canale.tipo_versamento != "BP" || sessione.conto_poste)
}

fn offerta(psp: &Psp, canale: &Canale, importo: Importo) -> Offerta {
    Offerta {
        psp: psp.denominazione.clone(),
        canale: canale.id.clone(),
        descrizione: canale.descrizione.clone(),
        codice_abi: psp.codice_abi.clone(),
        commissione: canale.commissione,
        totale: [importo, canale.commissione].into_iter().sum(),
        differito: canale.modello == ModelloCanale::Differito,
        scelta: SceltaPsp {
            id_psp: psp.id.clone(),
            id_intermediario_psp: psp.intermediario.clone(),
            id_canale: canale.id.clone(),
            tipo_versamento: canale.tipo_versamento.clone(),
        },
    }
}
