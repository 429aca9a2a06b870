//! Any bytes as a tracciato: refused or judged, never a panic, never a row that is neither.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use loader::misura::Banco;

static BANCO: LazyLock<Banco> = LazyLock::new(|| Banco::demo().expect("the demo tenant"));

fuzz_target!(|bytes: &[u8]| {
    if let Ok(misura) = BANCO.valida(bytes).expect("a judgement") {
        assert!(misura.valide <= misura.righe);
        assert!(misura.valide == misura.righe || misura.segnalazioni > 0);
    }
});
