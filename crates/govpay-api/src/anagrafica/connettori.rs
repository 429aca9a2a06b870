//! Where the core calls others, and how it makes itself known there.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::NomeOppureTipo;

/// How the core makes itself known to whom it calls: one of five ways.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum Autenticazione {
    Basic(AutenticazioneBasic),
    Ssl(AutenticazioneSsl),
    Header(AutenticazioneHeader),
    ApiKey(AutenticazioneApiKey),
    Oauth2(AutenticazioneOauth2),
}

gruppo!(
    /// HTTP basic.
    AutenticazioneBasic {
        obbligatori {
            #[schema(min_length = 1, max_length = 255)]
            username: String,
            #[schema(min_length = 1, max_length = 255)]
            password: String,
        }
        facoltativi {}
    }
);

#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
pub enum TipoSsl {
    Client,
    Server,
}

#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
pub enum TipoKeystore {
    #[serde(rename = "JKS")]
    Jks,
}

#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
pub enum VersioneSsl {
    #[serde(rename = "SSL")]
    Ssl,
    #[serde(rename = "SSLv3")]
    SslV3,
    #[serde(rename = "TLS")]
    Tls,
    #[serde(rename = "TLSv1")]
    TlsV1,
    #[serde(rename = "TLSv1.1")]
    TlsV11,
    #[serde(rename = "TLSv1.2")]
    TlsV12,
}

gruppo!(
    /// TLS with a certificate of the core (`Client`), or trust in one of the server's.
    AutenticazioneSsl {
        obbligatori {
            tipo: TipoSsl,
            #[schema(min_length = 1, max_length = 255)]
            ts_location: String,
            #[schema(min_length = 1, max_length = 255)]
            ts_password: String,
            ts_type: TipoKeystore,
            ssl_type: VersioneSsl,
        }
        facoltativi {
            #[schema(max_length = 255)]
            ks_location: String,
            #[schema(max_length = 255)]
            ks_password: String,
            ks_type: TipoKeystore,
            #[schema(max_length = 255)]
            #[serde(rename = "ksPKeyPasswd")]
            ks_p_key_passwd: String,
        }
    }
);

gruppo!(
    /// A header of the other side's choice.
    AutenticazioneHeader {
        obbligatori {
            #[schema(min_length = 1, max_length = 255)]
            header_name: String,
            #[schema(min_length = 1, max_length = 255)]
            header_value: String,
        }
        facoltativi {}
    }
);

gruppo!(
    /// The pair `X-APP-ID` and `X-API-KEY`.
    AutenticazioneApiKey {
        obbligatori {
            #[schema(min_length = 1, max_length = 255)]
            api_id: String,
            #[schema(min_length = 1, max_length = 255)]
            api_key: String,
        }
        facoltativi {}
    }
);

gruppo!(
    /// OAuth2, client credentials.
    AutenticazioneOauth2 {
        obbligatori {
            #[schema(min_length = 1, max_length = 255)]
            client_id: String,
            #[schema(min_length = 1, max_length = 255)]
            client_secret: String,
            #[schema(min_length = 1, max_length = 255, pattern = "^https?://")]
            url_token_endpoint: String,
        }
        facoltativi {
            #[schema(max_length = 255)]
            scope: String,
        }
    }
);

gruppo!(
    /// The Node's SOAP services.
    ConnettorePagopa {
        obbligatori {
            #[serde(rename = "urlRPT")]
            #[schema(min_length = 1, max_length = 255, pattern = "^https?://")]
            url_rpt: String,
        }
        facoltativi {
            auth: Autenticazione,
            #[schema(max_length = 255)]
            subscription_key: String,
        }
    }
);

gruppo!(
    /// A REST service of pagoPA.
    ConnettoreRestPagopa {
        obbligatori {
            #[schema(min_length = 1, max_length = 255, pattern = "^https?://")]
            url: String,
        }
        facoltativi {
            auth: Autenticazione,
            #[schema(max_length = 255)]
            subscription_key: String,
            #[serde(rename = "abilitaGDE")]
            abilita_gde: bool,
        }
    }
);

gruppo!(
    /// One direction of an FTP exchange.
    ConnettoreFtp {
        obbligatori {
            #[schema(min_length = 1, max_length = 255)]
            host: String,
            #[schema(pattern = "^[0-9]{1,5}$")]
            porta: String,
            #[schema(min_length = 1, max_length = 255)]
            username: String,
            #[schema(min_length = 1, max_length = 255)]
            password: String,
        }
        facoltativi {}
    }
);

gruppo!(
    ServizioFtp {
        obbligatori {
            #[serde(rename = "ftp_lettura")]
            ftp_lettura: ConnettoreFtp,
            #[serde(rename = "ftp_scrittura")]
            ftp_scrittura: ConnettoreFtp,
        }
        facoltativi {}
    }
);

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum VersioneApiEnte {
    #[serde(rename = "REST v1")]
    RestV1,
    #[serde(rename = "REST v2")]
    RestV2,
}

gruppo!(
    /// The API Ente of a gestionale.
    ConnettoreEnte {
        obbligatori {
            #[schema(min_length = 1, max_length = 255, pattern = "^https?://")]
            url: String,
        }
        facoltativi {
            /// `REST v1` when absent.
            versione_api: VersioneApiEnte,
            auth: Autenticazione,
            /// Header `Ocp-Apim-Subscription-Key`. Ours, as what follows.
            #[schema(max_length = 255)]
            subscription_key: String,
            /// Milliseconds to be connected: 2000 when absent.
            #[schema(minimum = 1, maximum = 60000)]
            timeout_connessione: i64,
            /// Milliseconds for the answer to a verifica: 5000 when absent.
            #[schema(minimum = 1, maximum = 60000)]
            timeout_verifica: i64,
            /// Milliseconds for the answer to a notification: 5000 when absent.
            #[schema(minimum = 1, maximum = 60000)]
            timeout_notifica: i64,
            /// Whether a pendenza past its dataValidita is not paid unless the applicazione tells its
            /// data anew: `false` when absent, and the known data are paid.
            aggiornamento_validita_mandatorio: bool,
        }
    }
);

#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum Consegna {
    Email,
    Filesystem,
    Rest,
}

/// The fields that the connectors of rendicontazione share, and those of each.
macro_rules! rendicontazione {
    ($(#[$meta:meta])* $name:ident {
        obbligatori { $($(#[$rm:meta])* $r:ident: $rt:ty,)* }
        facoltativi { $($(#[$om:meta])* $o:ident: $ot:ty,)* }
    }) => {
        gruppo!(
            $(#[$meta])*
            $name {
                obbligatori {
                    abilitato: bool,
                    $($(#[$rm])* $r: $rt,)*
                }
                facoltativi {
                    #[schema(max_items = 50)]
                    email_indirizzi: Vec<String>,
                    #[schema(max_length = 4000)]
                    email_subject: String,
                    email_allegato: bool,
                    #[schema(max_length = 255)]
                    download_base_url: String,
                    #[schema(max_length = 255)]
                    file_system_path: String,
                    tipi_pendenza: Vec<NomeOppureTipo>,
                    $($(#[$om])* $o: $ot,)*
                }
            }
        );
    };
}

rendicontazione!(
    ServizioMyPivot {
        obbligatori {
            #[serde(rename = "codiceIPA")]
            #[schema(min_length = 1, max_length = 255)]
            codice_ipa: String,
            tipo_connettore: Consegna,
            #[schema(min_length = 1, max_length = 255)]
            versione_csv: String,
            /// Hours.
            #[schema(minimum = 1)]
            intervallo_creazione_tracciato: i32,
        }
        facoltativi {}
    }
);

rendicontazione!(
    ServizioSecim {
        obbligatori {
            #[schema(min_length = 1, max_length = 255)]
            codice_cliente: String,
            tipo_connettore: Consegna,
            #[schema(min_length = 1, max_length = 255)]
            versione_csv: String,
            #[schema(minimum = 1)]
            intervallo_creazione_tracciato: i32,
        }
        facoltativi {
            #[schema(max_length = 255)]
            codice_istituto: String,
        }
    }
);

rendicontazione!(
    ServizioHyperSic {
        obbligatori {
            tipo_connettore: Consegna,
            #[schema(min_length = 1, max_length = 255)]
            versione_csv: String,
            #[schema(minimum = 1)]
            intervallo_creazione_tracciato: i32,
        }
        facoltativi {}
    }
);

#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ContenutoNotifica {
    SintesiPagamenti,
    SintesiFlussiRendicontazione,
    Rpp,
    FlussiRendicontazione,
}

#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
pub enum VersioneRendicontazione {
    #[serde(rename = "REST v1")]
    RestV1,
}

rendicontazione!(
    ServizioGovPay {
        obbligatori {
            tipo_connettore: Consegna,
            #[schema(minimum = 1)]
            intervallo_creazione_tracciato: i32,
        }
        facoltativi {
            #[schema(max_length = 255)]
            versione_zip: String,
            #[schema(max_length = 255, pattern = "^https?://")]
            url: String,
            versione_api: VersioneRendicontazione,
            auth: Autenticazione,
            contenuti: Vec<ContenutoNotifica>,
        }
    }
);

gruppo!(
    ServizioMaggioli {
        obbligatori {
            abilitato: bool,
            #[schema(min_length = 1, max_length = 255, pattern = "^https?://")]
            url: String,
            auth: Autenticazione,
        }
        facoltativi {
            invia_tracciato_esito: bool,
            #[schema(max_length = 255)]
            file_system_path: String,
            #[schema(max_items = 50)]
            email_indirizzi: Vec<String>,
            #[schema(max_length = 4000)]
            email_subject: String,
            email_allegato: bool,
            #[schema(max_length = 255)]
            download_base_url: String,
            #[serde(rename = "dataUltimaRT")]
            data_ultima_rt: String,
        }
    }
);
