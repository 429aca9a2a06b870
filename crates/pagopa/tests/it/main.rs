//! The wire as others see it: against the official schemas, against hostile bytes, against itself.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests fail the test, as the tests themselves do"
)]

mod check;
mod hostile;
mod mutants;
mod reading;
mod samples;
mod samples_ppt;
mod samples_psp;
mod samples_unico;
mod schemas;
mod text;
