//! Kinds of debt, for all bodies and as each body changes them.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// The language of a template.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum TipoTemplate {
    Freemarker,
}

gruppo!(
    /// A form for whoever creates a pendenza by hand.
    FormPendenza {
        obbligatori {
            /// The language of the definition.
            #[schema(min_length = 1, max_length = 35)]
            tipo: String,
            definizione: Value,
        }
        facoltativi {
            impaginazione: Value,
        }
    }
);

gruppo!(
    /// What makes a pendenza of the data of a form.
    TrasformazionePendenza {
        obbligatori {
            tipo: TipoTemplate,
            definizione: Value,
        }
        facoltativi {}
    }
);

gruppo!(
    /// How pendenze of a kind are created by hand, in the console or by a portal.
    CaricamentoPendenza {
        obbligatori {
            abilitato: bool,
        }
        facoltativi {
            form: FormPendenza,
            /// JSON Schema of the data of the form.
            validazione: Value,
            trasformazione: TrasformazionePendenza,
            /// idA2A of the applicazione that makes a pendenza of the data.
            #[schema(max_length = 35)]
            inoltro: String,
        }
    }
);

gruppo!(
    PromemoriaAvviso {
        obbligatori {
            abilitato: bool,
        }
        facoltativi {
            tipo: TipoTemplate,
            oggetto: Value,
            messaggio: Value,
            allega_pdf: bool,
        }
    }
);

gruppo!(
    PromemoriaRicevuta {
        obbligatori {
            abilitato: bool,
        }
        facoltativi {
            tipo: TipoTemplate,
            oggetto: Value,
            messaggio: Value,
            allega_pdf: bool,
            solo_eseguiti: bool,
        }
    }
);

gruppo!(
    PromemoriaScadenza {
        obbligatori {
            abilitato: bool,
        }
        facoltativi {
            tipo: TipoTemplate,
            oggetto: Value,
            messaggio: Value,
            /// Days before the scadenza.
            #[schema(minimum = 0)]
            preavviso: i32,
        }
    }
);

gruppo!(
    /// Messages to the debtor by e-mail.
    AvvisaturaMail {
        obbligatori {}
        facoltativi {
            promemoria_avviso: PromemoriaAvviso,
            promemoria_ricevuta: PromemoriaRicevuta,
            promemoria_scadenza: PromemoriaScadenza,
        }
    }
);

gruppo!(
    /// Messages to the debtor in the app of public services.
    AvvisaturaAppIo {
        obbligatori {}
        facoltativi {
            /// Key of the service of the body, where the tipo pendenza is a body's.
            #[schema(max_length = 255)]
            api_key: String,
            promemoria_avviso: PromemoriaAvviso,
            promemoria_ricevuta: PromemoriaRicevuta,
            promemoria_scadenza: PromemoriaScadenza,
        }
    }
);

gruppo!(
    /// A body's own CSV, with the templates that read and answer it.
    TracciatoCsv {
        obbligatori {
            tipo: TipoTemplate,
            intestazione: String,
            richiesta: Value,
            risposta: Value,
        }
        facoltativi {}
    }
);

/// The fields that a kind of debt has for all bodies and that a body may change.
macro_rules! tipo_pendenza {
    ($(#[$meta:meta])* $post:ident => $letta:ident {
        chiave { $($(#[$km:meta])* $k:ident: $kt:ty,)* }
        obbligatori { $($(#[$rm:meta])* $r:ident: $rt:ty,)* }
    }) => {
        risorsa!(
            $(#[$meta])*
            $post => $letta {
                chiave { $($(#[$km])* $k: $kt,)* }
                obbligatori { $($(#[$rm])* $r: $rt,)* }
                facoltativi {
                    /// `%(t)` of the prefix of numbers.
                    #[serde(rename = "codificaIUV")]
                    #[schema(pattern = "^[0-9]{1,3}$")]
                    codifica_iuv: String,
                    /// A citizen may pay for somebody else.
                    paga_terzi: bool,
                    /// `true` when absent.
                    abilitato: bool,
                    portale_backoffice: CaricamentoPendenza,
                    portale_pagamento: CaricamentoPendenza,
                    avvisatura_mail: AvvisaturaMail,
                    #[serde(rename = "avvisaturaAppIO")]
                    avvisatura_app_io: AvvisaturaAppIo,
                    visualizzazione: Value,
                    tracciato_csv: TracciatoCsv,
                }
            }
        );
    };
}

tipo_pendenza!(
    /// Body of `PUT /tipiPendenza/{idTipoPendenza}`.
    NuovoTipoPendenza => TipoPendenzaDettaglio {
        chiave {
            /// 1 to 35 letters, digits, `-`, `_`, `.`.
            id_tipo_pendenza: String,
        }
        obbligatori {
            #[schema(min_length = 1, max_length = 255)]
            descrizione: String,
        }
    }
);

tipo_pendenza!(
    /// Body of `PUT /domini/{idDominio}/tipiPendenza/{idTipoPendenza}`: what is absent is as it is for
    /// all bodies. Read, what is in force, with what the body changes in `valori`.
    NuovoTipoPendenzaDominio => TipoPendenzaDominio {
        chiave {
            id_tipo_pendenza: String,
            descrizione: String,
            valori: NuovoTipoPendenzaDominio,
        }
        obbligatori {}
    }
);

/// A kind of debt, or its name alone.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum NomeOppureTipo {
    Nome(String),
    Tipo(super::TipoPendenza),
}
