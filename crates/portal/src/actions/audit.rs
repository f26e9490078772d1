//! The audit log: looked through, told in words, and held to its chain.
//!
//! `telling` says what a row is about in words; `titles` has the words for each action.

mod telling;
mod titles;

use entitlement::Moment;
use errors::{Code, Failure};
use rules::{MemberId, account};
use store::{Action, Anchor, AuditFilter, AuditRow, ChainState, ReadTx, StoreError};

use super::input::{instant_at, invalid_at, text_of};
use super::{Caller, actor};
pub use telling::{Line, Place, Target, Teller, Told};
pub use titles::title;

/// How many of the newest rows are held to the chain where somebody looks at the log.
pub const NEWEST: u32 = 100;

const SECONDS_A_DAY: i64 = 86_400;
/// The most characters of a filter.
const LONGEST: usize = 200;

/// What somebody looks for, as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// A user name or the id of a member; `console`, `schedule`.
    pub actor: Option<String>,
    /// One of the actions.
    pub action: Option<String>,
    /// An id, or the user name of a member.
    pub target: Option<String>,
    /// An instant or a day.
    pub from: Option<String>,
    /// An instant, before it; or a day, to its end.
    pub to: Option<String>,
    /// A text anywhere.
    pub text: Option<String>,
}

/// What is looked for, once it was checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sought {
    filter: AuditFilter,
}

impl Asked {
    /// Checks what was typed.
    ///
    /// # Errors
    /// `validation-failed`.
    pub fn read(self) -> Result<Sought, Failure> {
        let line = |pointer, given: Option<String>| {
            let text = given.map(|given| text_of(pointer, given, LONGEST)).transpose()?;
            Ok::<_, Failure>(text.filter(|text| !text.is_empty()))
        };
        let action = line("/action", self.action)?.map(|given| {
            let known = Action::from_text(&given);
            known.ok_or_else(|| invalid_at("/action", &format!("`{given}` is none of the actions")))
        });
        let from = line("/from", self.from)?.map(|given| moment("/from", &given, 0));
        let to = line("/to", self.to)?.map(|given| moment("/to", &given, 1));
        let filter = AuditFilter {
            actor: line("/actor", self.actor)?,
            action: action.transpose()?,
            target: line("/target", self.target)?,
            member: None,
            from: from.transpose()?,
            to: to.transpose()?,
            text: line("/text", self.text)?,
        };
        Ok(Sought { filter })
    }
}

/// An instant, or so many days after the beginning of a day in UTC.
fn moment(pointer: &str, given: &str, days: i64) -> Result<Moment, Failure> {
    match Moment::parse(&format!("{given}T00:00:00Z")) {
        Ok(day) => Ok(day.plus_seconds(days * SECONDS_A_DAY)),
        Err(_) => instant_at(pointer, given),
    }
}

impl Sought {
    /// The filter for the store. A target that names a member also finds what names the member among others.
    fn filter(&self, tx: &ReadTx<'_>) -> Result<AuditFilter, StoreError> {
        let mut filter = self.filter.clone();
        if let Some(target) = &filter.target {
            let named = tx.member_by_username(target)?.map(|member| member.id);
            filter.member = target.parse::<MemberId>().ok().or(named);
        }
        Ok(filter)
    }
}

/// The rows that are looked for, the newest first, those numbered below `before` when it is given.
///
/// # Errors
/// `privilege-missing`.
pub fn list(
    tx: &ReadTx<'_>,
    caller: &Caller,
    sought: &Sought,
    (before, limit): (Option<u64>, u32),
) -> Result<Vec<AuditRow>, StoreError> {
    account::see_audit(&actor(tx, caller)?)?;
    tx.audit_where(&sought.filter(tx)?, before, limit)
}

/// The rows that are looked for in the order in which they were written, those numbered above `after`.
///
/// # Errors
/// `privilege-missing`.
pub fn after(
    tx: &ReadTx<'_>,
    caller: &Caller,
    sought: &Sought,
    (after, limit): (u64, u32),
) -> Result<Vec<AuditRow>, StoreError> {
    account::see_audit(&actor(tx, caller)?)?;
    tx.audit_after(&sought.filter(tx)?, after, limit)
}

/// One row.
///
/// # Errors
/// `privilege-missing`, `not-found`.
pub fn show(tx: &ReadTx<'_>, caller: &Caller, seq: &str) -> Result<AuditRow, StoreError> {
    account::see_audit(&actor(tx, caller)?)?;
    let row = seq.parse().ok().map(|seq| tx.audit_row(seq)).transpose()?.flatten();
    row.ok_or_else(|| Failure::new(Code::NotFound, format!("The audit log has no row `{seq}`.")).into())
}

/// The number and hash of the newest row; nothing while there is none.
///
/// # Errors
/// `privilege-missing`.
pub fn anchor(tx: &ReadTx<'_>, caller: &Caller) -> Result<Option<Anchor>, StoreError> {
    account::see_audit(&actor(tx, caller)?)?;
    Ok(tx.audit_anchor())
}

/// Walks the whole chain, and holds it to an anchor that was kept elsewhere.
///
/// # Errors
/// `privilege-missing`. A chain that is broken is an answer.
pub fn verify(tx: &ReadTx<'_>, caller: &Caller, anchor: Option<&Anchor>) -> Result<ChainState, StoreError> {
    account::see_audit(&actor(tx, caller)?)?;
    tx.verify_audit(anchor)
}

/// Walks the newest rows of the chain, for whoever looks at the log.
///
/// # Errors
/// As [`verify`].
pub fn verify_newest(tx: &ReadTx<'_>, caller: &Caller) -> Result<ChainState, StoreError> {
    account::see_audit(&actor(tx, caller)?)?;
    tx.verify_newest_audit(NEWEST)
}

/// An anchor as it was typed.
///
/// # Errors
/// `validation-failed`.
pub fn anchor_at(pointer: &str, given: &str) -> Result<Anchor, Failure> {
    given.parse().map_err(|_| {
        invalid_at(
            pointer,
            &format!("`{given}` is not the number of a row and its hash, as `audit anchor` prints them"),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_whole_and_an_instant_is_exact() {
        let asked = |from: &str, to: &str| {
            let asked = Asked { from: Some(from.to_owned()), to: Some(to.to_owned()), ..Asked::default() };
            let read = asked.read().map_err(|failure| failure.detail)?.filter;
            Ok::<_, String>((read.from.unwrap().to_string(), read.to.unwrap().to_string()))
        };
        let told = |from: &str, to: &str| Ok((from.to_owned(), to.to_owned()));
        assert_eq!(asked("2026-12-01", "2026-12-01"), told("2026-12-01T00:00:00Z", "2026-12-02T00:00:00Z"));
        assert_eq!(
            asked("2026-12-01T10:00:00Z", "2026-12-01T11:00:00Z"),
            told("2026-12-01T10:00:00Z", "2026-12-01T11:00:00Z")
        );
        for wrong in ["yesterday", "2026-13-01", "2026-12-01 10:00"] {
            assert!(asked(wrong, "2026-12-01").unwrap_err().starts_with("from: "), "{wrong}");
            assert!(asked("2026-12-01", wrong).unwrap_err().starts_with("to: "), "{wrong}");
        }
    }

    #[test]
    fn what_is_empty_looks_for_anything_and_an_action_must_be_one() {
        let asked = |action: &str| Asked { action: Some(action.to_owned()), ..Asked::default() }.read();
        assert_eq!(asked(" "), Ok(Sought::default()));
        assert_eq!(asked("member.add").unwrap().filter.action, Some(Action::MemberAdded));
        assert_eq!(asked("member").unwrap_err().detail, "action: `member` is none of the actions.");
    }
}
