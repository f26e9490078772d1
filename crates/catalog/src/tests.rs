//! The built-in catalog says what the seeds say, and each way of breaking it is refused with its place.

use serde_json::{Value, json};

use crate::{Catalog, CustomRole, PrivilegeId, Role, Scope, enforced};
use entitlement::{ProductId, RoleId, UserTypeId};

const BYTES: &[u8] = include_bytes!("../catalogs/arcgis.json");

fn good() -> Value {
    serde_json::from_slice(BYTES).unwrap_or_default()
}

/// What the loader says of the built-in catalog after one edit.
fn refused(edit: impl FnOnce(&mut Value)) -> String {
    let mut file = good();
    edit(&mut file);
    match Catalog::parse(file.to_string().as_bytes()) {
        Ok(_) => "accepted".to_owned(),
        Err(error) => error.to_string(),
    }
}

/// The same after putting `value` at one JSON pointer (RFC 6901).
fn with(pointer: &str, value: Value) -> String {
    refused(|file| {
        if let Some(place) = file.pointer_mut(pointer) {
            *place = value;
        }
    })
}

/// The same after taking one member of a list out.
fn without(list: &str, index: usize) -> String {
    refused(|file| {
        file.pointer_mut(list).and_then(Value::as_array_mut).map(|items| items.remove(index));
    })
}

/// The same after adding one member to a list.
fn adding(list: &str, value: Value) -> String {
    refused(|file| {
        if let Some(items) = file.pointer_mut(list).and_then(Value::as_array_mut) {
            items.push(value);
        }
    })
}

/// The same after replacing a text of the file itself.
fn reworded(from: &str, to: &str) -> String {
    let text = String::from_utf8_lossy(BYTES).replacen(from, to, 1);
    Catalog::parse(text.as_bytes()).map_or_else(|error| error.to_string(), |_| "accepted".to_owned())
}

fn named<'a>(catalog: &'a Catalog, role: &str) -> &'a Role {
    catalog.roles().iter().find(|it| it.id.as_str() == role).unwrap_or_else(|| panic!("no role {role}"))
}

#[test]
fn the_built_in_catalog_has_the_counts_of_the_seeds() {
    let catalog = Catalog::arcgis();
    let scope = |scope: Scope| catalog.privileges().iter().filter(|it| it.scope == scope).count();
    assert_eq!((scope(Scope::General), scope(Scope::Administrative)), (38, 29));
    assert_eq!((catalog.reserved().len(), catalog.workflows().len()), (9, 22));
    assert_eq!(catalog.workflows().iter().filter(|it| it.scope == Scope::General).count(), 11);
    let types = catalog.user_types().iter().map(|it| (it.id.as_str(), it.can_administer, it.ceiling.len()));
    assert_eq!(
        types.collect::<Vec<_>>(),
        [
            ("viewer", false, 8),
            ("editor", false, 10),
            ("mobile-worker", false, 11),
            ("creator", true, 67),
            ("gis-pro-basic", true, 67),
            ("gis-pro-standard", true, 67),
            ("gis-pro-advanced", true, 67),
            ("insights-analyst", true, 67),
            ("storyteller", true, 67),
        ]
    );
    let roles = catalog.roles().iter().map(|it| (it.id.as_str(), it.is_administrator, it.privileges.len()));
    assert_eq!(
        roles.collect::<Vec<_>>(),
        [
            ("viewer", false, 5),
            ("data-editor", false, 6),
            ("user", false, 22),
            ("publisher", false, 34),
            ("facilitator", false, 35),
            ("administrator", true, 67),
        ]
    );
}

#[test]
fn the_built_in_catalog_is_the_one_that_license_files_name() {
    assert_eq!(Catalog::arcgis_digest(), entitlement::CatalogDigest::of(BYTES));
    assert_eq!(Catalog::arcgis().digest(), &Catalog::arcgis_digest());
    assert_eq!(Catalog::arcgis_digest().to_string(), "tUH_n43jFez2Y2AygPDb8ciH57zJNQ7ne1WhZPVOTxY");
}

#[test]
fn each_role_fits_the_user_types_of_the_seeds() {
    let catalog = Catalog::arcgis();
    // [S121 to S126, A-ROLE-2]
    let fits = |user_type: &str, role: &str| {
        catalog
            .user_type(&UserTypeId::parse(user_type).unwrap_or_else(|_| panic!("{user_type}")))
            .is_some_and(|user_type| catalog.role_fits(named(catalog, role), user_type))
    };
    for user_type in catalog.user_types() {
        let id = user_type.id.as_str();
        assert!(fits(id, "viewer"), "{id}");
        assert_eq!(fits(id, "data-editor"), id != "viewer", "{id}");
        for role in ["user", "publisher", "facilitator", "administrator"] {
            assert_eq!(fits(id, role), !["viewer", "editor", "mobile-worker"].contains(&id), "{id} {role}");
        }
    }
}

#[test]
fn the_nearest_role_never_gives_more_and_is_never_administrator() {
    let catalog = Catalog::arcgis();
    let nearest = |role: &str, user_type: &str| {
        let user_type = catalog.user_types().iter().find(|it| it.id.as_str() == user_type)?;
        catalog.nearest_role(named(catalog, role), user_type).map(|role| role.id.as_str())
    };
    assert_eq!(nearest("publisher", "viewer"), Some("viewer"));
    assert_eq!(nearest("publisher", "editor"), Some("data-editor"));
    assert_eq!(nearest("viewer", "editor"), Some("viewer"));
    assert_eq!(nearest("administrator", "mobile-worker"), Some("data-editor"));
    assert_eq!(nearest("administrator", "creator"), Some("facilitator"));
    assert_eq!(nearest("user", "creator"), Some("user"));
    let none = Role { privileges: std::collections::BTreeSet::new(), ..named(catalog, "viewer").clone() };
    assert_eq!(catalog.nearest_role(&none, &catalog.user_types()[0]), None);
}

fn custom(id: &str, privileges: &[&str]) -> CustomRole {
    CustomRole {
        id: RoleId::parse(id).unwrap_or_else(|_| panic!("{id}")),
        name: format!("The role {id}"),
        description: format!("Made for {id}."),
        privileges: privileges.iter().filter_map(|id| PrivilegeId::parse(id)).collect(),
    }
}

fn role_ids(catalog: &Catalog) -> Vec<&str> {
    catalog.roles().iter().map(|role| role.id.as_str()).collect()
}

#[test]
fn roles_of_the_organization_come_after_the_default_ones_and_leave_the_digest() {
    let catalog = Catalog::arcgis();
    let default = role_ids(catalog);
    assert!(catalog.roles().iter().all(|role| !role.is_custom));
    let made = [custom("custom-z", &["features.edit", "content.view_org"]), custom("custom-a", &[])];
    let whole = catalog.with_custom_roles(&made);
    assert_eq!(role_ids(&whole), [default.clone(), vec!["custom-z", "custom-a"]].concat());
    assert_eq!((whole.digest(), whole.id(), whole.name()), (catalog.digest(), catalog.id(), catalog.name()));
    assert_eq!(
        whole.role(&made[0].id),
        Some(&Role {
            id: made[0].id.clone(),
            name: "The role custom-z".into(),
            description: "Made for custom-z.".into(),
            privileges: made[0].privileges.clone(),
            is_administrator: false,
            is_custom: true,
            fits: catalog.user_types().iter().map(|it| it.id.clone()).filter(|id| id.as_str() != "viewer").collect(),
        })
    );
    assert_eq!(whole.administrator(), catalog.administrator());
    assert_eq!(whole.role(&made[1].id).map(|role| role.fits.len()), Some(9));
    assert_eq!(role_ids(&whole.with_custom_roles(&made[1..])), [default.clone(), vec!["custom-a"]].concat());
    assert_eq!(role_ids(&whole.with_custom_roles(&[])), default);
}

#[test]
fn a_role_of_the_organization_gives_what_the_catalog_still_has_and_never_a_reserved_act() {
    let role = Catalog::arcgis().in_effect(&custom("custom-x", &["members.view", "of.yesterday", "reserved.reports"]));
    assert_eq!(role.privileges.iter().map(PrivilegeId::as_str).collect::<Vec<_>>(), ["members.view"]);
    let all = Catalog::arcgis().privileges().iter().map(|it| it.id.as_str()).collect::<Vec<_>>();
    let role = Catalog::arcgis().in_effect(&custom("custom-all", &all));
    assert_eq!((role.privileges.len(), role.is_administrator, role.fits.len()), (67, false, 6));
}

#[test]
fn the_nearest_role_is_never_one_of_the_organizations() {
    let near = ["members.view", "content.view_org", "groups.join_org", "groups.view_org", "premium.geocoding"];
    let catalog = Catalog::arcgis().with_custom_roles(&[custom("custom-near", &near)]);
    let user_type = |id: &str| catalog.user_types().iter().find(|it| it.id.as_str() == id).unwrap();
    let nearest = |role: &str, id: &str| catalog.nearest_role(named(&catalog, role), user_type(id));
    assert_eq!(nearest("publisher", "viewer").map(|role| role.id.as_str()), Some("viewer"));
    assert_eq!(nearest("custom-near", "creator"), None);
}

#[test]
fn pro_comes_with_gis_professional_and_is_added_to_creator() {
    let catalog = Catalog::arcgis();
    let pro = ProductId::parse("arcgis-pro").unwrap();
    let included =
        |id: &str| catalog.user_types().iter().find(|it| it.id.as_str() == id)?.includes.first()?.level.clone();
    assert_eq!(included("gis-pro-basic").as_deref(), Some("basic"));
    assert_eq!(included("gis-pro-standard").as_deref(), Some("standard"));
    assert_eq!(included("gis-pro-advanced").as_deref(), Some("advanced"));
    assert_eq!(included("creator"), None);
    let levels = catalog.add_ons().iter().filter(|it| it.product.as_ref() == Some(&pro)).collect::<Vec<_>>();
    assert_eq!(levels.len(), 3);
    for level in levels {
        assert_eq!(level.user_types.iter().map(UserTypeId::as_str).collect::<Vec<_>>(), ["creator"]);
    }
}

#[test]
fn the_workflow_that_changes_a_user_type_is_the_one_that_the_portal_enforces() {
    let workflow = Catalog::arcgis().workflows().iter().find(|it| it.id.as_str() == "change-user-type").unwrap();
    let required = workflow.required.iter().map(crate::PrivilegeId::as_str).collect::<Vec<_>>();
    let mut enforced = enforced::CHANGE_USER_TYPE.to_vec();
    enforced.sort_unstable();
    assert_eq!(required, enforced);
}

#[test]
fn a_file_of_another_form_is_refused_with_its_line() {
    for (from, to, answer) in [
        ("{", "(", "line 1, column 1: expected value"),
        ("\"schema\": 1", "\"schema\": 2", "schema: this version reads schema 1, not 2"),
        ("\"schema\": 1", "\"schema\": \"1\"", "line 2, column 15: invalid type: string \"1\", expected u32"),
        ("\"schema\": 1", "\"schema\": 1, \"schema\": 1", "line 2, column 23: duplicate field `schema`"),
        ("\"schema\": 1,", "", "line 904, column 1: missing field `schema`"),
        ("\"id\": \"arcgis\"", "\"id\": \"ArcGIS\"", "id: `ArcGIS` is not an id"),
        ("\"name\": \"ArcGIS portal\"", "\"name\": \" \"", "name: the text is empty"),
    ] {
        assert_eq!(reworded(from, to), answer, "{from} -> {to}");
    }
    assert_eq!(Catalog::parse(b"").unwrap_err().to_string(), "line 1, column 0: EOF while parsing a value");
    assert!(with("/roles/0", json!(["viewer"])).ends_with("invalid type: sequence, expected an object"));
    assert!(with("/roles/0/fits", json!({})).ends_with("invalid type: map, expected a sequence"));
    assert!(with("/privileges/0/scope", json!("other")).contains("unknown variant `other`"));
    assert!(refused(|file| file["roles"][0]["colour"] = json!("red")).contains("unknown field `colour`"));
}

#[test]
fn each_id_that_is_none_or_stands_twice_is_refused_with_its_place() {
    let broken: &[(String, &str)] = &[
        (
            with("/privileges/1/id", json!("members.view")),
            "privileges[1].id: the privilege `members.view` stands twice",
        ),
        (with("/user_types/1/id", json!("viewer")), "user_types[1].id: the user type `viewer` stands twice"),
        (with("/roles/3/id", json!("user")), "roles[3].id: the role `user` stands twice"),
        (with("/products/1/id", json!("arcgis-pro")), "products[1].id: the product `arcgis-pro` stands twice"),
        (with("/add_ons/1/id", json!("arcgis-pro-basic")), "add_ons[1].id: the add-on `arcgis-pro-basic` stands twice"),
        (
            with("/workflows/1/id", json!("use-analysis-tools")),
            "workflows[1].id: the workflow `use-analysis-tools` stands twice",
        ),
        (
            with("/reserved/1/id", json!("reserved.reports")),
            "reserved[1].id: the reserved act `reserved.reports` stands twice",
        ),
        (with("/apps/1/id", json!("arcgis-field-maps")), "apps[1].id: the app `arcgis-field-maps` stands twice"),
        (
            with("/universal/1/id", json!("geosearch")),
            "universal[1].id: the universal ability `geosearch` stands twice",
        ),
        (
            with("/reserved/1/id", json!("members.view")),
            "reserved[1].id: the reserved act `members.view` is a privilege too",
        ),
        (with("/roles/0/id", json!("The Viewer")), "roles[0].id: `The Viewer` is not an id"),
        (
            with("/roles/4/id", json!("custom-viewer")),
            "roles[4].id: `custom-viewer` begins with `custom-`, which is kept for the organization's own roles",
        ),
        (with("/roles", json!([])), "roles: there is no role"),
        (with("/roles/2/name", json!("")), "roles[2].name: the text is empty"),
    ];
    for (found, answer) in broken {
        assert_eq!(found, answer);
    }
}

#[test]
fn each_unknown_reference_is_refused_with_its_place() {
    let broken: &[(String, &str)] = &[
        (
            with("/roles/2/privileges/7", json!("content.fly")),
            "roles[2].privileges[7]: there is no privilege `content.fly`",
        ),
        (
            with("/roles/2/privileges/1", json!("members.view")),
            "roles[2].privileges[1]: the privilege `members.view` stands twice",
        ),
        (with("/roles/2/fits/0", json!("pilot")), "roles[2].fits[0]: there is no user type `pilot`"),
        (with("/user_types/0/ceiling/3", json!("x")), "user_types[0].ceiling[3]: there is no privilege `x`"),
        (with("/user_types/0/usual_role", json!("x")), "user_types[0].usual_role: there is no role `x`"),
        (
            with("/user_types/4/includes/0/product", json!("x")),
            "user_types[4].includes[0].product: there is no product `x`",
        ),
        (with("/workflows/2/required/0", json!("x")), "workflows[2].required[0]: there is no privilege `x`"),
        (with("/workflows/0/optional/1", json!("x")), "workflows[0].optional[1]: there is no privilege `x`"),
        (with("/add_ons/0/product", json!("x")), "add_ons[0].product: there is no product `x`"),
        (with("/add_ons/5/requires", json!("x")), "add_ons[5].requires: there is no product `x`"),
        (with("/add_ons/0/user_types/0", json!("x")), "add_ons[0].user_types[0]: there is no user type `x`"),
        (with("/add_ons/6/unlocks/0", json!("x")), "add_ons[6].unlocks[0]: there is no privilege `x`"),
        (with("/settings/0/privilege", json!("x")), "settings[0].privilege: there is no privilege `x`"),
    ];
    for (found, answer) in broken {
        assert_eq!(found, answer);
    }
}

#[test]
fn each_contradiction_between_lists_is_refused_with_its_place() {
    let broken: &[(String, &str)] = &[
        (
            without_everywhere("admin.settings.security"),
            "privileges: the portal enforces `admin.settings.security`, which is missing",
        ),
        (with("/roles/5/administrator", json!(false)), "roles: exactly one role is the administrator role, not 0"),
        (with("/roles/4/administrator", json!(true)), "roles: exactly one role is the administrator role, not 2"),
        (
            without("/roles/5/privileges", 38),
            "roles[5].privileges: the administrator role lacks the administrative privilege `admin.members.view_all`",
        ),
        (
            without("/user_types/3/ceiling", 0),
            "user_types[3].ceiling: `creator` can administer, but its ceiling lacks `members.view` of the administrator role",
        ),
        (with("/user_types/3/can_administer", json!(false)), "roles[5].fits: `creator` cannot administer"),
        (nobody_administers(), "user_types: no user type can administer"),
        (
            adding("/roles/2/fits", json!("viewer")),
            "roles[2].fits: `user` holds `content.create`, which is above the ceiling of `viewer`",
        ),
        (
            adding("/roles/0/privileges", json!("content.create")),
            "roles[0].fits: `viewer` holds `content.create`, which is above the ceiling of `viewer`",
        ),
        (without("/roles/1/fits", 0), "roles[1].fits: `editor` is missing, although its ceiling admits `data-editor`"),
        (
            with("/user_types/0/usual_role", json!("publisher")),
            "user_types[0].usual_role: the role `publisher` does not fit `viewer`",
        ),
    ];
    for (found, answer) in broken {
        assert_eq!(found, answer);
    }
}

#[test]
fn each_contradiction_about_products_and_workflows_is_refused_with_its_place() {
    let broken: &[(String, &str)] = &[
        (
            with("/user_types/4/includes/0/level", json!("gold")),
            "user_types[4].includes[0].level: `arcgis-pro` has no level `gold`",
        ),
        (
            with("/user_types/4/includes/0/level", json!(null)),
            "user_types[4].includes[0].level: `arcgis-pro` needs a level",
        ),
        (with("/add_ons/0/level", json!("gold")), "add_ons[0].level: `arcgis-pro` has no level `gold`"),
        (with("/add_ons/0/product", json!(null)), "add_ons[0].product: an add-on names the product that it opens"),
        (with("/add_ons/0/kind", json!("extension")), "add_ons[0].product: only an add-on opens a product"),
        (refused(|file| file["add_ons"][5]["level"] = json!("basic")), "add_ons[5].level: only an add-on has a level"),
        (
            with("/add_ons/0/user_types", json!([])),
            "add_ons[0].user_types: what is assigned to members names user types, what the organization holds names none",
        ),
        (
            adding("/add_ons/7/user_types", json!("creator")),
            "add_ons[7].user_types: what is assigned to members names user types, what the organization holds names none",
        ),
        (
            adding("/add_ons/0/user_types", json!("gis-pro-basic")),
            "add_ons[0].user_types: `gis-pro-basic` includes `arcgis-pro` already",
        ),
        (
            adding("/add_ons/5/user_types", json!("viewer")),
            "add_ons[5].user_types: `viewer` cannot hold `arcgis-pro`, which is required",
        ),
        (with("/workflows/2/required", json!([])), "workflows[2].required: a workflow needs a privilege"),
        (
            adding("/workflows/0/optional", json!("content.create")),
            "workflows[0].optional: `content.create` is required already",
        ),
    ];
    for (found, answer) in broken {
        assert_eq!(found, answer);
    }
}

/// Takes one privilege out of the list and out of every reference to it.
fn without_everywhere(id: &str) -> String {
    fn strip(value: &mut Value, id: &str) {
        match value {
            Value::Array(items) => {
                items.retain(|item| item != id && item["id"] != id && item["privilege"] != id);
                items.iter_mut().for_each(|item| strip(item, id));
            }
            Value::Object(members) => members.values_mut().for_each(|member| strip(member, id)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    refused(|file| strip(file, id))
}

/// Takes the right to administer from every user type.
fn nobody_administers() -> String {
    refused(|file| {
        let types = file["user_types"].as_array_mut().into_iter().flatten();
        types.for_each(|user_type| user_type["can_administer"] = json!(false));
    })
}
