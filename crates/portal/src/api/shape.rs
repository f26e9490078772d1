//! How members, counts and plans look in JSON.

use std::collections::BTreeSet;

use entitlement::AddOnId;
use rules::plan::Plan;
use serde_json::{Value, json};
use store::{Change, Labels, Member, PasswordKind, PlannedReturn, TypeCount};

/// A member, without anything secret. An archived one holds no user type; what is remembered stands in `former`.
#[must_use]
pub fn member(member: &Member) -> Value {
    let is_seated = member.state.holds_a_seat();
    let remembered = || json!({"user_type": member.user_type.as_str(), "role": member.role.as_str()});
    let former = member
        .former
        .as_ref()
        .map(|former| json!({"user_type": former.user_type.as_str(), "role": former.role.as_str()}));
    json!({
        "id": member.id.as_str(),
        "username": member.username,
        "full_name": member.full_name,
        "email": member.email,
        "user_type": is_seated.then(|| member.user_type.as_str()),
        "role": member.role.as_str(),
        "state": member.state.as_str(),
        "vendor_access": member.vendor_access,
        "must_change_password": member.password_kind == PasswordKind::OneTime,
        "former": if is_seated { former } else { Some(remembered()) },
        "created_at": member.created_at.to_string(),
        "last_signed_in_at": member.last_signed_in_at.map(|at| at.to_string()),
        "archived_at": member.archived_at.map(|at| at.to_string()),
        "version": member.version,
    })
}

/// A member with groups, categories, and the add-ons and extensions that the member holds.
#[must_use]
pub fn labelled(member: &Member, labels: &Labels, add_ons: &BTreeSet<AddOnId>) -> Value {
    let mut shape = self::member(member);
    if let Value::Object(members) = &mut shape {
        members.insert("groups".into(), json!(labels.groups));
        members.insert("categories".into(), json!(labels.categories));
        members.insert("add_ons".into(), add_ons.iter().map(|id| json!(id.as_str())).collect());
    }
    shape
}

/// A member for those who see names only (S135).
#[must_use]
pub fn name(member: &Member) -> Value {
    json!({
        "id": member.id.as_str(),
        "username": member.username,
        "full_name": member.full_name,
        "user_type": member.user_type.as_str(),
        "role": member.role.as_str(),
    })
}

/// The counts of a user type: licensed, assigned, reserved, available (which may be negative).
#[must_use]
pub fn user_type(count: &TypeCount, name: &str) -> Value {
    json!({
        "id": count.user_type.as_str(),
        "name": name,
        "licensed": count.licensed,
        "assigned": count.seats.assigned,
        "reserved": count.seats.reserved,
        "available": i128::from(count.licensed) - i128::from(count.seats.assigned),
        "over_since": count.over_since.map(|at| at.to_string()),
        "locked_out": if count.is_over() { count.seats.lockable } else { 0 },
    })
}

/// A plan: the same object for a dry run and for what was applied. What a partial one leaves out, the planned return and
/// the seats kept for it stand there when there are any.
#[must_use]
pub fn plan(plan: &Plan, id: Option<&str>) -> Value {
    let mut shape = json!(plan);
    if let Value::Object(members) = &mut shape {
        members.insert("id".into(), json!(id));
        members.insert("dry_run".into(), json!(id.is_none()));
    }
    shape
}

/// An applied change set.
#[must_use]
pub fn change(change: &Change) -> Value {
    let mut shape = change.plan.clone();
    if let Value::Object(members) = &mut shape {
        members.insert("id".into(), json!(change.id.as_str()));
        members.insert("dry_run".into(), json!(false));
        members.insert("applied_at".into(), json!(change.at.to_string()));
        members.insert("by".into(), json!(change.actor_name));
        members.insert("reason".into(), json!(change.reason));
        members.insert("reverts".into(), json!(change.reverts));
        members.insert("reverted_by".into(), json!(change.reverted_by));
        members.insert("planned_return".into(), change.planned_return.as_ref().map_or(Value::Null, planned_return));
    }
    shape
}

fn planned_return(planned: &PlannedReturn) -> Value {
    json!({"at": planned.at.to_string(), "state": planned.state.as_str(), "problem": planned.problem})
}

/// How many members of a change stand in a list.
const NAMED: usize = 10;

/// An applied change set in a list: with its first members and their number.
#[must_use]
pub fn change_in_short(change: &Change) -> Value {
    let mut shape = self::change(change);
    if let Value::Object(members) = &mut shape {
        members.remove("refused");
        let moved = members.get_mut("members").and_then(Value::as_array_mut);
        let count = moved.map_or(0, |moved| {
            let count = moved.len();
            moved.truncate(NAMED);
            count
        });
        members.insert("member_count".into(), json!(count));
    }
    shape
}

/// A page of a list.
#[must_use]
pub fn list(items: Vec<Value>, next: Option<&str>) -> Value {
    json!({"items": items, "next": next})
}
