//! The next build of a vendor on the data of the one before: a root that is lost is dropped, a new one comes, and what no
//! longer shares a root with the data does not open it.

use std::path::Path;
use std::process::Output;

use serde_json::{Value, json};

use crate::builds::Build;
use crate::house::{House, ending};
use crate::installed::{Installed, rows};
use crate::vendor::{self, Vendor, draft};

const SEATS: &[(&str, u32)] = &[("viewer", 3), ("creator", 2)];
/// More of them, in the file that follows.
const MORE: &[(&str, u32)] = &[("viewer", 4), ("creator", 2)];

/// The same data under the next build, with these vendors' roots.
fn next_build(house: House, roots: &[&Vendor]) -> House {
    let names: Vec<&str> = roots.iter().map(|vendor| vendor.root.kid().as_str()).collect();
    let build =
        Build::of_roots(&house.folder, &names.join("-"), &roots.iter().map(|one| &one.root).collect::<Vec<_>>());
    house.under(build)
}

/// A list of that version that names the keys of everybody here, by the root of `vendor`.
fn list(vendor: &Vendor, version: u32) -> String {
    vendor.trust(|list| {
        list.version = version;
        let everybody = [Vendor::own("first", 61), Vendor::own("second", 62), Vendor::own("third", 63)];
        let trusted = |one: &Vendor| vendor::trusted(&one.demo, "2020-01-01T00:00:00Z", "2100-01-01T00:00:00Z");
        list.keys = everybody.iter().map(trusted).collect();
    })
}

/// Data made by a build of these roots, activated under a list of the first of them.
fn made_by(name: &str, roots: &[&Vendor]) -> House {
    let house = next_build(House::empty(name), roots);
    let by = roots.first().expect("a root");
    let trust = house.write("trust.json", list(by, 1).as_bytes());
    house.activate(&by.license(&draft(1, SEATS)), Path::new(&trust));
    house
}

fn import(house: &House, license: &str, trust: &str) -> Output {
    let (license, trust) = (house.write("next.json", license.as_bytes()), house.write("list.json", trust.as_bytes()));
    house.run(&["license", "import", &license, "--trust", &trust])
}

fn goes_in(house: &House, license: &str, trust: &str) {
    let output = import(house, license, trust);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
}

/// The file in force as the portal answers it.
fn current(house: &House) -> Value {
    house.serve().admin().get("/api/v1/licenses/current").expect("an answer").body
}

fn counts(house: &House, viewers: u32) {
    let current = current(house);
    assert_eq!(
        (&current["state"], &current["user_types"]["viewer"]),
        (&json!("in-term"), &json!(viewers)),
        "{current}"
    );
}

/// No verb opens the data, and it stays as it is.
fn is_foreign(house: &House) {
    let before = rows(house);
    let license = house.folder.join("license.json").display().to_string();
    let serve = [&["serve", "--listen", "127.0.0.1:0"], house.build.consent()].concat();
    // A portal that does open the data would be served without an end, so that comes last.
    for verb in [&["status"][..], &["member", "list"], &["license", "import", &license], &serve] {
        assert_eq!(ending(&house.run(verb)), (Some(3), "data-foreign".to_owned()), "{verb:?}");
    }
    assert_eq!(rows(house), before);
}

#[test]
fn the_next_build_drops_a_lost_root_after_the_other_has_signed_a_list() {
    let (lost, kept) = (Vendor::own("first", 61), Vendor::own("second", 62));
    let house = made_by("next-lost", &[&lost, &kept]);
    goes_in(&house, &kept.license(&draft(2, MORE)), &list(&kept, 2));
    let house = next_build(house, &[&kept]);
    counts(&house, 4);
    // What the lost root signs is worth nothing here any more.
    let before = rows(&house);
    let refused = import(&house, &kept.license(&draft(3, MORE)), &list(&lost, 3));
    assert_eq!(ending(&refused), (Some(11), "license-key-unknown".to_owned()));
    assert_eq!(rows(&house), before);
}

#[test]
fn where_only_the_lost_root_has_signed_the_data_opens_and_waits_for_the_next_list() {
    let (lost, kept) = (Vendor::own("first", 61), Vendor::own("second", 62));
    let house = next_build(made_by("next-waits", &[&lost, &kept]), &[&kept]);
    let serving = house.serve();
    let admin = serving.admin();
    let current = admin.get("/api/v1/licenses/current").expect("an answer").body;
    let said = (&current["state"], &current["problem"]["code"]);
    assert_eq!(said, (&json!("refused"), &json!("license-key-unknown")), "{current}");
    goes_in(&house, &kept.license(&draft(2, MORE)), &list(&kept, 2));
    assert_eq!(Installed::of(&house, &admin).seats(), &json!({"viewer": 4, "creator": 2}));
}

#[test]
fn a_new_root_comes_with_a_build_and_signs_from_then_on() {
    let (first, second) = (Vendor::own("first", 61), Vendor::own("second", 62));
    let house = next_build(made_by("next-new", &[&first]), &[&first, &second]);
    counts(&house, 3);
    goes_in(&house, &second.license(&draft(2, MORE)), &list(&second, 2));
    counts(&house, 4);
}

#[test]
fn roots_change_one_after_the_other_and_the_first_does_not_come_back() {
    let (first, second, third) = (Vendor::own("first", 61), Vendor::own("second", 62), Vendor::own("third", 63));
    let house = made_by("next-chain", &[&first]);
    let house = next_build(house, &[&first, &second]);
    goes_in(&house, &second.license(&draft(2, MORE)), &list(&second, 2));
    let house = next_build(house, &[&second]);
    counts(&house, 4);
    let house = next_build(house, &[&second, &third]);
    goes_in(&house, &third.license(&draft(3, SEATS)), &list(&third, 3));
    // The first has not been among the recorded roots for two builds.
    let house = next_build(house, &[&third]);
    counts(&house, 3);
    for gone in [&[&first][..], &[&second], &[&first, &second]] {
        is_foreign(&next_build(House { folder: house.folder.clone(), build: house.build.clone() }, gone));
    }
    counts(&house, 3);
}

#[test]
fn a_build_that_shares_no_root_does_not_open_the_data() {
    let (first, second, third) = (Vendor::own("first", 61), Vendor::own("second", 62), Vendor::own("third", 63));
    let house = next_build(made_by("next-foreign", &[&first, &second]), &[&third]);
    is_foreign(&house);
    // Another key of the same name is another root.
    let namesake = Vendor::own("first", 99);
    let house = next_build(house, &[&namesake, &third]);
    is_foreign(&house);
    // A look by the wrong build has recorded nothing.
    counts(&next_build(house, &[&first, &second]), 3);
}

#[test]
fn a_demonstration_and_a_vendor_never_share_data_even_where_they_share_a_root() {
    let (demo, acme) = (Vendor::demonstration(), Vendor::own("first", 61));
    is_foreign(&next_build(House::activated("next-demo", SEATS), &[&demo, &acme]));
    is_foreign(&next_build(House::activated("next-demo-alone", SEATS), &[&demo]));
    is_foreign(&made_by("next-vendor", &[&acme, &demo]).under(Build::demonstration()));
}
