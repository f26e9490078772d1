//! Step 8: good files that may not be used in this place.

use super::index::{Case, Highest, InstalledList, PlaceFacts, refuse};
use super::samples::*;
use super::sign::Sealed;

pub fn cases() -> Vec<Case> {
    [portals(), sequences(), lists()].into_iter().flatten().collect()
}

fn portals() -> Vec<Case> {
    let bound = |name: &str, portal: Option<String>| {
        refuse(name, "license-wrong-portal", sealed_full().file()).at(PlaceFacts { portal, ..place() })
    };
    let catalogs = |name: &str, catalogs: Vec<String>| {
        refuse(name, "license-catalog-mismatch", sealed().file()).at(PlaceFacts { catalogs, ..place() })
    };
    vec![
        bound("a-file-bound-to-another-portal", Some(other_portal().kid)),
        bound("a-bound-file-in-a-portal-without-a-key", None),
        catalogs("a-file-for-a-catalog-that-is-not-at-hand", vec![digest(b"another catalog")]),
        catalogs("a-file-where-no-catalog-is-at-hand", vec![]),
    ]
}

fn sequences() -> Vec<Case> {
    let file = |name: &str, code: &str, sealed: &Sealed, place| refuse(name, code, sealed.file()).at(place);
    let (base, before) = (sealed(), digest(b"before"));
    let replacing = licensed(&entitlement().added("", "replaces", r#"["village-of-example"]"#));
    let village = || place_with("village-of-example", 9, &before);
    let of_another = |change: fn(&mut PlaceFacts)| {
        let mut place = village();
        change(&mut place);
        place
    };
    let vendor = of_another(|place| place.installed.as_mut().expect("a file").iss = "Another Vendor".to_owned());
    let customer = of_another(|place| place.installed.as_mut().expect("a file").customer = "village".to_owned());
    let mut returned = village();
    returned.highest.insert("city-of-example".to_owned(), Highest { sequence: 5, identity: before.clone() });
    vec![
        file(
            "a-lower-sequence-than-the-installed-one",
            "license-older",
            &base,
            place_with("city-of-example", 5, &before),
        ),
        file("a-contract-taken-up-again-with-an-old-file", "license-older", &replacing, returned),
        file(
            "another-file-of-the-installed-sequence",
            "license-reused",
            &base,
            place_with("city-of-example", 4, &before),
        ),
        file("another-contract-than-the-installed-one", "license-other-contract", &base, village()),
        file("a-replacement-by-another-vendor", "license-other-contract", &replacing, vendor),
        file("a-replacement-for-another-customer", "license-other-contract", &replacing, customer),
        file(
            "a-replacement-of-another-contract",
            "license-other-contract",
            &replacing,
            place_with("town-of-example", 1, &before),
        ),
    ]
}

fn lists() -> Vec<Case> {
    let seventh = root().sign(TRUST_TYP, &trust().compact());
    let list = |name: &str, version| {
        let installed = InstalledList { version, identity: digest(b"another list") };
        let place = PlaceFacts { trust_list: Some(installed), ..PlaceFacts::default() };
        refuse(name, "trust-list-older", seventh.file()).trust_list(ROOTS).at(place)
    };
    vec![
        list("an-earlier-trust-list-than-the-installed-one", 8),
        list("another-trust-list-of-the-installed-version", 7),
    ]
}
