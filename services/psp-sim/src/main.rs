//! The service in a process of its own.

fn main() -> std::process::ExitCode {
    platform::program::run(psp_sim::NAME, 8084, psp_sim::start)
}
