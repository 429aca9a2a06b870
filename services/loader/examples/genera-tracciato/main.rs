//! Writes a tracciato of invented people for the demo tenant to standard output:
//! `cargo run -p loader --example genera-tracciato -- --righe 1000 --seme 7 > mille-righe.csv`.

mod righe;

use std::io::Write as _;

use clap::Parser;

#[derive(Parser)]
struct Args {
    /// How many rows.
    #[arg(long, default_value_t = 1000)]
    righe: u32,
    /// The same number gives the same file.
    #[arg(long, default_value_t = 7)]
    seme: u64,
}

fn main() -> std::io::Result<()> {
    let args = Args::parse();
    std::io::stdout().write_all(righe::tracciato(args.righe, args.seme).as_bytes())
}
