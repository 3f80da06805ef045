//! The command line: exit codes and broken pipes; everything else is in the library.

use std::io::Write as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    match malmarknad::cli::main() {
        Ok(outcome) => outcome,
        Err(error) => {
            // The reader of a pipe has gone (`malmarknad rank … | head`): nothing is wrong.
            if error.chain().any(|cause| cause.downcast_ref::<std::io::Error>().is_some_and(|cause| cause.kind() == std::io::ErrorKind::BrokenPipe)) {
                return ExitCode::SUCCESS;
            }
            let _ = writeln!(std::io::stderr(), "error: {error:#}");
            ExitCode::from(1)
        }
    }
}
