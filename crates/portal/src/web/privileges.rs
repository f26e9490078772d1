//! Privileges by scope and group, with their names.

use std::collections::BTreeSet;

use catalog::{Catalog, Privilege, PrivilegeId, Scope};

use crate::pages::privileges::{Group, PrivilegeRow};
use crate::texts::text;

/// The scope in a word.
#[must_use]
pub fn scope(scope: Scope) -> String {
    text(match scope {
        Scope::General => "scope-general",
        Scope::Administrative => "scope-administrative",
    })
    .plain()
}

/// Scope, group and name of a privilege or of a reserved act; its id where the catalog knows neither.
#[must_use]
pub fn name(catalog: &Catalog, id: &str) -> String {
    if let Some(known) = catalog.privileges().iter().find(|one| one.id.as_str() == id) {
        return text("privilege-name")
            .with("scope", scope(known.scope))
            .with("group", &known.group)
            .with("name", &known.name)
            .plain();
    }
    let act = catalog.reserved().iter().find(|one| one.id.as_str() == id);
    act.map_or_else(|| id.to_owned(), |act| text("privilege-reserved").with("name", &act.name).plain())
}

/// The privileges that are looked for, by scope and group in the order of the catalog.
#[must_use]
pub fn groups<R>(catalog: &Catalog, row: impl Fn(&Privilege) -> Option<R>) -> Vec<Group<R>> {
    let mut groups: Vec<Group<R>> = Vec::new();
    for privilege in catalog.privileges() {
        let Some(row) = row(privilege) else { continue };
        let scope = scope(privilege.scope);
        match groups.iter_mut().find(|group| group.scope == scope && group.name == privilege.group) {
            Some(group) => group.rows.push(row),
            None => groups.push(Group { scope, name: privilege.group.clone(), rows: vec![row] }),
        }
    }
    groups
}

/// Every privilege, with those ticked that are given.
#[must_use]
pub fn choices(catalog: &Catalog, given: &BTreeSet<PrivilegeId>) -> Vec<Group<PrivilegeRow>> {
    groups(catalog, |privilege| Some(row(privilege, given.contains(&privilege.id))))
}

/// The privileges that are given, and no others.
#[must_use]
pub fn included(catalog: &Catalog, given: &BTreeSet<PrivilegeId>) -> Vec<Group<PrivilegeRow>> {
    groups(catalog, |privilege| given.contains(&privilege.id).then(|| row(privilege, true)))
}

fn row(privilege: &Privilege, given: bool) -> PrivilegeRow {
    PrivilegeRow {
        id: privilege.id.to_string(),
        name: privilege.name.clone(),
        description: privilege.description.clone(),
        conditions: privilege.conditions.clone(),
        given,
    }
}

#[cfg(test)]
mod tests {
    use catalog::Catalog;

    use super::{choices, included, name};

    #[test]
    fn a_privilege_is_named_with_its_scope_and_group_and_a_reserved_act_as_such() {
        let catalog = Catalog::arcgis();
        assert_eq!(name(catalog, "members.view"), "General, Members: View");
        assert!(name(catalog, "admin.members.view_all").starts_with("Administrative, Members: View all"));
        assert!(name(catalog, "reserved.reports").starts_with("Reserved: "));
        assert_eq!(name(catalog, "nothing.of.this"), "nothing.of.this");
    }

    #[test]
    fn every_privilege_stands_in_one_group_and_a_role_includes_its_own() {
        let catalog = Catalog::arcgis();
        let viewer = &catalog.roles().iter().find(|role| role.id.as_str() == "viewer").unwrap().privileges;
        let all = choices(catalog, viewer);
        assert_eq!(all.iter().map(|group| group.rows.len()).sum::<usize>(), catalog.privileges().len());
        let given = all.iter().flat_map(|group| &group.rows).filter(|row| row.given).count();
        assert_eq!(given, viewer.len());
        assert_eq!(included(catalog, viewer).iter().map(|group| group.rows.len()).sum::<usize>(), viewer.len());
        let headings: std::collections::BTreeSet<_> = all.iter().map(|group| (&group.scope, &group.name)).collect();
        assert_eq!(headings.len(), all.len());
    }
}
