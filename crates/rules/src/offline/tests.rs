use entitlement::Policy;

use super::CheckoutState::{Out, Released, Returned};
use super::{Checkout, CheckoutFacts, CheckoutState, Conditions, check_out, is_not_elsewhere};
use crate::Refusal;
use crate::refusal::ProductRefusal;
use crate::sample::now;

const DAY: i64 = 86_400;

const ALL_GOOD: Conditions = Conditions {
    is_bound: true,
    product_allows: true,
    organization_allows: true,
    most_days: None,
    license_ends: None,
    leases: 1,
    licensed: 2,
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
fn no_more_leases_run_than_there_are_licences() {
    let limit = |licensed| Err(ProductRefusal::OfflineLimit { licensed }.into());
    for (leases, licensed) in [(2, 2), (3, 2), (0, 0)] {
        assert_eq!(checked_out(&[], "a", Conditions { leases, licensed, ..ALL_GOOD }), limit(licensed));
    }
    let out = checkout("a", Out, DAY);
    let again = checked_out(&[out], "a", Conditions { leases: 2, ..ALL_GOOD });
    assert_eq!(again, Ok(Checkout::Again { id: "out-a".to_owned() }));
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
