//! Sign-in and the lockout: who may use the portal at this moment (S6, S14 to S17, S25, S28).

use crate::compliance::is_over;
use crate::{MemberState, Refusal};

/// How long a session of the portal lasts at most, in seconds: one day. A lockout does not end it (A-ENF-14).
pub const SESSION_SECONDS: i64 = 24 * 60 * 60;

/// What the portal knows of somebody who wants in, read for this request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Enabled, disabled or archived.
    pub state: MemberState,
    /// Whether the role is the default Administrator's; no other role is exempt (A-ENF-4).
    pub is_administrator: bool,
    /// Members of the member's user type.
    pub assigned: u64,
    /// Licensed of that type at this moment.
    pub licensed: u64,
}

/// Whether the member may use the portal now; asked at every request, not only at sign-in (A-ENF-14).
///
/// # Errors
/// [`Refusal::MemberDisabled`] or [`Refusal::MemberArchived`], else [`Refusal::UserTypeOverLimit`]: the member's user type has more members than
/// licensed, and the role is not the default Administrator's.
pub fn enter(standing: &Standing) -> Result<(), Refusal> {
    match standing.state {
        MemberState::Enabled => {}
        MemberState::Disabled => return Err(Refusal::MemberDisabled),
        MemberState::Archived => return Err(Refusal::MemberArchived),
    }
    if is_over(standing.assigned, standing.licensed) && !standing.is_administrator {
        return Err(Refusal::UserTypeOverLimit);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{SESSION_SECONDS, Standing, enter};
    use crate::{MemberState, Refusal};

    fn standing(assigned: u64, licensed: u64) -> Standing {
        Standing { state: MemberState::Enabled, is_administrator: false, assigned, licensed }
    }

    #[test]
    fn a_member_enters_up_to_the_licensed_number_and_is_refused_from_one_over() {
        assert_eq!(enter(&standing(24, 25)), Ok(()));
        assert_eq!(enter(&standing(25, 25)), Ok(()));
        assert_eq!(enter(&standing(26, 25)), Err(Refusal::UserTypeOverLimit));
        assert_eq!(enter(&standing(1, 0)), Err(Refusal::UserTypeOverLimit));
    }

    #[test]
    fn an_administrator_enters_while_the_type_is_over() {
        assert_eq!(enter(&Standing { is_administrator: true, ..standing(26, 25) }), Ok(()));
        assert_eq!(enter(&Standing { is_administrator: true, ..standing(5, 0) }), Ok(()));
    }

    #[test]
    fn a_disabled_member_is_refused_as_disabled_administrator_or_not() {
        let disabled = Standing { state: MemberState::Disabled, ..standing(26, 25) };
        assert_eq!(enter(&disabled), Err(Refusal::MemberDisabled));
        assert_eq!(enter(&Standing { is_administrator: true, ..disabled }), Err(Refusal::MemberDisabled));
    }

    #[test]
    fn an_archived_member_is_refused_as_archived_administrator_or_not() {
        let archived = Standing { state: MemberState::Archived, ..standing(1, 25) };
        assert_eq!(enter(&archived), Err(Refusal::MemberArchived));
        assert_eq!(enter(&Standing { is_administrator: true, ..archived }), Err(Refusal::MemberArchived));
    }

    #[test]
    fn a_session_lasts_one_day_at_most() {
        assert_eq!(SESSION_SECONDS, 86_400);
    }
}
