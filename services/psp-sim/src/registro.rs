//! The registry of the Node: who exists, who may act for whom, where each station answers. Read from
//! the tenant file.

use std::sync::Arc;

use domain::NumeroAvviso;
use pagopa::FaultNodo;
use platform::Peers;
use tenant::{Canale, Dominio, ModelloCanale, Psp, Stazione, Tenant};

use crate::fault::{Fault, ppt};

/// Where our core answers as an ente, below its address.
const CORE_PA: &str = "/govpay/frontend/api/pagopa";
/// Where our core takes the browser back.
const CORE_REDIRECT: &str = "/govpay/frontend/web/connector/psp";

#[derive(Clone)]
pub struct Registro {
    tenant: Arc<Tenant>,
    peers: Peers,
}

/// What a caller says about itself and about the body it acts for.
#[derive(Clone, Copy)]
pub struct Chiamante<'a> {
    pub intermediario: &'a str,
    pub stazione: &'a str,
    pub password: &'a str,
}

/// The channel that a caller asks for.
#[derive(Clone, Copy)]
pub struct RichiestaCanale<'a> {
    pub psp: &'a str,
    pub intermediario: &'a str,
    pub canale: &'a str,
}

impl Registro {
    pub fn new(tenant: Tenant, peers: Peers) -> Self {
        Self {
            tenant: Arc::new(tenant),
            peers,
        }
    }

    /// The station of the caller, once its password is right.
    ///
    /// # Errors
    /// The faults of the Node, in the order in which it checks (SANP 2, faults of NodoPerPa).
    pub fn autentica(&self, chiamante: Chiamante<'_>) -> Result<&Stazione, Fault> {
        let Chiamante {
            intermediario,
            stazione,
            password,
        } = chiamante;
        if !self
            .tenant
            .intermediari
            .iter()
            .any(|i| i.id == intermediario)
        {
            return Err(ppt(
                FaultNodo::IntermediarioPaSconosciuto,
                format!("L'intermediario «{intermediario}» non è censito."),
            ));
        }
        let found = self.tenant.stazione(stazione).ok_or_else(|| {
            ppt(
                FaultNodo::StazioneIntPaSconosciuta,
                format!("La stazione «{stazione}» non è censita."),
            )
        })?;
        if found.intermediario() != intermediario {
            return Err(ppt(
                FaultNodo::Autorizzazione,
                format!("La stazione «{stazione}» non è dell'intermediario «{intermediario}»."),
            ));
        }
        if found.password.reveal() != password {
            return Err(ppt(
                FaultNodo::Autenticazione,
                format!("La password non è quella della stazione «{stazione}»."),
            ));
        }
        Ok(found)
    }

    /// The body, if the station may act for it: it is its own, or another of the same intermediario.
    pub fn dominio_di(&self, stazione: &Stazione, id: &str) -> Result<&Dominio, Fault> {
        let dominio = self.dominio(id)?;
        let same_broker = self
            .tenant
            .stazione(&dominio.stazione)
            .is_some_and(|own| own.intermediario() == stazione.intermediario());
        if !same_broker {
            return Err(ppt(
                FaultNodo::Autorizzazione,
                format!(
                    "La stazione «{}» non opera per il dominio «{id}».",
                    stazione.id
                ),
            ));
        }
        Ok(dominio)
    }

    /// The bodies that this station may act for.
    pub fn domini_di(&self, stazione: &Stazione) -> Vec<String> {
        let ids = self.tenant.domini.iter().map(|dominio| dominio.id.as_str());
        ids.filter(|id| self.dominio_di(stazione, id).is_ok())
            .map(str::to_owned)
            .collect()
    }

    pub fn dominio(&self, id: &str) -> Result<&Dominio, Fault> {
        self.tenant.dominio(id).ok_or_else(|| {
            ppt(
                FaultNodo::DominioSconosciuto,
                format!("Il dominio «{id}» non è censito."),
            )
        })
    }

    /// The channel for an RPT with this tipoVersamento.
    pub fn canale_per_rpt(&self, richiesta: RichiestaCanale<'_>) -> Result<(&Psp, &Canale), Fault> {
        let RichiestaCanale {
            psp,
            intermediario,
            canale,
        } = richiesta;
        if !self.tenant.psp.iter().any(|p| p.id == psp) {
            return Err(ppt(
                FaultNodo::PspSconosciuto,
                format!("Il PSP «{psp}» non è censito."),
            ));
        }
        if !self
            .tenant
            .psp
            .iter()
            .any(|p| p.intermediario == intermediario)
        {
            return Err(ppt(
                FaultNodo::IntermediarioPspSconosciuto,
                format!("L'intermediario PSP «{intermediario}» non è censito."),
            ));
        }
        let (owner, found) = self.tenant.canale(canale).ok_or_else(|| {
            ppt(
                FaultNodo::CanaleSconosciuto,
                format!("Il canale «{canale}» non è censito."),
            )
        })?;
        if owner.id != psp || owner.intermediario != intermediario {
            return Err(ppt(
                FaultNodo::Autorizzazione,
                format!(
                    "Il canale «{canale}» è del PSP «{}» con l'intermediario «{}».",
                    owner.id, owner.intermediario
                ),
            ));
        }
        Ok((owner, found))
    }

    /// The station that answers for an avviso: by aux digit and application or segregation code.
    pub fn stazione_di(
        &self,
        dominio: &str,
        numero: &NumeroAvviso,
    ) -> Result<(&Dominio, &Stazione), Fault> {
        let dominio = self.dominio(dominio)?;
        let stazione = self.tenant.stazione(&dominio.stazione);
        let code = match dominio.aux_digit {
            0 => stazione.and_then(Stazione::application_code),
            3 => dominio.segregation_code,
            _ => None,
        };
        let leads_here = numero.aux_digit() == dominio.aux_digit && numero.station_code() == code;
        match stazione.filter(|_| leads_here) {
            Some(stazione) => Ok((dominio, stazione)),
            None => Err(ppt(
                FaultNodo::StazioneIntPaSconosciuta,
                format!(
                    "Il numero avviso {numero} non porta a una stazione del dominio «{}»: prima cifra \
                     {}, codice {}.",
                    dominio.id,
                    numero.aux_digit(),
                    numero
                        .station_code()
                        .map_or_else(|| "assente".to_owned(), |c| format!("{c:02}")),
                ),
            )),
        }
    }

    pub fn stazione(&self, id: &str) -> Option<&Stazione> {
        self.tenant.stazione(id)
    }

    pub fn canale(&self, id: &str) -> Option<(&Psp, &Canale)> {
        self.tenant.canale(id)
    }

    /// The channels where a citizen pays with the avviso in the hand, in the order of the file.
    pub fn canali_attivati(&self) -> Vec<(&Psp, &Canale)> {
        let all = self
            .tenant
            .psp
            .iter()
            .flat_map(|psp| psp.canali.iter().map(move |c| (psp, c)));
        all.filter(|(_, canale)| canale.modello == ModelloCanale::AttivatoPressoPsp)
            .collect()
    }

    /// Base address of the SOAP services of the station, without a slash at the end.
    pub fn url_pa(&self, stazione: &Stazione) -> String {
        match &stazione.url_pa {
            Some(url) => url.as_str().trim_end_matches('/').to_owned(),
            None => format!("{}{CORE_PA}", self.peers.core.internal),
        }
    }

    /// Where the browser goes back after the PSP, with its query.
    pub fn url_redirect(&self, stazione: &Stazione, query: &[(&str, &str)]) -> String {
        let base = match &stazione.url_redirect {
            Some(url) => url.as_str().to_owned(),
            None => format!("{}{CORE_REDIRECT}", self.peers.core.public),
        };
        let separator = if base.contains('?') { '&' } else { '?' };
        let mut query_text = url::form_urlencoded::Serializer::new(String::new());
        query_text.extend_pairs(query);
        format!("{base}{separator}{}", query_text.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn registro() -> Registro {
        let address = std::net::SocketAddr::from(([127, 0, 0, 1], 8080));
        Registro::new(Tenant::load(None).unwrap(), Peers::local([address; 6]))
    }

    fn code<T>(found: Result<T, Fault>) -> String {
        found
            .err()
            .map(|fault| fault.fault_code)
            .unwrap_or_default()
    }

    #[test]
    fn a_caller_is_refused_with_the_fault_of_what_is_wrong() {
        let registro = registro();
        let cases = [
            ("20000000016", "20000000016_01", "Stazione01pw", ""),
            (
                "29999999999",
                "20000000016_01",
                "Stazione01pw",
                "PPT_INTERMEDIARIO_PA_SCONOSCIUTO",
            ),
            (
                "20000000016",
                "20000000016_09",
                "Stazione01pw",
                "PPT_STAZIONE_INT_PA_SCONOSCIUTA",
            ),
            (
                "20000000016",
                "20000000016_01",
                "Stazione02pw",
                "PPT_AUTENTICAZIONE",
            ),
        ];
        for (intermediario, stazione, password, expected) in cases {
            let found = registro.autentica(Chiamante {
                intermediario,
                stazione,
                password,
            });
            assert_eq!(code(found), expected, "{intermediario} {stazione}");
        }
    }

    #[test]
    fn a_channel_is_refused_with_the_fault_of_what_is_wrong() {
        let registro = registro();
        let cases = [
            ("BLNKIT22", "30000000023", "30000000023_01", ""),
            (
                "XXXXXX00",
                "30000000023",
                "30000000023_01",
                "PPT_PSP_SCONOSCIUTO",
            ),
            (
                "BLNKIT22",
                "39999999999",
                "30000000023_01",
                "PPT_INTERMEDIARIO_PSP_SCONOSCIUTO",
            ),
            (
                "BLNKIT22",
                "30000000023",
                "30000000023_09",
                "PPT_CANALE_SCONOSCIUTO",
            ),
            (
                "BLNKIT22",
                "30000000023",
                "40000000030_01",
                "PPT_AUTORIZZAZIONE",
            ),
        ];
        for (psp, intermediario, canale, expected) in cases {
            let found = registro.canale_per_rpt(RichiestaCanale {
                psp,
                intermediario,
                canale,
            });
            assert_eq!(code(found), expected, "{psp} {canale}");
        }
    }

    #[test]
    fn b059_an_avviso_leads_to_a_station_or_to_a_fault() {
        let registro = registro();
        let cases = [
            ("12345678903", "301000000000004285", ""),
            ("09876543217", "347000000000074221", ""),
            (
                "12345678903",
                "347000000000074221",
                "PPT_STAZIONE_INT_PA_SCONOSCIUTA",
            ),
            (
                "12345678903",
                "001000000000004282",
                "PPT_STAZIONE_INT_PA_SCONOSCIUTA",
            ),
            (
                "12345678903",
                "100000000000123426",
                "PPT_STAZIONE_INT_PA_SCONOSCIUTA",
            ),
            (
                "77777777777",
                "301000000000004285",
                "PPT_DOMINIO_SCONOSCIUTO",
            ),
        ];
        for (dominio, numero, expected) in cases {
            let numero = NumeroAvviso::parse(numero).unwrap();
            assert_eq!(
                code(registro.stazione_di(dominio, &numero)),
                expected,
                "{numero}"
            );
        }
    }

    #[test]
    fn the_way_back_keeps_the_query_of_the_station() {
        let registro = registro();
        let stazione = registro.stazione("20000000016_01").unwrap();
        assert_eq!(
            registro.url_redirect(stazione, &[("idSession", "a b"), ("esito", "OK")]),
            "http://127.0.0.1:8080/govpay/frontend/web/connector/psp?idSession=a+b&esito=OK"
        );
        let own = Stazione {
            url_redirect: Some("https://ec.example/ritorno?a=1".parse().unwrap()),
            ..stazione.clone()
        };
        assert_eq!(
            registro.url_redirect(&own, &[("esito", "ERROR")]),
            "https://ec.example/ritorno?a=1&esito=ERROR"
        );
    }
}
