//! What each privilege opens, and what stays shut without it: roles with one privilege only (S130, S131, S135, S173 to
//! S180, S185, S196, S197, S200).

use axum::http::Method;
use catalog::enforced::{CHANGE_USER_TYPE, ENFORCED};
use serde_json::json;
use tests::acts::{CSV, fresh_key};
use tests::files::order;
use tests::people::{Answer, JSON, Person};
use tests::portal::Portal;

/// A request that a privilege opens.
struct Case {
    privilege: &'static str,
    method: &'static str,
    path: &'static str,
    body: &'static str,
    /// The status for who has the privilege.
    allowed: u16,
    /// What is named to who has none of the privileges that would do.
    named: &'static str,
}

const fn case(privilege: &'static str, request: [&'static str; 3], allowed: u16, named: &'static str) -> Case {
    let [method, path, body] = request;
    Case { privilege, method, path, body, allowed, named }
}

const VIEW: &str = "members.view";
const VIEW_ALL: &str = "admin.members.view_all";
const UPDATE: &str = "admin.members.update";
const DELETE: &str = "admin.members.delete";
const INVITE: &str = "admin.members.invite";
const DISABLE: &str = "admin.members.disable";
const CHANGE_ROLES: &str = "admin.members.change_roles";
const LICENSES: &str = "admin.members.manage_licenses";
const MEMBER_ROLES: &str = "admin.settings.member_roles";
const SECURITY: &str = "admin.settings.security";
const WEBSITE: &str = "admin.settings.website";
const CATEGORIES: &str = "admin.members.manage_categories";
const GROUPS: &str = "admin.groups.assign_members";

/// `OTTO` is a Viewer, `GONE` an archived one, `ROLE` a role that nobody holds.
const CASES: &[Case] = &[
    case(VIEW, ["GET", "/members", ""], 200, VIEW),
    case(VIEW_ALL, ["GET", "/members/OTTO", ""], 200, VIEW_ALL),
    case(VIEW_ALL, ["GET", "/members/export", ""], 200, VIEW_ALL),
    case(VIEW_ALL, ["GET", "/changes", ""], 200, VIEW_ALL),
    case(VIEW_ALL, ["GET", "/roles", ""], 200, VIEW_ALL),
    case(VIEW_ALL, ["GET", "/workflows/change-user-type/check?member=OTTO", ""], 200, VIEW_ALL),
    case(VIEW_ALL, ["POST", "/introspect", "token=x"], 200, VIEW_ALL),
    case(UPDATE, ["PATCH", "/members/OTTO", r#"{"full_name": "Otto May"}"#], 200, UPDATE),
    case(UPDATE, ["PATCH", "/members/OTTO", r#"{"categories": ["North"]}"#], 200, UPDATE),
    case(UPDATE, ["POST", "/members/OTTO/password-reset", ""], 200, UPDATE),
    case(DELETE, ["DELETE", "/members/OTTO", ""], 204, DELETE),
    case(DELETE, ["POST", "/changes", r#"{"operations": [{"member": "OTTO", "delete": true}]}"#], 201, DELETE),
    case(INVITE, ["POST", "/members", r#"{"username": "nina", "user_type": "viewer"}"#], 201, INVITE),
    case(INVITE, ["POST", "/members/import", "username,user_type\nnina,viewer\n"], 200, INVITE),
    case(INVITE, ["POST", "/invitations", r#"{"user_type": "viewer"}"#], 201, INVITE),
    case(INVITE, ["GET", "/invitations", ""], 200, INVITE),
    case(INVITE, ["POST", "/changes", r#"{"operations": [{"member": "GONE", "restore": true}]}"#], 201, INVITE),
    case(DISABLE, ["POST", "/changes", r#"{"operations": [{"member": "OTTO", "disable": true}]}"#], 201, DISABLE),
    case(DISABLE, ["POST", "/changes", r#"{"operations": [{"member": "OTTO", "enable": true}]}"#], 201, DISABLE),
    case(DISABLE, ["POST", "/changes", r#"{"operations": [{"member": "OTTO", "archive": true}]}"#], 201, DISABLE),
    case(CHANGE_ROLES, ["PUT", "/members/OTTO/role", r#"{"role": "ROLE"}"#], 200, CHANGE_ROLES),
    case(MEMBER_ROLES, ["PUT", "/members/OTTO/role", r#"{"role": "ROLE"}"#], 200, CHANGE_ROLES),
    case(MEMBER_ROLES, ["POST", "/roles", r#"{"name": "New", "privileges": ["members.view"]}"#], 201, MEMBER_ROLES),
    case(MEMBER_ROLES, ["PUT", "/roles/ROLE", r#"{"name": "Other", "privileges": []}"#], 200, MEMBER_ROLES),
    case(MEMBER_ROLES, ["DELETE", "/roles/ROLE", ""], 204, MEMBER_ROLES),
    case(LICENSES, ["GET", "/status", ""], 200, LICENSES),
    case(LICENSES, ["GET", "/licenses", ""], 200, LICENSES),
    case(LICENSES, ["GET", "/licenses/current", ""], 200, LICENSES),
    case(LICENSES, ["GET", "/user-types", ""], 200, LICENSES),
    case(LICENSES, ["POST", "/license-previews", "LICENSE"], 201, LICENSES),
    case(SECURITY, ["PUT", "/settings/security", r#"{"access_notice": "Only for staff."}"#], 200, SECURITY),
    case(SECURITY, ["PUT", "/settings/defaults", r#"{"user_type": "viewer"}"#], 200, SECURITY),
    case(WEBSITE, ["PUT", "/settings/website", r#"{"name": "City Maps"}"#], 200, WEBSITE),
    case(CATEGORIES, ["PUT", "/settings/categories", r#"{"names": ["North", "South"]}"#], 200, CATEGORIES),
    case(GROUPS, ["PUT", "/settings/groups", r#"{"names": ["Maps", "Roads"]}"#], 200, GROUPS),
    case(GROUPS, ["PATCH", "/members/OTTO", r#"{"groups": ["Maps"]}"#], 200, GROUPS),
];

struct House {
    ana: Person,
    otto: Person,
    gone: Person,
    role: String,
}

async fn house() -> House {
    let portal = Portal::with(&order(1, &[("viewer", 9), ("creator", 9)])).await;
    let ana = portal.administrator().await;
    ana.puts("/settings/categories", &json!({"names": ["North"]})).await.expecting(200);
    ana.puts("/settings/groups", &json!({"names": ["Maps"]})).await.expecting(200);
    let (otto, gone) = (ana.adds("otto", "viewer").await, ana.adds("gone", "viewer").await);
    ana.does(&[tests::acts::act(&gone, "archive")]).await.expecting(201);
    let role = ana.makes_role("Looker", &[VIEW]).await;
    House { ana, otto, gone, role }
}

impl House {
    async fn asks(&self, person: &Person, case: &Case) -> Answer {
        let fill =
            |text: &str| text.replace("OTTO", &self.otto.id).replace("GONE", &self.gone.id).replace("ROLE", &self.role);
        let body = match case.body {
            "LICENSE" => order(2, &[("viewer", 9), ("creator", 9)]).signed(),
            body => fill(body).into_bytes(),
        };
        let kind = match case.path {
            "/members/import" => CSV,
            "/introspect" => ("content-type", "application/x-www-form-urlencoded"),
            _ => JSON,
        };
        let headers = [kind, ("if-match", "*"), ("idempotency-key", &fresh_key())];
        person.asks(case.method.parse().unwrap_or(Method::GET), &fill(case.path), &headers, body).await
    }
}

#[tokio::test]
async fn a_role_with_one_privilege_opens_what_the_privilege_is_for() {
    for case in CASES {
        let house = house().await;
        let role = house.ana.makes_role("Only this", &[case.privilege]).await;
        let delegate = house.ana.adds_with_role("dora", "creator", &role).await;
        let answer = house.asks(&delegate, case).await;
        assert_eq!(answer.status, case.allowed, "{} {} {}: {}", case.privilege, case.method, case.path, answer.text());
    }
}

#[tokio::test]
async fn without_the_privilege_it_is_named_whatever_else_the_role_gives() {
    let house = house().await;
    let catalog = catalog::Catalog::arcgis();
    // Whoever holds one of these sees every account; their own rule names the first of them.
    let sees_members = [VIEW_ALL, UPDATE, DELETE, INVITE, DISABLE, CHANGE_ROLES, LICENSES];
    for (number, case) in CASES.iter().enumerate() {
        let enough: &[&str] = match (case.path, case.privilege) {
            ("/members", VIEW) => &[VIEW, VIEW_ALL, UPDATE, DELETE, INVITE, DISABLE, CHANGE_ROLES, LICENSES],
            ("/introspect", _) => &[VIEW_ALL],
            ("/roles", VIEW_ALL) => &[VIEW_ALL, UPDATE, DELETE, INVITE, DISABLE, CHANGE_ROLES, LICENSES, MEMBER_ROLES],
            (_, VIEW_ALL) => &sees_members,
            ("/members/import", _) => &[INVITE, UPDATE, CHANGE_ROLES, MEMBER_ROLES, GROUPS],
            (_, CHANGE_ROLES | MEMBER_ROLES) if case.named == CHANGE_ROLES => &[CHANGE_ROLES, MEMBER_ROLES],
            _ => &[case.privilege],
        };
        let held = catalog.privileges().iter().map(|one| one.id.as_str()).filter(|id| !enough.contains(id));
        let role = house.ana.makes_role(&format!("All but {number}"), &held.collect::<Vec<_>>()).await;
        let delegate = house.ana.adds_with_role("dora", "creator", &role).await;
        let refused = house.asks(&delegate, case).await;
        refused.is_problem(403, "privilege-missing");
        assert_eq!(refused.json()["privilege"], case.named, "{} {}", case.method, case.path);
        house.ana.deletes(&format!("/members/{}", delegate.id)).await.expecting(204);
    }
}

#[test]
fn every_privilege_that_the_portal_enforces_has_a_case() {
    for privilege in ENFORCED {
        assert!(CASES.iter().any(|case| case.privilege == *privilege), "{privilege} has no case");
    }
}

#[tokio::test]
async fn the_page_for_tables_opens_with_each_privilege_that_a_row_can_need() {
    let house = house().await;
    let table = [("file", "m.csv", "username,role\notto,viewer\n".as_bytes())];
    for privilege in [INVITE, UPDATE, CHANGE_ROLES, MEMBER_ROLES, GROUPS] {
        let role = house.ana.makes_role(&format!("Only {privilege}"), &[privilege]).await;
        let delegate = house.ana.adds_with_role("dora", "creator", &role).await;
        delegate.opens("/members/import").await.expecting(200);
        delegate.uploads_to("/members/import", &[("mode", "fill"), ("reason", "")], &table).await.expecting(200);
        if ![MEMBER_ROLES, GROUPS].contains(&privilege) {
            delegate.opens("/members").await.expecting(200).says(r#"href="/members/import""#);
        }
        house.ana.deletes(&format!("/members/{}", delegate.id)).await.expecting(204);
    }
    let role = house.ana.makes_role("Leaver", &[DELETE]).await;
    let delegate = house.ana.adds_with_role("dora", "creator", &role).await;
    delegate.opens("/members").await.expecting(200).is_silent_on("/members/import");
    delegate.opens("/members/import").await.expecting(403);
}

#[tokio::test]
async fn changing_a_user_type_takes_all_five_privileges_of_its_workflow_and_no_other() {
    let house = house().await;
    let asked = json!({"user_type": "creator", "role": "viewer"});
    let path = format!("/members/{}/user-type", house.otto.id);
    for missing in CHANGE_USER_TYPE {
        let four: Vec<&str> = CHANGE_USER_TYPE.iter().copied().filter(|one| one != missing).collect();
        let role = house.ana.makes_role(&format!("Without {missing}"), &four).await;
        let delegate = house.ana.adds_with_role("dora", "creator", &role).await;
        let refused = delegate.puts(&path, &asked).await;
        refused.is_problem(403, "privilege-missing");
        assert_eq!(refused.json()["privilege"], *missing);
        house.ana.deletes(&format!("/members/{}", delegate.id)).await.expecting(204);
    }
    let role = house.ana.makes_role("All five", CHANGE_USER_TYPE).await;
    let delegate = house.ana.adds_with_role("dora", "creator", &role).await;
    delegate.puts(&path, &asked).await.expecting(200);
}
