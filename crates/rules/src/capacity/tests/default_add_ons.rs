use std::collections::BTreeSet;

use entitlement::AddOnId;

use super::asked;
use crate::Refusal;
use crate::capacity::register;
use crate::defaults::{NewMemberDefaults, fault};
use crate::refusal::{ProductRefusal, Rule};
use crate::sample::{Organization, actor_in, seats, user_type};

const STANDARD: &str = "arcgis-pro-standard";
const BASIC: &str = "arcgis-pro-basic";
const EXTENSION: &str = "arcgis-pro-extension";

fn ids(names: &[&str]) -> BTreeSet<AddOnId> {
    names.iter().map(|name| name.parse().unwrap()).collect()
}

#[test]
fn a_default_add_on_is_given_where_it_fits_and_one_is_free_and_keeps_nobody_out() {
    let tx = ();
    for (case, of, pro, extension, given) in [
        ("the example of S56", "creator", (2, 1), (2, 1), vec![EXTENSION, STANDARD]),
        ("no Pro license is free, and so its extension is of no use", "creator", (2, 2), (2, 1), vec![]),
        ("no extension is free", "creator", (2, 1), (1, 1), vec![STANDARD]),
        ("more are assigned than licensed", "creator", (1, 3), (9, 0), vec![]),
        ("Pro comes with the user type", "gis-pro-standard", (2, 1), (2, 1), vec![EXTENSION]),
        ("the user type admits neither", "viewer", (2, 1), (2, 1), vec![]),
    ] {
        let mut organization = Organization::at_capacity();
        for one in ["creator", "gis-pro-standard", "viewer"] {
            organization = organization.with_licensed(one, 30).with_seats(one, seats(5, 0, 4));
        }
        for (id, (licensed, assigned)) in [(STANDARD, pro), (EXTENSION, extension)] {
            organization.licensed_add_ons.insert(id.parse().unwrap(), licensed);
            organization.assigned_add_ons.insert(id.parse().unwrap(), assigned);
        }
        organization.defaults.add_ons = ids(&[STANDARD, EXTENSION]);
        let facts = organization.facts(&tx);
        let permit = register(&facts, &actor_in("administrator"), &asked(of, "viewer")).unwrap();
        assert_eq!(permit.grant().add_ons, ids(&given), "{case}");
    }
}

#[test]
fn defaults_that_cannot_be_held_together_or_by_the_default_user_type_are_not_saved() {
    let tx = ();
    let facts = Organization::at_capacity().with_licensed("creator", 9).facts(&tx);
    let wrong = |of: Option<&str>, names: &[&str]| {
        let user_type = of.map(user_type);
        fault(&facts, &NewMemberDefaults { user_type, add_ons: ids(names), ..NewMemberDefaults::default() })
    };
    let incompatible = |add_on: &str, rule: Rule| {
        let (add_on, username) = (add_on.parse().unwrap(), "A new member".to_owned());
        Some(Refusal::from(ProductRefusal::Incompatible { add_on, username, rule }))
    };
    assert_eq!(wrong(Some("creator"), &[STANDARD, EXTENSION]), None);
    // Without a user type nobody knows yet who gets it.
    assert_eq!(wrong(None, &[STANDARD]), None);
    assert_eq!(
        wrong(Some("viewer"), &[STANDARD]),
        incompatible(STANDARD, Rule::UserType { user_type: user_type("viewer") })
    );
    let another = Rule::Another { add_on: BASIC.parse().unwrap() };
    assert_eq!(wrong(Some("creator"), &[STANDARD, BASIC]), incompatible(STANDARD, another));
    let unknown = wrong(None, &["arcgis-pro-grand"]);
    assert!(matches!(unknown, Some(Refusal::Product(ProductRefusal::UnknownAddOn { .. }))), "{unknown:?}");
}
