//! The plan of a change set: the same object for a dry run and for what was applied.

use std::collections::{BTreeMap, BTreeSet};

use catalog::RoleId;
use entitlement::{AddOnId, Moment, ProductId, UserTypeId};
use serde::Serialize;

use crate::{MemberId, MemberState, Refusal};

/// What a change set does, for people and programs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// The user types that members leave, enter or keep, in catalog order.
    pub types: Vec<TypeEffect>,
    /// The add-ons and extensions of which more or fewer are assigned after, in catalog order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub add_ons: Vec<AddOnEffect>,
    /// The members, in the order of the operations.
    pub members: Vec<MemberEffect>,
    /// The operations that a partial change leaves out, each with its reason.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<Blocker>,
    /// When the members return by themselves.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_instant")]
    pub revert_at: Option<Moment>,
    /// The seats kept for that return: per user type the positive net only (design: Seats 2).
    #[serde(skip_serializing_if = "BTreeMap::is_empty", serialize_with = "as_numbers")]
    pub reserves: BTreeMap<UserTypeId, u64>,
}

/// What happens to the count of one user type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TypeEffect {
    /// Which user type.
    #[serde(serialize_with = "as_text")]
    pub id: UserTypeId,
    /// Members before.
    pub before: u64,
    /// Members after.
    pub after: u64,
    /// Licensed at this moment.
    pub licensed: u64,
    /// People locked out after: 0 unless the type is over then (S6, S25).
    pub locked_out: u64,
}

/// What happens to the number of one add-on or extension.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AddOnEffect {
    /// Which.
    #[serde(serialize_with = "as_text")]
    pub id: AddOnId,
    /// Assigned before.
    pub before: u64,
    /// Assigned after.
    pub after: u64,
    /// Licensed at this moment; available is licensed less assigned, and may be negative (S46).
    pub licensed: u64,
}

/// What happens to one member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MemberEffect {
    /// Who.
    #[serde(serialize_with = "as_text")]
    pub id: MemberId,
    /// The user name.
    pub username: String,
    /// The user type after; nothing for who is archived or deleted then.
    #[serde(serialize_with = "as_text_or_null")]
    pub user_type: Option<UserTypeId>,
    /// The role after.
    #[serde(serialize_with = "as_text")]
    pub role: RoleId,
    /// What the member is after; nothing when deleted.
    pub state: Option<MemberState>,
    /// The add-ons that the member gets.
    #[serde(skip_serializing_if = "BTreeSet::is_empty", serialize_with = "as_ids")]
    pub assigns: BTreeSet<AddOnId>,
    /// The add-ons that the member loses.
    #[serde(skip_serializing_if = "BTreeSet::is_empty", serialize_with = "as_ids")]
    pub unassigns: BTreeSet<AddOnId>,
    /// The products with a running session that the member may not use any more, once for each session: they end with the
    /// change (S77).
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "as_ids")]
    pub ends_sessions_of: Vec<ProductId>,
    /// The products whose offline checkout is released.
    #[serde(skip_serializing_if = "BTreeSet::is_empty", serialize_with = "as_ids")]
    pub releases: BTreeSet<ProductId>,
    /// What the member was before, to return to (S35).
    pub former: Former,
}

/// What a member was before a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Former {
    /// The user type before; of an archived member, the remembered one.
    #[serde(serialize_with = "as_text")]
    pub user_type: UserTypeId,
    /// The role before.
    #[serde(serialize_with = "as_text")]
    pub role: RoleId,
    /// The state before.
    pub state: MemberState,
}

/// One operation of a change set that cannot be carried out, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocker {
    /// Its place in the list of operations, from 0.
    pub operation: usize,
    /// Whom it is about.
    pub member: MemberId,
    /// The user name, where there is such a member.
    pub username: Option<String>,
    /// Why not.
    pub refusal: Refusal,
}

impl Serialize for Blocker {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut shape = serde_json::Map::new();
        shape.insert("operation".into(), self.operation.into());
        shape.insert("member".into(), self.member.as_str().into());
        shape.insert("username".into(), self.username.as_deref().into());
        shape.insert("code".into(), self.refusal.code().row().name.into());
        shape.insert("detail".into(), self.refusal.sentence().into());
        shape.extend(self.refusal.facts().into_iter().map(|(name, fact)| (name.to_owned(), fact)));
        shape.serialize(serializer)
    }
}

fn as_text_or_null<T: std::fmt::Display, S: serde::Serializer>(
    value: &Option<T>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => serializer.collect_str(value),
        None => serializer.serialize_none(),
    }
}

fn as_ids<'i, T, I, S>(ids: &'i I, serializer: S) -> Result<S::Ok, S::Error>
where
    T: std::fmt::Display + 'i,
    &'i I: IntoIterator<Item = &'i T>,
    S: serde::Serializer,
{
    serializer.collect_seq(ids.into_iter().map(ToString::to_string))
}

fn as_instant<S: serde::Serializer>(value: &Option<Moment>, serializer: S) -> Result<S::Ok, S::Error> {
    as_text_or_null(value, serializer)
}

fn as_numbers<S: serde::Serializer>(of: &BTreeMap<UserTypeId, u64>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(of.iter().map(|(id, number)| (id.as_str(), number)))
}

fn as_text<T: std::fmt::Display, S: serde::Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::json;

    use super::{Former, MemberEffect, Plan, TypeEffect};
    use crate::MemberState::Enabled;
    use crate::sample::{member_id, role, user_type};

    #[test]
    fn a_plan_is_written_with_the_names_and_the_order_that_programs_read() {
        let viewer = TypeEffect { id: user_type("viewer"), before: 25, after: 26, licensed: 25, locked_out: 26 };
        let creator = TypeEffect { id: user_type("creator"), before: 5, after: 4, licensed: 5, locked_out: 0 };
        let member = MemberEffect {
            id: member_id(2),
            username: "carla".into(),
            user_type: Some(user_type("viewer")),
            role: role("viewer"),
            state: Some(Enabled),
            assigns: BTreeSet::new(),
            unassigns: BTreeSet::new(),
            ends_sessions_of: Vec::new(),
            releases: BTreeSet::new(),
            former: Former { user_type: user_type("creator"), role: role("publisher"), state: Enabled },
        };
        let plan = Plan { types: vec![viewer, creator], members: vec![member], ..Plan::default() };
        let written = concat!(
            r#"{"types":[{"id":"viewer","before":25,"after":26,"licensed":25,"locked_out":26},"#,
            r#"{"id":"creator","before":5,"after":4,"licensed":5,"locked_out":0}],"#,
            r#""members":[{"id":"mem_00000000000000000000000002","username":"carla","user_type":"viewer","#,
            r#""role":"viewer","state":"enabled","former":{"user_type":"creator","role":"publisher","state":"enabled"}}]}"#,
        );
        assert_eq!(serde_json::to_string(&plan).unwrap(), written);
        assert_eq!(serde_json::to_value(Plan::default()).unwrap(), json!({"types": [], "members": []}));
    }
}
