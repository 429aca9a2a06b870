//! The core at work, seen from outside.

mod mondo;
mod nodo;
mod presso_psp;
mod rest;
mod ricevute;
mod unico;
