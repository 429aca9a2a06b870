//! The wire as others see it: against the official schemas, against hostile bytes, against itself.

mod check;
mod hostile;
mod mutants;
mod reading;
mod samples;
mod samples_ppt;
mod samples_unico;
mod schemas;
mod text;
