use entitlement::Policy;

use super::CheckoutState::{Out, Released, Returned};
use super::{Checkout, CheckoutFacts, CheckoutState, Conditions, all_out_until, check_in, check_out, is_not_elsewhere};
use crate::Refusal;
use crate::refusal::ProductRefusal;
use crate::sample::now;

const DAY: i64 = 86_400;

const ALL_GOOD: Conditions = Conditions {
    held_until: None,
    is_bound: true,
    product_allows: true,
    organization_allows: true,
    most_days: None,
    license_ends: None,
    all_out_until: None,
};

fn checkout(device: &str, state: CheckoutState, seconds_left: i64) -> CheckoutFacts {
    CheckoutFacts {
        id: format!("out-{device}"),
        device: device.to_owned(),
        device_name: device.to_uppercase(),
        until: now().plus_seconds(seconds_left),
        state,
    }
}

fn checked_out(checkouts: &[CheckoutFacts], device: &str, conditions: Conditions) -> Result<Checkout, Refusal> {
    check_out(Policy::default(), now(), checkouts, (device, conditions))
}

fn elsewhere(device_name: &str, seconds_left: i64, state: CheckoutState) -> Refusal {
    let until = now().plus_seconds(seconds_left);
    let released = state == Released;
    ProductRefusal::OfflineElsewhere { device_name: device_name.to_owned(), until, released }.into()
}

#[test]
fn a_lease_ends_with_the_days_of_the_file_or_of_the_organization_or_with_the_licence() {
    let ends = |days: i64| Ok(Checkout::New { until: now().plus_seconds(days * DAY) });
    let at = |days: i64| Some(now().plus_seconds(days * DAY));
    for (conditions, answer) in [
        (ALL_GOOD, ends(30)),
        (Conditions { most_days: Some(7), ..ALL_GOOD }, ends(7)),
        (Conditions { most_days: Some(90), ..ALL_GOOD }, ends(30)),
        (Conditions { license_ends: at(3), ..ALL_GOOD }, ends(3)),
        (Conditions { license_ends: at(300), most_days: Some(10), ..ALL_GOOD }, ends(10)),
    ] {
        assert_eq!(checked_out(&[], "a", conditions), answer, "{conditions:?}");
    }
}

#[test]
fn offline_use_needs_a_bound_file_and_everybodys_leave() {
    let disabled = Err(ProductRefusal::OfflineDisabled.into());
    let not_bound = Conditions { is_bound: false, ..ALL_GOOD };
    assert_eq!(checked_out(&[], "a", not_bound), Err(ProductRefusal::NotBound.into()));
    assert_eq!(checked_out(&[], "a", Conditions { product_allows: false, ..ALL_GOOD }), disabled);
    assert_eq!(checked_out(&[], "a", Conditions { organization_allows: false, ..ALL_GOOD }), disabled);
    let policy = Policy { offline: false, ..Policy::default() };
    assert_eq!(check_out(policy, now(), &[], ("a", ALL_GOOD)), disabled);
    // A lease of no days is none.
    let policy = Policy { offline_days: 0, ..Policy::default() };
    assert_eq!(check_out(policy, now(), &[], ("a", ALL_GOOD)), disabled);
}

#[test]
fn one_computer_has_it_at_a_time_and_a_released_lease_is_waited_for() {
    let new = Ok(Checkout::New { until: now().plus_seconds(30 * DAY) });
    for (before, answer) in [
        (checkout("a", Out, 5), Err(elsewhere("A", 5, Out))),
        (checkout("a", Out, 0), new.clone()),
        (checkout("a", Returned, 5), new.clone()),
        (checkout("a", Released, 5), Err(elsewhere("A", 5, Released))),
        (checkout("a", Released, 0), new.clone()),
    ] {
        assert_eq!(checked_out(std::slice::from_ref(&before), "b", ALL_GOOD), answer, "{before:?}");
    }
    // Given back, and out again on the same computer.
    assert_eq!(checked_out(&[checkout("a", Returned, 5)], "a", ALL_GOOD), new);
}

#[test]
fn while_as_many_leases_run_as_there_are_licences_no_other_is_given() {
    let all_out = Conditions { all_out_until: Some(now().plus_seconds(DAY)), ..ALL_GOOD };
    let refused = ProductRefusal::AllOffline { until: now().plus_seconds(DAY) };
    assert_eq!(checked_out(&[], "a", all_out), Err(refused.into()));
    assert_eq!(checked_out(&[checkout("a", Released, 60)], "a", all_out), Err(elsewhere("A", 60, Released)));
    let again = Ok(Checkout::Again { id: "out-a".to_owned() });
    assert_eq!(checked_out(&[checkout("a", Out, 60)], "a", all_out), again);
}

#[test]
fn who_has_it_gets_the_same_again_whatever_was_switched_off() {
    let again = Ok(Checkout::Again { id: "out-a".to_owned() });
    let off = Conditions { organization_allows: false, is_bound: false, ..ALL_GOOD };
    assert_eq!(checked_out(&[checkout("a", Out, 5)], "a", ALL_GOOD), again);
    assert_eq!(checked_out(&[checkout("a", Out, 5)], "a", off), again);
    assert_eq!(checked_out(&[checkout("a", Released, 5)], "a", ALL_GOOD), Err(elsewhere("A", 5, Released)));
}

#[test]
fn online_use_elsewhere_waits_while_the_lease_is_out_and_not_once_it_is_released() {
    let out = [checkout("a", Out, 5)];
    assert_eq!(is_not_elsewhere(now(), &out, "a"), Ok(()));
    assert_eq!(is_not_elsewhere(now(), &out, "b"), Err(elsewhere("A", 5, Out)));
    for over in [checkout("a", Out, 0), checkout("a", Released, 5), checkout("a", Returned, 5)] {
        assert_eq!(is_not_elsewhere(now(), &[over], "b"), Ok(()));
    }
}

#[test]
fn a_checkout_comes_home_by_its_own_computer_and_a_released_one_by_its_signature_only() {
    let home = |state, device| check_in(&checkout("a", state, DAY), device);
    assert_eq!((home(Out, "a"), home(Returned, "a")), (Ok(true), Ok(false)));
    for state in [Out, Returned, Released] {
        assert_eq!(home(state, "A"), Err(ProductRefusal::AnotherComputer.into()));
    }
    let until = now().plus_seconds(DAY);
    let released = ProductRefusal::OfflineElsewhere { device_name: "A".to_owned(), until, released: true };
    assert_eq!(home(Released, "a"), Err(released.into()));
}

#[test]
fn all_are_out_when_as_many_leases_run_as_there_are_licences_until_the_first_ends() {
    let ends = [3, 1, 2].map(|days| now().plus_seconds(days * DAY));
    assert_eq!([4, 3, 2].map(|licences| all_out_until(&ends, licences)), [None, Some(ends[1]), Some(ends[1])]);
    assert_eq!(all_out_until(&[], 0), None);
}

#[test]
fn after_a_restore_nothing_goes_offline_before_the_last_unknown_lease_has_ended_or_an_administrator_says_so() {
    let held = |seconds: i64| {
        let until = now().plus_seconds(seconds);
        (until, checked_out(&[], "a", Conditions { held_until: Some(until), ..ALL_GOOD }))
    };
    let (until, refused) = held(1);
    assert_eq!(refused, Err(ProductRefusal::Held { until }.into()));
    assert!(matches!(held(0).1, Ok(Checkout::New { .. })));
    let tx = ();
    let facts = crate::sample::Organization::at_capacity().facts(&tx);
    assert!(super::acknowledge(&facts, &crate::Actor::console()).is_ok());
    let manager = crate::sample::actor_with(&["admin.members.manage_licenses"]);
    let reserved = crate::Refusal::ReservedToAdministrators { act: "say that no product is offline" };
    assert_eq!(super::acknowledge(&facts, &manager).unwrap_err(), reserved);
}
