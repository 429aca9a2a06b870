//! paVerifyPaymentNotice, paGetPayment and paGetPaymentV2: the payment that begins at the PSP with the
//! modello unico. An activation leaves the position open: only a receipt closes it.

use chrono::{NaiveDate, TimeDelta};
use domain::rpt::Origine;
use domain::{Importo, NumeroAvviso, tempo};
use pagopa::modello_unico::pa_for_node::{
    PaGetPaymentReq, PaGetPaymentRes, PaGetPaymentV2Request, PaGetPaymentV2Response,
    PaVerifyPaymentNoticeReq, PaVerifyPaymentNoticeRes, PaymentListPa, PaymentOptionPa, PaymentPa,
    PaymentPaV2, TransferListPa, TransferListPaV2, TransferPa, TransferPaV2, TransferType,
};
use pagopa::modello_unico::{
    Accredito as AccreditoUnico, PaymentOptions, QrCode, RichiestaMarcaDaBollo, Subject,
    UniqueIdentifier,
};
use pagopa::{Esito, FaultPa, Message};

use super::Chiamata;
use super::guasto::{Guasto, verifica_destinatario, verifica_versione};
use crate::documento_rpt::{causale, cut, debitore};
use crate::ente::Verificata;
use crate::posizione::{Accredito, Posizione, VocePosizione};
use crate::tentativo::{AttivazioneUnico, AttivazioneV2};

/// Life of an activation (SANP: the default and longest life of a payment token).
const LIFE: TimeDelta = TimeDelta::minutes(30);

/// A position without a term can be paid for this long: the field is mandatory.
const NO_TERM: TimeDelta = TimeDelta::days(30);

/// How often an activation is tried again when the pendenza changes under it.
const TRIES: usize = 3;

pub async fn verify(
    chiamata: &mut Chiamata<'_, PaVerifyPaymentNoticeReq>,
) -> Result<PaVerifyPaymentNoticeRes, Guasto> {
    let m = chiamata.message.clone();
    let posizione = posizione(
        chiamata,
        &m.id_pa,
        &m.id_broker_pa,
        &m.id_station,
        &m.qr_code,
    )
    .await?;
    let Verificata {
        posizione,
        verificata,
    } = posizione;
    let p = chiamata.pagamenti;
    let id = posizione.pendenza.id;
    let ostacolo =
        p.db.ostacolo_pagamento(id, verificata, Origine::PspV2, p.now());
    if let Some(rifiuto) = ostacolo.await? {
        return Err(rifiuto.into());
    }
    let all_ccp = posizione.voci.iter().all(|voce| match &voce.accredito {
        Accredito::Conto {
            postale,
            appoggio_postale,
            ..
        } => *postale || *appoggio_postale,
        Accredito::Bollo { .. } => false,
    });
    let description = descrizione(&posizione);
    Ok(PaVerifyPaymentNoticeRes {
        outcome: Esito::Ok,
        fault: None,
        payment_list: Some(PaymentListPa {
            option: PaymentOptionPa {
                amount: posizione.pendenza.importo()?,
                options: PaymentOptions::Eq,
                due_date: term(&posizione),
                detail_description: Some(description.clone()),
                all_ccp,
            },
        }),
        payment_description: Some(description),
        fiscal_code_pa: Some(posizione.ente.id_dominio.clone()),
        company_name: Some(cut(&posizione.ente.ragione_sociale, 140)),
        office_name: None,
    })
}

pub async fn get_payment(
    chiamata: &mut Chiamata<'_, PaGetPaymentReq>,
) -> Result<PaGetPaymentRes, Guasto> {
    let m = chiamata.message.clone();
    let posizione = posizione(
        chiamata,
        &m.id_pa,
        &m.id_broker_pa,
        &m.id_station,
        &m.qr_code,
    )
    .await?;
    if posizione.posizione.has_bollo() {
        let text = "la marca da bollo digitale si paga solo con paGetPaymentV2";
        return Err(Guasto::new(FaultPa::Semantica, text));
    }
    let postal = m.transfer_type == Some(TransferType::Postal);
    attiva(chiamata, posizione, |posizione, today| {
        let payment = payment(posizione, today, postal)?;
        let transfer = |t: TransferPaV2| {
            let AccreditoUnico::Iban(iban) = t.accredito else {
                return Err(Guasto::new(
                    FaultPa::Semantica,
                    "marca da bollo non prevista",
                ));
            };
            Ok(TransferPa {
                id_transfer: t.id_transfer,
                transfer_amount: t.transfer_amount,
                fiscal_code_pa: t.fiscal_code_pa,
                iban,
                remittance_information: t.remittance_information,
                transfer_category: t.transfer_category,
                metadata: t.metadata,
            })
        };
        let transfers = payment.transfer_list.transfers.into_iter().map(transfer);
        let data = PaymentPa {
            creditor_reference_id: payment.creditor_reference_id,
            payment_amount: payment.payment_amount,
            due_date: payment.due_date,
            retention_date: None,
            last_payment: None,
            description: payment.description,
            company_name: Some(payment.company_name),
            office_name: None,
            debtor: payment.debtor,
            transfer_list: TransferListPa {
                transfers: transfers.collect::<Result<_, _>>()?,
            },
            metadata: None,
        };
        Ok(PaGetPaymentRes {
            outcome: Esito::Ok,
            fault: None,
            data: Some(data),
        })
    })
    .await
}

pub async fn get_payment_v2(
    chiamata: &mut Chiamata<'_, PaGetPaymentV2Request>,
) -> Result<PaGetPaymentV2Response, Guasto> {
    let m = chiamata.message.clone();
    let posizione = posizione(
        chiamata,
        &m.id_pa,
        &m.id_broker_pa,
        &m.id_station,
        &m.qr_code,
    )
    .await?;
    let postal = m.transfer_type == Some(TransferType::Postal);
    attiva(chiamata, posizione, |posizione, today| {
        let data = Some(payment(posizione, today, postal)?);
        Ok(PaGetPaymentV2Response {
            outcome: Esito::Ok,
            fault: None,
            data,
        })
    })
    .await
}

/// Stores an attempt with the answer that it got.
async fn attiva<M, R: Message>(
    chiamata: &mut Chiamata<'_, M>,
    verificata: Verificata,
    answer: impl Fn(&Posizione, NaiveDate) -> Result<R, Guasto>,
) -> Result<R, Guasto> {
    let p = chiamata.pagamenti;
    let Verificata {
        mut posizione,
        verificata,
    } = verificata;
    for _ in 0..TRIES {
        let now = p.now();
        let response = answer(&posizione, tempo::giorno(now))?;
        let xml = pagopa::xml::to_document(&response).map_err(|error| {
            let text = format!("i dati della pendenza non sono validi per pagoPA: {error}");
            Guasto::new(FaultPa::Semantica, text)
        })?;
        let attivazione = AttivazioneV2 {
            pendenza: posizione.pendenza.id,
            verificata,
            ccp: uuid::Uuid::new_v4().simple().to_string(),
            id_messaggio: uuid::Uuid::new_v4().simple().to_string(),
            xml,
            importo: posizione.pendenza.importo()?,
            scade_at: now + LIFE,
            now,
        };
        match p.db.attiva_v2(attivazione).await? {
            AttivazioneUnico::Ok(rpt) => {
                p.ente.sveglia();
                chiamata.scambio.evento.ccp = Some(rpt.ccp.clone());
                return Ok(response);
            }
            AttivazioneUnico::Rifiutata(rifiuto) => return Err(rifiuto.into()),
            AttivazioneUnico::Cambiata => posizione = p.db.load(posizione.pendenza.id).await?,
        }
    }
    let text = "la pendenza sta cambiando: riprovare";
    Err(Guasto::new(FaultPa::SystemError, text))
}

/// The position of the avviso, after the checks on who is called; its gestionale is asked when nobody
/// loaded it, or when its data are past their validity.
async fn posizione<M>(
    chiamata: &mut Chiamata<'_, M>,
    id_pa: &str,
    id_broker: &str,
    id_station: &str,
    qr: &QrCode,
) -> Result<Verificata, Guasto> {
    let evento = &mut chiamata.scambio.evento;
    evento.id_dominio = Some(id_pa.to_owned());
    evento.id_stazione = Some(id_station.to_owned());
    let p = chiamata.pagamenti;
    let (stazione, _) = verifica_destinatario(p, id_broker, id_station, id_pa).await?;
    verifica_versione(&stazione, true)?;
    if qr.fiscal_code != id_pa {
        let text = format!(
            "qrCode/fiscalCode '{}' diverso da idPA '{id_pa}'",
            qr.fiscal_code
        );
        return Err(Guasto::new(FaultPa::IdDominioErrato, text));
    }
    let numero = &qr.notice_number;
    let found =
        p.db.posizione_by_avviso(id_pa.to_owned(), numero.clone())
            .await?;
    let verificata = match (found, NumeroAvviso::parse(numero)) {
        (Some(posizione), _) => p.verificata(posizione).await?,
        (None, Ok(numero)) => {
            chiamata.scambio.evento.iuv = Some(numero.iuv().to_string());
            p.cerca_avviso(id_pa, &numero).await?
        }
        (None, Err(error)) => {
            let text = format!("noticeNumber '{numero}': {error}");
            return Err(Guasto::new(FaultPa::PagamentoSconosciuto, text));
        }
    };
    chiamata.scambio.evento.iuv = verificata.posizione.pendenza.iuv.clone();
    Ok(verificata)
}

fn descrizione(posizione: &Posizione) -> String {
    let text = cut(posizione.pendenza.causale.trim(), 140);
    if text.is_empty() {
        " ".to_owned()
    } else {
        text
    } // the schema wants a character
}

fn term(posizione: &Posizione) -> Option<NaiveDate> {
    posizione
        .pendenza
        .data_validita
        .or(posizione.pendenza.data_scadenza)
}

fn payment(posizione: &Posizione, today: NaiveDate, postal: bool) -> Result<PaymentPaV2, Guasto> {
    let amount: Importo = posizione.pendenza.importo()?;
    let iuv = posizione.pendenza.iuv.clone().unwrap_or_default();
    let transfers = posizione
        .voci
        .iter()
        .map(|voce| transfer(voce, &iuv, postal))
        .collect();
    Ok(PaymentPaV2 {
        creditor_reference_id: iuv.clone(),
        payment_amount: amount,
        due_date: term(posizione).unwrap_or(today + NO_TERM),
        retention_date: None,
        last_payment: None,
        description: descrizione(posizione),
        company_name: cut(&posizione.ente.ragione_sociale, 140),
        office_name: None,
        debtor: debtor(posizione),
        transfer_list: TransferListPaV2 { transfers },
        metadata: None,
    })
}

fn transfer(voce: &VocePosizione, iuv: &str, postal: bool) -> TransferPaV2 {
    let accredito = match &voce.accredito {
        Accredito::Conto {
            postale: false,
            appoggio: Some(appoggio),
            appoggio_postale: true,
            ..
        } if postal => AccreditoUnico::Iban(appoggio.clone()),
        Accredito::Conto { iban, .. } => AccreditoUnico::Iban(iban.clone()),
        Accredito::Bollo {
            tipo,
            hash_documento,
            provincia,
        } => AccreditoUnico::MarcaDaBollo(RichiestaMarcaDaBollo {
            hash_documento: hash_documento.clone(),
            tipo_bollo: tipo.clone(),
            provincia_residenza: provincia.clone(),
        }),
    };
    TransferPaV2 {
        id_transfer: i64::from(voce.indice),
        transfer_amount: voce.importo,
        fiscal_code_pa: voce.id_dominio.clone(),
        company_name: None,
        accredito,
        remittance_information: causale(iuv, voce),
        transfer_category: voce.categoria.clone(),
        metadata: None,
    }
}

fn debtor(posizione: &Posizione) -> Subject {
    let soggetto = debitore(&posizione.pendenza);
    Subject {
        unique_identifier: UniqueIdentifier {
            tipo: soggetto.identificativo.tipo,
            value: soggetto.identificativo.codice,
        },
        full_name: soggetto.anagrafica,
        street_name: soggetto.indirizzo,
        civic_number: soggetto.civico,
        postal_code: soggetto.cap,
        city: soggetto.localita,
        state_province_region: soggetto.provincia,
        country: soggetto.nazione,
        email: soggetto.email,
    }
}
