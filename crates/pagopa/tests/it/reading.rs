//! What others may send, and what the errors say.

use pagopa::documenti::Rpt;
use pagopa::modello_unico::pa_for_node::{PaSendRtReq, PaVerifyPaymentNoticeReq};
use pagopa::ppt::{IntestazionePpt, PaaInviaRtRisposta, PaaVerificaRpt};
use pagopa::{Envelope, XmlError, soap};

use crate::samples::{AVVISO, ENTE, rpt};
use crate::samples_ppt::intestazione;
use crate::samples_unico::{receipt, send_rt_request};

const PAF: &str = "http://pagopa-api.pagopa.gov.it/pa/paForNode.xsd";

fn body<M: pagopa::Message>(xml: &str) -> Result<M, XmlError> {
    Envelope::parse(xml.as_bytes(), None)?.body()
}

fn children() -> String {
    format!(
        "<idPA>{ENTE}</idPA><idBrokerPA>{ENTE}</idBrokerPA><idStation>s_01</idStation>\
         <qrCode><fiscalCode>{ENTE}</fiscalCode><noticeNumber>{AVVISO}</noticeNumber></qrCode>"
    )
}

fn envelope(content: &str) -> String {
    format!(
        r#"<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:a="{PAF}"><e:Body>{content}</e:Body></e:Envelope>"#
    )
}

#[test]
fn b043_prefixes_default_namespaces_charsets_and_headers_make_no_difference() {
    let inside = children();
    let usual: PaVerifyPaymentNoticeReq = body(&envelope(&format!(
        "<a:paVerifyPaymentNoticeReq>{inside}</a:paVerifyPaymentNoticeReq>"
    )))
    .unwrap();
    let own_prefix = envelope(&format!(
        r#"<x:paVerifyPaymentNoticeReq xmlns:x="{PAF}">{inside}</x:paVerifyPaymentNoticeReq>"#
    ));
    let default_namespace = envelope(&format!(
        r#"<paVerifyPaymentNoticeReq xmlns="{PAF}">{inside}</paVerifyPaymentNoticeReq>"#
    ));
    let header_attributes_and_blanks = format!(
        "\n<?xml version=\"1.0\" encoding=\"ISO-8859-1\" standalone=\"yes\"?>\
         <S:Envelope xmlns:S=\"http://schemas.xmlsoap.org/soap/envelope/\" S:encodingStyle=\"\" \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\
         <S:Header><w:Action xmlns:w=\"urn:w\" S:mustUnderstand=\"0\">x</w:Action></S:Header>\
         <S:Body Id=\"b\"><!-- nota -->\n<q:paVerifyPaymentNoticeReq xmlns:q=\"{PAF}\">\n  {}\n\
         </q:paVerifyPaymentNoticeReq></S:Body></S:Envelope>",
        inside.replace("><", ">\n  <")
    );
    for xml in [own_prefix, default_namespace, header_attributes_and_blanks] {
        assert_eq!(
            body::<PaVerifyPaymentNoticeReq>(&xml),
            Ok(usual.clone()),
            "{xml}"
        );
    }
}

#[test]
fn b043_a_wrong_namespace_is_a_syntax_error() {
    let inside = children();
    let wrong_root = envelope(&format!(
        r#"<x:paVerifyPaymentNoticeReq xmlns:x="urn:other">{inside}</x:paVerifyPaymentNoticeReq>"#
    ));
    assert!(matches!(
        body::<PaVerifyPaymentNoticeReq>(&wrong_root),
        Err(XmlError::WrongRoot { .. })
    ));
    let wrong_child = envelope(&format!(
        r#"<a:paVerifyPaymentNoticeReq>{}</a:paVerifyPaymentNoticeReq>"#,
        inside.replace("<qrCode>", "<qrCode xmlns=\"urn:other\">")
    ));
    let error = body::<PaVerifyPaymentNoticeReq>(&wrong_child).unwrap_err();
    assert_eq!(error.path(), Some("paVerifyPaymentNoticeReq/qrCode"));
}

#[test]
fn errors_name_the_place_the_value_and_the_rule() {
    let message = |inside: String| {
        let xml = envelope(&format!(
            "<a:paVerifyPaymentNoticeReq>{inside}</a:paVerifyPaymentNoticeReq>"
        ));
        body::<PaVerifyPaymentNoticeReq>(&xml)
            .unwrap_err()
            .to_string()
    };
    let root = "paVerifyPaymentNoticeReq";
    let cases = [
        (
            children().replace(AVVISO, "3071"),
            "qrCode/noticeNumber', valore '3071': 18 cifre",
        ),
        (
            children().replace("<idStation>s_01</idStation>", ""),
            "idStation': manca (al suo posto si trova 'qrCode')",
        ),
        (
            children().replace("s_01", ""),
            "idStation', valore '': da 1 a 35 caratteri",
        ),
        (
            children().replace("s_01", &"x".repeat(36)),
            "da 1 a 35 caratteri, sono 36",
        ),
        (children() + "<pippo/>", "pippo': non previsto"),
        (children() + "<qrCode/>", "qrCode': non previsto"),
        (
            children().replace("<qrCode>", "<qrCode><pippo/>"),
            "qrCode/fiscalCode': manca (al suo posto si trova 'pippo')",
        ),
        (
            children().replace("s_01", "<b/>"),
            "idStation/b': non previsto",
        ),
        (String::new(), "idPA': manca"),
    ];
    for (inside, expected) in cases {
        let error = message(inside);
        assert!(
            error.contains(expected) && error.contains(root),
            "{error}\n{expected}"
        );
    }
}

#[test]
fn b103_a_receipt_with_a_malformed_amount_is_a_syntax_error() {
    let good = soap::build(&send_rt_request(receipt())).unwrap();
    for wrong in ["1234,5", "NaN", "123.4", "-123.45", "1e3"] {
        let bad = good.replacen(">123.45<", &format!(">{wrong}<"), 1);
        let error = body::<PaSendRtReq>(&bad).unwrap_err();
        assert_eq!(error.path(), Some("paSendRTReq/receipt/paymentAmount"));
        assert!(error.to_string().contains(wrong), "{error}");
    }
}

#[test]
fn personal_data_and_passwords_stay_out_of_errors_and_debug() {
    let long = "Giuseppe Verdi ".repeat(6);
    let mut request = rpt();
    request.soggetto_pagatore.anagrafica = long.as_str().into();
    let error = request.build().unwrap_err();
    assert_eq!(
        error.path(),
        Some("RPT/soggettoPagatore/anagraficaPagatore")
    );
    assert!(!error.to_string().contains("Verdi"), "{error}");
    assert!(error.to_string().contains("da 1 a 70 caratteri"), "{error}");
    let shown = format!("{:?} {:?}", rpt(), crate::samples_ppt::nodo_invia_rpt());
    for secret in ["VRDGPP80A01H501U", "Giuseppe", "segreta"] {
        assert!(!shown.contains(secret), "{secret}");
    }
}

#[test]
fn the_double_wrapper_is_demanded() {
    let single = envelope(
        r#"<p:paaInviaRTRisposta xmlns:p="http://ws.pagamenti.telematici.gov/"><esito>OK</esito></p:paaInviaRTRisposta>"#,
    );
    let error = body::<PaaInviaRtRisposta>(&single).unwrap_err();
    assert_eq!(error.path(), Some("paaInviaRTRisposta/paaInviaRTRisposta"));
}

#[test]
fn a_missing_header_is_named() {
    let verifica = PaaVerificaRpt {
        identificativo_psp: "LNKBITRR".to_owned(),
    };
    let xml = soap::build(&verifica).unwrap();
    let envelope = Envelope::parse(xml.as_bytes(), None).unwrap();
    let error = envelope.header::<IntestazionePpt>().unwrap_err();
    assert_eq!(error.path(), Some("intestazionePPT"));
    let xml = soap::build_with_header(&intestazione(), &verifica).unwrap();
    let envelope = Envelope::parse(xml.as_bytes(), None).unwrap();
    assert_eq!(envelope.header::<IntestazionePpt>(), Ok(intestazione()));
    assert_eq!(envelope.element(), "paaVerificaRPT");
}

#[test]
fn optional_elements_are_absent_and_never_empty() {
    let xml = String::from_utf8(rpt().build().unwrap()).unwrap();
    assert!(!xml.contains("/>"), "{xml}");
    assert!(!xml.contains("soggettoVersante"));
}

#[test]
fn b043_an_rpt_in_another_charset_is_read() {
    let mut request = rpt();
    request.ente_beneficiario.denominazione = "Città di Valtorbida".to_owned();
    let xml = String::from_utf8(request.build().unwrap()).unwrap();
    let latin1: Vec<u8> = xml
        .replace("UTF-8", "ISO-8859-1")
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect();
    assert_eq!(Rpt::parse(&latin1), Ok(request));
}
