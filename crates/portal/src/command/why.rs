//! `why`: what a member may do, what is missing, and who can give it (S227).

use catalog::{Catalog, PrivilegeId};
use errors::Failure;
use rules::why::{Answer as Verdict, Need, Wanted, Why};

use super::{Answer, CONSOLE, Desk};
use crate::actions::{members, roles};
use crate::api::roles::why_shape;
use crate::cli::Data;
use crate::output;

pub(super) fn why(desk: &Desk, data: &Data, user: &str, wanted: &str) -> Result<Answer, Failure> {
    let house = desk.open(data)?;
    let (catalog, member, asked, why) = house.store.read(|tx| {
        let asked = roles::wanted(&*tx.catalog()?, wanted)?;
        let (catalog, member, why) = roles::why(tx, &CONSOLE, &members::find(tx, user)?, &asked)?;
        Ok((catalog, member, asked, why))
    })?;
    let seat = if member.state.holds_a_seat() { member.user_type.to_string() } else { "no user type".to_owned() };
    let who = format!("{} ({seat}, {})", member.username, member.role);
    let name = name_of(&catalog, &asked);
    let lines = format!("{}\n\n{}", verdict(&who, &name, &why), table(&catalog, &why));
    Ok(Answer::new(lines, why_shape(wanted, member.id.as_str(), &why)))
}

fn name_of(catalog: &Catalog, wanted: &Wanted) -> String {
    match wanted {
        Wanted::Workflow(id) => catalog.workflow(id).map_or_else(|| id.to_string(), |known| known.name.clone()),
        Wanted::Privilege(id) => privilege_name(catalog, id),
    }
}

fn privilege_name(catalog: &Catalog, id: &PrivilegeId) -> String {
    let reserved = || catalog.reserved().iter().find(|act| act.id == *id).map(|act| act.name.clone());
    let known = catalog.privilege(id).map(|known| format!("{}: {}", known.group, known.name));
    known.or_else(reserved).unwrap_or_else(|| id.to_string())
}

fn verdict(who: &str, name: &str, why: &Why) -> String {
    let missing = why.required.iter().filter(|need| need.answer != Verdict::Granted).count();
    match u64::try_from(missing).unwrap_or(u64::MAX) {
        0 => format!("Yes: {who} may \"{name}\"."),
        1 if why.required.len() == 1 => format!("No: {who} may not \"{name}\"."),
        n => format!("No: {who} may not \"{name}\"; of {} privileges {n} are missing.", why.required.len()),
    }
}

fn table(catalog: &Catalog, why: &Why) -> String {
    let required = why.required.iter().map(|need| row(catalog, need, "required"));
    let optional = why.optional.iter().map(|need| row(catalog, need, "for parts of it"));
    let rows: Vec<Vec<String>> = required.chain(optional).collect();
    let table = output::table(&["Privilege", "What it is", "Needed", "Answer"], &rows);
    let help = help(why);
    if help.is_empty() { table } else { format!("{table}\n\n{help}") }
}

fn row(catalog: &Catalog, need: &Need, kind: &str) -> Vec<String> {
    let name = privilege_name(catalog, &need.privilege);
    vec![need.privilege.to_string(), name, kind.to_owned(), answer(&need.answer).to_owned()]
}

fn answer(answer: &Verdict) -> &'static str {
    match answer {
        Verdict::Granted => "granted",
        Verdict::MissingFromRole { .. } => "not in the role",
        Verdict::AboveUserType { .. } => "above the user type",
        Verdict::Reserved => "reserved",
    }
}

/// What would help, said once for all privileges for which it is the same.
fn help(why: &Why) -> String {
    let mut ways: Vec<(String, Vec<String>)> = Vec::new();
    for need in why.required.iter().chain(&why.optional) {
        let Some(way) = way(&need.answer) else { continue };
        let privilege = need.privilege.to_string();
        match ways.iter_mut().find(|(known, _)| *known == way) {
            Some((_, privileges)) => privileges.push(privilege),
            None => ways.push((way, vec![privilege])),
        }
    }
    ways.iter().map(|(way, privileges)| format!("{}:\n{way}", privileges.join(", "))).collect::<Vec<_>>().join("\n")
}

fn way(answer: &Verdict) -> Option<String> {
    match answer {
        Verdict::Granted => None,
        Verdict::MissingFromRole { roles_that_have_it_and_fit, who } => {
            let roles = names(roles_that_have_it_and_fit.iter().map(ToString::to_string));
            let roles = roles.map_or_else(
                || "no role that fits the user type gives it; make one".to_owned(),
                |roles| format!("these roles fit the user type and give it: {roles}"),
            );
            Some(format!("  {roles}.\n  Who can give another role: whoever holds {}.", who.join(", ")))
        }
        Verdict::AboveUserType { user_types_that_admit_it, is_in_role, who } => {
            let types = names(user_types_that_admit_it.iter().map(ToString::to_string));
            let types = types.map_or_else(
                || "no user type allows it".to_owned(),
                |types| format!("these user types allow it: {types}"),
            );
            let role = if *is_in_role { "" } else { " A role that gives it is needed besides." };
            Some(format!("  {types}.{role}\n  Who can change the user type: whoever holds {}.", who.join(", ")))
        }
        Verdict::Reserved => Some("  only members with the default Administrator role may.".to_owned()),
    }
}

fn names(of: impl Iterator<Item = String>) -> Option<String> {
    Some(of.collect::<Vec<_>>().join(", ")).filter(|names| !names.is_empty())
}

#[cfg(test)]
mod tests {
    use catalog::{Catalog, RoleId, WorkflowId};
    use entitlement::UserTypeId;
    use rules::why::{Wanted, explain};

    use super::{help, table, verdict};

    fn told(user_type: &str, role: &str) -> (String, String) {
        let catalog = Catalog::arcgis();
        let wanted = Wanted::Workflow(WorkflowId::parse("change-user-type").expect("an id"));
        let (user_type, role) = (UserTypeId::from_input(user_type), RoleId::from_input(role));
        let why = explain(catalog, user_type.ok().as_ref(), &role.expect("an id"), &wanted).expect("an answer");
        assert!(table(catalog, &why).lines().count() >= 6);
        (verdict("bo", "Change", &why), help(&why))
    }

    #[test]
    fn what_helps_is_said_once_for_all_privileges_that_it_helps_with() {
        let (verdict, help) = told("viewer", "viewer");
        assert!(verdict.starts_with("No: bo may not \"Change\"; "), "{verdict}");
        assert_eq!(help.matches("these user types allow it").count(), 1, "{help}");
        assert!(help.contains("Who can change the user type: whoever holds "), "{help}");
        let (verdict, help) = told("creator", "administrator");
        assert_eq!((verdict.as_str(), help.as_str()), ("Yes: bo may \"Change\".", ""));
    }
}
