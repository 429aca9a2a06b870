//! Bodies, their offices, accounts and entrate.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    ServizioGovPay, ServizioHyperSic, ServizioMaggioli, ServizioMyPivot, ServizioSecim,
    TipoPendenzaDominio,
};

/// Kind of body in pagoPA's taxonomy, `01` to `12`.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
pub enum TassonomiaDominio {
    #[serde(rename = "01")]
    Uno,
    #[serde(rename = "02")]
    Due,
    #[serde(rename = "03")]
    Tre,
    #[serde(rename = "04")]
    Quattro,
    #[serde(rename = "05")]
    Cinque,
    #[serde(rename = "06")]
    Sei,
    #[serde(rename = "07")]
    Sette,
    #[serde(rename = "08")]
    Otto,
    #[serde(rename = "09")]
    Nove,
    #[serde(rename = "10")]
    Dieci,
    #[serde(rename = "11")]
    Undici,
    #[serde(rename = "12")]
    Dodici,
}

/// A body with these fields more: its key, and in a detail what belongs to it.
macro_rules! dominio {
    ($post:ident => $letta:ident { $($(#[$km:meta])* $k:ident: $kt:ty,)* }) => {
        risorsa!(
            /// Body of `PUT /domini/{idDominio}`.
            $post => $letta {
                chiave { $($(#[$km])* $k: $kt,)* }
                obbligatori {
                    #[schema(min_length = 1, max_length = 70)]
                    ragione_sociale: String,
                    abilitato: bool,
                }
                facoltativi {
                    #[schema(max_length = 70)]
                    indirizzo: String,
                    #[schema(max_length = 16)]
                    civico: String,
                    #[schema(max_length = 16)]
                    cap: String,
                    #[schema(max_length = 35)]
                    localita: String,
                    #[schema(max_length = 35)]
                    provincia: String,
                    #[schema(pattern = "^[A-Z]{2}$")]
                    nazione: String,
                    #[schema(max_length = 255)]
                    email: String,
                    #[schema(max_length = 255)]
                    pec: String,
                    #[schema(max_length = 255)]
                    tel: String,
                    #[schema(max_length = 255)]
                    fax: String,
                    #[schema(max_length = 255)]
                    web: String,
                    #[schema(max_length = 255)]
                    area: String,
                    /// 13 digits: without it there is no bar code.
                    #[schema(pattern = "^([0-9]{13})?$")]
                    gln: String,
                    #[schema(max_length = 255)]
                    cbill: String,
                    /// Digits, `%(a)`, `%(p)` or `%(t)`, `%(y)`, `%(Y)`: what generated numbers begin with.
                    #[schema(max_length = 255, pattern = "^([0-9]*(%\\([yYapt]\\))?)*$")]
                    iuv_prefix: String,
                    /// Needed unless `intermediato` is false.
                    #[schema(pattern = "^[0-9]{11}_[0-9]{2}$")]
                    stazione: String,
                    /// `0` when absent.
                    #[schema(pattern = "^[0-3]$")]
                    aux_digit: String,
                    /// With aux digit 3.
                    #[schema(pattern = "^[0-9]{1,2}$")]
                    segregation_code: String,
                    /// Base64 of a PNG or SVG image.
                    #[schema(max_length = 1_400_000)]
                    logo: String,
                    #[schema(max_length = 255)]
                    aut_stampa_poste_italiane: String,
                    servizio_my_pivot: ServizioMyPivot,
                    servizio_secim: ServizioSecim,
                    servizio_gov_pay: ServizioGovPay,
                    #[serde(rename = "servizioHyperSicAPKappa")]
                    servizio_hyper_sic_ap_kappa: ServizioHyperSic,
                    #[serde(rename = "servizioMaggioliJPPA")]
                    servizio_maggioli_jppa: ServizioMaggioli,
                    /// False: known only as a beneficiary of others' pendenze. `true` when absent.
                    intermediato: bool,
                    #[serde(rename = "tassonomiaPagoPA")]
                    tassonomia_pago_pa: TassonomiaDominio,
                    /// `false` when absent.
                    scarica_fr: bool,
                }
            }
        );
    };
}

dominio!(NuovoDominio => DominioDettaglio {
    /// 11 digits.
    id_dominio: String,
    unita_operative: Vec<UnitaOperativa>,
    conti_accredito: Vec<ContoAccredito>,
    entrate: Vec<EntrataDominio>,
    tipi_pendenza: Vec<TipoPendenzaDominio>,
});

/// A row of the list of bodies: the last four are the paths of what belongs to it.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DominioElenco {
    pub id_dominio: String,
    pub ragione_sociale: String,
    pub abilitato: bool,
    pub scarica_fr: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stazione: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gln: Option<String>,
    pub unita_operative: String,
    pub conti_accredito: String,
    pub entrate: String,
    pub tipi_pendenza: String,
    /// The other fields of the body.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    pub altro: serde_json::Map<String, serde_json::Value>,
}

risorsa!(
    /// Body of `PUT /domini/{idDominio}/unitaOperative/{idUnitaOperativa}`.
    NuovaUnitaOperativa => UnitaOperativa {
        chiave {
            /// 1 to 35 letters, digits, `-`, `_`.
            id_unita: String,
        }
        obbligatori {
            #[schema(min_length = 1, max_length = 70)]
            ragione_sociale: String,
        }
        facoltativi {
            #[schema(max_length = 70)]
            indirizzo: String,
            #[schema(max_length = 16)]
            civico: String,
            #[schema(max_length = 16)]
            cap: String,
            #[schema(max_length = 35)]
            localita: String,
            #[schema(max_length = 35)]
            provincia: String,
            #[schema(pattern = "^[A-Z]{2}$")]
            nazione: String,
            #[schema(max_length = 255)]
            email: String,
            #[schema(max_length = 255)]
            pec: String,
            #[schema(max_length = 255)]
            tel: String,
            #[schema(max_length = 255)]
            fax: String,
            #[schema(max_length = 255)]
            web: String,
            #[schema(max_length = 255)]
            area: String,
            abilitato: bool,
        }
    }
);

risorsa!(
    /// Body of `PUT /domini/{idDominio}/contiAccredito/{ibanAccredito}`.
    NuovoContoAccredito => ContoAccredito {
        chiave {
            iban: String,
        }
        obbligatori {}
        facoltativi {
            #[schema(max_length = 255)]
            bic: String,
            /// True for the account of a bollettino. `false` when absent.
            postale: bool,
            mybank: bool,
            /// `true` when absent.
            abilitato: bool,
            #[schema(min_length = 1, max_length = 255)]
            descrizione: String,
            #[schema(min_length = 1, max_length = 255)]
            intestatario: String,
            #[schema(max_length = 255)]
            aut_stampa_poste_italiane: String,
        }
    }
);

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum TipoContabilita {
    Capitolo,
    Speciale,
    Siope,
    Altro,
}

impl TipoContabilita {
    pub fn name(self) -> &'static str {
        match self {
            Self::Capitolo => "CAPITOLO",
            Self::Speciale => "SPECIALE",
            Self::Siope => "SIOPE",
            Self::Altro => "ALTRO",
        }
    }
}

risorsa!(
    /// Body of `PUT /entrate/{idEntrata}`: an entrata of all bodies.
    NuovoTipoEntrata => TipoEntrata {
        chiave {
            id_entrata: String,
        }
        obbligatori {
            #[schema(min_length = 1, max_length = 255)]
            descrizione: String,
            tipo_contabilita: TipoContabilita,
            #[schema(pattern = "^\\S{3,138}$")]
            codice_contabilita: String,
        }
        facoltativi {}
    }
);

risorsa!(
    /// Body of `PUT /domini/{idDominio}/entrate/{idEntrata}`: the account where a body collects it, and
    /// what is different there.
    NuovaEntrata => EntrataDominio {
        chiave {
            id_entrata: String,
            tipo_entrata: TipoEntrata,
        }
        obbligatori {
            #[schema(min_length = 1, max_length = 255)]
            iban_accredito: String,
        }
        facoltativi {
            #[schema(max_length = 255)]
            iban_appoggio: String,
            tipo_contabilita: TipoContabilita,
            #[schema(pattern = "^\\S{3,138}$")]
            codice_contabilita: String,
            /// `true` when absent.
            abilitato: bool,
        }
    }
);
