//! The service in a process of its own.

fn main() -> std::process::ExitCode {
    platform::program::run(console::NAME, 8085, console::start)
}
