//! The portal as a vendor builds it, with the roots of a file instead of compiled-in ones: a real process for tests of many
//! root sets, without a build for each.
//!
//! The file is what the program is called by (its argument 0), so that its command line is a portal's to the letter.

use std::process::ExitCode;

use portal::house::BuiltIn;

fn main() -> ExitCode {
    let named = std::env::args_os().next().unwrap_or_default();
    match std::fs::read(&named) {
        Ok(roots) => portal::command::run(BuiltIn { roots: Box::leak(roots.into_boxed_slice()), demo_trust: None }),
        Err(error) => {
            eprintln!("{}: {error}", named.display());
            ExitCode::FAILURE
        }
    }
}
