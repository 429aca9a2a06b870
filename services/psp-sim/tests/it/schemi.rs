//! The official schemas: test data that the project does not carry. `PAGOPA_CONTRACT_DIR` names a
//! checkout of the public repository `pagopa/pagopa-api`.

use std::path::PathBuf;
use std::process::Command;

#[expect(
    clippy::disallowed_methods,
    reason = "a test has no configuration of its own"
)]
fn contract() -> PathBuf {
    let dir = std::env::var("PAGOPA_CONTRACT_DIR");
    PathBuf::from(dir.expect("set PAGOPA_CONTRACT_DIR to a checkout of pagopa/pagopa-api"))
}

fn valid(schema: &str, document: &[u8]) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("documento.xml");
    std::fs::write(&file, document).unwrap();
    let output = Command::new("xmllint")
        .args(["--noout", "--nonet", "--schema"])
        .args([contract().join(schema), file])
        .output()
        .expect("install xmllint (libxml2-utils)");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{said}\n{}",
        String::from_utf8_lossy(document)
    );
}

pub fn rt_valida(documento: &[u8]) {
    valid("gad/xsd/PagInf_RPT_RT_6_2_0.xsd", documento);
}

pub fn pa_for_node_valido(documento: &[u8]) {
    valid("wsdl/xsd/paForNode.xsd", documento);
}
