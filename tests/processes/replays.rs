//! Good files of the vendor at the wrong time: older ones, the same number again, another contract, older lists. Through both
//! doors each has its code, and what is installed stays as it is, byte for byte.

use std::path::Path;

use entitlement::EntitlementDraft;
use serde_json::json;

use crate::files::form;
use crate::house::{House, ending};
use crate::http::Client;
use crate::installed::Installed;
use crate::vendor::{Vendor, at, draft};

const PREVIEWS: &str = "/api/v1/license-previews";

/// The seats of a file by its sequence, so that each gives something else.
fn license(sequence: u32, edit: impl FnOnce(&mut EntitlementDraft)) -> String {
    let mut file = draft(sequence, &[("viewer", 10 + sequence), ("creator", 2)]);
    edit(&mut file);
    Vendor::demonstration().license(&file)
}

fn plain(sequence: u32) -> String {
    license(sequence, |_| ())
}

/// The vendor's list of that version.
fn list(version: u32) -> String {
    Vendor::demonstration().trust(|list| list.version = version)
}

/// Of a contract, in the place of another.
fn instead(sequence: u32, contract: &str, replaces: &str) -> String {
    license(sequence, |file| {
        file.contract = contract.parse().expect("a contract id");
        file.replaces = vec![replaces.parse().expect("a contract id")];
    })
}

/// A portal that was activated with the first file of its contract under list 2, and has had two more files since.
fn third_year(name: &str) -> House {
    let house = House::empty(name);
    let trust = house.write("list-2.json", list(2).as_bytes());
    house.activate(&plain(1), Path::new(&trust));
    goes_in(&house, &plain(2), None);
    goes_in(&house, &plain(3), Some(&list(3)));
    house
}

fn import(house: &House, verb: &str, license: &str, list: Option<&str>) -> std::process::Output {
    let file = house.write("offer.json", license.as_bytes());
    let list = list.map(|list| house.write("offer-list.json", list.as_bytes()));
    let more: Vec<&str> = list.iter().flat_map(|list| ["--trust", list]).collect();
    house.run(&[&["license", verb, &file], &more[..]].concat())
}

fn goes_in(house: &House, license: &str, list: Option<&str>) {
    let output = import(house, "import", license, list);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
}

/// The id of a preview that is kept for an import.
fn kept(admin: &Client, license: &str, list: &str) -> String {
    let body = form(&[("license", license.as_bytes()), ("trust", list.as_bytes())]);
    admin.upload(PREVIEWS, "multipart/form-data; boundary=seam", body).expect("an answer").text(201, "id")
}

/// Refused through both doors, and nothing is another.
fn refused(house: &House, admin: &Client, (license, list): (&str, Option<&str>), (exit, code): (i32, &str)) {
    let before = Installed::of(house, admin);
    for verb in ["preview", "import"] {
        assert_eq!(ending(&import(house, verb, license, list)), (Some(exit), code.to_owned()), "{verb}");
    }
    let answer = match list {
        None => admin.upload(PREVIEWS, "application/json", license.as_bytes().to_vec()),
        Some(list) => {
            let body = form(&[("license", license.as_bytes()), ("trust", list.as_bytes())]);
            admin.upload(PREVIEWS, "multipart/form-data; boundary=seam", body)
        }
    };
    let answer = answer.expect("an answer");
    assert_eq!((answer.status, answer.code()), (422, code), "{}", answer.body);
    assert_eq!(Installed::of(house, admin), before);
}

#[test]
fn every_file_of_former_years_is_older_also_after_a_restart_and_with_its_own_list() {
    let house = third_year("replay-older");
    for _ in 0..2 {
        let serving = house.serve();
        let admin = serving.admin();
        for sequence in [1, 2] {
            let old = plain(sequence);
            refused(&house, &admin, (&old, None), (14, "license-older"));
            refused(&house, &admin, (&old, Some(&list(3))), (14, "license-older"));
            refused(&house, &admin, (&old, Some(&list(4))), (14, "license-older"));
            refused(&house, &admin, (&old, Some(&list(2))), (14, "trust-list-older"));
        }
        assert_eq!(Installed::of(&house, &admin).seats(), &json!({"viewer": 13, "creator": 2}));
    }
}

#[test]
fn a_number_is_used_once_and_the_file_that_has_it_changes_nothing() {
    let house = third_year("replay-reused");
    let serving = house.serve();
    let admin = serving.admin();
    let more = license(3, |file| file.note = Some(entitlement::Note::parse("more").expect("a note")));
    refused(&house, &admin, (&more, None), (14, "license-reused"));
    refused(&house, &admin, (&more, Some(&list(4))), (14, "license-reused"));
    let before = Installed::of(&house, &admin);
    goes_in(&house, &plain(3), None);
    goes_in(&house, &plain(3), Some(&list(3)));
    assert_eq!(Installed::of(&house, &admin), before);
}

#[test]
fn another_contract_comes_in_only_in_the_place_of_the_installed_one() {
    let house = third_year("replay-contract");
    let serving = house.serve();
    let admin = serving.admin();
    let town = |edit: &dyn Fn(&mut EntitlementDraft)| {
        license(1, |file| {
            file.contract = "town".parse().expect("a contract id");
            file.replaces = vec!["city".parse().expect("a contract id")];
            edit(file);
        })
    };
    let other = (14, "license-other-contract");
    refused(&house, &admin, (&town(&|file| file.replaces.clear()), None), other);
    refused(&house, &admin, (&town(&|file| file.replaces = vec!["village".parse().expect("an id")]), None), other);
    refused(&house, &admin, (&town(&|file| file.customer.id = "town".parse().expect("an id")), None), other);
    refused(&house, &admin, (&town(&|file| file.iss = entitlement::Name::parse("Acme").expect("a name")), None), other);

    // In its place it goes in, and the contract that was left does not come back by what it had.
    goes_in(&house, &town(&|_| ()), None);
    for sequence in [1, 2, 3, 4] {
        refused(&house, &admin, (&plain(sequence), None), other);
    }
    refused(&house, &admin, (&instead(2, "city", "town"), None), (14, "license-older"));
    refused(&house, &admin, (&instead(3, "city", "town"), None), (14, "license-reused"));
    // Only its next file leads back, and then the town's first is a former one as well.
    goes_in(&house, &instead(4, "city", "town"), None);
    refused(&house, &admin, (&license(1, |file| file.contract = "town".parse().expect("an id")), None), other);
    assert_eq!(Installed::of(&house, &admin).seats(), &json!({"viewer": 14, "creator": 2}));
}

#[test]
fn an_older_list_and_another_one_of_the_same_number_are_refused_beside_a_good_file() {
    let house = third_year("replay-lists");
    let serving = house.serve();
    let admin = serving.admin();
    let next = plain(4);
    let other = Vendor::demonstration().trust(|list| {
        list.version = 3;
        list.expires = at("2099-01-01T00:00:00Z");
    });
    for older in [list(1), list(2), other] {
        refused(&house, &admin, (&next, Some(&older)), (14, "trust-list-older"));
    }
    goes_in(&house, &next, Some(&list(3)));
}

#[test]
fn a_file_that_wants_a_newer_list_comes_in_with_it() {
    let house = third_year("replay-min-trust");
    let serving = house.serve();
    let admin = serving.admin();
    let next = license(4, |file| file.min_trust = 5);
    for list in [None, Some(list(3)), Some(list(4))] {
        refused(&house, &admin, (&next, list.as_deref()), (12, "license-needs-newer-trust"));
    }
    goes_in(&house, &next, Some(&list(5)));
    // What came with it stays: the list before it is an older one now.
    refused(&house, &admin, (&plain(5), Some(&list(4))), (14, "trust-list-older"));
}

#[test]
fn a_preview_that_was_overtaken_is_not_put_in_force() {
    let house = third_year("replay-previews");
    let serving = house.serve();
    let admin = serving.admin();
    let [older, same, before_the_list] = [
        kept(&admin, &plain(4), &list(4)),
        kept(
            &admin,
            &license(5, |file| file.note = Some(entitlement::Note::parse("another").expect("a note"))),
            &list(4),
        ),
        kept(&admin, &plain(6), &list(4)),
    ];
    goes_in(&house, &plain(5), Some(&list(5)));
    let installed = Installed::of(&house, &admin);
    for id in [older, same, before_the_list] {
        let answer = admin.post(&format!("{PREVIEWS}/{id}/import"), &json!({})).expect("an answer");
        assert_eq!((answer.status, answer.code()), (422, "trust-list-older"), "{}", answer.body);
        assert_eq!(Installed::of(&house, &admin), installed);
    }
    let alone = |file: String| {
        admin.upload(PREVIEWS, "application/json", file.into_bytes()).expect("an answer").text(201, "id")
    };
    let [older, same] = [
        alone(plain(6)),
        alone(license(7, |file| file.note = Some(entitlement::Note::parse("another").expect("a note")))),
    ];
    goes_in(&house, &plain(7), None);
    let installed = Installed::of(&house, &admin);
    for (id, code) in [(older, "license-older"), (same, "license-reused")] {
        let answer = admin.post(&format!("{PREVIEWS}/{id}/import"), &json!({})).expect("an answer");
        assert_eq!((answer.status, answer.code()), (422, code), "{}", answer.body);
        assert_eq!(Installed::of(&house, &admin), installed);
    }
}
