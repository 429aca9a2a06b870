//! Rows per second of the validation alone, on one core: the median of five runs over a file.
//! `cargo run --release -p loader --example misura-validazione -- FILE`

use std::path::PathBuf;

use clap::Parser;

#[derive(Parser)]
struct Args {
    /// A tracciato for the demo tenant.
    file: PathBuf,
}

fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let banco = loader::misura::Banco::demo()?;
    let bytes = std::fs::read(&args.file)?;
    let mut misure = vec![];
    for _ in 0..5 {
        let misura = banco.valida(&bytes)?;
        misure.push(misura.map_err(|codice| anyhow::anyhow!("il file è rifiutato: {codice}"))?);
    }
    misure.sort_by_key(|m| m.durata);
    let mediana = misure[misure.len() / 2];
    let micros = mediana.durata.as_micros().max(1);
    let al_secondo = u128::try_from(mediana.righe)? * 1_000_000 / micros;
    let (righe, valide) = (mediana.righe, mediana.valide);
    let riga = format!(
        "{{\"righe\":{righe},\"valide\":{valide},\"secondi\":{}.{:06},\"righe_al_secondo\":{al_secondo}}}\n",
        micros / 1_000_000,
        micros % 1_000_000
    );
    std::io::Write::write_all(&mut std::io::stdout(), riga.as_bytes())?;
    Ok(())
}
