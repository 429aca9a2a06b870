//! The settings of a whole archive.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::{Autenticazione, TipoKeystore, TipoTemplate, TracciatoCsv, VersioneSsl};

/// When something is written in the giornale.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum Quando {
    #[serde(rename = "sempre")]
    Sempre,
    #[serde(rename = "mai")]
    Mai,
    #[serde(rename = "solo errore")]
    SoloErrore,
}

gruppo!(
    /// Whether an exchange is written, and whether with its messages.
    EventoGiornale {
        obbligatori {
            log: Quando,
            dump: Quando,
        }
        facoltativi {}
    }
);

gruppo!(
    InterfacciaGiornale {
        obbligatori {}
        facoltativi {
            letture: EventoGiornale,
            scritture: EventoGiornale,
        }
    }
);

gruppo!(
    InterfacceGiornale {
        obbligatori {
            api_ente: InterfacciaGiornale,
            api_pagamento: InterfacciaGiornale,
            api_ragioneria: InterfacciaGiornale,
            api_backoffice: InterfacciaGiornale,
            #[serde(rename = "apiPagoPA")]
            api_pago_pa: InterfacciaGiornale,
            api_pendenze: InterfacciaGiornale,
            #[serde(rename = "apiBackendIO")]
            api_backend_io: InterfacciaGiornale,
            #[serde(rename = "apiMaggioliJPPA")]
            api_maggioli_jppa: InterfacciaGiornale,
        }
        facoltativi {}
    }
);

gruppo!(
    GiornaleEventi {
        obbligatori {
            interfacce: InterfacceGiornale,
        }
        facoltativi {}
    }
);

gruppo!(
    /// The service that keeps the giornale, when it is not the core.
    ServizioGde {
        obbligatori {
            abilitato: bool,
        }
        facoltativi {
            #[schema(max_length = 255, pattern = "^https?://")]
            url: String,
            auth: Autenticazione,
        }
    }
);

gruppo!(
    Captcha {
        obbligatori {
            #[serde(rename = "serverURL")]
            #[schema(min_length = 1, max_length = 255)]
            server_url: String,
            #[schema(min_length = 1, max_length = 255)]
            site_key: String,
            #[schema(min_length = 1, max_length = 255)]
            secret_key: String,
            #[schema(minimum = 0.1, maximum = 1.0)]
            soglia: f64,
            #[schema(pattern = "^[a-zA-Z0-9_-]+$")]
            parametro: String,
            deny_on_fail: bool,
            /// Milliseconds.
            #[schema(minimum = 1)]
            connection_timeout: i64,
            #[schema(minimum = 1)]
            read_timeout: i64,
        }
        facoltativi {}
    }
);

gruppo!(
    /// Protection of the anonymous services.
    Hardening {
        obbligatori {
            abilitato: bool,
            captcha: Captcha,
        }
        facoltativi {}
    }
);

gruppo!(
    KeystoreMail {
        obbligatori {
            r#type: TipoKeystore,
            #[schema(min_length = 1, max_length = 255)]
            location: String,
        }
        facoltativi {
            #[schema(max_length = 255)]
            password: String,
            #[schema(max_length = 255)]
            management_algorithm: String,
        }
    }
);

gruppo!(
    SslMail {
        obbligatori {
            abilitato: bool,
        }
        facoltativi {
            r#type: VersioneSsl,
            hostname_verifier: bool,
            truststore: KeystoreMail,
            keystore: KeystoreMail,
        }
    }
);

gruppo!(
    ServerMail {
        obbligatori {
            #[schema(min_length = 1, max_length = 255)]
            host: String,
            #[schema(minimum = 1, maximum = 65535)]
            port: i64,
            #[schema(min_length = 1, max_length = 35)]
            username: String,
            #[schema(min_length = 1, max_length = 35)]
            password: String,
            #[schema(min_length = 1, max_length = 255)]
            from: String,
            /// Milliseconds.
            #[schema(minimum = 1)]
            read_timeout: i64,
            #[schema(minimum = 1)]
            connection_timeout: i64,
            start_tls: bool,
        }
        facoltativi {
            ssl_config: SslMail,
        }
    }
);

gruppo!(
    /// How e-mails leave.
    BatchMail {
        obbligatori {
            abilitato: bool,
            mailserver: ServerMail,
        }
        facoltativi {}
    }
);

gruppo!(
    TemplateAvviso {
        obbligatori {
            tipo: TipoTemplate,
            oggetto: Value,
            messaggio: Value,
        }
        facoltativi {
            allega_pdf: bool,
        }
    }
);

gruppo!(
    TemplateRicevuta {
        obbligatori {
            tipo: TipoTemplate,
            oggetto: Value,
            messaggio: Value,
            solo_eseguiti: bool,
        }
        facoltativi {
            allega_pdf: bool,
        }
    }
);

gruppo!(
    TemplateScadenza {
        obbligatori {
            tipo: TipoTemplate,
            oggetto: Value,
            messaggio: Value,
            /// Days before the scadenza.
            #[schema(minimum = 0)]
            preavviso: i32,
        }
        facoltativi {}
    }
);

gruppo!(
    /// The messages of the kinds of debt that have none of their own.
    AvvisaturaPredefinita {
        obbligatori {
            promemoria_avviso: TemplateAvviso,
            promemoria_ricevuta: TemplateRicevuta,
            promemoria_scadenza: TemplateScadenza,
        }
        facoltativi {}
    }
);

gruppo!(
    BatchAppIo {
        obbligatori {
            abilitato: bool,
        }
        facoltativi {
            #[schema(max_length = 255, pattern = "^https?://")]
            url: String,
            /// Seconds.
            #[schema(minimum = 1)]
            time_to_live: i64,
            auth: Autenticazione,
        }
    }
);

gruppo!(
    /// Body of `POST /configurazioni`: the sections to be written; those left out stay as they are.
    Configurazione {
        obbligatori {}
        facoltativi {
            giornale_eventi: GiornaleEventi,
            #[serde(rename = "servizioGDE")]
            servizio_gde: ServizioGde,
            tracciato_csv: TracciatoCsv,
            hardening: Hardening,
            mail_batch: BatchMail,
            avvisatura_mail: AvvisaturaPredefinita,
            #[serde(rename = "avvisaturaAppIO")]
            avvisatura_app_io: AvvisaturaPredefinita,
            #[serde(rename = "appIOBatch")]
            app_io_batch: BatchAppIo,
        }
    }
);
