//! What an administrator's exemption from the lockout must not buy, and the number that is consented to.

use super::{change, consenting, effect, outcome, to};
use crate::change_set::{Act, ChangeSet, Mode, Operation};
use crate::permit::Delta;
use crate::sample::{Organization, archived, disabled, member, member_id, role, seats, user_type};
use crate::{MemberFacts, Refusal};

fn act(number: u128, act: Act) -> Operation {
    Operation::act(member_id(number), act)
}

/// Creator is over by two; three administrators.
fn over() -> Organization {
    let mut organization = Organization::at_capacity().with_seats("creator", seats(7, 0, 4));
    organization.administrators = 3;
    organization
}

fn refused() -> Result<(), Refusal> {
    Err(Refusal::AdministratorInOverType { user_type: user_type("creator") })
}

#[test]
fn an_administrator_is_disabled_and_enabled_where_he_sits_over_or_not() {
    let tx = ();
    let facts = over().facts(&tx);
    let ana = member(&tx, 3, "creator", "administrator");
    let off =
        outcome(&facts, &[member(&tx, 3, "creator", "administrator")], &change(vec![act(3, Act::Disable)])).unwrap();
    assert_eq!((off.administrators, off.deltas[&user_type("creator")]), (-1, Delta::default()));
    let on = outcome(&facts, &[disabled(&tx, &ana)], &change(vec![act(3, Act::Enable)])).unwrap();
    assert_eq!((on.administrators, on.deltas[&user_type("creator")]), (1, Delta::default()));
    assert_eq!(on.plan.types, [effect("creator", [7, 7, 5, 4])]);
}

#[test]
fn nobody_gets_the_role_or_the_seat_of_an_administrator_in_a_type_that_stays_over() {
    let tx = ();
    let facts = over().facts(&tx);
    let promote = |number| Operation::set(member_id(number), None, Some(role("administrator")));
    let user = |number| member(&tx, number, "creator", "user");
    let ana = |number, user| member(&tx, number, user, "administrator");
    let cases: Vec<(&str, Vec<MemberFacts<'_>>, Vec<Operation>)> = vec![
        ("promoted", vec![user(1)], vec![promote(1)]),
        ("promoted while disabled", vec![disabled(&tx, &user(1))], vec![promote(1)]),
        (
            "promoted and enabled",
            vec![disabled(&tx, &user(1))],
            vec![Operation { act: Some(Act::Enable), ..promote(1) }],
        ),
        ("promoted for another's seat", vec![user(1), user(2)], vec![promote(1), to(2, "viewer", "viewer")]),
        ("promoted for another's end", vec![user(1), user(2)], vec![act(2, Act::Delete), promote(1)]),
        (
            "exchanged in",
            vec![ana(1, "storyteller"), user(2)],
            vec![to(1, "creator", "administrator"), act(2, Act::Archive)],
        ),
        ("exchanged for one", vec![user(1), ana(2, "creator")], vec![promote(1), act(2, Act::Archive)]),
        ("demoted and promoted", vec![user(1), ana(2, "creator")], vec![promote(1), to(2, "creator", "user")]),
    ];
    for (case, whom, operations) in cases {
        assert_eq!(outcome(&facts, &whom, &change(operations)).map(|_| ()), refused(), "{case}");
    }
}

#[test]
fn step_by_step_in_one_partial_change_the_exemption_is_no_cheaper() {
    let tx = ();
    let mut organization = Organization::at_capacity().with_seats("creator", seats(6, 0, 4));
    organization.administrators = 2;
    let facts = organization.facts(&tx);
    let whom =
        [member(&tx, 1, "creator", "user"), member(&tx, 2, "creator", "user"), member(&tx, 3, "viewer", "viewer")];
    let promote = Operation::set(member_id(1), None, Some(role("administrator")));
    let partly = |operations| ChangeSet { mode: Mode::Partial, ..change(operations) };
    let set = partly(vec![promote.clone(), act(2, Act::Archive), to(3, "creator", "user")]);
    let grant = outcome(&facts, &whom, &set).unwrap();
    let named: Vec<_> = grant.plan.refused.iter().map(|one| (one.operation, one.refusal.code().row().name)).collect();
    assert_eq!(named, [(0, "administrator-in-over-type"), (2, "seat-limit-reached")]);
    let grant = outcome(&facts, &whom, &partly(vec![act(2, Act::Archive), promote])).unwrap();
    assert_eq!((grant.plan.refused.len(), grant.administrators), (0, 1));
}

#[test]
fn an_administrator_may_leave_a_type_that_is_over_and_an_ordinary_member_take_the_place() {
    let tx = ();
    let facts = over().with_storytellers().facts(&tx);
    let whom = [member(&tx, 3, "creator", "administrator"), member(&tx, 1, "viewer", "viewer")];
    let set = change(vec![to(3, "storyteller", "administrator"), to(1, "creator", "user")]);
    let grant = outcome(&facts, &whom, &set).unwrap();
    assert_eq!(grant.deltas[&user_type("creator")], Delta { assigned: 0, lockable: 1 });
    assert_eq!(grant.plan.types[1], effect("creator", [7, 7, 5, 5]));
    assert_eq!(grant.administrators, 0);
}

impl Organization {
    fn with_storytellers(self) -> Self {
        self.with_licensed("storyteller", 2)
    }
}

#[test]
fn the_number_consented_to_is_of_the_enabled_who_are_no_administrators_in_the_end() {
    let tx = ();
    let viewer = |number| member(&tx, number, "viewer", "viewer");
    let into = |number| to(number, "creator", "user");
    let facts = |count| Organization::at_capacity().with_seats("creator", count).facts(&tx);
    let cases = [
        ("an enabled one enters", seats(5, 0, 4), vec![viewer(1)], vec![into(1)], 5),
        ("a disabled one enters", seats(5, 0, 4), vec![disabled(&tx, &viewer(1))], vec![into(1)], 4),
        (
            "disabled as he enters",
            seats(5, 0, 4),
            vec![viewer(1)],
            vec![Operation { act: Some(Act::Disable), ..into(1) }],
            4,
        ),
        ("all the others disabled", seats(5, 0, 0), vec![viewer(1)], vec![into(1)], 1),
        ("nobody is hit", seats(5, 0, 0), vec![disabled(&tx, &viewer(1))], vec![into(1)], 0),
        (
            "another disabled in the same change",
            seats(5, 0, 4),
            vec![viewer(1), member(&tx, 2, "creator", "user")],
            vec![into(1), act(2, Act::Disable)],
            4,
        ),
        (
            "an administrator demoted in the same change",
            seats(5, 0, 3),
            vec![viewer(1), member(&tx, 2, "creator", "administrator")],
            vec![into(1), to(2, "creator", "user")],
            5,
        ),
        (
            "an archived one is no number",
            seats(4, 0, 3),
            vec![viewer(1), viewer(2), archived(&tx, &member(&tx, 3, "creator", "user"))],
            vec![into(1), into(2), act(3, Act::Archive)],
            5,
        ),
    ];
    for (case, count, whom, operations, number) in cases {
        let mut organization = Organization::at_capacity().with_seats("creator", count);
        organization.administrators = 2;
        let facts_now = organization.facts(&tx);
        let needed = Refusal::OneOverNeedsConsent { locked_out: [(user_type("creator"), number)].into() };
        assert_eq!(outcome(&facts_now, &whom, &change(operations.clone())), Err(needed), "{case}");
        let grant = outcome(&facts_now, &whom, &consenting(operations.clone(), "creator", number)).unwrap();
        let shown = grant.plan.types.iter().find(|one| one.id == user_type("creator")).unwrap();
        assert_eq!((shown.after, shown.locked_out), (6, number), "{case}");
    }
    assert!(outcome(&facts(seats(4, 0, 3)), &[viewer(1)], &change(vec![into(1)])).is_ok());
}

#[test]
fn counts_at_the_end_of_the_numbers_are_refused_and_never_wrap() {
    let tx = ();
    let viewer = [member(&tx, 1, "viewer", "viewer")];
    let into = change(vec![to(1, "creator", "user")]);
    for count in
        [seats(5, u64::MAX, 4), seats(u64::MAX, 0, 4), seats(u64::MAX, u64::MAX, u64::MAX), seats(4, u64::MAX, 0)]
    {
        let facts = Organization::at_capacity().with_seats("creator", count).facts(&tx);
        for mode in [Mode::Atomic, Mode::Partial] {
            let set = ChangeSet { mode, ..into.clone() };
            assert!(outcome(&facts, &viewer, &set).is_err(), "{count:?}, {mode:?}");
        }
    }
    let all =
        Organization::at_capacity().with_licensed("creator", u64::MAX).with_seats("creator", seats(u64::MAX, 0, 0));
    for mode in [Mode::Atomic, Mode::Partial] {
        let set = ChangeSet { mode, ..into.clone() };
        assert!(outcome(&all.facts(&tx), &viewer, &set).is_err(), "{mode:?}");
    }
    let most = Organization::at_capacity().with_licensed("creator", u64::MAX).facts(&tx);
    assert!(outcome(&most, &viewer, &into).is_ok());
}
