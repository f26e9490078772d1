//! One change for many members: chosen one by one or by a filter, foreseen, and applied to exactly those who were shown.

use catalog::RoleId;
use entitlement::{Moment, UserTypeId};
use errors::{Code, Failure};
use rules::change_set::{Act, ChangeSet, Mode, Operation};
use rules::permit::AddOnMoves;
use rules::plan::Blocker;
use rules::{MemberId, Refusal};
use sha2::{Digest, Sha256};
use store::{Member, MemberFilter, ReadTx, StoreError, WriteTx};

use super::changes::{self, Applied, Outlook, Request};
use super::members::{self, Page};
use super::{Caller, input};

/// The most members of one change.
pub const MOST: u32 = 10_000;

/// Whom a change is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// These.
    Ids(Vec<MemberId>),
    /// Everybody whom a filter finds.
    All(Box<(MemberFilter, Page)>),
}

/// What is to be done with each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// This user type, and a role with it.
    UserType(UserTypeId, RoleWish),
    /// This role.
    Role(RoleId),
    /// This, with the account.
    Act(Act),
    /// These add-ons and extensions given and taken; and whether offline licenses that depend on one are released.
    AddOns(AddOnMoves, bool),
}

/// The role that goes with a new user type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RoleWish {
    /// The present one; who has one that does not fit is refused.
    Keep,
    /// The present one, or the nearest that fits where it does not.
    Nearest,
    /// This one for all.
    Set(RoleId),
}

/// A change of many members as somebody asked for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bulk {
    /// Whom.
    pub selection: Selection,
    /// What.
    pub target: Target,
    /// All or nothing, or as many as can be.
    pub mode: Mode,
    /// When they return by themselves.
    pub revert_at: Option<Moment>,
    /// Why.
    pub reason: String,
}

/// The chosen members.
///
/// # Errors
/// The caller may not see members; one is not there; more than [`MOST`] match.
pub fn chosen(tx: &ReadTx<'_>, caller: &Caller, selection: &Selection) -> Result<Vec<Member>, StoreError> {
    match selection {
        Selection::Ids(ids) => ids.iter().map(|id| members::account(tx, caller, id)).collect(),
        Selection::All(found) => {
            let (filter, page) = &**found;
            members::all_of(tx, caller, filter, &Page { cursor: None, limit: MOST, ..page.clone() })
        }
    }
}

/// Stands for the chosen members as they are: another one as soon as one of them changes, comes in or goes.
#[must_use]
pub fn seal(members: &[Member]) -> String {
    let mut of: Vec<(&str, u64)> = members.iter().map(|one| (one.id.as_str(), one.version)).collect();
    of.sort_unstable();
    let hash = of.iter().fold(Sha256::new(), |hash, (id, version)| hash.chain_update(format!("{id} {version}\n")));
    store::hexadecimal(&hash.finalize())
}

/// What would become of the change.
///
/// # Errors
/// The caller lacks a privilege.
pub fn outlook(tx: &ReadTx<'_>, caller: &Caller, bulk: &Bulk, members: &[Member]) -> Result<Outlook, StoreError> {
    let mut request = asked(bulk, members);
    let first = changes::outlook(tx, caller, &request)?;
    if fitted(bulk, &mut request, &first) { changes::outlook(tx, caller, &request) } else { Ok(first) }
}

/// Applies the change to the members that were shown, with the consent that was given; each user type with its number.
///
/// # Errors
/// `stale` when somebody of them has changed since; as [`changes::apply`].
pub fn apply(
    tx: &WriteTx<'_>,
    caller: &Caller,
    bulk: &Bulk,
    (shown, consent): (&str, Vec<(UserTypeId, u64)>),
) -> Result<Applied, StoreError> {
    let members = chosen(tx, caller, &bulk.selection)?;
    if seal(&members) != shown {
        return Err(Failure::plain(Code::Stale).into());
    }
    let mut request = asked(bulk, &members);
    if matches!(bulk.target, Target::UserType(_, RoleWish::Nearest)) {
        let first = changes::outlook(tx, caller, &request)?;
        fitted(bulk, &mut request, &first);
    }
    request.set.allow_one_over = consent.into_iter().collect();
    changes::apply(tx, caller, &request)
}

/// The change set; who is already as wished stays out of it.
fn asked(bulk: &Bulk, members: &[Member]) -> Request {
    let operations = members.iter().filter_map(|member| bulk.target.operation(member)).collect();
    let set = ChangeSet { operations, mode: bulk.mode, revert_at: bulk.revert_at, ..ChangeSet::default() };
    Request { set, reason: bulk.reason.clone(), ..Request::default() }
}

impl Target {
    fn operation(&self, member: &Member) -> Option<Operation> {
        let (user_type, role) = match self {
            Self::Act(act) => return Some(Operation::act(member.id.clone(), *act)),
            Self::AddOns(moves, release_checkouts) => {
                let operation = Operation::add_ons(member.id.clone(), moves.clone());
                return Some(Operation { release_checkouts: *release_checkouts, ..operation });
            }
            Self::Role(role) => (&member.user_type, role),
            Self::UserType(user_type, RoleWish::Set(role)) => (user_type, role),
            Self::UserType(user_type, RoleWish::Keep | RoleWish::Nearest) => (user_type, &member.role),
        };
        let is_so = *user_type == member.user_type && *role == member.role && member.state.holds_a_seat();
        let set_user_type = (*user_type != member.user_type).then(|| user_type.clone());
        let set_role = (*role != member.role).then(|| role.clone());
        let operation = Operation::set(member.id.clone(), set_user_type, set_role);
        (!is_so).then_some(operation)
    }
}

/// Puts the nearest role that fits into the operations that were refused for theirs, where that is wished. Tells whether
/// anything is another now.
fn fitted(bulk: &Bulk, request: &mut Request, outlook: &Outlook) -> bool {
    if !matches!(bulk.target, Target::UserType(_, RoleWish::Nearest)) {
        return false;
    }
    let blockers = match outlook {
        Outlook::Possible(foreseen) => &foreseen.plan.refused,
        Outlook::Impossible { blockers, .. } => blockers,
    };
    let mut any = false;
    for blocker in blockers {
        if let (Some(role), Some(operation)) =
            (proposed_role(blocker), request.set.operations.get_mut(blocker.operation))
        {
            operation.set_role = Some(role.clone());
            any = true;
        }
    }
    any
}

/// The nearest role that fits, where the present one is what stands against it.
#[must_use]
pub fn proposed_role(blocker: &Blocker) -> Option<&RoleId> {
    let Refusal::RoleExceedsUserType { misfits } = &blocker.refusal else { return None };
    misfits.first()?.proposed_role.as_ref()
}

/// The ids of members as a form sends them.
///
/// # Errors
/// `not-found` for what is no id; `validation-failed` for too many.
pub fn ids(sent: &[String]) -> Result<Vec<MemberId>, Failure> {
    if sent.len() > usize::try_from(MOST).unwrap_or(usize::MAX) {
        return Err(input::invalid_at("/member", "names more than 10,000 members"));
    }
    let unknown = |id: &String| Failure::new(Code::NotFound, format!("There is no member `{id}`."));
    sent.iter().map(|id| id.parse().map_err(|_| unknown(id))).collect()
}

#[cfg(test)]
mod tests {
    use rules::MemberState;
    use store::PasswordKind;

    use super::*;

    fn member(number: u8, version: u64) -> Member {
        let at = Moment::from_unix(0).unwrap();
        Member {
            id: format!("mem_{number:026}").parse().unwrap(),
            username: format!("member{number}"),
            full_name: String::new(),
            email: String::new(),
            user_type: UserTypeId::parse("viewer").unwrap(),
            role: "viewer".parse().unwrap(),
            state: MemberState::Enabled,
            former: None,
            password_kind: PasswordKind::Own,
            created_at: at,
            changed_at: at,
            last_signed_in_at: None,
            version,
            archived_at: None,
            vendor_access: false,
        }
    }

    #[test]
    fn the_seal_is_of_these_members_as_they_are_in_any_order() {
        let shown = seal(&[member(1, 1), member(2, 1)]);
        assert_eq!(shown, seal(&[member(2, 1), member(1, 1)]));
        for others in [vec![member(1, 1)], vec![member(1, 2), member(2, 1)], vec![member(1, 1), member(3, 1)]] {
            assert_ne!(shown, seal(&others));
        }
    }

    #[test]
    fn who_is_already_as_wished_stays_out_of_the_change() {
        let viewer = member(1, 1);
        let to = |id: &str| Target::UserType(UserTypeId::parse(id).unwrap(), RoleWish::Keep);
        assert_eq!(to("viewer").operation(&viewer), None);
        assert_eq!(Target::Role("viewer".parse().unwrap()).operation(&viewer), None);
        assert!(to("creator").operation(&viewer).is_some_and(|operation| operation.set_role.is_none()));
        let archived = Member { state: MemberState::Archived, ..viewer };
        assert!(to("viewer").operation(&archived).is_some());
    }

    #[test]
    fn what_is_no_id_is_nobodys() {
        assert_eq!(ids(&["mem_x".to_owned()]).unwrap_err().code, Code::NotFound);
    }
}
