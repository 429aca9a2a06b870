//! The service in a process of its own.

fn main() -> std::process::ExitCode {
    platform::program::run(loader::NAME, 8081, loader::start)
}
