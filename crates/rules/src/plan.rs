//! The plan of a change set: the same object for a dry run and for what was applied.

use catalog::RoleId;
use entitlement::UserTypeId;
use serde::Serialize;

use crate::MemberId;

/// What a change set does, for people and programs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// The user types that members leave, enter or keep, in catalog order.
    pub types: Vec<TypeEffect>,
    /// The members, in the order of the operations.
    pub members: Vec<MemberEffect>,
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

/// What happens to one member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MemberEffect {
    /// Who.
    #[serde(serialize_with = "as_text")]
    pub id: MemberId,
    /// The user name.
    pub username: String,
    /// The user type after.
    #[serde(serialize_with = "as_text")]
    pub user_type: UserTypeId,
    /// The role after.
    #[serde(serialize_with = "as_text")]
    pub role: RoleId,
    /// What the member was before, to return to (S35).
    pub former: Former,
}

/// What a member was before a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Former {
    /// The user type before.
    #[serde(serialize_with = "as_text")]
    pub user_type: UserTypeId,
    /// The role before.
    #[serde(serialize_with = "as_text")]
    pub role: RoleId,
}

fn as_text<T: std::fmt::Display, S: serde::Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Former, MemberEffect, Plan, TypeEffect};
    use crate::sample::{member_id, role, user_type};

    #[test]
    fn a_plan_is_written_with_the_names_and_the_order_that_programs_read() {
        let viewer = TypeEffect { id: user_type("viewer"), before: 25, after: 26, licensed: 25, locked_out: 26 };
        let creator = TypeEffect { id: user_type("creator"), before: 5, after: 4, licensed: 5, locked_out: 0 };
        let member = MemberEffect {
            id: member_id(2),
            username: "carla".into(),
            user_type: user_type("viewer"),
            role: role("viewer"),
            former: Former { user_type: user_type("creator"), role: role("publisher") },
        };
        let plan = Plan { types: vec![viewer, creator], members: vec![member] };
        let written = concat!(
            r#"{"types":[{"id":"viewer","before":25,"after":26,"licensed":25,"locked_out":26},"#,
            r#"{"id":"creator","before":5,"after":4,"licensed":5,"locked_out":0}],"#,
            r#""members":[{"id":"mem_00000000000000000000000002","username":"carla","user_type":"viewer","#,
            r#""role":"viewer","former":{"user_type":"creator","role":"publisher"}}]}"#,
        );
        assert_eq!(serde_json::to_string(&plan).unwrap(), written);
        assert_eq!(serde_json::to_value(Plan::default()).unwrap(), json!({"types": [], "members": []}));
    }
}
