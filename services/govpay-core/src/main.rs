//! The service in a process of its own.

fn main() -> std::process::ExitCode {
    platform::program::run(govpay_core::NAME, 8080, govpay_core::start)
}
