//! The one place where this program reads the clock.

use std::time::{SystemTime, UNIX_EPOCH};

use entitlement::Moment;
use errors::{Code, Failure};

/// Now, to the second.
///
/// # Errors
/// [`Code::Internal`] on a machine whose clock stands before 1970.
#[expect(clippy::disallowed_methods, reason = "this is the one clock read of the issuer")]
pub(crate) fn now() -> Result<Moment, Failure> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).ok();
    let moment = since.and_then(|since| i64::try_from(since.as_secs()).ok()).and_then(Moment::from_unix);
    moment.ok_or_else(|| Failure::new(Code::Internal, "The clock of this machine stands before 1970."))
}
