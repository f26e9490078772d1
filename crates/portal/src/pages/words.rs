//! Small pieces of sentences that depend on a number.

use crate::texts::text;

/// `1 member`, `26 members`.
pub(super) fn members(count: u64) -> String {
    text("members").with("count", count).plain()
}

/// `1 privilege`, `8 privileges`.
pub(super) fn privileges(count: usize) -> String {
    text("privileges").with("count", count).plain()
}

/// A number with a real minus sign, which screen readers say and hyphens do not make clear.
pub(super) fn signed(number: i64) -> String {
    if number < 0 { format!("\u{2212}{}", number.unsigned_abs()) } else { number.to_string() }
}

/// What is the matter with the people of a user type: `26 members would be locked out`.
pub(super) fn would_be_locked_out(count: u64) -> String {
    text("would-be-locked-out").with("count", count).plain()
}

/// What was the matter with the people of a user type: `26 members were locked out`.
pub(super) fn were_locked_out(count: u64) -> String {
    text("were-locked-out").with("count", count).plain()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_not_many_and_a_minus_is_a_minus() {
        assert_eq!((members(0), members(1), members(2)), ("0 members".into(), "1 member".into(), "2 members".into()));
        assert_eq!((signed(3), signed(0), signed(-1)), ("3".into(), "0".into(), "\u{2212}1".into()));
        assert_eq!(would_be_locked_out(0), "nobody locked out");
        assert_eq!(would_be_locked_out(1), "1 member would be locked out");
        assert_eq!(
            (were_locked_out(1).as_str(), were_locked_out(0).as_str()),
            ("1 member was locked out", "nobody locked out")
        );
    }
}
