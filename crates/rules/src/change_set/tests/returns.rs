//! Planned returns, changes taken back, and plans given up.

use std::collections::{BTreeMap, BTreeSet};

use super::{change, consenting, decide_as, effect, outcome, seat, to};
use crate::MemberState::{Archived, Disabled, Enabled};
use crate::change_set::{Act, ChangeSet, Operation, PastChange, PastMove, PlannedReturn, cancel, dismiss, revert};
use crate::permit::{AddOnMoves, CancelGrant, DismissGrant, EndedReturn, Seat};
use crate::sample::{Organization, actor_with, archived, in_state, member, member_id, now, role, seats, user_type};
use crate::{Actor, Brand, ChangeId, Facts, MemberFacts, MemberRow, ProductUse, Refusal};

fn act(number: u128, act: Act) -> Operation {
    Operation::act(member_id(number), act)
}

fn until(seconds: i64, set: ChangeSet) -> ChangeSet {
    ChangeSet { revert_at: Some(now().plus_seconds(seconds)), ..set }
}

fn one(id: &str) -> BTreeMap<entitlement::UserTypeId, u64> {
    BTreeMap::from([(user_type(id), 1)])
}

/// The change of that number; the moves are from, to and whether the change is still the last one.
fn past<'tx>(tx: &'tx (), moves: &[(u128, Seat, Option<Seat>, bool)], planned: Option<EndedReturn>) -> PastChange<'tx> {
    past_with(tx, moves, planned.map_or(PlannedReturn::Nothing, PlannedReturn::Open))
}

fn past_with<'tx>(tx: &'tx (), moves: &[(u128, Seat, Option<Seat>, bool)], planned: PlannedReturn) -> PastChange<'tx> {
    let moves = moves.iter().cloned().map(|(number, from, to, is_last)| PastMove {
        member: member_id(number),
        username: format!("member-{number}"),
        from,
        to,
        add_ons: AddOnMoves::default(),
        is_last,
    });
    PastChange::read_in(Brand::of(tx), ChangeId::from_bits(5), moves.collect(), planned)
}

fn planned(id: &str) -> EndedReturn {
    EndedReturn { change: ChangeId::from_bits(5), reserves: one(id) }
}

fn holding<'tx>(tx: &'tx (), number: u128, held: &Seat) -> MemberFacts<'tx> {
    let Seat { user_type, role, state } = held.clone();
    let row = MemberRow {
        id: member_id(number),
        username: format!("member-{number}"),
        user_type,
        role,
        state,
        add_ons: BTreeSet::new(),
        in_use: ProductUse::default(),
    };
    MemberFacts::read_in(Brand::of(tx), row)
}

#[test]
fn a_return_lies_ahead() {
    let tx = ();
    let facts = Organization::at_capacity().facts(&tx);
    let whom = [member(&tx, 1, "viewer", "viewer")];
    for seconds in [-86_400, -1, 0] {
        let refused = Refusal::ReturnNotAhead { at: now().plus_seconds(seconds) };
        assert_eq!(outcome(&facts, &whom, &until(seconds, change(vec![act(1, Act::Archive)]))), Err(refused));
    }
    let grant = outcome(&facts, &whom, &until(1, change(vec![act(1, Act::Archive)]))).unwrap();
    assert_eq!(grant.plan.revert_at, Some(now().plus_seconds(1)));
}

#[test]
fn a_return_keeps_the_seats_that_are_left_and_an_exchange_keeps_none() {
    let tx = ();
    let facts = Organization::at_capacity().with_licensed("creator", 6).with_licensed("editor", 2).facts(&tx);
    let whom = [
        member(&tx, 1, "viewer", "viewer"),
        member(&tx, 2, "creator", "user"),
        member(&tx, 3, "viewer", "viewer"),
        archived(&tx, &member(&tx, 4, "viewer", "viewer")),
    ];
    let cases = [
        ("one moves", vec![to(1, "creator", "user")], one("viewer")),
        ("two exchange", vec![to(1, "creator", "user"), to(2, "viewer", "viewer")], BTreeMap::new()),
        ("one is archived", vec![act(1, Act::Archive)], one("viewer")),
        ("one is disabled", vec![act(1, Act::Disable)], BTreeMap::new()),
        ("a role changes", vec![to(2, "creator", "publisher")], BTreeMap::new()),
        (
            "two leave and one enters",
            vec![to(1, "creator", "user"), act(3, Act::Archive), to(2, "viewer", "viewer")],
            one("viewer"),
        ),
        ("one leaves and one is restored", vec![act(1, Act::Archive), act(4, Act::Restore)], BTreeMap::new()),
        ("two leave two types", vec![to(1, "editor", "viewer"), to(2, "editor", "viewer")], {
            let mut both = one("viewer");
            both.extend(one("creator"));
            both
        }),
        ("two leave one type", vec![act(1, Act::Archive), act(3, Act::Archive)], [(user_type("viewer"), 2)].into()),
    ];
    for (case, operations, reserves) in cases {
        let set = change(operations);
        let grant = outcome(&facts, &whom, &until(60, set.clone())).unwrap_or_else(|no| panic!("{case}: {no:?}"));
        assert_eq!((grant.plan.reserves, grant.ends), (reserves, None), "{case}");
        assert_eq!(outcome(&facts, &whom, &set).unwrap().plan.reserves, BTreeMap::new(), "{case}, for good");
    }
}

#[test]
fn what_no_return_gives_back_is_not_planned_to_return() {
    let tx = ();
    let mut organization = Organization::at_capacity().with_licensed("creator", 9).with_licensed("storyteller", 9);
    organization.administrators = 5;
    let facts = organization.facts(&tx);
    let administrator = Some(role("administrator"));
    let cases = [
        ("a deletion", "user", Enabled, act(1, Act::Delete), false),
        ("the end of an administrator's role", "administrator", Enabled, to(1, "creator", "user"), false),
        ("the same of a disabled one", "administrator", Disabled, to(1, "creator", "user"), false),
        ("an administrator disabled", "administrator", Enabled, act(1, Act::Disable), false),
        ("an administrator archived", "administrator", Enabled, act(1, Act::Archive), false),
        ("an administrator enabled", "administrator", Disabled, act(1, Act::Enable), true),
        ("an administrator restored", "administrator", Archived, act(1, Act::Restore), true),
        (
            "one restored as less",
            "administrator",
            Archived,
            Operation { act: Some(Act::Restore), ..to(1, "creator", "user") },
            false,
        ),
        ("an administrator moved", "administrator", Enabled, to(1, "storyteller", "administrator"), true),
        ("an administrator made", "user", Enabled, Operation::set(member_id(1), None, administrator), true),
        ("a member archived", "user", Enabled, act(1, Act::Archive), true),
    ];
    for (case, in_role, state, operation, returns) in cases {
        let whom = [in_state(&tx, &member(&tx, 1, "creator", in_role), state)];
        let answer = outcome(&facts, &whom, &until(60, change(vec![operation]))).map(|_| ());
        let refused = Err(Refusal::CannotReturn { username: "member-1".into() });
        assert_eq!(answer, if returns { Ok(()) } else { refused }, "{case}");
    }
}

#[test]
fn what_is_taken_back_is_exactly_what_was() {
    let tx = ();
    let facts = Organization::at_capacity().facts(&tx);
    let held = |state| seat("viewer", "viewer", state);
    let back = |act| Operation { act, ..to(1, "viewer", "viewer") };
    let cases = [
        (held(Enabled), seat("creator", "user", Enabled), back(None)),
        (held(Disabled), seat("creator", "user", Disabled), back(None)),
        (held(Enabled), held(Disabled), back(Some(Act::Disable)).enabling()),
        (held(Disabled), held(Enabled), back(Some(Act::Disable))),
        (held(Enabled), held(Archived), back(Some(Act::Restore))),
        (held(Disabled), held(Archived), back(Some(Act::RestoreDisabled))),
        (held(Archived), held(Enabled), back(Some(Act::ArchiveAgain))),
        (held(Disabled), seat("creator", "user", Enabled), back(Some(Act::Disable))),
    ];
    for (from, left, operation) in cases {
        let change_made = past(&tx, &[(1, from.clone(), Some(left.clone()), true)], None);
        let set = revert(&facts, &change_made, &[holding(&tx, 1, &left)]).unwrap();
        assert_eq!(set, change(vec![operation]), "{left:?} to {from:?}");
        let free = Organization::at_capacity().with_licensed("viewer", 99).with_licensed("creator", 99).facts(&tx);
        let grant = outcome(&free, &[holding(&tx, 1, &left)], &set).unwrap();
        assert_eq!((&grant.moves[0].from, &grant.moves[0].to), (&left, &Some(from.clone())), "{left:?} to {from:?}");
    }
}

impl Operation {
    fn enabling(self) -> Self {
        Self { act: Some(Act::Enable), ..self }
    }
}

#[test]
fn an_archived_member_restored_as_something_else_is_archived_again_as_what_he_was() {
    let tx = ();
    let (from, left) = (seat("viewer", "viewer", Archived), seat("creator", "publisher", Enabled));
    let facts = Organization::at_capacity().facts(&tx);
    let change_made = past(&tx, &[(1, from.clone(), Some(left.clone()), true)], None);
    let whom = [holding(&tx, 1, &left)];
    let grant = outcome(&facts, &whom, &revert(&facts, &change_made, &whom).unwrap()).unwrap();
    assert_eq!(grant.moves[0].to, Some(from));
    assert_eq!(grant.plan.types, [effect("creator", [5, 4, 5, 0])]);
}

#[test]
fn whoever_has_changed_since_is_named_and_nobody_is_moved() {
    let tx = ();
    let facts = Organization::at_capacity().facts(&tx);
    let (viewer, creator) = (seat("viewer", "viewer", Enabled), seat("creator", "user", Enabled));
    let moves = |is_last| {
        [
            (1, viewer.clone(), Some(creator.clone()), true),
            (2, creator.clone(), Some(viewer.clone()), is_last),
            (3, viewer.clone(), Some(creator.clone()), true),
        ]
    };
    let as_left = || [holding(&tx, 1, &creator), holding(&tx, 2, &viewer), holding(&tx, 3, &creator)];
    assert_eq!(revert(&facts, &past(&tx, &moves(true), None), &as_left()).unwrap().operations.len(), 3);
    let since = |names: &[&str]| {
        Err(Refusal::ChangedSince { usernames: names.iter().map(|name| (*name).to_owned()).collect() })
    };
    let [one, two, three] = as_left();
    assert_eq!(revert(&facts, &past(&tx, &moves(false), None), &[one, two, three]), since(&["member-2"]));
    let [one, two, _] = as_left();
    assert_eq!(revert(&facts, &past(&tx, &moves(true), None), &[one, two]), since(&["member-3"]), "deleted since");
    for other in [
        seat("storyteller", "user", Enabled),
        seat("creator", "publisher", Enabled),
        seat("creator", "user", Disabled),
        seat("creator", "user", Archived),
    ] {
        let [_, two, three] = as_left();
        let whom = [holding(&tx, 1, &other), two, three];
        assert_eq!(revert(&facts, &past(&tx, &moves(true), None), &whom), since(&["member-1"]), "{other:?}");
    }
    assert_eq!(revert(&facts, &past(&tx, &moves(true), None), &[]), since(&["member-1", "member-2", "member-3"]));
}

#[test]
fn what_cannot_be_given_back_is_refused_with_the_name() {
    let tx = ();
    let facts = Organization::at_capacity().facts(&tx);
    let held = |in_role, state| seat("creator", in_role, state);
    let cannot = Err(Refusal::CannotReturn { username: "member-1".into() });
    for (case, from, left) in [
        ("a deletion", held("user", Enabled), None),
        ("a deletion of an archived one", held("user", Archived), None),
        ("a demotion", held("administrator", Enabled), Some(held("user", Enabled))),
        ("a demotion of a disabled one", held("administrator", Disabled), Some(held("user", Disabled))),
        ("disabling", held("administrator", Enabled), Some(held("administrator", Disabled))),
        ("archiving", held("administrator", Enabled), Some(held("administrator", Archived))),
        ("restoring as less", held("administrator", Archived), Some(held("user", Enabled))),
    ] {
        let whom: Vec<_> = left.iter().map(|left| holding(&tx, 1, left)).collect();
        let made = past(&tx, &[(1, from, left, true)], None);
        assert_eq!(revert(&facts, &made, &whom).map(|_| ()), cannot, "{case}");
    }
    assert_eq!(revert(&facts, &past(&tx, &[], None), &[]), Err(Refusal::NothingToTakeBack));
    let promoted = past(&tx, &[(1, held("user", Enabled), Some(held("administrator", Enabled)), true)], None);
    let set = revert(&facts, &promoted, &[holding(&tx, 1, &held("administrator", Enabled))]).unwrap();
    assert_eq!(set, change(vec![to(1, "creator", "user")]));
}

/// One who went from Creator to Viewer, and returns.
fn coming_back<'tx>(tx: &'tx (), facts: &Facts<'tx>) -> ([MemberFacts<'tx>; 1], ChangeSet) {
    let (from, left) = (seat("creator", "user", Enabled), seat("viewer", "viewer", Enabled));
    let made = past(tx, &[(1, from, Some(left.clone()), true)], Some(planned("creator")));
    let set = revert(facts, &made, &[holding(tx, 1, &left)]).unwrap();
    ([holding(tx, 1, &left)], set)
}

#[test]
fn a_return_takes_the_seat_that_was_kept_for_it_and_nobody_elses() {
    let tx = ();
    for (count, answer) in [
        (seats(4, 1, 3), None),
        (seats(3, 2, 2), None),
        (seats(4, 2, 3), Some("seat-limit-reached")),
        (seats(5, 1, 4), Some("one-over-needs-consent")),
        (seats(6, 1, 4), Some("one-over-exhausted")),
    ] {
        let facts = Organization::at_capacity().with_seats("creator", count).facts(&tx);
        let (whom, set) = coming_back(&tx, &facts);
        let outcome = decide_as(&facts, &Actor::schedule(), &whom, &set);
        match (&outcome, answer) {
            (Ok(grant), None) => assert_eq!(grant.ends, Some(planned("creator")), "{count:?}"),
            (Err(refusal), Some(code)) => assert_eq!(refusal.code().row().name, code, "{count:?}"),
            (other, _) => panic!("{count:?}: {other:?}"),
        }
    }
    let facts = Organization::at_capacity().with_seats("creator", seats(4, 2, 3)).facts(&tx);
    let (whom, set) = coming_back(&tx, &facts);
    let full = Refusal::SeatLimitReached {
        user_type: user_type("creator"),
        licensed: 5,
        assigned: 4,
        reserved: 1,
        types_with_room: vec![],
    };
    assert_eq!(decide_as(&facts, &Actor::schedule(), &whom, &set), Err(full));
    let unkept = ChangeSet { ends: None, ..set };
    let facts = Organization::at_capacity().with_seats("creator", seats(4, 1, 3)).facts(&tx);
    assert!(decide_as(&facts, &Actor::schedule(), &whom, &unkept).is_err(), "a move without the return's own seat");
}

#[test]
fn by_hand_a_change_is_taken_back_one_over_with_consent_like_any_other() {
    let tx = ();
    let facts = Organization::at_capacity().with_seats("creator", seats(5, 1, 4)).facts(&tx);
    let (whom, set) = coming_back(&tx, &facts);
    let consented = ChangeSet { allow_one_over: [(user_type("creator"), 5)].into(), ..set };
    let grant = outcome(&facts, &whom, &consented).unwrap();
    assert_eq!(grant.plan.types[1], effect("creator", [5, 6, 5, 5]));
}

#[test]
fn a_return_restores_nobody_while_a_type_is_over_and_seats_no_administrator_over_the_limit() {
    let tx = ();
    let facts = Organization::at_capacity().with_seats("viewer", seats(26, 1, 26)).facts(&tx);
    let (from, left) = (seat("creator", "user", Enabled), seat("creator", "user", Archived));
    let made = past(&tx, &[(1, from, Some(left.clone()), true)], Some(planned("creator")));
    let whom = [holding(&tx, 1, &left)];
    let set = revert(&facts, &made, &whom).unwrap();
    let answer = decide_as(&facts, &Actor::schedule(), &whom, &set);
    assert!(matches!(answer, Err(Refusal::CreationBlocked { .. })), "{answer:?}");
    let (from, left) = (seat("creator", "administrator", Enabled), seat("storyteller", "administrator", Enabled));
    let made = past(&tx, &[(1, from, Some(left.clone()), true)], Some(planned("creator")));
    let whom = [holding(&tx, 1, &left)];
    let facts = Organization::at_capacity().with_seats("creator", seats(6, 1, 4)).facts(&tx);
    let answer = decide_as(&facts, &Actor::schedule(), &whom, &revert(&facts, &made, &whom).unwrap());
    assert_eq!(answer, Err(Refusal::AdministratorInOverType { user_type: user_type("creator") }));
}

#[test]
fn the_schedule_is_nobody_with_all_rights() {
    let schedule = Actor::schedule();
    assert_eq!((schedule.id(), schedule.name(), schedule.kind()), (None, "schedule", "schedule"));
    assert!(schedule.is_default_administrator());
    assert_eq!((Actor::console().kind(), actor_with(&[]).kind()), ("console", "member"));
}

#[test]
fn a_return_is_given_up_by_who_could_plan_it_and_by_nobody_who_lacks_a_privilege_of_the_way_back() {
    let tx = ();
    let facts = Organization::at_capacity().facts(&tx);
    let held = |state| seat("creator", "user", state);
    let five = catalog::enforced::CHANGE_USER_TYPE;
    let cases: [(&str, Seat, Seat, &[&'static str]); 6] = [
        ("a move to another type", held(Enabled), seat("viewer", "viewer", Enabled), five),
        ("another role", held(Enabled), seat("creator", "publisher", Enabled), &["admin.members.change_roles"]),
        ("an archiving", held(Enabled), held(Archived), &["admin.members.invite"]),
        ("a restoration", held(Archived), held(Enabled), &["admin.members.disable"]),
        ("a disabling", held(Enabled), held(Disabled), &["admin.members.disable"]),
        ("an enabling", held(Disabled), held(Enabled), &["admin.members.disable"]),
    ];
    for (case, from, to, needed) in cases {
        let made = past(&tx, &[(1, from, Some(to), true)], Some(planned("creator")));
        let answer = |actor: &Actor| cancel(&facts, actor, &made).map(|permit| permit.grant().clone());
        let granted = Ok(CancelGrant { ends: planned("creator") });
        assert_eq!((answer(&actor_with(needed)), answer(&Actor::console())), (granted.clone(), granted), "{case}");
        for &missing in needed {
            let others: Vec<&str> = needed.iter().copied().filter(|one| *one != missing).collect();
            let sees = actor_with(&[&others[..], &["admin.members.delete"]].concat());
            let refused = Err(Refusal::PrivilegeMissing { privilege: missing });
            assert_eq!(answer(&sees), refused, "{case} without {missing}");
        }
    }
    let moved = [(1, held(Enabled), Some(held(Disabled)), true)];
    assert_eq!(
        cancel(&facts, &actor_with(&["members.view"]), &past(&tx, &moved, Some(planned("creator")))).map(|_| ()),
        Err(Refusal::PrivilegeMissing { privilege: "admin.members.view_all" })
    );
    let ended = cancel(&facts, &Actor::console(), &past(&tx, &moved, None)).map(|_| ());
    assert_eq!(ended, Err(Refusal::NothingPlanned));
}

#[test]
fn an_impossible_return_is_dismissed_by_who_could_have_given_it_up_and_no_other_return_is() {
    let tx = ();
    let facts = Organization::at_capacity().facts(&tx);
    let moved = [(1, seat("creator", "user", Enabled), Some(seat("creator", "user", Archived)), true)];
    let answer = |actor: &Actor, planned| {
        dismiss(&facts, actor, &past_with(&tx, &moved, planned)).map(|permit| permit.grant().clone())
    };
    let (inviter, disabler) = (actor_with(&["admin.members.invite"]), actor_with(&["admin.members.disable"]));
    let granted = Ok(DismissGrant { change: ChangeId::from_bits(5) });
    assert_eq!(answer(&inviter, PlannedReturn::Impossible), granted);
    assert_eq!(answer(&Actor::console(), PlannedReturn::Impossible), granted);
    let missing = Err(Refusal::PrivilegeMissing { privilege: "admin.members.invite" });
    assert_eq!(answer(&disabler, PlannedReturn::Impossible), missing);
    for other in [PlannedReturn::Nothing, PlannedReturn::Open(planned("creator"))] {
        assert_eq!(answer(&inviter, other.clone()), Err(Refusal::NothingPlanned), "{other:?}");
        assert_eq!(answer(&disabler, other), missing);
    }
    let impossible = past_with(&tx, &moved, PlannedReturn::Impossible);
    let given_up = cancel(&facts, &inviter, &impossible).map(|_| ());
    assert_eq!(given_up, Err(Refusal::NothingPlanned));
    assert_eq!(revert(&facts, &impossible, &[holding(&tx, 1, &seat("creator", "user", Archived))]).unwrap().ends, None);
}

#[test]
fn an_administrator_of_a_time_is_made_one_for_good_by_an_administrator_only() {
    let tx = ();
    let facts = Organization::at_capacity().facts(&tx);
    let (user, administrator) = (seat("creator", "user", Enabled), seat("creator", "administrator", Enabled));
    let made = past(&tx, &[(1, user, Some(administrator), true)], Some(planned("creator")));
    let answer = |actor: &Actor| cancel(&facts, actor, &made).map(|permit| permit.grant().clone());
    let reserved = Err(Refusal::ReservedToAdministrators { act: "change a role to or from Administrator" });
    assert_eq!(answer(&actor_with(catalog::enforced::ENFORCED)), reserved);
    assert_eq!(answer(&Actor::console()), Ok(CancelGrant { ends: planned("creator") }));
}

#[test]
fn a_member_lent_over_the_limit_by_consent_returns_within_it() {
    let tx = ();
    let facts = Organization::at_capacity().facts(&tx);
    let whom = [member(&tx, 1, "viewer", "viewer")];
    let set = until(60, consenting(vec![to(1, "creator", "user")], "creator", 5));
    let grant = outcome(&facts, &whom, &set).unwrap();
    assert_eq!(grant.plan.reserves, one("viewer"));
    let [viewer, creator] = [seats(24, 1, 24), seats(6, 0, 5)];
    let later = Organization::at_capacity().with_seats("viewer", viewer).with_seats("creator", creator).facts(&tx);
    let (from, left) = (seat("viewer", "viewer", Enabled), seat("creator", "user", Enabled));
    let made = past(&tx, &[(1, from, Some(left.clone()), true)], Some(planned("viewer")));
    let back = revert(&later, &made, &[holding(&tx, 1, &left)]).unwrap();
    let grant = decide_as(&later, &Actor::schedule(), &[holding(&tx, 1, &left)], &back).unwrap();
    assert_eq!(grant.plan.types, [effect("viewer", [24, 25, 25, 0]), effect("creator", [6, 5, 5, 0])]);
}

#[test]
fn who_plans_a_way_back_must_be_one_who_may_go_it() {
    let tx = ();
    let facts = Organization::at_capacity().with_licensed("viewer", 30).facts(&tx);
    let here = member(&tx, 1, "viewer", "viewer");
    let gone = archived(&tx, &member(&tx, 2, "viewer", "viewer"));
    let both = actor_with(&["admin.members.invite", "admin.members.disable"]);
    for (whom, what, enough, lacking) in [
        (&here, act(1, Act::Archive), "admin.members.disable", "admin.members.invite"),
        (&gone, act(2, Act::Restore), "admin.members.invite", "admin.members.disable"),
    ] {
        let whom = std::slice::from_ref(whom);
        let (once, back) = (change(vec![what.clone()]), until(60, change(vec![what])));
        let decided = |actor: &Actor, set| decide_as(&facts, actor, whom, set).map(|_| ());
        assert_eq!(decided(&actor_with(&[enough]), &once), Ok(()));
        assert_eq!(decided(&actor_with(&[enough]), &back), Err(Refusal::PrivilegeMissing { privilege: lacking }));
        assert_eq!(decided(&both, &back), Ok(()));
    }
}
