//! The plan of an applied change as it was kept, read again for people.

use std::collections::BTreeMap;

use catalog::RoleId;
use entitlement::UserTypeId;
use rules::MemberState;
use rules::compliance::is_over;
use serde::Deserialize;
use serde_json::Value;

/// What a change did.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct KeptPlan {
    /// The user types that it touched.
    pub types: Vec<KeptType>,
    /// Whom it touched.
    pub members: Vec<KeptMember>,
    /// Whom it left out.
    #[serde(default)]
    pub refused: Vec<KeptRefusal>,
    /// The seats that it kept for a planned return.
    #[serde(default)]
    pub reserves: BTreeMap<UserTypeId, u64>,
}

/// A user type before and after.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct KeptType {
    /// Which.
    pub id: UserTypeId,
    /// Members before.
    pub before: u64,
    /// Members after.
    pub after: u64,
    /// Licensed then.
    pub licensed: u64,
    /// People locked out after.
    #[serde(default)]
    pub locked_out: u64,
}

/// A member before and after.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct KeptMember {
    /// The id.
    pub id: String,
    /// The user name then.
    pub username: String,
    /// The user type after; nothing for who was archived or deleted.
    pub user_type: Option<UserTypeId>,
    /// The role after.
    pub role: RoleId,
    /// The state after; nothing for who was deleted.
    #[serde(default = "enabled")]
    state: Option<String>,
    /// What the member was before.
    pub former: KeptFormer,
}

/// What a member was before.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct KeptFormer {
    /// The user type.
    pub user_type: UserTypeId,
    /// The role.
    pub role: RoleId,
    #[serde(default = "enabled")]
    state: Option<String>,
}

/// A member who was left out, and why.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct KeptRefusal {
    /// The user name then, where there was such a member.
    pub username: Option<String>,
    /// Why.
    pub detail: String,
}

#[expect(clippy::unnecessary_wraps, reason = "serde takes the default of the field's type")]
fn enabled() -> Option<String> {
    Some(MemberState::Enabled.as_str().to_owned())
}

impl KeptMember {
    /// The state after; nothing for who was deleted.
    #[must_use]
    pub fn state(&self) -> Option<MemberState> {
        self.state.as_deref().and_then(MemberState::from_name)
    }

    /// Whether the change left the member another than before.
    #[must_use]
    pub fn is_moved(&self) -> bool {
        let KeptFormer { user_type, role, state } = &self.former;
        self.user_type.as_ref() != Some(user_type) || self.role != *role || self.state != *state
    }
}

impl KeptFormer {
    /// The state before.
    #[must_use]
    pub fn state(&self) -> Option<MemberState> {
        self.state.as_deref().and_then(MemberState::from_name)
    }
}

impl KeptPlan {
    /// The plan of a change; nothing where it cannot be read any more.
    #[must_use]
    pub fn of(plan: &Value) -> Option<Self> {
        Self::deserialize(plan).ok()
    }

    /// Who entered the user type, if this change took it over its limit.
    #[must_use]
    pub fn took_over(&self, id: &UserTypeId) -> Option<Vec<&KeptMember>> {
        let seats = self.types.iter().find(|one| one.id == *id)?;
        if is_over(seats.before, seats.licensed) || !is_over(seats.after, seats.licensed) {
            return None;
        }
        let entered =
            self.members.iter().filter(|one| one.user_type.as_ref() == Some(id) && one.former.user_type != *id);
        Some(entered.collect())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_change_that_also_archives_somebody_still_tells_who_took_the_type_over() {
        let plan = json!({
            "types": [{"id": "viewer", "before": 25, "after": 26, "licensed": 25, "locked_out": 26}],
            "members": [
                {"id": "mem_a", "username": "bsato", "user_type": "viewer", "role": "viewer", "state": "enabled",
                 "former": {"user_type": "creator", "role": "publisher", "state": "enabled"}},
                {"id": "mem_b", "username": "gone", "user_type": null, "role": "viewer", "state": "archived",
                 "former": {"user_type": "creator", "role": "viewer", "state": "enabled"}},
            ],
        });
        let plan = KeptPlan::of(&plan).unwrap();
        let viewer = UserTypeId::parse("viewer").unwrap();
        let entered: Vec<&str> = plan.took_over(&viewer).unwrap().iter().map(|one| one.username.as_str()).collect();
        assert_eq!(entered, ["bsato"]);
        assert_eq!(
            plan.members.iter().map(KeptMember::state).collect::<Vec<_>>(),
            [Some(MemberState::Enabled), Some(MemberState::Archived)]
        );
        assert!(plan.took_over(&UserTypeId::parse("creator").unwrap()).is_none());
    }

    #[test]
    fn a_plan_of_before_there_were_states_is_of_enabled_members() {
        let member = json!({"id": "mem_a", "username": "a", "user_type": "viewer", "role": "viewer",
                            "former": {"user_type": "viewer", "role": "viewer"}});
        let plan = KeptPlan::of(&json!({"types": [], "members": [member]})).unwrap();
        assert!(plan.members.iter().all(|one| one.state() == Some(MemberState::Enabled) && !one.is_moved()));
        assert_eq!(KeptPlan::of(&json!("nothing")), None);
    }
}
