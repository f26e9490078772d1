//! The verbs on add-ons, products, sessions and offline licenses, beside a portal that is served.

use entitlement::{AddOnLine, EntitlementDraft, PublicKey, SecretKey, Use};
use serde_json::json;

use crate::house::{House, Serving, ending, facts, said, told};
use crate::http::Client;
use crate::vendor::{self, Vendor, draft};

const SEATS: &[(&str, u32)] = &[("viewer", 3), ("creator", 4)];
pub(crate) const STANDARD: &str = "arcgis-pro-standard";
/// The password that a member takes.
pub(crate) const PASSWORD: &str = "a password of my own";
pub(crate) const PRO: &str = "/api/v1/products/arcgis-pro";

/// A file of that sequence with so many licenses of Pro, and one extension.
pub(crate) fn with_pro(sequence: u32, count: u32, portal: &PublicKey) -> EntitlementDraft {
    let line =
        |id: &str, count| AddOnLine { id: id.parse().expect("an id"), count, from: None, until: None, trial: None };
    let mut file = draft(sequence, SEATS);
    file.add_ons = vec![line(STANDARD, count), line("arcgis-pro-extension", 1)];
    file.portal = Some(portal.clone());
    file
}

/// A bound portal with two licenses of Pro, and the Creators bo and cy.
pub(crate) fn house(name: &str) -> (House, PublicKey) {
    let house = House::empty(name);
    let portal = house.portal_key();
    let license = Vendor::demonstration().license(&with_pro(1, 2, &portal));
    house.activate(&license, &vendor::keys().join("demo.trust.json"));
    for user in ["bo", "cy"] {
        told(&house.run(&["member", "add", user, "--type", "creator", "--role", "publisher"]));
    }
    (house, portal)
}

/// The member with a password of their own.
pub(crate) fn signed_in(house: &House, serving: &Serving, user: &str) -> Client {
    let reset = facts(&house.run(&["admin", "reset-password", user, "--json"]));
    let first = reset["one_time_password"].as_str().expect("a password");
    let client = Client::signed_in(&serving.address, user, first);
    let own = json!({"current_password": first, "new_password": PASSWORD});
    assert_eq!(client.put("/api/v1/me/password", &own).expect("an answer").status, 204);
    client
}

#[test]
fn licenses_are_assigned_planned_refused_and_taken_back_from_the_command_line() {
    let (house, _) = house("cli-add-ons");
    let planned =
        told(&house.run(&["add-on", "assign", STANDARD, "bo", "--with", "arcgis-pro-extension", "--dry-run"]));
    assert!(planned.contains("bo: gets arcgis-pro-extension, gets arcgis-pro-standard"), "{planned}");
    assert!(
        planned.contains("arcgis-pro-standard: 0 -> 1 of 2 licensed") && planned.ends_with("Nothing was changed.\n")
    );
    let applied = told(&house.run(&["add-on", "assign", STANDARD, "bo", "cy", "--reason", "new project"]));
    assert!(
        applied.contains("arcgis-pro-standard: 0 -> 2 of 2 licensed") && applied.contains("takes it back."),
        "{applied}"
    );
    let list = told(&house.run(&["add-on", "list", "--format", "csv"]));
    assert!(list.contains("arcgis-pro-standard,ArcGIS Pro Standard,2,2,0,"), "{list}");
    let shown = told(&house.run(&["add-on", "show", STANDARD]));
    assert!(shown.contains("bo") && shown.contains("cy") && shown.contains("assigned    2"), "{shown}");
    assert_eq!(facts(&house.run(&["add-on", "show", STANDARD, "--json"]))["holders"].as_array().map(Vec::len), Some(2));

    let one_more = house.run(&["add-on", "assign", STANDARD, "admin"]);
    assert_eq!(ending(&one_more), (Some(31), "add-on-limit-reached".to_owned()));
    told(&house.run(&["member", "add", "vi", "--type", "viewer"]));
    let misfit = house.run(&["add-on", "assign", STANDARD, "vi"]);
    assert_eq!(ending(&misfit).1, "incompatible");
    assert_eq!(ending(&house.run(&["add-on", "assign", "arcgis-pro-golden", "bo"])).1, "validation-failed");
    assert_eq!(ending(&house.run(&["add-on", "assign", STANDARD, "nobody"])).1, "not-found");

    let lost = told(&house.run(&["add-on", "unassign", STANDARD, "bo"]));
    assert!(lost.starts_with("bo: loses arcgis-pro-standard"), "{lost}");
    assert_eq!(told(&house.run(&["add-on", "repair"])), "Nothing is over-assigned.\n");
}

#[test]
fn a_refusal_names_every_member_and_how_many_licenses_are_left() {
    let (house, _) = house("cli-add-on-refusals");
    let unknown = house.run(&["add-on", "assign", STANDARD, "nobody", "bo", "noone"]);
    assert_eq!(ending(&unknown), (Some(5), "not-found".to_owned()));
    assert!(
        said(&unknown).starts_with(
            "error: 2 operations cannot be carried out, so nothing was changed:\n  \
             operation 1, nobody: There is no member `nobody`.\n  operation 3, noone: There is no member `noone`.\n"
        ),
        "{}",
        said(&unknown)
    );
    for user in ["vi", "vo"] {
        told(&house.run(&["member", "add", user, "--type", "viewer"]));
    }
    let misfits = house.run(&["add-on", "assign", STANDARD, "vi", "bo", "vo"]);
    assert_eq!(ending(&misfits), (Some(34), "incompatible".to_owned()));
    assert!(said(&misfits).contains("\n  operation 1, vi: ") && said(&misfits).contains("\n  operation 3, vo: "));
    let many = house.run(&["add-on", "assign", STANDARD, "admin", "bo", "cy"]);
    assert_eq!(ending(&many), (Some(31), "add-on-limit-reached".to_owned()));
    let words = said(&many);
    assert!(words.contains("Only 2 licenses of arcgis-pro-standard are left: 0 of 2 assigned."), "{words}");
    told(&house.run(&["add-on", "assign", STANDARD, "bo"]));
    let words = said(&house.run(&["add-on", "assign", STANDARD, "admin", "cy"]));
    assert!(words.contains("Only 1 license of arcgis-pro-standard is left: 1 of 2 assigned."), "{words}");
    assert_eq!(
        ending(&house.run(&["add-on", "assign", STANDARD, "bo", "cy", "cy"])),
        (Some(2), "validation-failed".to_owned())
    );
}

#[test]
fn a_smaller_file_blocks_products_and_repair_puts_it_right() {
    let (house, portal) = house("cli-repair");
    told(&house.run(&["add-on", "assign", STANDARD, "bo", "cy"]));
    let smaller = house.write("smaller.json", Vendor::demonstration().license(&with_pro(2, 1, &portal)).as_bytes());
    let preview = told(&house.run(&["license", "preview", &smaller]));
    assert!(preview.contains("Nobody can start a product under it"), "{preview}");
    told(&house.run(&["license", "import", &smaller]));
    let list = told(&house.run(&["add-on", "list"]));
    assert!(list.contains("-1") && list.contains("Nobody can start a product since"), "{list}");
    let shown = told(&house.run(&["add-on", "repair", "--dry-run"]));
    assert!(shown.contains("loses arcgis-pro-standard") && shown.ends_with("Nothing was changed.\n"), "{shown}");
    let repaired = told(&house.run(&["add-on", "repair", "--reason", "smaller file"]));
    assert!(repaired.contains("arcgis-pro-standard: 2 -> 1 of 1 licensed"), "{repaired}");
    assert!(told(&house.run(&["usage", "forecast"])).starts_with("Nothing that is licensed begins or ends later."));
}

#[test]
fn sessions_and_offline_licenses_are_seen_ended_released_and_returned_beside_a_running_portal() {
    let (house, _) = house("cli-products");
    told(&house.run(&["add-on", "assign", STANDARD, "bo", "cy"]));
    let serving = house.serve();
    let (bo, cy) = (signed_in(&house, &serving, "bo"), signed_in(&house, &serving, "cy"));
    let start = json!({"device_id": "desk", "computer": "DESK", "request_id": "r1"});
    let grant = bo.post(&format!("{PRO}/sessions"), &start).expect("an answer").text(201, "id");
    let key = SecretKey::self_named(&[7; 32]);
    let raw = base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, key.public().as_bytes());
    let wish = json!({"device_id": "field", "computer": "FIELD", "device_key": raw});
    let out = cy.post(&format!("{PRO}/checkouts"), &wish).expect("an answer");
    let (checkout, lease) = (out.body["id"].as_str().expect("an id").to_owned(), out.text(201, "lease"));

    let list = told(&house.run(&["product", "list", "--format", "csv"]));
    assert!(list.contains("arcgis-pro,ArcGIS Pro,2,2,1"), "{list}");
    let activity = told(&house.run(&["product", "activity", "arcgis-pro", "--state", "offline", "--format", "csv"]));
    assert!(activity.contains("cy,") && activity.contains("FIELD") && !activity.contains("bo,"), "{activity}");
    let sessions = facts(&house.run(&["session", "list", "--member", "bo", "--json"]));
    assert_eq!((&sessions["items"][0]["id"], &sessions["items"][0]["computer"]), (&json!(grant), &json!("DESK")));

    let rehearsed = told(&house.run(&["session", "end", &grant, "--dry-run"]));
    assert!(rehearsed.ends_with("This was a rehearsal: nothing was changed.\n"), "{rehearsed}");
    told(&house.run(&["session", "end", &grant]));
    let renewed = bo.post(&format!("{PRO}/sessions/{grant}/renew"), &json!({})).expect("an answer");
    assert_eq!((renewed.status, renewed.body["cause"].as_str()), (410, Some("ended-by-administrator")));
    assert_eq!(told(&house.run(&["session", "list"])), "No session is running.\n");
    assert_eq!(ending(&house.run(&["session", "end", "ses_00000000000000000000000000"])).1, "not-found");

    told(&house.run(&["offline", "release", &checkout]));
    let offline = told(&house.run(&["offline", "list"]));
    assert!(offline.contains("released") && offline.contains("FIELD"), "{offline}");
    let trust = std::fs::read(vendor::keys().join("demo.trust.json")).expect("a trust list");
    let list = entitlement::open_trust_list(&trust, &Vendor::demonstration().roots(), vendor::now()).expect("it opens");
    let file = std::fs::read(house.folder.join("license.json")).expect("a file");
    let file = entitlement::open_entitlement(&file, &list, Use::Installed, vendor::now()).expect("it opens");
    let lease = entitlement::open_lease(lease.as_bytes(), &file, vendor::now(), None).expect("it opens");
    let code = entitlement::seal_return_code(&lease, &key, vendor::now()).expect("a code");
    let wrong = house.write("wrong.txt", b"x.y.z");
    assert_ne!(ending(&house.run(&["offline", "return", &checkout, &wrong])).0, Some(0));
    let right = house.write("code.txt", format!("{code}\n").as_bytes());
    assert_eq!(told(&house.run(&["offline", "return", &checkout, &right])), "The license is back from FIELD.\n");
    assert_eq!(told(&house.run(&["offline", "list"])), "Nothing is offline.\n");

    told(&house.run(&["offline", "allow", "off"]));
    let refused = cy.post(&format!("{PRO}/checkouts"), &wish).expect("an answer");
    assert_eq!((refused.status, refused.code()), (403, "offline-disabled"));
    let allowed = told(&house.run(&["offline", "allow", "on", "--most-days", "1"]));
    assert_eq!(allowed, "Members may take products offline for 1 day.\n");
    cy.post(&format!("{PRO}/checkouts"), &wish).expect("an answer").text(201, "id");
}
