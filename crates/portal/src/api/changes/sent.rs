//! Changes as programs send them, and what their words mean.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use entitlement::{AddOnId, UserTypeId};
use errors::{Code, Failure};
use rules::MemberId;
use rules::change_set::{Act, ChangeSet, Mode, Operation};
use rules::permit::AddOnMoves;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::json;
use store::StoreError;

use crate::actions::changes::Request;
use crate::actions::input::{add_on_at, instant_at, invalid_at, reason, role_at, user_type_at};

/// The most operations in one change set.
const MOST_OPERATIONS: usize = 10_000;

/// A change set as it is sent.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sent {
    operations: Vec<SentOperation>,
    mode: Option<String>,
    reason: Option<String>,
    revert_at: Option<String>,
    #[serde(default)]
    allow_one_over: Consents,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SentOperation {
    member: String,
    set_user_type: Option<String>,
    set_role: Option<String>,
    #[serde(default)]
    enable: bool,
    #[serde(default)]
    disable: bool,
    #[serde(default)]
    archive: bool,
    #[serde(default)]
    restore: bool,
    #[serde(default)]
    delete: bool,
    #[serde(default)]
    assign_add_ons: Vec<String>,
    #[serde(default)]
    unassign_add_ons: Vec<String>,
    #[serde(default)]
    release_checkouts: bool,
}

/// A change of one member's user type as it is sent.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SentUserType {
    pub(super) user_type: String,
    pub(super) role: Option<String>,
    pub(super) reason: Option<String>,
    #[serde(default)]
    pub(super) allow_one_over: Consents,
    pub(super) revert_at: Option<String>,
}

/// A change of one member's role as it is sent.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SentRole {
    pub(super) role: String,
    pub(super) reason: Option<String>,
}

/// User type to number of people, each user type once: a repeated one would otherwise silently replace the first.
#[derive(Debug, Default)]
pub struct Consents(BTreeMap<String, u64>);

impl<'de> Deserialize<'de> for Consents {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Each;
        impl<'de> Visitor<'de> for Each {
            type Value = Consents;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of user types and numbers")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Consents, M::Error> {
                let mut consents = BTreeMap::new();
                while let Some((id, number)) = map.next_entry::<String, u64>()? {
                    if consents.insert(id.to_lowercase(), number).is_some() {
                        return Err(M::Error::custom(format!("`{id}` stands twice")));
                    }
                }
                Ok(Consents(consents))
            }
        }
        deserializer.deserialize_map(Each)
    }
}

impl Consents {
    /// The numbers per user type, with the names checked.
    pub(super) fn checked(self) -> Result<BTreeMap<UserTypeId, u64>, Failure> {
        self.0.into_iter().map(|(id, number)| Ok((user_type_at("/allow_one_over", &id)?, number))).collect()
    }
}

impl Sent {
    /// The same with every member by id, where some are named otherwise: for the command line.
    ///
    /// # Errors
    /// `not-found` with each operation whose member `find` does not find; what else it answers.
    pub fn naming(mut self, find: &mut dyn FnMut(&str) -> Result<MemberId, StoreError>) -> Result<Self, StoreError> {
        let mut unknown = Vec::new();
        for (at, operation) in self.operations.iter_mut().enumerate() {
            if operation.member.parse::<MemberId>().is_ok() {
                continue;
            }
            match find(&operation.member) {
                Ok(id) => operation.member = id.to_string(),
                Err(StoreError::Refused(failure)) if failure.code == Code::NotFound => {
                    unknown.push(json!({"operation": at, "member": operation.member, "detail": failure.detail}));
                }
                Err(other) => return Err(other),
            }
        }
        if unknown.is_empty() {
            return Ok(self);
        }
        Err(Failure::plain(Code::NotFound).with("blocked", unknown.len()).with("blockers", unknown).into())
    }

    /// The change set, with its names checked.
    ///
    /// # Errors
    /// `validation-failed` with the place.
    pub fn request(self) -> Result<Request, Failure> {
        let mode = match self.mode.as_deref() {
            None | Some("atomic") => Mode::Atomic,
            Some("partial") => Mode::Partial,
            Some(other) => return Err(invalid_at("/mode", &format!("`{other}` is neither atomic nor partial"))),
        };
        if self.operations.len() > MOST_OPERATIONS {
            return Err(invalid_at("/operations", "has more than 10,000 operations"));
        }
        let operations =
            self.operations.into_iter().enumerate().map(|(at, sent)| sent.operation(at)).collect::<Result<_, _>>()?;
        let revert_at = self.revert_at.as_deref().map(|at| instant_at("/revert_at", at)).transpose()?;
        let allow_one_over = self.allow_one_over.checked()?;
        let set = ChangeSet { operations, mode, allow_one_over, revert_at, ends: None };
        Ok(Request { set, reason: reason(self.reason)?, ..Request::default() })
    }
}

impl SentOperation {
    fn operation(self, at: usize) -> Result<Operation, Failure> {
        let asked = [self.enable, self.disable, self.archive, self.restore, self.delete];
        let mut acts = Act::ASKED.into_iter().zip(asked).filter(|(_, asked)| *asked).map(|(act, _)| act);
        let act = acts.next();
        if acts.next().is_some() {
            return Err(invalid_at(&format!("/operations/{at}"), "does two things with one account"));
        }
        let place = |name: &str| format!("/operations/{at}/{name}");
        let add_ons = AddOnMoves {
            assign: add_ons_at(&place("assign_add_ons"), &self.assign_add_ons)?,
            unassign: add_ons_at(&place("unassign_add_ons"), &self.unassign_add_ons)?,
        };
        let sets = self.set_user_type.is_some() || self.set_role.is_some();
        if !sets && act.is_none() && add_ons.is_empty() && !self.release_checkouts {
            return Err(invalid_at(&format!("/operations/{at}"), "does nothing"));
        }
        let member = self
            .member
            .parse()
            .map_err(|_| invalid_at(&place("member"), &format!("`{}` is not the id of a member", self.member)))?;
        Ok(Operation {
            member,
            set_user_type: self.set_user_type.map(|text| user_type_at(&place("set_user_type"), &text)).transpose()?,
            set_role: self.set_role.map(|text| role_at(&place("set_role"), &text)).transpose()?,
            act,
            add_ons,
            release_checkouts: self.release_checkouts,
        })
    }
}

fn add_ons_at(pointer: &str, given: &[String]) -> Result<BTreeSet<AddOnId>, Failure> {
    given.iter().enumerate().map(|(at, id)| add_on_at(&format!("{pointer}/{at}"), id)).collect()
}

/// How a change is taken back.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SentRevert {
    pub(super) reason: Option<String>,
    #[serde(default)]
    pub(super) allow_one_over: Consents,
}
