//! What the tests share: real servers, a world of real processes, and a robot that uses pages as a
//! person without script does. A development dependency only.

pub mod browser;
pub mod chromium;
pub mod servers;
pub mod tools;
pub mod wait;
pub mod world;

pub use browser::{Browser, Page};
pub use chromium::{Chromium, Script};
pub use wait::wait_until;
pub use world::{Mode, World};
