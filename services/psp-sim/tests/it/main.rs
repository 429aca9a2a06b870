//! The PSP and the Node as an ente and a person see them: SOAP with a played ente, pages with a robot.

#![expect(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

mod carrelli;
mod consegne;
mod ente;
mod mondo;
mod morte;
mod nodo;
mod repliche;
mod schemi;
mod tipo_1;
mod tipo_2;
mod tipo_3;
mod unico;
