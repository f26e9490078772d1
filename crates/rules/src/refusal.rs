//! Every "no" of the rules, with its facts; the words come from the registry and from [`Refusal::sentence`].

use std::collections::BTreeMap;

use catalog::{Catalog, RoleId};
use entitlement::{Moment, UserTypeId};
use errors::{Code, Failure};
use serde_json::{Value, json};

use crate::plan::Blocker;
use crate::{MemberId, MemberState};
use words::{
    MOST_NAMED, Names, administrator_sentence, blocked_facts, blocked_sentence, changed_sentence, consent_sentence,
    error_at, exhausted_sentence, full_facts, full_sentence, misfit_facts, misfits_sentence, mismatch_sentence,
    numbers, over_fact, state_facts, state_sentence, unconfirmed_sentence, unknown_sentence, unlicensed_sentence,
    unusable_operations, value_error,
};

mod license;
mod product;
mod role;
mod words;

pub use license::LicenseRefusal;
pub use product::{ProductRefusal, Rule};
pub use role::RoleRefusal;

/// A user type with seats to give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Room {
    /// Which user type.
    pub user_type: UserTypeId,
    /// Seats neither assigned nor reserved.
    pub free: u64,
}

/// A user type that has more members than licensed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Over {
    /// Which user type.
    pub user_type: UserTypeId,
    /// Members.
    pub assigned: u64,
    /// Licensed at this moment.
    pub licensed: u64,
    /// People it locks out.
    pub locked_out: u64,
}

/// A role that is above the user type, and what would fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// Whose role; absent for somebody who is not registered yet.
    pub member: Option<MemberId>,
    /// The user type after the change.
    pub user_type: UserTypeId,
    /// The role after the change.
    pub role: RoleId,
    /// The privileges that are too many.
    pub privileges: Vec<String>,
    /// The nearest role that fits.
    pub proposed_role: Option<RoleId>,
}

/// A rule said no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Nothing is activated here (S1).
    NotActivated,
    /// The type is full (S5, S18).
    SeatLimitReached {
        /// Which user type.
        user_type: UserTypeId,
        /// Licensed at this moment.
        licensed: u64,
        /// Members.
        assigned: u64,
        /// Seats held for invitations and planned returns.
        reserved: u64,
        /// Where there is room.
        types_with_room: Vec<Room>,
    },
    /// Nobody is added while any type is over (S18 to S21, A-ENF-3).
    CreationBlocked {
        /// The types that are over.
        over: Vec<Over>,
    },
    /// The change would take types one over, and nobody has consented (S23 to S28).
    OneOverNeedsConsent {
        /// People locked out afterwards, per type.
        locked_out: BTreeMap<UserTypeId, u64>,
    },
    /// The type cannot be exceeded further: it is over, has no licensed seat, or its policy allows none (S27, A-ENF-7).
    OneOverExhausted {
        /// Which user type.
        user_type: UserTypeId,
        /// Members before.
        assigned: u64,
        /// Licensed at this moment.
        licensed: u64,
    },
    /// A consent or confirmation names another number than the one that holds.
    ConfirmationMismatch {
        /// What holds, per type; empty where no type is taken over.
        expected: BTreeMap<UserTypeId, u64>,
    },
    /// An import would lock out another number of people than was confirmed.
    ImportUnconfirmed {
        /// How many people would be locked out.
        locked_out: u64,
    },
    /// An Administrator would enter, or become one in, a type that is over afterwards (design: Seats 5).
    AdministratorInOverType {
        /// Which user type.
        user_type: UserTypeId,
    },
    /// Roles above their user types (S96, S132).
    RoleExceedsUserType {
        /// Who and what.
        misfits: Vec<Misfit>,
    },
    /// The portal keeps one enabled default Administrator (S115).
    LastAdministrator,
    /// Only default Administrators may (S114).
    ReservedToAdministrators {
        /// What may not be done.
        act: &'static str,
    },
    /// A swap with an Administrator, whose role is never handed over so.
    SwapWithAdministrator {
        /// Who has the role.
        username: String,
    },
    /// A swap of a member with himself.
    SwapWithSelf,
    /// The actor's role lacks a privilege.
    PrivilegeMissing {
        /// Which.
        privilege: &'static str,
    },
    /// A custom role cannot be so (S127 to S134).
    Role(RoleRefusal),
    /// A good license file that may not be put in force.
    License(LicenseRefusal),
    /// What concerns products, add-ons, sessions and offline use.
    Product(ProductRefusal),
    /// The act would let the actor rise above the own privileges by way of somebody else (A-ROLE-5).
    AboveOneself {
        /// What may not be done.
        act: &'static str,
        /// The administrative privileges that the actor lacks.
        privileges: Vec<String>,
    },
    /// The caller's user type is over (S6, S14 to S17).
    UserTypeOverLimit,
    /// The caller's account is disabled.
    MemberDisabled,
    /// A name that the catalog does not have.
    UnknownUserType {
        /// What was asked for.
        asked: UserTypeId,
        /// What there is.
        known: Vec<UserTypeId>,
    },
    /// A role that the catalog does not have.
    UnknownRole {
        /// What was asked for.
        asked: RoleId,
        /// What there is.
        known: Vec<RoleId>,
    },
    /// A member stands twice in one change set.
    MemberTwice {
        /// Who.
        member: MemberId,
    },
    /// A member that is not there.
    UnknownMember {
        /// Who was asked for.
        member: MemberId,
    },
    /// A change set without operations.
    NothingToDo,
    /// The file gives no seat of a type that can administer.
    NoAdministratorSeat {
        /// The type that was asked for, if one was.
        wanted: Option<UserTypeId>,
    },
    /// The portal has been activated before.
    AlreadyActivated,
    /// Operations of a change set that cannot be carried out; the first gives the code.
    Blocked {
        /// Each with its place and its reason.
        blockers: Vec<Blocker>,
        /// How many operations there are.
        operations: usize,
    },
    /// The account's state does not allow what was asked.
    WrongState {
        /// Whose account.
        username: String,
        /// Its state.
        state: MemberState,
    },
    /// An operation sets a user type or role of an account that it archives or deletes.
    SetsWhatItTakes,
    /// A planned return that does not lie ahead.
    ReturnNotAhead {
        /// The time that was asked for.
        at: Moment,
    },
    /// What the change does to the member cannot be taken back: a deletion, or the end of an Administrator.
    CannotReturn {
        /// Who.
        username: String,
    },
    /// Members have changed since the change that is to be taken back.
    ChangedSince {
        /// Who.
        usernames: Vec<String>,
    },
    /// A change that moved nobody.
    NothingToTakeBack,
    /// No return is planned.
    NothingPlanned,
    /// The invitation was accepted, revoked or has expired.
    InvitationEnded,
    /// The invitation is good, and the seat is not there at this moment; a stranger is told no more.
    AcceptBlocked,
    /// No user type was named, and there is no default.
    NoUserType,
    /// The Administrator role as a new-member default.
    DefaultAdministrator,
    /// A new-member default that the file in force does not license.
    DefaultNotLicensed {
        /// Which user type.
        user_type: UserTypeId,
    },
    /// The caller's account is archived.
    MemberArchived,
}

impl Refusal {
    /// The refusal of a change set: of a single operation its own, of several the list.
    pub(crate) fn blocked(mut blockers: Vec<Blocker>, operations: usize) -> Self {
        match (blockers.pop(), operations) {
            (Some(only), 1) => only.refusal,
            (Some(last), _) => {
                blockers.push(last);
                blockers.sort_by_key(|blocker| blocker.operation);
                Self::Blocked { blockers, operations }
            }
            (None, _) => Self::NothingToDo,
        }
    }

    /// The row of the registry.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Self::NotActivated => Code::NotActivated,
            Self::SeatLimitReached { .. } => Code::SeatLimitReached,
            Self::CreationBlocked { .. } => Code::CreationBlocked,
            Self::OneOverNeedsConsent { .. } => Code::OneOverNeedsConsent,
            Self::OneOverExhausted { .. } => Code::OneOverExhausted,
            Self::ConfirmationMismatch { .. } | Self::ImportUnconfirmed { .. } => Code::ConfirmationMismatch,
            Self::AdministratorInOverType { .. } => Code::AdministratorInOverType,
            Self::RoleExceedsUserType { .. } => Code::RoleExceedsUserType,
            Self::LastAdministrator => Code::LastAdministrator,
            Self::ReservedToAdministrators { .. } | Self::SwapWithAdministrator { .. } => {
                Code::ReservedToAdministrators
            }
            Self::Role(refusal) => refusal.code(),
            Self::License(refusal) => refusal.code(),
            Self::Product(refusal) => refusal.code(),
            Self::PrivilegeMissing { .. } | Self::AboveOneself { .. } => Code::PrivilegeMissing,
            Self::UserTypeOverLimit => Code::UserTypeOverLimit,
            Self::MemberDisabled => Code::MemberDisabled,
            Self::UnknownUserType { .. }
            | Self::UnknownRole { .. }
            | Self::MemberTwice { .. }
            | Self::SwapWithSelf
            | Self::NothingToDo => Code::ValidationFailed,
            Self::UnknownMember { .. } => Code::NotFound,
            Self::NoAdministratorSeat { .. } => Code::NoAdministratorSeat,
            Self::AlreadyActivated => Code::AlreadyActivated,
            Self::Blocked { blockers, .. } => {
                blockers.first().map_or(Code::ValidationFailed, |first| first.refusal.code())
            }
            Self::WrongState { .. } => Code::WrongState,
            Self::SetsWhatItTakes
            | Self::ReturnNotAhead { .. }
            | Self::NoUserType
            | Self::DefaultAdministrator
            | Self::DefaultNotLicensed { .. } => Code::ValidationFailed,
            Self::CannotReturn { .. } | Self::NothingToTakeBack => Code::CannotRevert,
            Self::ChangedSince { .. } => Code::Stale,
            Self::NothingPlanned => Code::NothingPlanned,
            Self::InvitationEnded => Code::InvitationEnded,
            Self::AcceptBlocked => Code::CreationBlocked,
            Self::MemberArchived => Code::MemberArchived,
        }
    }

    /// The case in one sentence, for a person who reads ids: of the interface and the command line.
    #[must_use]
    pub fn sentence(&self) -> String {
        self.told(Names::Ids)
    }

    /// The same with the names that the catalog has, as pages show them.
    #[must_use]
    pub fn sentence_with(&self, catalog: &Catalog) -> String {
        self.told(Names::Of(catalog))
    }

    /// The refusal with that sentence, for what people read wherever they meet it.
    #[must_use]
    pub fn failure_with(&self, catalog: &Catalog) -> Failure {
        self.failure(self.sentence_with(catalog))
    }

    fn failure(&self, sentence: String) -> Failure {
        let failure = Failure::new(self.code(), sentence);
        self.facts().into_iter().fold(failure, |failure, (name, fact)| failure.with(name, fact))
    }

    fn told(&self, names: Names<'_>) -> String {
        match self {
            Self::SeatLimitReached { user_type, licensed, assigned, reserved, types_with_room } => {
                full_sentence(names, user_type, [*licensed, *assigned, *reserved], types_with_room)
            }
            Self::OneOverNeedsConsent { locked_out } => consent_sentence(names, locked_out),
            Self::OneOverExhausted { user_type, assigned, licensed } => {
                exhausted_sentence(names, user_type, *assigned, *licensed)
            }
            Self::ConfirmationMismatch { expected } => mismatch_sentence(names, expected),
            Self::ImportUnconfirmed { locked_out } => unconfirmed_sentence(*locked_out),
            Self::AdministratorInOverType { user_type } => administrator_sentence(names, user_type),
            Self::RoleExceedsUserType { misfits } => misfits_sentence(names, misfits),
            Self::ReservedToAdministrators { act } => format!("Only an administrator may {act}."),
            Self::SwapWithAdministrator { username } => format!(
                "{username} is an administrator, and a swap never hands over that role; change the two members one by one."
            ),
            Self::PrivilegeMissing { privilege } => format!("Your role does not include the privilege {privilege}."),
            Self::Role(refusal) => refusal.sentence(),
            Self::License(refusal) => refusal.sentence(),
            Self::Product(refusal) => refusal.told(names),
            Self::AboveOneself { act, privileges } => format!("You may not {act}: {}.", privileges.join(", ")),
            Self::UnknownUserType { asked, known } => unknown_sentence("user type", "User types", asked, known),
            Self::UnknownRole { asked, known } => unknown_sentence("role", "Roles", asked, known),
            Self::MemberTwice { member } => format!("Member {member} stands in two operations of one change."),
            Self::UnknownMember { member } => format!("There is no member {member}."),
            Self::SwapWithSelf => "A swap needs two different members.".to_owned(),
            Self::NothingToDo => "The change has no operations.".to_owned(),
            Self::NoAdministratorSeat { wanted: Some(id) } => {
                format!("The file gives no seat of {} that an administrator could have.", names.user_type(id))
            }
            Self::Blocked { blockers, operations } => blocked_sentence(names, blockers, *operations),
            Self::WrongState { username, state } => state_sentence(username, *state),
            Self::SetsWhatItTakes => {
                "An operation that archives or deletes a member sets no user type and no role.".to_owned()
            }
            Self::ReturnNotAhead { at } => format!("A return can be planned for a later time only, and {at} is past."),
            Self::CannotReturn { username } => format!(
                "What this change does to {username} cannot be taken back: no return gives back a deleted account or the Administrator role."
            ),
            Self::ChangedSince { usernames } => changed_sentence(usernames),
            Self::NoUserType => "Name a user type; there is no default user type for new members.".to_owned(),
            Self::DefaultAdministrator => "New members never get the Administrator role by default.".to_owned(),
            Self::DefaultNotLicensed { user_type } => unlicensed_sentence(names, user_type),
            Self::NotActivated
            | Self::CreationBlocked { .. }
            | Self::LastAdministrator
            | Self::UserTypeOverLimit
            | Self::MemberDisabled
            | Self::MemberArchived
            | Self::NothingToTakeBack
            | Self::NothingPlanned
            | Self::InvitationEnded
            | Self::AcceptBlocked
            | Self::NoAdministratorSeat { wanted: None }
            | Self::AlreadyActivated => self.code().row().meaning.to_owned(),
        }
    }

    /// The same facts for programs.
    pub(crate) fn facts(&self) -> Vec<(&'static str, Value)> {
        match self {
            Self::SeatLimitReached { user_type, licensed, assigned, reserved, types_with_room } => {
                full_facts(user_type, [*licensed, *assigned, *reserved], types_with_room)
            }
            Self::CreationBlocked { over } => vec![("over", over.iter().map(over_fact).collect())],
            Self::OneOverNeedsConsent { locked_out } => vec![("locked_out", numbers(locked_out))],
            Self::OneOverExhausted { user_type, assigned, licensed } => vec![
                ("user_type", json!(user_type.as_str())),
                ("assigned", json!(assigned)),
                ("licensed", json!(licensed)),
            ],
            Self::ConfirmationMismatch { expected } => vec![("expected", numbers(expected))],
            Self::ImportUnconfirmed { locked_out } => vec![("expected", json!(locked_out))],
            Self::AdministratorInOverType { user_type } => vec![("user_type", json!(user_type.as_str()))],
            Self::RoleExceedsUserType { misfits } => misfit_facts(misfits),
            Self::ReservedToAdministrators { act } => vec![("act", json!(act))],
            Self::SwapWithAdministrator { username } => vec![("username", json!(username))],
            Self::PrivilegeMissing { privilege } => vec![("privilege", json!(privilege))],
            Self::Role(refusal) => refusal.facts(),
            Self::License(refusal) => refusal.facts(),
            Self::Product(refusal) => refusal.facts(),
            Self::AboveOneself { act, privileges } => vec![("act", json!(act)), ("privileges", json!(privileges))],
            Self::UnknownUserType { asked, known } => {
                vec![error_at("/user_type", asked.as_str(), known.iter().map(UserTypeId::as_str))]
            }
            Self::UnknownRole { asked, known } => {
                vec![error_at("/role", asked.as_str(), known.iter().map(RoleId::as_str))]
            }
            Self::MemberTwice { member } => {
                vec![("member", json!(member.as_str())), unusable_operations("one member in two operations")]
            }
            Self::SwapWithSelf => vec![unusable_operations("one member in both places of a swap")],
            Self::NothingToDo => vec![unusable_operations("no operations")],
            Self::UnknownMember { member } => vec![("member", json!(member.as_str()))],
            Self::NoAdministratorSeat { wanted } => vec![("user_type", json!(wanted.as_ref().map(UserTypeId::as_str)))],
            Self::Blocked { blockers, .. } => blocked_facts(blockers),
            Self::WrongState { username, state } => state_facts(username, *state),
            Self::SetsWhatItTakes => vec![unusable_operations("sets what it takes away")],
            Self::ReturnNotAhead { at } => vec![value_error("/revert_at", &format!("{at} is not ahead"))],
            Self::CannotReturn { username } => vec![("username", json!(username))],
            Self::ChangedSince { usernames } => {
                vec![("members", json!(usernames.iter().take(MOST_NAMED).collect::<Vec<_>>()))]
            }
            Self::NoUserType => vec![value_error("/user_type", "names no user type")],
            Self::DefaultAdministrator => vec![value_error("/role", "is the Administrator role")],
            Self::DefaultNotLicensed { user_type } => {
                vec![value_error("/user_type", &format!("`{user_type}` is not licensed"))]
            }
            Self::NotActivated
            | Self::LastAdministrator
            | Self::UserTypeOverLimit
            | Self::MemberDisabled
            | Self::MemberArchived
            | Self::NothingToTakeBack
            | Self::NothingPlanned
            | Self::InvitationEnded
            | Self::AcceptBlocked
            | Self::AlreadyActivated => Vec::new(),
        }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        refusal.failure(refusal.sentence())
    }
}

#[cfg(test)]
mod tests;
