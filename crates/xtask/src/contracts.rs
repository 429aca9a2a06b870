//! Asks a running world for the OpenAPI document of each service and writes it to `proto-docs`.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, ensure};

/// Starts `govpay-lab` on a temporary world and free ports, and stops it at the end.
pub fn run(root: &Path) -> anyhow::Result<()> {
    let status = Command::new("cargo")
        .args(["build", "--quiet", "-p", "govpay-lab"])
        .status()?;
    ensure!(status.success(), "govpay-lab does not build");
    let world = std::env::temp_dir().join(format!("govpay-lab-contracts-{}", std::process::id()));
    let mut child = Command::new(root.join("target/debug/govpay-lab"))
        .args(["--base-port", "0", "--world"])
        .arg(&world)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let written = child
        .stdout
        .take()
        .context("no output")
        .and_then(|out| write_all(root, out));
    child.kill()?;
    child.wait()?;
    std::fs::remove_dir_all(&world)?;
    written
}

fn write_all(root: &Path, banner: impl std::io::Read) -> anyhow::Result<()> {
    let folder = root.join("proto-docs/openapi");
    std::fs::create_dir_all(&folder)?;
    let mut left = 6;
    for line in BufReader::new(banner).lines() {
        let line = line?;
        let mut words = line.split_whitespace();
        let (Some(service), Some(url)) = (words.next(), words.next()) else {
            continue;
        };
        let Some(address) = url.strip_prefix("http://") else {
            continue;
        };
        let document = get(address, "/openapi.json")?;
        std::fs::write(folder.join(format!("{service}.json")), document)?;
        left -= 1;
        if left == 0 {
            return Ok(());
        }
    }
    anyhow::bail!("the program ended before it named its six services")
}

/// A GET without a client library: the answer is small, local and ours.
fn get(address: &str, path: &str) -> anyhow::Result<String> {
    let mut stream = TcpStream::connect(address)?;
    write!(stream, "GET {path} HTTP/1.0\r\nhost: {address}\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (head, body) = answer
        .split_once("\r\n\r\n")
        .context("not an HTTP answer")?;
    ensure!(head.contains(" 200 "), "{address}{path}: {head}");
    Ok(format!("{}\n", body.trim_end()))
}
