use std::collections::{BTreeMap, BTreeSet};

use catalog::Catalog;
use entitlement::{AddOnId, Allotment, Policy, ProductId, UserTypeId};

use super::{
    Access, Ground, Holding, Shortfall, Source, access, access_now, dependents, licences, may_start, shortfalls,
};
use crate::Refusal;
use crate::refusal::ProductRefusal;
use crate::sample::user_type;

fn add_on(id: &str) -> AddOnId {
    AddOnId::parse(id).unwrap()
}

fn product(id: &str) -> ProductId {
    ProductId::parse(id).unwrap()
}

fn add_ons(ids: &[&str]) -> BTreeSet<AddOnId> {
    ids.iter().map(|id| add_on(id)).collect()
}

fn numbers(of: &[(&str, u64)]) -> BTreeMap<AddOnId, u64> {
    of.iter().map(|(id, number)| (add_on(id), *number)).collect()
}

fn licensed(types: &[(&str, u64)], of: &[(&str, u64)]) -> Allotment {
    let types: BTreeMap<UserTypeId, u64> = types.iter().map(|(id, number)| (user_type(id), *number)).collect();
    Allotment::from_counts(types, numbers(of), Policy::default(), 1)
}

fn of(id: &str, level: Option<&str>, source: Source, extensions: &[&str]) -> Access {
    Access { product: product(id), level: level.map(str::to_owned), source, extensions: add_ons(extensions) }
}

#[test]
fn pro_comes_with_gis_professional_and_by_add_on_to_creator_and_to_nobody_else() {
    let catalog = Catalog::arcgis();
    let pro = |user: &str, held: &[&str]| {
        let (user, held) = (user_type(user), add_ons(held));
        access(catalog, Holding { user_type: &user, add_ons: &held }, &product("arcgis-pro"))
    };
    let standard = Source::AddOn(add_on("arcgis-pro-standard"));
    let extension = ["arcgis-pro-extension"];
    assert_eq!(pro("gis-pro-advanced", &[]), Some(of("arcgis-pro", Some("advanced"), Source::Included, &[])));
    assert_eq!(pro("gis-pro-basic", &extension), Some(of("arcgis-pro", Some("basic"), Source::Included, &extension)));
    assert_eq!(pro("creator", &[]), None);
    assert_eq!(pro("creator", &extension), None);
    assert_eq!(
        pro("creator", &["arcgis-pro-standard", "arcgis-pro-extension"]),
        Some(of("arcgis-pro", Some("standard"), standard, &extension))
    );
    assert_eq!(pro("viewer", &["arcgis-pro-standard"]), None);
}

#[test]
fn an_extension_goes_with_the_product_that_it_extends() {
    let left = |user: &str, held: &[&str]| {
        let (user, held) = (user_type(user), add_ons(held));
        dependents(Catalog::arcgis(), Holding { user_type: &user, add_ons: &held })
    };
    let extension = "arcgis-pro-extension";
    assert_eq!(left("creator", &[extension, "arcgis-insights"]), add_ons(&[extension]));
    assert_eq!(left("creator", &["arcgis-pro-standard", extension]), add_ons(&[]));
    assert_eq!(left("gis-pro-basic", &[extension]), add_ons(&[]));
}

#[test]
fn what_is_over_assigned_is_named_in_catalog_order_with_its_numbers() {
    let allotment = licensed(&[], &[("arcgis-pro-standard", 2), ("arcgis-insights", 1)]);
    let assigned = numbers(&[
        ("of-another-catalog", 1),
        ("arcgis-insights", 1),
        ("arcgis-pro-extension", 1),
        ("arcgis-pro-standard", 3),
    ]);
    let short = |id: &str, assigned, licensed| Shortfall { add_on: add_on(id), assigned, licensed };
    let expected =
        [short("arcgis-pro-standard", 3, 2), short("arcgis-pro-extension", 1, 0), short("of-another-catalog", 1, 0)];
    assert_eq!(shortfalls(Catalog::arcgis(), &allotment, &assigned), expected);
    assert_eq!(shortfalls(Catalog::arcgis(), &allotment, &numbers(&[("arcgis-pro-standard", 2)])), []);
}

#[test]
fn while_anything_is_over_assigned_nobody_starts_any_product() {
    let allotment = licensed(&[("gis-pro-basic", 5), ("storyteller", 5)], &[("arcgis-insights", 1)]);
    let assigned = numbers(&[("arcgis-insights", 2)]);
    let ground = Ground { catalog: Catalog::arcgis(), allotment: &allotment, assigned: &assigned };
    let nothing = BTreeSet::new();
    for (user, wanted) in [("gis-pro-basic", "arcgis-pro"), ("storyteller", "arcgis-storymaps")] {
        let (user, wanted) = (user_type(user), product(wanted));
        let shortfalls = vec![Shortfall { add_on: add_on("arcgis-insights"), assigned: 2, licensed: 1 }];
        let refused = ProductRefusal::OverAssigned { product: wanted.clone(), shortfalls };
        let holding = Holding { user_type: &user, add_ons: &nothing };
        assert_eq!(may_start(ground, holding, &wanted), Err(refused.into()));
        let repaired = Ground { assigned: &numbers(&[("arcgis-insights", 1)]), ..ground };
        assert_eq!(may_start(repaired, holding, &wanted).map(|access| access.source), Ok(Source::Included));
    }
}

#[test]
fn without_a_licence_the_ways_to_one_are_named() {
    let allotment = licensed(&[("creator", 5)], &[]);
    let assigned = BTreeMap::new();
    let ground = Ground { catalog: Catalog::arcgis(), allotment: &allotment, assigned: &assigned };
    let (creator, nothing) = (user_type("creator"), BTreeSet::new());
    let holding = Holding { user_type: &creator, add_ons: &nothing };
    let expected = ProductRefusal::NotLicensed {
        product: product("arcgis-insights"),
        user_types: vec![user_type("insights-analyst")],
        add_ons: vec![add_on("arcgis-insights")],
    };
    assert_eq!(may_start(ground, holding, &product("arcgis-insights")), Err(expected.into()));
    // A user type that is not licensed now gives nothing that it includes.
    let analyst = user_type("insights-analyst");
    let ended = may_start(ground, Holding { user_type: &analyst, add_ons: &nothing }, &product("arcgis-insights"));
    assert!(matches!(ended, Err(Refusal::Product(ProductRefusal::NotLicensed { .. }))), "{ended:?}");
    for (licenses, has_it) in [(1, true), (0, false)] {
        let allotment = licensed(&[("insights-analyst", licenses)], &[]);
        let holding = Holding { user_type: &analyst, add_ons: &nothing };
        let found = access_now(Catalog::arcgis(), holding, (&product("arcgis-insights"), &allotment));
        assert_eq!(found.is_some(), has_it, "{licenses}");
    }
    let unknown = may_start(ground, holding, &product("arcgis-desktop"));
    let known = Catalog::arcgis().products().iter().map(|one| one.id.clone()).collect();
    assert_eq!(unknown, Err(ProductRefusal::UnknownProduct { asked: product("arcgis-desktop"), known }.into()));
}

#[test]
fn licences_of_a_level_are_those_of_its_add_ons_and_of_the_user_types_that_include_it() {
    let types = [("gis-pro-standard", 3), ("gis-pro-advanced", 5), ("creator", 9)];
    let allotment = licensed(&types, &[("arcgis-pro-standard", 2), ("arcgis-insights", 4)]);
    let of = |id: &str, level: Option<&str>| licences(Catalog::arcgis(), &allotment, (&product(id), level));
    assert_eq!((of("arcgis-pro", Some("standard")), of("arcgis-pro", Some("advanced"))), (5, 5));
    assert_eq!((of("arcgis-pro", Some("basic")), of("arcgis-pro", None), of("arcgis-insights", None)), (0, 0, 4));
}
