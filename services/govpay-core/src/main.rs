//! The service in a process of its own.

/// The system's own allocator keeps memory for each thread that has ever used it: with blocks whose work
/// moves among threads, that is twice what is needed.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    platform::program::run(govpay_core::NAME, 8080, govpay_core::start)
}
