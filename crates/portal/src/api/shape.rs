//! How members, counts and plans look in JSON.

use rules::plan::Plan;
use serde_json::{Value, json};
use store::{Change, Member, PasswordKind, TypeCount};

/// A member, without anything secret.
#[must_use]
pub fn member(member: &Member) -> Value {
    json!({
        "id": member.id.as_str(),
        "username": member.username,
        "full_name": member.full_name,
        "email": member.email,
        "user_type": member.user_type.as_str(),
        "role": member.role.as_str(),
        "state": match member.state { rules::MemberState::Enabled => "enabled", rules::MemberState::Disabled => "disabled" },
        "must_change_password": member.password_kind == PasswordKind::OneTime,
        "former": member.former.as_ref().map(|former| json!({"user_type": former.user_type.as_str(), "role": former.role.as_str()})),
        "created_at": member.created_at.to_string(),
        "last_signed_in_at": member.last_signed_in_at.map(|at| at.to_string()),
        "version": member.version,
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

/// A plan: the same object for a dry run and for what was applied.
#[must_use]
pub fn plan(plan: &Plan, id: Option<&str>) -> Value {
    json!({"id": id, "dry_run": id.is_none(), "types": plan.types, "members": plan.members})
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
    }
    shape
}

/// A page of a list.
#[must_use]
pub fn list(items: Vec<Value>, next: Option<&str>) -> Value {
    json!({"items": items, "next": next})
}
