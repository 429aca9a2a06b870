//! The core at work, seen from outside.

#![expect(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

mod accessi;
mod accessi_tabella;
mod anagrafica;
mod anagrafica_campi;
mod archivio;
mod blocchi;
mod caricamento;
mod cittadini;
mod configurazioni;
mod contratto;
mod diritti;
mod ente;
mod guasti;
mod lettore;
mod letture;
mod mondo;
mod nodo;
mod notifiche;
mod notifiche_guasti;
mod numerazione;
mod piani;
mod portale;
mod presso_psp;
mod rest;
mod ricevute;
mod ricevute_v3;
mod riscossioni;
mod segreti;
mod unico;
mod verifica;
mod versioni;
mod viaggi;
