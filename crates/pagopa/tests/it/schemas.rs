//! Every message that we build: read back equal, and valid for the official schemas.
//!
//! The schemas are test data that the project does not carry: `PAGOPA_CONTRACT_DIR` names a checkout of
//! the public repository `pagopa/pagopa-api`.

use std::fmt::Debug;
use std::path::{Path, PathBuf};
use std::process::Command;

use pagopa::documenti::{Rpt, Rt};
use pagopa::{Envelope, Message, SoapFault, XmlError, soap};

use crate::samples::{rpt, rpt_full, rt, rt_full};
use crate::{samples_ppt, samples_psp, samples_unico};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schema {
    NodoPerPa,
    PaPerNodo,
    PaPerNodoPagamentoPsp,
    PaForNode,
    NodeForPsp,
    PagInf,
    Envelope,
}

/// A document with the schema that must accept it and our own reader.
pub struct Case {
    pub schema: Schema,
    pub element: &'static str,
    pub xml: String,
    pub read: fn(&str) -> Result<(), XmlError>,
}

#[derive(Default)]
pub struct Cases(pub Vec<Case>);

fn read_envelope(xml: &str) -> Result<(), XmlError> {
    Envelope::parse(xml.as_bytes(), None).map(|_| ())
}

fn read_body<M: Message>(xml: &str) -> Result<(), XmlError> {
    let soap = "http://schemas.xmlsoap.org/soap/envelope/";
    let xml = format!("<e:Envelope xmlns:e='{soap}'><e:Body>{xml}</e:Body></e:Envelope>");
    Envelope::parse(xml.as_bytes(), None)?
        .body::<M>()
        .map(|_| ())
}

impl Cases {
    /// A message: checks the round trip, keeps the body.
    pub fn add<M: Message + Debug + PartialEq>(&mut self, schema: Schema, message: &M) {
        let xml = soap::build(message).unwrap();
        let envelope = Envelope::parse(xml.as_bytes(), None).unwrap();
        assert_eq!(&envelope.body::<M>().unwrap(), message);
        assert!(envelope.is::<M>());
        self.push(schema, M::ELEMENT, part(&xml, "Body"), read_body::<M>);
        self.push(Schema::Envelope, "Envelope", xml, read_envelope);
    }

    /// A message with a header: checks and keeps both.
    pub fn with_header<H, M>(&mut self, schema: Schema, header: &H, message: &M)
    where
        H: Message + Debug + PartialEq,
        M: Message + Debug + PartialEq,
    {
        self.add(schema, message);
        let xml = soap::build_with_header(header, message).unwrap();
        let envelope = Envelope::parse(xml.as_bytes(), None).unwrap();
        assert_eq!(&envelope.header::<H>().unwrap(), header);
        assert_eq!(&envelope.body::<M>().unwrap(), message);
        self.push(schema, H::ELEMENT, part(&xml, "Header"), read_body::<H>);
        self.push(Schema::Envelope, "Envelope", xml, read_envelope);
    }

    fn push(
        &mut self,
        schema: Schema,
        element: &'static str,
        xml: String,
        read: fn(&str) -> Result<(), XmlError>,
    ) {
        self.0.push(Case {
            schema,
            element,
            xml,
            read,
        });
    }

    /// The RPT and the RTs of every outcome.
    pub fn documents(&mut self) {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let read_rt = |xml: &str| Rt::parse(xml.as_bytes()).map(|_| ());
        for rpt in [rpt(), rpt_full()] {
            let bytes = rpt.build().unwrap();
            assert_eq!(Rpt::parse(&bytes).unwrap(), rpt);
            let read_rpt = |xml: &str| Rpt::parse(xml.as_bytes()).map(|_| ());
            self.push(Schema::PagInf, "RPT", text(bytes), read_rpt);
            let outcomes = domain::EsitoPagamento::ALL.map(|esito| rt(&rpt, esito));
            for rt in outcomes.into_iter().chain([rt_full()]) {
                let bytes = rt.build().unwrap();
                assert_eq!(Rt::parse(&bytes).unwrap(), rt);
                self.push(Schema::PagInf, "RT", text(bytes), read_rt);
            }
        }
    }
}

/// The one element inside Header or Body as a document of its own.
fn part(xml: &str, name: &str) -> String {
    let (root, _) = xml
        .split_once("<soapenv:Envelope")
        .unwrap()
        .1
        .split_once('>')
        .unwrap();
    let inside = xml.split_once(&format!("<soapenv:{name}>")).unwrap().1;
    let inside = inside.split_once(&format!("</soapenv:{name}>")).unwrap().0;
    let end = inside.find(['>', '/']).unwrap();
    format!("{}{root}{}", &inside[..end], &inside[end..])
}

#[expect(
    clippy::disallowed_methods,
    reason = "a test has no configuration of its own"
)]
pub fn contract() -> PathBuf {
    let dir = std::env::var("PAGOPA_CONTRACT_DIR")
        .expect("set PAGOPA_CONTRACT_DIR to a checkout of pagopa/pagopa-api");
    Path::new(&dir)
        .canonicalize()
        .expect("PAGOPA_CONTRACT_DIR is a folder")
}

/// Writes the inline schemas of a WSDL to files of their own; the last one is the body's.
fn extract(wsdl: &Path, contract: &Path, out: &Path) -> Vec<PathBuf> {
    let text = std::fs::read_to_string(wsdl).unwrap();
    let definitions = text.split_once("<wsdl:definitions").unwrap().1;
    let definitions = definitions.split_once('>').unwrap().0;
    let xsd = format!("\"{}/gad/xsd/", contract.display());
    let mut files = Vec::new();
    for (i, rest) in text.split("<xsd:schema").skip(1).enumerate() {
        let (attributes, content) = rest.split_once('>').unwrap();
        let content = content.split_once("</xsd:schema>").unwrap().0;
        let inherited: String = definitions
            .split_whitespace()
            .filter(|a| {
                a.starts_with("xmlns:") && !attributes.contains(a.split_once('=').unwrap().0)
            })
            .map(|a| format!(" {a}"))
            .collect();
        let schema = format!("<xsd:schema{attributes}{inherited}>{content}</xsd:schema>");
        let stem = wsdl.file_stem().unwrap().to_str().unwrap();
        let file = out.join(format!("{stem}-{i}.xsd"));
        std::fs::write(&file, schema.replace("\"../xsd/", &xsd)).unwrap();
        files.push(file);
    }
    assert_eq!(files.len(), 2, "{}: header and body schema", wsdl.display());
    files
}

/// The schema file for a document of that kind.
pub fn schema_file(schema: Schema, element: &str, contract: &Path, out: &Path) -> PathBuf {
    let inline = |name: &str| {
        let wsdl = contract.join(format!("gad/wsdl/{name}.wsdl"));
        let files = extract(&wsdl, contract, out);
        files[usize::from(!element.starts_with("intestazione"))].clone()
    };
    match schema {
        Schema::NodoPerPa => inline("NodoPerPa"),
        Schema::PaPerNodo => inline("PaPerNodo"),
        Schema::PaPerNodoPagamentoPsp => inline("PaPerNodoPagamentoPsp"),
        Schema::PaForNode => contract.join("wsdl/xsd/paForNode.xsd"),
        Schema::NodeForPsp => contract.join("wsdl/xsd/nodeForPsp.xsd"),
        Schema::PagInf => contract.join("gad/xsd/PagInf_RPT_RT_6_2_0.xsd"),
        Schema::Envelope => contract.join("xsd-common/envelope.xsd"),
    }
}

/// What xmllint says against the document, or nothing.
fn complaint(schema: &Path, document: &Path) -> Option<String> {
    let output = Command::new("xmllint")
        .args(["--noout", "--nonet", "--schema"])
        .args([schema, document])
        .output()
        .expect("install xmllint (libxml2-utils)");
    (!output.status.success()).then(|| String::from_utf8_lossy(&output.stderr).into_owned())
}

fn validate(cases: &Cases) {
    let contract = contract();
    let dir = tempfile::tempdir().unwrap();
    for (
        i,
        Case {
            schema,
            element,
            xml,
            ..
        },
    ) in cases.0.iter().enumerate()
    {
        let file = dir.path().join(format!("{i}.xml"));
        std::fs::write(&file, xml).unwrap();
        let xsd = schema_file(*schema, element, &contract, dir.path());
        if let Some(complaint) = complaint(&xsd, &file) {
            panic!("{element} against {}:\n{complaint}\n{xml}", xsd.display());
        }
    }
}

fn check(fill: &[fn(&mut Cases)]) {
    let mut cases = Cases::default();
    fill.iter().for_each(|fill| fill(&mut cases));
    validate(&cases);
}

#[test]
fn messages_from_the_ente_to_the_node_are_valid_and_come_back_equal() {
    check(samples_ppt::ENTE_TO_NODE);
}

#[test]
fn messages_from_the_node_to_the_ente_are_valid_and_come_back_equal() {
    check(samples_ppt::NODE_TO_ENTE);
}

#[test]
fn messages_of_pa_for_node_are_valid_and_come_back_equal() {
    check(samples_unico::ALL);
}

#[test]
fn messages_of_node_for_psp_are_valid_and_come_back_equal() {
    check(samples_psp::ALL);
}

#[test]
fn documents_are_valid_and_come_back_equal() {
    check(&[Cases::documents]);
}

#[test]
fn a_soap_fault_is_a_valid_envelope() {
    let xml = SoapFault::client("XML non ben formato").build();
    let mut cases = Cases::default();
    cases.push(Schema::Envelope, "Envelope", xml, read_envelope);
    validate(&cases);
}
