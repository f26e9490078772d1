//! The plan of an applied change as it was kept, read again: to take it back, to count what it keeps, and for people.

use std::collections::{BTreeMap, BTreeSet};

use catalog::RoleId;
use entitlement::{AddOnId, ProductId, UserTypeId};
use rules::compliance::is_over;
use rules::permit::{AddOnMoves, Seat};
use rules::{MemberId, MemberState};
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// What a change did.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct KeptPlan {
    /// The user types that it touched.
    pub types: Vec<KeptType>,
    /// The add-ons of which more or fewer are assigned since.
    #[serde(default)]
    pub add_ons: Vec<KeptAddOn>,
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

/// The number of one add-on before and after.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct KeptAddOn {
    /// Which.
    pub id: AddOnId,
    /// Assigned before.
    pub before: u64,
    /// Assigned after.
    pub after: u64,
    /// Licensed then.
    pub licensed: u64,
}

/// A member before and after.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct KeptMember {
    /// The id.
    #[serde(deserialize_with = "id")]
    pub id: MemberId,
    /// The user name then.
    pub username: String,
    /// The user type after; nothing for who was archived or deleted.
    pub user_type: Option<UserTypeId>,
    /// The role after.
    pub role: RoleId,
    /// The state after; nothing for who was deleted.
    #[serde(default = "enabled", deserialize_with = "state")]
    pub state: Option<MemberState>,
    /// The add-ons that came.
    #[serde(default)]
    pub assigns: BTreeSet<AddOnId>,
    /// The add-ons that went.
    #[serde(default)]
    pub unassigns: BTreeSet<AddOnId>,
    /// The products of which a session ended, once for each.
    #[serde(default)]
    pub ends_sessions_of: Vec<ProductId>,
    /// The products whose offline licence was released.
    #[serde(default)]
    pub releases: BTreeSet<ProductId>,
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
    /// The state; nobody was deleted before.
    #[serde(default = "enabled", deserialize_with = "state")]
    state: Option<MemberState>,
}

/// A member who was left out, and why.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct KeptRefusal {
    /// The user name then, where there was such a member.
    pub username: Option<String>,
    /// Why.
    pub detail: String,
}

/// Plans of before there were states say nothing: everybody was enabled.
#[expect(clippy::unnecessary_wraps, reason = "serde takes the default of the field's type")]
fn enabled() -> Option<MemberState> {
    Some(MemberState::Enabled)
}

fn state<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<MemberState>, D::Error> {
    let Some(name) = Option::<String>::deserialize(deserializer)? else { return Ok(None) };
    let unknown = || D::Error::custom(format!("`{name}` is not a state of a member"));
    MemberState::from_name(&name).map(Some).ok_or_else(unknown)
}

fn id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<MemberId, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
}

impl KeptMember {
    /// What the member held before.
    #[must_use]
    pub fn before(&self) -> Seat {
        let KeptFormer { user_type, role, .. } = &self.former;
        Seat { user_type: user_type.clone(), role: role.clone(), state: self.former.state() }
    }

    /// What the member held afterwards; nothing for who was deleted. A plan does not tell which user type is remembered of
    /// whom it archives: it is the one before, unless the member's row knows better.
    #[must_use]
    pub fn after(&self) -> Option<Seat> {
        let user_type = self.user_type.as_ref().unwrap_or(&self.former.user_type);
        Some(Seat { user_type: user_type.clone(), role: self.role.clone(), state: self.state? })
    }

    /// The add-ons that came and went.
    #[must_use]
    pub fn add_ons(&self) -> AddOnMoves {
        AddOnMoves { assign: self.assigns.clone(), unassign: self.unassigns.clone() }
    }

    /// Whether the change left the member another than before, add-ons apart.
    #[must_use]
    pub fn is_moved(&self) -> bool {
        self.after() != Some(self.before())
    }
}

impl KeptFormer {
    /// The state before.
    #[must_use]
    pub fn state(&self) -> MemberState {
        self.state.unwrap_or(MemberState::Enabled)
    }
}

impl KeptPlan {
    /// The plan of a change; nothing where it cannot be read any more.
    #[must_use]
    pub fn of(plan: &Value) -> Option<Self> {
        Self::deserialize(plan).ok()
    }

    /// Whether it gave one of its members the role, or took it from one.
    pub(crate) fn moves(&self, role: &RoleId) -> bool {
        self.members.iter().any(|one| one.role == *role || one.former.role == *role)
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

    const A: &str = "mem_00000000000000000000000001";
    const B: &str = "mem_00000000000000000000000002";

    #[test]
    fn a_change_that_also_archives_somebody_still_tells_who_took_the_type_over() {
        let plan = json!({
            "types": [{"id": "viewer", "before": 25, "after": 26, "licensed": 25, "locked_out": 26}],
            "members": [
                {"id": A, "username": "bsato", "user_type": "viewer", "role": "viewer", "state": "enabled",
                 "former": {"user_type": "creator", "role": "publisher", "state": "enabled"}},
                {"id": B, "username": "gone", "user_type": null, "role": "viewer", "state": "archived",
                 "former": {"user_type": "creator", "role": "viewer", "state": "enabled"}},
            ],
        });
        let plan = KeptPlan::of(&plan).unwrap();
        let viewer = UserTypeId::parse("viewer").unwrap();
        let entered: Vec<&str> = plan.took_over(&viewer).unwrap().iter().map(|one| one.username.as_str()).collect();
        assert_eq!(entered, ["bsato"]);
        assert_eq!(
            plan.members.iter().map(|one| one.state).collect::<Vec<_>>(),
            [Some(MemberState::Enabled), Some(MemberState::Archived)]
        );
        assert!(plan.took_over(&UserTypeId::parse("creator").unwrap()).is_none());
    }

    #[test]
    fn a_plan_of_before_there_were_states_is_of_enabled_members() {
        let member = json!({"id": A, "username": "a", "user_type": "viewer", "role": "viewer",
                            "former": {"user_type": "viewer", "role": "viewer"}});
        let plan = KeptPlan::of(&json!({"types": [], "members": [member]})).unwrap();
        assert!(plan.members.iter().all(|one| one.state == Some(MemberState::Enabled) && !one.is_moved()));
        assert_eq!(KeptPlan::of(&json!("nothing")), None);
    }

    #[test]
    fn what_is_no_id_and_no_state_is_no_plan() {
        let plan = |id: &str, state: &str| {
            let member = json!({"id": id, "username": "a", "user_type": "viewer", "role": "viewer", "state": state,
                                "former": {"user_type": "viewer", "role": "viewer", "state": "enabled"}});
            KeptPlan::of(&json!({"types": [], "members": [member]})).is_some()
        };
        assert_eq!([plan(A, "disabled"), plan("somebody", "disabled"), plan(A, "asleep")], [true, false, false]);
    }
}
