//! The service in a process of its own.

fn main() -> std::process::ExitCode {
    platform::program::run(portale_ente::NAME, 8082, portale_ente::start)
}
