//! A plan for people: what happens to whom, what becomes of the seats, and what is left out.

use serde_json::Value;

use super::refused::{blocked, first_of};

/// The lines of a plan, from the facts that programs get: of one that was only planned, and of one that was applied.
pub(super) fn lines(facts: &Value) -> String {
    let all = |name: &str| facts.get(name).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let mut lines = first_of(all("members").iter().map(member), "members.");
    lines.extend(all("types").iter().map(seats));
    lines.extend(all("add_ons").iter().map(left));
    let refused = all("refused");
    if !refused.is_empty() {
        lines.push(format!("Left out, {}:", counted(size(refused), "operation")));
        lines.push(blocked(refused, refused.len()));
    }
    lines.extend(reserves(facts));
    if let Some(at) = facts.get("revert_at").and_then(Value::as_str) {
        lines.push(format!("All of it returns by itself at {at}{}.", end_of_day(at)));
    }
    lines.join("\n")
}

fn size(list: &[Value]) -> u64 {
    u64::try_from(list.len()).unwrap_or(u64::MAX)
}

fn text<'a>(of: &'a Value, place: &str) -> &'a str {
    of.pointer(place).and_then(Value::as_str).unwrap_or_default()
}

fn member(one: &Value) -> String {
    let former = seat(text(one, "/former/user_type"), text(one, "/former/role"), text(one, "/former/state"));
    let after = match one.get("state") {
        Some(Value::Null) => "deleted".to_owned(),
        _ if text(one, "/state") == "archived" => "archived".to_owned(),
        _ => seat(text(one, "/user_type"), text(one, "/role"), text(one, "/state")),
    };
    let username = text(one, "/username");
    let licences = licences(one);
    if moves_seat(one) {
        format!("{username}: {former} -> {after}{}", licences.map_or_else(String::new, |more| format!("; {more}")))
    } else {
        format!("{username}: {}", licences.unwrap_or_else(|| format!("stays {former}")))
    }
}

/// What becomes of add-ons, sessions and offline licenses.
fn licences(one: &Value) -> Option<String> {
    let ids = |name: &str| one.get(name).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let words = [
        ("assigns", "gets"),
        ("unassigns", "loses"),
        ("ends_sessions_of", "ends a session of"),
        ("releases", "releases"),
    ];
    let each = words
        .into_iter()
        .flat_map(|(name, word)| ids(name).iter().map(move |id| format!("{word} {}", id.as_str().unwrap_or_default())));
    let each: Vec<String> = each.collect();
    (!each.is_empty()).then(|| each.join(", "))
}

/// Whether anything becomes of the member that was not so before.
pub(super) fn moves(one: &Value) -> bool {
    let is_some = |name: &str| one.get(name).and_then(Value::as_array).is_some_and(|ids| !ids.is_empty());
    moves_seat(one) || is_some("assigns") || is_some("unassigns")
}

/// Whether the seat, the role or the state is another.
fn moves_seat(one: &Value) -> bool {
    let is_same = |name: &str| one.get(name) == one.pointer(&format!("/former/{name}"));
    !(is_same("role") && is_same("state") && (is_same("user_type") || text(one, "/state") == "archived"))
}

/// Whoever is enabled is not called so.
fn seat(user_type: &str, role: &str, state: &str) -> String {
    match state {
        "" | "enabled" => format!("{user_type} ({role})"),
        other => format!("{user_type} ({role}, {other})"),
    }
}

fn seats(one: &Value) -> String {
    let number = |name: &str| one.get(name).and_then(Value::as_u64).unwrap_or(0);
    let locked_out = match number("locked_out") {
        0 => String::new(),
        1 => "; 1 person is locked out".to_owned(),
        n => format!("; {n} people are locked out"),
    };
    let (before, after, licensed) = (number("before"), number("after"), number("licensed"));
    format!("{}: {before} -> {after} of {licensed} licensed{locked_out}", text(one, "/id"))
}

/// The number of an add-on, and what is left of it.
fn left(one: &Value) -> String {
    let number = |name: &str| one.get(name).and_then(Value::as_u64).unwrap_or(0);
    let (before, after, licensed) = (number("before"), number("after"), number("licensed"));
    let over = if after > licensed { "; nobody can start a product" } else { "" };
    format!("{}: {before} -> {after} of {licensed} licensed{over}", text(one, "/id"))
}

fn reserves(facts: &Value) -> Option<String> {
    let kept = facts.get("reserves").and_then(Value::as_object).filter(|kept| !kept.is_empty())?;
    let kept: Vec<String> = kept.iter().map(|(id, seats)| format!("{seats} {id}")).collect();
    Some(format!("Seats kept for the return: {}.", kept.join(", ")))
}

/// The day that ends at midnight, for who named a day.
fn end_of_day(at: &str) -> String {
    let day = entitlement::Moment::parse(at).ok().filter(|_| at.ends_with("T00:00:00Z"));
    let before = day.map(|at| at.plus_seconds(-1).to_string());
    before.and_then(|text| text.get(..10).map(|day| format!(", the end of {day} UTC"))).unwrap_or_default()
}

/// A number of things.
pub(super) fn counted(number: u64, thing: &str) -> String {
    if number == 1 || thing.ends_with('.') { format!("{number} {thing}") } else { format!("{number} {thing}s") }
}

/// A number of people.
pub(super) fn people(number: u64) -> String {
    if number == 1 { "1 person".to_owned() } else { format!("{number} people") }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::lines;

    fn moved(username: &str, state: Value) -> Value {
        json!({"username": username, "user_type": "creator", "role": "publisher", "state": state,
               "former": {"user_type": "viewer", "role": "viewer", "state": "disabled"}})
    }

    #[test]
    fn a_plan_tells_members_seats_what_is_left_out_and_the_return() {
        let facts = json!({
            "members": [moved("bo", json!("enabled")), moved("cem", json!("archived")), moved("dan", Value::Null)],
            "types": [{"id": "viewer", "before": 25, "after": 26, "licensed": 25, "locked_out": 26}],
            "refused": [{"operation": 3, "member": "mem_x", "username": "eve", "detail": "No."}],
            "reserves": {"viewer": 1}, "revert_at": "2026-12-06T00:00:00Z",
        });
        assert_eq!(
            lines(&facts),
            "bo: viewer (viewer, disabled) -> creator (publisher)\ncem: viewer (viewer, disabled) -> archived\n\
             dan: viewer (viewer, disabled) -> deleted\nviewer: 25 -> 26 of 25 licensed; 26 people are locked out\n\
             Left out, 1 operation:\n  operation 4, eve: No.\nSeats kept for the return: 1 viewer.\n\
             All of it returns by itself at 2026-12-06T00:00:00Z, the end of 2026-12-05 UTC."
        );
    }

    #[test]
    fn licenses_come_go_and_end_what_depends_on_them() {
        let mut bo = moved("bo", json!("enabled"));
        bo["ends_sessions_of"] = json!(["arcgis-pro"]);
        bo["unassigns"] = json!(["arcgis-pro-standard"]);
        bo["releases"] = json!(["arcgis-pro"]);
        let mut ana = moved("ana", json!("disabled"));
        ana["user_type"] = json!("viewer");
        ana["role"] = json!("viewer");
        ana["assigns"] = json!(["arcgis-pro-standard"]);
        let add_ons = json!([{"id": "arcgis-pro-standard", "before": 3, "after": 3, "licensed": 2}]);
        assert_eq!(
            lines(&json!({"members": [bo, ana], "types": [], "add_ons": add_ons})),
            "bo: viewer (viewer, disabled) -> creator (publisher); loses arcgis-pro-standard, ends a session of arcgis-pro, releases arcgis-pro\n\
             ana: gets arcgis-pro-standard\n\
             arcgis-pro-standard: 3 -> 3 of 2 licensed; nobody can start a product"
        );
    }

    #[test]
    fn of_many_members_the_first_are_told() {
        let members: Vec<Value> = (0..25).map(|n| moved(&format!("u{n}"), json!("enabled"))).collect();
        let told = lines(&json!({"members": members, "types": []}));
        assert_eq!(told.lines().count(), 21);
        assert!(told.ends_with("and 5 more members."), "{told}");
    }

    #[test]
    fn a_plan_of_before_there_were_states_is_told_too() {
        let old = json!({"members": [{"username": "bo", "user_type": "creator", "role": "publisher",
                                      "former": {"user_type": "viewer", "role": "viewer"}}], "types": []});
        assert_eq!(lines(&old), "bo: viewer (viewer) -> creator (publisher)");
    }

    #[test]
    fn who_is_there_already_stays() {
        let mut still = moved("bo", json!("disabled"));
        still["user_type"] = json!("viewer");
        still["role"] = json!("viewer");
        assert_eq!(lines(&json!({"members": [still], "types": []})), "bo: stays viewer (viewer, disabled)");
    }
}
