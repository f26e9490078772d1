//! `why`: what a member may do, what is missing, and who can give it (S227).

use catalog::{Catalog, PrivilegeId};
use errors::Failure;
use rules::why::{Answer as Verdict, Need, Wanted, Why};

use super::plan::counted;
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
    catalog.privilege(id).map(|known| known.name.clone()).or_else(reserved).unwrap_or_else(|| id.to_string())
}

fn verdict(who: &str, name: &str, why: &Why) -> String {
    let missing = why.required.iter().filter(|need| need.answer != Verdict::Granted).count();
    match u64::try_from(missing).unwrap_or(u64::MAX) {
        0 => format!("Yes: {who} may \"{name}\"."),
        n => format!("No: {who} may not \"{name}\"; {} of {} missing.", counted(n, "privilege"), why.required.len()),
    }
}

fn table(catalog: &Catalog, why: &Why) -> String {
    let required = why.required.iter().map(|need| row(catalog, need, "required"));
    let optional = why.optional.iter().map(|need| row(catalog, need, "optional"));
    let rows: Vec<Vec<String>> = required.chain(optional).collect();
    output::table(&["Privilege", "What it is", "Needed", "Answer"], &rows)
}

fn row(catalog: &Catalog, need: &Need, kind: &str) -> Vec<String> {
    let name = privilege_name(catalog, &need.privilege);
    vec![need.privilege.to_string(), name, kind.to_owned(), answer(&need.answer)]
}

fn answer(answer: &Verdict) -> String {
    match answer {
        Verdict::Granted => "granted".to_owned(),
        Verdict::MissingFromRole { roles_that_have_it_and_fit, who } => {
            let roles = one_of(roles_that_have_it_and_fit.iter().map(ToString::to_string));
            format!("not in the role; another role gives it ({roles}); given by who holds {}", who.join(" and "))
        }
        Verdict::AboveUserType { user_types_that_admit_it, is_in_role, who } => {
            let types = one_of(user_types_that_admit_it.iter().map(ToString::to_string));
            let role = if *is_in_role { "" } else { ", and a role that has it" };
            format!(
                "above the user type; another one allows it ({types}){role}; given by who holds {}",
                who.join(" and ")
            )
        }
        Verdict::Reserved => "reserved to members with the default Administrator role".to_owned(),
    }
}

fn one_of(names: impl Iterator<Item = String>) -> String {
    let names = names.collect::<Vec<_>>().join(", ");
    if names.is_empty() { "there is none".to_owned() } else { names }
}
