//! Add-ons and extensions in change sets: who can hold what, how many there are, and what products in use that ends.

use std::collections::{BTreeMap, BTreeSet};

use entitlement::{AddOnId, ProductId};

use super::{change, decide_as, outcome, to};
use crate::change_set::{Act, ChangeSet, Mode, Operation};
use crate::permit::{AddOnMoves, ChangeGrant};
use crate::plan::AddOnEffect;
use crate::refusal::{ProductRefusal, Rule};
use crate::sample::{Organization, actor_in, actor_with, member, member_id, now, user_type};
use crate::{Brand, CheckedOut, Facts, MemberFacts, MemberRow, ProductUse, Refusal};

const STANDARD: &str = "arcgis-pro-standard";
const ADVANCED: &str = "arcgis-pro-advanced";
const EXTENSION: &str = "arcgis-pro-extension";
const INSIGHTS: &str = "arcgis-insights";

fn add_on(id: &str) -> AddOnId {
    AddOnId::parse(id).unwrap()
}

fn ids(of: &[&str]) -> BTreeSet<AddOnId> {
    of.iter().map(|id| add_on(id)).collect()
}

fn moving(number: u128, assign: &[&str], unassign: &[&str]) -> Operation {
    Operation::add_ons(member_id(number), AddOnMoves { assign: ids(assign), unassign: ids(unassign) })
}

fn numbers(of: &[(&str, u64)]) -> BTreeMap<AddOnId, u64> {
    of.iter().map(|(id, number)| (add_on(id), *number)).collect()
}

/// An organization with room in every user type, and these add-ons licensed and assigned.
fn with(licensed: &[(&str, u64)], assigned: &[(&str, u64)]) -> Organization {
    let mut organization = Organization::at_capacity()
        .with_licensed("viewer", 30)
        .with_licensed("creator", 9)
        .with_licensed("gis-pro-basic", 9);
    organization.licensed_add_ons = numbers(licensed);
    organization.assigned_add_ons = numbers(assigned);
    organization
}

/// A Creator with these add-ons.
fn creator<'tx>(tx: &'tx (), number: u128, add_ons: &[&str]) -> MemberFacts<'tx> {
    of_type(tx, number, "creator", add_ons)
}

fn of_type<'tx>(tx: &'tx (), number: u128, user: &str, add_ons: &[&str]) -> MemberFacts<'tx> {
    let row = member(tx, number, user, "viewer").row().clone();
    MemberFacts::read_in(Brand::of(tx), MemberRow { add_ons: ids(add_ons), ..row })
}

fn using<'tx>(tx: &'tx (), facts: &MemberFacts<'_>, in_use: ProductUse) -> MemberFacts<'tx> {
    MemberFacts::read_in(Brand::of(tx), MemberRow { in_use, ..facts.row().clone() })
}

fn pro() -> ProductId {
    ProductId::parse("arcgis-pro").unwrap()
}

fn incompatible(add_on_id: &str, rule: Rule) -> Refusal {
    ProductRefusal::Incompatible { add_on: add_on(add_on_id), username: "member-1".to_owned(), rule }.into()
}

fn limit(id: &str, licensed: u64, assigned: u64) -> Refusal {
    ProductRefusal::AddOnLimit { add_on: add_on(id), licensed, assigned }.into()
}

fn one<'tx>(facts: &Facts<'tx>, whom: &MemberFacts<'tx>, operation: Operation) -> Result<ChangeGrant, Refusal> {
    outcome(facts, std::slice::from_ref(whom), &change(vec![operation]))
}

#[test]
fn the_last_licence_is_assigned_and_the_next_is_refused_with_the_numbers() {
    let tx = ();
    let facts = with(&[(STANDARD, 2)], &[(STANDARD, 1)]).facts(&tx);
    let grant = one(&facts, &creator(&tx, 1, &[]), moving(1, &[STANDARD], &[])).unwrap();
    assert_eq!(grant.add_ons, BTreeMap::from([(add_on(STANDARD), 1)]));
    assert_eq!(grant.plan.add_ons, [AddOnEffect { id: add_on(STANDARD), before: 1, after: 2, licensed: 2 }]);
    assert_eq!((grant.plan.members[0].assigns.clone(), grant.plan.members[0].unassigns.len()), (ids(&[STANDARD]), 0));
    assert_eq!(grant.moves[0].add_ons, AddOnMoves { assign: ids(&[STANDARD]), unassign: ids(&[]) });
    let full = with(&[(STANDARD, 2)], &[(STANDARD, 2)]).facts(&tx);
    assert_eq!(one(&full, &creator(&tx, 1, &[]), moving(1, &[STANDARD], &[])), Err(limit(STANDARD, 2, 2)));
    let none = with(&[], &[]).facts(&tx);
    assert_eq!(one(&none, &creator(&tx, 1, &[]), moving(1, &[INSIGHTS], &[])), Err(limit(INSIGHTS, 0, 0)));
}

#[test]
fn a_licence_passes_from_one_to_another_in_one_step_and_what_is_over_assigned_may_fall() {
    let tx = ();
    let full = with(&[(STANDARD, 1)], &[(STANDARD, 1)]).facts(&tx);
    let both = [creator(&tx, 1, &[STANDARD]), creator(&tx, 2, &[])];
    let exchange = change(vec![moving(1, &[], &[STANDARD]), moving(2, &[STANDARD], &[])]);
    assert_eq!(outcome(&full, &both, &exchange).unwrap().add_ons, BTreeMap::from([(add_on(STANDARD), 0)]));
    let negative = with(&[(STANDARD, 1)], &[(STANDARD, 3)]).facts(&tx);
    assert!(outcome(&negative, &both, &exchange).is_ok());
    assert!(one(&negative, &creator(&tx, 1, &[STANDARD]), moving(1, &[], &[STANDARD])).is_ok());
    assert_eq!(one(&negative, &creator(&tx, 2, &[]), moving(2, &[STANDARD], &[])), Err(limit(STANDARD, 1, 3)));
}

#[test]
fn each_of_the_rules_about_who_can_hold_what_is_told_with_its_way_out() {
    let tx = ();
    let facts = with(&[(STANDARD, 9), (ADVANCED, 9), (EXTENSION, 9), (INSIGHTS, 9)], &[]).facts(&tx);
    let gis = || user_type("gis-pro-basic");
    for (user, held, assign, unassign, answer) in [
        ("creator", &[][..], &[STANDARD, EXTENSION][..], &[][..], Ok(())),
        ("creator", &[STANDARD], &[EXTENSION, INSIGHTS], &[], Ok(())),
        ("gis-pro-basic", &[], &[EXTENSION], &[], Ok(())),
        ("creator", &[STANDARD, EXTENSION], &[], &[STANDARD, EXTENSION], Ok(())),
        ("creator", &[STANDARD], &[ADVANCED], &[STANDARD], Ok(())),
        (
            "viewer",
            &[],
            &[STANDARD],
            &[],
            Err(incompatible(STANDARD, Rule::UserType { user_type: user_type("viewer") })),
        ),
        ("gis-pro-basic", &[], &[STANDARD], &[], Err(incompatible(STANDARD, Rule::Included { user_type: gis() }))),
        ("creator", &[], &[EXTENSION], &[], Err(incompatible(EXTENSION, Rule::Requires { product: pro() }))),
        (
            "creator",
            &[STANDARD, EXTENSION],
            &[],
            &[STANDARD],
            Err(incompatible(EXTENSION, Rule::Requires { product: pro() })),
        ),
        (
            "creator",
            &[ADVANCED],
            &[STANDARD],
            &[],
            Err(incompatible(STANDARD, Rule::Another { add_on: add_on(ADVANCED) })),
        ),
        ("creator", &[], &["arcgis-velocity"], &[], Err(incompatible("arcgis-velocity", Rule::Organization))),
    ] {
        let whom = of_type(&tx, 1, user, held);
        let decided = one(&facts, &whom, moving(1, assign, unassign)).map(|_| ());
        assert_eq!(decided, answer, "{user} {held:?} + {assign:?} - {unassign:?}");
    }
}

#[test]
fn another_user_type_keeps_what_fits_and_names_what_does_not() {
    let tx = ();
    let facts = with(&[(STANDARD, 1), (EXTENSION, 1)], &[(STANDARD, 1), (EXTENSION, 1)]).facts(&tx);
    let whom = creator(&tx, 1, &[STANDARD, EXTENSION]);
    let gis = || Operation { set_user_type: Some(user_type("gis-pro-basic")), ..to(1, "creator", "viewer") };
    let included = Rule::Included { user_type: user_type("gis-pro-basic") };
    assert_eq!(one(&facts, &whom, gis()), Err(incompatible(STANDARD, included)));
    // Pro comes with the user type then: the add-on is free again, and the extension stays (A-ADD-7).
    let freed = Operation { add_ons: AddOnMoves { assign: ids(&[]), unassign: ids(&[STANDARD]) }, ..gis() };
    assert_eq!(one(&facts, &whom, freed).unwrap().add_ons, BTreeMap::from([(add_on(STANDARD), -1)]));
    let viewer = to(1, "viewer", "viewer");
    let misfit = incompatible(EXTENSION, Rule::UserType { user_type: user_type("viewer") });
    assert_eq!(one(&facts, &whom, viewer), Err(misfit));
    // Becoming a Creator assigns nothing by itself (S52).
    let back = one(&facts, &of_type(&tx, 1, "gis-pro-basic", &[]), to(1, "creator", "viewer")).unwrap();
    assert!(back.add_ons.is_empty() && back.moves[0].add_ons.is_empty());
}

#[test]
fn who_is_archived_or_deleted_gives_every_licence_back() {
    let tx = ();
    let facts = with(&[(STANDARD, 1)], &[(STANDARD, 1), (EXTENSION, 1)]).facts(&tx);
    let whom = creator(&tx, 1, &[STANDARD, EXTENSION]);
    for act in [Act::Archive, Act::Delete] {
        let grant = one(&facts, &whom, Operation::act(member_id(1), act)).unwrap();
        assert_eq!(grant.add_ons, BTreeMap::from([(add_on(STANDARD), -1), (add_on(EXTENSION), -1)]));
        assert_eq!(grant.plan.members[0].unassigns, ids(&[STANDARD, EXTENSION]), "{act:?}");
    }
}

#[test]
fn a_checkout_stands_in_the_way_until_it_is_released_and_a_session_is_told_to_end() {
    let tx = ();
    let facts = with(&[(STANDARD, 1), (INSIGHTS, 1)], &[(STANDARD, 1)]).facts(&tx);
    let until = now().plus_seconds(86_400);
    let out = CheckedOut { product: pro(), device_name: "TABLET-3".to_owned(), until };
    let in_use = ProductUse { sessions: vec![pro(), pro()], checkouts: vec![out] };
    let whom = using(&tx, &creator(&tx, 1, &[STANDARD]), in_use);
    let refused: Refusal = ProductRefusal::CheckedOut {
        username: "member-1".to_owned(),
        product: pro(),
        device_name: "TABLET-3".to_owned(),
        until,
    }
    .into();
    for operation in [moving(1, &[], &[STANDARD]), Operation::act(member_id(1), Act::Archive)] {
        assert_eq!(one(&facts, &whom, operation.clone()), Err(refused.clone()));
        let released = one(&facts, &whom, Operation { release_checkouts: true, ..operation }).unwrap();
        assert_eq!(released.moves[0].releases, BTreeSet::from([pro()]));
        assert_eq!(released.moves[0].ends_sessions_of, BTreeSet::from([pro()]));
        assert_eq!(released.plan.members[0].ends_sessions_of, [pro(), pro()]);
    }
    // What the product does not depend on is free to move.
    let other = one(&facts, &whom, moving(1, &[INSIGHTS], &[])).unwrap();
    assert!(other.moves[0].releases.is_empty() && other.moves[0].ends_sessions_of.is_empty());
    assert!(other.plan.members[0].ends_sessions_of.is_empty());
}

#[test]
fn managing_licenses_is_what_it_takes_and_it_moves_nothing_else() {
    let tx = ();
    let facts = with(&[(STANDARD, 9)], &[]).facts(&tx);
    let whom = [creator(&tx, 1, &[])];
    let assign = change(vec![moving(1, &[STANDARD], &[])]);
    let manager = actor_with(&["admin.members.manage_licenses"]);
    let decided = |actor: &crate::Actor, set: &ChangeSet| decide_as(&facts, actor, &whom, set).map(|_| ());
    assert_eq!(decided(&manager, &assign), Ok(()));
    let missing = |privilege| Err(Refusal::PrivilegeMissing { privilege });
    assert_eq!(decided(&actor_in("facilitator"), &assign), missing("admin.members.manage_licenses"));
    let with_role =
        change(vec![Operation { set_role: to(1, "creator", "user").set_role, ..moving(1, &[STANDARD], &[]) }]);
    assert_eq!(decided(&manager, &with_role), missing("admin.members.change_roles"));
}

#[test]
fn in_part_as_many_are_assigned_as_there_are() {
    let tx = ();
    let facts = with(&[(STANDARD, 2)], &[]).facts(&tx);
    let whom: Vec<MemberFacts<'_>> = (1..=4).map(|number| creator(&tx, number, &[])).collect();
    let operations = (1..=4).map(|number| moving(number, &[STANDARD], &[])).collect();
    let set = ChangeSet { mode: Mode::Partial, ..change(operations) };
    let grant = outcome(&facts, &whom, &set).unwrap();
    assert_eq!(grant.moves.len(), 2);
    let refused: Vec<(usize, Refusal)> =
        grant.plan.refused.into_iter().map(|blocker| (blocker.operation, blocker.refusal)).collect();
    assert_eq!(refused, [(2, limit(STANDARD, 2, 2)), (3, limit(STANDARD, 2, 2))]);
}

#[test]
fn an_unknown_add_on_is_answered_with_those_that_there_are_and_a_lost_one_is_let_go() {
    let tx = ();
    let facts = with(&[(STANDARD, 9)], &[("of-yesterday", 1)]).facts(&tx);
    let unknown = one(&facts, &creator(&tx, 1, &[]), moving(1, &["arcgis-pro-gold"], &[]));
    let Err(Refusal::Product(ProductRefusal::UnknownAddOn { asked, known })) = unknown else { panic!("{unknown:?}") };
    assert_eq!((asked, known.len()), (add_on("arcgis-pro-gold"), 8));
    let lost = one(&facts, &creator(&tx, 1, &["of-yesterday"]), moving(1, &[], &["of-yesterday"])).unwrap();
    assert_eq!(lost.add_ons, BTreeMap::from([(add_on("of-yesterday"), -1)]));
}
