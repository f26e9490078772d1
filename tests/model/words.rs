//! The words that the model and the steps have in common: what there is, what can be done, and every "no".

use std::collections::{BTreeMap, BTreeSet};

pub type Type = &'static str;
pub type Privileges = BTreeSet<&'static str>;
pub type Numbers = BTreeMap<Type, i64>;
/// A member, what was held before, and what is held after; nothing when deleted.
pub type Move = (usize, Seat, Option<Seat>);

pub const TYPES: [Type; 3] = ["creator", "storyteller", "viewer"];
/// Changing a user type needs all five (S248, A-ENF-5).
pub const FIVE: [&str; 5] = [SEE, "admin.members.view_all", "admin.members.update", CHANGE_ROLES, LICENSES];
/// Any one of these shows every account and the changes of seats (S173; design: Who reads).
pub const SEES_ALL: [&str; 7] =
    ["admin.members.view_all", LICENSES, INVITE, "admin.members.update", DELETE, DISABLE, CHANGE_ROLES];
pub const SEE: &str = "members.view";
pub const CREATE: &str = "content.create";
pub const INVITE: &str = "admin.members.invite";
pub const DISABLE: &str = "admin.members.disable";
pub const DELETE: &str = "admin.members.delete";
pub const CHANGE_ROLES: &str = "admin.members.change_roles";
pub const MEMBER_ROLES: &str = "admin.settings.member_roles";
pub const LICENSES: &str = "admin.members.manage_licenses";
pub const FOURTEEN_DAYS: i64 = 14 * 86_400;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[rustfmt::skip]
pub enum Role { Viewer, User, Administrator, Own(usize) }

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[rustfmt::skip]
pub enum State { Enabled, Disabled, Archived }

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[rustfmt::skip]
pub enum Act { Enable, Disable, Archive, ArchiveAgain, Restore, RestoreDisabled, Delete }

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[rustfmt::skip]
pub struct Seat { pub of: Type, pub role: Role, pub state: State }

#[derive(Debug, Clone)]
#[rustfmt::skip]
pub struct Member { pub seat: Seat, pub last_change: Option<usize> }

#[derive(Debug, Clone)]
#[rustfmt::skip]
pub struct Invitation { pub of: Type, pub role: Role, pub until: i64, pub state: &'static str, pub renewals: usize }

#[derive(Debug, Clone)]
#[rustfmt::skip]
pub struct Return { pub at: i64, pub state: &'static str, pub keeps: Numbers }

#[derive(Debug, Clone)]
#[rustfmt::skip]
pub struct Change { pub moves: Vec<Move>, pub planned: Option<Return> }

/// Lines of user type, number, first instant and end.
#[derive(Debug, Clone)]
#[rustfmt::skip]
pub struct File { pub lines: Vec<(Type, i64, i64, i64)>, pub from: i64, pub until: i64, pub one_over: bool }

#[derive(Debug, Clone)]
#[rustfmt::skip]
pub struct Operation { pub member: usize, pub of: Option<Type>, pub role: Option<Role>, pub act: Option<Act> }

#[derive(Debug, Clone, Default)]
#[rustfmt::skip]
pub struct Set { pub operations: Vec<Operation>, pub partial: bool, pub consent: Numbers, pub revert_at: Option<i64>, pub ends: Option<usize> }

#[derive(Debug, Clone, Copy)]
#[rustfmt::skip]
pub enum By { Console, Member(usize) }

#[derive(Debug, Clone)]
#[rustfmt::skip]
pub enum Step {
    Register(By, Option<Type>, Option<Role>), Invite(By, Option<Type>, Option<Role>),
    Accept { invitation: usize, with_old_secret: bool }, Revoke(By, usize), Renew(By, usize),
    Change(By, Set), Swap(By, usize, usize), Revert(By, usize, Numbers), Cancel(By, usize), CarryOut,
    Import(By, File, Option<i64>), CreateRole(By, Privileges), EditRole(By, Role, Privileges), DeleteRole(By, Role), Wait(i64),
}

/// Every "no", with the numbers that it tells.
#[derive(Debug, Clone, PartialEq, Eq)]
#[rustfmt::skip]
pub enum No {
    NotSignedIn, Disabled, Archived, LockedOut, PrivilegeMissing, Reserved, Invalid, NotFound, WrongState, RoleExceedsType, Full(Type, [i64; 3]),
    CreationBlocked, Exhausted(Type, [i64; 2]), NeedsConsent(Numbers), Mismatch(Numbers), Unconfirmed(i64), LastAdministrator, AdministratorInOver(Type),
    CannotRevert, Stale, NothingPlanned, InvitationEnded, LicenseEnded, RoleIsDefault, RoleInUse,
}

/// A mistake that a test puts in on purpose, to see it found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[rustfmt::skip]
pub enum Mistake { AllowanceOfTwo, ReservedIgnored, AcceptCountsReserved, DisabledNotCounted, RestoredWhileOver, DelegateGoesOver, ReturnOutOfDate }

impl Mistake {
    pub const ALL: [Self; 7] = [
        Self::AllowanceOfTwo,
        Self::ReservedIgnored,
        Self::AcceptCountsReserved,
        Self::DisabledNotCounted,
        Self::RestoredWhileOver,
        Self::DelegateGoesOver,
        Self::ReturnOutOfDate,
    ];
}

/// Who acts: the member, if it is one, and the privileges; a default Administrator has all (S133).
#[rustfmt::skip]
pub struct Actor { pub who: Option<usize>, pub role: Option<Role>, pub has_all: bool, pub holds: Privileges }

#[derive(Debug, Clone)]
#[rustfmt::skip]
pub struct Model {
    pub now: i64, pub file: File, pub staged: Vec<File>, pub born: usize, pub members: BTreeMap<usize, Member>, pub invitations: Vec<Invitation>,
    pub changes: Vec<Change>, pub roles: BTreeMap<Role, Privileges>, pub roles_made: usize, pub mistake: Option<Mistake>,
}

/// Nothing, or why not.
pub fn yes(is_so: bool, no: No) -> Result<(), No> {
    if is_so { Ok(()) } else { Err(no) }
}

impl Actor {
    /// Somebody at the machine itself, with the rights of a default Administrator.
    pub fn console() -> Self {
        Self { who: None, role: None, has_all: true, holds: Privileges::new() }
    }
    pub fn holds(&self, privilege: &str) -> bool {
        self.has_all || self.holds.contains(privilege)
    }
    pub fn needs(&self, privileges: &[&str]) -> Result<(), No> {
        yes(privileges.iter().all(|one| self.holds(one)), No::PrivilegeMissing)
    }
    pub fn needs_one(&self, privileges: &[&str]) -> Result<(), No> {
        yes(privileges.iter().any(|one| self.holds(one)), No::PrivilegeMissing)
    }
    /// Either permit to change roles (A-ROLE-6).
    pub fn hands_out(&self) -> bool {
        self.holds(CHANGE_ROLES) || self.holds(MEMBER_ROLES)
    }

    /// Who may move somebody so, and back where that is planned (S113, S114, S173 to S179, S217 to S222).
    pub fn may_move(&self, (who, from, to): Move, act: Option<Act>, and_back: bool) -> Result<(), No> {
        let after = to.filter(Seat::is_held);
        let touches = from.is_administrators() || after.is_some_and(|seat| seat.is_administrators());
        if let Some(act) = act {
            // S175 to S177, A-ROLE-13. Who plans the way back must be one who may go it.
            let (way, back) = match act {
                Act::Enable | Act::Disable => (DISABLE, DISABLE),
                Act::Archive | Act::ArchiveAgain => (DISABLE, INVITE),
                Act::Restore | Act::RestoreDisabled => (INVITE, DISABLE),
                Act::Delete => (DELETE, DELETE),
            };
            self.needs(&[way, if and_back { back } else { way }])?;
            yes(!touches || self.has_all, No::Reserved)?; // S222
        }
        let moves_role = after.is_some_and(|seat| seat.role != from.role);
        if after.is_some_and(|seat| seat.of != from.of) {
            self.needs(&FIVE)?; // A-ENF-5
        } else if act.is_none() || moves_role {
            yes(self.hands_out(), No::PrivilegeMissing)?; // S113
        }
        let is_barred = moves_role && (touches || self.who == Some(who)); // S114, A-ROLE-5
        yes(!is_barred || self.has_all, No::Reserved)
    }
}

impl Seat {
    pub fn is_held(&self) -> bool {
        self.state != State::Archived
    }
    pub fn is_administrators(&self) -> bool {
        self.role == Role::Administrator
    }
    pub fn is_used(&self) -> bool {
        self.state == State::Enabled
    }
}

impl Operation {
    pub fn to(member: usize, seat: Seat, act: Option<Act>) -> Self {
        Self { member, of: Some(seat.of), role: Some(seat.role), act }
    }
}

impl Act {
    /// What leads from one state to another.
    pub fn between(from: State, to: State) -> Option<Self> {
        match (from, to) {
            (_, State::Archived) => Some(Self::ArchiveAgain),
            (State::Archived, State::Enabled) => Some(Self::Restore),
            (State::Archived, State::Disabled) => Some(Self::RestoreDisabled),
            (State::Enabled, State::Disabled) => Some(Self::Disable),
            (State::Disabled, State::Enabled) => Some(Self::Enable),
            (State::Enabled, State::Enabled) | (State::Disabled, State::Disabled) => None,
        }
    }
}

impl Model {
    pub fn errs(&self, mistake: Mistake) -> bool {
        self.mistake == Some(mistake)
    }
}

impl Invitation {
    pub fn is_pending(&self, now: i64) -> bool {
        self.state == "pending" && self.until > now
    }
}

impl Change {
    /// The return that may still happen.
    pub fn open(&self) -> Option<&Return> {
        self.planned.as_ref().filter(|planned| planned.is_open())
    }
}

impl Return {
    /// Whether it may still happen, and keeps its seats.
    pub fn is_open(&self) -> bool {
        ["planned", "due"].contains(&self.state)
    }
}

impl No {
    /// The code of the registry.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotSignedIn => "not-signed-in",
            Self::Disabled => "member-disabled",
            Self::Archived => "member-archived",
            Self::LockedOut => "user-type-over-limit",
            Self::PrivilegeMissing => "privilege-missing",
            Self::Reserved => "reserved-to-administrators",
            Self::Invalid => "validation-failed",
            Self::NotFound => "not-found",
            Self::WrongState => "wrong-state",
            Self::RoleExceedsType => "role-exceeds-user-type",
            Self::Full(..) => "seat-limit-reached",
            Self::CreationBlocked => "creation-blocked-not-compliant",
            Self::Exhausted(..) => "one-over-exhausted",
            Self::NeedsConsent(_) => "one-over-needs-consent",
            Self::Mismatch(_) | Self::Unconfirmed(_) => "confirmation-mismatch",
            Self::LastAdministrator => "last-administrator",
            Self::AdministratorInOver(_) => "administrator-in-over-type",
            Self::CannotRevert => "cannot-revert",
            Self::Stale => "stale",
            Self::NothingPlanned => "nothing-planned",
            Self::InvitationEnded => "invitation-ended",
            Self::LicenseEnded => "license-ended",
            Self::RoleIsDefault => "role-is-default",
            Self::RoleInUse => "role-in-use",
        }
    }
}
