//! The service in a process of its own.

fn main() -> std::process::ExitCode {
    platform::program::run(wisp::NAME, 8083, wisp::start)
}
