//! Plumbing that all services share; each module is one idea. No rule of pagoPA lives here.

pub mod bus;
pub mod clock;
pub mod clock_api;
pub mod health;
pub mod http;
pub mod problem;
pub mod program;
pub mod service;
pub mod settings;
pub mod store;
pub mod telemetry;

pub use bus::{Bus, ConsumeError, Consumer};
pub use clock::Clock;
pub use problem::{AppError, AppResult, Problem};
pub use service::{Boot, Running, Service};
pub use settings::{Peer, Peers, Settings};
pub use store::{Store, StoreError, StoreResult};
