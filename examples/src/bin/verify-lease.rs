//! Checks a lease on the computer that has it, with the crate `entitlement` alone: no network, no service.
//!
//! `verify-lease LEASE LICENSE TRUST ROOTS-JWKS DEVICE INSTANT` prints what the lease grants at that instant.

use std::error::Error;
use std::process::ExitCode;

use entitlement::{Lease, Moment, Roots, TermState, Use, open_entitlement, open_lease, open_trust_list};

/// Root, trust list, license, lease: each vouches for the next.
fn granted(words: &[String]) -> Result<String, Box<dyn Error>> {
    let [lease, license, trust, roots, device, instant] = words else {
        return Err("usage: verify-lease LEASE LICENSE TRUST ROOTS-JWKS DEVICE INSTANT".into());
    };
    let now = Moment::parse(instant)?;
    let roots = Roots::from_jwk_set(&std::fs::read(roots)?)?;
    let trust = open_trust_list(&std::fs::read(trust)?, &roots, now)?;
    // This computer has the license since it has the lease; the trust list may be newer than both.
    let license = open_entitlement(&std::fs::read(license)?, &trust, Use::Installed, now)?;
    if license.revoked_by(&trust) {
        return Err("the license has been revoked, or a newer file of it is asked for".into());
    }
    let lease = open_lease(&std::fs::read(lease)?, &license, now, Some(device))?;
    match lease.term_state(now) {
        TermState::InTerm => Ok(lines(&lease)),
        TermState::NotBegun => Err(format!("the lease is genuine and begins at {}", lease.from()).into()),
        TermState::Ended => Err(format!("the lease is genuine and ended at {}", lease.until()).into()),
    }
}

fn lines(lease: &Lease) -> String {
    let mut lines = vec![format!("member {}", lease.member()), format!("product {}", lease.product())];
    lines.extend(lease.level().map(|level| format!("level {level}")));
    lines.extend(lease.extensions().iter().map(|extension| format!("extension {extension}")));
    lines.push(format!("use {}", lease.usage()));
    lines.push(format!("until {}\n", lease.until().unix()));
    lines.join("\n")
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match granted(&words) {
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
