//! Checks a signed file with the crate `entitlement` alone: no network, no service, nothing installed.
//!
//! `verify-offline FILE TRUST ROOTS-JWKS` prints the named users in force, one user type a line.

use std::error::Error;
use std::process::ExitCode;

use entitlement::{Moment, Roots, TermState, Use, open_entitlement, open_trust_list};

fn licensed(files: &[String]) -> Result<String, Box<dyn Error>> {
    let [file, trust, roots] = files else { return Err("usage: verify-offline FILE TRUST ROOTS-JWKS".into()) };
    #[expect(clippy::disallowed_methods, reason = "this program has no other clock than the machine's")]
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_secs();
    let now = Moment::from_unix(i64::try_from(now)?).ok_or("the clock is out of range")?;
    let roots = Roots::from_jwk_set(&std::fs::read(roots)?)?;
    let trust = open_trust_list(&std::fs::read(trust)?, &roots, now)?;
    let file = open_entitlement(&std::fs::read(file)?, &trust, Use::Importing, now)?;
    if file.term_state(now) != TermState::InTerm || file.revoked_by(&trust) {
        return Err("the file is genuine, but it licenses nothing now: out of term, or revoked".into());
    }
    Ok(file.at(now).user_types().iter().map(|(user_type, seats)| format!("{user_type} {seats}\n")).collect())
}

fn main() -> ExitCode {
    let files: Vec<String> = std::env::args().skip(1).collect();
    match licensed(&files) {
        Ok(lines) => {
            print!("{lines}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("refused: {error}");
            ExitCode::FAILURE
        }
    }
}
