//! Collected amounts and their sums, as the Backoffice shows them.

use chrono::NaiveDate;
use domain::Importo;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crate::{Applicazione, Dominio, TipoPendenza, VocePendenza};

/// A collected amount. In a list its item is `idVocePendenza`, in a detail `vocePendenza`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Riscossione {
    /// Of the body whose avviso was paid.
    pub id_dominio: String,
    pub iuv: String,
    /// Given by the PSP.
    pub iur: String,
    /// From 1, position in the receipt.
    pub indice: i32,
    /// Path of the pendenza.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pendenza: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_voce_pendenza: Option<String>,
    #[schema(value_type = Option<VocePendenza>)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voce_pendenza: Option<Box<VocePendenza>>,
    /// Path of the attempt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rpp: Option<String>,
    /// `RISCOSSA`, `INCASSATA`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stato: Option<String>,
    /// `ENTRATA`, `MBT`, `ALTRO_INTERMEDIARIO`, `ENTRATA_PA_NON_INTERMEDIATA`.
    pub tipo: String,
    #[schema(value_type = f64)]
    #[serde(with = "domain::importo::json_number")]
    pub importo: Importo,
    /// Day, in Rome, of the payment.
    pub data: NaiveDate,
    /// What the PSP took for itself from the payer.
    #[schema(value_type = Option<f64>)]
    #[serde(
        default,
        with = "domain::importo::json_number::option",
        skip_serializing_if = "Option::is_none"
    )]
    pub commissioni: Option<Importo>,
    /// In a detail, when the receipt carries one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allegato: Option<AllegatoRiscossione>,
}

/// What the PSP attached to a collected amount.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AllegatoRiscossione {
    /// `Esito pagamento`, `Marca da bollo`.
    pub tipo: String,
    /// Base64.
    pub testo: String,
}

/// A sum of many amounts, in cents: unlike an [`Importo`] it has no upper limit. On the wire it is the
/// contract's number, written as digits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Totale {
    pub cents: i64,
}

impl Serialize for Totale {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (sign, cents) = (
            if self.cents < 0 { "-" } else { "" },
            self.cents.unsigned_abs(),
        );
        RawValue::from_string(format!("{sign}{}.{:02}", cents / 100, cents % 100))
            .map_err(serde::ser::Error::custom)?
            .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Totale {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let wrong = || serde::de::Error::custom(format!("{} non è un importo", raw.get()));
        let (euro, decimals) = raw.get().split_once('.').unwrap_or((raw.get(), "0"));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let (sign, euro) = euro.strip_prefix('-').map_or((1, euro), |euro| (-1, euro));
        if !digits(euro) || !digits(decimals) || decimals.len() > 2 {
            return Err(wrong());
        }
        let whole: i64 = format!("{euro}{decimals:0<2}")
            .parse()
            .map_err(|_| wrong())?;
        Ok(Self {
            cents: sign * whole,
        })
    }
}

/// How much was collected, per group of the question. Only the fields of those groups are there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StatisticaQuadratura {
    pub numero_pagamenti: i64,
    #[schema(value_type = f64)]
    pub importo: Totale,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direzione: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub divisione: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tassonomia: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tipo_pendenza: Option<TipoPendenza>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dominio: Option<Dominio>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unita_operativa: Option<UnitaOperativa>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applicazione: Option<Applicazione>,
}

/// An office of a body, as it stands beside other things.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UnitaOperativa {
    pub id_unita: String,
    pub ragione_sociale: String,
}

/// A collected amount with what is known of the movement that will bring it to the treasury. Without
/// a flusso of rendicontazione the fields of the flusso are absent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EntrataPrevista {
    pub id_dominio: String,
    pub iuv: String,
    pub iur: String,
    #[schema(value_type = f64)]
    #[serde(with = "domain::importo::json_number")]
    pub importo_pagato: Importo,
    pub data_pagamento: NaiveDate,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_voce_pendenza: Option<String>,
    /// Of the item, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub indice: Option<i32>,
    pub id_pendenza: String,
    #[serde(rename = "idA2A")]
    pub id_a2a: String,
    pub id_tipo_pendenza: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_entrata: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identificativo_debitore: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anno: Option<u16>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_total_keeps_its_cents_beyond_the_limit_of_one_importo() {
        for (cents, text) in [
            (0, "0.00"),
            (5, "0.05"),
            (123_456, "1234.56"),
            (100_000_000_001, "1000000000.01"),
        ] {
            let totale = Totale { cents };
            assert_eq!(serde_json::to_string(&totale).unwrap(), text);
            assert_eq!(serde_json::from_str::<Totale>(text).unwrap(), totale);
        }
        assert_eq!(serde_json::from_str::<Totale>("12.5").unwrap().cents, 1250);
        for text in ["12.505", "1e3", "\"12\"", "--1", "1.-2"] {
            assert!(serde_json::from_str::<Totale>(text).is_err(), "{text}");
        }
    }
}
