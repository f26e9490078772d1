//! The code by which whoever started `serve` is known in the browser, before there is anybody who could sign in.

use errors::Failure;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::password::{one_time_password, one_time_stored};

/// What is kept of the code: a hash, in memory, for as long as the process runs.
#[derive(Clone)]
pub struct SetupCode(String);

impl SetupCode {
    /// A new code, to be told once: 140 random bits, spelled to be read from a screen.
    ///
    /// # Errors
    /// `internal` when the machine gives no random bytes.
    pub fn generate() -> Result<(Self, Zeroizing<String>), Failure> {
        let code = one_time_password()?;
        Ok((Self::of(&code), code))
    }

    /// What is kept of this code.
    #[must_use]
    pub fn of(code: &str) -> Self {
        Self(one_time_stored(code))
    }

    /// Whether this is the code, as it was typed. How long the answer takes tells nothing about it.
    #[must_use]
    pub fn is(&self, typed: &str) -> bool {
        one_time_stored(typed).as_bytes().ct_eq(self.0.as_bytes()).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_code_itself_opens_however_it_is_spelled() {
        let (kept, code) = SetupCode::generate().unwrap();
        assert_eq!(code.len(), "k3v9-0tqz-8m2n-x4cd-7h1p-w6rs-5byj".len());
        assert!(kept.is(&code) && kept.is(&format!(" {} ", code.to_uppercase().replace('-', ""))));
        let (_, other) = SetupCode::generate().unwrap();
        for wrong in ["", "-", &code[1..], &other, &kept.0] {
            assert!(!kept.is(wrong), "{wrong}");
        }
        assert!(!kept.0.contains(&**code));
    }
}
